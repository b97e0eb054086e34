"""Matrices made of blocks, and the constants that take parts of a matrix.

[A, B] and [A; B] are linear in A and B together and in neither alone, so they state differentials:
d[A, B] = dA S' for a change of A, where the selection S holds the columns of the identity that
belong to A.  After that only products stand between dX and the result, and gradients, index
networks and Hessians need to know of no blocks.  A part of a matrix is a product with selections:
X[i,j] = e_i'X e_j.

Source: Magnus & Neudecker, Matrix Differential Calculus, section 1.11 (partitioned matrices).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

from matdiff.dimensions import ONE, Dimension, at_least_one, shape_text
from matdiff.errors import ShapeProblem
from matdiff.operations import degrees
from matdiff.operations.algebra import (
    CONSTRUCTORS,
    TRANSPOSE,
    Expression,
    apply,
    identity,
    is_zero,
    make,
    multiply,
    zeros,
)
from matdiff.operations.properties import always, of_entries
from matdiff.operations.record import Notation, Operation

NONE = Dimension.of(0)

SELECTION = Operation(
    "selection",
    notation=Notation("atom", "e", latex="e_{{{0},{1}}}", numpy="np.eye({0})[:, {1}:{1} + {2}]"),
    evaluate=lambda np, n, start, size: np.eye(n)[:, start : start + size],
    example=lambda m, n: (n, m - ONE, ONE),
    positive=lambda n, start, size: (size, start + ONE, n - start - size + ONE),
    properties=always("binary"),
    summary="consecutive columns of the identity, e(i,n) the column i of I(n)",
)
BESIDE = Operation(
    "beside", signature="ij,ik->i(j+k)", associative=True,
    notation=Notation(
        "function", "blocks", latex=r"\begin{{bmatrix}} {0} & {1} \end{{bmatrix}}",
        numpy="np.hstack([{0}, {1}])",
    ),
    evaluate=lambda np, *blocks: np.hstack(blocks),
    over_field=lambda field, *blocks: _stacked(1, blocks),
    differential=(
        lambda A, B, dA: multiply(dA, selection(A.columns + B.columns, NONE, A.columns).T),
        lambda A, B, dB: multiply(dB, selection(A.columns + B.columns, A.columns, B.columns).T),
    ),
    degree=degrees.of_sum, properties=of_entries,
    summary="blocks side by side, [A, B]",
    source="Magnus & Neudecker, section 1.11",
)  # fmt: skip
ABOVE = Operation(
    "above", signature="ij,kj->(i+k)j", associative=True,
    notation=Notation(
        "function", "blocks", latex=r"\begin{{bmatrix}} {0} \\ {1} \end{{bmatrix}}",
        numpy="np.vstack([{0}, {1}])",
    ),
    evaluate=lambda np, *blocks: np.vstack(blocks),
    over_field=lambda field, *blocks: _stacked(0, blocks),
    differential=(
        lambda A, B, dA: multiply(selection(A.rows + B.rows, NONE, A.rows), dA),
        lambda A, B, dB: multiply(selection(A.rows + B.rows, A.rows, B.rows), dB),
    ),
    degree=degrees.of_sum, properties=of_entries,
    summary="blocks one above the other, [A; B]",
    source="Magnus & Neudecker, section 1.11",
)  # fmt: skip


def _stacked(axis: int, blocks: tuple[Any, ...]) -> Any:
    import numpy as np  # over a field the arrays hold objects; they are only moved

    return np.concatenate(blocks, axis=axis)


def selection(n: Dimension, start: Dimension, size: Dimension) -> Expression:
    """The columns start + 1 … start + size of I(n), n×size; ShapeProblem beyond n."""
    if at_least_one(n - start - size + ONE) is False or at_least_one(start + ONE) is False:
        raise ShapeProblem(f"the columns {start + ONE} to {start + size} of I({n}) do not exist")
    if size is n:
        return identity(n)
    return make(SELECTION, (), (n, size), (n, start, size))


def unit(i: Dimension, n: Dimension) -> Expression:
    """e(i,n), the column i of I(n), counted from one."""
    return selection(n, i - ONE, ONE)


def part(
    X: Expression, rows: tuple[Dimension, Dimension], columns: tuple[Dimension, Dimension]
) -> Expression:
    """A part of X: of its rows and of its columns each the first, counted from one, and the number
    taken."""
    (i, m), (j, n) = rows, columns
    above, right = selection(X.rows, i - ONE, m), selection(X.columns, j - ONE, n)
    return multiply(multiply(above.T, X), right)


def beside(A: Expression, B: Expression) -> Expression:
    """[A, B] for two matrices of as many rows."""
    if A.rows is not B.rows:
        raise ShapeProblem(f"[A, B]: {shape_text(A.shape)} beside {shape_text(B.shape)}")
    if is_zero(A) and is_zero(B):
        return zeros(A.rows, A.columns + B.columns)
    return apply(BESIDE, A, B)


def above(A: Expression, B: Expression) -> Expression:
    """[A; B] for two matrices of as many columns."""
    if A.columns is not B.columns:
        raise ShapeProblem(f"[A; B]: {shape_text(A.shape)} above {shape_text(B.shape)}")
    if is_zero(A) and is_zero(B):
        return zeros(A.rows + B.rows, A.columns)
    return apply(ABOVE, A, B)


def blocks(rows: Sequence[Sequence[Expression]]) -> Expression:
    """The block matrix with these rows of blocks."""
    return reduce(above, (reduce(beside, row) for row in rows))


def selected(node: Expression) -> tuple[Dimension, Dimension, Dimension] | None:
    """(n, start, size) of a selection or of the transpose of one, None for any other node."""
    if node.operation is TRANSPOSE:
        (node,) = node.arguments
    if node.operation is not SELECTION:
        return None
    n, start, size = node.parameters
    return n, start, size


CONSTRUCTORS.update({SELECTION: selection, BESIDE: beside, ABOVE: above})
