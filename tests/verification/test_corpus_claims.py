"""No false alarm over the corpus's right answers and matdiff's own, no wrong answer accepted."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from corpus import Problem, ask, environment, expression, load, readable
from examples import Stated

from matdiff.derivatives import Derivative
from matdiff.errors import MatdiffError, ShapeProblem
from matdiff.verification import verify

LEAST_CLAIMS = 600  # wrong answers that can be read: the others have a wrong shape


def solved() -> Iterator[tuple[Problem, Derivative]]:
    for problem in map(readable, load()):
        try:
            yield problem, ask(problem)
        except MatdiffError:
            continue  # refusals are counted in test_corpus.py


def stated(problem: Problem, derivative: Derivative, answer: str) -> Stated:
    formula = expression(answer, environment(problem), derivative.shape)
    return Stated(problem.kind, derivative.expression, derivative.wrt, formula)


def test_right_answers_pass() -> None:
    failed = []
    for problem, derivative in solved():
        human = stated(problem, derivative, problem.entry["answer"])
        failed += [
            f"{problem.id} ({whose}): {found}"
            for whose, found in (
                ("ours", verify(derivative, seed=1)),
                ("human", verify(human, seed=1)),
            )
            if found.passed is not True
        ]
    assert failed == []


def test_wrong_answers_fail() -> None:
    accepted, read = [], 0
    for problem, derivative in solved():
        for wrong in problem.entry.get("wrong", []):
            try:
                claim = stated(problem, derivative, wrong["answer"])
            except ShapeProblem:
                continue
            read += 1
            found = verify(claim, seed=1)
            if found.passed is not False:
                accepted.append(f"{problem.id}: {wrong['answer']} ({wrong['why']}): {found}")
    assert accepted == []
    assert read >= LEAST_CLAIMS
