"""Triangles in normal form: tril and vech, and the matrices between vec and vech in products.

The mask of a triangle is written as tril: tril(ones)∘X = tril(X).  What the matrices between vec
and vech meet in a product cancels: L_vech D = I, K D = D, D vech(S) = vec(S) of a symmetric S.
So does K before I + K, which is twice a projection.  I⊛I does for diagonal matrices what D does
for symmetric ones, (B⊗A)(I⊛I) = B⊛A.

Source: Magnus & Neudecker, section 3.8; Magnus, Linear Structures (1988), chapters 4 to 6.
"""

from __future__ import annotations

from collections.abc import Callable

from matdiff.dimensions import ONE
from matdiff.normal.core import build, entrywise, flip, normal, scaled, split, times
from matdiff.normal.properties import has
from matdiff.operations.algebra import (
    ADD,
    COMMUTATION,
    SCALE,
    TRANSPOSE,
    Expression,
    identity,
    is_identity,
    is_ones,
    number,
    zeros,
)
from matdiff.operations.linear import DIAG, DIAGONAL, KHATRI_RAO, KRONECKER, UNVEC, VEC
from matdiff.operations.record import Operation
from matdiff.operations.triangles import (
    DUPLICATION,
    ELIMINATION,
    SKEW_DUPLICATION,
    TRIL,
    VECH,
    elimination,
    lower_mask,
    tril,
    vech,
)

Pair = list[Expression] | None


@normal(TRIL)
def tril_of(arguments: tuple[Expression, ...]) -> Expression:
    """tril(X), which is X if X is lower triangular, and its diagonal if X is upper."""
    (X,) = arguments
    if has(X, "lower") or X.operation is TRIL:
        return X
    if X.operation is SCALE:
        return scaled(X.arguments[0], tril_of((X.arguments[1],)))
    return entrywise(X, identity(X.rows)) if has(X, "upper") else tril(X)


@normal(VECH)
def vech_of(arguments: tuple[Expression, ...]) -> Expression:
    """vech(X), which sees nothing above the diagonal."""
    (X,) = arguments
    if X.operation is SCALE:
        return scaled(X.arguments[0], vech_of((X.arguments[1],)))
    if X.operation is TRIL:
        return vech_of(X.arguments)
    if X.operation is UNVEC:
        return times(elimination(X.rows), X.arguments[0])
    return vech(X)


def within_triangle(parts: list[Expression]) -> Expression | None:
    """A Hadamard product with a tril among its factors: tril(A)∘B = tril(A∘B)."""
    if not any(part.operation is TRIL for part in parts):
        return None
    inside = (part.arguments[0] if part.operation is TRIL else part for part in parts)
    kept = [part for part in inside if not is_ones(part)]
    if not kept:  # the mask itself
        return parts[0]
    return build(TRIL, entrywise(*kept))


def combine_triangles(A: Expression, B: Expression) -> Pair:
    """What two neighbours become of which one is a matrix between vec and vech, or a transpose of
    one; None if they stay."""
    rule = _BEFORE.get(B.operation)
    if rule is not None and (found := rule(A, B)) is not None:
        return found
    if A.operation is ADD and B.operation is COMMUTATION:
        return _before_sum(B, A)  # I and K commute
    is_turned = A.operation is TRANSPOSE
    last = A.arguments[0] if is_turned else A
    rule = (_AFTER_TURNED if is_turned else _AFTER).get(last.operation)
    return rule(A, B) if rule is not None else None


def _is_diagonal_basis(node: Expression) -> bool:
    """Whether the node is I⊛I, of two factors."""
    inside = node.arguments
    return node.operation is KHATRI_RAO and len(inside) == 2 and all(map(is_identity, inside))


def _after_elimination(A: Expression, B: Expression) -> Pair:
    """L_vech vec(X) = vech(X), L_vech L_vech' = I, L_vech D = I."""
    if B.operation is VEC:
        return [build(VECH, B.arguments[0])]
    is_turned = B.operation is TRANSPOSE and B.arguments[0].operation is ELIMINATION
    return [] if is_turned or B.operation is DUPLICATION else None


def _after_duplication(A: Expression, B: Expression) -> Pair:
    """D vech(S) = vec(S) of a symmetric S."""
    if B.operation is VECH and has(B.arguments[0], "symmetric"):
        return [build(VEC, B.arguments[0])]
    return None


def _after_khatri_rao(A: Expression, B: Expression) -> Pair:
    """(I⊛I) x = vec(diag(x))"""
    return [build(VEC, build(DIAG, B))] if _is_diagonal_basis(A) and B.columns is ONE else None


def _after_turned_elimination(A: Expression, B: Expression) -> Pair:
    """L_vech'vech(X) = vec(tril(X)), also of ones."""
    if B.operation is VECH:
        return [build(VEC, build(TRIL, B.arguments[0]))]
    (n,) = A.arguments[0].parameters
    return [build(VEC, lower_mask(n, n))] if is_ones(B) and B.columns is ONE else None


def _after_turned_duplication(A: Expression, B: Expression) -> Pair:
    """D'K = (K D)' = D'."""
    return [A] if B.operation is COMMUTATION else None


def _after_turned_skew_duplication(A: Expression, B: Expression) -> Pair:
    """D_skew'K = -D_skew', D_skew'D_skew = 2 I, D_skew'vec(S) = 0 of a symmetric S."""
    if B.operation is COMMUTATION:
        return [number(-1), A]
    if B.operation is SKEW_DUPLICATION:
        return [scaled(2, identity(B.columns))]
    is_zero = B.operation is VEC and has(B.arguments[0], "symmetric")
    return [zeros(A.rows)] if is_zero else None


def _after_turned_khatri_rao(A: Expression, B: Expression) -> Pair:
    """(I⊛I)'vec(X) = diag(X), (P⊛Q)'(R⊛S) = P'R∘Q'S, (P⊛Q)'(C⊗D) = (C'P⊛D'Q)'."""
    inside = A.arguments[0]
    if B.operation is VEC:
        return [build(DIAGONAL, B.arguments[0])] if _is_diagonal_basis(inside) else None
    if B.operation is KHATRI_RAO:
        return _khatri_rao_product(inside, B)
    turned = _before_khatri_rao(flip(B), inside)
    return None if turned is None else [flip(times(*turned))]


def _before_duplication(A: Expression, B: Expression) -> Pair:
    """K D = D, L_vech D = I, D_skew'D = 0."""
    if A.operation is COMMUTATION:
        return [B]
    if A.operation is TRANSPOSE and A.arguments[0].operation is SKEW_DUPLICATION:
        return [zeros(A.rows, B.columns)]
    return None


def _before_skew_duplication(A: Expression, B: Expression) -> Pair:
    """K D_skew = -D_skew, D'D_skew = 0."""
    if A.operation is COMMUTATION:
        return [number(-1), B]
    if A.operation is TRANSPOSE and A.arguments[0].operation is DUPLICATION:
        return [zeros(A.rows, B.columns)]
    return None


def _before_khatri_rao(A: Expression, B: Expression) -> Pair:
    """K(P⊛Q) = Q⊛P, (C⊗D)(P⊛Q) = C P⊛D Q, diag(vec(C))(I⊛I) = (I⊛I) diag(diag(C))."""
    if len(B.arguments) != 2:
        return None
    P, Q = B.arguments
    if A.operation is COMMUTATION and A.parameters == (Q.rows, P.rows):
        return [build(KHATRI_RAO, Q, P)]
    if A.operation is KRONECKER and len(A.arguments) == 2:
        C, D = A.arguments
        if C.columns is P.rows and D.columns is Q.rows:
            return [build(KHATRI_RAO, times(C, P), times(D, Q))]
    if A.operation is DIAG and A.arguments[0].operation is VEC and _is_diagonal_basis(B):
        (C,) = A.arguments[0].arguments
        return [B, build(DIAG, build(DIAGONAL, C))]
    return None


def _khatri_rao_product(A: Expression, B: Expression) -> Pair:
    """(P⊛Q)'(R⊛S) = P'R∘Q'S"""
    if len(A.arguments) != 2 or len(B.arguments) != 2:
        return None
    (P, Q), (R, S) = A.arguments, B.arguments
    if P.rows is not R.rows or Q.rows is not S.rows:
        return None
    return [entrywise(times(flip(P), R), times(flip(Q), S))]


def _before_sum(A: Expression, B: Expression) -> Pair:
    """K(I + K) = I + K and K(I - K) = -(I - K) for K = K(n,n)."""
    if A.operation is not COMMUTATION or A.T is not A or len(B.arguments) != 2:
        return None
    sign = _sign_of_mirror(A, B)
    return None if not sign else [B] if sign > 0 else [number(-1), B]


def _sign_of_mirror(K: Expression, B: Expression) -> int:
    """1 if B is a multiple of I + K, -1 if it is one of I - K, else 0."""
    coefficients = {body: c for c, body in map(split, B.arguments)}
    one, other = coefficients.get(identity(K.rows)), coefficients.get(K)
    if not one or not other:
        return 0
    return 1 if one == other else -1 if one == -other else 0


Rules = dict[Operation, Callable[[Expression, Expression], Pair]]

_BEFORE: Rules = {
    DUPLICATION: _before_duplication,
    SKEW_DUPLICATION: _before_skew_duplication,
    KHATRI_RAO: _before_khatri_rao,
    ADD: _before_sum,
}
_AFTER: Rules = {
    DUPLICATION: _after_duplication,
    ELIMINATION: _after_elimination,
    KHATRI_RAO: _after_khatri_rao,
}
_AFTER_TURNED: Rules = {
    DUPLICATION: _after_turned_duplication,
    SKEW_DUPLICATION: _after_turned_skew_duplication,
    ELIMINATION: _after_turned_elimination,
    KHATRI_RAO: _after_turned_khatri_rao,
}
