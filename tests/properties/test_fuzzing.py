"""Inputs at random: what is not answered is refused, by an error of matdiff's own.

Some hundred in a run; MATDIFF_SOAK=20000 (`make soak`) makes it 100 000.  MATDIFF_FIGURES names a
file; what was found is added to it.
"""

from __future__ import annotations

import os
import traceback
from collections import Counter
from pathlib import Path

import pytest

from matdiff import api
from matdiff.cli.deadline import deadline
from matdiff.cli.printing import View, told, told_error, told_warnings
from matdiff.documents.formats import statements_of
from matdiff.documents.places import Origin
from matdiff.documents.sources import decode
from matdiff.documents.statements import Document
from matdiff.errors import LimitReached, MatdiffError
from matdiff.operations.algebra import (
    SYMBOL,
    forget_expressions,
    postorder,
    symbol_name,
    symbol_properties,
)
from matdiff.rendering import text
from matdiff.session import Answer
from matdiff.settings import Settings
from matdiff.syntax import parse_declarations
from properties.cases import case_of
from properties.inputs import DECLARED, NAMES, Inputs

SOAK = int(os.environ.get("MATDIFF_SOAK", "0"))
INPUTS = 5 * SOAK or 600
SECONDS = 5  # for one statement
VIEWS = (
    View("text"), View("text", ascii_only=True, color=True, wide=True), View("latex"),
    View("json"), View("text", typeset=True, recorded=True),
)  # fmt: skip
Outcomes = Counter[str]


def _settings(inputs: Inputs) -> Settings:
    return Settings(
        layout=inputs.pick(("numerator", "denominator")),
        vec=inputs.pick(("column", "row")),
        structure=inputs.random.choice((None, None, "projection", "free", "entries")),
        steps=inputs.random.choice((None, None, None, "differentials", "rules")),
        strict=inputs.random.random() < 0.2,
        verify=inputs.random.random() < 0.1,
        trials=1,
        seed=1,
    )


def carried_out(inputs: Inputs, document: Document, statement: object, origin: Origin) -> str:
    """What came of one statement: "answered", "read", "refused" or "limit"; printed in any case."""
    view = inputs.random.choice(VIEWS)
    try:
        with deadline(SECONDS):
            answer = document.carry_out(statement)  # type: ignore[arg-type]
            if isinstance(answer, Answer):
                told(answer, view, origin)
                return "answered"
            told_warnings(answer, view, origin)
            return "read"
    except MatdiffError as problem:
        written = statement if isinstance(statement, str) else statement.text  # type: ignore[attr-defined]
        told_error(problem.located(None, written), view, origin)
        return "limit" if isinstance(problem, LimitReached) else "refused"


def typed(inputs: Inputs) -> str:
    """A statement, after declarations or without."""
    document = Document(_settings(inputs))
    if inputs.random.random() < 0.5:  # else the sizes are inferred, and more can be answered
        document.add(parse_declarations(DECLARED))
    written = inputs.typed() if inputs.random.random() < 0.9 else inputs.noise()
    return carried_out(inputs, document, written, Origin("a.mx", written))


def document(inputs: Inputs) -> str:
    """The bytes of a file."""
    name, given = inputs.content()
    try:
        content = decode(given, name)
        statements = statements_of(name, content)
    except MatdiffError as problem:
        told_error(problem, VIEWS[0], Origin(name, "", line=0, is_file=True))
        return "refused"
    origin, opened = Origin(name, content, is_file=True), Document(_settings(inputs))
    outcomes = {carried_out(inputs, opened, s, origin.of(s)) for s in statements[:6]}
    return "answered" if "answered" in outcomes else min(outcomes, default="read")


def called(inputs: Inputs) -> str:
    """Functions of the package, with any text for each of their arguments."""
    texts = (inputs.expression(3), inputs.changed(inputs.expression(3)), inputs.noise())
    expression, claim = inputs.pick(texts), inputs.pick(texts)
    wrt = inputs.pick((*NAMES, claim))
    declare = inputs.pick(("", "", DECLARED, inputs.changed(DECLARED)))
    try:
        with deadline(SECONDS):
            if inputs.random.random() < 0.3:
                verdict = api.check(expression, wrt, claim, declare, seed=1)
                return verdict.outcome and "answered"
            kind = inputs.random.choice((api.gradient, api.jacobian, api.hessian, api.differential))
            formula = kind(expression, wrt, declare)
            assert formula.text and formula.latex and formula.shape is not None
            return "answered"
    except LimitReached:
        return "limit"
    except MatdiffError:
        return "refused"


def shaped(inputs: Inputs) -> str:
    """A statement whose shapes fit, with its declarations, by any option."""
    case = case_of(inputs.random.getrandbits(48), inputs.random.randint(3, 15))
    opened = Document(_settings(inputs))
    for node in postorder(case.Y):
        if node.operation is SYMBOL:
            rows, columns = (str(side) for side in node.shape)
            properties = " ".join(symbol_properties(node))
            opened.add(parse_declarations(f"{symbol_name(node)} : {rows}×{columns} {properties}"))
    kinds = ("gradient", "hessian", "differential") if case.Y.is_scalar else ("jacobian", "shape")
    wrt = "" if (kind := inputs.pick(kinds)) == "shape" else f" wrt {text(case.X)}"
    written = f"{kind} {text(case.Y)}{wrt}"
    return carried_out(inputs, opened, written, Origin("a.mx", written))


WAYS = {"statements": typed, "documents": document, "calls": called, "shaped": shaped}
SHARES = {"statements": 0.67, "documents": 0.1, "calls": 0.2, "shaped": 0.03}


@pytest.mark.parametrize("way", WAYS)
def test_no_input_raises_what_is_not_an_error_of_matdiff(way: str) -> None:
    first = int.from_bytes(os.urandom(4)) if SOAK else 0
    outcomes: Outcomes = Counter()
    uncaught: dict[str, str] = {}  # by the place in the source, the first input each
    for number in range(first, first + round(INPUTS * SHARES[way])):
        try:
            outcomes[WAYS[way](Inputs(number))] += 1
        except Exception as bug:
            frame = traceback.extract_tb(bug.__traceback__)[-1]
            outcomes["uncaught"] += 1
            uncaught.setdefault(f"{frame.filename}:{frame.lineno} {bug!r}"[:300], f"seed {number}")
        if SOAK and number % 200 == 0:
            forget_expressions()
    _write_figures(way, outcomes)
    assert uncaught == {}
    assert outcomes["answered"] > 0
    assert outcomes["refused"] > 0


def _write_figures(way: str, outcomes: Outcomes) -> None:
    path = os.environ.get("MATDIFF_FIGURES")
    if path is not None:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(f"| {way} | {outcomes.total()} | {dict(sorted(outcomes.items()))} |\n")
