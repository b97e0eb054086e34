"""The report for GitHub Actions: annotations as workflow commands, and a summary in Markdown.

GitHub shows at most ten annotations of a level for a step; what is beyond them is counted in one
notice, so that nothing goes unsaid.  The summary of a step may have 1 MiB, and is cut below it.
"""

from __future__ import annotations

from collections import Counter

from matdiff.reports.escaping import markdown, path_below, workflow_data, workflow_property
from matdiff.reports.results import Result, Results

MOST_ANNOTATIONS = 10  # of a level in a step
LARGEST_SUMMARY = 1 << 20  # bytes


def write(results: Results) -> str:
    """The workflow commands, a line each, in order."""
    shown: Counter[str] = Counter()
    lines: list[str] = []
    for result in results.failed:
        if shown[result.level] < MOST_ANNOTATIONS:
            lines.append(_annotation(result, results.root))
        shown[result.level] += 1
    hidden = sum(max(0, count - MOST_ANNOTATIONS) for count in shown.values())
    said = results.summary
    if hidden:
        said += f"; {hidden} more not right, without an annotation (limit of GitHub)"
    return "\n".join([*lines, f"::notice title=matdiff::{workflow_data(said)}", ""])


def _annotation(result: Result, root: str) -> str:
    properties = {}
    if result.file is not None:
        properties["file"] = path_below(result.file, root)
    if result.line is not None:
        properties["line"] = str(result.line)
    if result.column is not None:
        properties["col"] = str(result.column)
    properties["title"] = f"matdiff {result.code}"
    written = ",".join(f"{name}={workflow_property(value)}" for name, value in properties.items())
    message = "\n".join([result.headline, *result.details])
    return f"::{result.level} {written}::{workflow_data(message)}"


def summary(results: Results, space: int = LARGEST_SUMMARY) -> str:
    """The summary of the step, at most `space` bytes; "" if not even its head has room."""
    head = f"### matdiff\n\n{markdown(results.summary)}\n"
    failed = results.failed
    if failed:
        head += "\n| place | code | what | right |\n| --- | --- | --- | --- |\n"
    left = space - len(head.encode()) - 100  # for the line that counts the rest
    if left < 0:
        return ""
    rows: list[str] = []
    for number, result in enumerate(failed):
        row = _row(result)
        left -= len(row.encode())
        if left < 0:
            rows.append(f"\n{len(failed) - number} more are left out, for want of space.\n")
            break
        rows.append(row)
    return head + "".join(rows) + "\n"


def _row(result: Result) -> str:
    said = " — ".join([result.headline, *result.details])
    derived = result.derived if result.outcome == "wrong" else ""
    cells = map(markdown, (result.place, result.code, said, derived))
    return f"| {' | '.join(cells)} |\n"
