"""What two neighbours in a product become: X X⁻¹, diag(x)diag(y), (A⊗B)(C⊗D), K vec(A).

Source: Magnus & Neudecker, chapters 1-3.
"""

from __future__ import annotations

from matdiff.dimensions import ONE
from matdiff.normal.core import (
    build,
    entrywise,
    flip,
    scaled,
    times,
)
from matdiff.normal.matrix_functions import joined
from matdiff.normal.properties import has, mirrors
from matdiff.normal.row_sums import combine_rows
from matdiff.normal.selections import combine_parts
from matdiff.normal.sizes import size_of
from matdiff.normal.sums_divided import combine_with_sum
from matdiff.normal.triangles import combine_triangles
from matdiff.operations.algebra import (
    COMMUTATION,
    HADAMARD,
    ONES,
    TRANSPOSE,
    Expression,
    identity,
    is_identity,
    is_ones,
    number,
    ones,
)
from matdiff.operations.blocks import ABOVE, BESIDE, SELECTION, selected
from matdiff.operations.linear import DIAG, DIAGONAL, KHATRI_RAO, KRONECKER, VEC
from matdiff.operations.matrix_functions import SYLVESTER
from matdiff.operations.nonlinear import INVERSE, PSEUDOINVERSE

PARTED = {BESIDE, ABOVE, SELECTION}


def combine(A: Expression, B: Expression) -> list[Expression] | None:
    """What two neighbours in a product become, or None if they stay as they are."""
    a, b = A.operation, B.operation
    if (a is INVERSE and A.arguments[0] is B) or (b is INVERSE and B.arguments[0] is A):
        return []
    if (projection := _projection(A, B)) is not None:
        return projection
    if (met := combine_with_sum(A, B)) is not None:
        return [met]
    if has(A, "orthogonal") and (sign := mirrors(A, B)):
        return [] if sign > 0 else [number(-1)]
    if a is DIAG and b is DIAG:
        return [build(DIAG, entrywise(A.arguments[0], B.arguments[0]))]
    if a is DIAG and b is KRONECKER and A.arguments[0].operation is VEC:
        return _scaled_blocks(A.arguments[0].arguments[0], B)
    if a is DIAG and B.columns is ONE:
        return [entrywise(A.arguments[0], B)]
    if b is DIAG and A.rows is ONE:
        return [flip(entrywise(flip(A), B.arguments[0]))]
    if a is COMMUTATION and b is COMMUTATION and A.parameters == B.parameters[::-1]:
        return []
    if a is COMMUTATION and b is VEC and B.arguments[0].shape == A.parameters:
        return [build(VEC, flip(B.arguments[0]))]
    if b is COMMUTATION and a is TRANSPOSE and A.arguments[0].operation is VEC:
        turned = A.arguments[0].arguments[0]
        if turned.shape == B.parameters[::-1]:
            return [flip(build(VEC, flip(turned)))]
    if a is KRONECKER:
        if b is KRONECKER:
            return _mixed_product(A, B)
        if b is VEC:
            return _vec_of_product(A, B.arguments[0])
        if is_ones(B) and B.columns is ONE:  # (A⊗B)1 = A1⊗B1
            return [build(KRONECKER, *(times(part, ones(part.columns)) for part in A.arguments))]
        if b is DIAG and B.arguments[0].operation is VEC:
            columnwise = _scaled_blocks(B.arguments[0].arguments[0], flip(A))
            return None if columnwise is None else [flip(columnwise[0])]
    if (of_rows := combine_rows(A, B)) is not None:
        return of_rows
    if HADAMARD in (a, b) and (sums := _sums_of_entrywise(A, B)) is not None:
        return [sums]
    if a is ONES and A.rows is ONE and B.columns is not ONE and b is not SELECTION:
        return _column_sums(B)
    if a is SYLVESTER and A is B:
        return [scaled(size_of(A.rows), identity(A.rows))]
    if PARTED & {a, b} or selected(A) is not None:
        return combine_parts(A, B)
    found = combine_triangles(A, B)
    return joined(A, B) if found is None else found


def _projection(A: Expression, B: Expression) -> list[Expression] | None:
    """(X⁺)'X' = X X⁺ and X'(X⁺)' = X⁺X, which are symmetric."""
    for pinv, other in ((A, B), (B, A)):
        if pinv.operation is TRANSPOSE and pinv.arguments[0].operation is PSEUDOINVERSE:
            plain = pinv.arguments[0]
            X = plain.arguments[0]
            if flip(other) is X:
                return [X, plain] if pinv is A else [plain, X]
    return None


def _sums_of_entrywise(A: Expression, B: Expression) -> Expression | None:
    """(A∘B) 1 = diag(A B') and 1'(A∘B) = diag(A'B)': the sums of rows and of columns."""
    if A.operation is HADAMARD and is_ones(B) and B.columns is ONE:
        *others, last = A.arguments
        return build(DIAGONAL, times(entrywise(*others), flip(last)))
    if B.operation is HADAMARD and is_ones(A) and A.rows is ONE:
        *others, last = B.arguments
        return flip(build(DIAGONAL, times(flip(entrywise(*others)), last)))
    return None


def _scaled_blocks(A: Expression, B: Expression) -> list[Expression] | None:
    """diag(vec A)(1⊗I) = A'⊛I and diag(vec A)(I⊗1) = I⊛A, Khatri-Rao products."""
    left, right = B.arguments[0], B.arguments[-1]
    if len(B.arguments) == 2 and left.rows is A.columns and right.rows is A.rows:
        if is_ones(left) and left.columns is ONE and is_identity(right):
            return [build(KHATRI_RAO, flip(A), right)]
        if is_identity(left) and is_ones(right) and right.columns is ONE:
            return [build(KHATRI_RAO, left, A)]
    return None


def _mixed_product(A: Expression, B: Expression) -> list[Expression] | None:
    """(A⊗B)(C⊗D) = AC⊗BD where the factors' sizes allow it."""
    if len(A.arguments) != len(B.arguments):
        return None
    pairs = list(zip(A.arguments, B.arguments, strict=True))
    if any(a.columns is not b.rows for a, b in pairs):
        return None
    return [build(KRONECKER, *(times(a, b) for a, b in pairs))]


def _vec_of_product(A: Expression, X: Expression) -> list[Expression] | None:
    """(Q⊗P) vec(X) = vec(P X Q')"""
    if len(A.arguments) == 2:
        Q, P = A.arguments
        if P.columns is X.rows and Q.columns is X.columns:
            return [build(VEC, times(P, X, flip(Q)))]
    return None


def _column_sums(B: Expression) -> list[Expression] | None:
    """1'(A⊗B) splits; 1'diag(x) is handled with diag."""
    if B.operation is KRONECKER:
        parts = [times(ones(ONE, part.rows), part) for part in B.arguments]
        return [build(KRONECKER, *parts)]
    return None
