"""Functions of a matrix to many digits, by products and inverses alone.

Square roots by the iteration of Denman and Beavers, exp by scaling and squaring, log by inverse
scaling and squaring and the series of artanh.  Source: Higham 2008, Functions of Matrices,
sections 6.3, 10.3 and 11.5.
"""

from __future__ import annotations

from decimal import Decimal, getcontext
from typing import Any

from matdiff.judging.fields import Array, Field, NotFound, OutsideDomain

ITERATIONS = 200
SMALL = Decimal("0.1")
SPARE = 2  # digits of the precision in force that an iteration need not settle


class MatrixFunctions(Field):
    """A field of decimals, where series and iterations have limits."""

    __slots__ = ()

    def expm(self, X: Array) -> Array:
        """exp(X) = exp(X/2^s)^(2^s)."""
        halvings = 0
        while _size(X) > SMALL:
            X, halvings = X / 2, halvings + 1
            if halvings > ITERATIONS:
                raise OutsideDomain("the argument of expm is too large")
        total = term = self._unit(X)
        for k in range(1, ITERATIONS):
            term = term.dot(X) / k
            total = total + term
            if _size(term) < _negligible():
                break
        for _ in range(halvings):
            total = total.dot(total)
        return total

    def sqrtm(self, X: Array) -> Array:
        """The principal square root."""
        Y, Z = X, self._unit(X)
        for _ in range(ITERATIONS):
            before = Y
            try:
                Y, Z = (Y + self.inverse(Z)) / 2, (Z + self.inverse(Y)) / 2
            except OutsideDomain:  # a singular matrix, which may have a root
                break
            if _size(Y - before) <= _negligible() * _size(Y):
                return Y
        raise NotFound("the square root of a matrix was not found")

    def logm(self, X: Array) -> Array:
        """The principal logarithm."""
        unit, doublings = self._unit(X), 0
        while _size(X - unit) > SMALL:
            X, doublings = self.sqrtm(X), doublings + 1
            if doublings > ITERATIONS:
                raise NotFound("the logarithm of a matrix was not found")
        Z = (X - unit).dot(self.inverse(X + unit))
        total = power = Z
        for k in range(3, ITERATIONS, 2):
            power = power.dot(Z).dot(Z)
            total = total + power / k
            if _size(power) < _negligible():
                break
        return total * 2 ** (doublings + 1)

    def matrix_power(self, X: Array, exponent: Array) -> Array:
        """X^k by squaring for a whole exponent, by exp and log for any other."""
        k = exponent[0, 0]
        if k != k.to_integral_value():
            return self.expm(self.logm(X) * k)
        base = self.inverse(X) if k < 0 else X
        result = self._unit(X)
        for bit in bin(abs(int(k)))[2:]:
            result = result.dot(result)
            if bit == "1":
                result = result.dot(base)
        return result

    def polar(self, X: Array) -> Array:
        """X(X'X)^(-1/2), of a wide matrix the transpose of its transpose's."""
        if X.shape[0] < X.shape[1]:
            return self.polar(X.T).T
        return X.dot(self.inverse(self.sqrtm(X.T.dot(X))))

    def _unit(self, X: Array) -> Array:
        import numpy as np

        return self.array(np.eye(len(X)))


def _size(X: Array) -> Any:
    return max(abs(entry) for entry in X.flat)


def _negligible() -> Decimal:
    """What no longer counts beside one."""
    return Decimal(10) ** (SPARE - getcontext().prec)
