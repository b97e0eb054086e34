r"""LaTeX that gives names their shapes, and LaTeX with the entries of plain text."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from matdiff.errors import MatdiffError
from matdiff.normal import normalise
from matdiff.session import Session
from matdiff.settings import Settings
from matdiff.shapes import function_names
from matdiff.syntax import parse_declarations, parse_expression, parse_statement
from matdiff.syntax.tree import Declaration, Query, Tree

Outline = Callable[[Tree | None], str]


@pytest.mark.parametrize("binds", [":", r"\colon", r"\in", "∈"])
@pytest.mark.parametrize(
    ("sides", "plain"),
    [
        (r"m \times n", "m×n"),
        (r"m\,\times\,n", "m×n"),
        (r"{m}\times{n}", "m×n"),
        (r"\left(m\times n\right)", "m×n"),
        (r"\mathbb{R}^{m\times n}", "m×n"),
        (r"\mathbb R^{mn\times 2p}", "m*n×2*p"),
        (r"(n+1)\times m\cdot n", "(n+1)×m*n"),
        (r"d_1\times d_0", "d_1×d_0"),
        (r"n\times n\ \text{symmetric}", "n×n symmetric"),
        (r"\mathbb{R}^n", "n"),
        ("n", "n"),
        (r"\mathbb{R}", "scalar"),
    ],
)
def test_times_parts_the_sides_of_a_shape(
    outline: Outline, binds: str, sides: str, plain: str
) -> None:
    (meant,) = parse_declarations(f"W : {plain}")
    outside = "∈" if binds == "∈" else ":"
    for written in (rf"$\mathbf{{W}} {binds} {sides}$", f"W {outside} ${sides}$"):
        found = parse_declarations(written)
        assert [outline(one) for one in found] == [outline(meant)]
        stated = parse_statement(written, declared=(), functions=function_names())
        assert isinstance(stated, list)
        assert [outline(one) for one in stated] == [outline(meant)]


def test_several_declarations_between_one_pair_of_dollars(outline: Outline) -> None:
    found = parse_declarations(r"$A : m\times n,\ \pi\in\mathbb{R}^{n}$, c : scalar")
    assert [outline(one) for one in found] == ["A: matrix m n", "π: vector n -", "c: scalar - -"]


def test_times_is_a_product_in_a_question_and_parts_sides_in_its_claim(outline: Outline) -> None:
    known = {"A": ("m", "n"), "B": ("m", "n"), "c": ("1", "1")}
    query = parse_statement(
        r"gradient 2 $A : B\times c$ wrt A", declared=known, functions=function_names()
    )
    assert isinstance(query, Query)
    assert outline(query.expression) == "<2 _ ((A : <B * c>))>"
    claim = parse_statement(r"shape $A$ == $m\times n$", declared=known, functions=function_names())
    assert isinstance(claim, Query) and isinstance(claim.claim, Declaration)
    assert outline(claim.claim) == ": matrix m n"


def normal_form(formula: str, *, latex: bool = True) -> object:
    session = Session()
    session.declare("X: m×n, x: n, w: n")
    reading = session.shape(session.parse(formula, latex=latex), Settings()).reading
    return normalise(reading.expression)


@pytest.mark.parametrize(
    ("formula", "meant"),
    [
        (r"\sum_k x[k]^3", "sum(x.^3)"),
        (r"\sum_i \mathbf{x}[i] \mathbf{w}[i]", "x'w"),
        (r"\sum_i \exp(X[i,:] w)", "sum(exp(X w))"),
        (r"\sum_i (X w)[i]^2", "sum((X w).^2)"),
        (r"x[2]", "x[2]"),
        (r"X[:,1]", "X[:,1]"),
        (r"2[3]", "6"),
        (r"\operatorname{tr}[X X^\top]", "tr(X X')"),
        (r"x₂", "x[2]"),
    ],
)
def test_an_entry_in_square_brackets(formula: str, meant: str) -> None:
    assert normal_form(formula) is normal_form(meant, latex=False)


@pytest.mark.parametrize(
    ("formula", "hint"),
    [
        ("x_12", "write x_{12} or x_1 2"),
        ("x^12", "write x^{12} or x^1 2"),
        (r"\mathbf{x}_{12}+w_10", "write w_{10} or w_1 0"),
        ("e^10", "write e^{10} or e^1 0"),
    ],
)
def test_digits_below_or_above_need_braces(formula: str, hint: str) -> None:
    with pytest.raises(MatdiffError) as caught:
        parse_expression(formula, functions=function_names(), latex=True)
    assert (caught.value.code, caught.value.hint) == ("MX115", hint)


def test_digits_that_show_where_they_stand_need_none(outline: Outline) -> None:
    assert outline(parse_expression("x₁₂", functions=function_names(), latex=True)) == "x_12"
    assert outline(parse_expression("x¹²", functions=function_names(), latex=True)) == "(x)^(12)"


def test_a_division_from_the_left_is_no_latex(outline: Outline) -> None:
    for formula in ("A \\ x", "A\\(x)", "A\\x"):
        with pytest.raises(MatdiffError, match="has no meaning here"):
            parse_expression(formula, functions=function_names())
    with pytest.raises(MatdiffError, match="is not read"):
        parse_expression(r"\alpha A\(x)", functions=function_names())
    assert outline(parse_expression(r"\(x y\)", functions=function_names())) == "<x _ y>"


def test_an_entry_counted_from_zero_is_no_product_with_zero() -> None:
    with pytest.raises(MatdiffError, match="counted from 1"):
        parse_expression("(x)[0]", functions=function_names(), latex=True)


def test_the_range_of_an_index_as_a_set() -> None:
    for formula in ("Σ_{i∈[n]} x[i]", "sum_{i in [n]} x[i]"):
        assert normal_form(formula, latex=False) is normal_form("sum(x)", latex=False)
