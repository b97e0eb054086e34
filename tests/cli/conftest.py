"""The command as a shell runs it: a process of its own, far from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
START = "from matdiff.cli import main; main()"

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def environment(**changes: str) -> dict[str, str]:
    """The environment of a test's process: this checkout, no colour, UTF-8."""
    kept = {k: v for k, v in os.environ.items() if k not in ("MATDIFF_TRACEBACK", "PYTHONPATH")}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"} | changes


@pytest.fixture
def process() -> tuple[list[str], dict[str, str]]:
    """The arguments and environment that start the command, for tests that talk to it."""
    return [sys.executable, "-P", "-c", START], environment()


@pytest.fixture
def matdiff(tmp_path: Path) -> Run:
    """Run the command in an empty folder; (*arguments, input=…, env=…) -> completed process."""

    def run(
        *arguments: str, input: str | bytes = "", env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        content = input.encode() if isinstance(input, str) else input
        done = subprocess.run(
            # -P: as with the console script, the current folder is not on the path
            [sys.executable, "-P", "-c", START, *arguments],
            input=content,
            capture_output=True,
            cwd=tmp_path,
            env=environment(**(env or {})),
            timeout=60,
        )
        out, err = (part.decode("utf-8", "replace") for part in (done.stdout, done.stderr))
        assert "Traceback" not in err + out
        assert "internal error" not in err + out
        return subprocess.CompletedProcess(done.args, done.returncode, out, err)

    return run
