"""Documents for tests: those of the corpus, and what holds for the statements of every document."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from matdiff.documents.marked import Statement

CORPUS = Path(__file__).parent / "documents" / "corpus"
EXPECTED = sorted(CORPUS.glob("*.expected.json"))


def expected(path: Path) -> list[dict[str, Any]]:
    """The claims of a document, in order."""
    objects: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return objects


def check_places(text: str, statements: list[Statement]) -> None:
    """Each sign of a statement is the one that stands at its place in the text.

    Blanks are left out, since comments have become blanks, and so are the dollars around a claim.
    """
    lines = text.split("\n")
    for statement in statements:
        for offset, sign in enumerate(statement.text):
            if sign.isspace() or (sign == "$" and statement.claim is not None):
                continue
            place = statement.place(offset)
            assert lines[place.line - 1][place.column - 1] == sign, (statement.text, offset)
