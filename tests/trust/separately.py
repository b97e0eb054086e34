"""Every hostile input in a process of its own, with 4 GiB of memory and half a minute of time.

    python tests/trust/separately.py [ID-PREFIX…]

prints what is not as expected, and a summary.  It is part of `make soak`; the tests of CI carry out
most of the entries in one process (test_hostile.py).
"""

from __future__ import annotations

import os
import resource
import shlex
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))  # as pytest does

from trust.entries import Call, Ran, calls, deviations, entries  # noqa: E402

MEMORY = 4 << 30  # bytes of address space
PATIENCE = 30  # seconds
START = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from matdiff.cli import main; main()"


def command() -> list[str]:
    """What the console script does, for this checkout wherever it lies."""
    return [sys.executable, "-P", "-c", START]


def run(call: Call, folder: Path, variables: dict[str, str] | None = None) -> Ran:
    """Carry out a call in a folder, with these variables in the environment."""
    for name, content in call.files.items():
        (folder / name).write_bytes(content)
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("MATDIFF", "PYTHON"))}
    if call.line is not None:
        arguments = ["sh", "-c", call.line]
        kept["MATDIFF"] = str(_script(folder))
    else:
        arguments = [*command(), *call.arguments]
    kept |= {"TMPDIR": str(folder), **(variables or {})}
    try:
        done = subprocess.run(
            [argument.encode("utf-8", "surrogateescape") for argument in arguments],
            input=call.stdin, capture_output=True, cwd=folder, env=kept, timeout=PATIENCE,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
        )  # fmt: skip
    except subprocess.TimeoutExpired as late:
        return Ran(-99, late.stdout or b"", b"TIMEOUT", {})
    left = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    }
    return Ran(done.returncode, done.stdout, done.stderr, left)


def _script(folder: Path) -> Path:
    """The command as one word for a shell, in a folder that is not the current one."""
    script = folder.with_name(folder.name + ".matdiff")
    script.write_text(f'#!/bin/sh\nexec {shlex.join(command())} "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    return script


def main(prefixes: list[str]) -> int:
    counts: Counter[str] = Counter()
    slowest = (0.0, "")
    for entry in entries():
        if prefixes and not entry["id"].startswith(tuple(prefixes)):
            continue
        counts["entries"] += 1
        wrong: list[str] = []
        first: Ran | None = None
        for call in calls(entry):
            counts["processes"] += 1
            begin = time.monotonic()
            with tempfile.TemporaryDirectory() as folder:
                place = Path(folder) / "place"
                place.mkdir()
                ran = run(call, place)
            slowest = max(slowest, (time.monotonic() - begin, entry["id"]))
            first = first or ran
            for sentence in deviations(entry, call, ran, first):
                wrong.append(f"{' '.join(call.arguments)[:100]}: {sentence}")
        counts["as expected"] += not wrong
        for sentence in wrong:
            print(f"{entry['id']}: {sentence}", flush=True)
    print(
        f"{counts['as expected']} of {counts['entries']} as expected, in {counts['processes']} "
        f"processes; the slowest took {slowest[0]:.1f} s ({slowest[1]})"
    )
    return counts["as expected"] != counts["entries"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
