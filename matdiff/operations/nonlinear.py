"""Nonlinear operations: each states its differential as the textbook prints it.

Source: Magnus & Neudecker, Matrix Differential Calculus, chapter 8; Petersen & Pedersen, The
Matrix Cookbook, section 2; for softmax and logsumexp Boyd & Vandenberghe, section 3.1.5.
"""

from __future__ import annotations

from typing import Any

from matdiff.dimensions import ONE, shape_text
from matdiff.errors import LimitReached, ShapeProblem
from matdiff.limits import POWER as LARGEST_POWER  # X^k is expanded into a product up to here
from matdiff.operations import degrees
from matdiff.operations.algebra import (
    CONSTRUCTORS,
    HALF,
    MINUS_ONE,
    NUMBER_ONE,
    Expression,
    apply,
    hadamard,
    identity,
    inner,
    is_identity,
    multiply,
    ones,
    scale,
)
from matdiff.operations.elementwise import ABS, SIGN, exp, log, power, reciprocal
from matdiff.operations.linear import diag, total, trace
from matdiff.operations.properties import (
    always,
    of_det,
    of_inverse,
    of_norm,
    of_pseudoinverse,
)
from matdiff.operations.record import Notation, Operation

INVERSE = Operation(
    "inv", signature="ii->ii", spellings=("inv",),
    notation=Notation("postfix", "^-1", strength=8, latex="{0}^{{-1}}", numpy="np.linalg.inv({0})"),
    evaluate=lambda np, X: np.linalg.inv(X),
    differential=(lambda X, dX: -(inverse(X) @ dX @ inverse(X)),),
    domain="invertible",
    over_field=lambda field, X: field.inverse(X), degree=degrees.of_inverse,
    properties=of_inverse,
    summary="matrix inverse",
    source="Magnus & Neudecker, 8.4",
)  # fmt: skip
DET = Operation(
    "det", signature="ii->", spellings=("det",),
    notation=Notation("function", "det", latex=r"\det", numpy="np.linalg.det({0})"),
    evaluate=lambda np, X: np.linalg.det(X).reshape(1, 1),
    differential=(lambda X, dX: det(X) * trace(inverse(X) @ dX),),
    domain="invertible",
    over_field=lambda field, X: field.determinant(X), degree=degrees.of_determinant,
    properties=of_det,
    summary="determinant",
    source="Jacobi's formula; Magnus & Neudecker, 8.3",
)  # fmt: skip
LOGDET = Operation(
    "logdet", signature="ii->", spellings=("logdet",),
    notation=Notation("function", "logdet", latex=r"\log\det"),
    evaluate=lambda np, X: np.log(np.linalg.det(X)).reshape(1, 1)
    if np.iscomplexobj(X) else np.linalg.slogdet(X)[1].reshape(1, 1),
    differential=(lambda X, dX: trace(inverse(X) @ dX),),
    domain="posdet",
    definition=lambda X: log(det(X)),
    summary="logarithm of the determinant",
    source="Magnus & Neudecker, 8.3",
)  # fmt: skip
NORM = Operation(
    "norm", signature="ij->", spellings=("norm",),
    notation=Notation("function", "norm", latex=r"\lVert {0} \rVert"),
    program=lambda kernels, node, X: kernels.sqrt(kernels.vdot(X, X)),
    evaluate=lambda np, X: np.sqrt(np.sum(X * X)).reshape(1, 1),
    differential=(lambda X, dX: scale(power(norm(X), MINUS_ONE), inner(X, dX)),),
    definition=lambda X: power(inner(X, X), HALF),
    properties=of_norm,
    summary="2-norm of a vector, Frobenius norm of a matrix",
)  # fmt: skip
NORM1 = Operation(
    "norm1", signature="ij->", spellings=("norm1",),
    notation=Notation("function", "norm1", latex=r"\lVert {0} \rVert_1"),
    program=lambda kernels, node, X: kernels.sum(kernels.abs(X)),
    evaluate=lambda np, X: np.sum(np.abs(X)).reshape(1, 1),
    differential=(lambda X, dX: inner(apply(SIGN, X), dX),),
    domain="nonzero", smooth=False,
    definition=lambda X: inner(apply(SIGN, X), X),
    properties=of_norm,
    summary="sum of the absolute values of all entries",
)  # fmt: skip
SOFTMAX = Operation(
    "softmax", signature="i->i", spellings=("softmax",),
    notation=Notation("function", "softmax", latex=r"\operatorname{softmax}"),
    program=lambda kernels, node, x: _normalised(kernels, x)[0],
    evaluate=lambda np, x: _softmax(np, x),
    differential=(lambda x, dx: _softmax_differential(x, dx),),
    definition=lambda x: reciprocal(total(exp(x))) * exp(x),
    properties=always("positive"),
    summary="exp(x)/sum(exp(x)) of a column",
)  # fmt: skip
LOGSUMEXP = Operation(
    "logsumexp", signature="i->", spellings=("logsumexp", "lse"),
    notation=Notation("function", "logsumexp", latex=r"\operatorname{logsumexp}"),
    program=lambda kernels, node, x: _normalised(kernels, x)[1],
    evaluate=lambda np, x: (np.log(np.sum(np.exp(x - x.real.max()))) + x.real.max()).reshape(1, 1),
    differential=(lambda x, dx: inner(apply(SOFTMAX, x), dx),),
    definition=lambda x: log(total(exp(x))),
    summary="log(sum(exp(x))) of a column",
)  # fmt: skip


SOFTMAX_ROWS = Operation(
    "softmax_rows", signature="ij->ij", spellings=("softmax_rows",),
    notation=Notation(
        "function", "softmax_rows", latex=r"\operatorname{softmax}_{\mathrm{rows}}"
    ),
    program=lambda kernels, node, A: _normalised_rows(kernels, node, A)[0],
    evaluate=lambda np, A: _softmax_rows(np, A),
    differential=(lambda A, dA: _softmax_rows_differential(A, dA),),
    definition=lambda A: multiply(diag(reciprocal(exp(A) @ ones(A.columns))), exp(A)),
    properties=always("positive"),
    summary="the softmax of each row",
)  # fmt: skip
LOGSUMEXP_ROWS = Operation(
    "logsumexp_rows", signature="ij->i", spellings=("logsumexp_rows",),
    notation=Notation(
        "function", "logsumexp_rows", latex=r"\operatorname{logsumexp}_{\mathrm{rows}}"
    ),
    program=lambda kernels, node, A: _normalised_rows(kernels, node, A)[1],
    evaluate=lambda np, A: _logsumexp_rows(np, A),
    differential=(
        lambda A, dA: multiply(hadamard(apply(SOFTMAX_ROWS, A), dA), ones(A.columns)),
    ),
    definition=lambda A: log(exp(A) @ ones(A.columns)),
    summary="log(sum(exp(…))) of each row",
)  # fmt: skip
PSEUDOINVERSE = Operation(
    "pinv", signature="ij->ji", spellings=("pinv",),
    notation=Notation("function", "pinv", latex=r"{0}^{{\dagger}}", numpy="np.linalg.pinv({0})"),
    evaluate=lambda np, X: np.linalg.pinv(X),
    differential=(lambda X, dX: _pinv_differential(X, dX),),
    smooth=False,  # the values' conjugates enter
    over_field=lambda field, X: field.pseudoinverse(X), degree=degrees.of_pseudoinverse,
    properties=of_pseudoinverse,
    summary="Moore-Penrose inverse, where the rank does not change",
    source="Golub & Pereyra 1973",
)  # fmt: skip


def _normalised(kernels: Any, x: Any) -> tuple[Any, Any]:
    """softmax(x) and logsumexp(x), the largest entry taken out so that nothing overflows."""
    largest = kernels.max(x)
    powers = kernels.exp(kernels.subtract(x, largest))
    total_of_powers = kernels.sum(powers)
    value = kernels.add(largest, kernels.log(total_of_powers))
    return kernels.divide(powers, total_of_powers), value


def _normalised_rows(kernels: Any, node: Expression, A: Any) -> tuple[Any, Any]:
    """The same for each row; a matrix that is one row or one column is stored as a vector."""
    if A.rank < 2:
        if node.arguments[0].rows is ONE:
            return _normalised(kernels, A)
        return kernels.full(A.shape, kernels.number(1)), A
    largest = kernels.max_rows(A)
    powers = kernels.exp(kernels.subtract(A, kernels.column(largest)))
    totals = kernels.sum_rows(powers)
    value = kernels.add(largest, kernels.log(totals))
    return kernels.divide(powers, kernels.column(totals)), value


def _softmax_rows(np: Any, A: Any) -> Any:
    shifted = np.exp(A - A.real.max(axis=1, keepdims=True))
    return shifted / np.sum(shifted, axis=1, keepdims=True)


def _logsumexp_rows(np: Any, A: Any) -> Any:
    top = A.real.max(axis=1, keepdims=True)
    return top + np.log(np.sum(np.exp(A - top), axis=1, keepdims=True))


def _softmax_rows_differential(A: Expression, dA: Expression) -> Expression:
    S = apply(SOFTMAX_ROWS, A)
    weighted = hadamard(S, dA)
    return weighted - multiply(diag(multiply(weighted, ones(A.columns))), S)


def _pinv_differential(X: Expression, dX: Expression) -> Expression:
    P = apply(PSEUDOINVERSE, X)
    left = identity(X.rows) - X @ P
    right = identity(X.columns) - P @ X
    return -(P @ dX @ P) + P @ P.T @ dX.T @ left + right @ dX.T @ P.T @ P


def _softmax(np: Any, x: Any) -> Any:
    shifted = np.exp(x - x.real.max())
    return shifted / np.sum(shifted)


def _softmax_differential(x: Expression, dx: Expression) -> Expression:
    s = apply(SOFTMAX, x)
    return hadamard(s, dx) - multiply(s, multiply(s.T, dx))


def inverse(X: Expression) -> Expression:
    """X^-1 of a square matrix; of a scalar its reciprocal."""
    if X.is_scalar:
        return power(X, MINUS_ONE)
    if is_identity(X):
        return X
    return X.arguments[0] if X.operation is INVERSE else apply(INVERSE, X)


def matrix_power(X: Expression, exponent: int) -> Expression:
    """X^k of a square matrix for an integer k, as a product of |k| factors."""
    if X.is_scalar:
        return power(X, NUMBER_ONE * exponent)
    if X.rows is not X.columns:
        raise ShapeProblem(f"a power needs a square matrix, this one is {shape_text(X.shape)}")
    if abs(exponent) > LARGEST_POWER:
        raise LimitReached(
            f"the matrix power {exponent} is beyond the limit of {LARGEST_POWER}", code="MX509"
        )
    base = inverse(X) if exponent < 0 else X
    result = identity(X.rows)
    for _ in range(abs(exponent)):
        result = multiply(result, base)
    return result


def det(X: Expression) -> Expression:
    return X if X.is_scalar else apply(DET, X)


def logdet(X: Expression) -> Expression:
    return log(X) if X.is_scalar else apply(LOGDET, X)


def norm(X: Expression) -> Expression:
    return apply(ABS, X) if X.is_scalar else apply(NORM, X)


CONSTRUCTORS.update({INVERSE: inverse, DET: det, LOGDET: logdet, NORM: norm})
