"""Whatever is typed, reading ends in a tree or in one of the three refusals."""

from __future__ import annotations

import unicodedata

from hypothesis import example, given, settings
from hypothesis import strategies as st

from matdiff.errors import LimitReached, MatdiffError, NameProblem, SyntaxProblem
from matdiff.syntax import (
    parse_declarations,
    parse_expression,
    parse_statement,
    split_statements,
)

FUNCTIONS = frozenset("tr det exp sum norm kron σ φ φ'".split())
PIECES = [
    *"ABXxnTeIKRσφΣ01.5+-*/:∘⊗⊘^_'|‖(){}<>[],;=@×∈→∂ℝ²⁻¹ᵀ₁ŷ\n ",
    *("tr(", "exp", "kron(A,", "K(m,n)", "||", ".*", ".^", ".T", "**", "==", "->", "1e9", "_F"),
    *(" x ", "gradient ", "shape ", "check ", " wrt ", " as ", " where ", "scalar", "symmetric"),
    *(r"\top", r"\times", "R^{", "elementwise", "sum_i"),
]
SEEDS = [
    "(A(B(XC)∘D)∘E)F",
    "-1/2 log(det(Σ)) - 1/2 (x - μ)'Σ^-1 (x - μ)",
    "<A, B>‖x‖_2^2 + |c|",
    "A : 1×a, W ∈ R^{k×n} symmetric, g : n → m",
    "check Y wrt X as row == K c where H = B'(E∘A'F'), K = H∘D",
    "shape A B == m×n",
    "gradient ∂tr(X)/∂X",
]
SIGNS = {"LPAR", "OPEN", "CLOSE", "BAR_CLOSE", "PREFIX", "FUNCTION", "PROPERTY", "$END", "Token("}


def read_all_ways(text: str) -> None:
    for read in (
        lambda: parse_expression(text, declared=("A", "X"), functions=FUNCTIONS),
        lambda: parse_declarations(text),
        lambda: parse_statement(text, declared=("A", "X"), functions=FUNCTIONS),
        lambda: split_statements(text),
    ):
        try:
            read()
        except MatdiffError as problem:
            check_refusal(problem, text)


def check_refusal(problem: MatdiffError, text: str) -> None:
    assert type(problem) in (SyntaxProblem, NameProblem, LimitReached)
    assert problem.code not in ("MX100", "MX150", "MX500")
    assert problem.text == text
    assert problem.span is not None
    start, end = problem.span
    assert 0 <= start <= end <= len(text)
    said = problem.message + (problem.hint or "")
    assert len(said) < 500 and "\n" not in said
    assert all(sign.isprintable() for sign in said)
    for character in text:  # a character's own name may have OPEN in it
        said = said.replace(unicodedata.name(character, "none"), "")
    assert not any(sign in said for sign in SIGNS if sign not in text)


@given(st.text(max_size=40))
@example("\ud800")
@example("\u1ab7")  # COMBINING OPEN MARK BELOW
@example("x\u0301")
def test_any_text(text: str) -> None:
    read_all_ways(text)


@settings(max_examples=400)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_any_tokens(text: str) -> None:
    read_all_ways(text)


@settings(max_examples=300)
@example(SEEDS[4], [(47, 0, "]")])
@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 3), st.sampled_from(PIECES)), max_size=3),
)
def test_valid_text_with_mistakes(text: str, edits: list[tuple[int, int, str]]) -> None:
    for place, removed, piece in edits:
        place %= len(text) + 1
        text = text[:place] + piece + text[place + removed :]
    read_all_ways(text)
