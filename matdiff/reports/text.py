"""The report as plain text: the summary, then all that is not right."""

from __future__ import annotations

from matdiff.reports.escaping import plain
from matdiff.reports.results import Result, Results


def write(results: Results) -> str:
    parts = [results.summary, *(_said(result) for result in results.failed)]
    return "\n\n".join(parts) + "\n"


def _said(result: Result) -> str:
    place = f"{result.place}: " if result.place else ""
    first, *further = plain(f"{place}{result.code} {result.headline}").split("\n")
    further += [line for detail in result.details for line in plain(detail).split("\n")]
    return "\n".join([first, *(f"    {line}" for line in further)])
