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
SLOW = "slow : n\ngradient slow'slow wrt slow\ngradient sum(slow) wrt slow\n"


def files(folder: Path) -> list[str]:
    names = ["a.mx", "b.mx", "c.mx"]
    for name in names:
        (folder / name).write_text(SLOW)
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
    running = start("run", *files(tmp_path), "-j", processes, stderr=terminal.end)
    out, _, status = running.ended()
    written = terminal.written()
    expected = "".join(f"{n}:2: 2 slow\n{n}:3: ones(n)\n" for n in ("a.mx", "b.mx", "c.mx"))
    assert (out, status) == (expected, 0)
    assert re.search(r"[12]/3 files +\d statements? +0:0\d", written)
    assert written.endswith("\r\x1b[K")
    assert left_on_screen(written) == ""


def test_the_bar_is_wiped_when_interrupted(start: Start, tmp_path: Path) -> None:
    (tmp_path / "d.mx").write_text(SLOW.replace("slow", "stuck"))
    terminal = Terminal()
    running = start("run", *files(tmp_path)[:2], "d.mx", "-j", "2", stderr=terminal.end)
    running.at_work("stuck")
    time.sleep(1.0)
    running.press_ctrl_c()
    _, _, status = running.ended()
    written = terminal.written()
    assert status == 130
    assert "/3 files" in written
    said = "matdiff: interrupted: 2 of 3 files were carried through"
    assert left_on_screen(written).strip() == said


def test_no_bar_on_a_pipe(start: Start, tmp_path: Path) -> None:
    _, err, status = start("run", *files(tmp_path)).ended()
    assert (err, status) == ("", 0)


def test_no_bar_for_short_work_or_where_none_is_wanted(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "short.mx").write_text("x : n\ngradient x'x wrt x\n")
    terminal = Terminal()
    assert start("run", "short.mx", stderr=terminal.end).ended()[2] == 0
    assert terminal.written() == ""
    monkeypatch.setenv("NO_PROGRESS", "1")
    terminal = Terminal()
    assert start("run", *files(tmp_path), stderr=terminal.end).ended()[2] == 0
    assert terminal.written() == ""
