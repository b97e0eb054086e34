"""Formulas that a person may have had in mind: a claim with one thing changed.

Each is a sentence and the changed claim; the diagnosis keeps those that turn out right.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from matdiff.errors import MatdiffError
from matdiff.operations.algebra import (
    HADAMARD,
    MULTIPLY,
    SYMBOL,
    TRANSPOSE,
    Expression,
    Rational,
    hadamard,
    multiply,
    postorder,
    reapply,
    transpose,
)
from matdiff.operations.linear import DIAG, KRONECKER, diag, diagonal, kron
from matdiff.operations.nonlinear import INVERSE, inverse
from matdiff.rendering import text

Suspect = tuple[str, Expression]
MOST_PLACES = 40
LONGEST_QUOTE = 40


def altered(claim: Expression) -> Iterator[Suspect]:
    """Claims with a transpose, an order of factors, a kind of product or an inverse changed."""
    nodes = [node for node in postorder(claim) if node.arguments or node.operation is SYMBOL]
    for node in nodes[:MOST_PLACES]:
        for sentence, other in _changes(node):
            yield from put(claim, node, other, sentence)


def _changes(node: Expression) -> Iterator[Suspect]:
    """The node with something changed that leaves its shape."""
    operation, inside = node.operation, node.arguments
    written = quoted(node)
    if node.rows is node.columns and not node.is_scalar and node.operation is not TRANSPOSE:
        yield f"should have {written} transposed", node.T
        if operation is SYMBOL:
            yield f"should have {written} inverted", inverse(node)
        if operation in (SYMBOL, MULTIPLY):
            yield f"should have only the diagonal of {written}", diag(diagonal(node))
    if operation is TRANSPOSE and node.rows is node.columns:
        yield f"should not have {written} transposed", inside[0]
    if operation is INVERSE:
        yield f"should not have {written} inverted", inside[0]
    if len(inside) == 2 and inside[0].shape == inside[1].shape[::-1]:
        if operation is MULTIPLY and node.rows is node.columns:
            yield f"has the factors of {written} in the wrong order", multiply(*inside[::-1])
    if len(inside) == 2 and operation is KRONECKER:
        yield f"has the factors of {written} in the wrong order", kron(*inside[::-1])
    if operation is MULTIPLY and len(inside) == 2 and inside[0].shape == inside[1].shape:
        if node.shape == inside[0].shape:
            yield f"should have {written} as a Hadamard product", hadamard(*inside)
    if operation is HADAMARD and len(inside) == 2 and node.rows is node.columns:
        if not node.is_scalar:
            yield f"should have {written} as a matrix product", multiply(*inside)
    if operation is DIAG:
        rank_one = multiply(inside[0], transpose(inside[0]))
        yield f"should have the outer product of the vector for {written}", rank_one
    if operation is MULTIPLY and len(inside) == 2:
        yield from _regrouped(node, written)


def _regrouped(node: Expression, written: str) -> Iterator[Suspect]:
    """A (B C) as B (A C) and (A B) C as (A C) B, where the shapes allow it."""
    A, B = node.arguments
    if B.operation is MULTIPLY and len(B.arguments) == 2:
        first, second = B.arguments
        if A.shape == first.shape and A.rows is A.columns:
            order = multiply(first, multiply(A, second))
            yield f"has the factors of {written} in the wrong order", order
    if A.operation is MULTIPLY and len(A.arguments) == 2:
        first, second = A.arguments
        if B.shape == second.shape and B.rows is B.columns:
            order = multiply(multiply(first, B), second)
            yield f"has the factors of {written} in the wrong order", order


def put(claim: Expression, node: Expression, other: Expression, sentence: str) -> Iterator[Suspect]:
    """The claim with the node replaced throughout, and at each of its places alone."""
    places = [
        (user, i)
        for user in postorder(claim)
        for i, argument in enumerate(user.arguments)
        if argument is node
    ]
    for chosen in [places, *([place] for place in places if len(places) > 1)]:
        try:
            changed = _rebuilt(claim, node, other, chosen)
        except MatdiffError:
            continue  # the shapes no longer fit, or what came out does not exist
        if changed.shape == claim.shape:
            yield sentence, changed


def _rebuilt(
    claim: Expression, node: Expression, other: Expression, places: list[tuple[Expression, int]]
) -> Expression:
    if claim is node:
        return other
    new: dict[Expression, Expression] = {}
    for user in postorder(claim):
        arguments = tuple(
            other if argument is node and (user, i) in places else new[argument]
            for i, argument in enumerate(user.arguments)
        )
        new[user] = reapply(user, arguments)
    return new[claim]


def other_exponents(exponent: Rational) -> Iterator[Fraction]:
    """What else may have stood, or was meant, for an exponent."""
    e = Fraction(exponent)
    yield from dict.fromkeys((e + 1, e - 1, 2 * e, e / 2, -e, e + 2, e - 2))


def quoted(node: Expression) -> str:
    """The node as it is written, cut where that is long: it follows `the term` and its like."""
    written = text(node)
    return f"`{written}`" if len(written) <= LONGEST_QUOTE else f"`{written[:LONGEST_QUOTE]}…`"
