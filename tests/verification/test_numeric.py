"""The second opinion: right formulas pass, wrong ones fail, and doubt is said."""

from __future__ import annotations

from fractions import Fraction

import pytest
from examples import A, B, M, N, S, Stated, X, b, t, x

from matdiff.calculus import differential_of, gradient, hessian, jacobian
from matdiff.dimensions import Dimension
from matdiff.operations.algebra import (
    HALF,
    Expression,
    commutation,
    identity,
    number,
    ones,
    scale,
    symbol,
    zeros,
)
from matdiff.operations.elementwise import ABS, ERF, RELU, SIGN, SOFTPLUS, apply, exp, log, power
from matdiff.operations.linear import kron, total, trace
from matdiff.operations.nonlinear import LOGSUMEXP, NORM1, SOFTMAX, det, inverse, logdet, norm
from matdiff.operations.triangles import duplication
from matdiff.verification import Verification, verify

SCALARS = {
    "quadratic": (x.T @ A @ x, x),
    "log": (log(x.T @ A @ x), x),
    "log-determinant": (logdet(X.T @ X), X),
    "determinant": (det(S), S),
    "inverse": (trace(inverse(S) @ A), S),
    "norm": (norm(X @ x - b), x),
    "power": (power(x.T @ x, number(Fraction(3, 2))), x),
    "logsumexp": (apply(LOGSUMEXP, X @ x), x),
    "softplus": (apply(SOFTPLUS, x.T @ A @ x), x),
    "steep": (exp(scale(number(-1000), x.T @ x)), x),
    "scalar": (x.T @ inverse(scale(t, x @ x.T) + S) @ x, t),
}
KINKED = {
    "relu": (norm(apply(RELU, X @ x)), x),
    "abs": (total(apply(ABS, X) * apply(ABS, X)), X),
    "erf": (total(apply(ERF, X)), X),
    "norm1": (power(apply(NORM1, X @ x - b), number(2)), x),
}
ARRAYS = {
    "linear": (A @ S @ A.T, S),
    "inverse": (inverse(S), S),
    "outer": (x @ x.T, x),
    "hadamard": (exp(X) * (X @ A), X),
    "kronecker": (kron(S, A), S),
    "softmax": (apply(SOFTMAX, X @ x), x),
    "relu": (apply(RELU, X) @ x, X),
}
LAYOUTS = [(a, b) for a in ("numerator", "denominator") for b in ("column", "row")]
ALMOST_ONE = [number(1 + s * Fraction(1, 10**6)) for s in (1, -1)]


@pytest.mark.parametrize("name", [*SCALARS, *KINKED])
def test_gradients(name: str) -> None:
    f, variable = {**SCALARS, **KINKED}[name]
    G = gradient(f, variable)
    found = verify(Stated("gradient", f, variable, G))
    assert found.passed is True and found.trials == 3, found
    assert found.max_relative_error is not None and found.max_relative_error < 1e-8
    for c in (number(2), number(-1), *ALMOST_ONE):
        assert verify(Stated("gradient", f, variable, scale(c, G))).passed is False


@pytest.mark.parametrize("name", [*SCALARS, *KINKED])
def test_hessians(name: str) -> None:
    f, variable = {**SCALARS, **KINKED}[name]
    H = hessian(f, variable)
    assert verify(Stated("hessian", f, variable, H)).passed is True
    for c in (number(2), number(-1), number(Fraction(1001, 1000))):
        assert verify(Stated("hessian", f, variable, scale(c, H))).passed is False


@pytest.mark.parametrize("layout, vec", LAYOUTS)
@pytest.mark.parametrize("name", ARRAYS)
def test_jacobians(name: str, layout: str, vec: str) -> None:
    Y, variable = ARRAYS[name]
    J = jacobian(Y, variable, layout=layout, vec_order=vec)
    assert verify(Stated("jacobian", Y, variable, J, layout=layout, vec=vec)).passed is True
    other = "row" if vec == "column" else "column"
    if name in ("inverse", "hadamard", "kronecker"):
        assert verify(Stated("jacobian", Y, variable, J, layout=layout, vec=other)).passed is False
    flipped = "denominator" if layout == "numerator" else "numerator"
    assert verify(Stated("jacobian", Y, variable, J, layout=flipped, vec=vec)).passed is False


@pytest.mark.parametrize("name", ARRAYS)
def test_differentials(name: str) -> None:
    Y, variable = ARRAYS[name]
    dY, change = differential_of(Y, variable)
    assert verify(Stated("differential", Y, variable, dY, change=change)).passed is True
    for c in (number(2), *ALMOST_ONE):
        claim = Stated("differential", Y, variable, scale(c, dY), change=change)
        assert verify(claim).passed is False


def says(f: Expression, variable: Expression, formula: Expression) -> Verification:
    return verify(Stated("gradient", f, variable, formula))


def test_plausible_mistakes_fail() -> None:
    f = x.T @ A @ x
    assert says(f, x, (A + A.T) @ x).passed is True
    assert says(f, x, A @ x + A @ x).passed is False  # right if A were symmetric
    assert says(f, x, A @ x).passed is False  # one term of the product rule
    assert says(trace(A @ S), S, A).passed is False  # the transpose
    assert says(trace(S @ S @ A), S, S.T * A.T + A.T @ S.T).passed is False  # ∘ for a product


def test_a_small_formula_is_held_to_its_own_size() -> None:
    tiny = number(Fraction(1, 10**15))
    f = scale(tiny, x.T @ x)
    assert says(f, x, scale(number(Fraction(2, 10**15)), x)).passed is True
    assert says(f, x, scale(number(Fraction(3, 10**15)), x)).passed is False
    assert says(f, x, zeros(N)).passed is False
    assert says(x.T @ x, x, scale(number(2), x) + scale(tiny, ones(N))).passed is True  # rounding
    almost = scale(number(2), x) + scale(number(Fraction(1, 10**8)), ones(N))
    assert says(x.T @ x, x, almost).passed is False


def test_the_shape_is_part_of_the_claim() -> None:
    found = says(trace(X.T @ B), X, B.T)
    assert found.passed is False
    assert found.reason == "the formula is n×m in place of m×n"


def test_zero_derivatives() -> None:
    assert says(b.T @ b, x, zeros(N)).passed is True
    assert says(total(apply(SIGN, X)), X, zeros(M, N)).passed is True
    assert says(trace(S @ A - A @ S), S, zeros(N, N)).passed is True
    f = total(apply(RELU, X @ x))
    assert verify(Stated("hessian", f, x, zeros(N, N))).passed is True
    assert verify(Stated("hessian", f * f, x, zeros(N, N))).passed is False
    assert says(f, x, zeros(N)).passed is False


def test_nan_fails() -> None:
    nothing = scale(power(x.T @ x - x.T @ x, number(-1)), x)
    assert says(x.T @ x, x, nothing).passed is False
    assert says(x.T @ x, x, scale(log(-(x.T @ x)), x)).passed is False


def test_without_a_sample_nothing_is_decided() -> None:
    f = log(-(x.T @ x))
    found = says(f, x, gradient(f, x))
    assert found.passed is None and found.trials == 0
    assert found.reason == (
        "no sample inside the domain was found: the argument of log is not positive"
    )


def test_without_a_trial_nothing_is_decided() -> None:
    found = verify(Stated("gradient", x.T @ x, x, x + x), trials=0)
    assert found.passed is None and found.reason == "no trial was asked for"


def test_underflow_decides_nothing() -> None:
    f = exp(scale(number(-(10**9)), x.T @ x + number(1)))
    for formula in (gradient(f, x), zeros(N), ones(N)):
        assert says(f, x, formula).passed is not True


def test_a_limit_decides_nothing() -> None:
    w = symbol("w", Dimension.of(100), Dimension.of(1))
    found = says(w.T @ w, w, w + w)
    assert found.passed is None and "64 to a dimension" in str(found.reason)


def test_a_seed_repeats_the_run() -> None:
    f, variable = SCALARS["norm"]
    claim = Stated("gradient", f, variable, gradient(f, variable))
    first = verify(claim)
    again = verify(claim, seed=first.seed)
    assert again.max_relative_error == first.max_relative_error
    assert verify(claim).seed != first.seed


@pytest.mark.parametrize("name, sign", [("symmetric", 1), ("spd", 1), ("skew", -1)])
def test_a_gradient_within_a_structure(name: str, sign: int) -> None:
    Q = symbol("Q", N, N, [name])
    f = trace(A @ Q)
    within = scale(HALF, A.T + scale(number(sign), A))

    def passed(formula: Expression, structure: str) -> bool | None:
        return verify(Stated("gradient", f, Q, formula, structure=structure)).passed

    assert passed(within, "projection") is True and passed(A.T, "free") is True
    assert passed(within, "free") is False and passed(A.T, "projection") is False


def test_an_orthogonal_matrix_is_varied_freely() -> None:
    Q = symbol("Q", N, N, ["orthogonal"])
    claim = Stated("gradient", trace(A @ Q), Q, A.T, structure="projection")
    assert verify(claim).passed is True


def test_a_jacobian_by_entries_has_a_column_for_each() -> None:
    Q = symbol("Q", N, N, ["symmetric"])
    assert verify(Stated("jacobian", Q, Q, duplication(N), structure="entries")).passed is True
    whole = verify(Stated("jacobian", Q, Q, identity(N * N), structure="entries"))
    assert whole.passed is False and "in place of n*n×n*(n+1)/2" in str(whole.reason)


def test_a_commutation_matrix_is_missed() -> None:
    Y = X.T
    assert verify(Stated("jacobian", Y, X, commutation(M, N))).passed is True
    assert verify(Stated("jacobian", Y, X, commutation(N, M))).passed is False
