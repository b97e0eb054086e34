"""Derivations in Typst: inert, as an article would have them, and set by the compiler."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from derivations.test_derivations import QUESTION, SCALAR, VECTOR, steps_of
from typst_reading import assert_inert, pages

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from corpus import ask, load, readable

from matdiff.derivations.derivation import derivation
from matdiff.derivations.steps import Partial, Signs, Step
from matdiff.dimensions import ONE, Dimension
from matdiff.documents.derivations_typst import steps_typst
from matdiff.operations.algebra import symbol

HOSTILE = '"; #read("x") $ \\" // '


@pytest.fixture(scope="module")
def written() -> list[str]:
    """The derivation of the question, in both kinds, and those of every seventh problem."""
    found = [steps_of("gradient", QUESTION, "X", SCALAR)[0]]
    found.append(steps_of("jacobian", QUESTION, "X", VECTOR)[0])
    found += [derivation(ask(problem)) for problem in [*map(readable, load())][::7]]
    return ["\n".join(steps_typst(steps)) for steps in found]


def test_they_are_inert(written: list[str]) -> None:
    assert len(written) > 60
    for block in written:
        assert block.startswith("$\n") and block.endswith("\n$")
        assert "$" not in block[1:-1]
        assert_inert(block[1:-1])


def test_they_are_set(written: list[str]) -> None:
    pages("\n".join(written))


def test_the_question_as_an_article_would_have_it(written: list[str]) -> None:
    assert "dif X" in written[0] and "dX" not in written[0]
    assert "&= K C^⊤ : dif X && quad A : b c^⊤ = A c : b \\\n" in written[0]
    assert '& quad "where "K = B^⊤ H ∘ D ∈ ℝ^(b × e) \\\n' in written[0]


def test_ascii() -> None:
    steps, _ = steps_of("gradient", QUESTION, "X", SCALAR)
    assert "\n".join(steps_typst(steps, ascii_only=True)).isascii()


def test_nothing_leaves_a_reason() -> None:
    n = Dimension.of("n")
    X, Y = symbol(HOSTILE, n, n), symbol(f"d{HOSTILE}", n, n)
    why = (HOSTILE, X, Signs(HOSTILE), Y, Signs("[i,j]"), Partial(HOSTILE, HOSTILE, 2), HOSTILE)
    steps = [Step(symbol("Y", n, n), X, why, [(HOSTILE, Y)]), Step(Partial(HOSTILE, "x"), Y, why)]
    block = "\n".join(steps_typst(steps))
    assert_inert(block[1:-1])
    pages(block)


def test_long_sums_are_broken_between_terms() -> None:
    n = Dimension.of("n")
    A, x = symbol("A", n, n), symbol("x", n, ONE)
    total = x
    for number in range(12):
        total = total + A.T @ symbol(f"B_{number}", n, n) @ A @ symbol(f"y_{number}", n, ONE)
    lines = steps_typst([Step(symbol("Y", n, ONE), total, "the function")])
    assert len(lines) > 4
    assert all(line.startswith("  & quad + ") for line in lines[2:-2])
