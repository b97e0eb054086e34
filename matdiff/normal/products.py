"""Matrix products, Kronecker products, inverses and determinants.

A product is one flat chain without scalars; 1×1 pieces of it, x'A y, leave it as scalars.
Neighbours cancel or combine: X X⁻¹, diag(x)diag(y), (A⊗B)(C⊗D), K vec(A).
Source: Magnus & Neudecker, chapters 1-3.
"""

from __future__ import annotations

from matdiff.dimensions import ONE, Shape
from matdiff.errors import LimitReached
from matdiff.normal.core import (
    LONGEST_FLATTENED,
    build,
    entrywise,
    flip,
    key,
    normal,
    plus,
    primitive,
    scaled,
    times,
)
from matdiff.normal.diagonals import sorted_diagonals
from matdiff.normal.matrix_functions import exchanged, joined
from matdiff.normal.properties import has, mirrors
from matdiff.normal.selections import combine_parts
from matdiff.normal.triangles import combine_triangles
from matdiff.operations.algebra import (
    ADD,
    COMMUTATION,
    HADAMARD,
    IDENTITY,
    MULTIPLY,
    ONES,
    SCALE,
    TRANSPOSE,
    Expression,
    Rational,
    identity,
    is_identity,
    is_ones,
    is_zero,
    make,
    number,
    ones,
    zeros,
)
from matdiff.operations.blocks import ABOVE, BESIDE, SELECTION, selected
from matdiff.operations.elementwise import POWER
from matdiff.operations.linear import DIAG, DIAGONAL, KHATRI_RAO, KRONECKER, TOTAL, VEC, size, unvec
from matdiff.operations.matrix_functions import LARGEST_ORDER, SYLVESTER, sylvester
from matdiff.operations.nonlinear import INVERSE

PARTED = {BESIDE, ABOVE, SELECTION}
LONGEST_PRODUCT = 5000  # its derivative has that many terms of that many factors


@normal(MULTIPLY)
def product_of(factors: tuple[Expression, ...]) -> Expression:
    """The chain: flat, neighbours combined, scalars in front."""
    rows, columns = _outer_shape(factors)
    scalars: list[Expression] = []
    chain: list[Expression] = []
    stack = list(reversed(factors))
    while stack:
        factor = stack.pop()
        if factor.is_scalar:
            scalars.append(factor)
        elif is_zero(factor):
            return zeros(rows, columns)
        elif factor.operation is SCALE:
            scalars.append(factor.arguments[0])
            stack.append(factor.arguments[1])
        elif factor.operation is MULTIPLY and len(factor.arguments) <= LONGEST_FLATTENED:
            stack.extend(reversed(factor.arguments))
        elif factor.operation is ADD and (common := primitive(factor))[0] != 1:
            scalars.append(number(common[0]))
            stack.append(common[1])
        elif factor.operation is ONES and ONE not in factor.shape:
            stack.extend((ones(ONE, factor.columns), ones(factor.rows)))
        elif not is_identity(factor):
            combined = _neighbours(chain[-1], factor) if chain else None
            if combined is None:
                chain.append(factor)
                _cancel(chain)
            else:
                chain.pop()
                stack.extend(reversed(combined))
    if len(chain) > LONGEST_PRODUCT:
        raise LimitReached(
            f"a product of {len(chain)} factors is beyond the limit of {LONGEST_PRODUCT} factors",
            code="MX512",
        )
    ordered = sorted_diagonals(chain)
    if len(ordered) < len(chain):
        return times(*scalars, *(ordered or [identity(rows)]))
    chain = _without_scalars(ordered, scalars)
    if any(factor.operation is DIAG for factor in chain):
        chain = _entrywise_ends(chain)
    if chain:
        body = make(MULTIPLY, tuple(chain), (rows, columns)) if len(chain) > 1 else chain[0]
        if len(chain) == 2 and chain[0].operation is ONES and chain[1].operation is ONES:
            body = ones(rows, columns)
    else:
        body = identity(rows)
    return scaled(entrywise(*scalars), body) if scalars else body


def _cancel(chain: list[Expression]) -> None:
    """Drop M⁻¹ and the factors of M beside each other at the end of the chain."""
    last = chain[-1]
    if last.operation is INVERSE and last.arguments[0].operation is MULTIPLY:
        inside = list(last.arguments[0].arguments)
        if chain[-1 - len(inside) : -1] == inside:
            del chain[-1 - len(inside) :]
            return
    for at in range(len(chain) - 3, -1, -1):
        inverse = chain[at]
        if inverse.operation is INVERSE and inverse.arguments[0].operation is MULTIPLY:
            if chain[at + 1 :] == list(inverse.arguments[0].arguments):
                del chain[at:]
            return


def _outer_shape(factors: tuple[Expression, ...]) -> Shape:
    proper = [factor for factor in factors if not factor.is_scalar]
    if not proper:
        return ONE, ONE
    return proper[0].rows, proper[-1].columns


def _entrywise_ends(chain: list[Expression]) -> list[Expression]:
    """diag(v) before a column is a Hadamard product, so is diag(v) after a row."""
    if chain[-1].columns is ONE:
        at = max(i for i, factor in enumerate(chain) if factor.operation is DIAG)
        if at + 1 < len(chain):
            column = entrywise(chain[at].arguments[0], times(*chain[at + 1 :]))
            return list(_factors(times(*chain[:at], column)))
    elif chain[0].rows is ONE:
        at = min(i for i, factor in enumerate(chain) if factor.operation is DIAG)
        if at > 0:
            column = entrywise(flip(times(*chain[:at])), chain[at].arguments[0])
            return list(_factors(times(flip(column), *chain[at + 1 :])))
    return chain


def _factors(node: Expression) -> tuple[Expression, ...]:
    return node.arguments if node.operation is MULTIPLY else (node,)


def _without_scalars(chain: list[Expression], scalars: list[Expression]) -> list[Expression]:
    """The chain without its 1×1 pieces, which join `scalars`: x (y'z) w' is (y'z) x w'."""
    kept: list[Expression] = []
    start: int | None = None  # where in `kept` a row stands that may begin a scalar
    for factor in chain:
        kept.append(factor)
        if factor.rows is ONE:
            start = len(kept) - 1
        if factor.columns is ONE and start is not None:
            scalars.append(_scalar_product(kept[start:]))
            del kept[start:]
            start = None
    return kept


def _scalar_product(chain: list[Expression]) -> Expression:
    """A row times … times a column, 1×1, the same for the chain and its transpose."""
    first, last = chain[0], chain[-1]
    if is_ones(first):
        return build(TOTAL, times(*chain[1:]))
    if is_ones(last):
        return build(TOTAL, times(*chain[:-1]))
    if len(chain) == 2:
        column = flip(first)
        is_entry = selected(first) is not None or selected(last) is not None
        if not is_entry and {HADAMARD, POWER} & {column.operation, last.operation}:
            return build(TOTAL, entrywise(column, last))
    sign, turned = reversal(chain)
    if sign < 0 and turned == chain:  # x'K x of a skew K
        return number(0)
    forward = make(MULTIPLY, tuple(chain), (ONE, ONE))
    backward = make(MULTIPLY, tuple(turned), (ONE, ONE))
    first = min(forward, backward, key=lambda e: (key(e).count("'"), key(e)))
    return first if first is forward else scaled(sign, backward)


def reversal(chain: list[Expression]) -> tuple[Rational, list[Expression]]:
    """The transpose of a product as a sign and its factors."""
    sign: Rational = 1
    turned: list[Expression] = []
    for factor in reversed(chain):
        c, body = primitive(flip(factor))
        sign *= c
        turned.append(body)
    return sign, sorted_diagonals(turned)


def _neighbours(A: Expression, B: Expression) -> list[Expression] | None:
    """What two neighbours become, or their better order, or None."""
    combined = combine(A, B)
    return exchanged(A, B) if combined is None else combined


def combine(A: Expression, B: Expression) -> list[Expression] | None:
    """What two neighbours in a product become, or None if they stay as they are."""
    a, b = A.operation, B.operation
    if (a is INVERSE and A.arguments[0] is B) or (b is INVERSE and B.arguments[0] is A):
        return []
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
    if HADAMARD in (a, b) and (sums := _sums_of_entrywise(A, B)) is not None:
        return [sums]
    if a is ONES and A.rows is ONE and B.columns is not ONE and b is not SELECTION:
        return _column_sums(B)
    if a is SYLVESTER and A is B:
        return [scaled(size(A.rows), identity(A.rows))]
    if PARTED & {a, b} or selected(A) is not None:
        return combine_parts(A, B)
    found = combine_triangles(A, B)
    return joined(A, B) if found is None else found


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
