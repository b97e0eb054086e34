"""Results with text that would act on every kind of reader, and the command as a shell runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from matdiff.documents.places import visible
from matdiff.reports.results import Result, Results

ROOT = Path(__file__).resolve().parents[2]
START = "from matdiff.cli import main; main()"
Run = Callable[..., "subprocess.CompletedProcess[str]"]

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"' onload='x' \"",
    "]]><x> <!-- &amp; &#60;",
    "\x1b[2J\x1b[1;1HPASS \x9b31m \x00 \r \b",
    "\u202eevil\u202c \u2066 \u200b \ufeff \ue000 \ufffe \udc80",
    "%0A::error::forged %25",
    "::set-output name=x::y",
    "##[error]forged a:b,c;d",
    "line one\n::error::line two\n\n# three",
    "| a | `b` **c** _d_ ![x](http://127.0.0.1/y) @everyone <b>e</b> [f](g)",
    "http://127.0.0.1/ www.example.org a@example.org ~~s~~ \\",
    "../../etc/passwd",
    "\\input{x} $x$ {0} {{1}} %s",
    "x" * 5000,
]


def claim_record(text: str, verdict: str = "wrong", **more: Any) -> dict[str, Any]:
    """A claim's object as `--format json` has it, with the text in every place for text."""
    return {
        "schema": 1, "expression": text, "wrt": text, "kind": "gradient", "formula": text,
        "where": [[text, text]], "claim": text, "verdict": verdict, "evidence": text,
        "diagnosis": f"{text}; {text}", "derived": text, "seed": 1, "verification": None,
        "file": visible(text), "line": 7, "column": 3, **more,
    }  # fmt: skip


def error_record(text: str, file: str | None) -> dict[str, Any]:
    return {
        "error": {"code": "MX201", "kind": "shape", "message": text, "hint": text},
        "file": file, "line": None if file is None else 2, "column": 1,
    }  # fmt: skip


@pytest.fixture
def hostile() -> Results:
    """Wrong and right claims, undecided ones and errors of every hostile text."""
    results = Results("/somewhere")
    for text in HOSTILE:
        results.add(Result("wrong", 1, claim_record(text)))
        results.add(Result("wrong", 1, claim_record(text)))  # the same once more
        results.add(Result("proved", 0, claim_record(text, "proved", diagnosis=None)))
        results.add(Result("inconclusive", 1, claim_record(text, "inconclusive", diagnosis=None)))
        results.add(Result("error", 2, error_record(text, visible(text))))
        results.add(Result("error", 2, error_record(text, None)))
    results.status = 2
    return results


@pytest.fixture
def command(tmp_path: Path) -> Run:
    """Run the command in an empty folder, away from any build server."""

    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("GITHUB_", "CI_"))}
        done = subprocess.run(
            [sys.executable, "-P", "-c", START, *arguments],
            capture_output=True, cwd=tmp_path, timeout=60, stdin=subprocess.DEVNULL,
            env=kept | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"} | variables,
        )  # fmt: skip
        out, err = (part.decode("utf-8", "replace") for part in (done.stdout, done.stderr))
        assert "Traceback" not in err + out and "internal error" not in err + out, err
        return subprocess.CompletedProcess(done.args, done.returncode, out, err)

    return run
