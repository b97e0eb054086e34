"""The corpus as a whole: no wrong answer, few refusals, formulas no longer than people's."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "benchmarks"))

import numpy as np
from corpus import FURTHER, Outcome, Problem, attempt, human_value, load

LEAST_RIGHT = 0.99
LEAST_NO_LONGER = 0.95
LEAST_NO_LONGER_OF_FURTHER = 0.95
PROBLEMS = list(load())


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    """What matdiff makes of every problem."""
    return [attempt(problem) for problem in PROBLEMS]


def those(outcomes: list[Outcome], verdict: str) -> list[str]:
    return [f"{o.problem.id}: {o.reason}" for o in outcomes if o.verdict == verdict]


def test_the_judge_finds_the_humans_right() -> None:
    def error(problem: Problem) -> float:
        expected, found = problem.reference(problem.values(0)), human_value(problem, 0)
        assert found.shape == expected.shape, problem.id
        return float(np.max(np.abs(found - expected)) / (np.max(np.abs(expected)) or 1e-3))

    errors = {problem.id: error(problem) for problem in PROBLEMS}
    assert len(errors) == len(PROBLEMS) == 455
    assert {name: e for name, e in errors.items() if not e < 1e-6} == {}


def test_no_answer_is_wrong(outcomes: list[Outcome]) -> None:
    assert those(outcomes, "wrong") == []


def test_nothing_crashes(outcomes: list[Outcome]) -> None:
    assert those(outcomes, "crashed") == []


def test_most_problems_are_solved(outcomes: list[Outcome]) -> None:
    right = sum(outcome.verdict == "right" for outcome in outcomes)
    assert right >= LEAST_RIGHT * len(outcomes), those(outcomes, "refused")


def test_most_formulas_are_no_longer_than_the_humans(outcomes: list[Outcome]) -> None:
    assert sum(outcome.no_longer for outcome in outcomes) >= LEAST_NO_LONGER * len(outcomes)


def test_further_problems_are_solved_as_briefly() -> None:
    """Problems that no rule was made for at first: the rules hold for the kind, not the case."""
    problems = list(load(collections=FURTHER))
    for problem in problems:
        expected, found = problem.reference(problem.values(0)), human_value(problem, 0)
        assert np.max(np.abs(found - expected)) <= 1e-6 * (np.max(np.abs(expected)) or 1), (
            problem.id
        )
    outcomes = [attempt(problem) for problem in problems]
    assert {o.problem.id: o.reason for o in outcomes if o.verdict != "right"} == {}
    assert sum(o.no_longer for o in outcomes) >= LEAST_NO_LONGER_OF_FURTHER * len(outcomes)
