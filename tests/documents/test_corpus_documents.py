"""The documents of the corpus: exactly what is marked is found, where it stands, and judged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from documented import EXPECTED, expected

from matdiff.documents.formats import statements_of
from matdiff.documents.marked import Statement
from matdiff.documents.sources import files_under, read_source
from matdiff.documents.statements import Document
from matdiff.errors import UsageProblem
from matdiff.session import Answer
from matdiff.settings import Settings

REFUSED = {"lecture-3.expected.json": 1}  # a claim `as entries`, at most

documents = pytest.mark.parametrize("path", EXPECTED, ids=lambda path: path.name.split(".")[0])


def files(path: Path) -> list[str]:
    return files_under(str(path).removesuffix(".expected.json"))


def claimed(statement: Statement) -> bool:
    return "==" in statement.text


def place(statement: Statement, name: str | None) -> dict[str, Any]:
    """The place of a claim as the corpus writes it."""
    found: dict[str, Any] = {"file": name, "line": statement.line}
    found["claim_line"] = statement.claim.line if statement.claim else None
    found |= {"cell": statement.cell, "cell_line": statement.cell_line}
    return {key: value for key, value in found.items() if value is not None}


@documents
def test_what_is_marked_is_found_where_it_stands(path: Path) -> None:
    found = []
    for file in files(path):
        folder = Path(str(path).removesuffix(".expected.json"))
        name = Path(file).relative_to(folder).as_posix() if folder.is_dir() else None
        statements = statements_of(file, read_source(file))
        found += [place(s, name) for s in statements if claimed(s)]
    wanted = [{k: v for k, v in o.items() if k not in ("verdict", "why")} for o in expected(path)]
    assert found == wanted


@documents
def test_what_is_marked_is_judged_rightly(path: Path) -> None:
    verdicts = []
    for file in files(path):
        document = Document(Settings(seed=1))
        for statement in statements_of(file, read_source(file)):
            verdict = verdict_on(statement, document)
            if claimed(statement):
                verdicts.append(verdict)
    wanted = [claim["verdict"] for claim in expected(path)]
    assert len(verdicts) == len(wanted)
    assert [v or w for v, w in zip(verdicts, wanted, strict=True)] == wanted
    assert verdicts.count("") <= REFUSED.get(path.name, 0)


def verdict_on(statement: Statement, document: Document) -> str:
    """The verdict on a claim as the corpus has it; nothing for what is no claim or is refused."""
    try:
        answer = document.carry_out(statement)
    except UsageProblem:
        return ""
    if not isinstance(answer, Answer) or answer.claim is None:
        return ""
    outcome = answer.claim.verdict.outcome
    return "right" if outcome in ("proved", "agrees") else outcome
