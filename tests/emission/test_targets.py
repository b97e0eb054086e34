"""Emitted functions in Python libraries: the same values in all of them, or refused.

The numpy target is held against the records and against differences elsewhere; here the others are
held against it.  `python tests/emission/test_targets.py` runs the whole corpus through every
library that is installed and prints the counts.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import kernel_cases
import numpy as np
import pytest
from corpus import COLLECTIONS, FURTHER, Problem, ask, load, readable
from libraries import LIBRARIES, Library, given, loaded
from numerics import SIZES, value
from records import OF_EVERY_KIND, arguments_of, built, samples

from matdiff import emission
from matdiff.dimensions import ONE, Dimension, Shape
from matdiff.emission import Result, source
from matdiff.emission.python import SIGNS, WRITERS
from matdiff.emission.targets import TARGETS
from matdiff.errors import DomainProblem, MatdiffError
from matdiff.operations import algebra, elementwise, linear
from matdiff.operations.algebra import (
    SYMBOL,
    Expression,
    apply,
    identity,
    ones,
    postorder,
    symbol,
    symbol_name,
)
from matdiff.operations.record import Operation

M, N = Dimension.of("m"), Dimension.of("n")
A, S, x, c = symbol("A", M, N), symbol("S", N, N), symbol("x", N, ONE), symbol("c", ONE, ONE)
HERE = [library for library in LIBRARIES if library.is_here]
EXACT = 1e-12  # of the largest entry
NEAR = 1e-7

of_every_library = pytest.mark.parametrize("library", HERE, ids=lambda library: library.name)


def error(got: Any, expected: Any) -> float:
    if got.shape != expected.shape:
        return float("inf")
    scale = float(np.max(np.abs(expected), initial=0.0))
    return float(np.max(np.abs(got - expected), initial=0.0) / (scale or 1e-3))


def function(formula: Expression, target: str) -> Callable[..., Any]:
    written, _ = source([Result(formula)], target=target, name="f")
    assert max(map(len, written.splitlines())) <= 110, written
    return loaded(written, "f")


# -- the corpus ----------------------------------------------------------------------------------


def derivatives(every: int) -> Iterator[tuple[Problem, Expression]]:
    for problem in list(load(collections=COLLECTIONS + FURTHER))[::every]:
        problem = readable(problem)
        try:
            yield problem, ask(problem).formula
        except MatdiffError:
            continue


def given_values(problem: Problem, formula: Expression) -> tuple[dict[str, Any], np.ndarray]:
    """What the functions take, vectors with one axis, and the derivative by differences."""
    _, parameters = source([Result(formula)], name="f")
    values = problem.values(0)
    reference = problem.reference(values)
    vectors = {name for name, shape in problem.entry["vars"].items() if len(shape) == 1}
    return {
        parameter: values[name].ravel() if name in vectors else values[name]
        for parameter, name in parameters.items()
    }, reference


def judged(library: Library, formula: Expression, values: dict[str, Any], expected: Any) -> str:
    """What came out of a library: right, wrong, or which function is not there."""
    numbers_alone = not any(isinstance(value, np.ndarray) for value in values.values())
    if numbers_alone:  # torch would take single precision for them
        values = {k: np.asarray(v) if isinstance(v, float) else v for k, v in values.items()}
    written, _ = source([Result(formula)], target=library.target, name="f")
    if library.lacks(written):
        return "not in the library"
    f = loaded(written, "f")
    got, single = f(**given(library, values)), f(**given(library, values, np.float32))
    if library.keeps_single and not numbers_alone and not isinstance(single, float):
        if library.to_numpy(single).dtype != np.float32:
            return "double precision for single"
    return "right" if error(library.to_numpy(got), expected) <= EXACT else "wrong"


def run(library: Library, every: int) -> tuple[Counter[str], list[str]]:
    counts: Counter[str] = Counter()
    bad = []
    with np.errstate(all="ignore"):
        for problem, formula in derivatives(every):
            values, reference = given_values(problem, formula)
            expected = np.asarray(function(formula, "numpy")(**values))
            flat = expected.reshape(-1, 1) if expected.ndim == 1 else np.atleast_2d(expected)
            assert error(flat, reference) <= NEAR, problem.id
            verdict = judged(library, formula, values, expected)
            counts[verdict] += 1
            if verdict not in ("right", "not in the library"):
                bad.append(f"{problem.id}: {verdict}")
    return counts, bad


@of_every_library
def test_problems_of_the_corpus(library: Library) -> None:
    counts, bad = run(library, library.every)
    assert bad == []
    assert counts["right"] >= 0.9 * counts.total()


def test_random_formulas(random_formula: Callable[[int], Expression]) -> None:
    """Only functions of the standard are called: array-api-strict has no others."""
    pytest.importorskip("array_api_strict")
    (library,) = [each for each in HERE if each.name == "array-api-strict"]
    random = np.random.default_rng(0)
    for seed in range(80):
        formula = random_formula(seed)
        shapes = {symbol_name(n): n.shape for n in postorder(formula) if n.operation is SYMBOL}
        _, parameters = source([Result(formula)], name="f")
        values = {
            parameter: random.uniform(-1, 1, lengths(shapes[name]))
            if name in shapes
            else SIZES[name]
            for parameter, name in parameters.items()
        }
        expected = np.asarray(function(formula, "numpy")(**values))
        got = library.to_numpy(function(formula, "array-api")(**given(library, values)))
        assert got.shape == expected.shape
        assert np.allclose(got, expected, rtol=1e-9, atol=1e-12, equal_nan=True), seed


# -- every kernel --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["numpy", "array-api", "jax", "torch"])
def test_every_kernel_can_be_written(name: str) -> None:
    folder = Path(emission.__file__).parent
    sources = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    kernels = set(re.findall(r'\bmake\(\s*"(\w+)"', sources))
    kernels |= set(re.findall(r'make\("(\w+)" if spd else', sources))
    assert len(kernels) > 35
    assert kernels <= set(TARGETS[name].kernels) | set(SIGNS) | set(WRITERS)


@of_every_library
def test_every_kernel_gives_its_value(library: Library) -> None:
    for i, node in enumerate(
        list(kernel_cases.expressions().values())[:: 1 if library.every < 10 else 3]
    ):
        values = kernel_cases.arrays(node, i)
        try:
            written, parameters = source([Result(node)], target=library.target, name="f")
        except DomainProblem:
            continue
        if library.lacks(written):
            continue
        passed = {
            name: kernel_cases.argument(node, meant, values) for name, meant in parameters.items()
        }
        if not any(isinstance(value, np.ndarray) for value in passed.values()):
            continue  # torch would take single precision for them
        got = library.to_numpy(loaded(written, "f")(**given(library, passed)))
        expected = kernel_cases.expected(node, values)
        assert got.ndim == (0 if node.is_scalar else 1 if node.columns is ONE else 2), written
        assert error(got.reshape(expected.shape), expected) <= 1e-10, written


# -- every record --------------------------------------------------------------------------------


@of_every_library
@pytest.mark.parametrize("record", OF_EVERY_KIND, ids=lambda record: record.name)
def test_every_record_gives_its_value_or_is_refused(record: Operation, library: Library) -> None:
    arguments = arguments_of(record)
    node, values = built(record, arguments), samples(record, arguments)
    form = "scalar" if node.is_scalar else "matrix"
    try:
        written, parameters = source([Result(node, form)], target=library.target, name="f")
    except DomainProblem as refused:
        assert refused.code == "MX627" and library.target != "numpy"
        assert record.name in REFUSED[library.target]
        return
    assert record.name not in REFUSED[library.target]
    arrays: dict[str, Any] = {}
    for argument in arguments:
        array = values[argument].ravel() if argument.columns is ONE else values[argument]
        arrays[symbol_name(argument)] = array.item() if argument.is_scalar else array
    if not any(isinstance(array, np.ndarray) for array in arrays.values()):
        arrays = {name: np.asarray(number) for name, number in arrays.items()}
    named = {p: arrays.get(name, SIZES.get(name)) for p, name in parameters.items()}
    expected = value(node, values)
    if library.lacks(written):
        return
    f = loaded(written, "f")
    got = library.to_numpy(f(**given(library, named)))
    assert error(got.reshape(expected.shape), expected) <= EXACT, written
    single = f(**given(library, named, np.float32))
    if library.keeps_single and arguments and not isinstance(single, float):
        assert library.to_numpy(single).dtype == np.float32


# Principal roots and logarithms of matrices are found by iterations that look at values, which
# compilers cannot; the array API has no error function and no exponential of a matrix.
ROOTS = {"logm", "sqrtm", "matrix_power"}
REFUSED = {"numpy": set(), "jax": ROOTS, "torch": ROOTS, "array-api": ROOTS | {"erf", "expm"}}


# -- types ---------------------------------------------------------------------------------------

LOG, SQRT, EXP = (vars(elementwise)[name] for name in ("LOG", "SQRT", "EXP"))
MIXED = {  # sizes, numbers and scalars with functions of them, beside arrays
    "root of a size": apply(SQRT, linear.size(N)) * (S @ x),
    "logarithm of a number": apply(LOG, algebra.number(2)) * S,
    "function of a scalar": apply(EXP, c) * x + c * ones(N),
    "power of a scalar": elementwise.power(c, algebra.number(3)) * x,
    "a third": algebra.number(algebra.Fraction(1, 3)) * x,
    "sizes in a sum": linear.size(M * N) * identity(N) + A.T @ A,
    "pi": apply(elementwise.PI) * x,
    "kronecker": linear.kron(identity(N), S) @ linear.kron(S, identity(N)),
    "ones": ones(N, N) * c + S,
}


@of_every_library
@pytest.mark.parametrize("formula", MIXED.values(), ids=MIXED)
def test_single_precision_stays_and_whole_numbers_are_converted(
    library: Library, formula: Expression
) -> None:
    random = np.random.default_rng(0)
    arrays = {"A": random.uniform(1, 2, (2, 3)), "S": random.uniform(1, 2, (3, 3)),
              "x": random.uniform(1, 2, 3), "c": 0.7}  # fmt: skip
    written, parameters = source([Result(formula)], target=library.target, name="f")
    values = {p: arrays.get(name, {"m": 2, "n": 3}.get(name)) for p, name in parameters.items()}
    expected = np.asarray(function(formula, "numpy")(**values))
    f = loaded(written, "f")
    assert error(library.to_numpy(f(**given(library, values))), expected) <= EXACT
    if any(isinstance(value, np.ndarray) for value in values.values()):
        single = library.to_numpy(f(**given(library, values, np.float32)))
        assert single.dtype == np.float32 or not library.keeps_single
        assert error(single.astype(float), expected) <= 1e-5
        whole = library.to_numpy(f(**given(library, values, np.int64)))
        assert whole.dtype.kind == "f"


def test_new_arrays_are_on_the_device_of_the_arguments() -> None:
    """Arrays of two devices do not meet in array-api-strict."""
    strict = pytest.importorskip("array_api_strict")
    device = strict.Device("device1")
    random = np.random.default_rng(0)
    formulas = {record.name: built(record, arguments_of(record)) for record in OF_EVERY_KIND}
    for name, formula in (MIXED | formulas).items():
        if name in REFUSED["array-api"]:
            continue
        written, parameters = source([Result(formula)], target="array-api", name="f")
        shapes = {symbol_name(n): n.shape for n in postorder(formula) if n.operation is SYMBOL}
        values = {
            parameter: SIZES[stands_for]
            if stands_for not in shapes
            else strict.asarray(random.uniform(0.5, 1, lengths(shapes[stands_for])), device=device)
            for parameter, stands_for in parameters.items()
        }
        if shapes:
            assert loaded(written, "f")(**values).device == device, name


def lengths(shape: Shape) -> list[int]:
    """The axes that an argument of this shape has."""
    return [side.at(SIZES) for side in shape if side is not ONE or shape[0] is ONE is not shape[1]]


def test_dask_computes_when_it_is_asked() -> None:
    """The emitted function only describes the work, over pieces that need not be in memory."""
    array = pytest.importorskip("dask.array")
    f = function(2 * (A.T @ (A @ x)), "array-api")
    values = np.random.default_rng(0).normal(size=(40, 6))
    pieces, y = array.from_array(values, chunks=(10, 6)), np.ones(6)
    described = f(A=pieces, x=array.from_array(y, chunks=6))
    assert isinstance(described, array.Array) and pieces.numblocks == (4, 1)
    assert error(described.compute(), 2 * values.T @ values @ y) <= EXACT


@pytest.mark.parametrize("target", ["numpy", "array-api", "jax", "torch"])
def test_names_are_told_apart_from_those_of_the_module(target: str) -> None:
    names = [
        "jnp",
        "xp",
        "torch",
        "np",
        "dtype",
        "device",
        "t1",
        "S_1",
        "n",
        "float",
        "lambda",
        "f",
    ]
    total = symbol("S", N, N)
    for name in names:
        total = symbol(name, ONE, ONE) * total
    written, parameters = source([Result(total)], target=target, name="f")
    assert sorted(parameters.values()) == sorted(["S", *names])
    library = {each.target: each for each in HERE}.get(target)
    if library is not None:
        values = {p: np.eye(2) if name == "S" else 2.0 for p, name in parameters.items()}
        got = library.to_numpy(loaded(written, "f")(**given(library, values)))
        assert got[0, 0] == 2.0 ** len(names)


if __name__ == "__main__":
    for each in HERE:
        print(each.name, *run(each, 1), flush=True)
