"""A sum beside what a term of it divides by: (P H⁻¹ + C)H = P + C H, H(H⁻¹P + C) = P + H C.

The inverses of such products meet too: (H⁻¹P + C)⁻¹H⁻¹ = (P + H C)⁻¹.
"""

from __future__ import annotations

from matdiff.normal.core import build, plus, scaled, times
from matdiff.operations.algebra import (
    ADD,
    MULTIPLY,
    NUMBER_ONE,
    SCALE,
    Expression,
    identity,
)
from matdiff.operations.nonlinear import INVERSE


def combine_with_sum(A: Expression, B: Expression) -> Expression | None:
    """What two neighbours in a product become by this, or None."""
    if A.operation is ADD:
        return _multiplied(A, B, -1)
    if B.operation is ADD:
        return _multiplied(B, A, 0)
    if A.operation is INVERSE and B.operation is INVERSE:
        product = combine_with_sum(B.arguments[0], A.arguments[0])
        return None if product is None else build(INVERSE, product)
    return None


def _multiplied(total: Expression, H: Expression, end: int) -> Expression | None:
    """The sum times H at the end -1, or H times the sum at the end 0, if terms lose an inverse."""
    lowered: list[Expression] = []
    kept: list[Expression] = []
    for term in total.arguments:
        s, body = term.arguments if term.operation is SCALE else (NUMBER_ONE, term)
        chain = body.arguments if body.operation is MULTIPLY else (body,)
        if chain[end].operation is INVERSE and chain[end].arguments[0] is H:
            rest = chain[:-1] if end else chain[1:]
            lowered.append(scaled(s, times(*rest) if rest else identity(H.rows)))
        else:
            kept.append(term)
    if not lowered:
        return None
    if kept:
        others = plus(kept)
        lowered.append(times(others, H) if end else times(H, others))
    return plus(lowered)
