"""Random points at which a derivative is compared with numbers.

A point is a set of sizes and a value for each variable.  Gaussian values come first; where an
expression demands more (a logarithm's argument, an inverse of good condition, no overflow),
other ways of drawing are tried in turn, first one for all variables, then a mixture.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from matdiff.operations.algebra import SYMBOL, Expression, postorder, symbol_properties
from matdiff.verification.domain import objection
from matdiff.verification.evaluation import Array
from matdiff.verification.sizes import SMALLEST, Sizes
from matdiff.verification.structure import endow

GAUSSIAN_ATTEMPTS = 10
ATTEMPTS = 90

Draw = Callable[[Any, Any, int, int], Array]  # (numpy, generator, rows, columns) -> array

WAYS: tuple[Draw, ...] = (
    lambda np, generator, m, n: generator.normal(size=(m, n)),
    lambda np, generator, m, n: generator.uniform(0.5, 1.5, size=(m, n)),
    lambda np, generator, m, n: 0.2 * generator.normal(size=(m, n)),
    lambda np, generator, m, n: 0.4 * generator.normal(size=(m, n)) + 2 * np.eye(m, n),
    lambda np, generator, m, n: generator.uniform(0.05, 0.3, size=(m, n)),
    lambda np, generator, m, n: _definite(np, generator, m, n),
    lambda np, generator, m, n: generator.uniform(0.01, 0.02, size=(m, n)),
)


def _definite(np: Any, generator: Any, m: int, n: int) -> Array:
    """A positive definite matrix if square, else positive entries."""
    if m != n or m == 1:
        return generator.uniform(0.5, 1.5, size=(m, n))
    A = generator.normal(size=(m, m))
    return A @ A.T / m + np.eye(m)


class Point:
    """Sizes, and a value for each variable."""

    __slots__ = ("sizes", "values")

    def __init__(self, sizes: dict[str, int], values: dict[Expression, Array]) -> None:
        self.sizes, self.values = sizes, values


class Sampler:
    """Points of the domain of some expressions, from one seed.

    `demanding` are the expressions that must exist at a point; `bystanders` only have their
    variables drawn too; `smallest` is the least size of a dimension, where that is possible, and
    `sizing` a seed for the sizes alone.
    """

    __slots__ = ("_order", "_random", "_sizes", "_symbols", "generator", "objection")

    def __init__(
        self,
        demanding: list[Expression],
        bystanders: list[Expression],
        seed: int,
        smallest: int = SMALLEST,
        sizing: int | None = None,
    ) -> None:
        import numpy as np

        self.generator = np.random.default_rng(seed)
        self._random = Random(seed if sizing is None else sizing)
        self._order = postorder(*demanding)
        everything = postorder(*demanding, *bystanders)
        self._symbols = [node for node in everything if node.operation is SYMBOL]
        self._sizes = Sizes(everything, smallest)
        self.objection: str | None = None  # why the last attempt failed

    def draw(self) -> Point | None:
        """A point inside the domain, or None if all attempts failed; LimitReached by size."""
        for attempt in range(ATTEMPTS):
            point = self._attempt(attempt)
            self.objection = objection(self._order, point.values, point.sizes)
            if self.objection is None:
                return point
        return None

    def _attempt(self, attempt: int) -> Point:
        import numpy as np

        sizes = self._sizes.draw(self._random)  # anew each time: X'X may need X to be tall
        together, mixed = len(WAYS) * 5, max(0, attempt - GAUSSIAN_ATTEMPTS)
        values: dict[Expression, Array] = {}
        for symbol in self._symbols:
            way = WAYS[mixed % len(WAYS) if mixed < together else self._random.randrange(len(WAYS))]
            m, n = symbol.rows.at(sizes), symbol.columns.at(sizes)
            A = way(np, self.generator, m, n)
            values[symbol] = endow(np, self.generator, A, symbol_properties(symbol))
        return Point(sizes, values)
