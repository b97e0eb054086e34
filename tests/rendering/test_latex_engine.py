"""LaTeX as others see it: KaTeX sets every formula, and matdiff reads it back as the same node."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

import corpus
from corpus import Problem, ask, environment, load, readable

from matdiff.derivatives import Derivative
from matdiff.errors import MatdiffError
from matdiff.normal.normalise import normalise
from matdiff.operations.algebra import Expression
from matdiff.rendering import text
from matdiff.rendering.tex import latex, name_latex
from matdiff.shapes import function_names, read
from matdiff.syntax import parse_expression

NAMES = ["x", "W1", "W_1", "x_hat", "σ_hat_k", "Sigma_hat", "β", "x_1_2", "a_ij", "x_", "y_bar_12"]


def problems() -> Iterator[Problem]:
    yield from (readable(problem) for problem in load())
    for name in ("latex", "indexsum"):
        lines = (corpus.FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        yield from (Problem(name, json.loads(line)) for line in lines)


@pytest.fixture(scope="module")
def answers() -> list[tuple[Problem, Derivative]]:
    """What matdiff answers to every problem of the corpus."""
    found = []
    for problem in problems():
        try:
            found.append((problem, ask(problem)))
        except MatdiffError:
            continue
    assert len(found) > 550
    return found


@pytest.fixture(scope="module")
def typeset() -> Callable[[str], str]:
    """KaTeX, which refuses what it cannot set and all that LaTeX would set otherwise."""
    pykatex = pytest.importorskip(
        "pykatex", reason="KaTeX is not installed: no wheel for this machine"
    )

    def render(formula: str) -> str:
        return str(
            pykatex.renderToString(formula, displayMode=True, output="mathml", strict="error")
        )

    return render


def test_the_engine_refuses_what_is_no_latex(typeset: Callable[[str], str]) -> None:
    for wrong in (r"\left(x", r"\foo", "x^2^3", r"\frac{x}", "{x", "é"):
        with pytest.raises(Exception, match=r"position|end of input|incompatible"):
            typeset(wrong)


def test_every_answer_is_set(
    typeset: Callable[[str], str], answers: list[tuple[Problem, Derivative]]
) -> None:
    for problem, answer in answers:
        assert "<math" in typeset(latex(answer.formula)), problem.id
        typeset(latex(answer.printed))
        for name, part in answer.where:
            typeset(f"{name_latex(name)} = {latex(part)}")


def test_every_random_formula_is_set(
    typeset: Callable[[str], str], random_formula: Callable[[int], Expression]
) -> None:
    for seed in range(200):
        typeset(latex(random_formula(seed)))


def test_every_name_is_set(typeset: Callable[[str], str]) -> None:
    for name in NAMES:
        typeset(rf"{name_latex(name)}^{{\top}} {name_latex(name)}^{{-1}}")


def test_every_answer_is_read_back(answers: list[tuple[Problem, Derivative]]) -> None:
    """What is read has the same normal form, which is one node, and is printed alike."""
    failed = []
    for problem, answer in answers:
        known, formula = environment(problem), answer.formula
        try:
            tree = parse_expression(
                latex(formula), declared=known.names, functions=function_names(), latex=True
            )
            again = read(tree, known, expected=formula.shape).expression
        except MatdiffError as error:
            failed.append(f"{problem.id}: {error.message}: {latex(formula)}")
            continue
        if normalise(again) is not normalise(formula) or text(again) != text(formula):
            failed.append(f"{problem.id}: {latex(formula)}")
    assert failed == []
