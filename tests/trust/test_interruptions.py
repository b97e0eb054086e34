"""Signals at random moments (a few here, 100 in `make soak`), and what else a process promises."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from trust.entries import Call
from trust.interruptions import START, STATUS, interrupted, start, undisturbed, write_files
from trust.separately import run

pytestmark = pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs process groups")
TIMES = int(os.environ.get("MATDIFF_SOAK_INTERRUPTIONS", "4"))
ROOT = Path(__file__).resolve().parents[2]


def test_at_random_moments() -> None:
    expected, longest = undisturbed()
    choice = random.Random(20)
    for _ in range(TIMES):
        _, wrong = interrupted(choice, expected, longest)
        assert not wrong


@pytest.mark.parametrize("number", list(STATUS), ids=lambda number: number.name)
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_after_the_first_result(tmp_path: Path, number: signal.Signals, jobs: str) -> None:
    names = write_files(tmp_path)
    with start(tmp_path, names * 4, "-j", jobs, "--report", "r.json") as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        process.send_signal(number)
        rest, err = process.communicate(timeout=30)
    assert process.returncode == STATUS[number]
    assert b"matdiff: interrupted" in err and b"Traceback" not in err
    lines = [json.loads(line) for line in (first + rest).splitlines()]
    report = json.loads((tmp_path / "r.json").read_text())
    assert report["results"] == lines  # what was printed, and nothing else
    assert report["summary"]["status"] == STATUS[number]
    assert report["summary"]["complete"] is False


def test_a_signal_that_is_ignored_stays_ignored(tmp_path: Path) -> None:
    names = write_files(tmp_path)
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        process = start(tmp_path, names)
    finally:
        signal.signal(signal.SIGTERM, before)
    with process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert process.returncode == 1


def test_results_in_a_file_are_whole_lines(tmp_path: Path) -> None:
    (tmp_path / "f.mx").write_text("x : n\n" + "check x'x wrt x == 3 x\n" * 5000)
    with start(tmp_path, ["f.mx"], "-o", "out.jsonl") as process:
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert process.returncode == 130
    assert {path.name for path in tmp_path.iterdir()} <= {"f.mx", "out.jsonl"}
    if (tmp_path / "out.jsonl").exists():  # there was a first result
        text = (tmp_path / "out.jsonl").read_text()
        assert text.endswith("}\n") and all(map(json.loads, text.splitlines()))


def test_a_later_signal_ends_what_cannot_end_in_order(tmp_path: Path) -> None:
    # nobody reads standard output, which holds 64 KiB: the command comes to wait in a write
    (tmp_path / "f.mx").write_text("x : n\n" + "check x'x wrt x == 3 x\n" * 5000)
    with start(tmp_path, ["f.mx"], "--report", "r.json") as process:
        time.sleep(2.5)
        process.send_signal(signal.SIGTERM)
        time.sleep(2.3)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 143
        process.communicate()
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"f.mx"} or json.loads((tmp_path / "r.json").read_text())  # it was not yet full
    assert left <= {"f.mx", "r.json"}


@pytest.mark.parametrize("megabytes", [60, 90, 140])
def test_out_of_memory_is_said(tmp_path: Path, megabytes: int) -> None:
    (tmp_path / "f.mx").write_text("x : n\ncheck sum(exp(x)) wrt x == exp(x)\n")
    limited = f"import resource; resource.setrlimit(resource.RLIMIT_AS, ({megabytes << 20},) * 2); "
    done = subprocess.run(
        [sys.executable, "-P", "-c", limited + START, "check", "f.mx", "--verify"],
        cwd=tmp_path, capture_output=True, text=True, timeout=60,
        env={"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1", "PATH": ""},
    )  # fmt: skip
    # the library of numpy that calculates ends the process by itself where it gets no memory
    assert done.returncode in (0, 2, 3) or "OpenBLAS error: Memory" in done.stderr
    assert "Traceback" not in done.stderr and "internal error" not in done.stderr
    if done.returncode == 3:
        assert f"out of memory, the limit of the process is {megabytes} MiB" in done.stderr


@pytest.mark.parametrize("module", ["json", "numpy", "decimal", "rich"])
def test_python_m_does_not_start_beside_a_foreign_module(tmp_path: Path, module: str) -> None:
    (tmp_path / f"{module}.py").write_text("print('hijacked')")
    (tmp_path / "f.mx").write_text("x : n\ncheck x'x wrt x == 2 x\n")
    done = subprocess.run(
        [sys.executable, "-m", "matdiff", "check", "f.mx"],
        cwd=tmp_path, capture_output=True, text=True, env={"PYTHONPATH": str(ROOT), "PATH": ""},
    )  # fmt: skip
    assert done.returncode == 2 and done.stdout == ""
    assert f"MX690 {module} would be imported from the current folder" in done.stderr


def test_nothing_is_written_anywhere(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    folder = tmp_path / "folder"
    folder.mkdir()
    places = {"HOME": str(home), "TMPDIR": str(home), "XDG_CACHE_HOME": str(home)}
    files = {"f.mx": b"x : n\ncheck x'x wrt x == 2 x\n"}
    ran = run(Call(["check", "f.mx", "--verify"], files=files), folder, places)
    assert ran.status == 0 and set(ran.files) == {"f.mx"} and not list(home.iterdir())
