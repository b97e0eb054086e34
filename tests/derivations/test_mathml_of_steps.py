"""Derivations in MathML: well formed, a row for each line, what is named below it."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from derivations.test_derivations import QUESTION, SCALAR, steps_of

from matdiff.documents.derivations_mathml import steps_mathml

SPACE = "{http://www.w3.org/1998/Math/MathML}"


@pytest.mark.parametrize(
    ("kind", "expression", "wrt", "declared"),
    [
        ("gradient", QUESTION, "X", SCALAR),
        ("hessian", "logdet(X)", "X", "X: n×n posdet"),
        ("jacobian", "softmax(A x)", "x", "A: m×n, x: n"),
    ],
)
def test_rows(kind: str, expression: str, wrt: str, declared: str) -> None:
    steps, _ = steps_of(kind, expression, wrt, declared)
    table = ElementTree.fromstring(steps_mathml(steps))[0]
    assert table.tag == f"{SPACE}mtable"
    assert len(table) == len(steps) + sum(len(step.where) for step in steps)
    assert all(row.tag == f"{SPACE}mtr" and len(row) == 4 for row in table)
    words = [text.replace("\xa0", " ") for text in table.itertext()]
    assert "the function" in words
