"""A file carried out: every statement is, and an error costs only its own.

What comes of a statement is put together here and written by the caller, so that the same is done
in this process and in another.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

from matdiff.cli.deadline import deadline
from matdiff.cli.failures import failure
from matdiff.cli.printing import Told, View, told, told_error, told_warnings
from matdiff.documents.formats import statements_of
from matdiff.documents.marked import Statement
from matdiff.documents.places import Origin
from matdiff.documents.sources import STANDARD_INPUT, read_source
from matdiff.documents.statements import Document
from matdiff.errors import LimitReached, MatdiffError
from matdiff.limits import FILE_SECONDS
from matdiff.operations.algebra import forget_expressions
from matdiff.session import Answer
from matdiff.settings import Settings


class Batch:
    """How files are carried out: with which settings, and how it is shown."""

    __slots__ = ("_held", "settings", "view")

    def __init__(self, settings: Settings, view: View) -> None:
        self.settings, self.view = settings, view
        self._held: str | MatdiffError | None = None

    def hold_standard_input(self) -> None:
        """Read standard input now and keep what came, or why nothing did: it comes only once."""
        if self._held is None:
            try:
                self._held = read_source(STANDARD_INPUT)
            except MatdiffError as problem:
                self._held = problem

    def _text(self, path: str) -> str:
        if path != STANDARD_INPUT:
            return read_source(path)
        self.hold_standard_input()
        if isinstance(self._held, str):
            return self._held
        assert self._held is not None
        raise self._held

    def file(self, path: str) -> Iterator[Told]:
        """What each statement of a file gave, in order."""
        name = "standard input" if path == STANDARD_INPUT else path
        try:
            origin = Origin(name, self._text(path), is_file=True)
        except MatdiffError as problem:
            yield told_error(problem, self.view, Origin(name, "", line=0, is_file=True))
            return
        for each in self._statements(origin):
            each.file = name
            yield each

    def _statements(self, origin: Origin) -> Iterator[Told]:
        forget_expressions()  # a document is a namespace of its own: nothing of the last is kept
        document = Document(self.settings)
        end = time.monotonic() + FILE_SECONDS
        try:
            statements = statements_of(origin.name, origin.text)
        except MatdiffError as problem:
            yield told_error(problem, self.view, origin.at(0, 0))
            return
        for statement in statements:
            place = origin.of(statement)
            if time.monotonic() > end:
                limit = f"the file took longer than the time limit of {FILE_SECONDS} s"
                late = LimitReached(f"{limit}; the rest of it was not read", code="MX511")
                yield told_error(late, self.view, place)
                return
            yield self.statement(document, place, statement)

    def statement(self, document: Document, place: Origin, statement: Statement) -> Told:
        """What a statement gives, or why it cannot be carried out."""
        try:
            with deadline():
                answer = document.carry_out(statement)
                if isinstance(answer, Answer):
                    return told(answer, self.view, place)
                return told_warnings(answer, self.view, place)
        except MatdiffError as problem:
            return told_error(problem.located(None, statement.text), self.view, place)
        except Exception as bug:
            if "MATDIFF_TRACEBACK" in os.environ:
                raise
            return told_error(failure(bug), self.view, place)
