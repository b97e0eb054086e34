"""The kinds of document, by the ends of their names, and how each is read into statements."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

from matdiff.documents.latex import marked_statements
from matdiff.documents.markdown import UNREAD, fences_and_near_misses
from matdiff.documents.marked import NEXT, Line, Statement, statements_in, with_warnings
from matdiff.documents.notebooks import notebook_statements
from matdiff.errors import UsageProblem


def statements_of(name: str, text: str) -> list[Statement]:
    """The statements of a document, which is a .mx file unless its name says otherwise.

    Raises FileProblem or LimitReached for what cannot be read as such a document at all; what is
    wrong with one statement is said when that statement is carried out.

    >>> [(s.line, s.text) for s in statements_of("notes.md", "A note.\\n~~~matdiff\\nx : n\\n~~~")]
    [(3, 'x : n')]
    """
    statements = _READERS.get(PurePath(name).suffix.lower(), _plain)(text)
    for statement in statements:
        if statement.problem is None and (asked := NEXT.search(statement.text)):
            statement.problem = UsageProblem(
                "@next is the next displayed equation of a LaTeX document",
                hint="write the formula that is claimed after ==",
                span=asked.span(1),
                code="MX626",
            ).located(None, statement.text)
    return statements


def _plain(text: str) -> list[Statement]:
    return statements_in([[Line(line, n) for n, line in enumerate(text.split("\n"), start=1)]])


def _markdown(text: str) -> list[Statement]:
    found, near = fences_and_near_misses(text)
    return with_warnings(statements_in(found), near, UNREAD)


_READERS: dict[str, Callable[[str], list[Statement]]] = {
    ".md": _markdown,
    ".markdown": _markdown,
    ".tex": marked_statements,
    ".ipynb": notebook_statements,
}
