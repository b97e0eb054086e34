"""Multilinear operations besides the algebra proper: trace, sum, diag, vec, Kronecker.

Each states the Frobenius move for its argument, G : op(dX) = pullback : dX.
Source: Magnus & Neudecker, Matrix Differential Calculus, chapters 2 and 3.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from matdiff.dimensions import ONE, Dimension, shape_text
from matdiff.errors import ShapeProblem
from matdiff.operations.algebra import (
    CONSTRUCTORS,
    NUMBER_ONE,
    Expression,
    apply,
    hadamard,
    identity,
    is_identity,
    is_zero,
    make,
    multiply,
    number,
    ones,
    scale,
    zeros,
)
from matdiff.operations.properties import (
    always,
    of_diag,
    of_diagonal,
    of_entries,
    of_kronecker,
    of_total,
    of_trace,
)
from matdiff.operations.record import Notation, Operation

TRACE = Operation(
    "tr", signature="ii->", spellings=("tr", "trace"),
    notation=Notation("function", "tr", latex=r"\operatorname{tr}", numpy="np.trace({0})"),
    evaluate=lambda np, X: np.sum(np.diagonal(X), keepdims=True).reshape(1, 1),
    pullback=(lambda G, X: scale(G, identity(X.rows)),),
    properties=of_trace,
    summary="trace",
)  # fmt: skip
TOTAL = Operation(
    "sum", signature="ij->", spellings=("sum",),
    notation=Notation("function", "sum", latex=r"\operatorname{sum}", numpy="np.sum({0})"),
    evaluate=lambda np, X: np.sum(X, keepdims=True),
    pullback=(lambda G, X: scale(G, ones(*X.shape)),),
    properties=of_total,
    summary="sum of all entries",
)  # fmt: skip
DIAG = Operation(
    "diag", signature="i->ii", spellings=("diag",),
    notation=Notation("function", "diag", latex=r"\operatorname{diag}", numpy="np.diagflat({0})"),
    evaluate=lambda np, x: np.diagflat(x),
    pullback=(lambda G, x: diagonal(G),),
    properties=of_diag,
    summary="diagonal matrix of a vector",
)  # fmt: skip
DIAGONAL = Operation(
    "diagonal", signature="ii->i", spellings=("diag",),
    notation=Notation(
        "function", "diag", latex=r"\operatorname{diag}", numpy="np.diag({0}).reshape(-1, 1)"
    ),
    evaluate=lambda np, X: np.diag(X).reshape(-1, 1),
    pullback=(lambda G, X: diag(G),),
    properties=of_diagonal,
    summary="column of a square matrix's diagonal",
)  # fmt: skip
VEC = Operation(
    "vec", signature="ij->(ji)", spellings=("vec",),
    notation=Notation(
        "function", "vec", latex=r"\operatorname{vec}",
        numpy='np.reshape({0}, (-1, 1), order="F")',
    ),
    evaluate=lambda np, X: X.reshape((-1, 1), order="F"),
    pullback=(lambda G, X: unvec(G, X.rows, X.columns),),
    properties=of_entries,
    summary="columns of a matrix stacked, the first on top",
)  # fmt: skip
UNVEC = Operation(
    "unvec", signature="(ji)->ij", spellings=("unvec",),
    notation=Notation(
        "function", "unvec", latex=r"\operatorname{unvec}",
        numpy='np.reshape({0}, ({1}, {2}), order="F")',
    ),
    evaluate=lambda np, x, m, n: x.reshape((m, n), order="F"),
    pullback=(lambda G, x: vec(G),),
    properties=of_entries,
    summary="matrix m×n whose vec is the given column: unvec(x, m, n)",
)  # fmt: skip
KRONECKER = Operation(
    "kron", signature="ij,kl->(ik)(jl)", spellings=("kron",), associative=True,
    notation=Notation("infix", "⊗", strength=4, latex=r"\otimes", numpy="np.kron({0}, {1})"),
    evaluate=lambda np, *factors: _kron(np, factors),
    pullback=(
        lambda G, A, B: _contract_right(G, A, B),
        lambda G, A, B: _contract_left(G, A, B),
    ),
    properties=of_kronecker,
    summary="Kronecker product",
)  # fmt: skip


KHATRI_RAO = Operation(
    "khatri_rao", signature="ij,kj->(ik)j", spellings=("khatri_rao",), associative=True,
    notation=Notation(
        "infix", "⊛", strength=4, latex=r"\operatorname{khatri\_rao}",
        numpy="(np.repeat({0}, len({1}), axis=0) * np.tile({1}, (len({0}), 1)))",
    ),
    evaluate=lambda np, A, B: np.repeat(A, len(B), axis=0) * np.tile(B, (len(A), 1)),
    pullback=(
        lambda G, A, B: _sums_within(G * kron(ones(A.rows), B), A.rows, B.rows),
        lambda G, A, B: _sums_between(G * kron(A, ones(B.rows)), A.rows, B.rows),
    ),
    properties=of_entries,
    summary="Kronecker products of the columns, side by side",
    source="Khatri & Rao 1968",
)  # fmt: skip


def _sums_within(G: Expression, blocks: Dimension, size_of_block: Dimension) -> Expression:
    """The sum of the rows of each block of rows."""
    return multiply(kron(identity(blocks), ones(ONE, size_of_block)), G)


def _sums_between(G: Expression, blocks: Dimension, size_of_block: Dimension) -> Expression:
    """The sum of the blocks of rows."""
    return multiply(kron(ones(ONE, blocks), identity(size_of_block)), G)


def _kron(np: Any, factors: tuple[Any, ...]) -> Any:
    result = factors[0]
    for factor in factors[1:]:
        result = np.kron(result, factor)
    return result


def _contract_right(G: Expression, A: Expression, B: Expression) -> Expression:
    """The matrix of sums over k, l of G[(ik),(jl)] B[k,l]: what stands against A in G : A⊗B."""
    (m, n), (k, columns) = A.shape, B.shape
    if columns is ONE:
        return multiply(kron(identity(m), B.T), G)
    if k is ONE:
        return multiply(G, kron(identity(n), B.T))
    weighted = hadamard(G, kron(ones(m, n), B))
    left, right = kron(identity(m), ones(ONE, k)), kron(identity(n), ones(columns))
    return multiply(multiply(left, weighted), right)


def _contract_left(G: Expression, A: Expression, B: Expression) -> Expression:
    """The matrix of sums over i, j of G[(ik),(jl)] A[i,j]: what stands against B in G : A⊗B."""
    (m, n), (k, columns) = A.shape, B.shape
    if n is ONE:
        return multiply(kron(A.T, identity(k)), G)
    if m is ONE:
        return multiply(G, kron(A.T, identity(columns)))
    weighted = hadamard(G, kron(A, ones(k, columns)))
    left, right = kron(ones(ONE, m), identity(k)), kron(ones(n), identity(columns))
    return multiply(multiply(left, weighted), right)


def trace(X: Expression) -> Expression:
    """tr(X), the sum of the diagonal of a square matrix."""
    if X.is_scalar:
        return X
    return apply(TRACE, X)


def total(X: Expression) -> Expression:
    """The sum of all entries of X."""
    return X if X.is_scalar else apply(TOTAL, X)


def diag(x: Expression) -> Expression:
    """The diagonal matrix n×n of a column n×1."""
    if x.columns is not ONE:
        raise ShapeProblem(f"diag of {shape_text(x.shape)}: neither a column nor a square matrix")
    return x if x.is_scalar else apply(DIAG, x)


def diagonal(X: Expression) -> Expression:
    """The column n×1 of the diagonal of a square matrix n×n."""
    return X if X.is_scalar else apply(DIAGONAL, X)


def vec(X: Expression) -> Expression:
    """The columns of X stacked: mn×1 for X m×n."""
    if X.columns is ONE:
        return X
    return X.T if X.rows is ONE else apply(VEC, X)


def unvec(x: Expression, m: Dimension, n: Dimension) -> Expression:
    """The matrix m×n whose vec is the column x, mn×1."""
    if x.shape != (m * n, ONE):
        raise ShapeProblem(f"unvec: {shape_text(x.shape)} is not a column of {m * n}")
    if n is ONE:
        return x
    if m is ONE:
        return x.T
    if x.operation is VEC and x.arguments[0].shape == (m, n):
        return x.arguments[0]
    return zeros(m, n) if is_zero(x) else make(UNVEC, (x,), (m, n), (m, n))


def kron(A: Expression, B: Expression) -> Expression:
    """The Kronecker product, mp×nq for A m×n and B p×q."""
    if A.is_scalar or B.is_scalar:
        return A * B
    if is_identity(A) and is_identity(B):
        return identity(A.rows * B.rows)
    if is_zero(A) or is_zero(B):
        return zeros(A.rows * B.rows, A.columns * B.columns)
    return apply(KRONECKER, A, B)


def khatri_rao(A: Expression, B: Expression) -> Expression:
    """The Kronecker products of the columns side by side, mp×n for A m×n and B p×n."""
    if A.columns is not B.columns:
        raise ShapeProblem(f"{shape_text(A.shape)} ⊛ {shape_text(B.shape)}: the columns differ")
    if A.columns is ONE:
        return kron(A, B)
    if is_zero(A) or is_zero(B):
        return zeros(A.rows * B.rows, A.columns)
    return apply(KHATRI_RAO, A, B)


# -- sizes as numbers ----------------------------------------------------------------------------

SIZE = Operation(
    "size", notation=Notation("atom", ""), properties=always("positive"),
    evaluate=lambda np, n: np.full((1, 1), float(n)),
    summary="a dimension used as a number",
)  # fmt: skip


def size(n: Dimension) -> Expression:
    """A dimension as a scalar, as in x'x/n; a fraction stands before what has none."""
    value = n.value
    if value is not None:
        return number(value) if value != 1 else NUMBER_ONE
    if n.denominator > 1:
        return scale(number(Fraction(1, n.denominator)), size(n * Dimension.of(n.denominator)))
    return make(SIZE, (), (ONE, ONE), (n,))


CONSTRUCTORS.update(
    {
        TRACE: trace,
        TOTAL: total,
        DIAG: diag,
        DIAGONAL: diagonal,
        VEC: vec,
        KRONECKER: kron,
        UNVEC: unvec,
        KHATRI_RAO: khatri_rao,
        SIZE: size,
    }
)
