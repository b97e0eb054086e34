"""What the process as a whole promises: start-up, foreign code, lost output, interruption, time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from matdiff.cli.deadline import deadline
from matdiff.cli.failures import gravest
from matdiff.errors import LimitReached

Process = tuple[list[str], dict[str, str]]
MANY = "x : n\n" + "gradient x'x wrt x\n" * 3000


def imported_by(process: Process, *arguments: str) -> set[str]:
    command, environment = process
    code = "import sys, atexit; atexit.register(lambda: print(*sys.modules, file=sys.stderr));"
    done = subprocess.run(
        [*command[:-1], code + command[-1], *arguments],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(done.stderr.split("\n")[-2].split())


def test_the_version_costs_no_more_than_click(process: Process) -> None:
    modules = imported_by(process, "--version")
    assert "click" in modules
    assert modules.isdisjoint({"numpy", "lark", "rich"})


def test_a_formula_needs_neither_numpy_nor_rich(process: Process) -> None:
    modules = imported_by(process, "gradient", "x'A x", "--wrt", "x")
    assert "lark" in modules
    assert modules.isdisjoint({"numpy", "rich"})


@pytest.mark.parametrize("name", ["numpy.py", "lark/__init__.py", "click.py"])
def test_it_does_not_start_beside_a_foreign_library(
    process: Process, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("print('hijacked')")
    command, environment = process
    with_current = environment | {"PYTHONPATH": environment["PYTHONPATH"] + os.pathsep}
    done = subprocess.run(
        [sys.executable, *command[1:], "gradient", "x'x", "--wrt", "x"],
        env=with_current, cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    module = name.split("/")[0].removesuffix(".py")
    assert done.returncode == 2
    assert "hijacked" not in done.stdout + done.stderr
    assert f"{module} would be imported from the current folder" in done.stderr
    # the console script does not have that folder on its path, and starts
    done = subprocess.run(
        [*command, "--version"], env=environment, cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("arguments", [["--version"], ["gradient", "x'x", "--wrt", "x"]])
def test_a_full_disk_is_said(process: Process, arguments: list[str]) -> None:
    command, environment = process
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*command, *arguments], env=environment, stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert done.returncode == 2
    assert "cannot write to standard output: No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


def test_closed_outputs(process: Process) -> None:
    command, environment = process
    line = subprocess.list2cmdline([*command, "gradient", "x'x", "--wrt", "x"])
    for redirection in (">&-", ">&- 2>&-"):
        done = subprocess.run(
            ["sh", "-c", f'"$@" {redirection}', "sh", *command, "gradient", "x'x", "--wrt", "x"],
            env=environment, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 2, line
        assert "Traceback" not in done.stderr


def test_a_closed_pipe_is_quiet(process: Process, tmp_path: Path) -> None:
    (tmp_path / "many.mx").write_text(MANY)
    command, environment = process
    with subprocess.Popen(
        [*command, "run", str(tmp_path / "many.mx")],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as started:  # fmt: skip
        assert started.stdout is not None and started.stderr is not None
        started.stdout.readline()
        started.stdout.close()
        assert started.wait(30) == 2
        assert started.stderr.read() == b""


def test_an_interrupt_keeps_what_was_done(process: Process, tmp_path: Path) -> None:
    (tmp_path / "many.mx").write_text(MANY)
    command, environment = process
    with subprocess.Popen(
        [*command, "run", str(tmp_path / "many.mx")],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as started:  # fmt: skip
        assert started.stdout is not None and started.stderr is not None
        first = started.stdout.readline()
        started.send_signal(signal.SIGINT)
        assert started.wait(30) == 130
        assert first.endswith(b"2 x\n")
        assert b"Traceback" not in started.stderr.read()


def test_time_is_limited() -> None:
    start = time.monotonic()
    with pytest.raises(LimitReached, match=r"time limit of 0\.1 s"), deadline(0.1):
        while time.monotonic() < start + 5:
            pass
    assert time.monotonic() < start + 3


def test_the_gravest_status_wins() -> None:
    assert gravest([0, 1, 3]) == 3
    assert gravest([1, 3, 2, 0]) == 2
    assert gravest([2, 130]) == 130
    assert gravest([143, 2]) == 143
    assert gravest([]) == 0
