"""Formulas of papers and textbooks as they are pasted: read as what they mean, or refused with a
message that says what to write instead."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from matdiff.errors import MatdiffError
from matdiff.normal import normalise
from matdiff.session import Session
from matdiff.settings import Settings
from matdiff.shapes import Reading

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
Entry = dict[str, Any]


def entries(name: str) -> list[Entry]:
    lines = (CORPUS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def reading(formula: str, declarations: str, *, latex: bool) -> Reading:
    session = Session()
    if declarations:
        session.declare(declarations)
    return session.shape(session.parse(formula, latex=latex), Settings()).reading


@pytest.mark.parametrize("entry", entries("latex_papers"), ids=lambda entry: entry["source"])
def test_a_formula_is_read_as_its_meaning(entry: Entry) -> None:
    found = reading(entry["latex"], entry["declared"], latex=True)
    meant = reading(entry["expr"], entry["declared"], latex=False)
    assert normalise(found.expression) is normalise(meant.expression)
    assert not found.inferred
    assert found.warnings == entry.get("notes", [])


@pytest.mark.parametrize("entry", entries("latex_refused"), ids=lambda entry: entry["latex"])
def test_what_is_not_read_says_what_to_write(entry: Entry) -> None:
    with pytest.raises(MatdiffError) as caught:
        reading(entry["latex"], entry["declared"], latex=True)
    error = caught.value
    assert error.code == entry["code"]
    assert entry["said"] in error.message
    assert entry["hint"] in (error.hint or "")
    assert error.span is not None
    assert 0 <= error.span[0] < error.span[1] <= len(entry["latex"])
