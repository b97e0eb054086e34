"""A batch is interrupted at random moments, again and again: what is finished is whole and valid.

    python tests/trust/interruptions.py [TIMES]

Each time some forty claims in five files are judged with -j 1 or -j 2 and a report, and SIGINT or
SIGTERM is sent after a random time.  Then standard output holds whole JSON lines, each the one of
an uninterrupted run, in order within a file; the status is 130 or 143, or that of a run that was
done; the report is absent or whole; no process, no temporary file is left.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START = "from matdiff.cli import main; main()"
CLAIMS = [
    "check x'x wrt x == 2 x",
    "check x'A x wrt x == (A + A')x",
    "check tr(A^-1) wrt A == -(A^-2)'",
    "check sum(log(exp(x) + ones(n))) wrt x == exp(x)⊘(exp(x) + ones(n))",
    "check x'x wrt x == 3 x",
    "check logdet(A) wrt A == A^-T",
    "check norm(A x)^2 wrt x == 2 A'A x",
    "check x'A x wrt x == A x",
]
FILES = 5
REPORTS = ("report.json", "report.xml", "report.html")
STATUS = {signal.SIGINT: 130, signal.SIGTERM: 143}


def write_files(folder: Path) -> list[str]:
    """The files of the batch; their names."""
    names = [f"f{number}.mx" for number in range(FILES)]
    for number, name in enumerate(names):
        claims = CLAIMS[number:] + CLAIMS[:number]
        (folder / name).write_text("\n".join(["x : n", "A : n×n", *claims, ""]), encoding="utf-8")
    return names


def start(folder: Path, names: list[str], *options: str) -> subprocess.Popen[bytes]:
    """The command at work on the files, in a group of its own."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("MATDIFF", "PYTHON"))}
    return subprocess.Popen(
        [sys.executable, "-P", "-c", START, "check", *names, "--format", "json", "--seed", "1",
         *options],
        cwd=folder, env=kept | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip


def undisturbed() -> tuple[dict[str, list[str]], float]:
    """The lines of each file, and how long the batch takes."""
    with tempfile.TemporaryDirectory() as folder:
        begin = time.monotonic()
        out, _ = start(Path(folder), write_files(Path(folder))).communicate()
    lines: dict[str, list[str]] = {}
    for line in out.decode().splitlines():
        lines.setdefault(json.loads(line)["file"], []).append(line)
    return lines, time.monotonic() - begin


def interrupted(
    choice: random.Random, expected: dict[str, list[str]], longest: float
) -> tuple[str, list[str]]:
    """What happened once, and what was not right about it."""
    number = choice.choice([signal.SIGINT, signal.SIGTERM])
    jobs, report = choice.choice("12"), choice.choice(REPORTS)
    to_all = choice.random() < 0.5  # as a terminal does, or only to the first process
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        names = write_files(folder)
        process = start(folder, names, "-j", jobs, "--report", report)
        time.sleep(choice.uniform(0.02, longest * 1.1))
        (os.killpg if to_all else os.kill)(process.pid, number)
        try:
            out, err = process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return "hung", [f"-j {jobs} {number.name}: it did not end"]
        wrong = list(_wrong_lines(out.decode(), expected))
        wrong += _wrong_end(process, number, err.decode())
        wrong += _wrong_files(folder, {*names, report}, report)
    ended = "done" if process.returncode in (0, 1) else f"status {process.returncode}"
    return ended, [f"-j {jobs} {number.name} {report}: {sentence}" for sentence in wrong]


def _wrong_lines(out: str, expected: dict[str, list[str]]) -> list[str]:
    if out and not out.endswith("\n"):
        return [f"the last line is not whole: {out[-80:]!r}"]
    found: dict[str, list[str]] = {}
    for line in out.splitlines():
        found.setdefault(json.loads(line)["file"], []).append(line)
    return [
        f"{file} has other lines than without an interrupt"
        for file, lines in found.items()
        if lines != expected[file][: len(lines)]
    ]


def _wrong_end(process: subprocess.Popen[bytes], number: signal.Signals, err: str) -> list[str]:
    wrong = []
    before_main = process.returncode == -number  # while Python itself was starting
    if process.returncode not in (STATUS[number], 1) and not before_main:
        wrong.append(f"status {process.returncode}: {err[-300:]}")
    if "Traceback" in err and not before_main:
        wrong.append(err[-600:])
    for _ in range(20):
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return wrong
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGKILL)
    return [*wrong, "a process was left behind"]


def _wrong_files(folder: Path, known: set[str], report: str) -> list[str]:
    left = sorted({path.name for path in folder.iterdir()} - known)
    wrong = [f"left behind: {left}"] if left else []
    path = folder / report
    if path.exists():
        text = path.read_text(encoding="utf-8")
        whole = {".json": "}\n", ".xml": "</testsuites>\n", ".html": "</html>\n"}[path.suffix]
        if not text.endswith(whole):
            wrong.append(f"the report ends in {text[-40:]!r}")
        if path.suffix == ".json":
            json.loads(text)
    return wrong


def main(times: int, seed: int = 1) -> int:
    expected, longest = undisturbed()
    choice, counts, failed = random.Random(seed), Counter[str](), 0
    for _ in range(times):
        ended, wrong = interrupted(choice, expected, longest)
        counts[ended] += 1
        failed += bool(wrong)
        for sentence in wrong:
            print(sentence, flush=True)
    said = ", ".join(f"{count} {ended}" for ended, count in sorted(counts.items()))
    print(f"{times} interruptions: {said}; {failed} not as they should be")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
