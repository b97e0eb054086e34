"""The report as GitLab's Code Quality JSON: an array of issues, each with path and line."""

from __future__ import annotations

from matdiff.reports.escaping import clean, json_text, path_below
from matdiff.reports.results import Result, Results

_SEVERITY = {"error": "major", "warning": "minor"}


def write(results: Results) -> str:
    return json_text([_issue(result, results.root) for result in results.failed])


def _issue(result: Result, root: str) -> dict[str, object]:
    # an issue must have a path: what is no file's is the folder's
    path = "." if result.file is None else clean(path_below(result.file, root))
    return {
        "description": clean("; ".join([result.headline, *result.details])),
        "check_name": result.code,
        "fingerprint": result.fingerprint,
        "severity": _SEVERITY[result.level],
        "location": {"path": path, "lines": {"begin": result.line or 1}},
    }
