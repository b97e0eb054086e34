"""unvec(x, m, n) takes a column and two sizes, and comes back from its own text."""

from __future__ import annotations

import pytest

from matdiff.derivatives import derive
from matdiff.errors import ShapeProblem
from matdiff.operations.algebra import Expression
from matdiff.operations.linear import vec
from matdiff.rendering import text
from matdiff.shapes import Environment, function_names, read
from matdiff.syntax import parse_declarations, parse_expression
from matdiff.verification import verify


def ask(formula: str, declarations: str) -> tuple[Expression, Environment]:
    known = Environment()
    known.declare(parse_declarations(declarations))
    tree = parse_expression(formula, declared=known.names, functions=function_names())
    return read(tree, known).expression, known


def test_it_is_the_inverse_of_vec() -> None:
    expression, known = ask("unvec(vec(X), m, n)", "X : m×n")
    assert expression is known.variables["X"].symbol


def test_its_text_is_read_back() -> None:
    expression, _ = ask("unvec(x, m, n)A", "x : m*n, A : n×p")
    assert text(expression) == "unvec(x,m,n) A"
    again, _ = ask(text(expression), "x : m*n, A : n×p")
    assert again is expression


def test_it_is_differentiated() -> None:
    expression, known = ask("tr(unvec(B x, m, n) A)", "x : k, B : m*n×k, A : n×m")
    answer = derive("gradient", expression, known.variables["x"].symbol)
    assert text(answer.formula) == "B'vec(A')"
    assert verify(answer, seed=1).passed is True


def test_a_column_of_another_length_is_refused() -> None:
    with pytest.raises(ShapeProblem, match=r"unvec needs a column of m\*n entries"):
        ask("unvec(x, m, n)", "x : k, A : m×n")


def test_a_size_may_be_a_product_by_juxtaposition() -> None:
    expression, known = ask("I(m n) vec(X)", "X : m×n")
    assert expression is vec(known.variables["X"].symbol)
