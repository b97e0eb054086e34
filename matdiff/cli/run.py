"""run: all questions of .mx files, each answered in turn.

Every file and every statement is carried through; an error costs only its statement, and the
gravest status wins.
"""

from __future__ import annotations

import os
import time
from typing import Any

import click

from matdiff.cli.deadline import FILE_SECONDS, deadline
from matdiff.cli.failures import InternalError, OutputLost, gravest, show_error
from matdiff.cli.options import arranging, printing, reading, settings_of, verifying
from matdiff.cli.output import Output, output_of
from matdiff.cli.printing import print_answer, warn
from matdiff.documents.places import Origin, Refused, visible
from matdiff.documents.sources import STANDARD_INPUT, each_source
from matdiff.documents.statements import Document
from matdiff.errors import LimitReached, MatdiffError, UsageProblem
from matdiff.operations.algebra import forget_expressions
from matdiff.session import Answer
from matdiff.settings import Settings
from matdiff.syntax import split_statements


@click.command()
@click.argument("paths", metavar="FILE|FOLDER|-...", nargs=-1, required=True)
@arranging
@verifying
@reading
@printing("text", "latex", "json")
def run(paths: tuple[str, ...], **options: Any) -> int:
    """Answer all queries of .mx files."""
    with output_of(options) as output:
        runner = _Runner(settings_of(options), output, options["format_"])
        for name, source in each_source(list(paths)):
            shown = "standard input" if name == STANDARD_INPUT else name
            if isinstance(source, MatdiffError):
                runner.refuse(source, Origin(shown, "", line=0, is_file=True))
            else:
                runner.document(Origin(shown, source, is_file=True))
        if not runner.questions:
            where = ", ".join(visible(path) for path in paths[:5])
            runner.refuse(UsageProblem(f"no query in {where}: nothing was done"), None)
        return gravest(runner.statuses)


class _Runner:
    """The statuses of what was done so far."""

    def __init__(self, settings: Settings, output: Output, format_: str) -> None:
        self.settings, self.output, self.format = settings, output, format_
        self.statuses: set[int] = set()
        self.questions = 0

    def document(self, origin: Origin) -> None:
        forget_expressions()  # a document is a namespace of its own: nothing of the last is kept
        document = Document(self.settings)
        end = time.monotonic() + FILE_SECONDS
        try:
            statements = split_statements(origin.text)
        except MatdiffError as problem:
            self.refuse(problem, origin.at(0, 0))
            return
        for line, column, text in statements:
            place = origin.at(line, column)
            if time.monotonic() > end:
                limit = f"the file took longer than the time limit of {FILE_SECONDS:g} s"
                self.refuse(LimitReached(f"{limit}; the rest of it was not read"), place)
                return
            self.statement(document, place, text)

    def statement(self, document: Document, place: Origin, text: str) -> None:
        try:
            with deadline():
                answer = document.carry_out(text)
                if isinstance(answer, Answer):
                    self.questions += 1
                    self.statuses.add(print_answer(answer, self.output, self.format, place))
                else:
                    warn(answer, place)
        except MatdiffError as problem:
            self.refuse(problem.located(None, text), place)
        except MemoryError:
            self.refuse(LimitReached("out of memory"), place)
        except (OutputLost, Refused):
            raise
        except Exception as bug:
            if "MATDIFF_TRACEBACK" in os.environ:
                raise
            self.refuse(InternalError(bug), place)

    def refuse(self, problem: MatdiffError, place: Origin | None) -> None:
        """Say what is wrong; a statement that was refused was looked at all the same."""
        self.questions += 1
        write = self.output.line if self.format == "json" else None
        self.statuses.add(show_error(problem, place, write))
