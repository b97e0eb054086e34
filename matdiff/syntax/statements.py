"""A .mx file as statements: line oriented, with the place of each kept.

A statement ends with its line unless a bracket is open or the next line is indented deeper than the
statement's first.  A line at the margin that plainly begins a statement ends an open bracket all
the same, so that one forgotten bracket costs one statement and not the rest of the file.
"""

from __future__ import annotations

import re

from matdiff.syntax import limits

_BEGINS_STATEMENT = (
    r"(?:gradient|grad|jacobian|jac|hessian|hess|differential|diff|shape|check)[ \t]+[^\s=:∈]"
    r"|[^\W\d]\w*[ \t]*(?:=(?!=)|:|∈)"
)
_BLANKS = " \t"


def split_statements(text: str) -> list[tuple[int, int, str]]:
    """The statements of a file as (line, column, text), both counted from 1.

    The text of a statement is the file's own from its first to its last sign, comments turned into
    blanks: an offset in it is one in the file, counted from where the statement begins.  Line ends
    may be LF or CRLF.  Raises LimitReached (MX507) for more statements than a file may have.

    >>> split_statements("x : n  # a vector\\ngradient x'x\\n  wrt x")
    [(1, 1, 'x : n'), (2, 1, "gradient x'x\\n  wrt x")]
    """
    statements: list[tuple[int, int, str]] = []
    lines: list[str] = []  # of the statement in hand
    first = indent = depth = 0

    def finish() -> None:
        if lines:
            body = "\n".join(lines).rstrip()
            statements.append((first, indent + 1, body[indent:]))
            lines.clear()
        limits.refuse_many_statements(len(statements))

    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        code = line.partition("#")[0]
        bare = code.strip(_BLANKS + "\r")
        margin = len(code) - len(code.lstrip(_BLANKS))
        if not bare:
            if code == line and depth == 0:
                finish()
            elif lines:
                lines.append(" " * len(line))
            continue
        begins = margin <= indent and re.match(_BEGINS_STATEMENT, bare)
        if begins or (depth == 0 and margin <= indent) or not lines:
            finish()
            first, indent, depth = number, margin, 0
        lines.append(code.ljust(len(line)))
        depth = max(0, depth + _opened(bare))
    finish()
    return statements


def _opened(code: str) -> int:
    """How many more brackets the line opens than it closes."""
    return sum(map(code.count, "([{")) - sum(map(code.count, ")]}"))
