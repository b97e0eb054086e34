"""Equations that hold are found to hold, and those that do not are told apart."""

from __future__ import annotations

import pytest

from matdiff.judging.identity import Identity, identity
from matdiff.session import Session
from matdiff.settings import Settings

DECLARED = (
    "A: n×n, B: n×n, C: n×n, x: n, y: n, t: scalar, s: scalar positive, u: n positive, "
    "S: n×n symmetric, P: n×n spd, Q: n×n orthogonal, Z: n×n skew, L: n×n lower, M: m×n binary, "
    "W: m×n, D: n×n diagonal, G: 2×2"
)


def told(left: str, right: str, **options: bool) -> Identity:
    session = Session()
    session.declare(DECLARED)
    one, other = (
        session.shape(session.parse(text), Settings()).reading.expression for text in (left, right)
    )
    return identity(one, other, seed=1, **options)


HOLD = [
    ("tr(A B C)", "tr(B C A)"),
    ("tr(A')", "tr(A)"),
    ("A:B", "sum(A∘B)"),
    ("norm(x)^2", "x'x"),
    ("(A B)^-1", "B^-1 A^-1"),
    ("vec(A B C)", "(C'⊗A) vec(B)"),
    ("(A⊗B)(C⊗A)", "(A C)⊗(B A)"),
    ("det(A B)", "det(A) det(B)"),
    ("x'diag(y) x", "sum(x∘y∘x)"),
    ("softmax(x)", "exp(x)/sum(exp(x))"),
    ("logsumexp(x)", "log(sum(exp(x)))"),
    ("log(sigmoid(x))", "-softplus(-x)"),
    ("tanh(x)", "2 sigmoid(2 x) - ones(n)"),
    ("det(A)^-1", "det(A^-1)"),
    ("(A + x y')^-1", "A^-1 - A^-1 x y'A^-1/(1 + y'A^-1 x)"),  # Sherman and Morrison
    ("det(A + x y')", "det(A) (1 + y'A^-1 x)"),
    ("A^-1 - B^-1", "A^-1 (B - A) B^-1"),
    ("K(n,n) (A⊗B)", "(B⊗A) K(n,n)"),
    ("sqrt(u)∘sqrt(u)", "u"),
    ("log(s^2)", "2 log(s)"),
    ("abs(x)∘abs(x)", "x∘x"),
    ("relu(x) - relu(-x)", "x"),
    ("relu(x) + relu(-x)", "abs(x)"),
    ("sin(x).^2 + cos(x).^2", "ones(n)"),
    ("cosh(x).^2 - sinh(x).^2", "ones(n)"),
    ("exp(x)∘exp(y)", "exp(x + y)"),
    ("Q'Q", "I(n)"),
    ("Q'(A + B) Q Q'", "Q'A + Q'B"),
    ("x'Z x", "0"),
    ("S A - (A'S)'", "zeros(n,n)"),
    ("M∘M", "M"),
    ("(ones(m,n) - M)∘M", "zeros(m,n)"),
    ("D A D", "(diag(D) diag(D)')∘A"),
    ("G^2 - tr(G) G + det(G) I(2)", "zeros(2,2)"),  # Cayley and Hamilton, at its size
    ("x.^t∘x", "x.^(t+1)"),
    ("asin(x) + acos(x)", "pi/2 ones(n)"),
    ("log(x).^2", "log(x)∘log(x)"),
    ("(hardmax(A) - max(A) B'/tr(B A))/tr(B A) : A", "0"),  # all cancels, and only rounding is left
    ("log(exp(diag(x)))", "diag(x)"),  # zeros beside the diagonal are numpy's own
    ("s^(t^3)", "(s^(t^2))^t"),  # an exponent too large for a prime field
    ("hardmax(x')x", "x'hardmax(x)"),  # a random row, and a random column, of the same entries
]

DIFFER = [
    ("2.00000001 x", "2 x"),
    ("x + 1e-12 ones(n)", "x"),
    ("tr(A B C)", "tr(A C B)"),
    ("(A B)^-1", "A^-1 B^-1"),
    ("A^2 - tr(A) A + det(A) I(n)", "zeros(n,n)"),  # true for n = 2
    ("tr(A)^2 - tr(A^2)", "2 det(A)"),  # true for n = 2
    ("A B", "B A"),
    ("exp(x) + 1e-25 ones(n)", "exp(x)"),
    ("exp(100 + sin(t)^2) + 1", "exp(100 + sin(t)^2)"),  # a relative difference of 1e-44
    ("softplus(40 + x'x)", "40 + x'x"),
    ("exp(-1000 x'x)", "0"),
    ("relu(x)", "x"),
    ("abs(x)", "x"),
    ("sign(x)", "ones(n)"),
    ("sqrt(x.^2)", "x"),
    ("Q", "Q'"),
    ("det(Q)", "1"),
    ("M", "ones(m,n)"),
    ("M∘W", "W"),
    ("L", "L'"),
    ("tanh(x)", "x"),
    ("sin(2 x)", "sin(x)∘cos(x)"),
    ("x.^t", "x.^(t+1)"),
    ("exp(1000 x)", "exp(1000 x) + x"),  # beyond fifty digits
    ("exp(1000 A'A)", "exp(1000 A'A) + I(n)"),
]


@pytest.mark.parametrize(("left", "right"), HOLD)
def test_what_holds(left: str, right: str) -> None:
    assert told(left, right).holds


@pytest.mark.parametrize(("left", "right"), HOLD)
def test_what_holds_does_so_by_its_values_alone(left: str, right: str) -> None:
    assert told(left, right, algebra=False).holds


@pytest.mark.parametrize(("left", "right"), DIFFER)
def test_what_differs(left: str, right: str) -> None:
    found = told(left, right)
    assert found.outcome == "differs", found.evidence


@pytest.mark.parametrize(("left", "right"), DIFFER)
def test_a_difference_times_any_power_of_ten_is_one(left: str, right: str) -> None:
    for factor in ("1e300", "1e-300"):
        assert told(f"{factor} ({left})", f"{factor} ({right})").outcome == "differs"


def test_nothing_is_said_where_nothing_exists() -> None:
    for left, right in [("log(-exp(x))", "log(-exp(x))"), ("exp(exp(exp(exp(t^2 + 10))))", "t")]:
        assert told(left, right).outcome == "undecided"


def test_polynomials_in_matrices_are_settled_for_all_sizes() -> None:
    found = told("A (B + C)", "A B + A C", algebra=False)
    assert "for all sizes" in found.evidence
    assert "error < 1e-5" in found.evidence
    assert "for the sizes tried" in told("A∘B", "B∘A", algebra=False).evidence


def test_the_same_seed_gives_the_same_words() -> None:
    assert (
        told("exp(x)∘exp(y)", "exp(x + y)").evidence == told("exp(x)∘exp(y)", "exp(x + y)").evidence
    )
