"""Identities of functions of a square matrix: exponential, logarithm, root, powers with a name.

Among functions of one matrix all products commute; the plain factor is put first, A expm(t A), so
that equal products are one.  logm, sqrtm and X^k are the principal ones.
Source: Higham, Functions of Matrices (2008), theorems 1.13 and 1.15, section 11.1.
"""

from __future__ import annotations

from matdiff.limits import POWER as LARGEST_POWER
from matdiff.normal.core import build, negative, normal, plus, scaled, times
from matdiff.operations.algebra import (
    HALF,
    IDENTITY,
    MINUS_ONE,
    NUMBER_ONE,
    SCALE,
    Expression,
    identity,
    is_identity,
    is_ones,
    is_zero,
    number_value,
    ones,
    zeros,
)
from matdiff.operations.commuting import commute
from matdiff.operations.elementwise import EXP, LOG, POWER
from matdiff.operations.linear import DIAG
from matdiff.operations.matrix_functions import EXPM, LOGM, MATRIX_POWER, SQRTM, expm, logm, powm
from matdiff.operations.matrix_functions import sqrtm as root_of
from matdiff.operations.nonlinear import INVERSE
from matdiff.operations.record import Operation

ELEMENTWISE_OF = {EXPM: (EXP, ()), LOGM: (LOG, ()), SQRTM: (POWER, (HALF,))}


@normal(EXPM)
def expm_of(arguments: tuple[Expression, ...]) -> Expression:
    (X,) = arguments
    if is_zero(X):
        return identity(X.rows)
    if X.operation is LOGM:
        return X.arguments[0]
    return _of_diagonal(EXPM, X) or expm(X)


@normal(LOGM)
def logm_of(arguments: tuple[Expression, ...]) -> Expression:
    (X,) = arguments
    if is_identity(X):
        return zeros(*X.shape)
    if X.operation is EXPM:
        return X.arguments[0]
    if X.operation is INVERSE:
        return negative(logm_of(X.arguments))
    if X.operation is SQRTM:
        return scaled(HALF, logm_of(X.arguments))
    return _of_diagonal(LOGM, X) or logm(X)


@normal(SQRTM)
def sqrtm_of(arguments: tuple[Expression, ...]) -> Expression:
    (X,) = arguments
    if X.operation is INVERSE:
        return build(INVERSE, sqrtm_of(X.arguments))
    return _of_diagonal(SQRTM, X) or root_of(X)


@normal(MATRIX_POWER)
def power_of(arguments: tuple[Expression, ...]) -> Expression:
    X, k = arguments
    value = number_value(k)
    if _is_whole(k) and not X.is_scalar:
        assert isinstance(value, int)
        base = build(INVERSE, X) if value < 0 else X
        return times(*[base] * abs(value)) if value else identity(X.rows)
    if X.operation is INVERSE:
        return power_of((X.arguments[0], negative(k)))
    vector = diagonal_of(X)
    return powm(X, k) if vector is None else _diagonal(build(POWER, vector, k))


def _is_whole(k: Expression) -> bool:
    """Whether the exponent is a number of factors that is written out."""
    value = number_value(k)
    return isinstance(value, int) and abs(value) <= LARGEST_POWER


def _of_diagonal(operation: Operation, X: Expression) -> Expression | None:
    """f(diag(x)) = diag(f(x)), None if X is not seen to be diagonal."""
    vector = diagonal_of(X)
    if vector is None:
        return None
    function, parameters = ELEMENTWISE_OF[operation]
    s, rest = vector.arguments if vector.operation is SCALE else (NUMBER_ONE, vector)
    if is_ones(rest):
        return scaled(build(function, s, *parameters), identity(X.rows))
    return _diagonal(build(function, vector, *parameters))


def diagonal_of(X: Expression) -> Expression | None:
    """x for X = diag(x), s diag(x) or s I; None for any other matrix."""
    if X.operation is SCALE:
        inside = diagonal_of(X.arguments[1]) if X.arguments[1].operation is not SCALE else None
        return None if inside is None else scaled(X.arguments[0], inside)
    if X.operation is IDENTITY:
        return ones(X.rows)
    return X.arguments[0] if X.operation is DIAG else None


def _diagonal(x: Expression) -> Expression:
    return build(DIAG, x)


def joined(A: Expression, B: Expression) -> list[Expression] | None:
    """What two neighbours in a product become: expm(X) expm(-X) = I, sqrtm(X)^2 = X,
    X^k X = X^(k + 1)."""
    if not (_is_function(A) or _is_function(B)):
        return None
    a, b = A.operation, B.operation
    if a is EXPM and b is EXPM and negative(A.arguments[0]) is B.arguments[0]:
        return []
    if MATRIX_POWER in (a, b):
        (X, k), (Y, j) = _base_and_exponent(A), _base_and_exponent(B)
        exponent = plus((k, j))
        if X is Y and (number_value(exponent) is None or _is_whole(exponent)):
            return [build(MATRIX_POWER, X, exponent)]
    (X, halves), (Y, others) = _base_and_halves(A), _base_and_halves(B)
    if X is Y and abs(halves + others) <= 2 and (halves % 2 or others % 2):
        return _half_power(X, halves + others)
    return None


def _base_and_halves(A: Expression) -> tuple[Expression, int]:
    """X and twice its exponent, for sqrtm(X), X and their inverses."""
    sign = -1 if A.operation is INVERSE else 1
    base = A.arguments[0] if sign < 0 else A
    return (base.arguments[0], sign) if base.operation is SQRTM else (base, 2 * sign)


def _half_power(X: Expression, halves: int) -> list[Expression]:
    if not halves:
        return []
    power = X if abs(halves) == 2 else root_of(X)
    return [power if halves > 0 else build(INVERSE, power)]


def _is_function(A: Expression) -> bool:
    """Whether A is f(X) or its inverse."""
    inside = A.arguments[0] if A.operation is INVERSE else A
    return inside.operation.spectral is not None


def _base_and_exponent(A: Expression) -> tuple[Expression, Expression]:
    if A.operation is MATRIX_POWER:
        return A.arguments[0], A.arguments[1]
    return (A.arguments[0], MINUS_ONE) if A.operation is INVERSE else (A, NUMBER_ONE)


def exchanged(A: Expression, B: Expression) -> list[Expression] | None:
    """f(X) B as B f(X) for a plain B that commutes with X."""
    if not _is_function(A) or _is_function(B):
        return None
    return [B, A] if A.rows is B.columns and B.rows is B.columns and commute(B, A) else None
