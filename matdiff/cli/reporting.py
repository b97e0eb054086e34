"""--report: what a run found, written for other programs when the run ends, however it ends.

A report is put in place as a whole or not at all.  One that cannot be written is an error of its
own and costs none of the others.
"""

from __future__ import annotations

import contextlib
import os
import stat
from typing import Any

import click

from matdiff.cli import interrupts
from matdiff.cli.failures import ALL_RIGHT, INTERRUPTED, UNUSABLE, failure, gravest, say
from matdiff.cli.failures import write_line as write_to_standard_output
from matdiff.cli.options import Decorator, all_of
from matdiff.cli.output import Output, refuse_place
from matdiff.cli.printing import Told
from matdiff.documents.places import Origin, Refused, error_record, report, visible
from matdiff.errors import FileProblem, MatdiffError, UsageProblem
from matdiff.reports import ENDINGS, FORMATS, written
from matdiff.reports.results import Result, Results

STANDARD_OUTPUT = "github"  # the format that the runner reads there, and nowhere else
_MANY = "a report has one format: as many --report-format as --report, the first for the first"

reported: Decorator = all_of(
    click.option(
        "--report", "report", multiple=True, metavar="FILE",
        help="Write a report, in the format of its ending: .json .xml .sarif .html .txt. "
        "May be repeated.",
    ),
    click.option(
        "--report-format", "report_format", multiple=True, type=click.Choice(FORMATS),
        help="The format of the --report: the first for the first. `github` takes no file: it is "
        "written to standard output.",
    ),
)  # fmt: skip


class Reports:
    """The reports that a command's options ask for.  Use as a context: leaving it writes them."""

    def __init__(self, options: dict[str, Any], paths: tuple[str, ...] = ()) -> None:
        self._targets = targets(options.get("report", ()), options.get("report_format", ()))
        _refuse_clashes([file for file, _ in self._targets if file], options["output"], paths)
        on_output = any(file is None for file, _ in self._targets)
        if on_output and options["format_"] == "json" and options["output"] is None:
            raise UsageProblem(
                "--format json and --report-format github both write to standard output",
                hint="-o FILE puts the JSON lines into a file",
                code="MX607",
            )
        self._results = Results(_root())
        self._statuses: set[int] = {ALL_RIGHT}

    @property
    def wanted(self) -> bool:
        """Whether there are any, so that records are to be made."""
        return bool(self._targets)

    @property
    def typeset(self) -> bool:
        """Whether formulas are wanted in MathML."""
        return any(format_ == "html" for _, format_ in self._targets)

    def add(self, told: Told) -> None:
        """Take down what a statement gave."""
        self._statuses.add(told.status)
        if self._targets and told.record is not None and told.outcome:
            self._results.add(Result(told.outcome, told.status, told.record, told.typeset))

    def __enter__(self) -> Reports:
        return self

    def __exit__(self, kind: object, problem: BaseException | None, trace: object) -> None:
        if not self._targets:
            return
        if problem is not None:
            self._add_end(problem)
        self._results.status = gravest(self._statuses)
        failures: list[Exception] = []
        for file, format_ in self._targets:
            try:
                _write(file, format_, self._results)
            except Exception as unwritten:  # the others are written all the same
                failures.append(unwritten)
        if problem is None and failures:
            first = failures.pop(0)
            _say_all(failures)
            raise first
        _say_all(failures)

    def _add_end(self, problem: BaseException) -> None:
        """How the run ended before its time."""
        error, origin = _error_of(problem)
        if error is None:
            self._results.complete = False
            interrupted = interrupts.status() or INTERRUPTED
            self._statuses.add(interrupted if _is_interrupt(problem) else UNUSABLE)
            return
        self._statuses.add(error.exit_status)
        self._results.add(Result("error", error.exit_status, error_record(error, origin)))


def targets(files: tuple[str, ...], formats: tuple[str, ...]) -> list[tuple[str | None, str]]:
    """File and format of each report; the file is None for standard output.

    As many formats as files: the first for the first.  Fewer: they are for the files whose ending
    says no format, in order.  `github` is written to standard output and takes no file.

    >>> targets(("a.sarif", "b"), ("github", "junit"))
    [('a.sarif', 'sarif'), ('b', 'junit'), (None, 'github')]
    """
    if "" in files:
        raise UsageProblem("the name of the file for a report is empty", code="MX605")
    given = [format_ for format_ in formats if format_ != STANDARD_OUTPUT]
    endings = [ENDINGS.get(os.path.splitext(file)[1].lower()) for file in files]
    if len(given) == len(files):
        chosen = given
    elif len(given) == endings.count(None):
        left = iter(given)
        chosen = [ending or next(left) for ending in endings]
    elif len(given) > len(files):
        raise UsageProblem(
            f"--report-format {given[len(files)]} has no file", hint="add --report FILE",
            code="MX605",
        )  # fmt: skip
    elif not given:
        file = next(f for f, ending in zip(files, endings, strict=True) if ending is None)
        raise UsageProblem(
            f"the ending of {file} says no format of reports",
            hint=f"add --report-format, or end it in {', '.join(ENDINGS)}",
            code="MX605",
        )
    else:
        raise UsageProblem(_MANY, code="MX605")
    found: list[tuple[str | None, str]] = list(zip(files, chosen, strict=True))
    return found + ([(None, STANDARD_OUTPUT)] if STANDARD_OUTPUT in formats else [])


def _refuse_clashes(files: list[str], output: str | None, paths: tuple[str, ...]) -> None:
    """Raise UsageProblem for a report that would replace another file of this command."""
    taken = {os.path.realpath(path) for path in (*paths, *filter(None, [output])) if path != "-"}
    for file in files:
        if file == "-":
            raise UsageProblem(
                "a report is written to a file: standard output has the results", code="MX606"
            )
        place = os.path.realpath(file)
        if place in taken:
            raise UsageProblem(
                f"the report {file} would replace a file that this command reads or writes",
                code="MX606",
            )
        taken.add(place)
        refuse_place(file)  # now, and not when the work is done


def _root() -> str:
    """The folder of the repository, as a build server names it, else the current one."""
    try:
        here = os.getcwd()
    except OSError:
        return ""
    for name in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
        root = os.path.abspath(os.environ.get(name) or here)
        if os.path.join(here, "").startswith(os.path.join(root, "")) and root != here:
            return root
    return here


def _write(file: str | None, format_: str, results: Results) -> None:
    text = written(format_, results)
    if file is not None:
        with Output(file) as output:
            output.line(text.removesuffix("\n"))
        return
    for line in text.splitlines():
        write_to_standard_output(line)
    summary_file = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary_file:
        _append_summary(summary_file, results)


def _append_summary(file: str, results: Results) -> None:
    """Add the summary to the step's, which other commands may have begun."""
    from matdiff.reports.github import LARGEST_SUMMARY, summary

    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        handle = os.open(file, flags, 0o666)
        with open(handle, "ab") as stream:
            found = os.fstat(handle)
            if not stat.S_ISREG(found.st_mode):
                raise FileProblem(f"{visible(file)} is not a regular file", code="MX662")
            text = summary(results, LARGEST_SUMMARY - found.st_size).encode()
            try:
                stream.write(text)
                stream.flush()
            except OSError:
                os.ftruncate(handle, found.st_size)  # half a table helps nobody
                raise
    except (OSError, ValueError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else problem
        raise FileProblem(f"cannot write {visible(file)}: {reason}", code="MX661") from None


def _error_of(problem: BaseException) -> tuple[MatdiffError | None, Origin | None]:
    if isinstance(problem, Refused):
        return problem.error, problem.origin
    if isinstance(problem, MatdiffError):
        return problem, None
    if isinstance(problem, Exception) and not hasattr(problem, "exit_status"):
        return failure(problem), None
    return None, None  # interrupted, or standard output took no more


def _is_interrupt(problem: BaseException) -> bool:
    return isinstance(problem, (KeyboardInterrupt, click.Abort))


def _say_all(failures: list[Exception]) -> None:
    for problem in failures:
        with contextlib.suppress(Exception):
            error = problem if isinstance(problem, MatdiffError) else failure(problem)
            say(report(error, None))
