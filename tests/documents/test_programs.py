"""The functions that are wanted of an answer: with the value, as operators, in parts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import matdiff
from matdiff.documents.programs import sizes_of
from matdiff.errors import UsageProblem

SIZES = {"m": 4, "n": 3, "p": 2, "q": 5}
STEP = 1e-6


def functions(text: str) -> dict[str, Any]:
    space: dict[str, Any] = {}
    exec(compile(text, "emitted", "exec"), space)
    return space


def drawn(*names_and_shapes: tuple[str, tuple[int, ...]]) -> dict[str, Any]:
    random = np.random.default_rng(2)
    return {name: random.uniform(0.2, 1, shape) for name, shape in names_and_shapes}


def test_value_and_gradient_are_computed_together() -> None:
    answer = matdiff.gradient("sum(tanh(A x))", "x", "A: m×n, x: n")
    text = answer.code(with_value=True)
    assert text.count("np.tanh") == 1
    given = drawn(("A", (4, 3)), ("x", (3,)))
    value, gradient = functions(text)["value_and_gradient"](**given)
    assert np.isclose(value, np.tanh(given["A"] @ given["x"]).sum())
    slope = given["A"].T @ (1 - np.tanh(given["A"] @ given["x"]) ** 2)
    assert np.allclose(gradient, slope)


QUESTIONS = [
    ("A X B", "X", "A: m×n, X: n×p, B: p×q", lambda A, X, B: A @ X @ B),
    ("softmax(A x)", "x", "A: m×n, x: n", lambda A, x: np.exp(A @ x) / np.exp(A @ x).sum()),
    ("X^-1 B", "X", "X: n×n, B: n×p", lambda X, B: np.linalg.solve(X, B)),
    ("X∘X", "X", "X: m×n", lambda X: X * X),
]


@pytest.mark.parametrize(("expression", "wrt", "declare", "function"), QUESTIONS)
def test_operators_are_the_jacobian_times_a_direction(
    expression: str, wrt: str, declare: str, function: Any
) -> None:
    shapes = {"A": (4, 3), "B": (2, 5), "X": (3, 2), "x": (3,)}
    if expression == "X^-1 B":
        shapes |= {"X": (3, 3), "B": (3, 2)}
    names = [part.split(":")[0] for part in declare.split(", ")]
    given = drawn(*((name, shapes[name]) for name in names))
    if expression == "X^-1 B":
        given["X"] = given["X"] + 2 * np.eye(3)
    text = matdiff.jacobian(expression, wrt, declare).code(operator=True)
    made = functions(text)
    random = np.random.default_rng(5)
    dX = random.normal(size=given[wrt].shape)
    ahead = function(**{**given, wrt: given[wrt] + STEP * dX})
    behind = function(**{**given, wrt: given[wrt] - STEP * dX})
    slope = (ahead - behind) / (2 * STEP)
    dY = random.normal(size=slope.shape)
    along = called(made["jvp"], {**given, f"d{wrt}": dX})
    assert along.shape == slope.shape and np.allclose(along, slope, atol=1e-8)
    pulled = called(made["vjp"], {**given, "dY": dY})
    assert pulled.shape == dX.shape and np.isclose(np.sum(pulled * dX), np.sum(dY * along))


def called(function: Any, given: dict[str, Any]) -> Any:
    wanted = function.__code__.co_varnames[: function.__code__.co_argcount]
    return function(**{name: given[name] for name in wanted})


def test_the_hessian_times_a_direction() -> None:
    answer = matdiff.hessian("sum(exp(A x))", "x", "A: m×n, x: n")
    given = drawn(("A", (4, 3)), ("x", (3,)), ("dx", (3,)))
    A, x, dx = given.values()
    expected = A.T @ (np.exp(A @ x) * (A @ dx))
    assert np.allclose(functions(answer.code(operator=True))["hvp"](A, x, dx), expected)


@pytest.mark.parametrize("structure", [None, "projection", "free"])
@pytest.mark.parametrize("kind", ["symmetric", "skew", "diagonal", "lower"])
def test_operators_by_a_structured_variable_are_the_dense_matrix_times_a_direction(
    structure: str | None, kind: str
) -> None:
    """The dense functions are tested elsewhere, against the structured differences."""
    declare, given = f"A: n×n, S: n×n {kind}", drawn(("A", (3, 3)))
    dS, dY = (np.random.default_rng(seed).normal(size=(3, 3)) for seed in (3, 4))
    make = {
        "symmetric": lambda X: X + X.T, "skew": lambda X: X - X.T, "lower": np.tril,
        "diagonal": lambda X: np.diag(np.diag(X)),
    }[kind]  # fmt: skip
    given["S"], dS = make(given["A"]), make(dS)
    hessian = matdiff.hessian("tr(A S S A S)", "S", declare, structure=structure)
    H = called(functions(hessian.code())["hessian"], given)
    product = called(functions(hessian.code(operator=True))["hvp"], {**given, "dS": dS})
    assert np.allclose(product.ravel("F"), H @ dS.ravel("F"))
    jacobian = matdiff.jacobian("A S S", "S", declare, structure=structure)
    J = called(functions(jacobian.code())["jacobian"], given)
    made = functions(jacobian.code(operator=True))
    along = called(made["jvp"], {**given, "dS": dS})
    assert np.allclose(along.ravel("F"), J @ dS.ravel("F"))
    back = called(made["vjp"], {**given, "dY": dY})
    assert np.allclose(back.ravel("F"), J.T @ dY.ravel("F"))


def test_no_operator_takes_independent_entries() -> None:
    answer = matdiff.hessian("tr(A S S)", "S", "A: n×n, S: n×n symmetric", structure="entries")
    with pytest.raises(UsageProblem, match="independent entries"):
        answer.code(operator=True)


def test_the_parts_of_a_masked_hessian() -> None:
    """(V⊗I(m))' diag(vec(M∘M)) (V⊗I(m)) is told by V and M∘M."""
    declare = "M: m×n, U: m×r, V: n×r, R: m×n"
    answer = matdiff.hessian("1/2 norm(M∘(U V' - R))^2", "U", declare)
    text = answer.code(structured=True)
    assert "(P_1⊗I(m))'diag(vec(P_2))(P_1⊗I(m))" in text
    given = drawn(("M", (4, 3)), ("V", (3, 2)))
    P = functions(text)["hessian"](**given)
    factor = np.kron(P[0], np.eye(4))
    whole = factor.T @ np.diag(P[1].ravel(order="F")) @ factor
    assert np.allclose(whole, functions(answer.numpy)["hessian"](**given))


def test_parts_of_a_sum_with_a_diagonal() -> None:
    answer = matdiff.jacobian("softmax(x)", "x", "x: n")
    text = answer.code(structured=True)
    x = np.array([0.3, -1.0, 2.0])
    p, row = functions(text)["jacobian"](x)
    expected = functions(answer.numpy)["jacobian"](x)
    assert p.ndim == 1 and np.allclose(np.diag(p) - p[:, None] * row, expected)


def test_relations_between_sizes() -> None:
    assert sizes_of(["m >> n", "r = 8"]) == {"n": 100.0, "m": 10000.0, "r": 8.0}
    assert sizes_of(["m > n", "k << m"]) == {"n": 100.0, "m": 300.0, "k": 3.0}
    for wrong in ("m", "m >> 5", "5 > m", "m = n", "m >= n", "m = ٣", "m < 1_0"):
        with pytest.raises(UsageProblem, match="no relation"):
            sizes_of([wrong])


@pytest.mark.parametrize(
    "relations",
    [["m < n", "n < m"], ["m < n", "k > n", "k << m"], ["m < m"], ["m = 3", "m = 4"]],
)
def test_sizes_that_contradict_one_another(relations: list[str]) -> None:
    with pytest.raises(UsageProblem, match="contradicts"):
        sizes_of(relations)
    assert sizes_of(relations[:-1] * 2) == sizes_of(relations[:-1])


def test_sizes_choose_the_order_of_products() -> None:
    declare = "A: m×n, B: n×k, C: k×m, X: m×m"
    answer = matdiff.gradient("tr(A B C X)", "X", declare)
    few_inside = answer.code(assume=["m >> n", "k = 2"]).splitlines()[-1]
    few_outside = answer.code(assume=["k >> n"]).splitlines()[-1]
    assert few_inside != few_outside


def test_an_unknown_target_is_refused() -> None:
    with pytest.raises(UsageProblem, match="'rust' is no target"):
        matdiff.gradient("x'x", "x", "x: n").code("rust")


def test_what_has_no_parts_is_one() -> None:
    answer = matdiff.jacobian("X' + X'", "X", "X: m×n")
    J = functions(answer.code(structured=True))["jacobian"](m=2, n=3)
    X = np.arange(6.0).reshape(2, 3)
    assert np.allclose(J @ X.ravel("F"), 2 * X.T.ravel("F"))
