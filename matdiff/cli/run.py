"""run and check: the questions and claims of files, each carried out in turn.

Every file and every statement is carried through; an error costs only its statement, and the
gravest status wins.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import closing
from typing import Any

import click

from matdiff.cli import interrupts
from matdiff.cli.batch import Batch
from matdiff.cli.failures import gravest, say
from matdiff.cli.options import (
    FilesCommand,
    arranging,
    in_parallel,
    printing,
    reading,
    settings_of,
    stepwise,
    verifying,
)
from matdiff.cli.output import Output, output_of
from matdiff.cli.printing import Told, View, told_error
from matdiff.cli.progress import Progress
from matdiff.cli.reporting import Reports, reported
from matdiff.documents.places import Origin, visible
from matdiff.documents.sources import STANDARD_INPUT, each_path
from matdiff.errors import UsageProblem
from matdiff.reports.results import counted

MOST_NAMED = 5  # files


@click.command(cls=FilesCommand)
@click.argument("paths", metavar="FILE|FOLDER|-...", nargs=-1, required=True)
@arranging
@stepwise
@verifying
@reading
@in_parallel
@printing("text", "latex", "typst", "json")
@reported
def run(paths: tuple[str, ...], **options: Any) -> int:
    """Answer all queries, and judge all claims, of files."""
    with output_of(options) as output, Reports(options, paths) as reports:
        told = Tally(reports)
        with closing(told_of(paths, options, output, reports, only_wrong=False)) as results:
            for each in results:
                told.add(each).write(output)
        if not told.outcomes:
            told.add(nothing_done(paths, "query", options)).write(output)
        return told.status


class Tally:
    """How many statements had which outcome, and the gravest status; the reports are told, too."""

    __slots__ = ("outcomes", "reports", "right", "statuses")

    def __init__(self, reports: Reports) -> None:
        self.reports = reports
        self.outcomes: Counter[str] = Counter()
        self.statuses: set[int] = set()
        self.right: dict[str, bool] = {}  # whether all is, in each file that claims something

    def add(self, told: Told) -> Told:
        if told.outcome:
            self.outcomes[told.outcome] += 1
            if told.file is not None:
                self.right[told.file] = self.right.get(told.file, True) and not told.status
        self.statuses.add(told.status)
        self.reports.add(told)
        return told

    @property
    def status(self) -> int:
        return gravest(self.statuses)

    def summary(self) -> str:
        """`5 claims: 3 proved, 1 agrees, 1 wrong; 1 error; all right in notes.mx`.

        Files are named where there are several and something is wrong: which were checked, and
        passed, is then not plain.
        """
        said = counted(self.outcomes)
        passed = [visible(file) for file, right in self.right.items() if right]
        if not passed or not gravest(self.statuses):
            return said
        more = f" and {len(passed) - MOST_NAMED} more" if len(passed) > MOST_NAMED else ""
        return f"{said}; all right in {', '.join(passed[:MOST_NAMED])}{more}"


def told_of(
    paths: tuple[str, ...],
    options: dict[str, Any],
    output: Output,
    reports: Reports,
    *,
    only_wrong: bool,
) -> Generator[Told]:
    """What each statement of the files gave, in the order of the files."""
    view = View(
        options["format_"],
        ascii_only=output.ascii,
        wide=output.wide,
        color=output.color,
        only_wrong=only_wrong,
        recorded=reports.wanted,
        typeset=reports.typeset,
    )
    names: list[str] = []
    unusable: list[tuple[int, Told]] = []  # paths that are no files, each before the file it says
    for path, problem in each_path(list(paths)):
        if problem is None:
            names.append(path)
        else:
            origin = Origin(path, "", line=0, is_file=True)
            unusable.append((len(names), told_error(problem, view, origin)))
    with Progress(len(names)) as progress:
        try:
            for told in _in_order(unusable, _results(names, options, view, progress)):
                if told.lines or told.remarks:
                    progress.wipe()
                yield told
        finally:
            if interrupts.came():  # here, or in who takes the results
                progress.wipe()
                said = f"{progress.done} of {len(names)} files were carried through"
                say(f"matdiff: interrupted: {said}")


def _in_order(
    unusable: list[tuple[int, Told]], results: Iterator[tuple[int, Told]]
) -> Iterator[Told]:
    """The results, with what is said of paths that are no files in between."""
    position = 0
    for number, told in results:
        while position < len(unusable) and unusable[position][0] <= number:
            yield unusable[position][1]
            position += 1
        yield told
    for _, told in unusable[position:]:
        yield told


def _results(
    names: list[str], options: dict[str, Any], view: View, progress: Progress
) -> Iterator[tuple[int, Told]]:
    """The number of a file and what a statement of it gave, in order."""
    batch = Batch(settings_of(options), view)
    processes = min(options["processes"] or 1, len(names))
    if processes > 1:
        from matdiff.cli.workers import each_in_parallel  # few commands need processes

        if STANDARD_INPUT in names:
            batch.hold_standard_input()  # only this process has it
        yield from each_in_parallel(names, batch, processes, progress)
        return
    for number, name in enumerate(names):
        for told in batch.file(name):
            yield number, told
            interrupts.check()
            progress.statement_done()
        progress.file_done()


def nothing_done(paths: tuple[str, ...], what: str, options: dict[str, Any]) -> Told:
    """Nothing was asked: that must not look like success."""
    shown = ", ".join(visible(path) for path in paths[:5])
    problem = UsageProblem(f"no {what} in {shown}: nothing was done", code="MX614")
    return told_error(problem, View(options["format_"]), None)
