"""How far two expressions are apart at a point, by as many digits as it takes.

A difference is told from rounding by looking again with more digits: it stays, and rounding falls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import partial
from typing import Any

from matdiff.judging.digits import PRECISION, SPARE, Digits, many_digits
from matdiff.judging.evaluation import values_of
from matdiff.judging.fields import Array, OutsideDomain
from matdiff.operations.algebra import Expression, symbol_properties
from matdiff.operations.elementwise import EXP
from matdiff.verification.samples import Point

DIFFERENT = Decimal("1e-50")  # a relative difference beyond it is one, or rounding
FINER = PRECISION + 34  # digits at which a difference is looked at again
FINEST = 400  # the same where a variable was made larger: tanh(100) is 1 to 87 digits
FALL = 20  # digits by which at least falls what is rounding alone
TRUSTED = 50  # digits that are to be left of a sum with an exponential
LOST = Decimal("0.87")  # digits of a sum that 1 in the argument of exp takes: tanh(x) has e^2x
FEW_DIGITS, MOST_DIGITS = 150, 1200  # that are computed at first, and where nothing else is left
POLISHING = 7  # steps from sixteen digits of orthogonality to all


class Saturated(OutsideDomain):
    """Exponentials are so large or small that a sum with them keeps too few digits."""

    def __init__(self) -> None:
        super().__init__("an exponential leaves no digit of what it is added to")


def difference_at(
    known: tuple[Expression, ...],
    order: list[Expression],
    point: Point,
    finer: int,
    most: int = MOST_DIGITS,
) -> Decimal:
    """The largest difference of two entries, relative to the largest entry.

    A difference is one that stays as it is with more digits, and that rounding of the largest
    number on the way cannot have made.  What falls with the digits is rounding: where large terms
    cancel it is larger than elsewhere, and where all cancels, it is all there is.  OutsideDomain
    where it is neither, since no digit is left then, or where it takes more than the `most` digits.
    """
    with many_digits():  # numbers may be larger than a Decimal is elsewhere
        compared = partial(compared_at, known, order, point)
        seen = compared(PRECISION)
        needed = TRUSTED + LOST * seen.reach
        if needed > PRECISION:
            return _beside_exponentials(compared, seen, needed, most)
        precision = PRECISION
        for level in sorted({finer, FINEST}):
            if seen.alike and (not seen.scale or seen.scale > seen.rounding(precision)):
                break
            before, seen, precision = seen, compared(level), level
            if seen.falls_from(before):
                return Decimal(0)
            if seen.stays_from(before) and seen.off > seen.rounding(precision):
                break
        else:
            if not seen.alike:
                raise OutsideDomain("rounding leaves no digit of a value")
        return seen.off / seen.scale if seen.scale else Decimal(0)


def _beside_exponentials(
    compared: Callable[[int], Seen], seen: Seen, needed: Decimal, most: int
) -> Decimal:
    """The difference where an exponential takes so many digits from what it is added to: for a
    large x, 1 - tanh(x) is zero but for rounding, and tanh(10^3 x) is sign(x) to fifty digits.

    A difference that stays is one, however small it is.
    """
    known = needed <= most
    if seen.alike and not known:
        raise Saturated
    precision = int(needed) if known else FINER
    before, seen = compared(precision), compared(precision + FALL)
    if seen.off and seen.stays_from(before) and (known or seen.off > seen.rounding(precision)):
        return max(seen.off / seen.scale, 10 * DIFFERENT)
    last_digit = before.scale * Decimal(10) ** -precision  # two may agree in it by chance
    if known and seen.off * Decimal(10) ** (FALL // 2) <= max(before.off, last_digit):
        return Decimal(0)
    raise Saturated


class Seen:
    """Two values at a point: off, the largest difference of two entries; scale, the largest entry;
    largest, the largest number on the way; reach, the largest argument of an exponential."""

    __slots__ = ("largest", "off", "reach", "scale")

    def __init__(self, off: Decimal, scale: Decimal, largest: Decimal, reach: Decimal) -> None:
        self.off, self.scale, self.largest, self.reach = off, scale, largest, reach

    @property
    def alike(self) -> bool:
        return self.off <= self.scale * DIFFERENT

    def rounding(self, precision: int) -> Decimal:
        """How large a difference is that rounding may have made."""
        return self.largest * Decimal(10) ** (SPARE - precision)

    def falls_from(self, before: Seen) -> bool:
        fall = Decimal(10) ** FALL
        return self.off * fall <= before.off and self.scale * fall <= before.scale

    def stays_from(self, before: Seen) -> bool:
        return before.off / 2 <= self.off <= before.off * 2


def compared_at(
    known: tuple[Expression, ...], order: list[Expression], point: Point, precision: int
) -> Seen:
    """The two first of the expressions with so many digits."""
    with many_digits(precision):
        field = Digits()
        values = {
            symbol: _exactly(field, symbol_properties(symbol), value)
            for symbol, value in point.values.items()
        }
        found = values_of(order, field, values, point.sizes)
        left, right = found[known[0]], found[known[1]]
        scale = _largest([left, right])
        exponents = [found[node.arguments[0]] for node in order if node.operation is EXP]
        return Seen(
            _largest([left - right]),
            scale,
            max(scale, _largest(found.values())),
            _largest(exponents) if exponents else Decimal(0),
        )


def _largest(arrays: Iterable[Array]) -> Decimal:
    return Decimal(max(abs(entry) for array in arrays for entry in array.flat))


def _exactly(field: Digits, properties: Any, value: Array) -> Array:
    """The floats as decimals; an orthogonal matrix is made so to all digits."""
    A = field.array(value)
    if "orthogonal" in properties:
        unit = field.array(value * 0).copy()
        for i in range(len(A)):
            unit[i, i] = Decimal(3)
        for _ in range(POLISHING):  # Newton's iteration for the polar factor
            A = A.dot(unit - A.T.dot(A)) / 2
    return A
