"""Inverses, determinant and log-determinant in normal form: of a product, those of its factors.

Source: Magnus & Neudecker, chapter 1.
"""

from __future__ import annotations

from matdiff.dimensions import ONE
from matdiff.errors import DomainProblem
from matdiff.normal.core import (
    build,
    entrywise,
    flip,
    key,
    negative,
    normal,
    plus,
    scaled,
    split,
    times,
)
from matdiff.normal.hadamard import is_outer
from matdiff.normal.properties import has
from matdiff.normal.rank_one import determinant_of_change
from matdiff.normal.sizes import size_of
from matdiff.operations.algebra import (
    HALF,
    MULTIPLY,
    NUMBER_ONE,
    SCALE,
    TRANSPOSE,
    Expression,
    apply,
    is_identity,
    is_ones,
    is_zero,
    make,
    number,
    zeros,
)
from matdiff.operations.elementwise import EXP, LOG, POWER
from matdiff.operations.linear import DIAG, KRONECKER, TOTAL, TRACE
from matdiff.operations.matrix_functions import EXPM, MATRIX_POWER, SQRTM, SYLVESTER
from matdiff.operations.nonlinear import DET, INVERSE, LOGDET, PSEUDOINVERSE, inverse

LARGEST_HADAMARD = 16  # order up to which the determinant, n^(n/2), is written as a number


@normal(INVERSE)
def inverse_of(arguments: tuple[Expression, ...]) -> Expression:
    """X⁻¹: of a product of square matrices the product of inverses, so that neighbours cancel."""
    (X,) = arguments
    operation = X.operation
    if X.is_scalar:
        return build(POWER, X, number(-1))
    what = _singular(X)
    if what is not None:
        raise DomainProblem(
            f"the inverse of {what} does not exist: the matrix is singular", code="MX253"
        )
    if has(X, "orthogonal"):
        return flip(X)
    if operation is SCALE:
        s, body = X.arguments
        return scaled(build(POWER, s, number(-1)), inverse_of((body,)))
    if operation is DIAG:
        return build(DIAG, build(POWER, X.arguments[0], number(-1)))
    if operation is MULTIPLY and len(blocks := square_blocks(X.arguments)) > 1:
        return times(*(inverse_of((f,)) for f in reversed(blocks)))
    if operation is KRONECKER and all(f.rows is f.columns for f in X.arguments):
        return build(KRONECKER, *(inverse_of((f,)) for f in X.arguments))
    if operation is SYLVESTER:
        return scaled(build(POWER, size_of(X.rows), number(-1)), X)
    if operation is EXPM:
        return build(EXPM, negative(X.arguments[0]))
    if operation is MATRIX_POWER:
        return build(MATRIX_POWER, X.arguments[0], negative(X.arguments[1]))
    return inverse(X)


def _singular(X: Expression) -> str | None:
    """What the matrix is that makes it singular; None if it may be invertible."""
    if is_zero(X):
        return "zero"
    if is_ones(X) or (X.operation is MULTIPLY and is_outer(X)):
        return "a product of a column and a row"
    return "a skew matrix of odd size" if _odd_skew(X) else None


def _odd_skew(X: Expression) -> bool:
    """Whether det(X) = det(X') = det(-X) = -det(X)."""
    side = X.rows.value
    return side is not None and side % 2 == 1 and has(X, "skew")


@normal(PSEUDOINVERSE)
def pseudoinverse_of(arguments: tuple[Expression, ...]) -> Expression:
    """X⁺, the inverse where there is one."""
    (X,) = arguments
    if has(X, "invertible"):
        return build(INVERSE, X)
    if is_zero(X):
        return zeros(X.columns, X.rows)
    if X.operation is PSEUDOINVERSE:
        return X.arguments[0]
    if X.operation is SCALE and has(X.arguments[0], "invertible"):
        s, body = X.arguments
        return scaled(build(POWER, s, number(-1)), pseudoinverse_of((body,)))
    if X.operation is TRANSPOSE:
        return flip(pseudoinverse_of(X.arguments))
    return apply(PSEUDOINVERSE, X)


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
    if _odd_skew(X):
        return number(0)
    if X.operation is SYLVESTER and (order := X.rows.value) and order <= LARGEST_HADAMARD:
        return number(-2 if order == 2 else order ** (order // 2))
    if X.operation is EXPM:
        return build(EXP, build(TRACE, *X.arguments))
    if X.operation is SQRTM:
        return build(POWER, det_of(X.arguments), HALF)
    if X.operation is MATRIX_POWER:
        return build(POWER, det_of(X.arguments[:1]), X.arguments[1])
    if (of_change := determinant_of_change(X)) is not None:
        return of_change
    return make(DET, (untransposed(X),), (ONE, ONE))


@normal(LOGDET)
def logdet_of(arguments: tuple[Expression, ...]) -> Expression:
    """log det(X): of a product of square matrices the sum."""
    (X,) = arguments
    if X.is_scalar:
        return build(LOG, X)
    if is_zero(X) or _odd_skew(X):
        return build(LOG, number(0))
    if has(X, "orthogonal"):
        return number(0)  # its determinant is 1 or -1, and has a logarithm
    if X.operation is DIAG and has(X, "spd"):
        return build(TOTAL, build(LOG, X.arguments[0]))
    if X.operation is MULTIPLY and len(blocks := square_blocks(X.arguments)) > 1:
        # det(A'A) is positive also where det(A) < 0 has no logarithm
        positive = has(X, "posdet") or has(X, "psd")
        if not positive or all(has(block, "posdet") for block in blocks):
            return plus(logdet_of((f,)) for f in blocks)
    if X.operation is INVERSE:
        return negative(logdet_of(X.arguments))
    if X.operation is EXPM:
        return build(TRACE, *X.arguments)
    if X.operation is SQRTM:
        return scaled(HALF, logdet_of(X.arguments))
    if X.operation is MATRIX_POWER:
        return entrywise(X.arguments[1], logdet_of(X.arguments[:1]))
    if (of_change := determinant_of_change(X)) is not None:
        return build(LOG, of_change)
    return make(LOGDET, (untransposed(X),), (ONE, ONE))


def untransposed(X: Expression) -> Expression:
    """X or X', the same for both: for functions that do not see the transpose.

    S K Q' of a skew K is turned to -Q K S, and Q K S stays."""
    return min(X, flip(X), key=fewest_transposes)


def fewest_transposes(X: Expression) -> tuple[int, str]:
    """The order by which an expression or its transpose is chosen; a number in front has no say."""
    text = key(split(X)[1])
    return text.count("'"), text


def square_blocks(chain: tuple[Expression, ...]) -> list[Expression]:
    """The factors of a square product gathered into as many square blocks as it has: in X X'A⁻¹
    these are X X' and A⁻¹, so that inverse and determinant can be taken of each."""
    side = chain[0].rows
    blocks: list[Expression] = []
    start = 0
    for stop in range(1, len(chain) + 1):
        if chain[stop - 1].columns is side:
            part = chain[start:stop]
            blocks.append(times(*part))
            start = stop
    return blocks
