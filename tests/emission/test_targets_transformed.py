"""Emitted functions under the compilers and transformations of JAX and torch.

The gradient that is emitted is held against the library's own of the value that is emitted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from libraries import loaded

from matdiff.dimensions import ONE
from matdiff.emission import Result, source
from matdiff.operations.algebra import SYMBOL, postorder, symbol_name
from matdiff.session import Session
from matdiff.settings import Settings

SIZES = {"m": 3, "n": 2, "k": 4}
PROBLEMS = {
    "least squares": ("A : m×n, x : n, b : m", "norm(A x - b)^2", "x"),
    "quotient of forms": ("S : n×n spd, A : n×n, x : n", "(x'A x)/(x'S x)", "x"),
    "likelihood": ("S : n×n spd, A : n×n", "logdet(S) + tr(inv(S) A A')", "S"),
    "network": ("W : m×n, x : n, y : m", "sum(softplus(y∘tanh(W x)))", "W"),
    "softmax": ("A : m×n, x : n, y : m", "y'softmax(A x) + logsumexp(A x)", "x"),
    "kernels": ("X : m×n, t : scalar", "sum(exp(t X X'))", "X"),
    "kronecker": ("X : n×m", "norm((X'⊗X) vec(X'X X'))^2", "X"),
    "triangle": ("X : n×n", "sum(sqrt(n) vech(X X')) + tr(tril(X) X)", "X"),
    "activation": ("W : m×n, x : n", "sum(silu(W x) + erf(W x) + relu(W x) + abs(W x))", "W"),
    "exponential": ("X : n×n", "tr(expm(X)) + nuclear(X + 3 I)", "X"),
    "scalar": ("c : scalar, x : n", "sqrt(c) x'x + c^3 log(c) + log(2) c", "c"),
    "largest": ("x : n", "max(x) + norm1(x)", "x"),
}  # fmt: skip
of_every_problem = pytest.mark.parametrize("problem", PROBLEMS.values(), ids=PROBLEMS)
Problem = tuple[str, str, str]


class Functions:
    """The value and its gradient in a target, by the arguments of the value."""

    def __init__(self, problem: Problem, target: str) -> None:
        declared, expression, self.wrt = problem
        session = Session()
        session.declare(declared)
        answer = session.differentiate("gradient", session.parse(expression), self.wrt, Settings())
        assert answer.derivative is not None
        variables = list(answer.reading.environment.variables.values())
        X = answer.reading.environment.variables[self.wrt]
        form = "scalar" if X.symbol.is_scalar else "vector" if X.is_vector else "matrix"
        value = answer.reading.expression
        self.value, self.names = self._loaded(Result(value, "scalar"), target, variables)
        self._gradient, self._wanted = self._loaded(
            Result(answer.derivative.formula, form), target, variables
        )
        self.symbols = {symbol_name(n): n for n in postorder(value) if n.operation is SYMBOL}

    @staticmethod
    def _loaded(
        result: Result, target: str, variables: Any
    ) -> tuple[Callable[..., Any], list[str]]:
        written, arguments = source([result], target=target, name="f", variables=variables)
        return loaded(written, "f"), list(arguments)

    def gradient(self, *arrays: Any) -> Any:
        given = dict(zip(self.names, arrays, strict=True))
        return self._gradient(**{name: given[name] for name in self._wanted})

    @property
    def place(self) -> int:
        return self.names.index(self.wrt)

    def arrays(self, seed: int = 0) -> list[np.ndarray]:
        random = np.random.default_rng(seed)
        found = []
        for name in self.names:
            symbol = self.symbols[name]
            array = random.uniform(0.5, 1.5, [side.at(SIZES) for side in symbol.shape])
            if "spd" in symbol.parameters[3:]:
                array = array @ array.T + np.eye(len(array))
            found.append(array[:, 0] if symbol.columns is ONE else array)
            if symbol.is_scalar:
                found[-1] = array[0, 0]
        return found


def close(got: Any, expected: Any) -> bool:
    return np.allclose(np.asarray(got), np.asarray(expected), rtol=1e-10, atol=1e-12)


@of_every_problem
def test_jax(problem: Problem) -> None:
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    functions = Functions(problem, "jax")
    arrays = functions.arrays()
    expected = Functions(problem, "numpy").gradient(*arrays)
    assert close(functions.gradient(*arrays), expected)
    assert close(jax.jit(functions.gradient)(*arrays), expected)
    own = jax.jit(jax.grad(functions.value, argnums=functions.place))(*arrays)
    if "spd" not in problem[0]:  # of a matrix with structure the gradient is projected
        assert close(own, expected)
    stacked = [np.stack(pair) for pair in zip(arrays, functions.arrays(1), strict=True)]
    both = jax.jit(jax.vmap(functions.gradient))(*stacked)
    assert close(both[0], expected)
    along = jax.jvp(functions.gradient, tuple(arrays), tuple(map(np.ones_like, arrays)))
    assert np.all(np.isfinite(along[1]))
    single = jax.jit(functions.gradient)(*(a.astype(np.float32) for a in map(np.asarray, arrays)))
    assert single.dtype == np.float32


@of_every_problem
def test_torch(problem: Problem) -> None:
    torch = pytest.importorskip("torch")
    functions = Functions(problem, "torch")
    arrays = functions.arrays()
    expected = Functions(problem, "numpy").gradient(*arrays)
    tensors = [torch.as_tensor(array) for array in arrays]
    assert close(functions.gradient(*tensors), expected)
    own = torch.func.grad(functions.value, argnums=functions.place)(*tensors)
    if "spd" not in problem[0]:
        assert close(own, expected)
    stacked = [torch.stack([tensor, tensor * 1.01]) for tensor in tensors]
    both = torch.func.vmap(functions.gradient)(*stacked)
    assert close(both[0], expected)
    torch.compiler.reset()  # it counts what it compiles of one line
    compiled = torch.compile(functions.gradient, backend="eager", fullgraph=True)
    assert close(compiled(*tensors), expected)
    single = functions.gradient(*(tensor.float() for tensor in tensors))
    assert single.dtype == torch.float32
    on_meta = functions.gradient(*(tensor.to("meta") for tensor in tensors))
    assert on_meta.device.type == "meta"  # nothing of it was put on another device


@pytest.mark.parametrize("target", ["jax", "torch", "array-api"])
def test_shapes_that_do_not_fit_are_refused(target: str) -> None:
    package = {"array-api": "array_api_strict"}.get(target, target)
    library = pytest.importorskip(package)
    ones = library.numpy.ones if target == "jax" else library.ones
    functions = Functions(PROBLEMS["least squares"], target)
    with pytest.raises(ValueError, match=r"^expected A: m×n, x: n, b: m; got A: "):
        functions.value(ones((3, 2)), ones((3,)), ones((3,)))
    functions = Functions(PROBLEMS["kernels"], target)
    functions.value(ones((3, 2)), 2.0)
    with pytest.raises(ValueError, match=r"^expected X: m×n, t: scalar; got X: "):
        functions.value(ones((3, 2)), ones((2,)))
