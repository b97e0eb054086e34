r"""The marked statements of a LaTeX document.

A mark is a comment `% matdiff: …`; marks in lines of their own, one below the other, are read as
lines of a .mx file.  The claim `@next` is the right-hand side of the next displayed equation: of
the first row that begins after the mark.  It is put into the statement between dollars, as LaTeX
stands in any statement; the places say where each part comes from.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from matdiff.documents.latex_equations import Row, Side, right_hand_sides, rows_of
from matdiff.documents.latex_scan import Display, Mark, Scan
from matdiff.documents.latex_signs import DerivativeSigns
from matdiff.documents.marked import (
    NEXT,
    Claim,
    Line,
    Passage,
    Statement,
    statements_in,
    with_warnings,
)
from matdiff.documents.places import Place
from matdiff.errors import LimitReached, UsageProblem
from matdiff.syntax import limits

CLAIMED = 4 << 20  # characters of all claims together, which may share an equation
_UNREAD = "`{}` is not read: a mark begins with `% matdiff:`"


def marked_statements(text: str) -> list[Statement]:
    r"""The statements in the order of their marks, one for each right-hand side that is claimed.

    >>> document = "% matdiff: check x'x wrt x == @next\n\\[ \\nabla f = 2x . \\]"
    >>> [(s.line, s.text, s.claim.line) for s in marked_statements(document)]
    [(1, "check x'x wrt x == $2x$", 2)]
    """
    scan, lines = Scan(text), _Lines(text)
    near = (Line(text[m.start : m.end], *lines.place(m.start)) for m in scan.near)
    statements = with_warnings(statements_in(_passages(scan.marks, lines)), near, _UNREAD)
    asking = [lines.offset(s.places[-1]) for s in statements if NEXT.search(s.text)]
    equations = _Equations(scan, asking) if asking else None
    found: list[Statement] = []
    claimed = 0
    for statement in statements:
        asked = NEXT.search(statement.text)
        if asked is None or equations is None:
            found.append(statement)
            continue
        for with_claim in _with_claims(statement, asked.span(1), equations, lines):
            found.append(with_claim)
            claimed += len(with_claim.text)
        limits.refuse_many_statements(len(found))
        if claimed > CLAIMED:
            raise LimitReached(
                f"the claims have more than {CLAIMED} characters, the limit of one document",
                code="MX532",
            )
    return found


class _Lines:
    """The lines of a text: from offsets to places, from 1, and back."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def offset(self, place: Place) -> int:
        return self.starts[place.line - 1] + place.column - 1


def _passages(marks: list[Mark], lines: _Lines) -> list[Passage]:
    """The marks, those in lines of their own that follow one another as one passage."""
    passages: list[Passage] = []
    for mark in marks:
        number, column = lines.place(mark.text_start)
        line = Line(lines.text[mark.text_start : mark.end], number, column)
        alone = lines.text[lines.starts[number - 1] : mark.start].strip() == ""
        if passages and alone and passages[-1][-1].line == number - 1:
            passages[-1].append(line)
        else:
            passages.append([line])
    return passages


class _Equations:
    """The displayed equations of a document, to be found by the marks before them."""

    def __init__(self, scan: Scan, asking: list[int]) -> None:
        self._scan, self._asking = scan, asking
        self._signs = DerivativeSigns(scan.definitions)
        self._rows: list[tuple[Display, Row]] = []
        for display in scan.displays:
            self._rows.extend((display, row) for row in rows_of(scan, display))
        self._starts = [row.start for _, row in self._rows]
        self._found: dict[int, list[Side]] = {}  # by the index of the first row
        self._macros, self._defined = "", 0

    def after(self, mark: int) -> list[Side]:
        """The right-hand sides of the equation after a mark; UsageProblem if there are none."""
        index = bisect_right(self._starts, mark)
        if index == len(self._rows):
            raise UsageProblem("no displayed equation follows", code="MX621")
        if not self._rows[index][0].closed:
            raise UsageProblem("the displayed equation that follows is not closed", code="MX622")
        if index not in self._found:
            signs = self._signs.at(self._starts[index])
            self._found[index] = right_hand_sides(self._scan, self._from(index), signs)
        if not self._found[index]:
            raise UsageProblem(
                "the displayed equation that follows has no right-hand side: no = outside brackets",
                code="MX623",
            )
        return self._found[index]

    def _from(self, index: int) -> list[Row]:
        """The row and those that continue it, up to one that has a mark of its own."""
        display, first = self._rows[index]
        rows = [first]
        for other, row in self._rows[index + 1 :]:
            marks = bisect_left(self._asking, rows[-1].start), bisect_left(self._asking, row.start)
            if other is not display or not row.continues or marks[0] < marks[1]:
                break
            rows.append(row)
        return rows

    def macros(self, offset: int) -> str:
        """The definitions in force at the offset."""
        definitions = self._scan.definitions
        count = bisect_right(definitions, offset, key=lambda definition: definition[0])
        if count != self._defined:
            self._defined = count
            self._macros = "\n".join(source for _, source in definitions[:count])
        return self._macros


def _with_claims(
    statement: Statement, asked: tuple[int, int], equations: _Equations, lines: _Lines
) -> list[Statement]:
    """The statement once for each claim, or once with the reason why there is none."""
    try:
        sides = equations.after(lines.offset(statement.places[-1]))
    except UsageProblem as problem:
        statement.problem = problem.located(asked, statement.text)
        return [statement]
    found: list[Statement] = []
    for side in sides:
        claim = Claim(side.latex, *lines.place(side.start))
        with_claim = _with_claim(statement, asked, claim)
        with_claim.macros = equations.macros(side.start)
        found.append(with_claim)
    return found


def _with_claim(statement: Statement, asked: tuple[int, int], claim: Claim) -> Statement:
    """The statement with the claim between dollars in the place of `@next`."""
    start, end = asked
    latex = claim.latex
    text = f"{statement.text[:start]}${latex}${statement.text[end:]}"
    places = [place for place in statement.places if place.offset < start]
    places.append(statement.place(start))
    places.append(Place(start + 1, claim.line, claim.column))
    for line, newline in enumerate(re.finditer("\n", latex), start=claim.line + 1):
        places.append(Place(start + 1 + newline.end(), line, 1))
    longer = len(text) - len(statement.text)
    for place in (statement.place(end), *statement.places):
        if place.offset >= end:
            places.append(Place(place.offset + longer, place.line, place.column))
    found = Statement(text, places, claim=claim)
    if "$" in latex:
        found.problem = UsageProblem(
            "the right-hand side of the displayed equation that follows has a dollar in it",
            hint="put the remark after a comma, or into \\text with the words around it",
            span=(start + 1 + latex.index("$"), start + 2 + latex.index("$")),
            code="MX624",
        ).located(None, text)
    return found
