"""The right formula with one thing lost: a factor, a term, a sign, a diag, a power.

The mirror of `suspects`, which changes the claim: what a claim lacks is found by taking it away
from the right formula.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import reduce

from matdiff.errors import MatdiffError
from matdiff.judging.suspects import Suspect, other_exponents, quoted
from matdiff.operations.algebra import (
    ADD,
    HADAMARD,
    IDENTITY,
    MINUS_ONE,
    MULTIPLY,
    NUMBER,
    SCALE,
    Expression,
    add,
    hadamard,
    multiply,
    number,
    number_value,
    ones,
    postorder,
    reapply,
    scale,
)
from matdiff.operations.elementwise import POWER, power
from matdiff.operations.linear import DIAG, DIAGONAL, KRONECKER, TRACE, diag, diagonal, kron, total
from matdiff.operations.nonlinear import INVERSE
from matdiff.operations.record import Operation

MOST_PLACES = 60
Combine = Callable[[Expression, Expression], Expression]


def damaged(formula: Expression) -> Iterator[Suspect]:
    """Formulas with one thing lost, and what it is."""
    for node in postorder(formula)[-MOST_PLACES:]:
        for sentence, other in _losses(node):
            rebuilt = _with(formula, node, other)
            if rebuilt is not None:
                yield sentence, rebuilt


def _losses(node: Expression) -> Iterator[Suspect]:
    operation, inside = node.operation, node.arguments
    combine = _COMBINE.get(operation)
    if combine is not None:
        for i, part in enumerate(inside):
            rest = inside[:i] + inside[i + 1 :]
            kind = "term" if operation is ADD else "factor"
            without = _joined(combine, rest)
            if without is not None and part is not MINUS_ONE:
                of = f" of {quoted(node)}" if part.operation is NUMBER else ""
                yield f"lacks the {kind} {quoted(part)}{of}", without
            if operation is ADD:
                changed = _joined(combine, (*inside[:i], scale(MINUS_ONE, part), *inside[i + 1 :]))
                if changed is not None:
                    yield f"has the term {quoted(part)} with the wrong sign", changed
    if operation in (DIAG, INVERSE, DIAGONAL):
        yield f"lacks the {operation.name} of {quoted(inside[0])}", inside[0]
    if operation is INVERSE and inside[0].operation is ADD:
        for part in inside[0].arguments:
            yield f"keeps only {quoted(part)} of {quoted(inside[0])}", reapply(node, (part,))
    if operation is TRACE:
        yield f"takes the sum of all entries for {quoted(node)}", total(inside[0])
    if operation is IDENTITY:
        yield f"has ones in place of {quoted(node)}", ones(*node.shape)
    if operation is POWER:
        exponent = number_value(inside[1])
        if exponent is not None:
            yield f"lacks the factor {quoted(node)}", ones(*node.shape)
            for other in other_exponents(exponent):
                changed = power(inside[0], number(other))
                yield f"has the power {other} of {quoted(inside[0])} instead of {exponent}", changed
    if operation is MULTIPLY and node.rows is node.columns and not node.is_scalar:
        yield f"has only the diagonal of {quoted(node)}", diag(diagonal(node))
    if operation.elementwise and inside[0].shape == node.shape:
        yield f"lacks {operation.name} in {quoted(node)}", inside[0]


_COMBINE: dict[Operation, Combine] = {
    ADD: add,
    MULTIPLY: multiply,
    HADAMARD: hadamard,
    KRONECKER: kron,
    SCALE: scale,
}


def _joined(combine: Combine, parts: tuple[Expression, ...]) -> Expression | None:
    """The parts put together again; None if their shapes do not fit."""
    try:
        return reduce(combine, parts)
    except MatdiffError:
        return None


def _with(formula: Expression, node: Expression, other: Expression) -> Expression | None:
    """The formula with a node replaced throughout; what is above it may change its shape."""
    new = {node: other}
    try:
        for user in postorder(formula):
            if user not in new:
                arguments = tuple(new[argument] for argument in user.arguments)
                combine = _COMBINE.get(user.operation)
                if combine is not None and arguments != user.arguments:
                    new[user] = reduce(combine, arguments)
                else:
                    new[user] = reapply(user, arguments)
    except MatdiffError:
        return None
    return new[formula]
