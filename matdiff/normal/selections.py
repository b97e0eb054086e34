"""Selections in products: a selection meets what it selects from.

[A, B] S = A, S'S = I, S'T = 0 for disjoint parts, and [A, B][C; D] = A C + B D where the inner
boundaries agree.  A selection passes a sum or a function of every entry if blocks are inside:
S'exp([x; y]) = exp(x).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from matdiff.dimensions import ONE, Dimension, at_least_one
from matdiff.normal.blocks import ALONG_COLUMNS, ALONG_ROWS, Direction, shows_blocks
from matdiff.normal.core import build, plus, times
from matdiff.operations.algebra import (
    ADD,
    HADAMARD,
    ONES,
    TRANSPOSE,
    Expression,
    ones,
    zeros,
)
from matdiff.operations.blocks import ABOVE, BESIDE, NONE, SELECTION, selected, selection
from matdiff.operations.linear import DIAG

Taken = tuple[Dimension, Dimension, Dimension]  # of n, after how many, how many
Interval = tuple[Dimension, Dimension]  # where it starts, and its length


def combine_parts(A: Expression, B: Expression) -> list[Expression] | None:
    """What blocks and selections that stand side by side in a product become."""
    taken, other = selected(A), selected(B)
    if taken is not None and other is not None:
        return _two_selections(A, B, taken, other)
    if B.operation is SELECTION and other is not None:
        return _from_blocks(ALONG_ROWS, A, B, other)
    if A.operation is TRANSPOSE and taken is not None:
        return _from_blocks(ALONG_COLUMNS, B, A, taken)
    rows = A.arguments if A.operation is ABOVE else (A,)
    if B.operation is ABOVE and all(row.operation is BESIDE for row in rows):
        heights = [block.rows for block in B.arguments]
        if all([block.columns for block in row.arguments] == heights for row in rows):
            pairs = [zip(row.arguments, B.arguments, strict=True) for row in rows]
            return [build(ABOVE, *(plus(times(a, b) for a, b in row) for row in pairs))]
    return None


def _two_selections(
    A: Expression,
    B: Expression,
    one: Taken,
    other: Taken,
) -> list[Expression] | None:
    (n, start, size), (m, later, length) = one, other
    if A.operation is SELECTION and B.operation is SELECTION:
        return [selection(n, start + later, length)]
    if A.operation is TRANSPOSE and B.operation is TRANSPOSE:
        return [build(TRANSPOSE, selection(m, start + later, size))]
    if A.operation is SELECTION:
        return None  # S T', a product of its own
    if one == other:
        return []
    if _apart((start, size), (later, length)):
        return [zeros(size, length)]
    if _within((later, length), (start, size)):
        return [selection(size, later - start, length)]
    if _within((start, size), (later, length)):
        return [build(TRANSPOSE, selection(length, start - later, size))]
    return None


def _apart(one: Interval, other: Interval) -> bool:
    """Whether two intervals surely have nothing in common."""
    (start, size), (later, length) = one, other
    gaps = later - start - size + ONE, start - later - length + ONE
    return any(at_least_one(gap) is True for gap in gaps)


def _within(inner: Interval, outer: Interval) -> bool:
    """Whether one interval surely lies in the other."""
    (start, size), (first, length) = inner, outer
    rooms = start - first + ONE, first + length - start - size + ONE
    return all(at_least_one(room) is True for room in rooms)


def _from_blocks(
    to: Direction,
    X: Expression,
    S: Expression,
    taken: Taken,
) -> list[Expression] | None:
    """X S, or S'X: from blocks those that are selected, from ones fewer ones."""
    _, start, size = taken
    if X.operation is to.operation:
        return _blocks_within(to, X.arguments, (start, size))
    if X.operation is to.across:
        if not any(map(shows_blocks, X.arguments)):
            return None
        return [build(to.across, *(to.product(block, S) for block in X.arguments))]
    if X.operation is ONES:
        return [ones(X.rows, size) if to.side else ones(size, X.columns)]
    if not shows_blocks(X):
        return None
    if X.operation is DIAG:  # diag(v) S = S diag(S'v)
        (v,) = X.arguments
        along = build(DIAG, ALONG_COLUMNS.product(v, build(TRANSPOSE, S) if to.side else S))
        return [S, along] if to.side else [along, S]
    if X.operation in (ADD, HADAMARD):
        return [build(X.operation, *(to.product(part, S) for part in X.arguments))]
    inside, *others = X.arguments
    return [build(X.operation, to.product(inside, S), *others)]


def _blocks_within(
    to: Direction, parts: Sequence[Expression], taken: Interval
) -> list[Expression] | None:
    """The blocks that an interval holds, or the part of one block."""
    start, size = taken
    bounds = list(accumulate((to.size(part) for part in parts), initial=NONE))
    if start in bounds and start + size in bounds:
        chosen = parts[bounds.index(start) : bounds.index(start + size)]
        return [build(to.operation, *chosen) if len(chosen) > 1 else chosen[0]]
    for part, first in zip(parts, bounds, strict=False):
        if _within(taken, (first, to.size(part))):
            S = selection(to.size(part), start - first, size)
            return [to.product(part, S if to.side else build(TRANSPOSE, S))]
    return None
