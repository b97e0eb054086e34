"""Sizes for a numeric trial: distinct numbers 2, 3, … for distinct names of dimensions.

Equal sizes would hide a transposed factor, and size one hides nearly everything.
"""

from __future__ import annotations

from random import Random

from matdiff.dimensions import Dimension
from matdiff.errors import LimitReached
from matdiff.operations.algebra import SYMBOL, Expression

LARGEST_DIMENSION = 64  # of a variable, in a numeric trial
LARGEST_ARRAY = 10**6  # entries of any intermediate result
COMFORTABLE_ARRAY = 10**4  # larger ones only if no draw stays below
SMALLEST, LARGEST = 2, 7
DRAWS = 12


class Sizes:
    """Draws sizes for the dimension names of some nodes, within the limits."""

    __slots__ = ("_names", "_shapes", "_variables")

    def __init__(self, nodes: list[Expression]) -> None:
        self._shapes = {node.shape for node in nodes}
        self._variables = {d for node in nodes if node.operation is SYMBOL for d in node.shape}
        parameters = {p for node in nodes for p in node.parameters if isinstance(p, Dimension)}
        dimensions = parameters.union(*self._shapes) if self._shapes else parameters
        self._names = sorted(set().union(*(d.names() for d in dimensions)))

    def draw(self, random: Random) -> dict[str, int]:
        """Distinct sizes, at random; LimitReached if none keep the arrays within the limits."""
        best: dict[str, int] = {}
        smallest = LARGEST_ARRAY + 1
        for _ in range(DRAWS):
            sizes = self._spread(random, LARGEST)
            cost = self._cost(sizes)
            if cost <= COMFORTABLE_ARRAY:
                return sizes
            if cost < smallest:
                best, smallest = sizes, cost
        sizes = self._spread(random, SMALLEST)
        if self._cost(sizes) < smallest:
            return sizes
        if smallest > LARGEST_ARRAY:
            raise LimitReached(
                f"no sizes give arrays of at most {LARGEST_ARRAY} entries with at most "
                f"{LARGEST_DIMENSION} to a dimension, the limits of a numeric check",
                code="MX508",
            )
        return best

    def _spread(self, random: Random, largest: int) -> dict[str, int]:
        pool = range(SMALLEST, max(largest + 1, SMALLEST + len(self._names)))
        return dict(zip(self._names, random.sample(pool, len(self._names)), strict=True))

    def _cost(self, sizes: dict[str, int]) -> int:
        """Entries of the largest array, or beyond the limit if a dimension is out of range."""
        beyond = LARGEST_ARRAY + 1
        for dimension in self._variables:
            if not 1 <= dimension.at(sizes) <= LARGEST_DIMENSION:
                return beyond
        largest = 1
        for rows, columns in self._shapes:
            m, n = rows.at(sizes), columns.at(sizes)
            if m < 1 or n < 1:
                return beyond
            largest = max(largest, m * n)
        return largest
