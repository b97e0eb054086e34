"""Values of expressions: every operation, any number of arguments, any depth."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest
from examples import A, M, N, X, t, x

from matdiff.dimensions import ONE
from matdiff.errors import DomainProblem
from matdiff.operations.algebra import (
    ADD,
    HADAMARD,
    MULTIPLY,
    commutation,
    identity,
    make,
    number,
    ones,
    zeros,
)
from matdiff.operations.elementwise import ABS, ELEMENTWISE, PI, apply, exp, power
from matdiff.operations.linear import KRONECKER, size, unvec, vec
from matdiff.operations.nonlinear import inverse
from matdiff.verification import evaluate

SIZES = {"m": 2, "n": 3}
GENERATOR = np.random.default_rng(1)
VALUE = {
    X: GENERATOR.normal(size=(2, 3)),
    A: GENERATOR.normal(size=(3, 3)),
    x: GENERATOR.normal(size=(3, 1)),
    t: GENERATOR.normal(size=(1, 1)),
}


def test_many_arguments() -> None:
    a = VALUE[A]
    for operation, expected in (
        (ADD, a + a + a),
        (HADAMARD, a * a * a),
        (MULTIPLY, a @ a @ a),
        (KRONECKER, np.kron(np.kron(a, a), a)),
    ):
        side = N * N * N if operation is KRONECKER else N
        node = make(operation, (A, A, A), (side, side))
        assert np.allclose(evaluate(node, VALUE, SIZES), expected)


def test_constants_take_their_sizes() -> None:
    assert np.array_equal(evaluate(identity(N), {}, SIZES), np.eye(3))
    assert evaluate(ones(M, N), {}, SIZES).shape == (2, 3)
    assert evaluate(zeros(M * N), {}, SIZES).shape == (6, 1)
    assert evaluate(size(N), {}, SIZES) == 3
    assert evaluate(number(Fraction(1, 4)), {}, {}) == 0.25
    assert evaluate(number(10**400), {}, {}) == np.inf
    assert evaluate(apply(PI), {}, {}) == np.pi


def test_the_commutation_matrix_turns_vec_into_vec_of_the_transpose() -> None:
    left = evaluate(commutation(M, N) @ vec(X), VALUE, SIZES)
    assert np.array_equal(left, evaluate(vec(X.T), VALUE, SIZES))
    y = X @ x  # a column that is not the vec of a symbol
    assert np.array_equal(evaluate(unvec(y, M, ONE), VALUE, SIZES), VALUE[X] @ VALUE[x])


@pytest.mark.parametrize("operation", ELEMENTWISE.values(), ids=lambda operation: operation.name)
def test_an_elementwise_derivative_is_that_of_its_values(operation: object) -> None:
    node = apply(operation, X)  # type: ignore[arg-type]
    inside = {X: np.array([[0.3, 0.5, 0.2], [0.7, 0.1, 0.6]])}
    slope = node.operation.derivative
    claimed = 0.0 if slope is None else evaluate(slope(X), inside, SIZES)
    shifted = [{X: inside[X] + h} for h in (1e-5, -1e-5)]
    up, down = (evaluate(node, values, SIZES) for values in shifted)
    assert np.allclose((up - down) / 2e-5, claimed, rtol=1e-7, atol=1e-9)


def test_complex_values_pass_through() -> None:
    shifted = {**VALUE, A: VALUE[A] + 1e-30j}
    found = evaluate(power(exp(inverse(A)), number(3)), shifted, SIZES)
    assert np.iscomplexobj(found) and np.all(found.imag != 0)
    moving_exponent = power(number(2), t)
    assert evaluate(moving_exponent, {t: np.array([[3 + 0j]])}, {}) == 8


def test_what_has_no_value_is_said() -> None:
    with pytest.raises(DomainProblem, match="A has no value"):
        evaluate(A @ x, {x: VALUE[x]}, SIZES)


def test_depth_is_no_matter() -> None:
    node = t
    for _ in range(20_000):
        node = apply(ABS, node + t)
    assert np.isfinite(evaluate(node, {t: np.array([[1.0]])}, {}))


def test_numpy_is_not_loaded_by_importing() -> None:
    code = "import sys, matdiff.verification; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
