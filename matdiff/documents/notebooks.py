"""The marked statements of a Jupyter notebook (nbformat 4).

Statements stand in the fences of its Markdown cells, and in the code cells that begin with
`%%matdiff`.  Each has its cell, its line in the cell, and its line in the file.
"""

from __future__ import annotations

import json
import re
from sys import getrecursionlimit
from typing import Any

from matdiff.documents.json_strings import Strings, strings_of
from matdiff.documents.markdown import fences
from matdiff.documents.marked import Line, Passage, Statement, statements_in
from matdiff.errors import FileProblem, LimitReached
from matdiff.syntax import limits

MAGIC = "%%matdiff"
FRESH = "--fresh"
_MAGIC = re.compile(rf"\s*{MAGIC}(?P<options>(?:[ \t][^\n]*)?)(?:\n|$)")


def notebook_statements(text: str) -> list[Statement]:
    """The statements of all cells, in order.

    Raises FileProblem for what is no notebook of nbformat 4, LimitReached for JSON that is nested
    too deep.
    """
    cells = _cells(text)
    strings = strings_of(text)
    statements: list[Statement] = []
    for number, cell in enumerate(cells, start=1):
        source = _source(cell, number)
        if "matdiff" not in source:
            continue
        starts = _json_lines(cell["source"], number, strings)
        found = _statements_of_cell(cell["cell_type"], source, number, starts)
        for statement in found:
            statement.source = source
        statements += found
        limits.refuse_many_statements(len(statements))
    return statements


def _cells(text: str) -> list[dict[str, Any]]:
    try:
        notebook = json.loads(text)
    except RecursionError:
        raise LimitReached(
            f"the notebook's JSON is nested deeper than {getrecursionlimit()}, the limit",
            code="MX533",
        ) from None
    except ValueError as problem:  # also a whole number of too many digits
        raise FileProblem(f"not a notebook, its JSON is broken: {problem}", code="MX655") from None
    if not isinstance(notebook, dict) or not isinstance(notebook.get("nbformat"), int):
        raise FileProblem("not a notebook: the JSON has no nbformat", code="MX656")
    version = notebook["nbformat"]
    if version != 4:
        raise FileProblem(
            f"a notebook of nbformat {version}; nbformat 4 is read",
            hint="`jupyter nbconvert --to notebook` converts older ones" if version < 4 else None,
            code="MX657",
        )
    cells = notebook.get("cells")
    if not isinstance(cells, list):
        raise FileProblem("not a notebook: it has no list of cells", code="MX656")
    for number, cell in enumerate(cells, start=1):
        if not isinstance(cell, dict) or not isinstance(cell.get("cell_type"), str):
            raise FileProblem(f"not a notebook: cell {number} has no type", code="MX656")
    return cells


def _source(cell: dict[str, Any], number: int) -> str:
    source = cell.get("source", "")
    parts = source if isinstance(source, list) else [source]
    if not all(isinstance(part, str) for part in parts):
        raise FileProblem(f"not a notebook: the source of cell {number} is no text", code="MX656")
    return "".join(parts).replace("\r\n", "\n")


def _statements_of_cell(kind: str, source: str, cell: int, starts: list[int]) -> list[Statement]:
    if kind == "markdown":
        return statements_in(_placed(fence, cell, starts) for fence in fences(source))
    found = _MAGIC.match(source) if kind == "code" else None
    if found is None:
        return []
    first = source.count("\n", 0, found.end()) + 1
    lines = source[found.end() :].split("\n")
    passage = [Line(line, number) for number, line in enumerate(lines, start=first)]
    statements = statements_in([_placed(passage, cell, starts)])
    if statements:
        statements[0].fresh = FRESH in found["options"].split()
    return statements


def _placed(passage: Passage, cell: int, starts: list[int]) -> Passage:
    return [
        Line(line.text, line.line, line.column, cell=cell, json_line=starts[line.line - 1])
        for line in passage
    ]


def _json_lines(source: str | list[str], cell: int, strings: Strings) -> list[int]:
    """The line of the file where each line of a cell begins."""
    path: tuple[str | int, ...] = ("cells", cell - 1, "source")
    parts = source if isinstance(source, list) else [source]
    lines: list[int] = []
    begins = True  # whether a line of the cell begins with the next character
    at = 1
    for index, part in enumerate(parts):
        at = strings[(*path, index) if isinstance(source, list) else path]
        breaks = part.count("\n")
        if begins and part:
            lines.append(at)
        lines.extend([at] * (breaks - part.endswith("\n")))
        if part:
            begins = part.endswith("\n")
    return [*lines, at]
