"""The forms of blocks, and of products with selections: X[1,2] for e_1'X e_2.

A selection is written as the index of the factor beside it: of the one that follows a transposed
selection, else of the one before.  Selections at both ends of a product make it an entry or a slice
of the whole product, (A B)[1,2].  One that stands alone is a unit vector e(i,n) or a part of I(n).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matdiff.dimensions import ONE, Shape
from matdiff.operations.algebra import (
    IDENTITY,
    MULTIPLY,
    TRANSPOSE,
    Expression,
    identity,
    is_identity,
    is_zero,
    transpose,
)
from matdiff.operations.blocks import ABOVE, BESIDE, SELECTION
from matdiff.rendering.forms import Form, Item, Kind, Part, flatten

Piece = tuple[Part, Shape]  # a part of a product with its shape
Plain = Callable[[Sequence[Expression]], list[Part]]  # how factors without selections are written


def selection_form(node: Expression) -> Form:
    """e(i,n), or I(n)[:,2:3]."""
    n, start, size = node.parameters
    if size is ONE:
        return Form(Kind.CONSTANT, operation=SELECTION, sizes=(start + ONE, n))
    return Form(Kind.INDEXED, (identity(n),), items=(None, _item(node)))


def turned_selection_form(node: Expression) -> Form:
    """The transpose of a selection: e(i,n)', or I(n)[2:3,:]."""
    (inside,) = node.arguments
    if inside.columns is ONE:
        return Form(Kind.TRANSPOSE, (inside,))
    return Form(Kind.INDEXED, (identity(inside.rows),), items=(_item(inside), None))


def blocks_form(node: Expression) -> Form:
    """[A, B; C, D], the blocks of nested operations side by side."""
    rows = flatten(node, lambda a: a.operation is ABOVE) if node.operation is ABOVE else [node]
    grid: list[list[Expression]] = []
    for row in rows:
        inside = flatten(row, lambda a: a.operation is BESIDE)
        blocks = inside if row.operation is BESIDE else [row]
        grid.append(blocks)
    bare = _sized_by_others(grid)
    parts = tuple(bare.get((i, j), A) for i, row in enumerate(grid) for j, A in enumerate(row))
    return Form(Kind.BLOCKS, parts, widths=tuple(map(len, grid)))


def _sized_by_others(grid: list[list[Expression]]) -> dict[tuple[int, int], Form]:
    """The blocks that may be written 0 and I, because others show their sizes: those of a row how
    high they are, those of a column how wide."""
    widths = [[block.columns for block in row] for row in grid]
    if len(grid) < 2 or any(row != widths[0] for row in widths):
        return {}
    places = [(i, j) for i, row in enumerate(grid) for j, _ in enumerate(row)]
    bare = {(i, j) for i, j in places if _is_constant(grid[i][j])}
    # an I is written with its size before a 0 is
    for i, j in sorted(bare, key=lambda place: is_zero(grid[place[0]][place[1]])):
        high = any(k != j and (i, k) not in bare for k in range(len(widths[0])))
        wide = any(k != i and (k, j) not in bare for k in range(len(grid)))
        if not (high and wide if is_zero(grid[i][j]) else high or wide):
            bare.discard((i, j))
    return {(i, j): _BARE[is_zero(grid[i][j])] for i, j in bare}


def _is_constant(block: Expression) -> bool:
    return not block.is_scalar and (is_zero(block) or is_identity(block))


_BARE = {
    True: Form(Kind.NUMBER, value="0"),
    False: Form(Kind.CONSTANT, operation=IDENTITY),
}


def sliced(factors: Sequence[Expression], plain: Plain) -> list[Part]:
    """The factors of a matrix product, those beside selections as their parts."""
    if not any(map(is_selection, factors)):
        return plain(factors)
    if len(factors) > 3 and _takes_rows(factors[0]) and _takes_columns(factors[-1]):
        middle = factors[1:-1]
        if not (is_selection(middle[0]) or is_selection(middle[-1])):
            whole = Form(Kind.PRODUCT, tuple(sliced(middle, plain)))
            base = whole if len(whole.parts) > 1 else whole.parts[0]
            shape = middle[0].rows, middle[-1].columns
            return [_indexed(base, shape, factors[0], factors[-1])]
    parts: list[Part] = []
    waiting: list[Expression] = []  # factors that no selection stands beside
    at = 0
    while at < len(factors):
        left = factors[at] if _takes_rows(factors[at]) else None
        place = at + (left is not None)
        base_node = factors[place] if place < len(factors) else None
        if base_node is None or is_selection(base_node):
            waiting.append(factors[at])
            at += 1
            continue
        right = factors[place + 1] if place + 1 < len(factors) else None
        if right is not None and not _takes_columns(right):
            right = None
        if left is None and right is None:
            waiting.append(base_node)
        else:
            parts += [*plain(waiting), _of_factor(base_node, left, right, plain)]
            waiting = []
        at = place + 1 + (right is not None)
    return [*parts, *plain(waiting)]


def _of_factor(
    base: Expression, left: Expression | None, right: Expression | None, plain: Plain
) -> Part:
    """The part of one factor; of a transpose A' the transpose of a part of A."""
    if base.operation is not TRANSPOSE:
        return _indexed(base, base.shape, left, right)
    (inside,) = base.arguments
    turned = [
        *([] if right is None else [transpose(right)]),
        *(inside.arguments if inside.operation is MULTIPLY else [inside]),
        *([] if left is None else left.arguments),
    ]
    parts = sliced(turned, plain)
    form = parts[0] if len(parts) == 1 else Form(Kind.PRODUCT, tuple(parts))
    taken = _shape_of_part(base.shape, left, right)
    return form if taken == (ONE, ONE) else Form(Kind.TRANSPOSE, (form,), factors=(taken,))


def _indexed(base: Part, shape: Shape, left: Expression | None, right: Expression | None) -> Form:
    items = [None if taken is None else _item(taken) for taken in (left, right)]
    if ONE in shape:  # a vector has one index
        items = [items[0 if shape[1] is ONE else 1]]
    taken = _shape_of_part(shape, left, right)
    return Form(Kind.INDEXED, (base,), items=tuple(items), factors=(taken,))


def _shape_of_part(shape: Shape, left: Expression | None, right: Expression | None) -> Shape:
    rows, columns = shape
    return rows if left is None else left.rows, columns if right is None else right.columns


def shapes_of(parts: Sequence[Part]) -> tuple[Shape, ...] | None:
    """The shapes of the parts of a product; None if one is written as a power of several."""
    shapes: list[Shape] = []
    for part in parts:
        if not isinstance(part, Form):
            shapes.append(part.shape)
        elif part.kind in (Kind.INDEXED, Kind.TRANSPOSE) and part.factors is not None:
            shapes += part.factors
        else:
            return None
    return tuple(shapes)


def _item(selection: Expression) -> Item:
    node = selection.arguments[0] if selection.operation is TRANSPOSE else selection
    _, start, size = node.parameters
    return start + ONE, start + size


def _takes_rows(factor: Expression) -> bool:
    return factor.operation is TRANSPOSE and factor.arguments[0].operation is SELECTION


def _takes_columns(factor: Expression) -> bool:
    return factor.operation is SELECTION


def is_selection(factor: Expression) -> bool:
    """A selection or the transpose of one."""
    return _takes_rows(factor) or _takes_columns(factor)
