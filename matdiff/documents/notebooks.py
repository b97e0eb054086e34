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
from matdiff.documents.markdown import UNREAD, fences_and_near_misses
from matdiff.documents.marked import (
    MISSPELLED,
    Line,
    Passage,
    Statement,
    statements_in,
    with_warnings,
)
from matdiff.errors import FileProblem, LimitReached, UsageProblem
from matdiff.syntax import limits

MAGIC = "%%matdiff"
FRESH = "--fresh"
_NEAR_MAGIC = re.compile(rf"\s*%{{1,2}}[ \t]*{MISSPELLED.pattern}(?=[\s:]|$)", re.IGNORECASE)
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
        if not MISSPELLED.search(source):
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
        notebook = json.loads(text, parse_int=_whole)
    except RecursionError:
        raise LimitReached(
            f"the notebook's JSON is nested deeper than {getrecursionlimit()}, the limit",
            code="MX533",
        ) from None
    except ValueError as problem:
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


def _whole(digits: str) -> int | str:
    """A whole number, of which only that of the format matters: a long one stays text."""
    return int(digits) if len(digits) < 20 else digits


def _source(cell: dict[str, Any], number: int) -> str:
    source = cell.get("source", "")
    parts = source if isinstance(source, list) else [source]
    if not all(isinstance(part, str) for part in parts):
        raise FileProblem(f"not a notebook: the source of cell {number} is no text", code="MX656")
    return "".join(parts).replace("\r\n", "\n")


def _statements_of_cell(kind: str, source: str, cell: int, starts: list[int]) -> list[Statement]:
    if kind == "markdown":
        fences, near = fences_and_near_misses(source)
        passages = [_placed(fence, cell, starts) for fence in fences]
        return with_warnings(statements_in(passages), _placed(near, cell, starts), UNREAD)
    if kind != "code":
        return []
    found = _MAGIC.match(source)
    if found is None:
        other = _NEAR_MAGIC.match(source)
        said = [] if other is None else _placed([_line_of(source, other)], cell, starts)
        return with_warnings([], said, f"`{{}}` is not read: the cell magic is `{MAGIC}`")
    try:
        fresh = takes_options(found["options"].split())
    except UsageProblem as problem:
        (refused,) = with_warnings([], _placed([_line_of(source, found)], cell, starts), "")
        refused.problem, refused.warning = problem, None
        return [refused]
    first = source.count("\n", 0, found.end()) + 1
    lines = source[found.end() :].split("\n")
    passage = [Line(line, number) for number, line in enumerate(lines, start=first)]
    statements = statements_in([_placed(passage, cell, starts)])
    if statements:
        statements[0].fresh = fresh
    return statements


def takes_options(options: list[str]) -> bool:
    """Whether the options of the cell magic ask for a new namespace; UsageProblem for others."""
    for option in options:
        if option != FRESH:
            raise UsageProblem(
                f"{MAGIC} has no option {option}",
                hint=f"{MAGIC} {FRESH} forgets what was declared; statements begin below",
                code="MX625",
            )
    return bool(options)


def _line_of(source: str, magic: re.Match[str]) -> Line:
    """The line in which a magic stands, first in its cell but for blank ones."""
    start = magic.start() + len(magic[0]) - len(magic[0].lstrip())
    return Line(source[start:].partition("\n")[0], source.count("\n", 0, start) + 1)


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
