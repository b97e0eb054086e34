"""What is said about one statement: lines for standard output, lines for people, one object.

It is put together before anything is written, so that a file may be carried out in another process
and a report may be made of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matdiff.cli.failures import ALL_RIGHT, LIMIT, WRONG, as_json, say
from matdiff.cli.output import Output
from matdiff.documents.places import Origin, error_record, report, visible
from matdiff.documents.records import (
    answer_record,
    formula_line,
    latex_line,
    mathml_line,
    parts_of,
    plain_shape,
    program_text,
    shapes_line,
    typst_line,
    verification_record,
)
from matdiff.errors import MatdiffError
from matdiff.session import Answer

if TYPE_CHECKING:
    from matdiff.derivations import Step
    from matdiff.documents.programs import Wanted
    from matdiff.verification import Verification


class VerificationFailed(MatdiffError):
    """The numbers do not bear the formula out."""

    kind, code, exit_status = "verification", "MX310", WRONG


class View:
    """How answers are shown: the format, and what the place they go to can show.

    `wide`: to a terminal, with all details; `only_wrong`: right claims are passed over; `recorded`:
    whether the object is wanted in any case, for a report; `typeset`: formulas in MathML, too;
    `program`: the code that is wanted instead of formulas.
    """

    __slots__ = (
        "ascii", "color", "format", "only_wrong", "program", "recorded", "typeset", "wide",
    )  # fmt: skip

    def __init__(
        self,
        format_: str,
        *,
        ascii_only: bool = False,
        wide: bool = False,
        color: bool = False,
        only_wrong: bool = False,
        recorded: bool = False,
        typeset: bool = False,
        program: Wanted | None = None,
    ) -> None:
        self.format, self.ascii, self.wide, self.color = format_, ascii_only, wide, color
        self.program = program
        self.only_wrong, self.recorded, self.typeset = only_wrong, recorded, typeset


class Told:
    """What a statement gave: the exit status it deserves, lines for standard output, remarks for
    standard error, and the object that stands for it in JSON and in reports.

    `outcome`: "answered", a verdict, "error", or "" for a statement that asks nothing.  `typeset`
    has the formulas in MathML, where a report wants them; `file` is the statement's.
    """

    __slots__ = ("file", "lines", "outcome", "record", "remarks", "status", "typeset")

    def __init__(
        self,
        outcome: str,
        status: int,
        lines: list[str] | None = None,
        remarks: list[str] | None = None,
        record: dict[str, Any] | None = None,
    ) -> None:
        self.outcome, self.status = outcome, status
        self.lines, self.remarks, self.record = lines or [], remarks or [], record
        self.typeset: dict[str, str] = {}
        self.file: str | None = None

    def write(self, output: Output) -> int:
        """Write it where it belongs; the status."""
        for line in self.lines:
            output.line(line)
        for remark in self.remarks:
            say(remark)
        return self.status


def print_answer(
    answer: Answer, output: Output, format_: str, program: Wanted | None = None
) -> int:
    """Print the answer to a question from the command line; the exit status it deserves."""
    view = View(
        format_, ascii_only=output.ascii, wide=output.wide, color=output.color, program=program
    )
    return told(answer, view).write(output)


def told(answer: Answer, view: View, origin: Origin | None = None) -> Told:
    """An answer in the format asked for."""
    said = _told(answer, view, origin)
    if view.typeset:
        from matdiff.documents.typeset import typeset  # few reports want it

        said.typeset = typeset(answer)
    return said


def _told(answer: Answer, view: View, origin: Origin | None) -> Told:
    if answer.claim is not None:
        from matdiff.cli.claims import told_claim  # few statements claim anything

        return told_claim(answer, view, origin)
    failure = _failure(answer)
    if failure is not None:
        return _told_failure(failure, answer, view, origin)
    check = answer.verification
    undecided = check is not None and check.passed is None
    status = ALL_RIGHT
    if check is not None and undecided:
        status = LIMIT if check.limited else WRONG
    record = answer_record(answer, origin) if view.recorded or view.format == "json" else None
    if view.format == "json":
        return Told("answered", status, [as_json(record)], [], record)
    if view.only_wrong and not undecided:
        return Told("answered", status, [], [], record)
    if view.format == "text" and view.wide:
        from matdiff.cli.terminal import shown  # rich costs 40 ms, and a pipe needs none of it

        return Told("answered", status, shown(answer, view, origin), [], record)
    remarked = [f"{where(origin)}{visible(remark)}" for remark in remarks(answer)]
    return Told("answered", status, _lines(answer, view, origin), remarked, record)


def told_error(error: MatdiffError, view: View, origin: Origin | None) -> Told:
    """A refusal: the message for people, and its object."""
    record = error_record(error, origin)
    lines = [as_json(record)] if view.format == "json" else []
    return Told("error", error.exit_status, lines, [report(error, origin)], record)


def _lines(answer: Answer, view: View, origin: Origin | None) -> list[str]:
    if answer.steps is not None:
        return _steps(answer.steps, view, origin)
    if view.format == "latex":
        return [latex_line(answer)]
    if view.format == "mathml":
        return [mathml_line(answer)]
    if view.format == "typst":
        return [typst_line(answer, ascii_only=view.ascii)]
    if view.program is not None:
        return [program_text(answer, view.program)]
    lines = [where(origin) + formula_line(answer, ascii_only=view.ascii)]
    if answer.derivative is None and origin is None:
        for written, shape in parts_of(answer, ascii_only=view.ascii)[:-1]:
            lines.append(f"{written} : {plain_shape(shape, view.ascii)}")
    return lines


def _steps(steps: list[Step], view: View, origin: Origin | None) -> list[str]:
    """The derivation, below the place of the statement if it has one."""
    from matdiff.documents.derivations import steps_lines  # few answers have them

    if view.format == "latex":
        from matdiff.documents.derivations_latex import steps_latex

        return steps_latex(steps)
    if view.format == "mathml":
        from matdiff.documents.derivations_mathml import steps_mathml

        return [steps_mathml(steps)]
    if view.format == "typst":
        from matdiff.documents.derivations_typst import steps_typst

        return steps_typst(steps, ascii_only=view.ascii)
    lines = steps_lines(steps, ascii_only=view.ascii)
    return lines if origin is None else [f"{origin.shown}:", *(f"  {line}" for line in lines)]


def told_warnings(warnings: list[str], view: View, origin: Origin) -> Told:
    """How a statement without an answer was read."""
    said = [f"{where(origin)}warning: {visible(warning)}" for warning in warnings]
    return Told("", ALL_RIGHT, [], said)


def remarks(answer: Answer) -> list[str]:
    """What was inferred, warnings, notes and the verification, a sentence each."""
    found: list[str] = []
    if answer.reading.inferred:
        found.append(f"note: inferred {shapes_line(answer.reading.inferred)}")
    found.extend(f"warning: {warning}" for warning in answer.warnings)
    found.extend(f"note: {note}" for note in answer.notes)
    if answer.verification is not None:
        found.append(_verified(answer.verification))
    return found


def _verified(check: Verification) -> str:
    if check.passed is None:
        return f"warning: not verified, the check decided nothing: {check.reason}"
    error = check.max_relative_error
    size = "" if error is None else f", largest relative error {error:.1e}"
    points = "1 random point" if check.trials == 1 else f"{check.trials} random points"
    return f"note: verified by {check.method} at {points}{size}, seed {check.seed}"


def _failure(answer: Answer) -> VerificationFailed | None:
    check = answer.verification
    if check is None or check.passed is not False:
        return None
    return VerificationFailed(
        f"the derivative did not pass its own verification and is not shown: {check.reason}",
        hint=f"--seed {check.seed} repeats the check",
    )


def _told_failure(
    failure: VerificationFailed, answer: Answer, view: View, origin: Origin | None
) -> Told:
    record = error_record(failure, origin)
    record["verification"] = verification_record(answer)
    lines = [as_json(record)] if view.format == "json" else []
    return Told("error", failure.exit_status, lines, [report(failure, origin)], record)


def where(origin: Origin | None) -> str:
    """`file:line: `, or nothing for what was typed."""
    return "" if origin is None else f"{origin.shown}: "
