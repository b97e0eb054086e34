"""Texts that may be meant otherwise than the rules read them: told, refused if strict."""

from __future__ import annotations

import pytest

from matdiff.errors import MatdiffError
from matdiff.normal import normalise
from matdiff.shapes import Environment, Reading, function_names, read
from matdiff.syntax import parse_declarations, parse_expression, parse_statement
from matdiff.syntax.tree import Name, Remarked

DECLARED = (
    "A : n×n, B : n×n, W : m×n, V : m×n, S : n×n spd, x : n, y : n, a : n, c : scalar, e3 : scalar"
)


def reading(text: str, declared: str = DECLARED, *, strict: bool = False) -> Reading:
    environment = Environment()
    environment.declare(parse_declarations(declared))
    tree = parse_expression(text, declared=environment.names, functions=function_names())
    return read(tree, environment, strict=strict)


def refusal(text: str) -> MatdiffError:
    with pytest.raises(MatdiffError) as caught:
        reading(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("c^1/2", "c^(1/2)"),
        ("c^1/c", "c^(1/c)"),
        (r"c^1/2 \cdot c", "c^(1/2)"),
        ("x'A^-1/2 x", "A^(-1/2)"),
        ("sum(x.^1/2)", "x.^(1/2)"),
        ("2e3 c", "2 e3"),
        ("[A B; B A]", "[A, B; B, A]"),
        ("[c 1; 1 c]", "[c, 1; 1, c]"),
        ("[A -B]", "[A, -B]"),
    ],
)
def test_a_doubt_is_told_and_refused_if_strict(text: str, other: str) -> None:
    (warning,) = reading(text).warnings
    assert other in warning
    with pytest.raises(MatdiffError) as caught:
        reading(text, strict=True)
    assert caught.value.code == "MX216"
    assert reading(other, strict=True).warnings == []


@pytest.mark.parametrize(
    "text",
    [
        "c^2/2", "c^(1/2)", "A⁻¹/2", "2e5 c", "A^{-1}/2", r"A^{-1}/2", r"x^\top A^{-1}x/2",
        "A^-1/c", "[A*B; B]", "[2 A; 3 B]", "[A'B; B]", "[A - B; B]", "[W x; V x]", "[A x; x]",
        "[A B, A]",
    ],
)  # fmt: skip
def test_what_is_plain_is_not_doubted(text: str) -> None:
    assert reading(text, strict=True).warnings == []


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("1 000 x'x", "write 1000"),
        ("2½ x'x", "write 5/2 for the sum"),
        ("2 1/2 x'x", "write 5/2 for the sum"),
        ("[1 0; 0 1]", "a comma is missing: 1, 0"),
        ("[1 -1; -1 1]", "a comma is missing: 1, -1"),
        ("x[1 2]", "a comma is missing: 1, 2"),
        ("I(2 3)", "2, 3 for two arguments"),
        (r"1\,000 x^\top x", "write 1000"),
    ],
)
def test_numbers_side_by_side_are_refused(text: str, hint: str) -> None:
    problem = refusal(text)
    assert problem.code == "MX109"
    assert hint in (problem.hint or "")


def test_a_number_after_an_exponent_is_a_factor() -> None:
    three = normalise(reading("3 c^2").expression)
    assert normalise(reading("c^2 3", strict=True).expression) is three


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("A^(k)T", "write (A^(k))'"),
        ("A^-1T", "write A^-T"),
        ("A^2T", "write (A^2)'"),
        ("A^-1TB", "write A^-T B"),
    ],
)
def test_a_letter_at_an_exponent_is_no_matrix(text: str, hint: str) -> None:
    assert refusal(text).hint == hint
    assert "T" in reading(text, DECLARED + ", T : n×n").variables


@pytest.mark.parametrize("text", ["cⁿ⁺¹", "c²ⁿ", "cⁿ²"])
def test_a_superscript_of_several_operands_is_refused(text: str) -> None:
    assert refusal(text).code == "MX102"


def test_superscripts_of_several_digits_and_in_brackets_are_read() -> None:
    assert reading("c¹²").expression is reading("c^12").expression
    assert reading("c⁽ⁿ⁺¹⁾").expression is reading("c^(n+1)").expression
    assert reading("c⁻¹²").expression is reading("c^-12").expression


def test_several_transposes_in_a_run() -> None:
    plain = "x'A'A x"
    assert reading("x^TA^TAx").expression is reading(plain).expression


@pytest.mark.parametrize(
    ("text", "said"),
    [("tr(A log(A))", "logm"), ("tr(S exp(c S))", "expm"), ("x'sqrt(S) x", "sqrtm")],
)
def test_a_function_of_a_square_matrix_is_told(text: str, said: str) -> None:
    assert [said in warning for warning in reading(text).warnings] == [True]


@pytest.mark.parametrize(
    "text",
    ["sum(exp(S))", "S : log(S)", "sum(S∘log(S))", "tr(W exp(V)')", "x'exp(A) x"],
)
def test_entries_are_not_doubted(text: str) -> None:
    assert reading(text).warnings == []


def test_pi_is_the_number_unless_it_is_something_else() -> None:
    assert reading("π x'x").expression is reading("pi x'x").expression
    assert "π" in reading("π x'x", "x : n, π : n×n").variables
    assert "π" in reading("π(x) c").variables
    environment = Environment()
    tree = parse_expression("π^2", functions=function_names())
    assert "π" in read(tree, environment, wrt="π").inferred


@pytest.mark.parametrize(
    "shape",
    "Scalar SCALAR scaler real R number float int row column constant function Elementwise 2X3 mxN"
    " nX1 2½".split(),
)
def test_a_kind_is_no_size(shape: str) -> None:
    with pytest.raises(MatdiffError) as caught:
        parse_declarations(f"c : {shape}")
    assert caught.value.code in ("MX111", "MX109")
    assert caught.value.hint


@pytest.mark.parametrize("shape", ["r", "N", "nx", "k", "2X", "R×n", "2x3", "rows", "q"])
def test_other_names_are_sizes(shape: str) -> None:
    assert parse_declarations(f"c : {shape}")[0].form in ("vector", "matrix")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("check gradient x'x wrt x == 2 x", "check takes no second kind of question"),
        ("gradient jacobian x wrt x", "gradient takes no second kind of question"),
        ("check x'x wrt x == 2x wrt x", "`wrt` stands once"),
    ],
)
def test_a_question_has_one_kind_and_one_variable(text: str, said: str) -> None:
    with pytest.raises(MatdiffError) as caught:
        parse_statement(text, declared={"x"}, functions=function_names())
    assert said in caught.value.message
    assert caught.value.code == "MX113"


def test_a_word_of_the_language_may_be_a_name() -> None:
    query = parse_statement("gradient diff'diff wrt diff", declared=(), functions=function_names())
    assert not isinstance(query, (Remarked, Name, list))
