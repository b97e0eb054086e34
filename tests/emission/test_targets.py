"""Emitted functions in Python libraries: the same values in all of them, or refused.

The numpy target is held against the records and against differences elsewhere; here the others are
held against it.  `python tests/emission/test_targets.py` runs the whole corpus through every
library that is installed and prints the counts.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "benchmarks"), str(ROOT / "tests")]

import numpy as np
import pytest
from corpus import COLLECTIONS, FURTHER, Problem, ask, load, readable
from libraries import LIBRARIES, Library, given, loaded

from matdiff.dimensions import ONE, Dimension
from matdiff.emission import Result, source
from matdiff.errors import DomainProblem, MatdiffError
from matdiff.operations import algebra, elementwise, linear, nonlinear
from matdiff.operations.algebra import Expression, apply, identity, ones, symbol

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
    assert max(map(len, written.splitlines())) <= 105, written
    return loaded(written, "f")


# -- the corpus ----------------------------------------------------------------------------------


def derivatives(every: int) -> Iterator[tuple[Problem, Expression]]:
    for problem in list(load(collections=COLLECTIONS + FURTHER))[::every]:
        problem = readable(problem)
        try:
            yield problem, ask(problem).formula
        except MatdiffError:
            continue


def arguments_of(problem: Problem, formula: Expression) -> tuple[dict[str, Any], np.ndarray]:
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
    try:
        got = function(formula, library.target)(**given(library, values))
    except AttributeError as lacking:
        if lacking.name in library.missing:
            return "not in the library"
        raise
    except DomainProblem as refused:
        assert refused.code == "MX627"
        return "refused"
    single = function(formula, library.target)(**given(library, values, np.float32))
    if not numbers_alone and not isinstance(single, float):
        if "float32" not in str(np.asarray(library.to_numpy(single)).dtype):
            return "double precision for single"
    return "right" if error(library.to_numpy(got), expected) <= EXACT else "wrong"


def run(library: Library, every: int) -> tuple[Counter[str], list[str]]:
    counts: Counter[str] = Counter()
    bad = []
    with np.errstate(all="ignore"):
        for problem, formula in derivatives(every):
            values, reference = arguments_of(problem, formula)
            expected = np.asarray(function(formula, "numpy")(**values))
            flat = expected.reshape(-1, 1) if expected.ndim == 1 else np.atleast_2d(expected)
            assert error(flat, reference) <= NEAR, problem.id
            verdict = judged(library, formula, values, expected)
            counts[verdict] += 1
            if verdict not in ("right", "not in the library", "refused"):
                bad.append(f"{problem.id}: {verdict}")
    return counts, bad


@of_every_library
def test_problems_of_the_corpus(library: Library) -> None:
    counts, bad = run(library, library.every)
    assert bad == []
    assert counts["right"] >= 0.9 * counts.total()


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
    assert error(np.asarray(library.to_numpy(f(**given(library, values)))), expected) <= EXACT
    if any(isinstance(value, np.ndarray) for value in values.values()):
        single = np.asarray(library.to_numpy(f(**given(library, values, np.float32))))
        assert single.dtype == np.float32
        assert error(single.astype(float), expected) <= 1e-5
        whole = np.asarray(library.to_numpy(f(**given(library, values, np.int64))))
        assert whole.dtype.kind == "f"


if __name__ == "__main__":
    for each in HERE:
        print(each.name, *run(each, 1), flush=True)
