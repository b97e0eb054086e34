"""The report as one JSON object: {schema, tool, summary, results}, results as `--format json`."""

from __future__ import annotations

from matdiff import __version__
from matdiff.documents.records import SCHEMA
from matdiff.reports.escaping import json_text
from matdiff.reports.results import VERDICTS, Results


def write(results: Results) -> str:
    outcomes = results.outcomes
    verdicts = {verdict: outcomes[verdict] for verdict in VERDICTS}
    return json_text(
        {
            "schema": SCHEMA,
            "tool": {"name": "matdiff", "version": __version__},
            "summary": {
                "claims": sum(verdicts.values()),
                **verdicts,
                "answered": outcomes["answered"],
                "errors": outcomes["error"],
                "status": results.status,
                "complete": results.complete,
            },
            "results": [result.record for result in results.all],
        }
    )
