"""Forms that neither overflow nor cancel, however a function was written.

Each rule is an identity; what it gains is digits where the formula as written has none: the
logarithm of a sum of exponentials, of a determinant, of one plus something small.
Source: Higham, Accuracy and Stability of Numerical Algorithms (2002), section 1.14.
"""

from __future__ import annotations

from matdiff.operations.algebra import (
    ADD,
    INNER,
    MULTIPLY,
    NUMBER_ONE,
    Expression,
    apply,
    is_ones,
    number,
    number_value,
    ones,
    reapply,
    rebuild,
    scale,
)
from matdiff.operations.elementwise import COSH, EXP, LOG, POWER, SIGMOID, SOFTPLUS
from matdiff.operations.linear import TOTAL
from matdiff.operations.nonlinear import DET, LOGDET, LOGSUMEXP


def stable(root: Expression) -> Expression:
    """The expression with the identities used wherever they fit."""

    def change(node: Expression, arguments: tuple[Expression, ...]) -> Expression:
        node = reapply(node, arguments)
        if node.operation is LOG:
            return _logarithm(node)
        return _sigmoid(node) if node.operation is POWER else node

    return rebuild(root, change)


def _logarithm(node: Expression) -> Expression:
    """log(1 + exp(x)), log(σ(x)), log(cosh(x)), log(det(X)), log(sum(exp(x)))."""
    (inside,) = node.arguments
    if inside.operation is DET:
        return apply(LOGDET, *inside.arguments)
    if inside.operation is SIGMOID:
        return -apply(SOFTPLUS, -inside.arguments[0])
    if inside.operation is COSH:
        return _log_cosh(*inside.arguments)
    exponential = _one_plus_exp(inside)
    if exponential is not None:
        return apply(SOFTPLUS, exponential)
    summed = _summed_exp(inside)
    return node if summed is None else apply(LOGSUMEXP, summed)


def _log_cosh(x: Expression) -> Expression:
    """log(cosh(x)) = softplus(-2 x) + x - log(2)."""
    return apply(SOFTPLUS, scale(number(-2), x)) + x - scale(apply(LOG, number(2)), ones(*x.shape))


def _one_plus_exp(node: Expression) -> Expression | None:
    """x where the node is 1 + exp(x)."""
    if node.operation is not ADD or len(node.arguments) != 2:
        return None
    for one, other in (node.arguments, node.arguments[::-1]):
        if _is_one(one) and other.operation is EXP:
            return other.arguments[0]
    return None


def _summed_exp(node: Expression) -> Expression | None:
    """The column x where the node is sum(exp(x)), also as a product with a column of ones."""
    inside = None
    if node.operation is TOTAL:
        (inside,) = node.arguments
    elif node.operation in (MULTIPLY, INNER) and node.is_scalar and len(node.arguments) == 2:
        a, b = node.arguments
        inside = b if is_ones(a) else a if is_ones(b) else None
    if inside is None or inside.operation is not EXP:
        return None
    (x,) = inside.arguments
    return x if x.columns.value == 1 else None


def _sigmoid(node: Expression) -> Expression:
    """1/(1 + exp(-x))."""
    base, exponent = node.arguments
    if number_value(exponent) != -1:
        return node
    x = _one_plus_exp(base)
    return node if x is None else apply(SIGMOID, -x)


def _is_one(node: Expression) -> bool:
    return node is NUMBER_ONE or is_ones(node)
