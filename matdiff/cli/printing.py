"""One answer: the formula to the output, what else is to be said to where people read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matdiff.cli.failures import ALL_RIGHT, WRONG, as_json, say
from matdiff.cli.output import Output
from matdiff.documents.places import Origin, error_record, report, visible
from matdiff.documents.records import (
    answer_record,
    formula_line,
    latex_line,
    numpy_text,
    parts_of,
    plain_shape,
    shapes_line,
    verification_record,
)
from matdiff.errors import MatdiffError
from matdiff.session import Answer

if TYPE_CHECKING:
    from matdiff.verification import Verification


class VerificationFailed(MatdiffError):
    """The numbers do not bear the formula out."""

    kind, code, exit_status = "verification", "MX310", WRONG


def print_answer(answer: Answer, output: Output, format_: str, origin: Origin | None = None) -> int:
    """Print an answer in the format asked for; the exit status it deserves."""
    failure = _failure(answer)
    if failure is not None:
        _print_failure(failure, answer, output, format_, origin)
        return failure.exit_status
    undecided = answer.verification is not None and answer.verification.passed is None
    status = WRONG if undecided else ALL_RIGHT
    if format_ == "json":
        output.line(as_json(answer_record(answer, origin)))
        return status
    if format_ == "latex":
        output.line(latex_line(answer))
    elif format_ == "numpy":
        output.line(numpy_text(answer))
    elif output.wide:
        from matdiff.cli.terminal import show  # rich costs 40 ms, and a pipe needs none of it

        show(answer, output, origin)
        return status
    else:
        _print_lines(answer, output, origin)
    for remark in remarks(answer):
        say(f"{_where(origin)}{visible(remark)}")
    return status


def _print_lines(answer: Answer, output: Output, origin: Origin | None) -> None:
    output.line(_where(origin) + formula_line(answer, ascii_only=output.ascii))
    if answer.derivative is None and origin is None:
        for written, shape in parts_of(answer, ascii_only=output.ascii)[:-1]:
            output.line(f"{written} : {plain_shape(shape, output.ascii)}")


def warn(warnings: list[str], origin: Origin) -> None:
    """Say how a statement without an answer was read."""
    for warning in warnings:
        say(f"{_where(origin)}warning: {visible(warning)}")


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


def _print_failure(
    failure: VerificationFailed,
    answer: Answer,
    output: Output,
    format_: str,
    origin: Origin | None,
) -> None:
    say(report(failure, origin))
    if format_ == "json":
        record = error_record(failure, origin)
        record["verification"] = verification_record(answer)
        output.line(as_json(record))


def _where(origin: Origin | None) -> str:
    return "" if origin is None else f"{visible(origin.name)}:{origin.line}: "
