"""Triangles of a matrix: tril, vech, and the matrices that go between vec and vech.

vech(A) is the part of vec(A) on and below the diagonal.  The elimination matrix takes it out,
vech(A) = L_vech vec(A); the duplication matrix puts it back for a symmetric A, vec(A) = D vech(A).
A skew A is determined by what is strictly below its diagonal, v, and vec(A) = D_skew v.  Of a
diagonal matrix vec(diag(x)) = (I⊛I) x, which needs no matrix of its own.

Index notation does not say which entries tril and vech take, so both state differentials, in a
mask of ones and in L_vech.

Source: Magnus & Neudecker, section 3.8; Magnus, Linear Structures (1988), chapters 4 to 6.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matdiff.dimensions import ONE, Dimension
from matdiff.errors import ShapeProblem
from matdiff.operations import degrees
from matdiff.operations.algebra import (
    CONSTRUCTORS,
    NUMBER_ONE,
    Expression,
    apply,
    hadamard,
    is_zero,
    make,
    multiply,
    ones,
    zeros,
)
from matdiff.operations.linear import vec
from matdiff.operations.properties import Mirrors, Names, Properties, always, of_entries
from matdiff.operations.record import Notation, Operation, constant


def _elimination(np: Any, n: Any) -> Any:
    # L_vech with vech(A) = L_vech vec(A), A of order n
    return np.eye(n * n)[np.flatnonzero(np.tri(n).T)]


def _duplication(np: Any, n: Any) -> Any:
    # D with vec(A) = D vech(A), A symmetric of order n
    below = np.eye(n * n)[np.flatnonzero(np.tri(n).T)]
    above = below.reshape(-1, n, n).swapaxes(1, 2).reshape(below.shape)
    return np.maximum(below, above).T


def _skew_duplication(np: Any, n: Any) -> Any:
    # D_skew with vec(A) = D_skew v, A skew of order n, v its entries below the diagonal by columns
    below = np.eye(n * n)[np.flatnonzero(np.tri(n, k=-1).T)]
    above = below.reshape(-1, n, n).swapaxes(1, 2).reshape(below.shape)
    return (below - above).T


def _vech(np: Any, X: Any) -> Any:
    # the entries on and below the diagonal, column by column
    return X.T[np.triu_indices(len(X))].reshape(-1, 1)


def _below(np: Any, n: Any) -> Any:
    # the places in vec(A), A of order n, of the entries on and below the diagonal
    return np.flatnonzero(np.tri(n).T)


def _of_triangle(node: Expression, given: Sequence[Properties], mirrors: Mirrors) -> Names:
    """tril(X): of positive entries those within the triangle stay positive."""
    (names,) = given
    found = set(names & {"diagonal", "lower", "nonnegative", "binary", "positive diagonal"})
    if node.rows is node.columns:
        found |= {"lower"} | ({"diagonal"} if "upper" in names else set())
    return found


# rows or columns of the identity of order n^2, chosen by where an entry i,j stands in vec(A)
_DUPLICATION = """\
{a} = [(min({b}, {c}) - 1) * (2 * {0} - min({b}, {c})) ÷ 2 + max({b}, {c}) \
for {b} in 1:{0}, {c} in 1:{0}]
Matrix{{T}}(I, maximum({a}), maximum({a}))[vec({a}), :]"""
_DUPLICATION_MATLAB = """\
{a} = zeros({0});
{a}(tril(true({0}))) = 1:{0} * ({0} + 1) / 2;
{a} = {a} + tril({a}, -1).';
{b} = eye(max({a}(:)));
{b}({a}(:), :)"""
_ELIMINATION = """\
Matrix{{T}}(I, {0}^2, {0}^2)[[{b} + ({a} - 1) * {0} for {a} in 1:{0} for {b} in {a}:{0}], :]"""
_ELIMINATION_MATLAB = """\
{a} = eye({0}^2);
{a}(tril(true({0})), :)"""
_SKEW = """\
{a} = Matrix{{T}}(I, {0}^2, {0}^2)
{b} = [{d} + ({c} - 1) * {0} for {c} in 1:{0} for {d} in {c} + 1:{0}]
{e} = [{c} + ({d} - 1) * {0} for {c} in 1:{0} for {d} in {c} + 1:{0}]
{a}[:, {b}] - {a}[:, {e}]"""
_SKEW_MATLAB = """\
{a} = eye({0}^2);
{b} = reshape(1:{0}^2, {0}, {0});
{c} = {b}.';
{d} = tril(true({0}), -1);
{a}(:, {b}({d})) - {a}(:, {c}({d}))"""

TRIL = Operation(
    "tril", signature="ij->ij", spellings=("tril",),
    notation=Notation(
        "function", "tril", latex=r"\operatorname{tril}", numpy="np.tril({0})"
    ),
    evaluate=lambda np, X: np.tril(X),
    over_field=lambda field, X: _numpy().tril(X), degree=degrees.of_entries,
    differential=(lambda X, dX: hadamard(lower_mask(*X.shape), dX),),
    properties=_of_triangle,
    summary="X with zeros above the diagonal",
)  # fmt: skip
TRIU = Operation(  # a spelling alone: triu(X) is tril(X')'
    "triu", signature="ij->ij",
    notation=Notation(
        "function", "triu", latex=r"\operatorname{triu}", numpy="np.triu({0})"
    ),
    evaluate=lambda np, X: np.triu(X),
    summary="X with zeros below the diagonal",
)  # fmt: skip
VECH = Operation(
    "vech", signature="ii->(i>=i)", spellings=("vech",),
    notation=Notation(
        "function", "vech", latex=r"\operatorname{vech}",
        numpy="{0}.T.reshape(-1, 1)[_below(np, len({0}))]", helpers=(_below,),
        code={
            "jax": "{0}.T.reshape(-1, 1)[_below(np, len({0}))]",
            "torch": "{0}.T.reshape(-1, 1)[_below(np, len({0}))]",
            "array-api": "xp.take(xp.reshape({0}.T, (-1, 1)), "
            "xp.asarray(_below(np, {0}.shape[0]), device=device), axis=0)",
            "julia": "reshape([{0}[{b}, {a}] for {a} in axes({0}, 2) "
            "for {b} in {a}:size({0}, 1)], :, 1)",
            "matlab": "{0}(tril(true(size({0}))))",
        },
    ),
    evaluate=_vech,
    over_field=lambda field, X: _vech(_numpy(), X), degree=degrees.of_entries,
    differential=(lambda X, dX: multiply(elimination(X.rows), vec(dX)),),
    properties=of_entries,
    summary="entries on and below the diagonal, column by column",
    source="Magnus & Neudecker, section 3.8",
)  # fmt: skip
DUPLICATION = Operation(
    "D",
    notation=Notation(
        "atom", "D", latex="D({0})", numpy="_duplication(np, {0})", helpers=(_duplication,),
        code=constant("_duplication(np, {0})", julia=_DUPLICATION, matlab=_DUPLICATION_MATLAB),
    ),
    evaluate=_duplication,
    example=lambda m, n: (n,),
    properties=always("onehot"),
    summary="duplication matrix n^2×n(n+1)/2: D vech(A) = vec(A) for a symmetric A",
    source="Magnus & Neudecker, section 3.8",
)  # fmt: skip
ELIMINATION = Operation(
    "L_vech",
    notation=Notation(
        "atom", "L_vech", latex=r"L_{{\mathrm{{vech}}}}({0})", numpy="_elimination(np, {0})",
        helpers=(_elimination,),
        code=constant("_elimination(np, {0})", julia=_ELIMINATION, matlab=_ELIMINATION_MATLAB),
    ),
    evaluate=_elimination,
    example=lambda m, n: (n,),
    properties=always("onehot"),
    summary="elimination matrix n(n+1)/2×n^2: L_vech vec(A) = vech(A)",
    source="Magnus 1988, chapter 5",
)  # fmt: skip
SKEW_DUPLICATION = Operation(
    "D_skew",
    notation=Notation(
        "atom", "D_skew", latex=r"D_{{\mathrm{{skew}}}}({0})", numpy="_skew_duplication(np, {0})",
        helpers=(_skew_duplication,),
        code=constant("_skew_duplication(np, {0})", julia=_SKEW, matlab=_SKEW_MATLAB),
    ),
    evaluate=_skew_duplication,
    example=lambda m, n: (n,),
    positive=lambda n: (n - ONE,),
    summary="duplication matrix of skew matrices n^2×n(n-1)/2: D_skew v = vec(A) for v the entries "
    "of A below the diagonal",
    source="Magnus 1988, chapter 6",
)  # fmt: skip


def _numpy() -> Any:
    import numpy as np  # over a field the arrays hold objects; they are only moved

    return np


def half(n: Dimension) -> Dimension:
    """n(n+1)/2, the entries on and below the diagonal of an n×n matrix."""
    return n * (n + ONE) / 2


def strict_half(n: Dimension) -> Dimension:
    """n(n-1)/2, the entries below the diagonal of an n×n matrix."""
    return n * (n - ONE) / 2


def duplication(n: Dimension) -> Expression:
    """D with D vech(A) = vec(A) for a symmetric A, n²×n(n+1)/2."""
    return NUMBER_ONE if n is ONE else make(DUPLICATION, (), (n * n, half(n)), (n,))


def elimination(n: Dimension) -> Expression:
    """L_vech with L_vech vec(A) = vech(A), n(n+1)/2×n²."""
    return NUMBER_ONE if n is ONE else make(ELIMINATION, (), (half(n), n * n), (n,))


def skew_duplication(n: Dimension) -> Expression:
    """D_skew, n²×n(n-1)/2; ShapeProblem for n = 1, as no entry is below the diagonal then."""
    if n is ONE:
        raise ShapeProblem(
            "a skew 1×1 matrix has no entry below its diagonal: it is zero", code="MX229"
        )
    return make(SKEW_DUPLICATION, (), (n * n, strict_half(n)), (n,))


def tril(X: Expression) -> Expression:
    """X with zeros above the diagonal."""
    if X.columns is ONE:
        return X
    return zeros(*X.shape) if is_zero(X) else apply(TRIL, X)


def lower_mask(m: Dimension, n: Dimension) -> Expression:
    """Ones on and below the diagonal of an m×n matrix, zeros above: tril(X) is this ∘ X."""
    return tril(ones(m, n))


def vech(X: Expression) -> Expression:
    """The column of the entries on and below the diagonal, n(n+1)/2×1 for X n×n."""
    if X.is_scalar:
        return X
    return zeros(half(X.rows)) if is_zero(X) else apply(VECH, X)


CONSTRUCTORS.update(
    {
        TRIL: tril,
        VECH: vech,
        DUPLICATION: duplication,
        ELIMINATION: elimination,
        SKEW_DUPLICATION: skew_duplication,
    }
)
