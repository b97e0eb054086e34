"""Two expressions to fifty digits, at random points of the domain."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from functools import partial
from random import Random
from typing import Any

from matdiff.errors import LimitReached
from matdiff.judging.digits import PRECISION, SPARE, Digits, many_digits
from matdiff.judging.evaluation import defined, values_of
from matdiff.judging.fields import Array, NotComputable, NotFound, OutsideDomain
from matdiff.normal import normalise
from matdiff.normal.core import scaled, split
from matdiff.operations.algebra import (
    ADD,
    SYMBOL,
    Expression,
    is_zero,
    number_value,
    postorder,
    symbol_properties,
)
from matdiff.operations.elementwise import ACOS, ASIN, ATAN, EXP, LOG, POWER
from matdiff.operations.nonlinear import LOGDET, NORM
from matdiff.verification.domain import KINKS
from matdiff.verification.evaluation import Sizes
from matdiff.verification.samples import Point, Sampler

POINTS = 3
SIDES = 40  # on how many draws of a kink's argument a comparison rests at least
SMALLEST = 3  # size: identities of 2×2 matrices are no identities
WIDER = (1, 4, 16)  # times a variable
KEPT = frozenset(("orthogonal", "binary", "onehot", "unit"))  # properties that hold no multiple
ARCS = frozenset((ASIN, ACOS, ATAN))
EXTREME = Fraction(10**30)
ATTEMPTS = 6
DIFFERENT = Decimal("1e-50")  # a relative difference beyond it is one, or rounding
FINER = PRECISION + 34  # digits at which a difference is looked at again
FINEST = 400  # the same where a variable was made larger: tanh(100) is 1 to 87 digits
FALL = 20  # digits by which at least falls what is rounding alone
TRUSTED = 50  # digits that are to be left of a sum with an exponential
LOST = Decimal("0.87")  # digits of a sum that 1 in the argument of exp takes: tanh(x) has e^2x
MOST_DIGITS = 1200
SETTLED = Decimal("1e-10")  # relative, by which more digits leave what is no rounding as it is
POLISHING = 7  # steps from sixteen digits of orthogonality to all


class Nearness:
    """equal: True, False, or None for the `reason`; difference: the largest relative one;
    missed: sizes at which no point was found."""

    __slots__ = ("difference", "equal", "missed", "reason", "sizes")

    def __init__(self, equal: bool | None, reason: str = "") -> None:
        self.equal, self.reason = equal, reason
        self.difference = Decimal(0)
        self.sizes: list[dict[str, int]] = []
        self.missed: list[dict[str, int]] = []


def nearness(
    left: Expression,
    right: Expression,
    demanding: tuple[Expression, ...],
    random: Random,
    *,
    once: bool = False,
) -> Nearness:
    """Compare two expressions at points where they and the `demanding` ones exist, or at one."""
    result = Nearness(None)
    left, right = unscaled(left, right)
    known = defined(left, right)  # may have variables of its own, to be drawn too
    existing = [left, right, *(unscaled(e)[0] for e in demanding)]
    sampler = Sampler(existing, [*known], random.getrandbits(32), SMALLEST, sizing=0)
    order = postorder(*known)
    points = 1 if once else POINTS
    while len(result.sizes) < points:
        widened = len(result.sizes) >= POINTS
        difference, point = None, None
        for attempt in range(ATTEMPTS):
            try:
                point = sampler.draw()
            except LimitReached as limit:
                return Nearness(None, limit.message)
            if point is None:
                reason = f"no sample inside the domain was found: {sampler.objection}"
                return Nearness(None, reason)
            if widened and attempt < ATTEMPTS // 2:
                point = _widened(point, sampler.generator)
            try:
                difference = difference_at(known, order, point, FINEST if widened else FINER)
                break
            except OutsideDomain as problem:
                result.reason = str(problem)
            except NotComputable as problem:
                return Nearness(None, str(problem))
        if difference is None or point is None:
            result.equal = None
            return result
        result.sizes.append(point.sizes)
        if not once:
            points = max(points, _points_among_pieces([*existing, *known], point.sizes))
        result.difference = max(result.difference, difference)
        result.equal = result.difference <= DIFFERENT
        if not result.equal:
            break
    return result


def _points_among_pieces(expressions: list[Expression], sizes: Sizes) -> int:
    """How many points it takes to see formulas on all sides of their kinks: relu(t) = t at three
    points with t > 0 says nothing of others.  A kink of many entries is on many sides at once."""
    order = postorder(*expressions)
    pieces = [node for node in order if in_pieces(node)]
    entries = [node.rows.at(sizes) * node.columns.at(sizes) for node in pieces]
    return POINTS + -(-SIDES // min(entries)) if entries else 0


def in_pieces(node: Expression) -> bool:
    """Whether a formula with this node may be another one elsewhere: beside a kink; the root or
    the logarithm of s², of s or -s; where an angle leaves the range of asin and its like."""
    operation = node.operation
    if operation in (NORM, LOGDET):
        return True
    if operation is LOG:
        return any(inside.operation is POWER for inside in postorder(*node.arguments))
    if operation is POWER:
        exponent, base = number_value(node.arguments[1]), node.arguments[0]
        is_root = exponent is not None and Fraction(exponent).denominator % 2 == 0
        return is_root and any(inside.operation is SYMBOL for inside in postorder(base))
    if operation in ARCS:
        return True
    return operation.domain in KINKS and not operation.smooth


def _widened(point: Point, generator: Any) -> Point:
    """The point with one of its variables made larger: the other side may be far away."""
    free = [s for s in point.values if KEPT.isdisjoint(symbol_properties(s))]
    if not free:
        return point
    chosen = free[int(generator.integers(len(free)))]
    factor = WIDER[int(generator.integers(len(WIDER)))]
    return Point(point.sizes, {**point.values, chosen: point.values[chosen] * factor})


def has_value(expression: Expression, demanding: tuple[Expression, ...], random: Random) -> bool:
    """Whether the expression has a value where the others have, beyond what floats can hold."""
    sampler = Sampler(list(demanding), [expression], random.getrandbits(32))
    known = defined(expression)
    order = postorder(*known)
    for _ in range(ATTEMPTS):
        point = sampler.draw()
        if point is None:
            return False
        try:
            if _is_settled(known[0], order, point):
                return True
        except (NotFound, NotComputable):
            return True
        except OutsideDomain:
            continue
    return False


def _is_settled(expression: Expression, order: list[Expression], point: Point) -> bool:
    """Whether more digits leave a value as it is: the inverse of a singular matrix is made of
    rounding."""
    once, again = (
        _compared((expression, expression), order, point, precision).scale
        for precision in (PRECISION, FINER)
    )
    with many_digits():
        return abs(once - again) <= SETTLED * again


def unscaled(*expressions: Expression) -> list[Expression]:
    """The expressions divided by the largest number in front of one of them, if it is extreme:
    samples are drawn in floating point, where 1e300 exp(x) overflows though exp(x) does not."""
    normal = [normalise(expression) for expression in expressions]
    terms = [t for e in normal for t in (e.arguments if e.operation is ADD else (e,))]
    largest = max((abs(Fraction(split(term)[0])) for term in terms if not is_zero(term)), default=1)
    if EXTREME >= largest >= 1 / EXTREME:
        return list(expressions)
    return [scaled(1 / Fraction(largest), expression) for expression in normal]


def difference_at(
    known: tuple[Expression, ...], order: list[Expression], point: Point, finer: int
) -> Decimal:
    """The largest difference of two entries, relative to the largest entry.

    A difference is one that stays as it is with more digits, and that rounding of the largest
    number on the way cannot have made.  What falls with the digits is rounding: where large terms
    cancel it is larger than elsewhere, and where all cancels, it is all there is.  OutsideDomain
    where it is neither, since no digit is left then.
    """
    with many_digits():  # numbers may be larger than a Decimal is elsewhere
        compared = partial(_compared, known, order, point)
        seen = compared(PRECISION)
        needed = TRUSTED + LOST * seen.reach
        if needed > PRECISION:
            return _beside_exponentials(compared, seen, needed)
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


def _beside_exponentials(compared: Callable[[int], _Seen], seen: _Seen, needed: Decimal) -> Decimal:
    """The difference where an exponential takes so many digits from what it is added to: for a
    large x, 1 - tanh(x) is zero but for rounding, and tanh(10^3 x) is sign(x) to fifty digits.

    A difference that stays is one, however small it is.
    """
    known = needed <= MOST_DIGITS
    if seen.alike and not known:
        raise OutsideDomain("an exponential leaves no digit of what it is added to")
    precision = int(needed) if known else FINEST
    before, seen = compared(precision), compared(precision + FALL)
    if seen.off and seen.stays_from(before) and (known or seen.off > seen.rounding(precision)):
        return max(seen.off / seen.scale, 10 * DIFFERENT)
    last_digit = before.scale * Decimal(10) ** -precision  # two may agree in it by chance
    if known and seen.off * Decimal(10) ** (FALL // 2) <= max(before.off, last_digit):
        return Decimal(0)
    raise OutsideDomain("an exponential leaves no digit of what it is added to")


class _Seen:
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

    def falls_from(self, before: _Seen) -> bool:
        fall = Decimal(10) ** FALL
        return self.off * fall <= before.off and self.scale * fall <= before.scale

    def stays_from(self, before: _Seen) -> bool:
        return before.off / 2 <= self.off <= before.off * 2


def _compared(
    known: tuple[Expression, ...], order: list[Expression], point: Point, precision: int
) -> _Seen:
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
        return _Seen(
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
