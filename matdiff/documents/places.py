"""Where something stands in a text, and how it is shown without trusting it.

An error carries offsets into the statement it was found in; a person wants file, line and column
and the line with a caret.  Everything quoted from the input is made visible first: control
characters, bidirectional overrides and bytes that are no text never reach a terminal or a log.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from matdiff.errors import MatdiffError

if TYPE_CHECKING:
    from matdiff.documents.marked import Statement

WIDEST_EXCERPT = 100  # columns of a quoted line; the rest is cut off around the caret
LONGEST_MESSAGE = 1000


def visible(text: str) -> str:
    r"""The text with every character that does not print written out.

    >>> print(visible("a\x1b[2J"))
    a\x1b[2J
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else _escaped(ord(c)) for c in text)


_COMMAND, _TAG = re.compile(r"^(\s*):(?=:)", re.MULTILINE), re.compile(r"<(?=[A-Za-z/!?])")


def inert(text: str) -> str:
    """Text that acts on nothing that may show a log.

    No line is a command to the runner of a build server: those begin with `::`, or have `##[`
    anywhere.  And nothing is a tag, should a page show the log as it stands.

    >>> print(inert("::error::x ##[error] <script>"))
    : :error::x # #[error] < script>
    """
    if "<" in text:
        text = _TAG.sub("< ", text)
    return _COMMAND.sub(r"\1: ", text).replace("##[", "# #[")


def inert_json(text: str) -> str:
    r"""The same for JSON, whose strings stay what they are.

    >>> print(inert_json('["##[error] <script>"]'))
    ["#\u0023[error] \u003cscript>"]
    """
    return _TAG.sub(r"\\u003c", text).replace("##[", r"#\u0023[")


def _escaped(code: int) -> str:
    if 0xDC80 <= code <= 0xDCFF:  # a byte of a file name that is not UTF-8
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


class Place:
    """Where a character of a statement stands, and those after it up to the next place.

    `offset` is the character's in the statement, `line` the line of the file.  In a notebook `cell`
    is set, `cell_line` is the line of the cell, and `column` counts there, as an editor shows it.
    """

    __slots__ = ("cell", "cell_line", "column", "line", "offset")

    def __init__(
        self,
        offset: int,
        line: int,
        column: int,
        cell: int | None = None,
        cell_line: int | None = None,
    ) -> None:
        self.offset, self.line, self.column = offset, line, column
        self.cell, self.cell_line = cell, cell_line

    def moved(self, columns: int) -> Place:
        """The place that many characters on, in the same line."""
        return Place(
            self.offset + columns, self.line, self.column + columns, self.cell, self.cell_line
        )


class Origin:
    """A text and what to call it: a file, or an argument of the command.

    `line` and `column` say where the statement at hand begins in `text`, both from 1; line 0 is
    the file as a whole.  A statement of a document knows the place of each of its parts itself.
    """

    __slots__ = ("column", "is_file", "line", "name", "statement", "text")

    def __init__(
        self, name: str, text: str, *, line: int = 1, column: int = 1, is_file: bool = False
    ) -> None:
        self.name, self.text = name, text
        self.line, self.column, self.is_file = line, column, is_file
        self.statement: Statement | None = None

    def at(self, line: int, column: int) -> Origin:
        """The same text, for a statement that begins elsewhere."""
        return Origin(self.name, self.text, line=line, column=column, is_file=self.is_file)

    def of(self, statement: Statement) -> Origin:
        """The same file, for one of its statements."""
        origin = self.at(statement.line, statement.column)
        origin.statement = statement
        return origin

    @property
    def shown(self) -> str:
        """Name and line as people read them: notes.md:7, logistic.ipynb:cell 3:7."""
        begin = None if self.statement is None else self.statement.places[0]
        return f"{_named(self.name)}:{_line(begin) if begin else self.line}"

    def place(self, error: MatdiffError) -> Place | None:
        """Where the error is; None if it has no place."""
        if error.span is None:
            return None
        if self.statement is not None:
            return self.statement.place(min(error.span[0], len(self.statement.text)))
        statement = self.text if error.text is None else error.text
        start = min(error.span[0], len(statement))
        breaks = statement.count("\n", 0, start)
        if breaks:
            return Place(start, self.line + breaks, start - statement.rfind("\n", 0, start))
        return Place(start, self.line, self.column + start)

    def quoted(self, place: Place) -> tuple[str, int]:
        """The line to quote for a place, which is a cell's in a notebook, and its number."""
        text, number = self.text, place.line
        if place.cell_line is not None and self.statement is not None:
            text, number = self.statement.source or "", place.cell_line
        lines = text.split("\n", number)
        return (lines[number - 1] if 1 <= number <= len(lines) else ""), number


def _line(place: Place) -> str:
    return str(place.line) if place.cell is None else f"cell {place.cell}:{place.cell_line}"


class Refused(Exception):
    """An error together with the text it is in."""

    def __init__(self, error: MatdiffError, origin: Origin) -> None:
        super().__init__(error.message)
        self.error, self.origin = error, origin


def _named(name: str) -> str:
    return visible(name) or "''"


def report(error: MatdiffError, origin: Origin | None) -> str:
    """The message as people read it: place, code, what, the line with a caret, a way out."""
    place = origin.place(error) if origin is not None else None
    message = shortened(error.message).split("\n")
    if origin is None:
        head = "matdiff"
    elif place is None:
        head = origin.shown if origin.is_file and origin.line else _named(origin.name)
    else:
        head = f"{_named(origin.name)}:{_line(place)}:{place.column}"
    lines = [f"{head}: {error.code} {visible(message[0])}"]
    # a message of several lines stays behind a margin, where no log takes a line for a command
    lines.extend(f"  | {visible(part)}" for part in message[1:])
    if origin is not None and place is not None and error.span is not None:
        lines.extend(_excerpt(*origin.quoted(place), place.column, error.span[1] - error.span[0]))
    if error.hint:
        lines.append(f"  hint: {visible(shortened(error.hint))}")
    return "\n".join(lines)


def shortened(text: str) -> str:
    """The text, cut in the middle if it is far too long to be read."""
    if len(text) <= LONGEST_MESSAGE:
        return text
    half = LONGEST_MESSAGE // 2
    return f"{text[:half]} … {text[-half:]}"


def _excerpt(quoted: str, line: int, column: int, width: int) -> list[str]:
    start = column - 1
    if len(quoted) > WIDEST_EXCERPT:
        begin = max(0, min(start - WIDEST_EXCERPT // 2, len(quoted) - WIDEST_EXCERPT))
        end = begin + WIDEST_EXCERPT
        before, after = "…" if begin else "", "…" if end < len(quoted) else ""
        quoted, start = before + quoted[begin:end] + after, start - begin + len(before)
    quoted = quoted.replace("\t", " ")
    margin = len(visible(quoted[:start]))
    marked = len(visible(quoted[start : start + max(1, width)]))
    number = f"{line:>3}"
    return [
        f"{number} | {visible(quoted)}",
        f"{' ' * len(number)} | {' ' * margin}{'^' * max(1, marked)}",
    ]


def error_record(error: MatdiffError, origin: Origin | None) -> dict[str, Any]:
    """The error as JSON has it: {"error": {…}, "file": …, "line": …, "column": …}.

    In a notebook, `cell` and `cell_line` follow.
    """
    place = origin.place(error) if origin is not None else None
    file = visible(origin.name) if origin is not None and origin.is_file else None
    line, column = (place.line, place.column) if place is not None else (None, None)
    if line is None and file is not None and origin is not None:
        line = origin.line or None
    return {
        "error": {
            "code": error.code,
            "kind": error.kind,
            "message": shortened(error.message),
            "hint": error.hint,
        },
        "file": file,
        "line": line,
        "column": column,
        **cell_record(origin, place),
    }


def cell_record(origin: Origin | None, place: Place | None = None) -> dict[str, int | None]:
    """Cell and line in it, of the place or of the statement at hand; nothing outside a notebook."""
    if place is None and origin is not None and origin.statement is not None:
        place = origin.statement.places[0]
    if place is None or place.cell is None:
        return {}
    return {"cell": place.cell, "cell_line": place.cell_line}
