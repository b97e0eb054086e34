"""Functions of a matrix to many digits, by products and inverses alone.

Square roots by the iteration of Denman and Beavers, exp by scaling and squaring, log by inverse
scaling and squaring and the series of artanh.  Source: Higham 2008, Functions of Matrices,
sections 6.3, 10.3 and 11.5.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from matdiff.judging.fields import Array, Field, OutsideDomain

ITERATIONS = 200
SMALL = Decimal("0.1")
NEGLIGIBLE = Decimal("1e-64")


def _unit(field: Field, X: Array) -> Array:
    import numpy as np

    return field.array(np.eye(len(X)))


def _size(X: Array) -> Any:
    return max(abs(entry) for entry in X.flat)


def expm(field: Field, X: Array) -> Array:
    """exp(X) = exp(X/2^s)^(2^s)."""
    halvings = 0
    while _size(X) > SMALL:
        X, halvings = X / 2, halvings + 1
        if halvings > ITERATIONS:
            raise OutsideDomain("the argument of expm is too large")
    total = term = _unit(field, X)
    for k in range(1, ITERATIONS):
        term = term.dot(X) / k
        total = total + term
        if _size(term) < NEGLIGIBLE:
            break
    for _ in range(halvings):
        total = total.dot(total)
    return total


def sqrtm(field: Field, A: Array) -> Array:
    """The principal square root."""
    Y, Z = A, _unit(field, A)
    for _ in range(ITERATIONS):
        before = Y
        Y, Z = (Y + field.inverse(Z)) / 2, (Z + field.inverse(Y)) / 2
        if _size(Y - before) <= NEGLIGIBLE * _size(Y):
            return Y
    raise OutsideDomain("the square root of a matrix was not found")


def logm(field: Field, A: Array) -> Array:
    """The principal logarithm."""
    unit, doublings = _unit(field, A), 0
    while _size(A - unit) > SMALL:
        A, doublings = sqrtm(field, A), doublings + 1
        if doublings > ITERATIONS:
            raise OutsideDomain("the logarithm of a matrix was not found")
    Z = (A - unit).dot(field.inverse(A + unit))
    total = power = Z
    for k in range(3, ITERATIONS, 2):
        power = power.dot(Z).dot(Z)
        total = total + power / k
        if _size(power) < NEGLIGIBLE:
            break
    return total * 2 ** (doublings + 1)


def polar(field: Field, X: Array) -> Array:
    """The orthogonal polar factor: X(X'X)^(-1/2), of a wide matrix the transpose of its
    transpose's."""
    if X.shape[0] < X.shape[1]:
        return polar(field, X.T).T
    return X.dot(field.inverse(sqrtm(field, X.T.dot(X))))


def nuclear(field: Field, X: Array) -> Array:
    """The sum of the singular values, tr(polar(X)'X), 1×1."""
    import numpy as np

    return np.array([[polar(field, X).T.dot(X).trace()]], dtype=object)


def matrix_power(field: Field, X: Array, exponent: Array) -> Array:
    """X^k for a 1×1 exponent."""
    k = exponent[0, 0]
    if k != k.to_integral_value():
        return expm(field, logm(field, X) * k)
    base = field.inverse(X) if k < 0 else X
    result = _unit(field, X)
    for bit in bin(abs(int(k)))[2:]:
        result = result.dot(result)
        if bit == "1":
            result = result.dot(base)
    return result


RULES: dict[str, Callable[..., Array]] = {
    "expm": expm,
    "sqrtm": sqrtm,
    "logm": logm,
    "polar": polar,
    "nuclear": nuclear,
    "matrix_power": matrix_power,
}
