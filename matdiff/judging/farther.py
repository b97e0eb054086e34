"""What a few points do not show: other sizes, orthogonal matrices of every determinant, masks of
one value, and the far side of a kink.

relu(x'x - 10^6) is zero at every point that is drawn near zero, and what holds for m < n need not
hold for m = n.  So where fifty digits decide, sizes are tried at which the exact test differed, at
which all are alike, and at which matrices are tall or wide that were not; and variables are made
larger and smaller until a kink that was seen from one side is seen from the other.
"""

from __future__ import annotations

from itertools import product
from random import Random
from typing import Any

from matdiff.dimensions import Dimension
from matdiff.errors import MatdiffError
from matdiff.judging.differences import DIFFERENT, FEW_DIGITS, FINEST, difference_at
from matdiff.judging.evaluation import defined
from matdiff.judging.exact import MOST_TURNED
from matdiff.judging.fields import NotComputable, OutsideDomain
from matdiff.judging.nearness import KEPT, Nearness, nearness, unscaled
from matdiff.judging.orders import any_sizes, other_orders
from matdiff.judging.resizing import resized
from matdiff.operations.algebra import SYMBOL, Expression, postorder, symbol_properties
from matdiff.verification.domain import objection
from matdiff.verification.evaluation import Array, evaluate_nodes
from matdiff.verification.samples import Point, Sampler
from matdiff.verification.sizes import Sizes
from matdiff.verification.structure import completed, structure_name

MOST_MASKED = 3  # binary variables of which masks of one value are tried
ALIKE = (3, 2)  # the size, where all are the same; a matrix of low rank is not singular at 2
LARGEST_ARRAY = 1000  # entries
NEAR_POINTS, FAR_POINTS, MOST_COMPARED = 6, 200, 24
EXPONENTS = (-12.0, 30.0)  # of ten, the factors by which variables are made larger

Existing = tuple[Expression, ...]  # the two that are compared, and what has to exist with them
Sizing = dict[str, int]


def farther(near: Nearness, existing: Existing, also: list[Sizing], random: Random) -> Nearness:
    """The comparison, at more points; `also` are sizes worth a look."""
    also = [sizes for sizes in also if sizes not in near.sizes]
    for sizes in [*also, *_other_sizes(existing, [*near.sizes, *also], random)]:
        try:
            values = {name: Dimension.of(size) for name, size in sizes.items()}
            left, right, *demanding = (resized(expression, values) for expression in existing)
            found = nearness(left, right, tuple(demanding), random, once=True)
        except MatdiffError:
            near.missed.append(sizes)  # what does not fit them, or is too large
            continue
        if found.equal is False:
            found.sizes = [sizes]
            return found
        (near.sizes if found.equal else near.missed).append(sizes)
    for look in (_turned, _masked, _across_kinks):
        try:
            near = look(near, existing, random) if near.equal else near
        except MatdiffError:  # a limit: what was compared stands
            continue
    return near


def _other_sizes(existing: Existing, tried: list[Sizing], random: Random) -> list[Sizing]:
    order = postorder(*existing)
    available = Sizes(order)

    def affordable(sizes: Sizing) -> bool:
        return available.affordable(sizes, LARGEST_ARRAY)

    squares = [dict.fromkeys(available.names, size) for size in ALIKE if available.names]
    new = [alike for alike in squares if alike not in tried and affordable(alike)]
    new += other_orders(order, [*tried, *new], affordable, Random(0))
    return new + any_sizes(order, available.names, affordable, random)


def _turned(near: Nearness, existing: Existing, random: Random) -> Nearness:
    """The comparison for every choice of the determinants of orthogonal matrices."""
    left, right = unscaled(*existing[:2])
    sampler = Sampler([left, right, *existing[2:]], [], random.getrandbits(32))
    symbols = [node for node in postorder(*existing) if node.operation is SYMBOL]
    turning = [s for s in symbols if symbol_properties(s) == ("orthogonal",)][:MOST_TURNED]
    known = defined(left, right)
    for choice in product((1, -1), repeat=len(turning)) if turning else ():
        point = sampler.draw()
        if point is None:
            break
        values = dict(point.values)
        for symbol, determinant in zip(turning, choice, strict=True):
            values[symbol] = _with_determinant(values[symbol], determinant)
        there = Point(point.sizes, values)
        if _is_different(near, known, there):
            break
    return near


def _masked(near: Nearness, existing: Existing, random: Random) -> Nearness:
    """The comparison where a binary variable has no zero, or no one: points at random have both."""
    import numpy as np

    left, right = unscaled(*existing[:2])
    order = postorder(left, right, *existing[2:])
    binary = [s for s in order if s.operation is SYMBOL and "binary" in symbol_properties(s)]
    sampler = Sampler([left, right, *existing[2:]], [], random.getrandbits(32))
    known = defined(left, right)
    for mask, entry in product(binary[:MOST_MASKED], (0.0, 1.0)):
        point = sampler.draw()
        if point is None:
            break
        structure = structure_name(symbol_properties(mask))
        same = completed(np, np.full_like(point.values[mask], entry), structure)
        there = Point(point.sizes, {**point.values, mask: same})
        if objection(order, there.values, there.sizes) is None and _is_different(
            near, known, there
        ):
            break
    return near


def _with_determinant(Q: Array, determinant: int) -> Array:
    import numpy as np

    if np.linalg.det(Q) * determinant < 0:
        Q = Q.copy()
        Q[0] = -Q[0]
    return Q


def _is_different(near: Nearness, known: tuple[Expression, ...], point: Point) -> bool:
    """Whether the two differ at a point, which is told then."""
    try:
        off = difference_at(known, postorder(*known), point, FINEST, FEW_DIGITS)
    except (OutsideDomain, NotComputable):
        return False
    if off <= DIFFERENT:
        return False
    near.equal, near.difference, near.sizes = False, off, [point.sizes]
    return True


def _across_kinks(near: Nearness, existing: Existing, random: Random) -> Nearness:
    """The comparison beyond kinks of which only one side was seen."""
    left, right = unscaled(*existing[:2])
    order = postorder(left, right, *existing[2:])
    kinks = [
        node for node in order if node.operation.domain == "nonzero" and not node.operation.smooth
    ]
    if not kinks:
        return near
    sampler = Sampler([left, right, *existing[2:]], [], random.getrandbits(32))
    seen = {_sides(order, kinks, sampler.draw()) for _ in range(NEAR_POINTS)}
    if not any(len(set(sides)) == 1 for sides in zip(*filter(None, seen), strict=True)):
        return near
    known, compared = defined(left, right), 0
    for _ in range(FAR_POINTS):
        point = _far(sampler.draw(), sampler.generator)
        sides = _sides(order, kinks, point)
        if point is None or sides in seen or sides is None:
            continue
        seen.add(sides)
        compared += 1
        if compared > MOST_COMPARED or _is_different(near, known, point):
            break
    return near


def _sides(
    order: list[Expression], kinks: list[Expression], point: Point | None
) -> tuple[frozenset[float], ...] | None:
    """On which sides of each kink the entries of its argument are at a point; None where a value is
    missing."""
    import numpy as np

    if point is None:
        return None
    try:
        with np.errstate(all="ignore"):
            found = evaluate_nodes(order, point.values, point.sizes)
    except (MatdiffError, ArithmeticError, np.linalg.LinAlgError, ValueError):
        return None
    if not all(np.all(np.isfinite(found[node])) for node in order):
        return None
    signs = (np.sign(found[kink.arguments[0]]).ravel().tolist() for kink in kinks)
    return tuple(frozenset(each) for each in signs)


def _far(point: Point | None, generator: Any) -> Point | None:
    """The point with some of its variables made much larger or smaller."""
    if point is None:
        return None
    values = dict(point.values)
    for symbol in values:
        if KEPT.isdisjoint(symbol_properties(symbol)) and generator.integers(2):
            values[symbol] = values[symbol] * 10.0 ** generator.uniform(*EXPONENTS)
    return Point(point.sizes, values)
