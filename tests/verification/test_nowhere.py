"""What is said to have a value nowhere has none: values at random say it too."""

from __future__ import annotations

import numpy as np
import pytest

from matdiff.operations.algebra import SYMBOL, postorder
from matdiff.session import Session
from matdiff.settings import Settings
from matdiff.verification import evaluate, nowhere_defined
from matdiff.verification.structure import endow

NOWHERE = [
    ("log(-x'x - 1)", ""),
    ("log(-x'x)", ""),
    ("log(-1) + x'x", ""),
    ("sum(log(-exp(x)))", ""),
    ("c log(-norm(A x - b))", "c: scalar, A: m×n, b: m"),
    ("sqrt(-1 - x'x)", ""),
    ("(-1 - norm1(x))^(3/2)", ""),
    ("(-x'A'A x)^(-1/2)", "A: m×n"),
    ("log(-tr(P))", "P: n×n spd"),
    ("log(-p'q)", "p: n positive, q: n positive"),
]
SOMEWHERE = [
    ("log(x'x - 1)", ""),
    ("log(1 - x'x)", ""),
    ("sum(log(-x))", ""),
    ("sqrt(-x'x)", ""),  # zero at x = 0
    ("sqrt(-relu(sum(x)))", ""),  # zero where the sum is negative
    ("log(x'A x)", "A: n×n"),
    ("log(-x'S x)", "S: n×n symmetric"),
    ("(x'x)^0.5 + sum(x).^0.3", ""),
    ("(-x'x - 1)^3", ""),
    ("log(-x'K y)", "K: n×n skew, y: n"),
]


def value(text: str, declare: str, draw: np.random.Generator) -> float:
    session = Session()
    session.declare(f"x: n{', ' if declare else ''}{declare}")
    expression = session.shape(session.parse(text), Settings()).reading.expression
    sizes = {"m": 2, "n": 3}
    values = {}
    for node in postorder(expression):
        if node.operation is SYMBOL:
            shape = node.rows.at(sizes), node.columns.at(sizes)
            drawn = draw.choice([0.3, 1.0, 3.0]) * draw.normal(size=shape)
            values[node] = endow(np, draw, drawn, frozenset(node.parameters[3:]))
    with np.errstate(all="ignore"):
        return float(evaluate(expression, values, sizes).item())


def said(text: str, declare: str) -> str | None:
    session = Session()
    session.declare(f"x: n{', ' if declare else ''}{declare}")
    return nowhere_defined(session.shape(session.parse(text), Settings()).reading.expression)


@pytest.mark.parametrize(("text", "declare"), NOWHERE)
def test_what_has_a_value_nowhere_is_said(text: str, declare: str) -> None:
    assert "has no real value anywhere" in (said(text, declare) or "")
    draw = np.random.default_rng(1)
    assert not any(np.isfinite(value(text, declare, draw)) for _ in range(200))


@pytest.mark.parametrize(("text", "declare"), SOMEWHERE)
def test_nothing_is_said_of_what_has_a_value_somewhere(text: str, declare: str) -> None:
    assert said(text, declare) is None


def test_the_answer_comes_with_it() -> None:
    session = Session()
    session.declare("x: n")
    answer = session.differentiate("gradient", session.parse("log(-x'x - 1)"), "x", Settings())
    assert answer.warnings == [
        "log(-1 - x'x) has no real value anywhere: -1 - x'x is never positive"
    ]
