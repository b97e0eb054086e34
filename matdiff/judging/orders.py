"""Sizes at which each matrix is tall and wide, and each size odd and even.

tr(A pinv(A)) is m for an A : m×n with m at most n, and n for any other; det(-A) is det(A) for an
even size.  A claim that was tried for m < n alone, for even n, or never beyond a number that is
declared, was not tried.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random

from matdiff.dimensions import ONE, Dimension, at_least_one
from matdiff.operations.algebra import SYMBOL, Expression
from matdiff.operations.linear import SIZE

SMALLEST, LARGEST = 3, 7
MOST_GAPS = 6
FAR_SIZES = (60, 30, 15)
DRAWS = 60

Sizing = Mapping[str, int]
Demand = Callable[[Sizing], bool]


def gaps(order: Sequence[Expression]) -> list[Dimension]:
    """How much higher than wide matrices are, where that may be more or less than nothing: of
    variables, and of what is more than multiplied."""
    arguments = (
        argument
        for node in order
        if not node.operation.multilinear and not node.operation.elementwise
        for argument in node.arguments
    )
    symbols = (node for node in order if node.operation is SYMBOL)
    found: dict[Dimension, None] = {}
    for node in (*symbols, *arguments):
        gap = node.rows - node.columns
        is_told = at_least_one(gap + ONE) or at_least_one(ONE - gap)
        if not (ONE in node.shape or is_told or node.columns - node.rows in found):
            found[gap] = None
    return list(found)[:MOST_GAPS]


def demands(order: Sequence[Expression], names: Sequence[str]) -> list[Demand]:
    """What has to be met by one of the sizes tried."""

    def sign(gap: Dimension, way: int) -> Demand:
        return lambda sizes: gap.at(sizes) * way > 0

    def parity(name: str, rest: int) -> Demand:
        return lambda sizes: sizes[name] % 2 == rest

    known = [gap for gap in gaps(order) if gap.names() <= {*names}]
    found = [sign(gap, way) for gap in known for way in (1, -1)]
    return found + [parity(name, rest) for name in names for rest in (0, 1)]


def other_orders(
    order: Sequence[Expression],
    tried: Sequence[Sizing],
    affordable: Callable[[dict[str, int]], bool],
    random: Random,
) -> list[dict[str, int]]:
    """Sizes that meet what none of those tried does, few of them."""
    found: list[dict[str, int]] = []
    names = list(tried[0])  # what only had to exist may have been tried at more of them
    tried = [sizes for sizes in tried if sizes.keys() >= {*names}]
    open_ones = [d for d in demands(order, names) if not any(map(d, tried))]
    while open_ones:
        best: dict[str, int] = {}
        met = 0
        for attempt in range(DRAWS):  # a number that is declared may be large
            largest = LARGEST + max(0, attempt - DRAWS // 3)
            sizes = {name: random.randint(SMALLEST, largest) for name in names}
            count = sum(demand(sizes) for demand in open_ones)
            if count > met and affordable(sizes):
                best, met = sizes, count
        if not met:
            break
        found.append(best)
        open_ones = [demand for demand in open_ones if not demand(best)]
    return found


def any_sizes(
    order: Sequence[Expression],
    names: Sequence[str],
    affordable: Callable[[dict[str, int]], bool],
    random: Random,
) -> list[dict[str, int]]:
    """Sizes that nobody knows beforehand, where sizes are numbers of a formula: (n - 3)(n - 4) is
    zero at some."""
    if not any(node.operation is SIZE for node in order):
        return []
    for largest in FAR_SIZES:
        sizes = {name: random.randint(LARGEST + 1, largest) for name in names}
        if affordable(sizes):
            return [sizes]
    return []
