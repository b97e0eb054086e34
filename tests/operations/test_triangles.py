"""tril, vech, and the matrices between vec and vech: what defines them, and what cancels."""

from __future__ import annotations

import numpy as np
import pytest
from numerics import SIZES, close, draw, matrix, n, p, q, value

from matdiff.dimensions import ONE
from matdiff.normal import normalise, shortest
from matdiff.operations.algebra import (
    HALF,
    Expression,
    commutation,
    hadamard,
    identity,
    ones,
    zeros,
)
from matdiff.operations.linear import diag, diagonal, khatri_rao, kron, trace, unvec, vec
from matdiff.operations.triangles import (
    duplication,
    elimination,
    half,
    lower_mask,
    skew_duplication,
    strict_half,
    tril,
    vech,
)
from matdiff.rendering import latex, text
from matdiff.session import Session
from matdiff.settings import Settings

D, D_SKEW, L_VECH = duplication(n), skew_duplication(n), elimination(n)
ONE_N, K = identity(n), commutation(n, n)
BASIS = khatri_rao(ONE_N, ONE_N)  # of the diagonal matrices
A, B, C = matrix("A", n, n), matrix("B", n, n), matrix("C", n, n)
M, P, Q = matrix("M", p, n), matrix("P", p, n), matrix("Q", q, n)
S, T, U = (matrix(s, n, n, w) for s, w in zip("STU", ("symmetric", "lower", "upper"), strict=True))
x = matrix("x", n)

ORDER = SIZES["n"]
BELOW = [(i, j) for j in range(ORDER) for i in range(j, ORDER)]


def valued(*expressions: Expression) -> dict[Expression, np.ndarray]:
    values = draw(*expressions)
    for symbol, keep in ((S, lambda X: X + X.T), (T, np.tril), (U, np.triu)):
        if symbol in values:
            values[symbol] = keep(values[symbol])
    return values


def test_vech_stacks_the_lower_triangle_column_by_column() -> None:
    values = valued(A)
    expected = np.array([[values[A][i, j]] for i, j in BELOW])
    assert close(value(vech(A), values), expected, 0)
    assert close(value(L_VECH @ vec(A), values), expected, 0)
    assert vech(A).shape == (half(n), ONE)


def test_the_duplication_matrix_makes_vec_of_vech() -> None:
    values = valued(S)
    assert close(value(D @ vech(S), values), value(vec(S), values), 0)
    assert D.shape == (n * n, half(n)) and L_VECH.shape == (half(n), n * n)


def test_the_duplication_matrix_of_skew_matrices() -> None:
    skew = value(A - A.T, valued(A))
    below = np.array([[skew[i, j]] for i, j in BELOW if i != j])
    assert close(value(D_SKEW, {}) @ below, skew.reshape((-1, 1), order="F"), 0)
    assert D_SKEW.shape == (n * n, strict_half(n))


def test_of_order_one_they_are_the_number_one() -> None:
    assert duplication(ONE) is elimination(ONE) is identity(ONE)


EQUAL: list[tuple[Expression, Expression]] = [
    (L_VECH @ D, identity(half(n))),
    (L_VECH @ L_VECH.T, identity(half(n))),
    (K @ D, D),
    (D.T @ K, D.T),
    (K @ D_SKEW, -D_SKEW),
    (D_SKEW.T @ K, -D_SKEW.T),
    (D_SKEW.T @ D_SKEW, 2 * identity(strict_half(n))),
    (D.T @ D_SKEW, zeros(half(n), strict_half(n))),
    (D_SKEW.T @ D, zeros(strict_half(n), half(n))),
    (D_SKEW.T @ vec(S), zeros(strict_half(n))),
    (D @ vech(S), vec(S)),
    (L_VECH @ vec(A), vech(A)),
    (L_VECH.T @ vech(A), vec(tril(A))),
    (L_VECH.T @ vech(T), vec(T)),
    (L_VECH.T @ ones(half(n)), vec(lower_mask(n, n))),
    (K @ (identity(n * n) + K), identity(n * n) + K),
    ((identity(n * n) - K) @ K, K - identity(n * n)),
    (BASIS.T @ BASIS, ONE_N),
    (K @ BASIS, BASIS),
    (BASIS.T @ K, BASIS.T),
    (BASIS.T @ vec(A), diagonal(A)),
    (BASIS @ x, vec(diag(x))),
    (kron(A, B) @ BASIS, khatri_rao(A, B)),
    (BASIS.T @ kron(A, B), khatri_rao(A.T, B.T).T),
    (BASIS.T @ kron(A, B) @ BASIS, hadamard(A, B)),
    (khatri_rao(P, Q).T @ khatri_rao(M, Q), hadamard(P.T @ M, Q.T @ Q)),
    (commutation(q, p) @ khatri_rao(P, Q), khatri_rao(Q, P)),
    (diag(vec(A)) @ BASIS, BASIS @ diag(diagonal(A))),
    (vech(tril(A)), vech(A)),
    (vech(3 * A), 3 * vech(A)),
    (hadamard(tril(A), B), tril(hadamard(A, B))),
    (hadamard(lower_mask(p, n), M), tril(M)),
    (hadamard(lower_mask(n, n), ONE_N), ONE_N),
    (tril(tril(M)), tril(M)),
    (tril(T), T),
    (tril(U), diag(diagonal(U))),
    (tril(A * 2) + tril(A), 3 * tril(A)),
    (diagonal(tril(A)), diagonal(A)),
    (trace(tril(A)), trace(A)),
    (vech(unvec(x_ := matrix("y", n * n), n, n)), L_VECH @ x_),
]


@pytest.mark.parametrize("left, right", EQUAL, ids=[text(left) for left, _ in EQUAL])
def test_what_cancels(left: Expression, right: Expression) -> None:
    form = normalise(left)
    assert form is normalise(right) and normalise(form) is form
    values = valued(left, right)
    assert close(value(left, values), value(right, values), 1e-12)
    assert close(value(form, values), value(left, values), 1e-12)


def test_the_projector_leaves_the_duplication_matrix() -> None:
    assert shortest((identity(n * n) + K) @ D * HALF) is D
    assert shortest((identity(n * n) - K) @ D_SKEW * HALF) is D_SKEW


@pytest.mark.parametrize(
    "left",
    [
        D @ vech(A),  # A is not symmetric
        commutation(p, q) @ khatri_rao(P, Q),
        tril(A) @ tril(B),
        K @ (identity(n * n) + 2 * K),
        D.T @ D,
        tril(A) + tril(B).T,
    ],
    ids=text,
)
def test_what_does_not_cancel_keeps_its_value(left: Expression) -> None:
    values = valued(left)
    assert close(value(normalise(left), values), value(left, values), 1e-12)


@pytest.mark.parametrize(
    "node", [D, D_SKEW, L_VECH, duplication(n + ONE), vech(A), tril(M), D.T @ vec(A), tril(A.T).T,
             D @ vech(A) + vec(B), K @ D @ vech(B), lower_mask(p, n)], ids=text,
)  # fmt: skip
def test_what_is_written_is_read_back(node: Expression) -> None:
    session = Session()
    session.declare("A: n×n, B: n×n, M: p×n")
    for written, is_latex in ((text(node), False), (text(node, ascii=True), False),
                              (latex(node), True)):  # fmt: skip
        tree = session.parse(written, latex=is_latex)
        reading = session.shape(tree, Settings()).reading
        assert reading.expression is node, written


def test_the_names_are_free_for_variables() -> None:
    session = Session()
    session.declare("D: n×n, L: n×n, x: n, n: n")
    read = session.shape(session.parse("D(n) + L(x)"), Settings()).reading.expression
    d, ell, y, size = (session.environment.variables[name].symbol for name in "DLxn")
    assert read is d @ size + ell @ y
    undeclared = Session()
    undeclared.declare("x: n, A: m×n")
    assert text(undeclared.shape(undeclared.parse("D(A x)"), Settings()).reading.expression) == (
        "D A x"
    )


def test_in_latex_a_known_size_in_brackets_makes_it_the_matrix() -> None:
    session = Session()
    session.declare("A: n×n, x: n")
    matrix_ = session.shape(session.parse(r"D(n)\operatorname{vech}(A)"), Settings()).reading
    assert matrix_.expression is D @ vech(A)
    product = session.shape(session.parse(r"D(x + x)\tfrac12"), Settings()).reading
    assert list(product.inferred) == ["D"]


def test_triu_is_the_other_triangle() -> None:
    session = Session()
    session.declare("M: p×n")
    read = session.shape(session.parse("triu(M)"), Settings()).reading.expression
    assert read is tril(M.T).T
    values = valued(M)
    assert close(value(read, values), np.triu(values[M]), 0)


def test_ones_on_and_below_the_diagonal() -> None:
    assert close(value(lower_mask(p, n), {}), np.tril(np.ones((SIZES["p"], SIZES["n"]))), 0)
    assert lower_mask(p, ONE) is ones(p)
