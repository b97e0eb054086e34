"""Claims that hold at most points or sizes and not at all: none of them passes."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import numpy as np
import pytest

from matdiff.dimensions import ONE, Dimension
from matdiff.documents.statements import Document
from matdiff.judging.differences import FINEST, difference_at
from matdiff.judging.orders import gaps, other_orders
from matdiff.judging.verdicts import Verdict
from matdiff.operations.algebra import apply, number, postorder, symbol
from matdiff.operations.elementwise import EXP
from matdiff.settings import Settings
from matdiff.verification.samples import Point

DECLARED = (
    "A: m×n, N: 10×n, T: 2m×n, B: n×m, C: n×n, D: n×n, x: n, a: scalar, b: scalar, c: scalar, "
    "Q: n×n orthogonal, V: n×n orthogonal, O: 2×2 orthogonal, "
    "K: n×n skew, P: n×n spd, L: n×n lower, M: n×n binary, h: n onehot, "
    "w: n positive, φ: elementwise, r: scalar unit, s: scalar unit, k: n binary"
)


def verdict(claim: str) -> Verdict:
    document = Document(Settings(seed=1))
    document.carry_out(DECLARED)
    return document.carry_out(f"check {claim}").claim.verdict  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "claim",
    [
        # of matrices that are tall, or wide, or larger than a number, or square
        "a*tr(A pinv(A)) wrt a == m",
        "a*tr(pinv(A)A) wrt a == n",
        "a*tr(N pinv(N)) wrt a == n",
        "a*tr(pinv(T)T) wrt a == n",
        "a*tr(T pinv(T)) wrt a == 2*m",
        "a*det(B A) wrt a == 0",
        "a*det(A'A)*det(A A') wrt a == 0",
        "a*norm(N pinv(N))^2 wrt a == n",
        "a*tr(pinv(A)'pinv(A)) wrt a == tr((A'A)^-1)",
        "a*tr(pinv(A)'pinv(A)) wrt a == tr((A A')^-1)",
        "a*det(-C) wrt a == det(C)",
        "a*det(-C) wrt a == -det(C)",
        "a*exp(tr(A pinv(A))) wrt a == exp(m)",
        # of kinks that are far away
        "relu(x'x - 10^6) wrt x == 0*x",
        "sum(relu(x - 10^6*ones(n))) wrt x == 0*x",
        "abs(x'x - 10^9) wrt x == -2 x",
        "abs(x'x - 10^-6) wrt x == 2 x",
        "sum(abs(w - 10^4*ones(n))) wrt w == -ones(n)",
        "a*relu(b - 3)*relu(c - 3) wrt a == 0",
        # of masks, and of numbers that are zero at some sizes
        "a*M[1,1]*M[2,2]*M[3,3]*M[1,2]*M[2,1]*M[1,3]*M[3,1] wrt a == 0",
        "a*n wrt a == n + (n-2)*(n-3)*(n-4)*(n-5)*(n-6)*(n-7)",
        "sum(x)*a wrt a == sum(x) + (n-2)*(n-3)*(n-4)*(n-5)*(n-6)*(n-7)*norm(x)",
        # of signs
        "a*det(Q) wrt a == 1",
        "a*tr(Q) wrt a == tr(Q) + det(Q) - 1",
        "a*det(Q V) wrt a == det(Q) + det(V) - 1",
        "a*exp(det(Q V)) wrt a == exp(det(Q) + det(V) - 1)",
        "a*O[1,1] wrt a == O[2,2]",
        "norm(a x) wrt x == a*x/norm(x)",
        "log(det(C)^2) wrt C == 2 sign(det(C))*C^-T",
        "abs(a) wrt a == 1",
        "a*sum(abs(x)) wrt a == sum(x)",
        # of structures
        "a*det(K) wrt a == 0",
        "a*tr(K^2) wrt a == tr(K)",
        "a*logdet(P) wrt a == log(tr(P))",
        "a*tr(L'L) wrt a == tr(L^2)",
        "a*tr(M^2) wrt a == tr(M)",
        "a*sum(h)^2 wrt a == sum(w)^0 + h'h - h[1]",
        "a*tr((C + D)^2) wrt a == tr(C^2) + 2 tr(C^2) + tr(D^2)",
        # of functions
        "sum(φ(abs(x))) wrt x == φ'(abs(x))",
        "a*sum(x) wrt a == sum(asin(sin(x)))",
        "a*tr(expm(C + D)) wrt a == tr(expm(C)expm(D))",
        "sum(sin(x)) wrt x == cos(x) + 10^-45*sin(x)",
        "sum(w.^a) wrt w == a*w.^(a - 1) + 10^-30*w",
        # of functions that are constant but for many digits
        "tanh(1000 + c^2) wrt c == 0",
        "tanh(200 c) wrt c == 0",
        "c*(1 - sigmoid(200 + c^2)) wrt c == 0",
        "c*(cosh(300 + c) - sinh(300 + c)) wrt c == 0",
        "softplus(300 + c^2) - 300 - c^2 wrt c == 0",
        "sqrt(1 - tanh(300 + c^2)^2) wrt c == 0",
        "norm1(x) wrt x == tanh(1000 x)",
        "abs(c) wrt c == tanh(1000 c)",
        # of angles
        "2*a*acos(r) wrt a == acos(2 r^2 - 1)",
        "a*(atan(b) + atan(c)) wrt a == atan((b + c)/(1 - b c))",
        "a*(asin(r) + asin(s)) wrt a == asin(r sqrt(1 - s^2) + s sqrt(1 - r^2))",
        # of low rank, and of masks with several ones, or none
        "a*det(x x' + w w') wrt a == 0",
        "a*max(k) wrt a == sum(k)",
        "a*max(k) wrt a == 1",
    ],
)
def test_a_claim_that_fails_somewhere_is_wrong(claim: str) -> None:
    assert verdict(claim).outcome == "wrong"


@pytest.mark.parametrize(
    "claim",
    [
        "abs(1 + x'x) wrt x == 2 x",
        "relu(exp(a)) wrt a == exp(a)",
        "sum(abs(w)) wrt w == ones(n)",
        "relu(x'x - 10^6) wrt x == 2 step(x'x - 10^6)*x",
        "a*tr(T pinv(T)) wrt a == tr(pinv(T)T)",
        "a*(atan(b) + atan(1/b)) wrt a == pi/2*sign(b)",
        "a*(cosh(b)^2 - sinh(b)^2) wrt a == 1",
        "a*(sin(b)^2 + cos(b)^2 - 1) wrt a == 0",
        # of pseudoinverses of matrices without full rank
        "norm(pinv(A)'x)^2 wrt x == 2 pinv(A'A) x",
        "x'pinv(w w')x wrt x == 2 w w'x/(w'w)^2",
        "x'pinv(I - ones(n,n)/n)x wrt x == 2 x - 2 mean(x)*ones(n)",
        "sum(x)*max(k) wrt x == max(k)*ones(n)",
    ],
)
def test_a_claim_that_holds_everywhere_passes(claim: str) -> None:
    assert verdict(claim).passed


@pytest.mark.parametrize(
    "claim",
    ["abs(c) wrt c == tanh(10^9 c)", "tanh(10^6 c) wrt c == 0", "c*tanh(10^6 c) wrt c == sign(c)"],
)
def test_what_no_digits_tell_does_not_pass(claim: str) -> None:
    assert verdict(claim).outcome == "inconclusive"


def test_each_matrix_is_tried_tall_and_wide() -> None:
    m, n, ten = Dimension.of("m"), Dimension.of("n"), Dimension.of(10)
    order = postorder(
        symbol("A", m, n), symbol("B", n, m), symbol("N", ten, n), symbol("T", m + m, n),
        symbol("x", n, ONE), symbol("S", n + m, n),
    )  # fmt: skip
    assert gaps(order) == [m - n, ten - n, m + m - n]
    tried = [{"m": 6, "n": 7}, {"m": 4, "n": 4}]
    found = other_orders(order, tried, lambda sizes: max(sizes.values()) < 30, Random(0))
    for name in ("m", "n"):
        assert {sizes[name] % 2 for sizes in [*tried, *found]} == {0, 1}
    for gap in gaps(order):
        assert {gap.at(sizes) > 0 for sizes in [*tried, *found] if gap.at(sizes)} == {True, False}
    assert other_orders(order, [*tried, *found], lambda sizes: True, Random(0)) == []


def test_numbers_beyond_what_a_decimal_is_elsewhere() -> None:
    """exp(10^7) has four million digits, and the comparison of it with its double overflowed."""
    t = symbol("t", ONE, ONE)
    sides = (apply(EXP, t), number(2) * apply(EXP, t))
    point = Point({}, {t: np.array([[1e7]])})
    assert difference_at(sides, postorder(*sides), point, FINEST) == Decimal("0.5")
