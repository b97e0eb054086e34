"""Kronecker products in normal form, and the matrix whose vec is a column.

A Kronecker product is flat and without scalars; of a column and a row it is an ordinary product.
Source: Magnus & Neudecker, chapter 2.
"""

from __future__ import annotations

from matdiff.dimensions import ONE
from matdiff.normal.core import (
    entrywise,
    flip,
    normal,
    plus,
    primitive,
    scaled,
    times,
)
from matdiff.operations.algebra import (
    ADD,
    IDENTITY,
    SCALE,
    Expression,
    identity,
    is_ones,
    is_zero,
    make,
    number,
    ones,
    zeros,
)
from matdiff.operations.linear import KRONECKER, unvec
from matdiff.operations.matrix_functions import LARGEST_ORDER, SYLVESTER, sylvester


@normal(KRONECKER)
def kron_of(factors: tuple[Expression, ...]) -> Expression:
    """The Kronecker product: flat, scalars in front, column⊗row an ordinary product."""
    scalars: list[Expression] = []
    kept: list[Expression] = []
    stack = list(reversed(factors))
    while stack:
        factor = stack.pop()
        if factor.is_scalar:
            scalars.append(factor)
        elif factor.operation is SCALE:
            scalars.append(factor.arguments[0])
            stack.append(factor.arguments[1])
        elif factor.operation is KRONECKER:
            stack.extend(reversed(factor.arguments))
        elif factor.operation is ADD and (common := primitive(factor))[0] != 1:
            scalars.append(number(common[0]))
            stack.append(common[1])
        else:
            joined = _kron_pair(kept[-1], factor) if kept else None
            if joined is None:
                kept.append(factor)
            else:
                kept.pop()
                stack.append(joined)
    if not kept:
        return entrywise(*scalars)
    body = kept[0]
    if len(kept) > 1:
        rows, columns = kept[0].shape
        for factor in kept[1:]:
            rows, columns = rows * factor.rows, columns * factor.columns
        if any(is_zero(factor) for factor in kept):
            return zeros(rows, columns)
        body = make(KRONECKER, tuple(kept), (rows, columns))
    return scaled(entrywise(*scalars), body) if scalars else body


def _kron_pair(A: Expression, B: Expression) -> Expression | None:
    if A.operation is IDENTITY and B.operation is IDENTITY:
        return identity(A.rows * B.rows)
    if is_ones(A) and is_ones(B):
        return ones(A.rows * B.rows, A.columns * B.columns)
    if A.operation is SYLVESTER and B.operation is SYLVESTER:
        m, n = A.rows.value, B.rows.value
        return sylvester(A.rows * B.rows) if m and n and m * n <= LARGEST_ORDER else None
    if A.columns is ONE and B.rows is ONE:
        return times(A, B)
    if A.rows is ONE and B.columns is ONE:
        return times(B, A)
    return None


def unvec_normal(x: Expression, node: Expression) -> Expression:
    """The matrix of a column; a column u⊗v is v u'."""
    m, n = node.parameters
    if x.operation is SCALE:
        return scaled(x.arguments[0], unvec_normal(x.arguments[1], node))
    if x.operation is KRONECKER and len(x.arguments) == 2:
        u, v = x.arguments
        if u.rows is n and v.rows is m:
            return times(v, flip(u))
    if x.operation is ADD:
        return plus(unvec_normal(term, node) for term in x.arguments)
    return unvec(x, m, n)
