"""Arithmetic with sixty decimal digits, of which a comparison trusts fifty.

exp, ln and roots are the decimal module's own; the rest are their series, with the argument brought
near zero first.  Its range of exponents is so wide that nothing underflows that a person would
write, and what overflows is told.
"""

from __future__ import annotations

import decimal
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction
from functools import cache

from matdiff.judging.fields import Array, NotComputable, OutsideDomain
from matdiff.judging.matrix_functions import MatrixFunctions
from matdiff.operations.algebra import Expression
from matdiff.verification.evaluation import Sizes, sizes_given

PRECISION = 66  # digits carried
SPARE = 16  # digits that rounding may take along many operations
LARGEST_EXPONENT = 10**6  # of a whole power

_CONTEXT = decimal.Context(
    prec=PRECISION,
    Emax=decimal.MAX_EMAX,
    Emin=decimal.MIN_EMIN,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)


@contextmanager
def many_digits(precision: int = PRECISION) -> Iterator[None]:
    """Within it decimals have that many digits; what does not exist is OutsideDomain."""
    try:
        with decimal.localcontext(_CONTEXT, prec=precision):
            yield
    except (decimal.InvalidOperation, decimal.DivisionByZero):
        raise OutsideDomain("a value does not exist") from None
    except decimal.Overflow:
        raise OutsideDomain("a value overflows") from None


class Digits(MatrixFunctions):
    """Decimals; use within `many_digits`."""

    __slots__ = ()

    def rational(self, value: Fraction) -> Decimal:
        return Decimal(value.numerator) / value.denominator

    def reduced(self, values: Array) -> Array:
        import numpy as np

        # numpy fills up with Python's own zeros, beside a diagonal for one
        return np.frompyfunc(Decimal, 1, 1)(values)

    def reciprocal(self, element: Decimal) -> Decimal:
        return 1 / element

    def pivot(self, column: Array, negligible: Decimal | int = 0) -> int | None:
        largest = max(range(len(column)), key=lambda row: abs(column[row]), default=None)
        if largest is None or abs(column[largest]) <= negligible:
            return None
        return largest

    def negligible(self, X: Array) -> Decimal:
        largest: Decimal = max(map(abs, X.flat))
        return largest * Decimal(10) ** (SPARE - decimal.getcontext().prec)

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

    def opaque(self, node: Expression, arguments: list[Array], sizes: Sizes) -> Array:
        """The record's own evaluation if that takes no rounding."""
        import numpy as np

        operation = node.operation
        try:
            assert operation.evaluate is not None
            value = operation.evaluate(np, *arguments, *sizes_given(node, sizes))
        except Exception:  # whatever floating point would have been needed for
            raise NotComputable(f"{operation.name} is not known to many digits") from None
        if value.dtype != object and value.dtype.kind not in "biu":
            raise NotComputable(f"{operation.name} is not known to many digits")
        return self.array(value) if value.dtype != object else value

    def pi(self) -> Array:
        import numpy as np

        return np.array([[_pi()]], dtype=object)

    def exp(self, element: Decimal) -> Decimal:
        return element.exp()

    def log(self, element: Decimal) -> Decimal:
        if element <= 0:
            raise OutsideDomain("the logarithm of what is not positive")
        return element.ln()

    def sin(self, element: Decimal) -> Decimal:
        return _sin(element)

    def cos(self, element: Decimal) -> Decimal:
        return _sin(element + _pi() / 2)

    def asin(self, element: Decimal) -> Decimal:
        if abs(element) > 1:
            raise OutsideDomain("asin beyond 1")
        if abs(element) == 1:
            return _pi() / 2 * int(element)
        return _atan(element / (1 - element * element).sqrt())

    def atan(self, element: Decimal) -> Decimal:
        return _atan(element)

    def erf(self, element: Decimal) -> Decimal:
        return _erf(element)

    def sign(self, element: Decimal) -> Decimal:
        return Decimal(0) if not element else Decimal(1).copy_sign(element)


def _series(terms: Iterator[Decimal]) -> Decimal:
    """The sum of terms that fall off, until they no longer count."""
    total = Decimal(0)
    for term in terms:
        before, total = total, total + term
        if total == before:
            break
    return total


def _pi() -> Decimal:
    return _pi_of(decimal.getcontext().prec)


@cache
def _pi_of(precision: int) -> Decimal:
    """π by Machin's formula, for the precision in force."""
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


def _sin(x: Decimal) -> Decimal:
    x = x.remainder_near(2 * _pi())

    def terms() -> Iterator[Decimal]:
        term, k = x, 1
        while True:
            yield term
            term, k = -term * x * x / ((k + 1) * (k + 2)), k + 2

    return _series(terms())


def _erf(x: Decimal) -> Decimal:
    if abs(x) > 10:
        raise OutsideDomain("erf of a large argument")

    def terms() -> Iterator[Decimal]:  # all of one sign, so nothing cancels
        term, k = x, 1
        while True:
            yield term
            term, k = term * 2 * x * x / (k + 2), k + 2

    return 2 / _pi().sqrt() * (-x * x).exp() * _series(terms())
