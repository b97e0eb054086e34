"""Inverse, determinant and log-determinant in normal form: of a product, those of its factors.

Source: Magnus & Neudecker, chapter 1.
"""

from __future__ import annotations

from matdiff.dimensions import ONE
from matdiff.errors import DomainProblem
from matdiff.normal.commutative import is_outer
from matdiff.normal.core import build, entrywise, flip, key, negative, normal, plus, scaled, times
from matdiff.operations.algebra import (
    COMMUTATION,
    MULTIPLY,
    NUMBER_ONE,
    SCALE,
    SYMBOL,
    TRANSPOSE,
    Expression,
    is_identity,
    is_zero,
    make,
    number,
)
from matdiff.operations.elementwise import LOG, POWER
from matdiff.operations.linear import DIAG, KRONECKER
from matdiff.operations.nonlinear import DET, INVERSE, LOGDET, inverse


@normal(INVERSE)
def inverse_of(arguments: tuple[Expression, ...]) -> Expression:
    """X⁻¹: of a product of square matrices the product of inverses, so that neighbours cancel."""
    (X,) = arguments
    operation = X.operation
    if X.is_scalar:
        return build(POWER, X, number(-1))
    if is_zero(X) or (operation is MULTIPLY and is_outer(X)):
        what = "zero" if is_zero(X) else "a product of a column and a row"
        raise DomainProblem(
            f"the inverse of {what} does not exist: the matrix is singular", code="MX253"
        )
    if operation is SCALE:
        s, body = X.arguments
        return scaled(build(POWER, s, number(-1)), inverse_of((body,)))
    if operation is DIAG:
        return build(DIAG, build(POWER, X.arguments[0], number(-1)))
    if operation is MULTIPLY and len(blocks := square_blocks(X.arguments)) > 1:
        return times(*(inverse_of((f,)) for f in reversed(blocks)))
    if operation is KRONECKER and all(f.rows is f.columns for f in X.arguments):
        return build(KRONECKER, *(inverse_of((f,)) for f in X.arguments))
    if operation is COMMUTATION:
        return flip(X)
    symbol = X.arguments[0] if operation is TRANSPOSE else X
    if symbol.operation is SYMBOL and "orthogonal" in symbol.parameters[3:]:
        return flip(X)
    return inverse(X)


@normal(DET)
def det_of(arguments: tuple[Expression, ...]) -> Expression:
    """det(X): of a product of square matrices the product of determinants."""
    (X,) = arguments
    if X.is_scalar or is_identity(X):
        return X if X.is_scalar else NUMBER_ONE
    if X.operation is MULTIPLY and len(blocks := square_blocks(X.arguments)) > 1:
        return entrywise(*(det_of((f,)) for f in blocks))
    if X.operation is INVERSE:
        return build(POWER, det_of(X.arguments), number(-1))
    return make(DET, (untransposed(X),), (ONE, ONE))


@normal(LOGDET)
def logdet_of(arguments: tuple[Expression, ...]) -> Expression:
    """log det(X): of a product of square matrices the sum."""
    (X,) = arguments
    if X.is_scalar:
        return build(LOG, X)
    if is_identity(X):
        return number(0)
    if X.operation is MULTIPLY and len(blocks := square_blocks(X.arguments)) > 1:
        return plus(logdet_of((f,)) for f in blocks)
    if X.operation is INVERSE:
        return negative(logdet_of(X.arguments))
    return make(LOGDET, (untransposed(X),), (ONE, ONE))


def untransposed(X: Expression) -> Expression:
    """X or X', the same for both: for functions that do not see the transpose."""
    other = flip(X)
    return min(X, other, key=lambda e: (key(e).count("'"), key(e)))


def square_blocks(chain: tuple[Expression, ...]) -> list[Expression]:
    """The factors of a square product gathered into as many square blocks as it has: in X X'A⁻¹
    these are X X' and A⁻¹, so that inverse and determinant can be taken of each."""
    side = chain[0].rows
    blocks: list[Expression] = []
    start = 0
    for stop in range(1, len(chain) + 1):
        if chain[stop - 1].columns is side:
            part = chain[start:stop]
            body = make(MULTIPLY, part, (side, side)) if len(part) > 1 else part[0]
            blocks.append(body)
            start = stop
    return blocks
