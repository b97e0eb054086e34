"""Derivatives of random expressions: verified by numbers, and read back from their own text."""

from __future__ import annotations

import pytest

from matdiff.derivatives import Derivative, derive
from matdiff.dimensions import ONE
from matdiff.errors import DomainProblem
from matdiff.normal import normalise, shortest
from matdiff.operations.algebra import SYMBOL, Expression, postorder
from matdiff.rendering import text
from matdiff.shapes import Environment, Variable, function_names, read
from matdiff.syntax import parse_declarations, parse_expression
from matdiff.verification import verify
from properties.generator import DECLARATIONS, SIDES, Generator

KINDS = ("gradient", "jacobian", "hessian", "differential")
LAYOUTS = [(layout, vec) for layout in ("numerator", "denominator") for vec in ("column", "row")]
EXPRESSIONS = 240
PARTS = 8
LONGEST_READ_BACK = 3000  # characters


def question(seed: int) -> tuple[str, Expression, Expression] | None:
    """A kind, an expression and a variable of it; None for a constant or a singular inverse."""
    generator = Generator(seed)
    kind = KINDS[seed % len(KINDS)]
    scalar = kind in ("gradient", "hessian")
    rows, columns = (ONE, ONE) if scalar else (generator.random.choice(SIDES) for _ in "rc")
    expression = generator.expression(rows, columns, generator.random.randint(1, 4))
    symbols = [node for node in postorder(expression) if node.operation is SYMBOL]
    return (kind, expression, generator.random.choice(symbols)) if symbols else None


def read_back(answer: Derivative) -> Expression:
    known = Environment()
    known.declare(parse_declarations(DECLARATIONS))
    if answer.change is not None:
        known.add(Variable(str(answer.change.parameters[0]), answer.change.shape))
    written = text(answer.formula)
    tree = parse_expression(written, declared=known.names, functions=function_names())
    reading = read(tree, known, expected=answer.shape)
    assert reading.warnings == [], written
    return reading.expression


@pytest.mark.parametrize("part", range(PARTS))
def test_random_expressions(part: int) -> None:
    undecided = 0
    for seed in range(part, EXPRESSIONS, PARTS):
        drawn = question(seed)
        if drawn is None:
            continue
        kind, expression, variable = drawn
        layout, vec = LAYOUTS[seed // len(KINDS) % len(LAYOUTS)]
        try:
            answer = derive(kind, expression, variable, layout=layout, vec=vec)
        except DomainProblem:
            continue
        found = verify(answer, seed=seed)
        assert found.passed is not False, (seed, text(expression), text(answer.formula), found)
        undecided += found.passed is None
        if len(text(answer.formula)) < LONGEST_READ_BACK:
            again = read_back(answer)
            same = text(again) == text(answer.formula)
            assert same or text(shortest(again)) == text(answer.formula), seed
            assert normalise(again) is normalise(answer.formula) or same, seed
    assert undecided <= 3
