"""Claims with something else in place of one part, or with one part too many.

These come after `suspects`: a sign, a factor or a term that should not be there, a function for
its derivative, one size for another.
"""

from __future__ import annotations

from collections.abc import Iterator

from matdiff.judging.suspects import MOST_PLACES, Suspect, other_exponents, put, quoted
from matdiff.normal import normalise
from matdiff.operations.algebra import (
    ADD,
    COMMUTATION,
    HADAMARD,
    HALF,
    MINUS_ONE,
    MULTIPLY,
    NUMBER,
    SCALE,
    TWO,
    Expression,
    commutation,
    number,
    number_value,
    postorder,
    reapply,
    scale,
)
from matdiff.operations.elementwise import EXP, LOG, POWER, power
from matdiff.operations.linear import SIZE, size
from matdiff.operations.matrix_functions import expm, logm

# what a term of the claim has to be multiplied by, and what was wrong with it
_TIMES = (
    (MINUS_ONE, "has the term {} with the wrong sign"),
    (HALF, "has the term {} with a factor 2 too many"),
    (TWO, "has the term {} without a factor 2"),
)
_OF_MATRICES = {EXP: expm, LOG: logm}  # entry by entry, for the function of a square matrix


def exchanged(claim: Expression) -> Iterator[Suspect]:
    """Claims with one part exchanged, and what is wrong with the one handed in."""
    sizes = dict.fromkeys(
        size(side) for node in postorder(claim) for side in node.shape if side.name is not None
    )
    for node in postorder(claim)[-MOST_PLACES:]:
        for sentence, other in _changes(node, list(sizes)):
            yield from put(claim, node, other, sentence)


def _changes(node: Expression, sizes: list[Expression]) -> Iterator[Suspect]:
    if node.operation is ADD:
        yield from _of_terms(node)
    elif node.operation in (MULTIPLY, HADAMARD, SCALE):
        yield from _of_factors(node)
    for other in _instead(node, sizes):
        yield f"should have {quoted(other)} in place of {quoted(node)}", other


def _of_terms(node: Expression) -> Iterator[Suspect]:
    terms = node.arguments
    for i, term in enumerate(terms):
        for factor, sentence in _TIMES:
            changed = (*terms[:i], scale(factor, term), *terms[i + 1 :])
            yield sentence.format(quoted(term)), reapply(node, changed)
    for i, term in enumerate(terms):
        rest = terms[:i] + terms[i + 1 :]
        without = rest[0] if len(rest) == 1 else reapply(node, rest)
        yield f"has the term {quoted(term)} too many", without


def _of_factors(node: Expression) -> Iterator[Suspect]:
    for i, factor in enumerate(node.arguments):
        rest = node.arguments[:i] + node.arguments[i + 1 :]
        if len(rest) == 1 and rest[0].shape == node.shape and factor.operation is not NUMBER:
            yield f"has the factor {quoted(factor)} too many", rest[0]


def _instead(node: Expression, sizes: list[Expression]) -> Iterator[Expression]:
    """What may have been meant by a part, of the same shape."""
    operation, inside = node.operation, node.arguments
    if operation is COMMUTATION:
        m, n = node.parameters
        yield commutation(n, m)
    if operation is SIZE:
        yield from (other for other in sizes if other is not node)
    if operation is POWER:
        exponent = number_value(inside[1])
        for other in other_exponents(exponent) if exponent is not None else ():
            yield power(inside[0], number(other))
    elif operation.elementwise and len(inside) == 1:
        if operation.derivative is not None:
            yield normalise(operation.derivative(inside[0]))
        for factor in (HALF, TWO, MINUS_ONE):
            yield reapply(node, (scale(factor, inside[0]),))
        if operation in _OF_MATRICES and node.rows is node.columns and not node.is_scalar:
            yield _OF_MATRICES[operation](inside[0])
