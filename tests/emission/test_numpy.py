"""Emitted functions are run and compared with the records' own evaluation."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from matdiff import hessian
from matdiff.dimensions import ONE, Dimension
from matdiff.emission import numpy_source
from matdiff.operations.algebra import NUMBER, SYMBOL, Expression, postorder, symbol, symbol_name
from matdiff.operations.linear import SIZE

SIZES = {"m": 4, "n": 3, "p": 2}


def direct(formula: Expression, arrays: dict[str, Any]) -> Any:
    """The value by the records' evaluation, node by node."""
    values: dict[Expression, Any] = {}
    for node in postorder(formula):
        if node.operation is SYMBOL:
            values[node] = arrays[symbol_name(node)]
        elif node.operation is NUMBER:
            values[node] = np.full((1, 1), float(node.parameters[0]))
        elif node.operation is SIZE:
            values[node] = np.full((1, 1), float(node.parameters[0].at(SIZES)))
        else:
            sizes = [p.at(SIZES) for p in node.parameters]
            inside = [values[a] for a in node.arguments]
            values[node] = node.operation.evaluate(np, *inside, *sizes)
    return values[formula]


def samples(formula: Expression, seed: int = 0) -> dict[str, Any]:
    draw = np.random.default_rng(seed)
    return {
        symbol_name(node): draw.uniform(-1, 1, [side.at(SIZES) for side in node.shape])
        for node in postorder(formula)
        if node.operation is SYMBOL
    }


def run(formula: Expression, arrays: dict[str, Any], **options: Any) -> Any:
    """Call the emitted function with arrays by variable name, columns as vectors."""
    source, arguments = numpy_source(formula, **options)
    assert max(map(len, source.splitlines())) <= 120
    space: dict[str, Any] = {}
    exec(compile(source, "emitted", "exec"), space)
    given = {}
    for parameter, stands_for in arguments.items():
        value = arrays.get(stands_for, SIZES.get(stands_for))
        if isinstance(value, np.ndarray) and value.shape[1] == 1:
            value = float(value[0, 0]) if value.shape == (1, 1) else value[:, 0]
        given[parameter] = value
    return space[options.get("name", "derivative")](**given)


@pytest.mark.parametrize("start", range(0, 400, 50))
def test_random_formulas(start: int, random_formula: Callable[[int], Expression]) -> None:
    with np.errstate(all="ignore"):
        for seed in range(start, start + 50):
            formula = random_formula(seed)
            arrays = samples(formula, seed)
            expected = direct(formula, arrays)
            value = run(formula, arrays)
            if formula.is_scalar:
                assert isinstance(value, float)
            elif formula.columns is ONE:
                assert value.ndim == 1
            else:
                assert value.shape == expected.shape
            value = np.reshape(value, expected.shape)
            assert np.allclose(value, expected, rtol=1e-7, equal_nan=True), numpy_source(formula)[0]


def emitted(formula: Expression, **options: Any) -> list[str]:
    """The statements that compute, without the lines on shapes."""
    lines = numpy_source(formula, **options)[0].splitlines()
    begin = [line.endswith("from None") for line in lines].index(True) + 1
    return [line.strip() for line in lines[begin:] if not line.endswith(".dtype")]


@pytest.mark.parametrize(
    ("formula", "statements"),
    [
        ("2 * (S.T @ (S @ x - y))", ["return 2 * (S.T @ (S @ x - y))"]),
        ("S @ T @ x", ["return S @ (T @ x)"]),
        ("x.T @ S @ y", ["return float(x @ (S @ y))"]),
        ("x @ y.T", ["return x[:, None] * y"]),
        ("2 * (x @ y.T)", ["return x[:, None] * (2 * y)"]),
        ("inverse(S) @ x", ["return np.linalg.solve(S, x)"]),
        ("inverse(S).T @ x", ["return np.linalg.solve(S.T, x)"]),
        ("x.T @ inverse(S)", ["return np.linalg.solve(S.T, x)[None, :]"]),
        ("diag(x) @ S @ diag(y)", ["t1 = x[:, None] * S", "t1 *= y", "return t1"]),
        ("diag(x)", ["return np.diag(x)"]),
        ("S + diag(x)", ["t1 = S.copy()", "t1.flat[::n + 1] += x", "return t1"]),
        ("trace(A.T @ B)", ["return float(np.vdot(A, B))"]),
        ("inner(A, B)", ["return float(np.vdot(A, B))"]),
        ("diagonal(S @ T)", ["return (S * T.T).sum(axis=1)"]),
        ("HALF * (A - B)", ["t1 = A - B", "t1 *= 0.5", "return t1"]),
        ("-(S @ T)", ["return -(S @ T)"]),
        ("power(A, number(2))", ["return A * A"]),
        ("power(A, number(3))", ["t1 = A * A", "t1 *= A", "return t1"]),
        ("A * power(B, number(-1))", ["return A / B"]),
        ("S + identity(n)", ["t1 = S.copy()", "t1.flat[::n + 1] += 1", "return t1"]),
        ("(diag(x) - x @ x.T) @ y", ["return x * y - x * (x @ y)"]),
        ("kron(S, T) @ vec(T)", ["return (S @ T.T @ T.T).reshape(-1)"]),
        ("kron(S, T) @ vec(S @ T)", ["return (S @ (S @ T).T @ T.T).reshape(-1)"]),
    ],
)
def test_what_is_emitted(formula: str, statements: list[str], v: SimpleNamespace) -> None:
    lines = emitted(eval(formula, vars(v)))
    assert lines == statements


def test_what_occurs_twice_is_computed_once(v: SimpleNamespace) -> None:
    part = v.apply(v.EXP, v.S @ v.x)
    assert emitted(part * (1 - part)) == [
        "t1 = np.exp(S @ x)",
        "return t1 * (1 - t1)",
    ]


class Given:
    """A variable as a caller describes it."""

    def __init__(self, symbol: Expression, is_vector: bool = False) -> None:
        self.symbol, self.name, self.is_vector = symbol, symbol_name(symbol), is_vector


def function(source: str, name: str = "derivative") -> Callable[..., Any]:
    space: dict[str, Any] = {}
    exec(compile(source, "emitted", "exec"), space)
    made: Callable[..., Any] = space[name]
    return made


def test_vectors_and_columns_in_order_of_declaration(v: SimpleNamespace) -> None:
    given = [Given(v.y), Given(v.S), Given(v.x, True), Given(v.T)]
    source, arguments = numpy_source(v.S @ v.x + v.y, variables=given, result="matrix")
    assert arguments == {"y": "y", "S": "S", "x": "x"}
    f = function(source)
    S, x, y = np.eye(3), np.arange(3.0), np.ones((3, 1))
    assert f(y, S, x).shape == (3, 1)
    assert f(S=S, x=x, y=y).tolist() == [[1], [2], [3]]


def test_shapes_that_do_not_fit_are_refused(v: SimpleNamespace) -> None:
    f = function(numpy_source(v.A @ v.x)[0])
    expected = r"^expected A: m×n, x: n; got A: \(2, 3\), x: "
    with pytest.raises(ValueError, match=expected + r"\(4,\)$"):
        f(np.ones((2, 3)), np.ones(4))
    with pytest.raises(ValueError, match=expected + r"\(3, 1\)$"):
        f(np.ones((2, 3)), np.ones((3, 1)))
    g = function(numpy_source(v.A + v.B)[0])
    with pytest.raises(
        ValueError, match=r"^expected A: m×n, B: m×n; got A: \(2, 3\), B: \(3, 2\)$"
    ):
        g(np.ones((2, 3)), np.ones((3, 2)))


def test_sizes_that_no_argument_shows_are_keywords(v: SimpleNamespace) -> None:
    source, arguments = numpy_source(v.c * v.ones(v.m, v.n))
    assert arguments == {"c": "c", "m": "m", "n": "n"}
    assert function(source)(2, m=1, n=3).tolist() == [[2, 2, 2]]
    with pytest.raises(TypeError):
        function(source)(2)


def test_sizes_are_found_in_sums_and_products_of_names() -> None:
    m, n, k = (Dimension.of(name) for name in "mnk")
    X = symbol("X", m * n + ONE, n)
    Y = symbol("Y", Dimension.of(2) * k, ONE)
    source, arguments = numpy_source(
        symbol("c", ONE, ONE) * (X.T @ X) + symbol("Z", n, n) * (Y.T @ Y)
    )
    assert set(arguments.values()) == {"X", "Y", "Z", "c"}
    f = function(source)
    assert f(**{"X": np.ones((7, 3)), "Y": np.ones(4), "Z": np.eye(3), "c": 1}).shape == (3, 3)
    with pytest.raises(ValueError, match=r"Y: 2\*k.*Y: \(5,\)"):
        f(**{"X": np.ones((7, 3)), "Y": np.ones(5), "Z": np.eye(3), "c": 1})


def test_names_are_safe_and_told_apart() -> None:
    n = Dimension.of("n")
    names = ["σ", "sigma", "lambda", "np", "sum", "n", "t1", "dtype", "f"]
    total = symbol("M", n, n)
    for name in names:
        total = symbol(name, ONE, ONE) * total
    source, arguments = numpy_source(total, name="f")
    assert sorted(arguments.values()) == sorted([*names, "M"])
    assert all(parameter.isascii() and parameter.isidentifier() for parameter in arguments)
    taken = {"lambda", "np", "sum", "dtype", "f"}
    assert not taken & set(arguments)
    given = {p: np.eye(2) if name == "M" else 2.0 for p, name in arguments.items()}
    assert function(source, "f")(**given)[0, 0] == 2.0 ** len(names)


def test_single_precision_stays(v: SimpleNamespace) -> None:
    S = np.eye(3, dtype=np.float32)
    value = function(numpy_source(2 * v.inverse(v.S) + v.identity(v.n))[0])(S)
    assert value.dtype == np.float32
    assert function(numpy_source(v.S @ v.S)[0])(np.eye(3, dtype=int)).dtype == float


def test_deep_and_long_formulas_can_be_run(v: SimpleNamespace) -> None:
    deep = v.c
    for _ in range(3000):
        deep = v.apply(v.TANH, deep + v.s)
    assert isinstance(run(deep, {"c": np.ones((1, 1)), "s": np.ones((1, 1))}), float)
    long, total = v.S, v.S
    for _ in range(3000):
        long, total = v.multiply(long, v.S), v.add(total, v.T)
    value = run(long @ total, {"S": np.eye(3), "T": np.ones((3, 3))})
    assert np.array_equal(value, np.eye(3) + 3000)


@pytest.mark.parametrize(("m", "r"), [(5, 2), (2, 5)])
def test_the_hessian_of_a_masked_factorisation_has_a_block_for_each_row(m: int, r: int) -> None:
    """Of ½|M∘(UV' - R)|² by U: V' diag(w) V for each row w of M∘M, more rows than columns of V
    or less."""
    draw = np.random.default_rng(3)
    M, V = draw.uniform(size=(m, 4)), draw.normal(size=(4, r))
    declared = "M: m×n, U: m×r, V: n×r, R: m×n"
    space: dict[str, Any] = {}
    exec(hessian("1/2 norm(M∘(U V' - R))^2", "U", declared).numpy, space)
    expected = np.zeros((r, m, r, m))
    for i, w in enumerate(M * M):
        expected[:, i, :, i] = V.T @ np.diag(w) @ V
    np.testing.assert_allclose(space["hessian"](M, V), expected.reshape(m * r, m * r), atol=1e-14)
