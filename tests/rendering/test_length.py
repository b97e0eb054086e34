"""The length of a formula is the number of tokens of its text."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from matdiff.operations.algebra import Expression, identity, make, multiply, postorder
from matdiff.rendering.length import LARGEST, length
from matdiff.rendering.text import text, tokens


@pytest.mark.parametrize("start", range(0, 600, 100))
def test_the_length_is_the_number_of_tokens(
    start: int, random_formula: Callable[[int], Expression]
) -> None:
    for seed in range(start, start + 100):
        formula = random_formula(seed)
        for part in postorder(formula):
            assert length(part) == tokens(text(part)), text(part)
        assert tokens(text(formula, ascii=True)) == length(formula)


@pytest.mark.parametrize(
    ("written", "count"),
    [
        ("A", 1),
        ("A B", 2),
        ("(A + A')x", 5),
        ("X^-T⊗X^-1", 9),
        ("A.^2∘B", 5),
        ("1/2 x'x", 6),
        ("K(m,n) tr(A)", 5),
        ("W_1 x_hat", 2),
        ("-0.5 σ", 3),
        ("A.*B./C", 5),
        ("m*n + 1", 5),
    ],
)
def test_what_counts(written: str, count: int) -> None:
    assert tokens(written) == count


def test_a_formula_that_doubles_has_a_length(v: SimpleNamespace) -> None:
    formula = v.S
    for _ in range(200):
        formula = multiply(formula, formula)
    assert length(formula) == LARGEST


def test_the_size_of_an_identity_counts_where_it_is_written(v: SimpleNamespace) -> None:
    eye = identity(v.n)
    assert length(eye) == 2
    assert length(v.S + eye) == 3
    assert length(2 * eye) == 3
    assert make(eye.operation, (), eye.shape, eye.parameters) is eye
