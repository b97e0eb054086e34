"""What a formula says about a derivative, as a map on directions.

A gradient G says Df[V] = <G, V>; a Jacobian vec(DF[V]) = J vec(V); a Hessian
D²f[V, U] = vec(U)'H vec(V); a differential gives DF[V] with V in place of dX.  Layout and order of
vec decide only how arrays are stacked here.
"""

from __future__ import annotations

from typing import Any, Protocol

from matdiff.dimensions import Shape
from matdiff.operations.algebra import Expression
from matdiff.verification.evaluation import Array


class Claim(Protocol):
    """A formula for a derivative of `expression` with respect to the symbol `wrt`.

    `kind` is gradient, jacobian, hessian or differential; `layout` numerator or denominator; `vec`
    column or row; `structure` projection, free or entries; `change` the symbol dX of a
    differential, else None.
    """

    @property
    def kind(self) -> str: ...
    @property
    def expression(self) -> Expression: ...
    @property
    def wrt(self) -> Expression: ...
    @property
    def formula(self) -> Expression: ...
    @property
    def layout(self) -> str: ...
    @property
    def vec(self) -> str: ...
    @property
    def structure(self) -> str: ...
    @property
    def change(self) -> Expression | None: ...


def expected_shape(claim: Claim, direction: Shape) -> Shape:
    """The shape that a derivative of this kind and layout has, for directions of that shape."""
    Y, X = claim.expression, claim.wrt
    if claim.kind == "gradient":
        return X.shape
    if claim.kind == "differential":
        return Y.shape
    rows, columns = Y.rows * Y.columns, direction[0] * direction[1]
    if claim.kind == "hessian":
        return columns, columns
    return (rows, columns) if claim.layout == "numerator" else (columns, rows)


def stacked(claim: Claim, A: Array) -> Array:
    """vec(A) in the claim's order, a column."""
    return A.reshape((-1, 1), order="F" if claim.vec == "column" else "C")


def predicted(np: Any, claim: Claim, G: Array, V: Array, U: Array) -> Array:
    """What the formula's value G says of the derivative along V (of a Hessian, V and U)."""
    if claim.kind == "gradient":
        return np.sum(G * V).reshape(1, 1)
    if claim.kind == "differential":
        return G
    matrix = G if claim.layout == "numerator" else G.T
    image = matrix @ stacked(claim, V)
    return image if claim.kind == "jacobian" else stacked(claim, U).T @ image
