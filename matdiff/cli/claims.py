"""What is said about a claim: the verdict, what it rests on, and what went wrong."""

from __future__ import annotations

from matdiff.cli.failures import ALL_RIGHT, WRONG, as_json
from matdiff.cli.printing import Told, View, where
from matdiff.documents.places import Origin, visible
from matdiff.documents.records import answer_record, claim_text, formula_line, plain_shape
from matdiff.session import Answer, Claim


def told_claim(answer: Answer, view: View, origin: Origin | None) -> Told:
    """The verdict on a claim in the format asked for."""
    claim = answer.claim
    assert claim is not None
    status = ALL_RIGHT if claim.verdict.passed else WRONG
    record = answer_record(answer, origin) if view.recorded or view.format == "json" else None
    if view.format == "json":
        return Told(claim.verdict.outcome, status, [as_json(record)], [], record)
    warned = [f"{where(origin)}warning: {visible(warning)}" for warning in answer.warnings]
    if claim.verdict.passed:
        lines = [] if view.only_wrong else [_right(answer, claim, view, origin)]
        return Told(claim.verdict.outcome, status, lines, warned, record)
    return Told(claim.verdict.outcome, status, _wrong(answer, claim, view, origin), warned, record)


def _right(answer: Answer, claim: Claim, view: View, origin: Origin | None) -> str:
    verdict = claim.verdict
    return (
        f"{where(origin)}{verdict.outcome}: {claim_text(answer, view.ascii)} ({verdict.evidence})"
    )


def _wrong(answer: Answer, claim: Claim, view: View, origin: Origin | None) -> list[str]:
    """The verdict and, below it, what was claimed, what is right, and why."""
    verdict = claim.verdict
    wrong = verdict.outcome == "wrong"
    code, word = ("MX301", "FAIL, wrong") if wrong else ("MX401", "inconclusive")
    lines = [f"{where(origin)}{code} {word}: {claim_text(answer, view.ascii)}"]
    if origin is not None and origin.statement is not None and origin.statement.claim is not None:
        lines.append(f"    claimed in line {origin.statement.claim.line}")
    if wrong:
        right = plain_shape(answer.shape, view.ascii)
        if answer.derivative is not None:
            right = formula_line(answer, ascii_only=view.ascii)
        lines.append(f"    right is  {right}")
    lines += [f"    the claim {sentence}" for sentence in verdict.diagnosis]
    lines.append(f"    {verdict.evidence}")
    return lines
