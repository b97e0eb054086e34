"""Chains within an index sum: products bind tighter than ∘, ⊘ and ⊗, a division takes one operand.

No other bracketing is tried here: what holds none of the indices has been read before, and what is
left are mostly scalars, whose products need no brackets.
"""

from __future__ import annotations

from matdiff.operations.elementwise import reciprocal
from matdiff.shapes.dots import DOT, between_dots, part_of
from matdiff.shapes.index_arrays import Array, Board
from matdiff.shapes.index_elimination import NoNotation
from matdiff.shapes.index_messages import misfit
from matdiff.shapes.quotients import other_reading
from matdiff.shapes.scope import Scope
from matdiff.shapes.writing import text_of
from matdiff.syntax.tree import Chain, Tree


def chain(scope: Scope, board: Board, node: Chain, arrays: list[Array]) -> Array:
    """The value of a chain with these values of its operands."""
    if DOT in node.operators:
        return _dotted(scope, board, node, arrays)
    groups, signs = [arrays[0]], list[str]()
    for i, (operator, array, tree) in enumerate(
        zip(node.operators, arrays[1:], node.operands[1:], strict=True), start=1
    ):
        if operator in ("∘", "⊘", "⊗"):
            groups.append(array)
            signs.append(operator)
            continue
        if operator == "/":
            if not array.is_scalar:
                raise misfit(node, f"{text_of(tree)} after / is no scalar", tree)
            _tell_other_reading(scope, node, arrays, i)
            array = board.entrywise(array, reciprocal)
        elif operator not in ("", "*"):
            raise NoNotation
        groups[-1] = _product(scope, board, node, groups[-1], array, tree)
    result = groups[0]
    for sign, array in zip(signs, groups[1:], strict=True):
        if sign == "⊗":
            result = board.outer(result, array)
            continue
        if not board.fits(result, array):
            raise misfit(node, f"the two sides of {sign} differ in shape", node)
        if sign == "⊘":
            array = board.entrywise(array, reciprocal)
        result = board.hadamard(result, array)
    return result


def _tell_other_reading(scope: Scope, node: Chain, arrays: list[Array], i: int) -> None:
    """Say of a/b c, with b at i, how it is read."""
    follows = i < len(node.operators) and node.operators[i] == "" and arrays[i + 1].is_scalar
    told = other_reading(scope, node, i, i + 1 if follows else i)
    if told is not None:
        scope.forks.append(told)


def _dotted(scope: Scope, board: Board, node: Chain, arrays: list[Array]) -> Array:
    r"""Parts between the dots of LaTeX: of two columns a dot is the inner product."""
    result: Array | None = None
    for first, end in between_dots(node):
        part = part_of(node, first, end)
        array = arrays[first]
        if isinstance(part, Chain) and end - first > 1:
            array = chain(scope, board, part, arrays[first:end])
        if result is None:
            result = array
            continue
        if not (result.is_scalar or array.is_scalar) and _is_column(result) and _is_column(array):
            left = text_of(part_of(node, 0, first))
            scope.notes.append(
                f"{left}·{text_of(part)} is read as the inner product of two columns"
            )
            result = result.turned()
        result = _product(scope, board, node, result, array, part)
    assert result is not None
    return result


def _is_column(array: Array) -> bool:
    return array.rows is not None and array.columns is None


def _product(
    scope: Scope, board: Board, node: Chain, left: Array, right: Array, tree: Tree
) -> Array:
    if not (left.is_scalar or right.is_scalar):
        inner = board.size(left.columns), board.size(right.rows)
        if not board.same(*inner):
            one, other = (scope.shown(side) for side in inner)
            raise misfit(
                node,
                f"the product with {text_of(tree)} needs one dimension, {one} is not {other}",
                tree,
            )
    return board.times(left, right)
