"""Hadamard products of matrices, where their structure gives a simpler form."""

from __future__ import annotations

from matdiff.dimensions import ONE
from matdiff.normal.core import (
    build,
    entrywise,
    flip,
    scaled,
    times,
)
from matdiff.normal.properties import has
from matdiff.normal.signs import entrywise_factors
from matdiff.normal.triangles import within_triangle
from matdiff.operations.algebra import (
    HADAMARD,
    IDENTITY,
    MULTIPLY,
    Expression,
    is_ones,
    make,
)
from matdiff.operations.blocks import selected
from matdiff.operations.elementwise import POWER
from matdiff.operations.linear import DIAG, DIAGONAL, KHATRI_RAO, KRONECKER


def structured(parts: list[Expression]) -> Expression:
    """The Hadamard product of matrices, where their structure gives a simpler form."""
    shape = parts[0].shape
    if len(parts) == 1:
        return parts[0]
    if all(has(part, "diagonal") for part in parts):
        return times(*parts)
    for part in parts:
        if part.operation is DIAG or part.operation is IDENTITY:
            rest = [build(DIAGONAL, other) for other in parts if other is not part]
            vector = [build(DIAGONAL, part)] if part.operation is DIAG else []
            return build(DIAG, entrywise(*vector, *rest))
        if ONE in part.shape and selected(part) is not None:  # e_i∘v = v_i e_i
            others = entrywise(*(other for other in parts if other is not part))
            entry = (flip(part), others) if part.columns is ONE else (others, flip(part))
            return scaled(times(*entry), part)
        if is_outer(part):  # M∘(u 1') = diag(u) M and M∘(1 v') = M diag(v)
            u, v = outer_parts(part)
            if selected(u) is not None:  # M∘(e_i v') = e_i (M[i,:]∘v')
                others = entrywise(*(other for other in parts if other is not part))
                return times(u, entrywise(times(flip(u), others), flip(v)))
            if selected(v) is not None:
                others = entrywise(*(other for other in parts if other is not part))
                return times(entrywise(times(others, v), u), flip(v))
            if is_ones(u) or is_ones(v):
                body = entrywise(*(other for other in parts if other is not part))
                return times(build(DIAG, u), body, build(DIAG, v))
    merged = _merge_pairs(parts)
    if merged is not None:
        return entrywise(*merged)
    triangle = within_triangle(parts)
    return triangle if triangle is not None else make(HADAMARD, tuple(parts), shape)


def _merge_pairs(parts: list[Expression]) -> list[Expression] | None:
    """(u v')∘(x y') = (u∘x)(v∘y)' and (A⊗B)∘(C⊗D) = (A∘C)⊗(B∘D), for one pair."""
    outer = [A for A in parts if is_outer(A)]
    if len(outer) > 1:
        (u, v), (x, y) = outer_parts(outer[0]), outer_parts(outer[1])
        joint = times(entrywise(u, x), flip(entrywise(v, y)))
        return [joint, *(A for A in parts if A is not outer[0] and A is not outer[1])]
    krons = [A for A in parts if A.operation is KRONECKER]
    for i, A in enumerate(krons):
        for B in krons[i + 1 :]:
            if [a.shape for a in A.arguments] == [b.shape for b in B.arguments]:
                pairs = zip(A.arguments, B.arguments, strict=True)
                joint = build(KRONECKER, *(entrywise(a, b) for a, b in pairs))
                return [joint, *(C for C in parts if C is not A and C is not B)]
            khatri_rao = _by_columns(A, B) or _by_columns(B, A) or _by_rows(A, B) or _by_rows(B, A)
            if khatri_rao is not None:
                return [khatri_rao, *(C for C in parts if C is not A and C is not B)]
    return None


def _by_columns(A: Expression, B: Expression) -> Expression | None:
    """(P⊗1)∘(1⊗Q), the Khatri-Rao product of P and Q."""
    P, right = A.arguments[0], A.arguments[-1]
    left, Q = B.arguments[0], B.arguments[-1]
    pair = len(A.arguments) == len(B.arguments) == 2 and is_ones(left) and is_ones(right)
    if pair and P.shape == (left.rows, Q.columns) and right.shape == (Q.rows, ONE):
        return build(KHATRI_RAO, P, Q)
    return None


def is_outer(A: Expression) -> bool:
    """A product of a column and a row, whatever they are made of."""
    return A.operation is MULTIPLY and any(f.columns is ONE for f in A.arguments[:-1])


def _by_rows(A: Expression, B: Expression) -> Expression | None:
    """(P⊗1')∘(1'⊗Q), the transpose of the Khatri-Rao product of P' and Q'."""
    joint = _by_columns(flip(A), flip(B)) if any(map(is_ones, A.arguments)) else None
    return None if joint is None else flip(joint)


def outer_parts(A: Expression) -> tuple[Expression, Expression]:
    """u, v with A = u v'."""
    at = next(i for i, f in enumerate(A.arguments) if f.columns is ONE) + 1
    return times(*A.arguments[:at]), flip(times(*A.arguments[at:]))


def cancelled(A: Expression, B: Expression) -> Expression | None:
    """A∘B if factors of A and B meet in it: diag(A B') = (A∘B)1, so diag((C⊘B)B') = C 1."""
    if not {HADAMARD, POWER} & {A.operation, B.operation}:
        return None
    joint = entrywise(A, B)
    apart, together = (sum(map(len, map(entrywise_factors, of))) for of in ((A, B), (joint,)))
    return joint if together < apart else None
