"""Equations between dimensions: what is solved, what waits, what fails."""

from __future__ import annotations

import pytest

from matdiff.dimensions import ONE, Dimension
from matdiff.shapes.unify import IMPOSSIBLE, NOTHING_BOUND, unknown

m, n = Dimension.of("m"), Dimension.of("n")
u, v, w, z = (unknown(0, letter) for letter in "uvwz")


@pytest.mark.parametrize(
    ("left", "right", "value"),
    [
        (u, m, m),
        (u * n, m * n, m),
        (u + ONE, n + ONE, n),
        (u * (m + ONE), m * n + n, n),
        (u + u, m + m, m),
    ],
)
def test_one_unknown_is_solved(left: Dimension, right: Dimension, value: Dimension) -> None:
    bindings = NOTHING_BOUND.unify(left, right)
    assert bindings is not None
    assert bindings.resolve(u) is value


@pytest.mark.parametrize(
    ("left", "right"),
    [(m, n), (u * n, m), (u + n, n), (u + Dimension.of(3), Dimension.of(2)), (m, ONE)],
)
def test_what_has_no_solution_fails(left: Dimension, right: Dimension) -> None:
    assert NOTHING_BOUND.unify(left, right) is None


def test_a_column_of_one_entry_is_impossible() -> None:
    assert NOTHING_BOUND.unify(unknown(IMPOSSIBLE, "x"), ONE) is None


def test_doubts_are_added_up_and_survive_a_merge() -> None:
    doubtful = unknown(2, "A")
    chained = NOTHING_BOUND.unify(doubtful, u)
    assert chained is not None
    settled = chained.unify(u, ONE)
    assert settled is not None
    assert settled.doubt == 2


def test_a_product_of_unknowns_waits_until_one_is_known() -> None:
    waiting = NOTHING_BOUND.unify(u * v, m * n)
    assert waiting is not None
    assert waiting.waiting
    known = waiting.unify(u, n)
    assert known is not None
    assert known.resolve(v) is m
    assert waiting.unify(u, Dimension.of("p")) is None


def test_what_waits_in_the_end_is_solved_in_pairs_where_that_is_natural() -> None:
    equal = NOTHING_BOUND.unify(u * v, w * z)
    assert equal is not None
    settled = equal.settled()
    assert settled is not None
    assert settled.resolve(u) is settled.resolve(w)
    open_question = NOTHING_BOUND.unify(u * v, m * n)
    assert open_question is not None
    assert open_question.settled() is None


def test_merging_keeps_what_both_know() -> None:
    one, other = NOTHING_BOUND.unify(u, m), NOTHING_BOUND.unify(v, n)
    assert one is not None
    assert other is not None
    both = one.merge(other)
    assert both is not None
    assert (both.resolve(u), both.resolve(v)) == (m, n)
    third = NOTHING_BOUND.unify(u, n)
    assert third is not None
    assert one.merge(third) is None
