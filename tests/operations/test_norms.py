"""The largest entry, the nuclear norm and the norms written with bars."""

from __future__ import annotations

import numpy as np
import pytest
from numerics import close, draw, m, matrix, n, value

from matdiff.derivatives import derive
from matdiff.dimensions import ONE
from matdiff.errors import MatdiffError
from matdiff.operations.algebra import Expression, ones, transpose
from matdiff.operations.norms import hardmax, largest, nuclear, polar
from matdiff.session import Session
from matdiff.settings import Settings

DECLARED = "A : m×n, B : m×n, Q : n×n, x : n, y : n, s : scalar"
X, c = matrix("X", m, n), matrix("c", ONE)


def session() -> Session:
    made = Session()
    made.declare(DECLARED)
    return made


def read(expression: str) -> tuple[Expression, list[str]]:
    made = session()
    reading = made.shape(made.parse(expression), Settings()).reading
    return reading.expression, list(reading.warnings)


def test_values() -> None:
    values = draw(X)
    A = values[X]
    assert close(value(largest(X), values), np.array([[A.max()]]))
    assert value(hardmax(X), values).sum() == 1
    S = np.array([[0.0, 2.0], [2.0, 1.0]])  # what is largest stands twice and is marked once
    assert hardmax(X).operation.evaluate(np, S).tolist() == [[0, 1], [0, 0]]
    singular = np.linalg.svd(A, compute_uv=False)
    assert close(value(nuclear(X), values), np.array([[singular.sum()]]))
    U = value(polar(X), values)
    assert close(U @ U.T, np.eye(len(A)), 1e-12)  # X is wide
    assert close(A @ U.T, (A @ U.T).T, 1e-12)
    assert np.linalg.eigvalsh(A @ U.T).min() > 0


@pytest.mark.parametrize("tall", [False, True])
def test_beside_the_real_axis_the_nuclear_norm_is_continued(tall: bool) -> None:
    Y = transpose(X) if tall else X
    random = np.random.default_rng(4)
    A, V = random.normal(size=(2, 3)), random.normal(size=(2, 3))
    slope = value(nuclear(Y), {X: A + 1e-30j * V}).imag / 1e-30
    U, _, W = np.linalg.svd(A, full_matrices=False)
    assert close(slope, np.array([[np.sum(U @ W * V)]]), 1e-12)
    turned = value(polar(Y), {X: A + 1e-30j * V})
    assert close(turned.real, (U @ W).T if tall else U @ W, 1e-12)


def test_of_a_scalar() -> None:
    values = {c: np.array([[-3.0]])}
    for made, expected in ((largest(c), -3), (hardmax(c), 1), (nuclear(c), 3), (polar(c), -1)):
        assert value(made, values) == expected


@pytest.mark.parametrize(
    ("expression", "wrt"),
    [
        ("max(A)", "A"), ("max(A x)^2", "A"), ("max(A x)^2", "x"), ("min(x∘y)", "x"),
        ("norm_inf(A x)", "A"), ("‖x‖_∞^2", "x"), ("‖A‖_*", "A"), ("‖A Q‖_*", "Q"),
        ("nuclear(A - B)^2", "A"), ("nuclear(Q + s*Q')", "s"), ("sum(hardmax(x)∘y)", "x"),
        ("tr(A'polar(B))", "A"), ("max(0, x)'y", "x"), ("sum(max(A, 0))", "A"),
        ("sum(silu(A x))", "x"),
    ],
)  # fmt: skip
def test_gradients(expression: str, wrt: str) -> None:
    made = session()
    settings = Settings(verify=True, seed=3)
    checked = made.differentiate("gradient", made.parse(expression), wrt, settings).verification
    assert checked is not None and checked.passed, checked and checked.reason


@pytest.mark.parametrize(
    ("expression", "same", "notes"),
    [
        ("‖x‖_∞", "max(abs(x))", []),
        ("‖A‖_∞", "max(abs(A))", ["‖A‖_∞ is the largest absolute value of all entries"]),
        ("‖A‖_1", "norm1(A)", ["‖A‖_1 is the sum of the absolute values of all entries"]),
        ("‖A‖_*", "nuclear(A)", []),
        ("nuclear(A')", "nuclear(A)", []),
        ("min(x)", "-max(-x)", []),
        ("max(0, A)", "relu(A)", []),
        ("max(x, 0)", "relu(x)", []),
        ("norm_inf(x)", "max(abs(x))", []),
    ],
)
def test_what_is_read(expression: str, same: str, notes: list[str]) -> None:
    found, said = read(expression)
    assert found is read(same)[0]
    assert said == notes


@pytest.mark.parametrize(
    ("expression", "message", "hint"),
    [
        ("max(x, y)", "max of two arguments is read only as max(0, x), which is relu(x)",
         "max of the entries of a and b is b + relu(a - b)"),
        ("min(x, 0)", "min of two arguments is not read",
         "min of the entries of a and b is b - relu(b - a)"),
    ],
)  # fmt: skip
def test_two_arguments(expression: str, message: str, hint: str) -> None:
    with pytest.raises(MatdiffError) as caught:
        read(expression)
    assert (caught.value.message, caught.value.hint) == (message, hint)


def test_the_hints_on_two_arguments_are_right() -> None:
    first, _ = read("y + relu(x - y)")
    second, _ = read("y - relu(y - x)")
    values = draw(first)
    one, other = (values[node] for node in sorted(values, key=lambda v: str(v.parameters[0])))
    assert close(value(first, values), np.maximum(one, other))
    assert close(value(second, values), np.minimum(one, other))


def test_the_derivative_of_the_polar_factor_is_refused_with_what_can_be_asked() -> None:
    made = session()
    with pytest.raises(MatdiffError) as caught:
        made.differentiate("gradient", made.parse("tr(B'polar(A))"), "A", Settings())
    assert caught.value.code == "MX258"
    assert caught.value.hint == (
        "of an X with full column rank polar(X) is X inv(sqrtm(X'X)), which is differentiated"
    )
    tall = value(polar(X.T), draw(X))
    expression, _ = read("A inv(sqrtm(A'A))")
    (A,) = (node for node in draw(expression))
    assert close(value(expression, {A: draw(X)[X].T}), tall, 1e-12)


def test_the_largest_entry_of_a_symmetric_matrix_moves_once() -> None:
    S = matrix("S", n, n, "symmetric")
    G = derive("gradient", largest(S), S).formula
    A = np.array([[0.0, 5.0, 1.0], [5.0, 2.0, 0.0], [1.0, 0.0, 3.0]])
    V = np.array([[1.0, 7.0, 2.0], [7.0, 4.0, 0.0], [2.0, 0.0, 1.0]])
    assert np.sum(value(G, {S: A}) * V) == 7  # max(A + h V) = 5 + 7 h


def test_entries_that_are_one_in_disguise() -> None:
    t = matrix("t", ONE)
    slope = derive("gradient", largest(t * ones(n)), t).formula
    assert value(slope, {t: np.array([[2.0]])}).item() == 1
