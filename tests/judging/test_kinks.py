"""Claims that hold on one side of a kink only are wrong, whatever the points drawn."""

from __future__ import annotations

import pytest

from matdiff.judging.identity import identity
from matdiff.operations.algebra import Expression
from matdiff.session import Session
from matdiff.settings import Settings

DECLARED = "w : n, x : n, a : n, t : scalar, X : m×n"
ONE_SIDED = [  # equal where the argument of the kink is positive
    ("relu(t - w'x)", "t - w'x"),
    ("step(t - w'x)*x", "x"),
    ("abs(w'x)*exp(t)", "w'x*exp(t)"),
    ("sign(w'x)*relu(a'x)*x", "relu(a'x)*x"),
    ("relu(w'x)*relu(a'x)", "w'x*a'x"),
    ("max(x)", "norm_inf(x)"),
]


def expression(text: str) -> Expression:
    session = Session()
    session.declare(DECLARED)
    return session.shape(session.parse(text), Settings()).reading.expression


@pytest.mark.parametrize(("text", "claimed"), ONE_SIDED)
def test_a_claim_that_holds_on_one_side_never_passes(text: str, claimed: str) -> None:
    right, wrong = expression(text), expression(claimed)
    outcomes = {identity(right, wrong, seed=seed).outcome for seed in range(25)}
    assert outcomes == {"differs"}


def test_what_holds_on_all_sides_passes() -> None:
    left = expression("relu(w'x) - relu(-w'x) + exp(t)*abs(a'x)")
    right = expression("w'x + exp(t)*a'x*sign(a'x)")
    assert identity(left, right, seed=1, algebra=False).holds
