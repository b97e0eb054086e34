"""Two expressions to fifty digits, at random points of the domain."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

from matdiff.errors import LimitReached
from matdiff.judging.differences import (
    DIFFERENT,
    FEW_DIGITS,
    FINER,
    FINEST,
    MOST_DIGITS,
    Saturated,
    compared_at,
    difference_at,
)
from matdiff.judging.digits import PRECISION, many_digits
from matdiff.judging.evaluation import defined
from matdiff.judging.fields import NotComputable, NotFound, OutsideDomain
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
from matdiff.operations.elementwise import ACOS, ASIN, ATAN, LOG, POWER
from matdiff.operations.nonlinear import LOGDET, NORM
from matdiff.verification.domain import KINKS
from matdiff.verification.evaluation import Sizes
from matdiff.verification.samples import Point, Sampler

POINTS = 3
SIDES = 40  # on how many draws of a kink's argument a comparison rests at least
SMALLEST = 3  # size: identities of 2×2 matrices are no identities
WIDER, NARROWER = (1, 4, 16), (8, 64)  # times a variable, and under all of them
KEPT = frozenset(("orthogonal", "binary", "onehot", "unit"))  # properties that hold no multiple
ARCS = frozenset((ASIN, ACOS, ATAN))
EXTREME = Fraction(10**30)
ATTEMPTS = 6
SETTLED = Decimal("1e-10")  # relative, by which more digits leave what is no rounding as it is


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
        difference, point, saturated = None, None, False
        for attempt in range(ATTEMPTS):
            last = attempt == ATTEMPTS - 1
            try:
                point = sampler.draw()
            except LimitReached as limit:
                return Nearness(None, limit.message)
            if point is None:
                reason = f"no sample inside the domain was found: {sampler.objection}"
                return Nearness(None, reason)
            if widened and attempt < ATTEMPTS // 2:
                point = _widened(point, sampler.generator)
            elif saturated and not last:
                point = _narrowed(point, sampler.generator)
            finer, most = FINEST if widened else FINER, MOST_DIGITS if last else FEW_DIGITS
            try:
                difference = difference_at(known, order, point, finer, most)
                break
            except OutsideDomain as problem:
                result.reason, saturated = str(problem), isinstance(problem, Saturated)
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
    free = [s for s in point.values if _is_free(s)]
    if not free:
        return point
    chosen = free[int(generator.integers(len(free)))]
    factor = WIDER[int(generator.integers(len(WIDER)))]
    return Point(point.sizes, {**point.values, chosen: point.values[chosen] * factor})


def _narrowed(point: Point, generator: Any) -> Point:
    """The point with its variables made smaller, where exponentials saturate less."""
    factor = 1 / NARROWER[int(generator.integers(len(NARROWER)))]
    return Point(
        point.sizes,
        {s: v * factor if _is_free(s) else v for s, v in point.values.items()},
    )


def _is_free(symbol: Expression) -> bool:
    """Whether a variable may be multiplied by a number."""
    return KEPT.isdisjoint(symbol_properties(symbol))


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
        compared_at((expression, expression), order, point, precision).scale
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
