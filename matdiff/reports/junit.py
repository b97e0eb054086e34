"""The report as JUnit XML, as build servers read it: a suite for each file, a case for each claim.

A wrong or undecided claim is a failure, what could not be read an error.  Times are left out: the
same input gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence

from matdiff.reports.escaping import xml
from matdiff.reports.results import Result, Results

NO_FILE = "command line"


def write(results: Results) -> str:
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines.append(f'<testsuites name="matdiff" {_counts(results.all)}>')
    for file, of_file in results.by_file().items():
        lines.append(f' <testsuite name="{xml(file or NO_FILE)}" {_counts(of_file)}>')
        for result in of_file:
            lines += _case(result)
        lines.append(" </testsuite>")
    return "\n".join([*lines, "</testsuites>", ""])


def _counts(results: Sequence[Result]) -> str:
    failed = [_tag(result) for result in results if result.failed]
    failures = failed.count("failure")
    return f'tests="{len(results)}" failures="{failures}" errors="{len(failed) - failures}"'


def _tag(result: Result) -> str:
    return "failure" if result.code[:3] in ("MX3", "MX4") else "error"


def _case(result: Result) -> list[str]:
    line = "" if result.line is None else f"line {result.line}: "
    name = xml(f"{line}{result.statement}")
    begin = f'  <testcase classname="{xml(result.file or NO_FILE)}" name="{name}"'
    if not result.failed:
        return [begin + "/>"]
    tag, said = _tag(result), xml("\n".join([result.place, *result.details]))
    return [
        begin + ">",
        f'   <{tag} type="{result.code}" message="{xml(result.headline)}">{said}</{tag}>',
        "  </testcase>",
    ]
