"""The progress bar: on a terminal, after a while, and never in the way of results."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pty = pytest.importorskip("pty")

Start = Callable[..., Any]
LONG = "long : n\ngradient long'long wrt long\ngradient sum(long) wrt long\n"


def files(folder: Path) -> list[str]:
    names = ["a.mx", "b.mx", "c.mx"]
    for name in names:
        (folder / name).write_text(LONG)
    return names


class Terminal:
    """A terminal that keeps what is written to it."""

    def __init__(self) -> None:
        self._master, self.end = pty.openpty()
        self._parts: list[bytes] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        while True:
            try:
                part = os.read(self._master, 4096)
            except OSError:  # the other end is closed
                return
            if not part:
                return
            self._parts.append(part)

    def written(self) -> str:
        """Close it; everything that was written to it."""
        os.close(self.end)
        self._reader.join(10)
        os.close(self._master)
        return b"".join(self._parts).decode()


def left_on_screen(written: str) -> str:
    """What can be read in the end, each line as it was last written."""
    lines = [line.rpartition("\r")[2] for line in written.replace("\r\n", "\n").split("\n")]
    return "\n".join(re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", line) for line in lines)


@pytest.mark.parametrize("processes", ["1", "2"])
def test_a_bar_for_long_work_that_leaves_nothing(
    start: Start, tmp_path: Path, processes: str
) -> None:
    terminal = Terminal()
    with open(tmp_path / "out", "w") as out:
        running = start(
            "run", *files(tmp_path), "-j", processes, stdout=out.fileno(), stderr=terminal.end
        )
        _, _, status = running.ended()
    written = terminal.written()
    expected = "".join(f"{n}:2: 2 long\n{n}:3: ones(n)\n" for n in ("a.mx", "b.mx", "c.mx"))
    assert ((tmp_path / "out").read_text(), status) == (expected, 0)
    assert re.search(r"[12]/3 files +\d statements? +0:0\d", written)
    assert written.endswith("\r\x1b[K")
    assert left_on_screen(written) == ""


@pytest.mark.parametrize("processes", ["1", "2"])
def test_results_on_the_same_terminal_stand_alone(
    start: Start, tmp_path: Path, processes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    screens = []
    for switch in ("", "1"):
        monkeypatch.setenv("NO_PROGRESS", switch)
        terminal = Terminal()
        arguments = ("run", *files(tmp_path), "missing.mx", "-j", processes)
        start(*arguments, stdout=terminal.end, stderr=terminal.end).ended()
        written = terminal.written()
        assert ("/4 files" in written) == (not switch)
        screens.append(left_on_screen(written))
    assert screens[0] == screens[1]
    assert "ones(n)" in screens[0] and "MX651" in screens[0]


def test_the_bar_is_wiped_when_interrupted(start: Start, tmp_path: Path) -> None:
    (tmp_path / "d.mx").write_text(LONG.replace("long", "stuck"))
    terminal = Terminal()
    names = [*files(tmp_path)[:2], "d.mx"]
    running = start("run", *names, "-j", "2", stdout=terminal.end, stderr=terminal.end)
    running.at_work("stuck")
    time.sleep(1.0)
    running.press_ctrl_c()
    _, _, status = running.ended()
    written = terminal.written()
    assert status == 130
    assert "/3 files" in written
    said = "matdiff: interrupted: 2 of 3 files were carried through"
    assert left_on_screen(written).strip().endswith(f"\n{said}")


def test_no_bar_on_a_pipe(start: Start, tmp_path: Path) -> None:
    _, err, status = start("run", *files(tmp_path)).ended()
    assert (err, status) == ("", 0)
    terminal = Terminal()  # where what reads the pipe may write, too
    assert start("run", *files(tmp_path), stderr=terminal.end).ended()[2] == 0
    assert terminal.written() == ""


def test_no_bar_for_short_work_or_where_none_is_wanted(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "short.mx").write_text("x : n\ngradient x'x wrt x\n")
    terminal = Terminal()
    start("run", "short.mx", stdout=terminal.end, stderr=terminal.end).ended()
    assert "1 file" not in terminal.written()
    monkeypatch.setenv("TERM", "dumb")
    terminal = Terminal()
    start("run", *files(tmp_path), stdout=terminal.end, stderr=terminal.end).ended()
    assert "/3 files" not in terminal.written()
