"""One problem, many writings: the answer does not depend on how the question was typed.

Each problem of the corpus is rewritten at random (rewriting.py) and its names are changed.  All
writings have to give the same formula.  Names decide the order of what commutes, and with it
which of a - b and b - a is normal; so under other names the formula may have its terms, factors
and signs in another place, but no other tokens.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path
from random import Random

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from corpus import Problem, environment, expression, load, readable

from matdiff.derivatives import derive
from matdiff.normal import normalise, shortest
from matdiff.operations.algebra import Expression, symbol_name
from matdiff.rendering import text, tokens
from properties.rewriting import renamed, renaming, rewritten

WRITINGS = 5
# Formulas of one length between which nothing decides.
UNDECIDED = {
    "mathse-137": "(K C - I)P C' is as long as (K C P - P)C'",
    "mathse-130": "1(1'U - diag(W)') is as long as 1 diag(1 1'U - W)'",
    "textbook-136": "A + B + t B is as long as A + (1 + t)B",
}
# The choice between a - b and b - a, which names decide, leads the greedy search for common
# factors another way; the formulas are a token or two apart.
OTHER_UNDER_OTHER_NAMES = {"cookbook-70", "mathse-57", "peers-36"}


Posed = list[tuple[Problem, Expression, Expression]]


def posed(problem: Problem) -> tuple[Expression, Expression]:
    known = environment(problem)
    f = expression(problem.entry["expr"], known)
    return f, known.variables[problem.entry["wrt"]].symbol


def answer(problem: Problem, f: Expression, wrt: Expression) -> Expression:
    return derive(problem.kind, f, wrt, structure="free").formula


@pytest.fixture(scope="module")
def posed_problems() -> Posed:
    return [(problem, *posed(problem)) for problem in map(readable, load())]


def test_all_writings_of_a_problem_have_one_answer(posed_problems: Posed) -> None:
    different: dict[str, set[str]] = {}
    for problem, f, wrt in posed_problems:
        random = Random(problem.id)
        asked = [f, *(rewritten(f, random) for _ in range(WRITINGS))]
        answers = {answer(problem, g, wrt) for g in asked}
        if len(answers) > 1 and problem.id not in UNDECIDED:
            different[problem.id] = {text(formula) for formula in answers}
    assert different == {}


def test_undecided_answers_have_one_length(posed_problems: Posed) -> None:
    for problem, f, wrt in posed_problems:
        if problem.id in UNDECIDED:
            random = Random(problem.id)
            asked = [f, *(rewritten(f, random) for _ in range(WRITINGS))]
            assert len({tokens(text(answer(problem, g, wrt))) for g in asked}) == 1


def unordered(formula: Expression) -> Counter[str]:
    """The tokens of a formula without signs and brackets."""
    return Counter(re.findall(r"[^\W\d]\w*|\d+|\^-?|[^\s\w()+-]", text(formula)))


def test_other_names_change_the_order_of_an_answer_at_most(posed_problems: Posed) -> None:
    different: dict[str, tuple[str, str]] = {}
    for problem, f, wrt in posed_problems:
        random = Random(problem.id)
        expected = answer(problem, f, wrt)
        for shuffled in (False, True):
            new = renaming(f, random if shuffled else None)
            new.setdefault(symbol_name(wrt), "w")
            old = {after: before for before, after in new.items()}
            found = renamed(answer(problem, renamed(f, new), renamed(wrt, new)), old)
            if unordered(found) != unordered(expected):
                different[problem.id] = text(expected), text(found)
    assert {k: v for k, v in different.items() if k not in OTHER_UNDER_OTHER_NAMES} == {}


def test_an_answer_read_back_is_its_own_shortest_formula(posed_problems: Posed) -> None:
    changed: dict[str, tuple[str, str]] = {}
    for problem, f, wrt in posed_problems:
        formula = answer(problem, f, wrt)
        form = normalise(formula)
        assert normalise(form) is form, problem.id
        read_back = expression(text(formula), environment(problem), formula.shape)
        again = shortest(read_back)
        if tokens(text(again)) != tokens(text(formula)):
            changed[problem.id] = text(formula), text(again)
        assert shortest(again) is again, problem.id
    assert changed == {}
