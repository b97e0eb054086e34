"""Blocks and slices in text, LaTeX and numpy: what is written reads back, and computes the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from matdiff.emission import numpy_source
from matdiff.normal import shortest
from matdiff.operations.algebra import Expression, symbol_name
from matdiff.rendering import latex, text
from matdiff.rendering.length import length
from matdiff.rendering.text import tokens
from matdiff.shapes import Environment, function_names, read
from matdiff.syntax import parse_declarations, parse_expression
from matdiff.verification import evaluate

SIZES = {"m": 4, "n": 5, "p": 3}
DECLARED = "A : m×n, B : m×p, C : p×n, D : p×p, M : n×n, x : n, y : p, x_1 : n"
FORMULAS = [
    "[A, B; C, D]",
    "[A, B] [x; y]",
    "A' [A, B]",
    "[A, 0; 0, D]",
    "[A, B]'[1,:]",
    "[[A; C], [B; D]]",
    "A[1,2]",
    "2 x[n] x_1[2]",
    "A[2,:]",
    "A[:,2:n]'",
    "(A M)[1,2:n-1]",
    "(A M)[1,2]^2",
    "tanh(x)[1:3]",
    "M^-1 e(2,n)",
    "(M^-1)[1,2]",
    "(M + M')[1,:]",
    "x e(2,p)'",
    "I(n)[:,2:3] y[1:2]",
    "A⊛C",
    "A⊛(C M)",
    "(A⊛C)[1,:]",
    "C⊛A⊛A",
]
IN_LATEX = [
    ("[A, B; C, D]", r"\begin{bmatrix} A & B \\ C & D \end{bmatrix}"),
    ("[A, 0; 0, D]", r"\begin{bmatrix} A & 0 \\ 0 & D \end{bmatrix}"),
    ("A[1,2]", "A_{[1,2]}"),
    ("2 x[n] x_1[2]", r"2 x_{[n]} {x_{1}}_{[2]}"),
    ("A[:,2:n]'", r"A_{[:,2:n]}^{\top}"),
    ("x e(2,p)'", r"x e_{2,p}^{\top}"),
]


def reading(written: str, *, is_latex: bool = False) -> Expression:
    environment = Environment()
    environment.declare(parse_declarations(DECLARED))
    tree = parse_expression(
        written, declared=environment.names, functions=function_names(), latex=is_latex
    )
    return read(tree, environment).expression


@pytest.mark.parametrize("written", FORMULAS)
def test_round_trip(written: str) -> None:
    expression = reading(written)
    assert text(reading(text(expression))) == text(expression)
    ascii_only = text(expression, ascii=True)
    assert ascii_only.isascii()
    assert text(reading(ascii_only)) == text(expression)
    assert text(reading(latex(expression), is_latex=True)) == text(expression)
    assert length(expression) == tokens(text(expression))


@pytest.mark.parametrize("written", ["[A, B; C, D]", "A[1,2]", "A[:,2:n]'", "C⊛A⊛A", "x e(2,p)'"])
def test_it_is_written_as_it_was_typed(written: str) -> None:
    assert text(reading(written)) == written


@pytest.mark.parametrize(("written", "expected"), IN_LATEX)
def test_latex(written: str, expected: str) -> None:
    assert latex(reading(written)) == expected


@pytest.mark.parametrize("written", FORMULAS)
def test_numpy(written: str) -> None:
    expression = reading(written)
    random = np.random.default_rng(5)
    environment = Environment()
    environment.declare(parse_declarations(DECLARED))
    arrays = {
        variable.symbol: random.normal(size=[side.at(SIZES) for side in variable.shape])
        for variable in environment.variables.values()
    }
    expected = evaluate(expression, arrays, SIZES)
    named = {symbol_name(symbol): array for symbol, array in arrays.items()}
    for formula in (expression, shortest(expression)):
        source, arguments = numpy_source(formula)
        space: dict[str, Any] = {}
        exec(source, space)
        given = {
            parameter: SIZES[name] if name in SIZES else squeezed(named[name])
            for parameter, name in arguments.items()
        }
        assert np.allclose(np.ravel(space["derivative"](**given)), np.ravel(expected))


def squeezed(array: Any) -> Any:
    return array[:, 0] if array.shape[1] == 1 else array


def test_slices_are_not_products_with_the_identity() -> None:
    source, _ = numpy_source(reading("A[1:2,3:n] x[3:n]"))
    assert "A[0:2, 2:n] @ x[2:n]" in source
    source, _ = numpy_source(reading("A[1,2] x[3]"))
    assert "A[0, 1] * x[2]" in source or "x[2] * A[0, 1]" in source


def test_emitted_code_refuses_sizes_that_lack_the_part() -> None:
    space: dict[str, Any] = {}
    exec(numpy_source(reading("x[2:3]"))[0], space)
    with pytest.raises(ValueError, match="n-2 >= 1"):
        space["derivative"](np.ones(2))
