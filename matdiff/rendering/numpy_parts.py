"""Blocks and parts of matrices in numpy: np.block, and slices in place of products with selections.

numpy counts from zero and leaves the end of a range out, so X[2:n,:] of the language is X[1:n, :].
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from matdiff.operations.algebra import TRANSPOSE, Expression
from matdiff.operations.blocks import ABOVE, BESIDE, SELECTION, selected
from matdiff.rendering.numpy_plans import Body, Plan, flat
from matdiff.rendering.numpy_values import ATOM, Code

Sliced = tuple[Expression | None, Expression, Expression | None]  # S', the factor, T of S'A T


def with_slices(factors: Sequence[Expression]) -> Iterator[Sliced]:
    """The factors of a product, each with the selections that stand beside it."""
    at = 0
    while at < len(factors):
        rows = factors[at] if _takes_rows(factors[at]) else None
        place = at + (rows is not None)
        if place == len(factors) or selected(factors[place]) is not None:
            yield None, factors[at], None
            at += 1
            continue
        after = factors[place + 1] if place + 1 < len(factors) else None
        columns = after if after is not None and after.operation is SELECTION else None
        yield rows, factors[place], columns
        at = place + 1 + (columns is not None)


def _takes_rows(factor: Expression) -> bool:
    return factor.operation is TRANSPOSE and factor.arguments[0].operation is SELECTION


def slice_code(
    body: Body, code: Code, rows: Expression | None, columns: Expression | None, is_entry: bool
) -> Code:
    """The part of an array; an entry is a scalar."""
    if rows is None and columns is None:
        return code
    bounds = [_bounds(body, taken, is_entry) for taken in (rows, columns)]
    return Code(f"{code.at(ATOM)}[{', '.join(bounds)}]")


def _bounds(body: Body, taken: Expression | None, is_entry: bool) -> str:
    part = None if taken is None else selected(taken)
    if part is None:
        return "0" if is_entry else ":"
    _, start, size = part
    if is_entry:
        return body.size(start).text
    return f"{body.size(start).text}:{body.size(start + size).text}"


def selection(node: Expression, shared: Collection[Expression]) -> Plan:
    """A selection that stands alone, as columns of the identity."""
    n, start, size = node.parameters

    def build(body: Body, codes: Sequence[Code]) -> Code:
        ends = body.size(start).text, body.size(start + size).text
        return Code(f"np.eye({body.size(n).text}, dtype=dtype)[:, {ends[0]}:{ends[1]}]")

    return Plan((), build)


def blocks(node: Expression, shared: Collection[Expression]) -> Plan:
    """Rows of blocks above each other in one call."""
    above = flat(node, shared) if node.operation is ABOVE else [node]
    rows = [flat(row, shared) if _is_row(row, node, shared) else [row] for row in above]

    def build(body: Body, codes: Sequence[Code]) -> Code:
        rest = iter(codes)
        lines = (", ".join(body.shorten(next(rest)).text for _ in row) for row in rows)
        return Code(f"np.block([{', '.join(f'[{line}]' for line in lines)}])")

    return Plan([block for row in rows for block in row], build)


def _is_row(row: Expression, whole: Expression, shared: Collection[Expression]) -> bool:
    return row.operation is BESIDE and (row is whole or row not in shared)
