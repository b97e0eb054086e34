"""Statements of a file: how a file splits, what a statement is, what is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from matdiff.errors import SyntaxProblem
from matdiff.syntax import parse_statement, split_statements
from matdiff.syntax.tree import Declaration, Query, Tree

Outline = Callable[[Tree | None], str]


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("Y = A B", "Y = <A _ B>"),
        ("gradient Y wrt X", "gradient Y wrt X as [] == - where "),
        ("grad tr(X) wrt X", "gradient tr[X] wrt X as [] == - where "),
        ("jac Y wrt X as row, denominator",
         "jacobian Y wrt X as ['row', 'denominator'] == - where "),
        ("hess x'M x wrt x == M + M'",
         "hessian <T(x) _ M _ x> wrt x as [] == (+M +T(M)) where "),
        ("diff A X wrt X", "differential <A _ X> wrt X as [] == - where "),
        ("check Y wrt X == K c where H = B', K = H∘D",
         "check Y wrt X as [] == <K _ c> where H = T(B); K = <H ∘ D>"),
        ("check logdet(S) wrt S as entries == 2 S^-1",
         "check logdet[S] wrt S as ['entries'] == <2 _ (S)^(-1)> where "),
        ("gradient ∂Y/∂X", "gradient Y wrt X as [] == - where "),
        ("check ∂tr(A X)/∂X == A'", "check tr[<A _ X>] wrt X as [] == T(A) where "),
        ("shape A B", "shape <A _ B> wrt None as [] == - where "),
        ("shape B(XC∘D) == a×e",
         "shape <B _ (<XC ∘ D>)> wrt None as [] == : matrix a e where "),
        ("shape A x == n", "shape <A _ x> wrt None as [] == : vector n - where "),
        ("shape x'x == scalar", "shape <T(x) _ x> wrt None as [] == : scalar - - where "),
        ("check K(a+b) wrt a == K(a+b) where K = A",
         "check <K _ ((+a +b))> wrt a as [] == <K _ ((+a +b))> where K = A"),
        ("gradient as where wrt as", "gradient <as _ where> wrt as as [] == - where "),
        ("gradient = A", "gradient = A"),
    ],
)  # fmt: skip
def test_a_statement(outline: Outline, functions: frozenset[str], text: str, tree: str) -> None:
    found = parse_statement(text, declared=(), functions=functions)
    assert not isinstance(found, list)
    assert outline(found) == tree


def test_declarations_are_a_statement(outline: Outline) -> None:
    found = parse_statement("A : 1×a,  shape : a", declared=(), functions=())
    assert isinstance(found, list)
    assert [outline(item) for item in found] == ["A: matrix 1 a", "shape: vector a -"]


def test_spans_of_a_query() -> None:
    text = "shape A x == m×n"
    query = parse_statement(text, declared=(), functions=())
    assert isinstance(query, Query) and isinstance(query.claim, Declaration)
    assert query.span == (0, 16)
    assert text[slice(*query.expression.span)] == "A x"
    assert text[slice(*query.claim.span)] == "m×n"


@pytest.mark.parametrize(
    ("text", "code", "message", "place"),
    [
        ("include a.mx", "MX112", "the line beginning with `include` is no statement", "include"),
        ("tolerance 1e9", "MX112",
         "the line beginning with `tolerance` is no statement", "tolerance"),
        ("check x'x wrt x == ", "MX105", "nothing follows the `==` at column 17", "="),
        ("grad Y", "MX113", "gradient needs a variable: gradient … wrt X", "Y"),
        ("check tr(A) wrt A", "MX113", "check needs a claim: check … wrt X == …", "A"),
        ("check tr(A) wrt A == 2 I as free, row", "MX113", "`as free` stands before the `==`",
         "as free, row"),
        ("gradient", "MX113", "gradient of what? the expression is missing", "gradient"),
        ("gradient wrt X", "MX113", "gradient of what? the expression is missing", "gradient"),
        ("gradient A wrt", "MX113", "after `wrt` at column 12 a name is wanted", "t"),
        ("gradient tr(A B wrt A", "MX104",
         "the bracket ( opened at column 12 is not closed", "("),
        ("Y = ", "MX105", "nothing follows the `=` at column 3", "="),
        ("A$B : n", "MX103", "`$` at column 2 has no meaning here", "$"),
        ("check A wrt X == B where U, s = svd(E)", "MX109",
         "several names before one = are only those of a singular value decomposition", "U, s ="),
        ("gradient A∂X wrt X", "MX106",
         "`∂` at column 11 begins a derivative ∂Y/∂X, which stands only after a query's word",
         "∂"),
    ],
)  # fmt: skip
def test_a_refused_statement(
    functions: frozenset[str], text: str, code: str, message: str, place: str
) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        parse_statement(text, declared=(), functions=functions)
    problem = caught.value
    assert (problem.code, problem.message) == (code, message)
    assert problem.span is not None
    assert text[slice(*problem.span)] == place


def test_a_file_splits_into_statements_with_their_places() -> None:
    text = (
        "\ufeffA : m×n,  # both\n"
        "    B : n×m\r\n"
        "\n"
        "# a remark\n"
        "  gradient tr(\n"
        "A B\n"
        "  ) wrt A   # what of it\n"
        "  # another\n"
        "    as free\n"
        "shape A\n"
        "\n"
        "    shape B\n"
    )
    assert split_statements(text) == [
        (1, 1, "A : m×n,        \n    B : n×m"),
        (5, 3, "gradient tr(\nA B\n  ) wrt A               \n           \n    as free"),
        (10, 1, "shape A"),
        (12, 5, "shape B"),
    ]


def test_a_forgotten_bracket_costs_one_statement() -> None:
    text = "check tr(A B wrt A == B'\nC : n×m\nY = (A\nB)\nshape (A\nshape B"
    assert [statement for _, _, statement in split_statements(text)] == [
        "check tr(A B wrt A == B'",
        "C : n×m",
        "Y = (A\nB)",
        "shape (A",
        "shape B",
    ]


def test_places_in_a_statement_are_places_in_the_file(functions: frozenset[str]) -> None:
    text = "A : n×n\ngradient tr(A  # first\n   $ A) wrt A\n"
    line, column, statement = split_statements(text)[1]
    with pytest.raises(SyntaxProblem) as caught:
        parse_statement(statement, declared=(), functions=functions)
    assert caught.value.span is not None
    begin = sum(map(len, text.splitlines(keepends=True)[: line - 1])) + column - 1
    assert text[begin + caught.value.span[0]] == "$"
