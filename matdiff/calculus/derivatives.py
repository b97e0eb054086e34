"""Gradient, Jacobian and Hessian, each from the differential.

gradient   df = G : dX, by transposing the differential
jacobian   d vec(Y) = J d vec(X), by index networks, else by a product of operators
hessian    the Jacobian of the gradient
A scalar variable is differentiated forward, with dt = 1.

Layouts.  numerator, column: J = ∂vec(Y)/∂vec(X)'.  denominator: its transpose.  With vec order
"row" both Y and X are stacked row by row.
"""

from __future__ import annotations

from matdiff.calculus.differential import differential
from matdiff.calculus.networks import NoMatrixForm
from matdiff.calculus.operators import operator_product
from matdiff.calculus.readback import matrices
from matdiff.calculus.transposition import pull_back
from matdiff.errors import NameProblem
from matdiff.operations.algebra import (
    NUMBER_ONE,
    SYMBOL,
    Expression,
    commutation,
    postorder,
    substitute,
    symbol,
    symbol_name,
    zeros,
)
from matdiff.operations.linear import vec


def change_of(X: Expression) -> Expression:
    """A symbol dX of X's shape; no text can name it, so it is no variable of anybody's."""
    return symbol("d " + symbol_name(X), *X.shape)


def differential_of(Y: Expression, X: Expression) -> tuple[Expression, Expression]:
    """dY, linear in the symbol dX, and that symbol; dY is zero if X does not occur.

    NameProblem if the expression has a variable dX of its own.
    """
    dX = symbol("d" + symbol_name(X), *X.shape)
    if any(n.operation is SYMBOL and symbol_name(n) == symbol_name(dX) for n in postorder(Y)):
        raise NameProblem(
            f"{symbol_name(dX)} is a variable of the expression, and the change of "
            f"{symbol_name(X)} would have its name",
            hint="give one of the two another name",
            code="MX156",
        )
    dY = differential(Y, X, dX)
    return (zeros(*Y.shape) if dY is None else dY), dX


def gradient(f: Expression, X: Expression) -> Expression:
    """The gradient of a scalar: the matrix G of X's shape with df = G : dX."""
    dX = change_of(X)
    df = differential(f, X, dX)
    if df is None:
        return zeros(*X.shape)
    if X.is_scalar:
        return substitute(df, {dX: NUMBER_ONE})
    return pull_back(df, dX, NUMBER_ONE)


def jacobian(
    Y: Expression, X: Expression, *, layout: str = "numerator", vec_order: str = "column"
) -> Expression:
    """The Jacobian of Y (p×q) with respect to X (m×n), pq×mn in numerator layout."""
    return jacobians(Y, X, layout=layout, vec_order=vec_order)[0]


def jacobians(
    Y: Expression, X: Expression, *, layout: str = "numerator", vec_order: str = "column"
) -> list[Expression]:
    """Equal formulas of the Jacobian that differ in the side their commutation matrices are on;
    which one is shorter shows only when they are simplified."""
    numerator, by_column = layout == "numerator", vec_order == "column"
    dX = change_of(X)
    dY = differential(Y, X, dX)
    if dY is None:
        found = [zeros(Y.rows * Y.columns, X.rows * X.columns)]
    elif X.is_scalar:
        derivative = substitute(dY, {dX: NUMBER_ONE})
        found = [vec(derivative if by_column else derivative.T)]
    elif Y.is_scalar:
        G = pull_back(dY, dX, NUMBER_ONE)
        found = [vec(G if by_column else G.T).T]
    else:
        found = _candidates(dY, dX, by_column)
    return found if numerator else [J.T for J in found]


def _candidates(dY: Expression, dX: Expression, by_column: bool) -> list[Expression]:
    """Formulas of the Jacobian that differ in the side of the commutation matrices."""
    try:
        return matrices(dY, dX, by_column=by_column)
    except NoMatrixForm:
        J = operator_product(dY, dX)
        return [J if by_column else commutation(*dY.shape) @ J @ commutation(*dX.shape).T]


def hessian(
    f: Expression, X: Expression, *, layout: str = "numerator", vec_order: str = "column"
) -> Expression:
    """The Hessian of a scalar: the Jacobian of its gradient, mn×mn for X m×n."""
    return jacobian(gradient(f, X), X, layout=layout, vec_order=vec_order)
