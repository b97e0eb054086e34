"""Identities of the elementwise functions: log, exp, σ, softplus, parities.

log(1 + exp z) = softplus z, log σ(z) = z - softplus z, σ(-z) = 1 - σ(z), softplus(-z) =
softplus z - z, log softmax x = x - logsumexp(x) 1: with these the logistic and the softmax losses
collapse to what an expert writes.
"""

from __future__ import annotations

from collections.abc import Callable

from matdiff.dimensions import ONE
from matdiff.errors import DomainProblem
from matdiff.normal.core import (
    build,
    leading_sign,
    negative,
    normal,
    plus,
    scaled,
    times,
)
from matdiff.normal.identities import one_plus_exp
from matdiff.normal.inverses import logdet_of
from matdiff.normal.row_sums import logarithm_of_sums
from matdiff.normal.signs import known_logarithm
from matdiff.operations.algebra import (
    ADD,
    HALF,
    Expression,
    apply,
    is_ones,
    is_zero,
    ones,
    zeros,
)
from matdiff.operations.elementwise import (
    ABS,
    ASIN,
    ATAN,
    COS,
    COSH,
    ERF,
    EXP,
    LOG,
    SIGMOID,
    SIN,
    SINH,
    SOFTPLUS,
    TAN,
    TANH,
)
from matdiff.operations.linear import TOTAL
from matdiff.operations.nonlinear import DET, LOGSUMEXP, LOGSUMEXP_ROWS, SOFTMAX, SOFTMAX_ROWS
from matdiff.operations.record import Operation


@normal(LOG)
def log_of(arguments: tuple[Expression, ...]) -> Expression:
    (X,) = arguments
    operation = X.operation
    inside = X.arguments[0] if operation is ABS else X
    if is_zero(X):
        raise DomainProblem("the logarithm of zero does not exist", code="MX259")
    if inside.operation is DET:
        return logdet_of(inside.arguments)
    if is_ones(X):
        return zeros(*X.shape)
    if operation is EXP:
        return X.arguments[0]
    if operation is TOTAL and X.arguments[0].operation is EXP:
        column = X.arguments[0].arguments[0]
        if column.columns is ONE:
            return build(LOGSUMEXP, column)
    if (of_sums := logarithm_of_sums(X)) is not None:
        return of_sums
    if operation is SIGMOID:
        inner = X.arguments[0]
        return plus((inner, negative(build(SOFTPLUS, inner))))
    if operation is SOFTMAX:
        x = X.arguments[0]
        return plus((x, negative(scaled(build(LOGSUMEXP, x), ones(x.rows)))))
    if operation is SOFTMAX_ROWS:
        A = X.arguments[0]
        return plus((A, negative(times(build(LOGSUMEXP_ROWS, A), ones(ONE, A.columns)))))
    if operation is ADD and len(X.arguments) == 2:
        exponent = one_plus_exp(X)
        if exponent is not None:
            return build(SOFTPLUS, exponent)
        z = _complement_of_sigmoid(X)
        if z is not None:
            return negative(build(SOFTPLUS, z))
    return known_logarithm(X) or apply(LOG, X)


def _complement_of_sigmoid(X: Expression) -> Expression | None:
    """z if X is 1 - σ(z)."""
    for a, b in (X.arguments, X.arguments[::-1]):
        if is_ones(a):
            minus = negative(b)
            if minus.operation is SIGMOID:
                return minus.arguments[0]
    return None


@normal(EXP)
def exp_of(arguments: tuple[Expression, ...]) -> Expression:
    (X,) = arguments
    if is_zero(X):
        return ones(*X.shape)
    return X.arguments[0] if X.operation is LOG else apply(EXP, X)


@normal(SIGMOID)
def sigmoid_of(arguments: tuple[Expression, ...]) -> Expression:
    (X,) = arguments
    if is_zero(X):
        return scaled(HALF, ones(*X.shape))
    if leading_sign(X) < 0:
        return plus((ones(*X.shape), negative(apply(SIGMOID, negative(X)))))
    return apply(SIGMOID, X)


@normal(SOFTPLUS)
def softplus_of(arguments: tuple[Expression, ...]) -> Expression:
    (X,) = arguments
    if leading_sign(X) < 0:
        z = negative(X)
        return plus((apply(SOFTPLUS, z), negative(z)))
    return apply(SOFTPLUS, X)


ODD = (SIN, TAN, SINH, TANH, ASIN, ATAN, ERF)
EVEN = (COS, COSH)


def _parity(operation: Operation, odd: bool) -> Callable[[tuple[Expression, ...]], Expression]:
    def constructor(arguments: tuple[Expression, ...]) -> Expression:
        (X,) = arguments
        if is_zero(X) and odd:
            return X
        if leading_sign(X) < 0:
            value = apply(operation, negative(X))
            return negative(value) if odd else value
        return apply(operation, X)

    return constructor


for _operation in ODD:
    normal(_operation)(_parity(_operation, True))
for _operation in EVEN:
    normal(_operation)(_parity(_operation, False))
