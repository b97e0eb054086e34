"""Sizes for a numeric trial: distinct numbers 2, 3, … for distinct names of dimensions.

Equal sizes would hide a transposed factor, and size one hides nearly everything.
"""

from __future__ import annotations

from random import Random

from matdiff.dimensions import Dimension
from matdiff.errors import LimitReached
from matdiff.limits import TRIED_ENTRIES, TRIED_SIZE
from matdiff.operations.algebra import SYMBOL, Expression

COMFORTABLE_ARRAY = min(10**4, TRIED_ENTRIES)  # larger ones only if no draw stays below
SMALLEST, LARGEST = 2, 7
DRAWS, PATIENT_DRAWS = 12, 200  # the latter where sizes have to keep what slices assume


class Sizes:
    """Draws sizes for the dimension names of some nodes, within the limits.

    What a node takes for granted is kept: x[3] needs a column of three entries or more.  Sizes are
    `smallest` or more where the arrays stay small.
    """

    __slots__ = ("_least", "_names", "_positive", "_shapes", "_smallest", "_variables")

    def __init__(self, nodes: list[Expression], smallest: int = SMALLEST) -> None:
        self._smallest = smallest
        self._shapes = {node.shape for node in nodes}
        self._variables = {d for node in nodes if node.operation is SYMBOL for d in node.shape}
        self._positive = {
            dimension
            for node in nodes
            if node.operation.positive is not None
            for dimension in node.operation.positive(*node.parameters)
        }
        self._least = _least_sizes(self._positive)
        parameters = {p for node in nodes for p in node.parameters if isinstance(p, Dimension)}
        dimensions = parameters.union(*self._shapes) if self._shapes else parameters
        self._names = sorted(set().union(*(d.names() for d in dimensions)))

    def draw(self, random: Random) -> dict[str, int]:
        """Distinct sizes, at random; LimitReached if none keep the arrays within the limits."""
        best: dict[str, int] = {}
        smallest = TRIED_ENTRIES + 1
        for _ in range(DRAWS if not self._positive else PATIENT_DRAWS):
            sizes = self._spread(random, self._smallest, LARGEST)
            cost = self._cost(sizes)
            if cost <= COMFORTABLE_ARRAY:
                return sizes
            if cost < smallest:
                best, smallest = sizes, cost
        sizes = self._spread(random, SMALLEST, SMALLEST)
        if self._cost(sizes) < smallest:
            return sizes
        if smallest > TRIED_ENTRIES:
            raise LimitReached(
                f"no sizes give arrays of at most {TRIED_ENTRIES} entries with at most "
                f"{TRIED_SIZE} to a dimension, the limits of a numeric check",
                hint="declare large sizes by names, A : m×n: small numbers are tried for them",
                code="MX508",
            )
        return best

    @property
    def names(self) -> list[str]:
        """The names of dimensions."""
        return list(self._names)

    def affordable(self, sizes: dict[str, int], entries: int) -> bool:
        """Whether no array has more entries than that, and every dimension is in range."""
        return self._cost(sizes) <= entries

    def _spread(self, random: Random, smallest: int, largest: int) -> dict[str, int]:
        pool = range(smallest, max(largest + 1, smallest + len(self._names)))
        sizes = dict(zip(self._names, random.sample(pool, len(self._names)), strict=True))
        for name, least in self._least.items():
            if sizes[name] < least:
                taken = set(sizes.values())
                free = (size for size in range(least, least + len(sizes) + 1) if size not in taken)
                sizes[name] = next(free)
        return sizes

    def _cost(self, sizes: dict[str, int]) -> int:
        """Entries of the largest array, or beyond the limit if a dimension is out of range."""
        beyond = TRIED_ENTRIES + 1
        if any(dimension.at(sizes) < 1 for dimension in self._positive):
            return beyond
        for dimension in self._variables:
            if not 1 <= dimension.at(sizes) <= TRIED_SIZE:
                return beyond
        largest = 1
        for rows, columns in self._shapes:
            m, n = rows.at(sizes), columns.at(sizes)
            if m < 1 or n < 1:
                return beyond
            largest = max(largest, m * n)
        return largest


def _least_sizes(positive: set[Dimension]) -> dict[str, int]:
    """The least size of each name that n - c >= 1 bounds."""
    least: dict[str, int] = {}
    for dimension in positive:
        names = dimension.names()
        if len(names) != 1:
            continue
        (name,) = names
        constant = dimension.substitute({name: Dimension.of(0)}).value or 0
        if dimension - Dimension.of(constant) is Dimension.of(name):
            least[name] = max(least.get(name, 1), 1 - constant)
    return least
