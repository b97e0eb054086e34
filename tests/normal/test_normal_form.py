"""The normal form and the shortest spelling: the same value, reached once, and short."""

from __future__ import annotations

import pytest
from expressions import GRADIENTS, JACOBIANS, A, B, C, P, Q, W, X, Z, t, x, y
from hypothesis import given, settings
from hypothesis import strategies as st
from numerics import close, draw, m, matrix, n, value

from matdiff.calculus import gradient, jacobian
from matdiff.normal import normalise, shortest
from matdiff.normal.normalise import expand
from matdiff.operations.algebra import (
    Expression,
    commutation,
    hadamard,
    identity,
    inner,
    number,
    ones,
    zeros,
)
from matdiff.operations.elementwise import ABS, SIGMOID, SOFTPLUS, TANH, apply, exp, log, power
from matdiff.operations.linear import diag, diagonal, kron, total, trace, unvec, vec
from matdiff.operations.nonlinear import LOGSUMEXP, SOFTMAX, det, inverse, logdet, norm
from matdiff.rendering import text

DERIVATIVES: dict[str, Expression] = {
    **{f"J {name}": jacobian(f, v) for name, (f, v) in JACOBIANS.items()},
    **{f"G {name}": gradient(f, v) for name, (f, v) in GRADIENTS.items()},
}


@pytest.mark.parametrize("name", DERIVATIVES)
def test_no_pass_changes_the_value(name: str) -> None:
    formula = DERIVATIVES[name]
    values = draw(formula)
    expected = value(formula, values)
    form = normalise(formula)
    for version in (form, expand(form), shortest(formula)):
        assert close(value(version, values), expected, 1e-9)


@pytest.mark.parametrize("name", DERIVATIVES)
def test_a_normal_form_is_its_own_and_spelling_it_loses_nothing(name: str) -> None:
    form = normalise(DERIVATIVES[name])
    assert normalise(form) is form
    assert shortest(shortest(form)) is shortest(form)


EQUAL = {
    "trace rotates": (trace(A @ X @ B @ C.T), trace(B @ C.T @ A @ X)),
    "trace transposes": (trace(Z @ Q), trace(Q.T @ Z.T)),
    "inner product of columns": (inner(x, Q @ x), x.T @ Q.T @ x),
    "inner product of matrices": (inner(W, X), trace(X.T @ W)),
    "sum of a Hadamard product": (total(hadamard(W, X)), inner(X, W)),
    "sum by ones": (ones(m).T @ X @ ones(n), total(X)),
    "inverse cancels": (Z @ inverse(Q @ Z) @ Q, identity(n)),
    "inverse of a rectangle's square": (X @ inverse(X.T @ X) @ X.T @ X, X),
    "diag times column": (diag(x) @ Q @ x, hadamard(x, Q @ x)),
    "mixed product": (kron(A, B) @ kron(X, C.T), kron(A @ X, B @ C.T)),
    "vec of a product": (kron(B.T, A) @ vec(X), vec(A @ X @ B)),
    "commutation": (commutation(m, n) @ vec(X), vec(X.T)),
    "unvec of an outer product": (unvec(kron(x, y), m, n), y @ x.T),
    "diagonal of an outer product": (diagonal(x @ (Q @ x).T), hadamard(x, Q @ x)),
    "scalars commute": (x @ (y.T @ y) @ x.T, (y.T @ y) * (x @ x.T)),
    "like terms": (X + W - X - W, zeros(m, n)),
    "exact coefficients": (number(1) * X * number(2) - X - X, zeros(m, n)),
    "softmax": (exp(x) * power(total(exp(x)), number(-1)), apply(SOFTMAX, x)),
    "logsumexp": (log(total(exp(x))), apply(LOGSUMEXP, x)),
    "log of the sigmoid": (log(apply(SIGMOID, x)), -apply(SOFTPLUS, -x)),
    "sigmoid of minus": (apply(SIGMOID, -x), 1 - apply(SIGMOID, x)),
    "sum of a softmax": (total(apply(SOFTMAX, x)), number(1)),
    "log det": (log(det(Z)), logdet(Z)),
    "log |det|": (log(apply(ABS, det(Z))), logdet(Z)),
    "det of a product": (det(Z @ Q), det(Q) * det(Z)),
    "logdet of an inverse": (logdet(inverse(Z)), -logdet(Z)),
    "norm of minus": (norm(x - Q @ x), norm(Q @ x - x)),
    "x'x over the norm": ((x.T @ x) * power(norm(x), number(-1)), norm(x)),
    "odd": (apply(TANH, -x), -apply(TANH, x)),
    "symmetric": (matrix("S", n, n, "symmetric").T, matrix("S", n, n, "symmetric")),
    "skew": (matrix("S", n, n, "skew").T, -matrix("S", n, n, "skew")),
    "orthogonal": (
        matrix("S", n, n, "orthogonal").T @ matrix("S", n, n, "orthogonal"),
        identity(n),
    ),
    "binary": (power(matrix("M", m, n, "binary"), number(2)) * X, matrix("M", m, n, "binary") * X),
}


@pytest.mark.parametrize("name", EQUAL)
def test_equal_expressions_have_one_normal_form(name: str) -> None:
    left, right = EQUAL[name]
    assert normalise(left) is normalise(right)


def test_spelling() -> None:
    assert text(shortest(Q @ x + Q.T @ x)) == "(Q + Q')x"
    assert text(shortest(W @ x + X @ x)) == "(W + X)x"
    assert text(shortest(-2 * (W.T @ (y - W @ x)))) == "2 W'(W x - y)"
    assert text(shortest(Q.T @ Z.T + Z.T @ Q.T)) == "(Q Z + Z Q)'"
    assert text(shortest(t * det(P) * inverse(P).T)) == "t det(P) P^-T"
    assert text(shortest(det(Z) * det(Q) * inverse(Z))) == "det(Q Z) Z^-1"


LEAVES = [Z, Q, Z.T, inverse(Q), diag(x), identity(n), x @ x.T, X.T @ W]
scalars = st.sampled_from([t, trace(Z), norm(x), x.T @ Q @ x, number(2), det(Q)])


def square(children: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    pairs = st.tuples(children, children)
    return st.one_of(
        pairs.map(lambda ab: ab[0] + ab[1]),
        pairs.map(lambda ab: ab[0] - ab[1]),
        pairs.map(lambda ab: ab[0] @ ab[1]),
        pairs.map(lambda ab: hadamard(*ab)),
        children.map(lambda a: a.T),
        children.map(lambda a: diag(diagonal(a))),
        children.map(lambda a: a @ x @ x.T),
        st.tuples(scalars, children).map(lambda sa: sa[0] * sa[1]),
        children.map(lambda a: trace(a) * Z),
        children.map(lambda a: unvec(kron(a, Q) @ vec(Z), n, n)),
    )


@settings(max_examples=200, deadline=None)
@given(st.recursive(st.sampled_from(LEAVES), square, max_leaves=9))
def test_random_expressions_keep_their_value(expression: Expression) -> None:
    values = draw(expression)
    expected = value(expression, values)
    form = normalise(expression)
    assert normalise(form) is form
    spelled = shortest(expression)
    assert close(value(form, values), expected, 1e-8)
    assert close(value(spelled, values), expected, 1e-8)
