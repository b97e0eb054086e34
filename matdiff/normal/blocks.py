"""Block matrices in normal form.

Blocks are flat, a grid is rows of blocks above each other, what all blocks of a row begin with
stands before them, [A B, A C] = A [B, C], neighbouring parts of one matrix are one, and a block
beside nothing but zeros is a product with a selection, [A, 0] = A S'.
Source: Magnus & Neudecker, section 1.11.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from matdiff.dimensions import Dimension
from matdiff.normal.core import build, normal, remembered, scaled, times
from matdiff.operations.algebra import (
    ADD,
    HADAMARD,
    MULTIPLY,
    SCALE,
    TRANSPOSE,
    Expression,
    is_zero,
    make,
    zeros,
)
from matdiff.operations.blocks import ABOVE, BESIDE, NONE, SELECTION, selected, selection
from matdiff.operations.elementwise import POWER
from matdiff.operations.linear import DIAG
from matdiff.operations.record import Operation


class Direction:
    """What differs between blocks side by side and blocks above one another.

    `side` is the axis they are lined up along, 1 for columns; `end` the factor of a product that
    a selection from them is, the last for blocks side by side.
    """

    __slots__ = ("across", "end", "operation", "side")

    def __init__(self, operation: Operation, across: Operation, side: int, end: int) -> None:
        self.operation, self.across, self.side, self.end = operation, across, side, end

    def size(self, A: Expression) -> Dimension:
        return A.shape[self.side]

    def zeros(self, like: Expression, size: Dimension) -> Expression:
        return zeros(like.rows, size) if self.side else zeros(size, like.columns)

    def product(self, rest: Expression, end: Expression) -> Expression:
        """The rest times what stands at the end that selections are on."""
        return times(rest, end) if self.side else times(end, rest)

    def oriented(self, S: Expression) -> Expression:
        """A selection n×k as it stands at the end of a block: S' to the right, S to the left."""
        return build(TRANSPOSE, S) if self.side else S

    def other_end(self) -> int:
        return 0 if self.side else -1

    def without_end(self, factors: Sequence[Expression], end: int) -> Expression:
        rest = factors[:-1] if end else factors[1:]
        return times(*rest)


ALONG_ROWS = Direction(BESIDE, ABOVE, 1, -1)
ALONG_COLUMNS = Direction(ABOVE, BESIDE, 0, 0)
DIRECTIONS = {BESIDE: ALONG_ROWS, ABOVE: ALONG_COLUMNS}


@normal(BESIDE)
def beside_of(blocks: tuple[Expression, ...]) -> Expression:
    """[A, B, …]"""
    return _joined(ALONG_ROWS, blocks)


@normal(ABOVE)
def above_of(blocks: tuple[Expression, ...]) -> Expression:
    """[A; B; …]"""
    return _joined(ALONG_COLUMNS, blocks)


def _joined(to: Direction, blocks: Sequence[Expression]) -> Expression:
    flat: list[Expression] = []
    for block in blocks:
        flat += block.arguments if block.operation is to.operation else (block,)
    parts: list[Expression] = []
    for part in flat:
        merged = _merged(to, parts[-1], part) if parts else None
        if merged is None:
            parts.append(part)
        else:
            parts[-1] = merged
    if len(parts) == 1:
        return parts[0]
    kept = [part for part in parts if not is_zero(part)]
    if len(kept) == 1:
        start, whole = _place(to, parts, kept[0])
        return to.product(kept[0], to.oriented(selection(whole, start, to.size(kept[0]))))
    drawn_out = _common(to, parts) or _grid(to, parts)
    if drawn_out is not None:
        return drawn_out
    sizes = [to.size(part) for part in parts]
    total = sum(sizes[1:], sizes[0])
    shape = (parts[0].rows, total) if to.side else (total, parts[0].columns)
    return make(to.operation, tuple(parts), shape)


def _place(
    to: Direction, parts: Sequence[Expression], one: Expression
) -> tuple[Dimension, Dimension]:
    """Where one of the parts begins, and the size of all."""
    starts = list(accumulate((to.size(part) for part in parts), initial=NONE))
    return starts[parts.index(one)], starts[-1]


def _merged(to: Direction, A: Expression, B: Expression) -> Expression | None:
    """Two neighbours as one part: zeros, or neighbouring parts of one matrix."""
    if is_zero(A) and is_zero(B):
        return to.zeros(A, to.size(A) + to.size(B))
    (first, one), (second, other) = _split_part(to, A), _split_part(to, B)
    if one is None or other is None or first is not second:
        return None
    (n, start, size), (_, next_start, next_size) = one, other
    if n is not other[0] or start + size is not next_start:
        return None
    S = selection(n, start, size + next_size)
    S = S if to.side else build(TRANSPOSE, S)
    return S if first is None else to.product(first, S)


def _split_part(
    to: Direction, A: Expression
) -> tuple[Expression | None, tuple[Dimension, Dimension, Dimension] | None]:
    """M and the selection of M S (of S'M for parts above one another); no M for S alone."""
    factors = A.arguments if A.operation is MULTIPLY else (A,)
    end = factors[to.end]
    wanted = SELECTION if to.side else TRANSPOSE
    taken = selected(end) if end.operation is wanted else None
    if taken is None or len(factors) == 1:
        return None, taken
    return to.without_end(factors, to.end), taken


def _common(to: Direction, parts: Sequence[Expression]) -> Expression | None:
    """What all parts begin with, or their scalar, before the blocks of the rest."""
    if all(part.operation is SCALE for part in parts):
        scalar = parts[0].arguments[0]
        if all(part.arguments[0] is scalar for part in parts):
            return scaled(scalar, _joined(to, [part.arguments[1] for part in parts]))
    if all(part.operation is MULTIPLY for part in parts):
        end = to.other_end()
        factor = parts[0].arguments[end]
        if all(part.arguments[end] is factor for part in parts):
            rest = [to.without_end(part.arguments, end) for part in parts]
            if selected(factor) is not None and any(map(shows_blocks, rest)):
                return None  # the selection has come in here to meet the blocks
            joined = _joined(to, rest)
            return times(factor, joined) if to.side else times(joined, factor)
    return None


def _grid(to: Direction, parts: Sequence[Expression]) -> Expression | None:
    """[[A; C], [B; D]] as [A, B; C, D]: of a grid the rows stand above each other."""
    if to is not ALONG_ROWS or any(part.operation is not ABOVE for part in parts):
        return None
    heights = [[block.rows for block in part.arguments] for part in parts]
    if any(column != heights[0] for column in heights):
        return None
    rows = zip(*(part.arguments for part in parts), strict=True)
    return build(ABOVE, *(build(BESIDE, *row) for row in rows))


def diagonal_blocks(X: Expression) -> list[Expression] | None:
    """The blocks on the diagonal, where those of X have square ones there."""
    rows = X.arguments if X.operation is ABOVE else ()
    if not rows or any(row.operation is not BESIDE for row in rows):
        return None
    widths = [block.columns for block in rows[0].arguments]
    grid = [[block.columns for block in row.arguments] == widths for row in rows]
    if not all(grid) or [row.rows for row in rows] != widths:
        return None
    return [row.arguments[at] for at, row in enumerate(rows)]


def shows_blocks(X: Expression) -> bool:
    """Whether functions of every entry and sums are all that stands between X and blocks, or
    products that a selection places, so that a selection from X may meet them; remembered."""
    return bool(remembered(X, "shows blocks", _blocks_within_reach))


def _blocks_within_reach(X: Expression) -> bool:
    operation = X.operation
    if operation in DIRECTIONS:
        return True
    if operation is MULTIPLY:
        return any(selected(end) is not None for end in (X.arguments[0], X.arguments[-1]))
    if operation in (ADD, HADAMARD):
        return any(shows_blocks(part) for part in X.arguments)
    if operation is SCALE:
        return shows_blocks(X.arguments[1])
    entrywise = operation.elementwise or operation in (POWER, DIAG)
    return entrywise and bool(X.arguments) and shows_blocks(X.arguments[0])
