"""Statements of a document, each with its place in the file it stands in.

Whatever the document (a .mx file, the fences of a Markdown file, the marks of a LaTeX file, the
cells of a notebook), its statements come as passages: lines of the language, each with its place.
A statement never goes on from one passage to the next.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable

from matdiff.documents.places import Place
from matdiff.errors import MatdiffError
from matdiff.syntax import limits, split_statements

LONGEST_QUOTE = 60
# matdiff as it may be misspelled
MISSPELLED = re.compile(r"mat[ _-]?dif+", re.IGNORECASE)
NEXT = re.compile(r"==\s*(@next)(?![A-Za-z0-9_])")  # the claim that stands elsewhere


class Line:
    """A line of the language, and where its first character stands in the file, from 1.

    In a notebook `line` and `column` count in the cell; `cell` and `json_line`, both from 1, say
    which cell that is and where the line is in the file.
    """

    __slots__ = ("cell", "column", "json_line", "line", "text")

    def __init__(
        self,
        text: str,
        line: int,
        column: int = 1,
        *,
        cell: int | None = None,
        json_line: int | None = None,
    ) -> None:
        self.text, self.line, self.column = text, line, column
        self.cell, self.json_line = cell, json_line


Passage = list[Line]


class Claim:
    """A claimed formula that stands elsewhere in the document: its LaTeX and its place.

    `latex` is the document's own text, with everything that is no part of the formula blanked.
    """

    __slots__ = ("column", "latex", "line")

    def __init__(self, latex: str, line: int, column: int) -> None:
        self.latex, self.line, self.column = latex, line, column


class Statement:
    """One statement of a document.

    text      the statement in the language; a formula of a LaTeX document stands between dollars
    places    where the text stands in the file, in the order of their offsets
    claim     the claimed formula, if it is the document's next displayed equation
    macros    the document's definitions of LaTeX commands that are in force, as it has them
    problem   why the statement cannot be carried out, if that is already known
    warning   what is to be said in place of a statement: of what only looks like a mark
    fresh     whether it begins a new namespace (`%%matdiff --fresh`)
    source    the source of the notebook's cell that it stands in
    """

    __slots__ = ("claim", "fresh", "macros", "places", "problem", "source", "text", "warning")

    def __init__(
        self,
        text: str,
        places: list[Place],
        *,
        claim: Claim | None = None,
        macros: str = "",
        problem: MatdiffError | None = None,
    ) -> None:
        self.text, self.places = text, places
        self.claim, self.macros, self.problem = claim, macros, problem
        self.fresh = False
        self.source: str | None = None
        self.warning: str | None = None

    @property
    def line(self) -> int:
        """The line of the file where the statement begins."""
        return self.places[0].line

    @property
    def column(self) -> int:
        """The column where the statement begins; in a notebook that of the cell."""
        return self.places[0].column

    @property
    def cell(self) -> int | None:
        """The notebook's cell, from 1, all cells counted."""
        return self.places[0].cell

    @property
    def cell_line(self) -> int | None:
        """The line of the cell where the statement begins."""
        return self.places[0].cell_line

    def place(self, offset: int) -> Place:
        """Where the character at the offset stands."""
        index = bisect_right(self.places, offset, key=lambda place: place.offset) - 1
        return self.places[index].moved(offset - self.places[index].offset)


def statements_in(passages: Iterable[Passage]) -> list[Statement]:
    """The statements of the passages, in order.

    Raises LimitReached (MX507) for more statements than a document may have.

    >>> [(s.line, s.column, s.text) for s in statements_in([[Line("x : n  # a vector", 7, 3)]])]
    [(7, 3, 'x : n')]
    """
    statements: list[Statement] = []
    for passage in passages:
        for first, column, text in split_statements("\n".join(line.text for line in passage)):
            statements.append(Statement(text, _places(passage, first - 1, column - 1, text)))
        limits.refuse_many_statements(len(statements))
    return statements


def with_warnings(statements: list[Statement], near: Iterable[Line], said: str) -> list[Statement]:
    """The statements and, where it stands, a warning about each line that only looks like a mark.

    `said` is the sentence, with {} for the line.
    """
    found = list(statements)
    for line in near:
        warned = Statement("", _places([line], 0, 0, ""))
        warned.warning = said.format(line.text.strip()[:LONGEST_QUOTE])
        found.append(warned)
        limits.refuse_many_statements(len(found))
    if len(found) > len(statements):
        found.sort(key=lambda statement: statement.cell_line or statement.line)
    return found


def _places(passage: Passage, first: int, indent: int, text: str) -> list[Place]:
    """The place of each line of a statement that begins in passage[first] after `indent` signs."""
    places: list[Place] = []
    offset = -indent
    for line, written in zip(passage[first:], text.split("\n"), strict=False):
        begin = max(0, offset)
        if line.json_line is None:
            place = Place(begin, line.line, line.column)
        else:
            place = Place(begin, line.json_line, line.column, line.cell, line.line)
        place.column += begin - offset
        places.append(place)
        offset = begin + len(written) + 1
    return places
