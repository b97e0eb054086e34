"""Declarations: forms, sides, properties, and what is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from matdiff.errors import NameProblem, SyntaxProblem
from matdiff.syntax import parse_declarations
from matdiff.syntax.tree import Tree

Outline = Callable[[Tree | None], str]


@pytest.mark.parametrize(
    ("text", "declared"),
    [
        ("A : 1×a", "A: matrix 1 a"),
        ("B : a x b", "B: matrix a b"),
        ("B: x x x", "B: matrix x x"),
        ("W ∈ R^{k×n}", "W: matrix k n"),
        (r"W \in ℝ^{k \times n}", "W: matrix k n"),
        ("C : R^(m,n)", "C: matrix m n"),
        ("C : (m, n)", "C: matrix m n"),
        ("x ∈ R^n", "x: vector n -"),
        ("x : R^{n+1}", "x: vector (+n +1) -"),
        ("x:n", "x: vector n -"),
        ("y : m×1", "y: matrix m 1"),
        ("c : scalar", "c: scalar - -"),
        ("c ∈ ℝ", "c: scalar - -"),
        ("φ : elementwise", "φ: elementwise - -"),
        ("g : n → m", "g: function m n"),
        ("f : n -> scalar", "f: function 1 n"),
        ("A : m*n × n+1", "A: matrix <m * n> (+n +1)"),
        ("A : (n+1)×m", "A: matrix (+n +1) m"),
        ("A : 2n×n^2", "A: matrix <2 _ n> <n * n>"),
        ("A : 2x3", "A: matrix 2 3"),
        ("A : 3xn", "A: matrix 3 n"),
        ("A : R×R", "A: matrix R R"),
        ("S : n×n symmetric positive", "S: matrix n n symmetric positive"),
        ("w : 3 positive", "w: vector 3 - positive"),
        ("x₁ : n", "x_1: vector n -"),
        ("exp : n", "exp: vector n -"),
    ],
)
def test_a_declaration(outline: Outline, text: str, declared: str) -> None:
    assert [outline(item) for item in parse_declarations(text)] == [declared]


def test_declarations_are_separated_by_commas(outline: Outline) -> None:
    text = "A: R^(m,n) spd, x: n,c:scalar"
    found = parse_declarations(text)
    assert [outline(item) for item in found] == [
        "A: matrix m n spd",
        "x: vector n -",
        "c: scalar - -",
    ]
    assert [text[slice(*item.span)] for item in found] == ["A: R^(m,n) spd", "x: n", "c:scalar"]


def test_a_name_declared_twice_alike_is_declared_once(outline: Outline) -> None:
    assert [outline(item) for item in parse_declarations("A: n×n, A : n x n")] == ["A: matrix n n"]


@pytest.mark.parametrize(
    ("text", "error", "code", "message", "place"),
    [
        ("A:", SyntaxProblem, "MX111", "the shape of A is missing after `:` at column 2", ":"),
        ("A", SyntaxProblem, "MX111", "A is declared without a shape", "A"),
        (
            "A: n×n×n",
            SyntaxProblem,
            "MX111",
            "A has 3 dimensions (n×n×n); a matrix has two, a vector one",
            "n×n×n",
        ),
        (
            "A: n×n = 3",
            SyntaxProblem,
            "MX110",
            "`=` at column 8: a declaration gives a name a shape, not a value",
            "=",
        ),
        (
            "A: n×n B: m",
            SyntaxProblem,
            "MX111",
            "`:` at column 9: a comma is missing before the name it declares",
            ":",
        ),
        ("A: n,", SyntaxProblem, "MX105", "nothing follows the comma at column 5", ","),
        (
            "A : symmetric",
            SyntaxProblem,
            "MX111",
            "symmetric stands where a dimension is wanted",
            "symmetric",
        ),
        ("A : mxn", SyntaxProblem, "MX111", "mxn is one name, so it is one dimension", "mxn"),
        (
            "A: 0×3",
            SyntaxProblem,
            "MX111",
            "`0` is no dimension: a dimension is a whole number, at least 1",
            "0",
        ),
        (
            "A: n-1",
            SyntaxProblem,
            "MX111",
            "`n-1` is no dimension: a dimension is a whole number, a name, or a sum or product"
            " of those",
            "n-1",
        ),
        ("A: (10**10)×2", SyntaxProblem, "MX108", "`**` at column 7 is no operator here", "**"),
        ("2A: n×n", NameProblem, "MX155", "2A is no name: a name begins with a letter", "2A"),
        ("A: n×n sorta", NameProblem, "MX153", "sorta is no property that A could have", "sorta"),
        (
            "A: n×n symmetric skew",
            NameProblem,
            "MX154",
            "A cannot be both symmetric and skew",
            "symmetric skew",
        ),
        ("A: n×n spd skew", NameProblem, "MX154", "A cannot be both spd and skew", "spd skew"),
        (
            "A: n×n, A: m×m",
            NameProblem,
            "MX152",
            "A is declared twice, and differently: first `A: n×n`",
            "A: m×m",
        ),
        ("A}: n×n", SyntaxProblem, "MX104", "`}` at column 2 closes no bracket", "}"),
        ("", SyntaxProblem, "MX101", "the declaration is empty", ""),
    ],
)
def test_a_refused_declaration(
    text: str, error: type[Exception], code: str, message: str, place: str
) -> None:
    with pytest.raises((SyntaxProblem, NameProblem)) as caught:
        parse_declarations(text)
    problem = caught.value
    assert type(problem) is error
    assert (problem.code, problem.message, problem.text) == (code, message, text)
    assert problem.span is not None
    assert text[slice(*problem.span)] == place


def test_unknown_properties_are_answered_with_the_known_ones() -> None:
    with pytest.raises(NameProblem) as caught:
        parse_declarations("A : n×n definite")
    assert caught.value.hint == (
        "properties: binary, diagonal, invertible, lower, onehot, orthogonal, posdet, positive, "
        "skew, spd, symmetric, unit, upper"
    )
