"""Derivations by rules: every line is what it says, in all four layouts."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from corpus import Problem, environment, expression, load, readable
from expressions import GRADIENTS, JACOBIANS
from rule_lines import ARRANGEMENTS, wrong_lines

from matdiff.derivatives import derive
from matdiff.errors import MatdiffError

PROBLEMS = [readable(problem) for problem in load()]
JACOBIAN_PROBLEMS = [problem for problem in PROBLEMS if problem.kind == "jacobian"]
LEAST_DERIVED = 0.99


@pytest.mark.parametrize(("layout", "vec"), ARRANGEMENTS)
@pytest.mark.parametrize("name", JACOBIANS)
def test_every_operation_in_every_layout(name: str, layout: str, vec: str) -> None:
    Y, X = JACOBIANS[name]
    assert wrong_lines(derive("jacobian", Y, X, layout=layout, vec=vec)) == []


@pytest.mark.parametrize("name", GRADIENTS)
def test_gradients(name: str) -> None:
    f, X = GRADIENTS[name]
    assert wrong_lines(derive("gradient", f, X)) == []


@pytest.mark.parametrize("name", GRADIENTS)
def test_hessians(name: str) -> None:
    f, X = GRADIENTS[name]
    try:
        derivative = derive("hessian", f, X, layout="denominator", vec="row")
    except MatdiffError:
        pytest.skip("this Hessian has no closed form")
    assert wrong_lines(derivative) == []


@pytest.mark.parametrize(("layout", "vec"), ARRANGEMENTS)
def test_jacobians_of_the_corpus(layout: str, vec: str) -> None:
    assert wrong_of_corpus(JACOBIAN_PROBLEMS, layout, vec) == {}


def test_the_rest_of_the_corpus() -> None:
    others = [problem for problem in PROBLEMS if problem.kind != "jacobian"]
    assert wrong_of_corpus(others, "denominator", "row") == {}


def wrong_of_corpus(problems: list[Problem], layout: str, vec: str) -> dict[str, list[str]]:
    """The wrong lines of derivations in the corpus, each line read back from its text."""
    found: dict[str, list[str]] = {}
    derived = 0
    for problem in problems:
        known = environment(problem)
        X = known.variables[problem.entry["wrt"]].symbol
        try:
            Y = expression(problem.entry["expr"], known)
            derivative = derive(problem.kind, Y, X, layout=layout, vec=vec, structure="free")
        except MatdiffError:
            continue
        derived += 1
        hidden = "K" in known.variables  # a line with the commutation matrix is not read back
        wrong = wrong_lines(derivative, None if hidden else known)
        if wrong:
            found[problem.id] = wrong
    assert derived >= LEAST_DERIVED * len(problems)
    return found
