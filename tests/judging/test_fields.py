"""Exact fields: what they state is held against plain arithmetic and the mathematics of each."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import erf, isqrt
from random import Random

import numpy as np
import pytest

from matdiff.judging.digits import Digits, many_digits
from matdiff.judging.fields import Field, OutsideDomain
from matdiff.judging.primes import PrimeField, random_prime
from matdiff.operations.elementwise import ELEMENTWISE

PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459")
E = Decimal("2.71828182845904523536028747135266249775724709369995957496696763")
FIFTY = Decimal("1e-50")


@pytest.fixture
def field() -> PrimeField:
    random = Random(5)
    return PrimeField(random_prime(random), random)


def square(field: PrimeField, n: int) -> np.ndarray:
    A = np.empty((n, n), dtype=object)
    for place in np.ndindex(n, n):
        A[place] = field.element()
    return A


def valued(field: Field, name: str, X: np.ndarray) -> np.ndarray:
    """The function of each entry, as its record gets it from a field."""
    over_field = ELEMENTWISE[name].over_field
    assert over_field is not None
    return over_field(field, X)


def test_the_prime_is_one() -> None:
    for seed in range(5):
        p = random_prime(Random(seed))
        assert p.bit_length() == 61 and p % 4 == 3 and p % 3 == 2
        # Lucas's test needs the factors of p - 1; Fermat's in a hundred random bases will do here
        assert all(pow(Random(base).randrange(2, p), p - 1, p) == 1 for base in range(100))
        assert all(p % d for d in range(3, 2000, 2)), isqrt(p)


def test_primes_differ() -> None:
    assert len({random_prime(Random(seed)) for seed in range(20)}) == 20


def test_inverse_and_determinant(field: PrimeField) -> None:
    A, B = square(field, 4), square(field, 4)
    product = field.reduced(A.dot(field.inverse(A)))
    assert (product == np.eye(4, dtype=int)).all()
    left = field.determinant(field.reduced(A.dot(B)))
    right = field.reduced(field.determinant(A) * field.determinant(B))
    assert left[0, 0] == right[0, 0]
    small = field.array([[2, 1], [7, 5]])
    assert field.determinant(small)[0, 0] == 3
    assert field.determinant(field.array([[2, 1], [4, 2]]))[0, 0] == 0
    exchanged = field.array([[0, 2, 0], [3, 0, 0], [0, 0, 5]])
    assert field.determinant(exchanged)[0, 0] == field.p - 30  # one exchange of rows
    with pytest.raises(OutsideDomain):
        field.inverse(field.array([[2, 1], [4, 2]]))


def test_pseudoinverse(field: PrimeField) -> None:
    X = square(field, 4)[:, :2]
    for A in (X, X.T):
        P = field.pseudoinverse(A)
        assert (field.reduced(A.dot(P).dot(A)) == A).all()
        assert (field.reduced(P.dot(A).dot(P)) == P).all()


def test_rationals(field: PrimeField) -> None:
    third = field.rational(Fraction(1, 3))
    assert 3 * third % field.p == 1
    decimal = field.rational(Fraction("2.00000001"))
    assert (decimal - 2) * 10**8 % field.p == 1


def test_roots(field: PrimeField) -> None:
    half, third = field.rational(Fraction(1, 2)), field.rational(Fraction(1, 3))
    for _ in range(20):
        a = field.element()
        s = a * a % field.p
        root = field.powered(s, half)
        assert root * root % field.p == s and field.is_square(root)
        assert pow(field.powered(a, third), 3, field.p) == a
    a, b = (pow(field.element(), 2, field.p) for _ in range(2))
    product = field.powered(a, half) * field.powered(b, half) % field.p
    assert product == field.powered(a * b % field.p, half)
    with pytest.raises(OutsideDomain):
        field.powered(field.p - 1, half)  # -1 is no square


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("exp", lambda f, x, y, p: x * y % p == 1),
        ("log", lambda f, x, y, p: True),
        ("sin", lambda f, x, y, p: (x + y) % p == 0),
        ("cos", lambda f, x, y, p: x == y),
        ("asin", lambda f, x, y, p: (x + y) % p == 0),
        ("atan", lambda f, x, y, p: (x + y) % p == 0),
        ("erf", lambda f, x, y, p: (x + y) % p == 0),
        ("sign", lambda f, x, y, p: (x + y) % p == 0),
    ],
)
def test_functions_know_their_parity(field: PrimeField, name: str, holds: object) -> None:
    a = np.array([[field.element()]], dtype=object)
    x = valued(field, name, a)[0, 0]
    y = valued(field, name, field.reduced(-a))[0, 0]
    assert holds(field, x, y, field.p)  # type: ignore[operator]
    assert field.loose
    assert x == valued(field, name, a)[0, 0]  # the same the next time


def test_sine_and_cosine_lie_on_the_circle(field: PrimeField) -> None:
    a = np.array([[field.element() for _ in range(5)]], dtype=object)
    s, c = (valued(field, name, a) for name in ("sin", "cos"))
    assert (field.reduced(s * s + c * c) == 1).all()


def test_logarithm_of_a_reciprocal(field: PrimeField) -> None:
    a = field.element()
    b = pow(a, -1, field.p)
    values = valued(field, "log", np.array([[a, b]], dtype=object))
    assert sum(values.flat) % field.p == 0


def close(found: Decimal, expected: Decimal) -> bool:
    return abs(found - expected) <= FIFTY * max(1, abs(expected))


def test_fifty_digits() -> None:
    digits = Digits()

    def of(name: str, x: str) -> Decimal:
        value = valued(digits, name, np.array([[Decimal(x)]], dtype=object))[0, 0]
        assert isinstance(value, Decimal)
        return value

    with many_digits():
        assert close(digits.pi()[0, 0], PI)
        assert close(of("exp", "1"), E)
        for x in ("0.3", "-2.7", "40", "1e6"):
            assert close(of("sin", x) ** 2 + of("cos", x) ** 2, Decimal(1)), x
            assert close(of("exp", x) * of("exp", f"-{x}".replace("--", "")), Decimal(1)), x
        assert close(of("sin", "0.5") / of("cos", "0.5"), 1 / (of("cos", "0.5") / of("sin", "0.5")))
        assert close(4 * of("atan", "1"), PI) and close(6 * of("asin", "0.5"), PI)
        t = of("atan", "7.25")
        assert close(of("sin", str(t)) / of("cos", str(t)), Decimal("7.25"))
        assert close(of("log", str(of("exp", "3.5"))), Decimal("3.5"))
        for x in (-2.5, 0.1, 1.0, 3.0):
            assert abs(float(of("erf", str(x))) - erf(x)) < 1e-15
        # erf' = 2/√π exp(-x²), by a difference whose error is h²
        h, x0 = Decimal("1e-15"), Decimal("0.7")
        slope = (of("erf", str(x0 + h)) - of("erf", str(x0 - h))) / (2 * h)
        assert abs(slope - 2 / PI.sqrt() * (-x0 * x0).exp()) < Decimal("1e-29")
    with pytest.raises(OutsideDomain), many_digits():
        of("log", "-1")
    with pytest.raises(OutsideDomain), many_digits():
        of("exp", "1e40")


def test_inverse_to_fifty_digits() -> None:
    digits = Digits()
    with many_digits():
        A = digits.array([[Fraction(1, 3), 2, 0], [1, 1, 5], [2, 0, 7]])
        off = A.dot(digits.inverse(A)) - digits.array(np.eye(3))
        assert max(abs(entry) for entry in off.flat) < FIFTY
        assert close(digits.determinant(A)[0, 0], Decimal(25) / 3)
