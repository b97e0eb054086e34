"""Sums and scalar factors in normal form.

A sum collects like terms: {rest: coefficient}.
"""

from __future__ import annotations

from matdiff.dimensions import ONE
from matdiff.normal.core import (
    LONGEST_FLATTENED,
    build,
    entrywise,
    exact,
    normal,
    plus,
    scaled,
    split,
    sum_order,
    with_coefficient,
)
from matdiff.normal.placements import gathered
from matdiff.operations.algebra import (
    ADD,
    HADAMARD,
    NUMBER,
    NUMBER_ONE,
    SCALE,
    Expression,
    Rational,
    is_zero,
    make,
    number,
    zeros,
)
from matdiff.operations.elementwise import (
    EXP,
    power,
)
from matdiff.operations.linear import TOTAL
from matdiff.operations.nonlinear import SOFTMAX


@normal(ADD)
def sum_of(terms: tuple[Expression, ...]) -> Expression:
    """The sum: flat, like terms collected, in the order of their keys."""
    shape = terms[0].shape
    collected: dict[Expression, Rational] = {}
    stack = list(reversed(terms))
    while stack:
        term = stack.pop()
        if term.operation is ADD and len(term.arguments) <= LONGEST_FLATTENED:
            stack.extend(reversed(term.arguments))
            continue
        c, rest = split(term)
        if rest.operation is ADD and len(rest.arguments) <= LONGEST_FLATTENED:
            inside = map(split, reversed(rest.arguments))
            stack.extend(with_coefficient(exact(c * k), part) for k, part in inside)
            continue
        if c and not is_zero(rest):
            collected[rest] = collected.get(rest, 0) + c
    kept = [with_coefficient(exact(c), rest) for rest, c in collected.items() if c]
    if not kept:
        return zeros(*shape)
    if len(kept) == 1:
        return kept[0]
    together = gathered(kept)
    if len(together) < len(kept):
        return plus(together)
    kept.sort(key=sum_order)
    return make(ADD, tuple(kept), shape)


@normal(SCALE)
def scale_of(arguments: tuple[Expression, ...]) -> Expression:
    """s A: scalars multiplied out in front; a plain number goes into a sum."""
    s, A = arguments
    if A.is_scalar:
        return entrywise(s, A)
    if s is NUMBER_ONE or is_zero(A):
        return A
    if is_zero(s):
        return zeros(*A.shape)
    if A.operation is SCALE:
        return build(SCALE, entrywise(s, A.arguments[0]), A.arguments[1])
    if A.operation is ADD and s.operation is NUMBER:
        return plus(scaled(s, term) for term in A.arguments)
    softmax = _softmax(s, A)
    return softmax if softmax is not None else make(SCALE, (s, A), A.shape)


def _softmax(s: Expression, A: Expression) -> Expression | None:
    """exp(x)/sum(exp(x)) of a column, with further scalars in front."""
    if A.operation is not EXP or A.columns is not ONE:
        return None
    divisor = power(build(TOTAL, A), number(-1))
    factors = s.arguments if s.operation is HADAMARD else (s,)
    if divisor not in factors:
        return None
    rest = [factor for factor in factors if factor is not divisor]
    softmax = build(SOFTMAX, A.arguments[0])
    return scaled(entrywise(*rest), softmax) if rest else softmax
