"""The largest entry and the sum of the singular values, with what their gradients are made of.

d max(X) = hardmax(X) : dX, where hardmax marks the largest entry; it is constant until another
entry takes over.  d nuclear(X) = polar(X) : dX with polar(X) = U V' for X = U S V' of full rank.
The largest absolute value is max(abs(X)), the smallest entry -max(-X).

Source: Watson 1992, Characterization of the subdifferential of some matrix norms; Higham 2008,
Functions of Matrices, chapter 8 (polar decomposition).
"""

from __future__ import annotations

from typing import Any

from matdiff.dimensions import at_least_one
from matdiff.operations.algebra import (
    CONSTRUCTORS,
    NUMBER_ONE,
    TRANSPOSE,
    Expression,
    apply,
    inner,
    multiply,
    transpose,
)
from matdiff.operations.elementwise import ABS, SIGN
from matdiff.operations.linear import trace
from matdiff.operations.matrix_functions import no_closed_form, sqrtm
from matdiff.operations.matrix_numerics import _polar, _sqrtm
from matdiff.operations.properties import SIGNS, always, keeping, of_norm
from matdiff.operations.record import Notation, Operation

MAX = Operation(
    "max", signature="ij->", spellings=("max",),
    notation=Notation("function", "max", latex=r"\max"),
    program=lambda kernels, node, X: kernels.max(X),
    evaluate=lambda np, X: np.max(X, keepdims=True),
    differential=(lambda X, dX: inner(hardmax(X), dX),),
    domain="tied", smooth=False, properties=keeping(*SIGNS),
    summary="largest entry",
)  # fmt: skip
HARDMAX = Operation(
    "hardmax", signature="ij->ij", spellings=("hardmax",),
    notation=Notation("function", "hardmax", latex=r"\operatorname{hardmax}"),
    program=lambda kernels, node, X: kernels.first_largest(X),
    # one entry of several that are largest: where these move alike, as the two of a symmetric
    # matrix do, the largest one moves like any of them
    evaluate=lambda np, X: (np.arange(X.size).reshape(X.shape) == np.argmax(X)).astype(int),
    differential=(None,),
    domain="distinct", smooth=False, properties=always("binary"),
    summary="1 where the largest entry stands, or the first of several; 0 elsewhere",
)  # fmt: skip
NUCLEAR = Operation(
    "nuclear", signature="ij->", spellings=("nuclear",),
    notation=Notation(
        "function", "nuclear", latex=r"\lVert {0} \rVert_{{*}}",
        numpy='np.linalg.norm({0}, "nuc")',
        code={"array-api": "xp.sum(xp.linalg.svdvals({0}))",
              "torch": 'torch.linalg.matrix_norm({0}, "nuc")',
              "julia": "sum(svdvals({0}))", "matlab": "sum(svd({0}))"},
    ),
    evaluate=lambda np, X: _nuclear(np, X),
    differential=(lambda X, dX: inner(polar(X), dX),),
    domain="rank", properties=of_norm,
    definition=lambda X: trace(sqrtm(_gram(X))),
    summary="nuclear norm: the sum of the singular values",
    source="Watson 1992",
)  # fmt: skip
POLAR = Operation(
    "polar", signature="ij->ij", spellings=("polar",),
    notation=Notation(
        "function", "polar", latex=r"\operatorname{polar}", numpy="_polar(np, {0})",
        helpers=(_polar,),
        code={"jax": "_polar(jnp, {0})", "torch": "_polar(torch, {0})",
              "array-api": "_polar(xp, {0})",
              "julia": "{a} = svd({0})\n{a}.U * {a}.Vt",
              "matlab": "[{a}, ~, {b}] = svd({0}, 'econ');\n{a} * {b}.'"},
    ),
    evaluate=lambda np, X: _analytic_polar(np, X) if np.iscomplexobj(X) else _polar(np, X),
    over_field=lambda field, X: field.polar(X),
    differential=(
        no_closed_form(
            "polar(X)",
            "of an X with full column rank polar(X) is X inv(sqrtm(X'X)), which is differentiated",
        ),
    ),
    domain="rank",
    properties=lambda node, given, mirrors: given[0] & {"symmetric", "skew"}
    | ({"orthogonal"} if node.rows is node.columns else frozenset()),
    summary="orthogonal factor U V' of X = U S V'",
    source="Higham 2008, chapter 8",
)  # fmt: skip


def hardmax(X: Expression) -> Expression:
    return NUMBER_ONE if X.is_scalar else apply(HARDMAX, X)


def largest(X: Expression) -> Expression:
    """The largest entry of X."""
    return X if X.is_scalar else apply(MAX, X)


def nuclear(X: Expression) -> Expression:
    """The sum of the singular values; blind to transposes."""
    if X.is_scalar:
        return apply(ABS, X)
    return apply(NUCLEAR, X.arguments[0] if X.operation is TRANSPOSE else X)


def polar(X: Expression) -> Expression:
    return apply(SIGN, X) if X.is_scalar else apply(POLAR, X)


def _gram(X: Expression) -> Expression:
    """X'X, or X X' if that is known to be the smaller: only it has an inverse, and its root the
    same trace."""
    if at_least_one(X.columns - X.rows):
        X = transpose(X)
    return multiply(transpose(X), X)


def _nuclear(np: Any, X: Any) -> Any:
    if np.iscomplexobj(X):  # beside the real axis: singular values are not analytic, tr (X'X)^½ is
        return np.trace(_sqrtm(np, _small_gram(X))).reshape(1, 1)
    return np.linalg.norm(X, "nuc").reshape(1, 1)


def _analytic_polar(np: Any, X: Any) -> Any:
    """polar(X) continued beside the real axis."""
    rows, columns = X.shape
    inverse_root = np.linalg.inv(_sqrtm(np, _small_gram(X)))
    return X @ inverse_root if rows >= columns else inverse_root @ X


def _small_gram(X: Any) -> Any:
    """X'X or X X', whichever is the smaller."""
    return X.T @ X if X.shape[0] >= X.shape[1] else X @ X.T


CONSTRUCTORS.update({MAX: largest, HARDMAX: hardmax, NUCLEAR: nuclear, POLAR: polar})
