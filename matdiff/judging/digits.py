"""Arithmetic with sixty decimal digits, of which a comparison trusts fifty.

exp, ln and roots are the decimal module's own; the rest are their series, with the argument brought
near zero first.  Its range of exponents is so wide that nothing underflows that a person would
write, and what overflows is told.
"""

from __future__ import annotations

import decimal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from matdiff.judging.fields import Array, Field, NotComputable, OutsideDomain
from matdiff.judging.matrix_functions import RULES
from matdiff.operations.record import Operation

PRECISION = 66  # digits carried
LARGEST_EXPONENT = 10**6  # of a whole power

_CONTEXT = decimal.Context(
    prec=PRECISION,
    Emax=decimal.MAX_EMAX,
    Emin=decimal.MIN_EMIN,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)


@contextmanager
def many_digits() -> Iterator[None]:
    """Within it decimals have PRECISION digits; what does not exist is OutsideDomain."""
    try:
        with decimal.localcontext(_CONTEXT):
            yield
    except (decimal.InvalidOperation, decimal.DivisionByZero):
        raise OutsideDomain("a value does not exist") from None
    except decimal.Overflow:
        raise OutsideDomain("a value overflows") from None


class Digits(Field):
    """Decimals; use within `many_digits`."""

    __slots__ = ()

    def rational(self, value: Fraction) -> Decimal:
        return Decimal(value.numerator) / value.denominator

    def reduced(self, values: Array) -> Array:
        return values

    def reciprocal(self, element: Decimal) -> Decimal:
        return 1 / element

    def pivot(self, column: Array) -> int:
        largest = max(range(len(column)), key=lambda row: abs(column[row]))
        if not column[largest]:
            raise OutsideDomain("a matrix is singular")
        return largest

    def powered(self, element: Decimal, exponent: Decimal) -> Decimal:
        if exponent == exponent.to_integral_value():
            if abs(exponent) > LARGEST_EXPONENT:
                raise OutsideDomain("a power is too large")
            whole: Decimal = element ** int(exponent)
            return whole
        if element < 0 or (not element and exponent < 0):
            raise OutsideDomain("a root of a negative number")
        result: Decimal = element.sqrt() if exponent == Decimal("0.5") else element**exponent
        return result

    def entrywise(self, operation: Operation, X: Array) -> Array:
        rule = _RULES.get(operation.name)
        if rule is None:
            return self.opaque(operation, (), [X], X.shape)
        return self.each(X, rule)

    def opaque(
        self,
        operation: Operation,
        parameters: tuple[Any, ...],
        arguments: list[Array],
        shape: tuple[int, int],
    ) -> Array:
        """A function of a matrix, or the record's own evaluation if that takes no rounding."""
        import numpy as np

        rule = RULES.get(operation.name)
        if rule is not None:
            return rule(self, *arguments)
        try:
            assert operation.evaluate is not None
            value = operation.evaluate(np, *arguments, *parameters)
        except Exception:  # whatever floating point would have been needed for
            raise NotComputable(f"{operation.name} is not known to many digits") from None
        if value.dtype != object and value.dtype.kind not in "biu":
            raise NotComputable(f"{operation.name} is not known to many digits")
        return self.array(value) if value.dtype != object else value

    def pi(self) -> Array:
        import numpy as np

        return np.array([[_pi()]], dtype=object)


def _series(terms: Iterator[Decimal]) -> Decimal:
    """The sum of terms that fall off, until they no longer count."""
    total = Decimal(0)
    for term in terms:
        before, total = total, total + term
        if total == before:
            break
    return total


@cache
def _pi() -> Decimal:
    """π by Machin's formula; the precision is the same throughout."""
    return 4 * (4 * _atan_series(Decimal(1) / 5) - _atan_series(Decimal(1) / 239))


def _atan_series(x: Decimal) -> Decimal:
    def terms() -> Iterator[Decimal]:
        power, k = x, 1
        while True:
            yield power / k
            power, k = -power * x * x, k + 2

    return _series(terms())


def _atan(x: Decimal) -> Decimal:
    for halvings in range(64):
        if abs(x) < Decimal("0.1"):
            return _atan_series(x) * Decimal(2) ** halvings
        root: Decimal = (1 + x * x).sqrt()
        x = x / (1 + root)  # tan of half the angle
    raise OutsideDomain("an argument is too large")


def _asin(x: Decimal) -> Decimal:
    if abs(x) > 1:
        raise OutsideDomain("asin beyond 1")
    return _pi() / 2 * int(x) if abs(x) == 1 else _atan(x / (1 - x * x).sqrt())


def _sin(x: Decimal) -> Decimal:
    x = x.remainder_near(2 * _pi())

    def terms() -> Iterator[Decimal]:
        term, k = x, 1
        while True:
            yield term
            term, k = -term * x * x / ((k + 1) * (k + 2)), k + 2

    return _series(terms())


def _cos(x: Decimal) -> Decimal:
    return _sin(x + _pi() / 2)


def _erf(x: Decimal) -> Decimal:
    if abs(x) > 10:
        raise OutsideDomain("erf of a large argument")

    def terms() -> Iterator[Decimal]:  # all of one sign, so nothing cancels
        term, k = x, 1
        while True:
            yield term
            term, k = term * 2 * x * x / (k + 2), k + 2

    return 2 / _pi().sqrt() * (-x * x).exp() * _series(terms())


def _log(x: Decimal) -> Decimal:
    if x <= 0:
        raise OutsideDomain("the logarithm of what is not positive")
    return x.ln()


def _sign(x: Decimal) -> Decimal:
    return Decimal(0) if not x else Decimal(1).copy_sign(x)


_RULES: dict[str, Callable[[Decimal], Decimal]] = {
    "exp": Decimal.exp,
    "log": _log,
    "sin": _sin,
    "cos": _cos,
    "asin": _asin,
    "atan": _atan,
    "erf": _erf,
    "sign": _sign,
}
