"""What is said of a mistake in an expression: message in full, code, place."""

from __future__ import annotations

import pytest

from matdiff.errors import LimitReached, MatdiffError, NameProblem, SyntaxProblem
from matdiff.syntax import grammar, parse_expression

STRAY_COMMA = (
    "a comma separates only the arguments of a function, <A, B>, blocks [A, B], and declarations"
)


def refusal(text: str, functions: frozenset[str], *declared: str) -> MatdiffError:
    with pytest.raises(MatdiffError) as caught:
        parse_expression(text, declared=declared, functions=functions)
    assert caught.value.text == text
    return caught.value


@pytest.mark.parametrize(
    "text",
    ["tr(A × B)", "A ∈ B", "A → B", "A -> B", "-> A", "<A -> B>", "∂A/∂B", "A == B", "A : m×n"],
)
def test_what_is_said_does_not_hang_on_the_parser_that_has_been_built(
    text: str, functions: frozenset[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grammar, "_built", {})
    first = refusal(text, functions)
    grammar.parser_for("statement")  # the whole language, which serves expressions from here on
    then = refusal(text, functions)
    assert (first.code, first.message, first.span) == (then.code, then.message, then.span)


@pytest.mark.parametrize(
    ("text", "code", "message", "place"),
    [
        ("", "MX101", "the expression is empty", ""),
        (" \n ", "MX101", "the expression is empty", " \n "),
        ("A; import os", "MX103", "`;` at column 2 has no meaning here", ";"),
        ("$(touch x)", "MX103", "`$` at column 1 has no meaning here", "$"),
        ("tr(A).__class__", "MX103", "`.` at column 6 has no meaning here", "."),
        ("tr(A B", "MX104", "the bracket ( opened at column 3 is not closed", "("),
        ("tr(A B C))", "MX104", "`)` at column 10 closes no bracket", ")"),
        ("tr(A}", "MX104", "`}` at column 5 cannot close the ( at column 3", "}"),
        ("‖x", "MX104", "the bar ‖ opened at column 1 is not closed", "‖"),
        ("A +", "MX105", "the operator `+` at column 3 has no right operand", "+"),
        ("tr(A .* )", "MX105",
         "the operator `.*` at column 6 has no right operand: `)` follows", ".*"),
        ("tr(A^^2)", "MX105",
         "`^` at column 6 follows `^` at column 5; an operand is missing between them", "^"),
        ("A ∘ ∘ B", "MX105",
         "`∘` at column 5 follows `∘` at column 3; an operand is missing between them", "∘"),
        ("A^", "MX105", "the operator `^` at column 2 has no exponent", "^"),
        ("'A", "MX105", "`'` at column 1 has nothing before it to transpose", "'"),
        ("|'|", "MX105",
         "`'` at column 2 follows `|`, so it has nothing before it to transpose", "'"),
        ("*A", "MX105", "`*` at column 1 has no left operand", "*"),
        ("^2", "MX105", "`^` at column 1 has no base", "^"),
        ("().__class__", "MX105", "nothing stands between `(` and `)` at column 1", "()"),
        ("(A, B)", "MX106",
         STRAY_COMMA, ","),
        ("A, B", "MX106",
         STRAY_COMMA, ","),
        ("<A>", "MX106", "< > holds two operands, <A, B>, and has only one", "<A>"),
        ("A {B}", "MX106", "`{` at column 3 stands only after ^, as in A^{-1}", "{"),
        ("tr(A × B)", "MX106", "`×` at column 6 separates dimensions", "×"),
        ("‖x‖_3", "MX106", "the subscript _3 after ‖ names no norm", "‖_3"),
        ("∂Y/∂X", "MX106",
         "`∂` at column 1 begins a derivative ∂Y/∂X, which stands only after a query's word", "∂"),
        ("tr()", "MX107", "tr() at column 1 needs an argument", "tr()"),
        ("tr(A,)", "MX107", "after the comma at column 5 an argument is missing", ","),
        ("tr(,A)", "MX107", "`,` at column 4 has no argument before it", ","),
        ("exp x", "MX107",
         "`exp` at column 1 is a function: its argument stands in brackets, exp(…)", "exp"),
        ("tr", "MX107", "`tr` at column 1 is a function: its argument stands in brackets, tr(…)",
         "tr"),
        ("A**2", "MX108", "`**` at column 2 is no operator here", "**"),
        ("2^3^2", "MX108", "two powers in a row, the second `^` at column 4", "^"),
        ("tr(A[1,2,3])", "MX114", "3 indices between brackets, a matrix has two", "[1,2,3]"),
        ("[A, B; C, D", "MX104", "the bracket [ opened at column 1 is not closed", "["),
        ("[A, ; C]", "MX107", "after the comma at column 3 an argument is missing", ","),
        ("[]", "MX105", "nothing stands between `[` and `]` at column 1", "[]"),
        ("A; B", "MX103", "`;` at column 2 has no meaning here", ";"),
        ("Σ_i", "MX114", "after `Σ_i` at column 1 stands what is summed", "Σ_i"),
        ("A + sum_i * x", "MX114", "after `sum_i` at column 5 stands what is summed, not `*`",
         "sum_i"),
        ("Σ_i^(n+1) x[i]", "MX114", "the upper bound `(n+1)` of a sum is not read", "Σ_i^(n+1)"),
        ("Σ_i^0.5 x[i]", "MX114", "the upper bound `0.5` of a sum is not read", "Σ_i^0.5"),
        ("Σ_{i<j} y", "MX114", "the range `i<j` of a sum is not read", "Σ_{i<j}"),
        ("tr(A) = 3", "MX110",
         "`=` at column 7: this is an equation, and an expression is wanted", "="),
        ("A == B", "MX110",
         "`==` at column 3: this is an equation, and an expression is wanted", "=="),
    ],
)  # fmt: skip
def test_a_syntax_problem(
    functions: frozenset[str], text: str, code: str, message: str, place: str
) -> None:
    problem = refusal(text, functions)
    assert type(problem) is SyntaxProblem
    assert (problem.code, problem.message) == (code, message)
    assert problem.span is not None
    assert text[slice(*problem.span)] == place


@pytest.mark.parametrize(
    ("text", "declared", "message", "hint"),
    [
        ("Tr(A)", (), "Tr is not a known function", "write tr(…)"),
        ("foo(A, B)", (), "foo is not a known function",
         "only a function has arguments separated by commas"),
        ("log1p(x'x)", (), "log1p is not a known function",
         "write log(1 + c) or log(ones + x)"),
        ("softmax2(x)", (), "softmax2 is not a known function",
         "did you mean softmax? if softmax2 is a variable, declare it, or write softmax2*(…); "
         "declare an unknown function by softmax2 : elementwise or softmax2 : n → m"),
        ("eval('x')", (), "eval is not a known function",
         "if eval is a variable, declare it, or write eval*(…); "
         "declare an unknown function by eval : elementwise or eval : n → m"),
        ("logdte(A)", (), "logdte is not a known function",
         "did you mean logdet? if logdte is a variable, declare it, or write logdte*(…); "
         "declare an unknown function by logdte : elementwise or logdte : n → m"),
        ("XC(A)", ("X",), "XC is not a known function",
         "if XC is a variable, declare it, or write XC*(…); "
         "declare an unknown function by XC : elementwise or XC : n → m"),
        ("σ'(x)", (), "σ' is not a known function",
         "σ' is the derivative of σ; only an unknown function has one so named"),
        ("K(m,n) X", ("K",),
         "K is declared as a variable, so the bracket after it is a factor and cannot hold "
         "several arguments", "rename the variable to use K(…)"),
    ],
)  # fmt: skip
def test_a_name_that_cannot_be_called(
    functions: frozenset[str], text: str, declared: tuple[str, ...], message: str, hint: str
) -> None:
    problem = refusal(text, functions, *declared)
    assert type(problem) is NameProblem
    assert (problem.code, problem.message, problem.hint) == ("MX151", message, hint)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("2^3^2", "write (2^3)^2 or 2^(3^2)"),
        ("tr(A)^2^-k", "write (tr(A)^2)^-k or tr(A)^(2^-k)"),
        ("x'.^2^(a + b)", "write (x'.^2)^(a + b) or x'.^(2^(a + b))"),
        ("A^-T^2", "write (A^-T)^2 or A^(-T^2)"),
    ],
)
def test_both_readings_of_two_powers_are_shown(
    functions: frozenset[str], text: str, hint: str
) -> None:
    assert refusal(text, functions).hint == hint


def test_the_first_of_several_mistakes_is_reported(functions: frozenset[str]) -> None:
    assert refusal("A + * eval(B) ; $", functions).message.startswith("`*` at column 5")
    assert refusal("tr(A B C)) $", functions).message == "`)` at column 10 closes no bracket"


@pytest.mark.parametrize("text", ["1.2.3", "1.2.3 c", "0.5.5", "1.5e3.2 c", "c + 1.2.3"])
def test_two_points_are_no_product(functions: frozenset[str], text: str) -> None:
    problem = refusal(text, functions)
    assert problem.code == "MX106" and problem.message.endswith(" is no number")


def test_columns_count_in_their_own_line(functions: frozenset[str]) -> None:
    problem = refusal("A\n  + ; B", functions)
    assert (problem.message, problem.span) == ("`;` at column 5 has no meaning here", (6, 7))


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("1e400 c", "MX116", "1e400 is beyond double precision, which ends at about 1.8e308"),
        ("c^1e-401", "MX506", "1e-401 is beyond double precision and beyond the limit of ±400 for "
         "a decimal exponent"),
        ("1e99999999999999999999999", "MX506", "1e999999999999999999999… is beyond double "
         "precision and beyond the limit of ±400 for a decimal exponent"),
    ],
)  # fmt: skip
def test_numbers_beyond_every_double(
    functions: frozenset[str], text: str, code: str, message: str
) -> None:
    problem = refusal(text, functions)
    assert isinstance(problem, LimitReached) == (code == "MX506")
    assert (problem.code, problem.message) == (code, message)
