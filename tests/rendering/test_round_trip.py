"""A formula's text is read back as a formula with the same text, in one reading."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from matdiff.operations.algebra import SYMBOL, Expression, postorder, symbol_name
from matdiff.rendering.text import text
from matdiff.shapes import Environment, function_names, read
from matdiff.syntax import parse_declarations, parse_expression
from matdiff.syntax.tree import Declaration


def environment_of(formula: Expression) -> Environment:
    environment = Environment()
    for node in postorder(formula):
        if node.operation is SYMBOL:
            shape = "scalar" if node.is_scalar else f"{node.rows}×{node.columns}"
            for declaration in parse_declarations(f"{symbol_name(node)} : {shape}"):
                assert isinstance(declaration, Declaration)
                environment.declare(declaration)
    for declaration in parse_declarations("U1 : m×n, U2 : n×p"):  # so that all sizes are known
        environment.declare(declaration)
    return environment


@pytest.mark.parametrize("start", range(0, 400, 50))
def test_random_formulas(start: int, random_formula: Callable[[int], Expression]) -> None:
    for seed in range(start, start + 50):
        formula = random_formula(seed)
        environment = environment_of(formula)
        for written in (text(formula), text(formula, ascii=True)):
            if len(written) > 500 or "unvec" in written:
                continue
            tree = parse_expression(written, declared=environment.names, functions=function_names())
            reading = read(tree, environment)
            assert text(reading.expression, ascii=written.isascii()) == text(
                formula, ascii=written.isascii()
            )
            assert reading.expression.shape == formula.shape
            assert not reading.warnings, written
