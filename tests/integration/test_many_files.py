"""The same bytes however many processes work and whichever is done first."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Start = Callable[..., Any]

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

from claims import is_false, write_files  # noqa: E402

ODD = {
    "broken.mx": "x : n\ngradient x' wrt x\nwhat is this\ncheck x'x wrt x == 2 x\n",
    "bytes.mx": b"x : n\n\xff\n",
    "empty.mx": "# nothing\n",
    "wrong.mx": "soon : n\ncheck soon'soon wrt soon == 3 soon\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_files(tmp_path, 30)
    for name, content in ODD.items():
        (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    for number in range(20):  # each takes a time of its own, another one in every run
        (tmp_path / f"random-{number}.mx").write_text(
            "soon : n\ngradient sum(soon) wrt soon\n"
            f"check soon'soon wrt soon == {number % 3} soon\n"
        )
    return tmp_path


@pytest.mark.parametrize("command, format_", [("run", "json"), ("check", "text")])
def test_the_same_bytes(start: Start, folder: Path, command: str, format_: str) -> None:
    arguments = (command, ".", "missing.mx", "wrong.mx", "--seed", "1", "--format", format_)
    one = start(*arguments).ended()
    assert one[2] == 2 and "missing.mx" in one[1] and len(one[0]) > 2000
    for processes in ("2", "8"):
        assert start(*arguments, "-j", processes).ended() == one


def test_standard_input_among_files(tmp_path: Path) -> None:
    (tmp_path / "a.mx").write_text("x : n\ngradient x'x wrt x\n")
    found = [
        subprocess.run(
            [sys.executable, "-P", "-c", "from matdiff.cli import main; main()",
             "run", "-", "a.mx", "-", "-j", processes],
            input=b"y : n\ngradient y'y wrt y\n", capture_output=True, cwd=tmp_path, timeout=60,
            env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}, check=True,
        )
        for processes in ("1", "2")
    ]  # fmt: skip
    line = b"standard input:2: 2 y\n"
    assert found[0].stdout == found[1].stdout == line + b"a.mx:2: 2 x\n" + line


def test_a_formula_called_right_is_no_false_alarm() -> None:
    assert (
        is_false("right", "wrong") and is_false("wrong", "agrees") and is_false("right", "missing")
    )
    assert not is_false("right", "inconclusive") and not is_false("wrong", "error")
