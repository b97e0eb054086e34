"""What is written as in numpy, Octave or a textbook: refused with what to write here, or read."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from matdiff.errors import MatdiffError
from matdiff.session import Session
from matdiff.settings import Settings
from matdiff.shapes import function_names
from matdiff.syntax import parse_declarations, parse_expression, parse_statement
from matdiff.syntax.instead import ABSENT, WRITTEN
from matdiff.verification.evaluation import evaluate

SQUARE = "A: n×n, B: n×n, C: n×n, x: n, y: n, b: n, c: scalar, a: scalar"


def refusal(read: Callable[[str], object], text: str) -> MatdiffError:
    with pytest.raises(MatdiffError) as caught:
        read(text)
    return caught.value


def expression(text: str) -> object:
    return parse_expression(text, declared={"W"}, functions=function_names())


def statement(text: str) -> object:
    return parse_statement(text, declared={"A", "x"}, functions=function_names())


def test_every_formula_that_is_offered_is_read() -> None:
    for formula in sorted({formula for offered in WRITTEN.values() for formula in offered}):
        session = Session()
        session.declare(SQUARE)
        assert not session.shape(session.parse(formula), Settings()).reading.inferred, formula


def test_no_name_is_offered_that_is_a_function_already() -> None:
    assert not function_names() & {*WRITTEN, *ABSENT}


def normal(x: float) -> float:
    return math.erfc(-x / math.sqrt(2)) / 2


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("gelu", lambda x: x * normal(x)),
        ("logit", lambda x: math.log(x / (1 - x))),
        ("log1p", math.log1p),
        ("expm1", math.expm1),
        ("erfc", math.erfc),
        ("log2", math.log2),
        ("log10", math.log10),
        ("logistic", lambda x: 1 / (1 + math.exp(-x))),
        ("sec", lambda x: 1 / math.cos(x)),
        ("csc", lambda x: 1 / math.sin(x)),
        ("cot", lambda x: 1 / math.tan(x)),
        ("sech", lambda x: 1 / math.cosh(x)),
        ("csch", lambda x: 1 / math.sinh(x)),
        ("coth", lambda x: 1 / math.tanh(x)),
        ("hinge", lambda x: max(0.0, 1 - x)),
        ("rsqrt", lambda x: x**-0.5),
        ("reciprocal", lambda x: 1 / x),
    ],
)
def test_what_is_offered_has_the_values_of_the_function(
    name: str, meant: Callable[[float], float]
) -> None:
    points = [0.25, 0.5, 0.8]
    session = Session()
    session.declare("x: 3")
    reading = session.shape(session.parse(WRITTEN[name][-1]), Settings()).reading
    symbol = session.environment.variables["x"].symbol
    found = evaluate(reading.expression, {symbol: np.array(points).reshape(3, 1)}, {})
    assert np.allclose(np.ravel(found), [meant(x) for x in points])


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        ("transpose(A)", "MX151", "write A'"),
        ("Transpose(A)", "MX151", "write A'"),
        ("dot(x, y)", "MX151", "write x'y or A B"),
        ("prod(x)", "MX151", "products of entries are not supported"),
        ("chol(A)", "MX151", "matrix decompositions have no derivative here"),
        ("np.linalg.inv(A)", "MX103", "without a point: inv(A)"),
        ("x.dot(y)", "MX103", "write x'y"),
        ("A.inv()", "MX103", "without a point: inv(A)"),
        ("A.'", "MX103", "the transpose is written A'"),
        ("A.I b", "MX103", "inv(A)"),
        ("A\\b", "MX103", "inv(A) b"),
        ("A \\ b", "MX103", "inv(A) b"),
        ("A\\(x - y)", "MX103", "inv(A) b"),
        ("A[0,1]", "MX109", "the first entry is x[1]"),
        ("x[-1]", "MX109", "the last one x[n]"),
        ("x[0:3]", "MX109", "the first entry is x[1]"),
        ("sum(A, 1)", "MX109", "rowsum(A)"),
        ("sum(A, rows)", "MX109", "rowsum(A)"),
        ("sum(A, axis=0)", "MX109", "colsum(A)"),
        ("mean(A, 0)", "MX109", "colsum(A)/m"),
        ("1'x", "MX109", "ones(n)'"),
        ("1^T x", "MX109", "ones(n)'"),
        ("W_{ij}^2", "MX106", "--latex"),
        ("W {ij}^2", "MX106", "round brackets"),
        ("[[1,2],[3,4]]", "MX109", "[1,2; 3,4]"),
        ("[[A, B], [C, D]] x", "MX109", "[A, B; C, D]"),
        ("x [[1],[2]]", "MX109", "[1; 2]"),
    ],
)
def test_what_is_written_elsewhere_is_answered(text: str, code: str, hint: str) -> None:
    error = refusal(expression, text)
    assert error.code == code
    assert error.hint is not None and hint in error.hint
    assert "is a variable" not in error.hint


@pytest.mark.parametrize("text", ["[[1; 2], [3; 4]]", "[[A, B], C]", "[[A, B]]", "[([A]), ([B])]"])
def test_blocks_within_blocks_that_are_no_rows(text: str) -> None:
    assert expression(text) is not None


@pytest.mark.parametrize("text", ["sech(x)", "cov(x)", "gelu(x)", "tolu(x)"])
def test_no_function_is_proposed_for_another_first_letter(text: str) -> None:
    assert "did you mean" not in (refusal(expression, text).hint or "")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("S : n×n psd", "write symmetric, or spd if it is definite"),
        ("S : n×n sym", "write symmetric"),
        ("S : n×n Symmetric", "write symmetric"),
        ("S : n×n SPD", "write spd"),
        ("K : n×n antisymmetric", "write skew"),
        ("K : n×n skew symmetric", "a skew-symmetric matrix is declared skew"),
        ("K : n×n skew-symmetric", "a property is one word: S : n×n spd, K : n×n skew"),
        ("L : n×n lower triangular", "write lower"),
        ("S : n×n symmetric positive definite", "write spd"),
        ("S : symmetric n×n", "the shape comes first: S : n×n symmetric"),
        ("symmetric S : n×n", "the name and its shape come first"),
        ("S : n×n symmetric, positive definite", "properties follow the shape without commas"),
        ("A, B, C : m×n", "each name has a shape of its own: A : m×n, B : m×n"),
        ("A : m, n", "the sides of one shape are separated by ×"),
        ("A : m×n; B : n", "commas separate declarations"),
    ],
)
def test_a_declaration_in_other_words_is_answered(text: str, hint: str) -> None:
    assert hint in (refusal(parse_declarations, text).hint or "")


@pytest.mark.parametrize(
    "text",
    [
        "y = A x\n  z = A",
        "gradient x'x wrt x\n  check x'x wrt x == 2 x",
        "x : n\n  y = A x",
        "x : n\n  B : m×n",
    ],
)
def test_an_indented_statement_is_told_from_a_continued_one(text: str) -> None:
    hint = "an indented line continues the statement above: begin it at the margin"
    assert refusal(statement, text).hint == hint


def test_a_bracket_over_two_lines_is_no_indented_statement() -> None:
    assert "indented" not in (refusal(statement, "y = (A x\n  == x)").hint or "")


@pytest.mark.parametrize("operator", ["Var", "transpose"])
def test_latex_has_the_same_answers(operator: str) -> None:
    hint = refusal(expression, rf"\operatorname{{{operator}}}(A)").hint
    assert hint == refusal(expression, f"{operator}(A)").hint
