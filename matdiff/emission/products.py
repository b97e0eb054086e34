"""Chains of products: multiplied in the cheapest order, by what each factor is.

Kronecker products are applied by (A⊗B) vec(V) = vec(B V A') (Magnus & Neudecker, section 2.4), here
for the rows of V' one after the other: A V' B' with V' = rows_of(v).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import cast

from matdiff.dimensions import ONE
from matdiff.emission import rules
from matdiff.emission.costs import (
    COMMUTATION,
    DIAGONAL,
    INVERSE,
    KRONECKER,
    LONGEST_ORDERED,
    PLAIN,
    SCALED_KRONECKER,
    SELECTION,
    bracketing,
)
from matdiff.emission.operands import Operand, Piece, as_stored, between_zeros, formed
from matdiff.emission.plans import Making
from matdiff.emission.values import Kernels, Value


def chain(
    operands: Sequence[Operand],
    values: Sequence[Value],
    making: Making,
    scalar: Value | None = None,
) -> Value:
    """The product of factors, given their values one after the other, times a scalar."""
    rest = iter(values)
    pieces = [o.piece(making, [next(rest) for _ in o.needs]) for o in operands]
    kernels = making.kernels
    if len(pieces) > LONGEST_ORDERED:
        product = formed(kernels, _from_one_end(pieces, kernels))
        return product if scalar is None else kernels.multiply(scalar, product)
    keys, runs = [operand.key for operand in operands], making.runs
    split = bracketing(
        pieces,
        making.sizes,
        as_written=rules.CHAINS not in making.rules,
        uses=lambda first, last: runs.occurrences(keys[first : last + 1]),
    ).split
    place = (0, len(pieces) - 1)
    if scalar is not None and rules.SCALARS in making.rules:
        place = _smallest(pieces, split, making)

    def product_of(first: int, last: int) -> Piece:  # as deep as the chain has factors: few
        has_scalar = scalar is not None and first <= place[0] and place[1] <= last
        found = None if has_scalar else runs.made(keys[first : last + 1])
        if found is not None:
            return _turned(kernels, found[0]) if found[1] else cast(Piece, found[0])
        if first == last:
            piece = pieces[first]
        else:
            middle = split[first, last]
            piece = join(kernels, product_of(first, middle), product_of(middle + 1, last))
        if scalar is not None and (first, last) == place:
            return _scaled_by(kernels, scalar, piece, making)
        if piece.kind == PLAIN and first < last and not has_scalar:
            runs.keep(keys[first : last + 1], piece)
        return piece

    return formed(kernels, product_of(0, len(pieces) - 1))


def _smallest(
    pieces: Sequence[Piece], split: Mapping[tuple[int, int], int], making: Making
) -> tuple[int, int]:
    """Where a scalar costs least: at the smallest array on the way, the product itself if none
    is smaller."""
    found = (0, len(pieces) - 1)
    least = making.sizes.entries((pieces[0].shape[0], pieces[-1].shape[1]))
    stack = [found]
    while stack:
        first, last = stack.pop()
        entries = making.sizes.entries((pieces[first].shape[0], pieces[last].shape[1]))
        if first == last:
            entries = _least_entries(pieces[first], making)
        if entries < least:
            found, least = (first, last), entries
        if first < last:
            middle = split[first, last]
            stack += [(first, middle), (middle + 1, last)]
    return found


def _least_entries(piece: Piece, making: Making) -> float:
    """The entries that a scalar factor of a single factor would have to multiply."""
    if piece.kind == DIAGONAL:
        return making.sizes.of(piece.shape[0])
    if piece.kind == KRONECKER:
        return min(making.sizes.entries(v.shape) for v in piece.values if v is not None)
    return making.sizes.entries(piece.shape) if piece.kind == PLAIN else float("inf")


def _scaled_by(kernels: Kernels, scalar: Value, piece: Piece, making: Making) -> Piece:
    """The piece times a scalar, which goes to diag(d)'s d and to the smaller factor of A⊗B."""
    if piece.kind == DIAGONAL:
        return Piece(DIAGONAL, piece.shape, (kernels.multiply(scalar, piece.value),))
    if piece.kind == KRONECKER:
        _, smaller = min(
            (making.sizes.entries(v.shape), i) for i, v in enumerate(piece.values) if v is not None
        )
        values = tuple(
            kernels.multiply(scalar, v) if i == smaller and v is not None else v
            for i, v in enumerate(piece.values)
        )
        return Piece(KRONECKER, piece.shape, values, parts=piece.parts, eyes=piece.eyes)
    return Piece(PLAIN, piece.shape, (kernels.multiply(scalar, formed(kernels, piece)),))


def _from_one_end(pieces: Sequence[Piece], kernels: Kernels) -> Piece:
    """A long chain, from the right if it ends in a column and from the left if not."""
    if pieces[-1].shape[1] is ONE:
        return reduce(lambda product, factor: join(kernels, factor, product), reversed(pieces))
    return reduce(lambda product, factor: join(kernels, product, factor), pieces)


def join(kernels: Kernels, left: Piece, right: Piece) -> Piece:
    """The product of two neighbours."""
    shape = (left.shape[0], right.shape[1])
    kinds = (left.kind, right.kind)
    if kinds == (DIAGONAL, DIAGONAL):
        return Piece(DIAGONAL, shape, (kernels.multiply(left.value, right.value),))
    fits = all(a[1] is b[0] for a, b in zip(left.parts, right.parts, strict=False))
    if kinds == (KRONECKER, KRONECKER) and fits:
        return _kronecker_products(kernels, left, right)
    if kinds == (KRONECKER, DIAGONAL):
        values = (*left.values, right.value)
        return Piece(SCALED_KRONECKER, shape, values, parts=left.parts, eyes=left.eyes)
    if kinds == (SCALED_KRONECKER, KRONECKER) and fits and left.eyes == right.eyes:
        return Piece(PLAIN, shape, (as_stored(kernels, _sandwich(kernels, left, right), shape),))
    return Piece(PLAIN, shape, (_product(kernels, left, right),))


def _product(kernels: Kernels, left: Piece, right: Piece) -> Value:
    if left.kind == SELECTION and left.shape[0] is left.data[0]:
        return between_zeros(kernels, left, formed(kernels, right), right.shape[1])
    if right.kind == SELECTION and right.shape[1] is right.data[0]:
        A = kernels.transpose(formed(kernels, left))
        return kernels.transpose(between_zeros(kernels, right, A, left.shape[0]))
    if left.shape[1] is ONE:  # what is below takes one axis of the right factor for a column
        return _plain(kernels, left, right)
    if left.kind in (DIAGONAL, COMMUTATION):
        B = formed(kernels, right)
        return _scaled(kernels, left, B) if left.kind == DIAGONAL else permuted(kernels, left, B)
    if right.kind in (DIAGONAL, COMMUTATION):
        A = kernels.transpose(formed(kernels, left))
        if right.kind == DIAGONAL:
            row = right.value if A.rank == 1 else kernels.row(right.value)
            return kernels.multiply(kernels.transpose(A), row)
        return kernels.transpose(permuted(kernels, _turned(kernels, right), A))
    if left.kind in (KRONECKER, SCALED_KRONECKER):
        return _applied(kernels, left, formed(kernels, right))
    if right.kind == KRONECKER:
        A = kernels.transpose(formed(kernels, left))
        return kernels.transpose(_applied(kernels, _turned_kronecker(kernels, right), A))
    if left.kind == INVERSE:
        return kernels.solve(left.value, formed(kernels, right), spd=left.data[0])
    A = formed(kernels, left)
    if right.kind == INVERSE:
        X = right.value if right.symmetric else kernels.transpose(right.value)
        turned = A if left.symmetric else kernels.transpose(A)
        solved = kernels.solve(X, turned, spd=right.data[0])
        return kernels.transpose(solved)
    return _plain(kernels, left, right)


def _plain(kernels: Kernels, left: Piece, right: Piece) -> Value:
    A, B = formed(kernels, left), formed(kernels, right)
    if A.rank == 0 or B.rank == 0:
        return kernels.multiply(A, B)
    if left.shape[1] is ONE:  # a column times a row
        return kernels.outer(A, B)
    if A.rank == 1 and right.symmetric:
        return kernels.matmul(B, A)
    return kernels.matmul(A, B)


def _scaled(kernels: Kernels, left: Piece, B: Value) -> Value:
    return kernels.multiply(left.value if B.rank == 1 else kernels.column(left.value), B)


def permuted(kernels: Kernels, left: Piece, B: Value) -> Value:
    """(I⊗K(m,n)⊗I) B: the rows of B in another order."""
    before, m, n, after = left.data
    if B.rank == 1 and before is ONE and after is ONE:
        return kernels.flat(kernels.transpose(kernels.rows_of(B, n, m)))
    lifted = kernels.column(B) if B.rank == 1 else B
    moved = kernels.make("permute", lifted, shape=lifted.shape, data=left.data)
    return as_stored(kernels, moved, (B.shape[0], ONE)) if B.rank == 1 else moved


def _turned(kernels: Kernels, piece: Piece) -> Piece:
    """The transpose of a plain matrix or of a commutation matrix."""
    if piece.kind == COMMUTATION:
        before, m, n, after = piece.data
        return Piece(COMMUTATION, piece.shape[::-1], data=(before, n, m, after))
    return Piece(PLAIN, piece.shape[::-1], (kernels.transpose(piece.value),))


def _turned_kronecker(kernels: Kernels, piece: Piece) -> Piece:
    return Piece(
        KRONECKER,
        piece.shape[::-1],
        tuple(None if v is None else kernels.transpose(v) for v in piece.values),
        parts=tuple(part[::-1] for part in piece.parts),
        eyes=piece.eyes,
    )


def _kronecker_products(kernels: Kernels, left: Piece, right: Piece) -> Piece:
    """(A⊗B)(C⊗D) = AC⊗BD."""
    values = tuple(
        b if a is None else a if b is None else kernels.matmul(a, b)
        for a, b in zip(left.values, right.values, strict=True)
    )
    return Piece(
        KRONECKER,
        (left.shape[0], right.shape[1]),
        values,
        parts=tuple((a[0], b[1]) for a, b in zip(left.parts, right.parts, strict=True)),
        eyes=tuple(value is None for value in values),
    )


def _applied(kernels: Kernels, left: Piece, M: Value) -> Value:
    """(A⊗B) M, or (A⊗B) diag(d) M."""
    A, B = left.values[:2]
    (m, q), (p, n) = left.parts
    if left.kind == SCALED_KRONECKER:
        d = left.values[2]
        assert d is not None
        M = kernels.multiply(d if M.rank == 1 else kernels.column(d), M)
    if M.rank == 1:
        V = kernels.rows_of(M, q, n)
        if A is not None:
            V = kernels.matmul(A, V)
        product = kernels.flat(V if B is None else kernels.matmul(V, kernels.transpose(B)))
        return as_stored(kernels, product, (m * p, ONE))
    k = M.shape[1]
    if A is not None:
        M = kernels.make("apply_left", A, M, shape=(m * n, k), data=(q,))
    if B is not None:
        M = kernels.make("apply_right", B, M, shape=(m * p, k), data=(m, n))
    return as_stored(kernels, M, (m * p, k))


def _sandwich(kernels: Kernels, left: Piece, right: Piece) -> Value:
    """(A⊗C) diag(d) (B⊗D), where A and B, or C and D, may be identities."""
    A, C, d = left.values
    B, D = right.values
    (k, q), (c, n) = left.parts
    (_, m), (_, e) = right.parts
    assert d is not None
    W = kernels.rows_of(d, q, n)
    shape = (k * c, m * e)
    if C is None or D is None:
        assert A is not None and B is not None
        blocks = scaled_products(kernels, A, kernels.transpose(W), B)
        return kernels.make("spread_inner", blocks, shape=shape)
    inner = scaled_products(kernels, C, W, D)
    if A is None or B is None:
        return kernels.make("spread_outer", inner, shape=shape)
    return kernels.make("sandwich", A, kernels.transpose(B), inner, shape=shape)


def scaled_products(kernels: Kernels, A: Value, W: Value, B: Value) -> Value:
    """A diag(w) B for each row w of W, one after the other."""
    shape = (W.shape[0], A.shape[0], B.shape[1])
    return kernels.make("scaled_products", A, W, B, shape=shape)
