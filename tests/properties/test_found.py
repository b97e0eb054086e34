"""Expressions for which a relation did not hold, or a claim was judged wrongly, and why."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from numerics import close, draw, value

from matdiff.api import check, gradient
from matdiff.normal import normalise
from matdiff.rendering import latex
from matdiff.session import Session
from matdiff.settings import Settings
from properties import (  # noqa: F401 - they register
    checker,
    emitted,
    modes,
    rules,
    substitutions,
    theorems,
)
from properties.cases import RELATIONS, case_of, hold

DECLARED = "A: m×n, B: m×n, Q: n×n, S: n×n symmetric, x: n, t: scalar"


def expression(written: str, *, as_latex: bool = False) -> object:
    session = Session()
    session.declare(DECLARED)
    tree = session.parse(written, latex=as_latex)
    return session.shape(tree, Settings()).reading.expression


@pytest.mark.parametrize(
    "written",
    ["pinv(A'B)", "pinv(A)'", "pinv(A)[1,2]", "pinv(A + B)B", "pinv(A).^2", "pinv(A + B)'∘A"],
)
def test_brackets_around_the_argument_of_a_pseudoinverse(written: str) -> None:
    """pinv(A B) was A B^{+}, which is another matrix, and pinv(A)' had two superscripts."""
    asked = expression(written)
    assert expression(latex(asked), as_latex=True) is asked  # type: ignore[arg-type]


def test_a_claim_of_zero_where_all_cancels() -> None:
    """The rounding that is left was taken for a difference: relative to itself it is large."""
    f = "max(Q)/tr(B'A)"
    claim = "hardmax(Q)/tr(B'A)"
    assert check(f, "Q", claim, DECLARED, seed=1).passed
    homogeneous = "sum(((hardmax(Q) - max(Q) S/tr(S Q))/tr(S Q))∘Q)"  # zero: Euler, of degree 0
    assert check(f"t {homogeneous}", "t", "0", DECLARED, seed=1).outcome != "wrong"


def test_a_wrong_claim_that_is_small_beside_the_derivative() -> None:
    """1 beside exp(100) is a relative difference of 1e-44, and was taken for rounding."""
    right, wrong = "exp(100 + sin(t)^2) sin(2 t)", "exp(100 + sin(t)^2) sin(2 t) + 1"
    assert check("exp(100 + sin(t)^2)", "t", right, DECLARED, seed=1).passed
    assert check("exp(100 + sin(t)^2)", "t", wrong, DECLARED, seed=1).outcome == "wrong"


def test_zeros_that_numpy_puts_beside_a_diagonal() -> None:
    """They are Python's own numbers, and exp of them to fifty digits was an uncaught error."""
    assert check("sum(log(exp(diag(x)))∘Q)", "x", "diag(Q)", DECLARED, seed=1).passed


def test_a_kink_met_but_for_rounding_decides_nothing() -> None:
    """pinv of a skew matrix is skew: its diagonal is zero, and computed the sign of it is any."""
    skew = gradient("norm1(pinv(X))", "X", "X: 3×3 skew")
    assert all(skew.verify(seed=seed).passed is not False for seed in range(5))


def test_high_powers_of_negative_numbers_are_verified() -> None:
    """Beyond 99 numpy's power of a complex number loses the step; the right formula failed."""
    for exponent in (99, 100, 101, -130):
        assert gradient(f"sum(x.^{exponent})", "x", DECLARED).verify(seed=1).passed


def test_the_diagonal_of_a_transposed_triangle() -> None:
    """Its normal form was found at the second time only."""
    once = normalise(expression("tril(tril(ones(n,n))')"))  # type: ignore[arg-type]
    assert normalise(once) is once
    assert close(value(once, {}), np.eye(len(value(once, {}))))


def test_a_product_too_long_to_be_taken_apart() -> None:
    """It was built from its parts over and over."""
    names = [f"a_{i}" for i in range(70)]
    declared = ", ".join(f"{name}: scalar" for name in names)
    assert gradient(f"sqrt({' '.join(names)})", "a_1", declared).verify(seed=1).passed


def test_the_largest_of_entries_that_are_equal_throughout() -> None:
    """max(t ones) moves as t does; all n largest entries were counted."""
    assert gradient("max(t*ones(n))", "t", DECLARED).verify(seed=1).passed is not False
    G = expression("hardmax(t*ones(n))")
    marked = value(G, draw(G))  # type: ignore[arg-type]
    assert close(np.sum(marked, keepdims=True), np.ones((1, 1)))


@pytest.mark.parametrize(
    ("seed", "nodes", "name"),
    [
        (879764, 9, "C8"),  # diag(S K Q') with a skew K: its sign stayed inside
        (6224, 5, "D11 variable"),  # sum of a row and of a column were each other's normal form
        (1056854, 13, "A10"),
        (3465961627643, 15, "C9 shared"),  # rows of emitted code lost an axis
        (177146724584839, 21, "C9 code"),  # a column of Kronecker products times a row
        (61584148132413, 32, "C9 code"),  # a product beside diag without brackets
        (3426, 34, "C9 shared"),  # erf of a number in half precision
        (32185, 22, "C9 code"),  # a Khatri-Rao product of rows kept two axes
        (1762810, 37, "C9 structured"),
        (31728305, 16, "C9 answer"),  # pi(1 + x) was a call of pi
        (51838, 14, "E4"),  # a number larger than Decimal's own context has them
        (1322650915563400524, 30, "E1"),  # a factor lost below unvec left what has no shape
        (1623547665667145626, 40, "E4"),  # a size that only the expression has
        (1460010704238910849, 21, "C8"),  # a norm turned its argument by signs it then dropped
        (99923616732285499, 23, "C8"),  # the trace of a triangle's transpose
        (935622822586225561, 32, "C8"),  # sum((A x)∘y∘z) and x'A'(y∘z) were two normal forms
        (6489481, 3, "D2"),  # a matrix singular to 400 digits, whose inverse is all rounding
    ],
)
def test_a_relation_that_did_not_hold(seed: int, nodes: int, name: str) -> None:
    figures: Counter[tuple[str, str]] = Counter()
    hold(case_of(seed, nodes), RELATIONS[name], figures)
    assert figures[name, "held"]
