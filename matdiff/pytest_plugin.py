"""The pytest plugin: claims in documents are tests.

A file is collected if it is named on the command line, or fits one of the patterns of the ini
option `matdiff_files`, by default `*.mx`.  Each claim is a test, and so is each statement that
cannot be read; a question without a claim is none.  A claim that is wrong or inconclusive fails,
with the verdict for its message.

Only this module needs pytest, and only pytest imports it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from matdiff.cli.batch import Batch
    from matdiff.cli.printing import Told
    from matdiff.documents.marked import Statement
    from matdiff.documents.statements import Document

ENDINGS = (".mx", ".md", ".markdown", ".tex", ".ipynb")
_WIDEST_NAME = 100  # signs of a statement in the name of its test


def pytest_addoption(parser: pytest.Parser) -> None:
    """The ini option."""
    parser.addini(
        "matdiff_files",
        "patterns of the files whose claims are tests: .mx, .md, .tex or .ipynb",
        type="args",
        default=["*.mx"],
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> FormulaFile | None:
    """The collector for a file that is asked for."""
    if file_path.suffix.lower() not in ENDINGS:
        return None
    patterns = parent.config.getini("matdiff_files")
    if parent.session.isinitpath(file_path) or any(map(file_path.match, patterns)):
        return FormulaFile.from_parent(parent, path=file_path)
    return None


class ClaimFailed(Exception):
    """A claim that does not stand, or a statement that cannot be carried out."""


class FormulaFile(pytest.File):
    """A document, and how far its declarations and definitions have been carried out."""

    _batch: Batch
    _document: Document
    _next: int  # the first statement that has not been carried out

    def collect(self) -> Iterator[ClaimItem]:
        """A test for each claim, and for each statement that cannot be read."""
        from matdiff.documents.formats import statements_of
        from matdiff.documents.places import Origin
        from matdiff.documents.sources import read_source
        from matdiff.errors import MatdiffError

        try:
            self._origin = Origin(self.nodeid, read_source(str(self.path)), is_file=True)
            self._statements = statements_of(self.path.name, self._origin.text)
        except MatdiffError as problem:
            raise self.CollectError(f"{problem.code} {problem.message}") from None
        self._kept: set[int] = set()  # the statements that later ones may build on
        self._begin()
        for number, statement in enumerate(self._statements):
            kind = self._kind(statement)
            if kind == "kept":
                self._kept.add(number)
            elif kind not in ("question", "remark"):
                name = _name(self._origin.of(statement).shown, statement.text)
                yield ClaimItem.from_parent(self, name=name, number=number)
        self._begin()

    def told(self, number: int) -> Told:
        """What the statement of that number gives, after the ones it may build on."""
        if number < self._next:  # tests may be run in any order
            self._begin()
        for earlier in range(self._next, number):
            if earlier in self._kept:
                self._document.carry_out(self._statements[earlier])
        self._next = number
        statement = self._statements[number]
        return self._batch.statement(self._document, self._origin.of(statement), statement)

    def line(self, number: int) -> int:
        """The line of a statement, from 0."""
        return self._statements[number].line - 1

    def _begin(self) -> None:
        """Forget everything that was declared."""
        from matdiff.cli.batch import Batch
        from matdiff.cli.printing import View
        from matdiff.documents.statements import Document
        from matdiff.settings import Settings

        settings = Settings()
        self._batch, self._document = Batch(settings, View("text")), Document(settings)
        self._next = 0

    def _kind(self, statement: Statement) -> str:
        """Keep a declaration or definition; claims, questions and errors are left for later."""
        from matdiff.cli.deadline import deadline
        from matdiff.syntax.tree import Query

        if statement.warning is not None:
            return "remark"
        try:
            with deadline():
                read = self._document.read(statement)
                if isinstance(read, Query):
                    return "question" if read.claim is None else "claim"
                self._document.add(read)
        except Exception:  # which one it is will be said by the test
            return "error"
        return "kept"


class ClaimItem(pytest.Item):
    """A claim, or a statement with an error."""

    def __init__(self, *, number: int, **arguments: object) -> None:
        super().__init__(**arguments)  # type: ignore[arg-type]
        self._number = number

    def runtest(self) -> None:
        """Fail if the statement does not stand."""
        assert isinstance(self.parent, FormulaFile)
        told = self.parent.told(self._number)
        if told.status:
            raise ClaimFailed("\n".join((*told.lines, *told.remarks)))
        if told.remarks:
            self.add_report_section("call", "matdiff", "\n".join(told.remarks))

    def repr_failure(  # type: ignore[override]
        self, excinfo: pytest.ExceptionInfo[BaseException], style: str | None = None
    ) -> object:
        """The verdict alone: where Python was when it fell helps nobody."""
        if isinstance(excinfo.value, ClaimFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int, str]:
        """File and line, and the heading of a failure."""
        assert isinstance(self.parent, FormulaFile)
        # not the name itself, whose full stops pytest would show as colons
        return self.path, self.parent.line(self._number), f"{self.path.name}:{self.name}"


def _name(place: str, text: str) -> str:
    """`7: check x'x wrt x == 2 x`, with cell and line in a notebook."""
    from matdiff.documents.places import visible

    line = place.rpartition(":")[2] if ":cell " not in place else place.partition(":")[2]
    written = visible(" ".join(text.split()))
    if len(written) > _WIDEST_NAME:
        written = f"{written[:_WIDEST_NAME]}…"
    return f"{line}: {written}"
