"""Sums of terms that lie in different parts of a matrix, as one block matrix.

S A + T B = [A; B] for selections S and T that share no row: so d[A, B] = dA S' + dB T' is written
[dA, dB], and the gradient by parts of a vector as the vector of gradients.
"""

from __future__ import annotations

from itertools import accumulate

from matdiff.dimensions import ONE, Dimension, at_least_one
from matdiff.normal.blocks import ALONG_COLUMNS, ALONG_ROWS, Direction
from matdiff.normal.core import build, plus, scaled
from matdiff.operations.algebra import MULTIPLY, SCALE, TRANSPOSE, Expression, identity
from matdiff.operations.blocks import NONE, SELECTION, selected

Interval = tuple[Dimension, Dimension]  # where it starts, and its length
Placement = tuple[Interval, Expression]
LONGEST = 64  # terms of a sum that are looked through


def gathered(terms: list[Expression]) -> list[Expression]:
    """The terms of a sum with those that lie in different parts of a matrix made one block matrix:
    S A + T B = [A; B]."""
    if len(terms) > LONGEST:
        return terms
    for to in (ALONG_COLUMNS, ALONG_ROWS):
        placed = [(term, _placements(to, term)) for term in terms]
        found = [pair for _, placements in placed for pair in placements or ()]
        if sum(placements is not None for _, placements in placed) > 1:
            together = _assembled(to, found, to.size(terms[0]))
            if together is not None:
                return [*(term for term, placements in placed if placements is None), together]
    return terms


def _placements(to: Direction, term: Expression) -> list[Placement] | None:
    """Where the parts of a term lie, if it is a block matrix or a product with a selection."""
    scalar: Expression | None = None
    if term.operation is SCALE:
        scalar, term = term.arguments
    if term.operation is to.operation:
        sizes = [to.size(part) for part in term.arguments]
        starts = accumulate(sizes, initial=NONE)
        found = list(zip(zip(starts, sizes, strict=False), term.arguments, strict=True))
    else:
        factors = term.arguments if term.operation is MULTIPLY else (term,)
        end = factors[to.end]
        if end.operation is not (TRANSPOSE if to.side else SELECTION):
            return None
        taken = selected(end)
        if taken is None:
            return None
        rest = to.without_end(factors, to.end) if len(factors) > 1 else identity(taken[2])
        found = [((taken[1], taken[2]), rest)]
    if scalar is None:
        return found
    return [(interval, scaled(scalar, part)) for interval, part in found]


def _assembled(to: Direction, found: list[Placement], whole: Dimension) -> Expression | None:
    """The block matrix of all parts; None if they overlap or are a few entries of many."""
    parts: dict[Interval, Expression] = {}
    for interval, part in found:
        known = parts.get(interval)
        parts[interval] = part if known is None else plus((known, part))
    ordered = _in_order(list(parts))
    if ordered is None or len(ordered) < 2:
        return None
    like = found[0][1]
    blocks: list[Expression] = []
    end = NONE
    for start, size in [*ordered, (whole, NONE)]:
        if start is not end:
            blocks.append(to.zeros(like, start - end))
        if size is not NONE:
            blocks.append(parts[start, size])
        end = start + size
    if len(blocks) > len(ordered) and all(size is ONE for _, size in ordered):
        return None
    return build(to.operation, *blocks)


def _in_order(intervals: list[Interval]) -> list[Interval] | None:
    """The intervals from the first to the last, None if two of them may overlap."""
    ordered: list[Interval] = []
    for start, size in intervals:
        at = 0
        while at < len(ordered):
            before, length = ordered[at]
            if at_least_one(start - before - length + ONE) is True:
                at += 1
            elif at_least_one(before - start - size + ONE) is True:
                break
            else:
                return None
        ordered.insert(at, (start, size))
    return ordered
