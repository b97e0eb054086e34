"""Where something stands in a text, and how it is shown without trusting it.

An error carries offsets into the statement it was found in; a person wants file, line and column
and the line with a caret.  Everything quoted from the input is made visible first: control
characters, bidirectional overrides and bytes that are no text never reach a terminal or a log.
"""

from __future__ import annotations

from typing import Any

from matdiff.errors import MatdiffError

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


def _escaped(code: int) -> str:
    if 0xDC80 <= code <= 0xDCFF:  # a byte of a file name that is not UTF-8
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


class Origin:
    """A text and what to call it: a file, or an argument of the command.

    `line` and `column` say where the statement at hand begins in `text`, both from 1; line 0 is
    the file as a whole.
    """

    __slots__ = ("column", "is_file", "line", "name", "text")

    def __init__(
        self, name: str, text: str, *, line: int = 1, column: int = 1, is_file: bool = False
    ) -> None:
        self.name, self.text = name, text
        self.line, self.column, self.is_file = line, column, is_file

    def at(self, line: int, column: int) -> Origin:
        """The same text, for a statement that begins elsewhere."""
        return Origin(self.name, self.text, line=line, column=column, is_file=self.is_file)

    def place(self, error: MatdiffError) -> tuple[int, int] | None:
        """Line and column of an error, from 1; None if the error has no place."""
        if error.span is None:
            return None
        statement = self.text if error.text is None else error.text
        start = min(error.span[0], len(statement))
        breaks = statement.count("\n", 0, start)
        if breaks:
            return self.line + breaks, start - statement.rfind("\n", 0, start)
        return self.line, self.column + start


class Refused(Exception):
    """An error together with the text it is in."""

    def __init__(self, error: MatdiffError, origin: Origin) -> None:
        super().__init__(error.message)
        self.error, self.origin = error, origin


def report(error: MatdiffError, origin: Origin | None) -> str:
    """The message as people read it: place, code, what, the line with a caret, a way out."""
    place = origin.place(error) if origin is not None else None
    message = shortened(error.message).split("\n")
    if origin is None:
        head = "matdiff"
    elif place is None:
        head = visible(origin.name) + (f":{origin.line}" if origin.is_file and origin.line else "")
    else:
        head = f"{visible(origin.name)}:{place[0]}:{place[1]}"
    lines = [f"{head}: {error.code} {visible(message[0])}"]
    # a message of several lines stays behind a margin, where no log takes a line for a command
    lines.extend(f"  | {visible(part)}" for part in message[1:])
    if origin is not None and place is not None and error.span is not None:
        lines.extend(_excerpt(origin.text, *place, error.span[1] - error.span[0]))
    if error.hint:
        lines.append(f"  hint: {visible(shortened(error.hint))}")
    return "\n".join(lines)


def shortened(text: str) -> str:
    """The text, cut in the middle if it is far too long to be read."""
    if len(text) <= LONGEST_MESSAGE:
        return text
    half = LONGEST_MESSAGE // 2
    return f"{text[:half]} … {text[-half:]}"


def _excerpt(text: str, line: int, column: int, width: int) -> list[str]:
    lines = text.split("\n")
    if not 1 <= line <= len(lines):
        return []
    quoted, start = lines[line - 1], column - 1
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
    """The error as JSON has it: {"error": {…}, "file": …, "line": …, "column": …}."""
    place = origin.place(error) if origin is not None else None
    file = visible(origin.name) if origin is not None and origin.is_file else None
    line, column = place if place is not None else (None, None)
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
    }
