"""Properties of expressions: each rule by numbers, and what the normal form makes of them."""

from __future__ import annotations

import sys
from fractions import Fraction

import numpy as np
import pytest
from numerics import close, m, matrix, n
from propertied import (
    COLUMNS,
    HOLDS,
    OBLONG,
    Q2,
    SCALARS,
    SQUARE,
    A,
    B,
    C,
    D,
    E,
    F,
    G,
    Generator,
    H,
    J,
    K,
    L,
    M,
    N,
    P,
    Q,
    R,
    S,
    T,
    U,
    V,
    W,
    Y,
    Z,
    b,
    defined,
    h,
    p,
    s,
    t,
    values_of,
    x,
    y,
)

from matdiff.derivatives import derive
from matdiff.dimensions import Dimension
from matdiff.errors import DomainProblem
from matdiff.normal import normalise, shortest
from matdiff.normal.properties import properties_of
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
from matdiff.operations.elementwise import (
    ABS,
    COS,
    PI,
    RELU,
    SIGMOID,
    SIGN,
    SIN,
    SOFTPLUS,
    STEP,
    TANH,
    apply,
    exp,
    log,
    power,
)
from matdiff.operations.linear import (
    KHATRI_RAO,
    diag,
    diagonal,
    kron,
    size,
    total,
    trace,
    unvec,
    vec,
)
from matdiff.operations.nonlinear import (
    NORM1,
    PSEUDOINVERSE,
    SOFTMAX,
    SOFTMAX_ROWS,
    det,
    inverse,
    logdet,
    norm,
)
from matdiff.verification import verify

half = number(Fraction(1, 2))

# what has a property, by the property
HAVE: dict[str, list[Expression]] = {
    "symmetric": [
        A.T @ A, A @ A.T, A.T @ S @ A, A @ B.T @ S @ B @ A.T, A + A.T, S + T, s * S, S @ S @ S,
        S @ A + A.T @ S, hadamard(S, T), hadamard(A, A.T), hadamard(V, W), kron(S, T), kron(V, W),
        V @ V, V @ S @ V, inverse(S), apply(PSEUDOINVERSE, S), apply(SIN, S), apply(COS, S),
        power(V, number(2)), power(S, number(-1)), diag(x), D @ E, commutation(n, n), ones(n, n),
        apply(SIGMOID, A + A.T), x @ x.T, OBLONG.T @ OBLONG,
    ],
    "skew": [
        A - A.T, A.T @ V @ A, V + W, s * V, hadamard(V, S), kron(V, S), V @ V @ V, V + A - A.T,
        apply(SIN, V), power(V, number(3)), apply(PSEUDOINVERSE, V), x @ y.T - y @ x.T, V.T,
        S @ T - T @ S, hadamard(A - A.T, S),
    ],
    "psd": [
        A.T @ A, OBLONG @ OBLONG.T, x @ x.T, A @ P @ A.T, S @ S, ones(n, n), diag(p), D @ D,
        P + A.T @ A, hadamard(A.T @ A, P), kron(A.T @ A, P), t * (A.T @ A), exp(A.T @ A),
        apply(PSEUDOINVERSE, A.T @ A), apply(ABS, D), inner(x, x) * (A @ A.T),
    ],
    "spd": [
        P + R, P + A.T @ A, hadamard(P, R), kron(P, R), inverse(P), t * P, B.T @ B, B @ P @ B.T,
        identity(n), identity(n) + x @ x.T, diag(p), F, F @ F, inverse(F), P @ P, P @ R @ P,
        power(P, number(3)), inverse(A.T @ A), apply(PSEUDOINVERSE, P), exp(P), Q @ P @ Q.T,
    ],
    "diagonal": [
        diag(x), D + E, D @ E, hadamard(D, A), s * D, inverse(D), kron(D, E), D.T, L.T + D - L.T,
        hadamard(L, U), hadamard(L, L.T), apply(SIN, D),
        power(D, number(2)), apply(PSEUDOINVERSE, D), identity(n), apply(TANH, diag(x)),
    ],
    "lower": [
        L @ M, L + M, inverse(L), s * L, hadamard(L, A), U.T, kron(L, M), apply(TANH, L), L @ D,
        power(L, number(3)), apply(ABS, L), D,
    ],
    "upper": [U @ L.T, inverse(U), L.T + D, inverse(L).T],
    "orthogonal": [
        Q @ Q2, Q.T, inverse(Q), kron(Q, Q2), commutation(n, m), -Q, Q @ H @ Q2.T, H,
        apply(PSEUDOINVERSE, Q), kron(identity(m), Q), det(Q),
    ],
    "invertible": [B @ N, P, inverse(A), Q, B.T, kron(B, P), number(-3) * B, det(B), M],
    "posdet": [P, N @ N, M, inverse(N), t * N, kron(N, P), N.T, F],
    "positive": [
        exp(A), apply(SIGMOID, A), apply(SOFTPLUS, x), apply(SOFTMAX, x), apply(SOFTMAX_ROWS, A),
        G + C, G @ C, hadamard(G, C), t * G, kron(G, C), G.T, power(G, number(-1)), power(G, half),
        power(A, number(-2)), G + hadamard(A, A), total(G), trace(G), det(P), trace(P), total(P),
        diagonal(P), vec(G), unvec(kron(p, p), n, n), apply(TANH, G), norm(B), norm(p), size(n),
        apply(PI), number(2), 1 + s * s, apply(KHATRI_RAO, G, C), inner(G, C), t + inner(x, x),
        p.T @ G @ p, diagonal(inverse(P)), power(t, s), p @ p.T,
    ],
    "nonnegative": [
        power(A, number(2)), apply(ABS, A), apply(RELU, A), apply(STEP, A), inner(x, x), norm(A),
        apply(NORM1, A), x.T @ P @ x, x.T @ A.T @ A @ x, det(A.T @ A), trace(A.T @ A), Z, J, F,
        hadamard(G, Z), Z @ G, total(Z), diag(p), diagonal(A @ A.T), power(G - Z, half), M, D @ D,
        inner(A.T @ A, P), Z @ h,
    ],
    "binary": [hadamard(Z, Y), Z.T, diag(b), kron(Z, J), power(Z, number(3)), vec(Z), J.T, h,
               diagonal(Z), apply(ABS, Z), identity(n), commutation(n, m)],
    "onehot": [h, J, identity(n), kron(J, J), commutation(m, n)],
    "positive diagonal": [P, F, M, G, M @ M, P + Z, inverse(M), M.T, kron(P, M), t * M],
}  # fmt: skip
CASES = [(name, i) for name, found in HAVE.items() for i in range(len(found))]


@pytest.mark.parametrize("name, i", CASES)
def test_a_property_follows_and_is_true(name: str, i: int) -> None:
    form = normalise(HAVE[name][i])
    assert name in properties_of(form)
    met = 0
    for seed in range(20):
        found = defined(form, values_of(form, seed=seed))
        if found is not None:
            met += 1
            assert HOLDS[name](found[form])
    assert met


TRAPS: list[tuple[str, Expression]] = [
    ("spd", A.T @ A), ("spd", x @ x.T), ("spd", P - R), ("psd", P - R), ("spd", s * P),
    ("symmetric", P @ R), ("symmetric", S @ T), ("symmetric", A @ B), ("spd", A.T @ P @ A),
    ("symmetric", A + B), ("skew", A - B.T), ("psd", V @ V), ("psd", S @ S @ S), ("psd", -P),
    ("psd", A + A.T), ("psd", hadamard(P, S)), ("spd", power(P, number(-1))),
    ("spd", apply(TANH, P)),
    ("positive", P), ("positive", inverse(G)), ("positive", inner(x, x)), ("positive", x.T @ P @ x),
    ("positive", apply(RELU, G - C)), ("positive", det(A.T @ A)), ("positive", apply(SIN, G)),
    ("positive", F), ("positive", M), ("positive", diag(p)), ("positive", log(G)),
    ("nonnegative", logdet(P)), ("nonnegative", power(A, number(3))), ("nonnegative", G - C),
    ("binary", Z + Y), ("binary", Z @ Y), ("binary", apply(STEP, A)), ("binary", 1 - s * Z),
    ("diagonal", exp(D)), ("diagonal", apply(COS, D)), ("lower", apply(SIGMOID, L)),
    ("lower", L @ U), ("diagonal", D @ A), ("orthogonal", Q + Q2), ("orthogonal", 2 * Q),
    ("orthogonal", hadamard(Q, Q2)), ("invertible", S), ("invertible", L), ("invertible", B + N),
    ("invertible", s * B), ("posdet", B), ("posdet", Q), ("posdet", det(B)), ("invertible", V),
    ("onehot", h + h), ("onehot", J.T), ("orthogonal", J), ("symmetric", commutation(m, n)),
    ("positive diagonal", S), ("positive diagonal", M @ U), ("positive diagonal", P @ R),
    ("positive diagonal", inverse(G)), ("lower", matrix("O", m, n, "lower")),
    ("posdet", matrix("O", m, n, "lower", "positive")), ("symmetric", hadamard(A, B.T)),
    ("positive", power(s, number(2))), ("positive", norm(x)), ("positive", trace(A.T @ A)),
]  # fmt: skip


@pytest.mark.parametrize("i", range(len(TRAPS)))
def test_what_does_not_follow_is_not_said(i: int) -> None:
    name, expression = TRAPS[i]
    assert name not in properties_of(normalise(expression))


def c(value: int) -> Expression:
    return number(value)


EQUAL: dict[str, tuple[Expression, Expression]] = {
    "inverse of a Gram matrix": (inverse(A.T @ A).T, inverse(A.T @ A)),
    "pinv of a symmetric matrix": (apply(PSEUDOINVERSE, S).T, apply(PSEUDOINVERSE, S)),
    "pinv of a skew matrix": (apply(PSEUDOINVERSE, A - A.T).T, -apply(PSEUDOINVERSE, A - A.T)),
    "pinv of an invertible one": (apply(PSEUDOINVERSE, B @ P), inverse(P) @ inverse(B)),
    "pinv of an orthogonal one": (apply(PSEUDOINVERSE, Q @ Q2), (Q @ Q2).T),
    "pinv twice": (apply(PSEUDOINVERSE, apply(PSEUDOINVERSE, A)), A),
    "pinv and numbers": (apply(PSEUDOINVERSE, 2 * A), half * apply(PSEUDOINVERSE, A)),
    "pinv and transposes": (apply(PSEUDOINVERSE, OBLONG.T), apply(PSEUDOINVERSE, OBLONG).T),
    "orthogonal product": (inverse(Q @ Q2), Q2.T @ Q.T),
    "orthogonal Kronecker product": (kron(Q, Q2).T @ kron(Q, Q2), identity(n * n)),
    "reflection": (H @ H, identity(n)),
    "inverse of a reflection": (inverse(H), H),
    "commutation": (commutation(n, n) @ commutation(n, n), identity(n * n)),
    "trace of a skew matrix": (trace(A.T @ V @ A), c(0)),
    "trace of symmetric and skew": (trace(S @ V), c(0)),
    "Frobenius product of symmetric and skew": (inner(P, V), c(0)),
    "trace of three": (trace(S @ V @ S), c(0)),
    "quadratic form of a skew matrix": (x.T @ V @ x, c(0)),
    "quadratic form of a skew congruence": (x.T @ S @ V @ S @ x, c(0)),
    "bilinear form of a skew matrix": (x.T @ V @ y, -(y.T @ V @ x)),
    "quadratic form of a difference": (x.T @ (A - A.T) @ x, c(0)),
    "diagonal of a skew matrix": (diagonal(V), zeros(n)),
    "sum of a skew matrix": (total(V), c(0)),
    "diag of the diagonal": (diag(diagonal(D)), D),
    "diagonals commute": (E @ D, D @ E),
    "diagonals cancel": (D @ E @ inverse(D), E),
    "diagonals around": (Q @ D @ E @ inverse(D) @ inverse(E) @ Q.T, identity(n)),
    "diag among diagonals": (D @ diag(x) @ E @ diag(y), diag(hadamard(x, y)) @ D @ E),
    "Hadamard of diagonals": (hadamard(D, E), D @ E),
    "abs": (apply(ABS, G @ C), G @ C),
    "abs of a Gram determinant": (apply(ABS, det(P)), det(P)),
    "abs of a factor": (apply(ABS, hadamard(G, A)), hadamard(G, apply(ABS, A))),
    "abs of a multiple": (apply(ABS, -2 * t * A), 2 * t * apply(ABS, A)),
    "abs of a square": (apply(ABS, hadamard(A, A)), power(A, c(2))),
    "sign": (apply(SIGN, exp(A)), ones(n, n)),
    "sign of a factor": (apply(SIGN, hadamard(G, A)), apply(SIGN, A)),
    "sign of a negative factor": (apply(SIGN, -t * A), -apply(SIGN, A)),
    "sign of a spread scalar": (apply(SIGN, s * G), apply(SIGN, s) * ones(n, n)),
    "sign of a diagonal": (apply(SIGN, F), identity(n)),
    "relu": (apply(RELU, Z), Z),
    "relu of a negative": (apply(RELU, -hadamard(A, A)), zeros(n, n)),
    "relu of a factor": (apply(RELU, hadamard(Z, A)), hadamard(Z, apply(RELU, A))),
    "step": (apply(STEP, G), ones(n, n)),
    "step of a negative": (apply(STEP, -G), zeros(n, n)),
    "step of a factor": (apply(STEP, t * A), apply(STEP, A)),
    "norm1": (apply(NORM1, G), total(G)),
    "norm1 of minus": (apply(NORM1, -t * A), t * apply(NORM1, A)),
    "root of a square": (power(power(G, c(2)), half), G),
    "root of a scalar square": (power(t * t, half), t),
    "powers of a positive number": (power(power(t, s), half), power(t, half * s)),
    "root of a root": (power(power(s, half), half), power(s, number(Fraction(1, 4)))),
    "factor of a root": (power(t * t * s, half), t * power(s, half)),
    "number of a root": (power(4 * s, half), 2 * power(s, half)),
    "fraction of a root": (
        power(number(Fraction(9, 4)) * s, -half), number(Fraction(2, 3)) * power(s, -half)
    ),
    "log of a power": (log(power(t, c(4))), 4 * log(t)),
    "log of an inverse": (log(power(x, c(-1))), -log(x)),
    "log of a root": (log(power(s, half)), half * log(s)),
    "log of an exponential's multiple": (log(t * exp(s)), log(t) + s),
    "log of a sigmoid's multiple": (
        log(hadamard(x, apply(SIGMOID, y))), log(x) + log(apply(SIGMOID, y))
    ),
    "logdet of an orthogonal matrix": (logdet(Q @ A @ Q.T), logdet(A)),
    "logdet of a diagonal": (logdet(diag(p)), total(log(p))),
    "det under rotation": (det(Q.T @ A @ Q), det(A)),
    "det of a square of an orthogonal matrix": (det(Q) * det(Q), c(1)),
    "abs of an orthogonal determinant": (apply(ABS, det(Q)), c(1)),
    "inverse of an orthogonal determinant": (power(det(Q), c(-1)), det(Q)),
    "norm under rotation": (norm(Q @ x), norm(x)),
    "Frobenius norm under rotation": (norm(Q @ A @ Q2), norm(A)),
    "norm of an orthogonal matrix": (norm(Q @ Q2), power(size(n), half)),
    "norm of a multiple": (norm(-2 * t * A), 2 * t * norm(A)),
    "trace under rotation": (trace(Q.T @ A @ Q), trace(A)),
    "binary": (hadamard(Z, Z), Z),
    "binary power": (power(Z, c(5)), Z),
    "binary expression": (power(diag(b), c(2)), diag(b)),
    "sum of one-hot rows": (total(J), size(n)),
    "sum of a one-hot column": (total(h), c(1)),
    "sum of a permutation": (total(commutation(m, n)), size(m * n)),
    "diagonals in a trace": (trace(B @ Z @ E @ D @ E), trace(E @ B @ Z @ E @ D)),
    "diagonals around a trace": (trace(D @ E @ A @ inverse(D)), trace(E @ A)),
    "symmetric in a trace": (trace(S @ A), trace(S @ A.T)),
    "skew in a diagonal": (diagonal(S @ V @ A.T), -diagonal(A @ V @ S)),
    "skew in a trace": (trace(V @ A), -trace(V @ A.T)),
    "skew and symmetric in a trace": (trace(S @ V @ A), -trace(V @ S @ A.T)),
}  # fmt: skip


@pytest.mark.parametrize("name", EQUAL)
def test_what_a_property_makes_equal(name: str) -> None:
    left, right = EQUAL[name]
    assert normalise(left) is normalise(right)
    met = 0
    for seed in range(20):
        values = values_of(left, right, seed=seed)
        one, other = defined(left, values), defined(right, values)
        if one is not None and other is not None:
            met += 1
            assert close(one[left], other[right], 1e-9)
    assert met


def test_skew_and_orthogonal() -> None:
    four = Dimension.of(4)
    X = matrix("X", four, four, "skew", "orthogonal")
    assert normalise(X @ X) is normalise(-identity(four))
    values = values_of(X, seed=1)
    assert close(values[X] @ values[X], -np.eye(4), 1e-12)


def test_a_skew_matrix_of_odd_size_is_singular() -> None:
    three, four = Dimension.of(3), Dimension.of(4)
    odd, even = matrix("K", three, three, "skew"), matrix("K", four, four, "skew")
    assert normalise(det(odd)) is number(0)
    with pytest.raises(DomainProblem, match="a skew matrix of odd size"):
        normalise(inverse(odd))
    assert normalise(det(even)) is not number(0)
    assert normalise(inverse(even)).T is not None


@pytest.mark.parametrize("expression", [log(x.T @ V @ x), logdet(zeros(n, n)), log(trace(V))])
def test_the_logarithm_of_zero_is_refused(expression: Expression) -> None:
    with pytest.raises(DomainProblem, match="logarithm of zero"):
        normalise(expression)


@pytest.mark.parametrize("expression", [zeros(n, n), ones(n, n), x @ y.T], ids=repr)
def test_singular_matrices_are_refused(expression: Expression) -> None:
    with pytest.raises(DomainProblem, match="singular"):
        normalise(inverse(expression))


DERIVATIVES: dict[str, tuple[str, Expression, Expression]] = {
    "tr(S S)": ("gradient", trace(S @ S), S),
    "logdet S": ("hessian", logdet(P), P),
    "tr(S A S)": ("gradient", trace(S @ A @ S), S),
    "x'S x": ("hessian", trace(S @ A @ S @ B), S),
    "pinv of spd": ("gradient", trace(apply(PSEUDOINVERSE, P) @ A), P),
    "abs of det": ("gradient", apply(ABS, det(P)), P),
    "skew by itself": ("gradient", trace(A @ V @ V), V),
    "skew quadratic form": ("gradient", x.T @ V @ x + x.T @ V @ y, V),
    "skew in x": ("gradient", x.T @ V @ x + y.T @ V @ x, x),
    "diagonal": ("gradient", x.T @ D @ E @ D @ y, D),
    "diagonal positive": ("gradient", total(apply(ABS, F)), F),
    "rotated norm": ("gradient", norm(Q @ x - Q @ y), x),
    "orthogonal": ("gradient", trace(A.T @ Q) + norm(Q @ x), Q),
    "lower positive": ("gradient", logdet(M) + trace(M @ A), M),
    "upper": ("gradient", logdet(U @ U.T), U),
    "positive": ("gradient", apply(NORM1, hadamard(G, A)), G),
    "positive, in A": ("gradient", apply(NORM1, hadamard(G, A)), A),
    "binary": ("gradient", total(hadamard(hadamard(Z, Z), A)), Z),
    "onehot": ("gradient", total(J) + trace(J @ A), J),
    "logarithms": ("gradient", total(log(hadamard(power(p, c(2)), apply(SIGMOID, p)))), p),
    "Jacobian": ("jacobian", D @ A @ E @ D, A),
    "zero up to rounding": ("gradient", total(V) * (x.T @ x), x),
    "Jacobian by a diagonal": ("jacobian", D @ E @ A, D),
    "Jacobian of an inverse": ("jacobian", inverse(identity(n) + A.T @ A), A),
}  # fmt: skip


@pytest.mark.parametrize("name", DERIVATIVES)
def test_the_variable_has_no_structure_while_it_is_varied(name: str) -> None:
    kind, expression, variable = DERIVATIVES[name]
    assert verify(derive(kind, expression, variable), seed=1).passed is True


PARTS, EXPRESSIONS = 4, 480


@pytest.mark.parametrize("part", range(PARTS))
def test_random_expressions_keep_their_value_and_have_their_properties(part: int) -> None:
    compared = 0
    for seed in range(part, EXPRESSIONS, PARTS):
        expression = Generator(seed).expression(2 + seed % 2)
        try:
            form, spelled = normalise(expression), shortest(expression)
        except DomainProblem:
            continue
        assert normalise(form) is form, seed
        values = values_of(expression, seed=seed)
        found = defined(expression, values, away_from_edges=True)
        if found is None:
            continue
        compared += 1
        scale = max(1.0, *(float(np.max(np.abs(inside))) for inside in found.values()))
        results = defined(form, values) or {}
        for version in (form, spelled):
            got = defined(version, values)
            assert got is not None, seed
            assert np.max(np.abs(got[version] - found[expression])) < 1e-6 * scale, seed
        for node, result in results.items():
            for name in properties_of(node):
                assert HOLDS[name](result), (seed, name, repr(node))
    assert compared > EXPRESSIONS / PARTS / 2


def test_deep_expressions_are_no_recursion() -> None:
    deepest = 3 * sys.getrecursionlimit()
    X = A
    for _ in range(deepest):
        X = A @ X @ A.T + S
    assert "symmetric" not in properties_of(normalise(X))
    X = S
    for _ in range(deepest):
        X = A @ X @ A.T + S
    assert "symmetric" in properties_of(normalise(X))


@pytest.mark.parametrize("symbol", [*SQUARE, *COLUMNS, *SCALARS, OBLONG, K], ids=repr)
def test_samples_have_what_is_known_of_a_variable(symbol: Expression) -> None:
    for seed in range(5):
        values = values_of(symbol, seed=seed)
        if symbol in values:
            for name in properties_of(symbol):
                assert HOLDS[name](values[symbol]), name
