"""Every line of every derivation of the corpus: read back, computed, and held against the line
before and against differences of the function."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from derivations.lines import direction, is_close, values_of

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from corpus import Problem, ask, environment, load, readable
from references import jacobian, matrix

from matdiff.derivations.derivation import derivation
from matdiff.derivations.steps import Step
from matdiff.errors import MatdiffError
from matdiff.operations.algebra import Expression

PROBLEMS = [readable(problem) for problem in load()]
FEWEST_LINES = 2000


def asked(problem: Problem) -> list[Step]:
    return derivation(ask(problem))


def line_errors(problem: Problem, steps: list[Step], trial: int = 0) -> Iterator[str]:
    """What is wrong in the lines at one random point."""
    known, given = environment(problem), problem.values(trial)
    wrt = problem.entry["wrt"]
    values: dict[Expression, np.ndarray] = {
        variable.symbol: matrix(given[name]) for name, variable in known.variables.items()
    }
    sizes = {name: v for name, v in given.items() if isinstance(v, int)}
    X = known.variables[wrt].symbol
    dX = direction(values[X].shape, problem.id)
    reference = problem.reference(given)
    if problem.kind == "gradient":
        expected = np.array([[np.sum(reference * dX)]])
    else:
        expected = reference @ dX.reshape(-1, 1, order="F")
    found = values_of(steps, known, values, sizes, dX, X)
    slopes = [line for line in found if line[0].startswith(("d", "vec"))]
    first = jacobian(problem.entry["f"], wrt, given) @ dX.reshape(-1, 1, order="F")
    for (left, value), (before, last) in zip(found[1:], found, strict=False):
        if left == before and not is_close(value, last):
            yield f"{problem.id}: {left} is {value.ravel()[:3]} and was {last.ravel()[:3]}"
    # dX and dG may be another's name: the first change is of the function, the last what was asked
    if not is_close(slopes[0][1].reshape(-1, 1, order="F"), first, 1e-5):
        yield f"{problem.id}: the differential is wrong"
    if not is_close(slopes[-1][1].reshape(-1, 1, order="F"), expected, 1e-5):
        yield f"{problem.id}: the last differential is wrong"
    if not is_close(found[-1][1].reshape(reference.shape, order="F"), reference, 1e-5):
        yield f"{problem.id}: the derivative is wrong"


def test_no_line_is_wrong() -> None:
    wrong: list[str] = []
    lines = 0
    for problem in PROBLEMS:
        try:
            steps = asked(problem)
        except MatdiffError:
            continue  # refused by the derivative itself
        lines += len(steps)
        with np.errstate(all="ignore"):
            wrong += line_errors(problem, steps)
    assert wrong == []
    assert lines >= FEWEST_LINES


def test_the_judge_sees_a_wrong_line() -> None:
    problem = next(p for p in PROBLEMS if p.id == "textbook-1")
    steps = asked(problem)
    steps[2].right = 2 * steps[2].right
    assert len(list(line_errors(problem, steps))) == 2  # it and the line after it


@pytest.mark.parametrize("trial", [1])
def test_a_second_point(trial: int) -> None:
    """Every tenth problem at other sizes."""
    for problem in PROBLEMS[::10]:
        with np.errstate(all="ignore"):
            assert list(line_errors(problem, asked(problem), trial)) == []
