"""The report as SARIF 2.1.0 (OASIS), for code scanning: results only for what is not right.

What belongs to no file, an unusable option or a folder without files, is a notification of the
invocation; a result would need a place.
"""

from __future__ import annotations

from typing import Any

from matdiff import __version__
from matdiff.codes import CODES
from matdiff.reports.escaping import clean, json_text, path_below, uri
from matdiff.reports.results import Result, Results

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def write(results: Results) -> str:
    placed = [result for result in results.failed if result.file is not None]
    elsewhere = [result for result in results.failed if result.file is None]
    codes = sorted({result.code for result in placed})
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "matdiff",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_rule(code) for code in codes],
            }
        },
        "invocations": [
            {
                "executionSuccessful": results.complete and results.status in (0, 1),
                "exitCode": results.status,
                "toolExecutionNotifications": [_notification(result) for result in elsewhere],
            }
        ],
        "columnKind": "unicodeCodePoints",
        "results": [_result(result, codes, results.root) for result in placed],
    }
    return json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(code: str) -> dict[str, Any]:
    page = CODES[code]
    level = "warning" if code.startswith("MX4") else "error"
    return {
        "id": code,
        "shortDescription": {"text": page.title},
        "fullDescription": {"text": page.meaning},
        "help": {"text": page.remedy},
        "defaultConfiguration": {"level": level},
    }


def _result(result: Result, codes: list[str], root: str) -> dict[str, Any]:
    assert result.file is not None
    location: dict[str, Any] = {
        "artifactLocation": {"uri": uri(path_below(result.file, root)), "uriBaseId": "%SRCROOT%"}
    }
    if location["artifactLocation"]["uri"].startswith("file:"):
        del location["artifactLocation"]["uriBaseId"]
    if result.line is not None:
        region = {"startLine": result.line}
        if result.column is not None:
            region["startColumn"] = result.column
        location["region"] = region
    found = {
        "ruleId": result.code,
        "ruleIndex": codes.index(result.code),
        "level": result.level,
        "message": _message(result),
        "locations": [{"physicalLocation": location}],
        "partialFingerprints": {"statement/v1": result.fingerprint},
    }
    if result.claimed is not None:
        line, column = result.claimed
        region = {"startLine": line, "startColumn": column}
        found["relatedLocations"] = [
            {"physicalLocation": location | {"region": region}, "message": {"text": "the claim"}}
        ]
    return found


def _notification(result: Result) -> dict[str, Any]:
    return {
        "descriptor": {"id": result.code},
        "level": result.level,
        "message": _message(result),
    }


def _message(result: Result) -> dict[str, str]:
    said = "\n".join([result.headline, *result.details])
    if "](" in said:  # [text](target) would be a link; escaped brackets are none
        for sign in "\\[]":
            said = said.replace(sign, f"\\{sign}")
    return {"text": clean(said)}
