"""What a rule for an operation says: the values it needs, and the value made of theirs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Sequence

from matdiff.dimensions import ONE, Dimension
from matdiff.emission.costs import Sizes
from matdiff.emission.rules import CONSTANTS, Rule
from matdiff.emission.runs import Runs
from matdiff.emission.values import Kernels, Shape, Value
from matdiff.operations.algebra import (
    MULTIPLY,
    NUMBER_ONE,
    ONES,
    TRANSPOSE,
    Expression,
    ones,
    scale,
    transpose,
)


class Making:
    """What the rules share while one program is made.

    kernels  the values made so far
    sizes    estimates of dimensions
    rules    those that are not left out
    shared   operations whose value is used more than once: they are not taken apart
    runs     neighbouring factors that several chains have
    """

    __slots__ = ("kernels", "rules", "runs", "shared", "sizes")

    def __init__(
        self, sizes: Sizes, rules: Collection[Rule], shared: Container[Expression]
    ) -> None:
        self.kernels, self.sizes = Kernels(), sizes
        self.rules, self.shared = frozenset(rules), shared
        self.runs = Runs()

    def supposing(
        self, *, formed: Collection[Expression] = (), apart: Collection[Expression] = ()
    ) -> Making:
        """The same, to compare costs, as if some values were shared and others were not."""
        return Making(self.sizes, self.rules, _Supposed(self.shared, formed, apart))

    def flat(self, node: Expression) -> list[Expression]:
        """The operands of an n-ary operation, through nodes that nothing else needs; of a product
        also through transposes of products, (A B)' being B'A', and with ones(m,n) as 1 1'."""
        operands: list[Expression] = []
        stack = list(reversed(node.arguments))
        while stack:
            top = stack.pop()
            if top.operation is node.operation and top not in self.shared:
                stack.extend(reversed(top.arguments))
            elif node.operation is MULTIPLY and self._is_turned_product(top):
                stack.extend(map(transpose, top.arguments[0].arguments))
            elif node.operation is MULTIPLY and self.is_all_ones(top):
                operands += ones(top.rows, ONE), ones(ONE, top.columns)
            else:
                operands.append(top)
        return operands

    def factors(self, node: Expression) -> list[Expression]:
        """What a node is the product of: itself, unless it is a product or a matrix of ones."""
        if self.is_all_ones(node):
            return [ones(node.rows, ONE), ones(ONE, node.columns)]
        return self.flat(node) if node.operation is MULTIPLY else [node]

    def is_all_ones(self, node: Expression) -> bool:
        """Whether a node is ones(m,n), which 1 1' multiplies with less work."""
        return node.operation is ONES and ONE not in node.shape and CONSTANTS in self.rules

    def _is_turned_product(self, node: Expression) -> bool:
        if node.operation is not TRANSPOSE or node in self.shared:
            return False
        inside = node.arguments[0]
        return inside.operation is MULTIPLY and inside not in self.shared


class _Supposed:
    """A set with some elements more and some fewer, without a copy of it."""

    __slots__ = ("_base", "_less", "_more")

    def __init__(
        self,
        base: Container[Expression],
        more: Collection[Expression],
        less: Collection[Expression],
    ) -> None:
        self._base, self._more, self._less = base, more, less

    def __contains__(self, node: object) -> bool:
        return node in self._more or (node in self._base and node not in self._less)


Build = Callable[[Sequence[Value]], Value]


class Plan:
    """The expressions whose values an operation needs, and how its own is made of them."""

    __slots__ = ("build", "needs")

    def __init__(self, needs: Sequence[Expression], build: Build) -> None:
        self.needs, self.build = needs, build


def stored(shape: tuple[Dimension, Dimension]) -> Shape:
    """The axes of a matrix as it is stored: those that are not one by their kind."""
    return tuple(side for side in shape if side is not ONE)


def times(coefficient: Expression, base: Expression) -> Expression:
    """The base times a scalar, itself if that is one."""
    return base if coefficient is NUMBER_ONE else scale(coefficient, base)
