"""Ctrl-C and killed processes: what is finished is printed, nothing else is lost or left behind."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Start = Callable[..., Any]

pytestmark = pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs process groups")


def statement(name: str, factor: int = 2) -> str:
    return f"{name} : n\ncheck {name}'{name} wrt {name} == {factor} {name}\n"


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / f"{name}.mx").write_text(text)


def proved(file: str, name: str = "x") -> str:
    claim = f"gradient {name}'{name} wrt {name} == 2 {name}"
    return f"{file}.mx:2: proved: {claim} (equal by algebra, for all sizes)\n"


@pytest.mark.parametrize("command", ["run", "check"])
def test_an_interrupt_in_one_process(start: Start, tmp_path: Path, command: str) -> None:
    write(
        tmp_path,
        a=statement("x") + "check x'x wrt x == x\n",
        b=statement("stuck"),
        c=statement("x"),
    )
    running = start(command, "a.mx", "b.mx", "c.mx")
    running.at_work("stuck")
    running.press_ctrl_c()
    out, err, status = running.ended()
    assert status == 130
    assert "a.mx:3: MX301 FAIL" in out and "c.mx" not in out
    assert err.strip() == "matdiff: interrupted: 1 of 3 files were carried through"
    assert out.endswith("2 claims: 1 proved, 1 wrong; interrupted\n") == (command == "check")


def test_an_interrupt_prints_what_other_processes_have_finished(
    start: Start, tmp_path: Path
) -> None:
    write(tmp_path, a=statement("stuck"), b=statement("x"), c=statement("x"), d=statement("slow"))
    running = start("run", "-j", "2", "a.mx", "b.mx", "c.mx", "d.mx")
    running.at_work("slow")
    running.press_ctrl_c()
    begin = time.monotonic()
    out, err, status = running.ended()
    assert (out, status) == (proved("b") + proved("c"), 130)
    assert err.strip() == "matdiff: interrupted: 2 of 4 files were carried through"
    assert time.monotonic() - begin < 10
    assert not running.is_left()


def test_a_second_interrupt_does_not_leave_workers_behind(start: Start, tmp_path: Path) -> None:
    write(tmp_path, a=statement("stuck"), b=statement("stuck"))
    running = start("run", "-j", "4", "a.mx", "b.mx")
    running.at_work("stuck")
    running.press_ctrl_c()
    time.sleep(0.05)
    running.press_ctrl_c()
    out, _, status = running.ended()
    assert (out, status) == ("", 130)
    assert not running.is_left()


@pytest.mark.parametrize("processes", ["2", "4"])
def test_a_killed_worker_costs_only_its_file(start: Start, tmp_path: Path, processes: str) -> None:
    write(tmp_path, a=statement("x"), b=statement("x") + statement("stuck"), c=statement("x"))
    write(tmp_path, d=statement("slow"), e=statement("x"))
    running = start("run", "-j", processes, "a.mx", "b.mx", "c.mx", "d.mx", "e.mx")
    os.kill(running.at_work("stuck"), signal.SIGKILL)
    out, err, status = running.ended()
    files = [proved("a"), proved("b"), proved("c"), proved("d", "slow"), proved("e")]
    assert out == "".join(files)
    assert err.startswith("b.mx: MX514 ") and err.count("\n") == 1
    assert status == 3
    assert not running.is_left()


def test_a_worker_that_waits_may_be_killed(start: Start, tmp_path: Path) -> None:
    # of two processes one has nothing to do while the other is slow
    write(tmp_path, a=statement("soon"), b=statement("slow"))
    running = start("run", "-j", "2", "a.mx", "b.mx")
    worker = running.at_work("soon")
    first = running.process.stdout.readline().decode()
    time.sleep(0.3)  # it has yet to say that this was all
    os.kill(worker, signal.SIGKILL)
    out, err, status = running.ended()
    assert (first + out, err, status) == (proved("a", "soon") + proved("b", "slow"), "", 0)


def test_workers_end_when_the_first_process_is_killed(start: Start, tmp_path: Path) -> None:
    write(tmp_path, a=statement("slow"), b=statement("x"), c=statement("slow"))
    running = start("run", "-j", "3", "a.mx", "b.mx", "c.mx")
    running.at_work("slow")
    running.process.kill()
    running.process.wait()
    end = time.monotonic() + 10
    while running.is_left():
        assert time.monotonic() < end, "a worker was left behind"
        time.sleep(0.05)


def test_an_ignored_interrupt_stays_ignored(start: Start, tmp_path: Path) -> None:
    write(tmp_path, a=statement("slow"), b=statement("x"))
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a shell does for `command &`
    try:
        running = start("run", "-j", "2", "a.mx", "b.mx")
    finally:
        signal.signal(signal.SIGINT, before)
    running.at_work("slow")
    running.press_ctrl_c()
    out, _, status = running.ended()
    assert (out, status) == (proved("a", "slow") + proved("b"), 0)
