"""The body of an index sum, evaluated part by part into arrays over its indices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from matdiff.dimensions import ONE, Dimension
from matdiff.errors import MatdiffError
from matdiff.operations.algebra import MINUS_ONE, NUMBER_ONE, Expression, apply
from matdiff.operations.blocks import selection
from matdiff.operations.elementwise import ABS, power
from matdiff.shapes.functions import elementwise_function, note_meaning
from matdiff.shapes.index_arrays import Array, Board
from matdiff.shapes.index_chains import chain
from matdiff.shapes.index_elimination import Label, NoNotation
from matdiff.shapes.index_functions import REDUCTIONS, norm_inside
from matdiff.shapes.index_messages import (
    index_as_number,
    meant_as_row,
    misfit,
    no_notation,
    no_range,
    of_a_whole,
    two_ranges,
)
from matdiff.shapes.names import SIZED_CALLS
from matdiff.shapes.scope import Scope
from matdiff.shapes.sizes import dimension_of
from matdiff.shapes.slices import checked_slice, one_index_of_matrix
from matdiff.shapes.writing import children, postorder, text_of
from matdiff.syntax.tree import (
    Call,
    Chain,
    Fence,
    Frobenius,
    Group,
    Indexed,
    IndexSum,
    Item,
    Name,
    Number,
    Power,
    Sum,
    Transpose,
    Tree,
)

Labels = dict[str, Label]


class Evaluation:
    """One pass over a sum; `plain` has the expressions of the parts without indices."""

    def __init__(self, scope: Scope, board: Board, plain: dict[int, Expression]) -> None:
        self.scope, self.board, self.plain = scope, board, plain
        self.done: dict[int, Array] = {}
        self.fixed: dict[Label, str] = {}  # where the dimension of an index was seen first

    def expression(self, root: IndexSum) -> Expression:
        """What the sum is in matrix notation."""
        for node, labels in self._order(root):
            try:
                self.done[id(node)] = self._evaluated(node, labels)
            except NoNotation:
                raise no_notation(node) from None
            except MatdiffError as problem:
                raise problem.located(node.span) from None
        try:
            return self.board.expression(self.done[id(root)])
        except NoNotation:
            raise no_notation(root) from None

    def _order(self, root: IndexSum) -> list[tuple[Tree, Labels]]:
        """All nodes down to the plain parts, parts first, each with the indices in force."""
        order: list[tuple[Tree, Labels]] = []
        stack: list[tuple[Tree, Labels]] = [(root, {})]
        while stack:
            node, labels = stack.pop()
            if isinstance(node, IndexSum) and id(node) not in self.plain:
                labels = dict(labels)
                for name in node.indices:
                    labels[name] = self.board.new(self._bound(node))
                    self.board.indices.add(labels[name])
                    if node.bound is not None:
                        self.fixed[labels[name]] = "its upper bound"
            order.append((node, labels))
            if id(node) not in self.plain and not _is_sized(node):
                stack += [(part, labels) for part in children(node)]
        return order[::-1]

    def _bound(self, node: IndexSum) -> Dimension | None:
        return None if node.bound is None else dimension_of(node.bound)

    def _evaluated(self, node: Tree, labels: Labels) -> Array:
        plain = self.plain.get(id(node))
        if plain is not None:
            return self.board.leaf(plain)
        rule = _RULES.get(type(node))
        if rule is None:
            raise NoNotation
        array: Array = rule(self, node, labels)
        return array

    def _parts(self, node: Tree) -> list[Array]:
        return [self.done[id(part)] for part in children(node)]

    def _name(self, node: Name, _: Labels) -> Array:
        raise index_as_number(node)

    def _sum_over(self, node: IndexSum, labels: Labels) -> Array:
        array = self.done[id(node.body)]
        for name in node.indices:
            label = labels[name]
            if self.board.dimensions[label] is None:
                raise no_range(node, name)
            array = self.board.summed(array, label)
        return array

    def _indexed(self, node: Indexed, labels: Labels) -> Array:
        array, items = self.done[id(node.base)], node.items
        sides = list(range(len(items)))
        if len(items) == 1:
            if array.rows is not None and array.columns is not None:
                self._one(node, array.columns)
            sides = [0 if array.rows is not None or array.columns is None else 1]
        joined: dict[Label, Label] = {}
        for item, side in zip(items, sides, strict=True):
            if item.is_all:
                continue
            axis = array.axes[side]
            if item.name not in labels:
                array = self._part(node, item, array, side)
                continue
            if axis is None:
                raise misfit(node, f"{text_of(node.base)} has no such index", node)
            self._ranges(node, item.name, labels[item.name], self.board.size(axis))
            joined[axis] = labels[item.name]
        return array.renamed(joined)

    def _part(self, node: Indexed, item: Item, array: Array, side: int) -> Array:
        """A slice along one axis: that of an array over indices, so its base has no name."""
        axis = array.axes[side]
        first, size = checked_slice(self.scope, item, self.board.size(axis), node)
        if axis is None:
            return array
        return self.board.taken(array, side, selection(self.board.size(axis), first - ONE, size))

    def _one(self, node: Indexed, label: Label) -> None:
        if not self.board.same(self.board.size(label), ONE):
            raise one_index_of_matrix(node)

    def _ranges(self, node: Tree, name: str, label: Label, dimension: Dimension) -> None:
        """Settle the dimension of an index, or hold it to the one it has."""
        known = self.board.dimensions[label]
        if known is None:
            self.board.dimensions[label] = dimension
        elif not self.board.same(known, dimension):
            sizes = self.scope.shown(known), self.scope.shown(dimension)
            raise two_ranges(node, name, self.fixed.get(label, "one place"), sizes)
        self.fixed.setdefault(label, text_of(node))

    def _terms(self, node: Sum, _: Labels) -> Array:
        result: Array | None = None
        for (sign, term), array in zip(node.terms, self._parts(node), strict=True):
            signed = self.board.scaled(MINUS_ONE if sign < 0 else NUMBER_ONE, array)
            if result is not None and not self.board.fits(result, array):
                raise misfit(node, f"{text_of(term)} is not of the shape before it", term)
            result = signed if result is None else self.board.plus(result, signed)
        assert result is not None
        return result

    def _chain(self, node: Chain, _: Labels) -> Array:
        return chain(self.scope, self.board, node, self._parts(node))

    def _transpose(self, node: Transpose, _: Labels) -> Array:
        self._refuse_row(node, node.operand)
        return self.done[id(node.operand)].turned()

    def _power(self, node: Power, _: Labels) -> Array:
        base = self.done[id(node.base)]
        square = isinstance(node.exponent, Number) and node.exponent.value == 2
        normed = norm_inside(node.base) if square else None
        if normed is not None:
            return self.board.total(self.board.squared(self.done[id(normed)]))
        if not (base.is_scalar or node.elementwise) or id(node.exponent) not in self.plain:
            raise NoNotation
        exponent = self.plain[id(node.exponent)]
        if not exponent.is_scalar:
            raise misfit(node, "an exponent is a scalar", node.exponent)
        if square:
            return self.board.squared(base)
        return self.board.entrywise(base, lambda M: power(M, exponent))

    def _call(self, node: Call, labels: Labels) -> Array:
        name = node.function
        if _is_sized(node):
            return self._unit(node, labels)
        parts = self._parts(node)
        note_meaning(self.scope, name)
        function = elementwise_function(self.scope, name)
        if function is None and (unknown := self.scope.environment.function_called(name)):
            raise of_a_whole(node, unknown)
        if len(parts) != 1:
            raise NoNotation
        if function is not None:
            return self.board.entrywise(parts[0], function)
        if name not in REDUCTIONS:
            raise NoNotation
        if name == "tr" and not self.board.same(*map(self.board.size, parts[0].axes)):
            raise misfit(node, "a trace is of a square matrix", node)
        return REDUCTIONS[name](self.board, parts[0])

    def _unit(self, node: Call, labels: Labels) -> Array:
        """e(i,n), the column i of the identity."""
        first = node.arguments[0]
        if node.function != "e" or len(node.arguments) != 2 or not isinstance(first, Name):
            raise NoNotation
        if first.text not in labels:
            raise misfit(node, f"{first.text} is no index of a sum", first)
        dimension = dimension_of(node.arguments[1])
        self._ranges(node, first.text, labels[first.text], dimension)
        return self.board.unit(labels[first.text], dimension)

    def _fence(self, node: Fence, _: Labels) -> Array:
        array = self.done[id(node.inner)]
        if node.bars == 1:
            if not array.is_scalar:
                raise NoNotation
            return self.board.entrywise(array, lambda M: apply(ABS, M))
        if node.subscript in ("*", "∞"):
            raise NoNotation
        if array.is_scalar:
            self._refuse_rows_within(node)
        return REDUCTIONS["norm1" if node.subscript == "1" else "norm"](self.board, array)

    def _refuse_rows_within(self, node: Fence) -> None:
        """Raise ShapeProblem (MX231) for the norm of a scalar made of entries of what nobody
        declared: they are meant as rows."""
        for part in postorder(node.inner):
            self._refuse_row(node, part)

    def _refuse_row(self, node: Tree, part: Tree) -> None:
        if not isinstance(part, Indexed) or not isinstance(part.base, Name):
            return
        if len(part.items) == 1 and part.base.text not in self.scope.environment.names:
            self.scope.meant = meant_as_row(node, part, part.base)
            raise self.scope.meant

    def _frobenius(self, node: Frobenius, _: Labels) -> Array:
        left, right = self._parts(node)
        if not self.board.fits(left, right):
            raise misfit(node, "the two sides of : differ in shape", node)
        return self.board.total(self.board.hadamard(left, right))

    def _group(self, node: Group, _: Labels) -> Array:
        return self.done[id(node.inner)]


def _is_sized(node: Tree) -> bool:
    return isinstance(node, Call) and node.function in SIZED_CALLS


_RULES: dict[type[Tree], Callable[[Evaluation, Any, Labels], Array]] = {
    Name: Evaluation._name,
    IndexSum: Evaluation._sum_over,
    Indexed: Evaluation._indexed,
    Sum: Evaluation._terms,
    Chain: Evaluation._chain,
    Transpose: Evaluation._transpose,
    Power: Evaluation._power,
    Call: Evaluation._call,
    Fence: Evaluation._fence,
    Frobenius: Evaluation._frobenius,
    Group: Evaluation._group,
}
