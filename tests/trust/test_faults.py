"""Every write, open, flush and rename made to fail once: said, status 2, the old file whole.

The fault is injected into the process at the n-th call of a function on the way of an output, for
n = 1, 2 … until the command no longer calls it so often.
"""

from __future__ import annotations

import builtins
import io
import json
import os
import sys
from collections.abc import Callable
from errno import EACCES, EIO, ENOSPC, EPIPE
from pathlib import Path
from typing import Any

import pytest

from matdiff.cli import application

CLAIMS = "x : n\ncheck x'x wrt x == 2 x\ncheck x'x wrt x == 3 x\n"
OLD = "the old one\n"
OPEN = os.open
FAULTS = [ENOSPC, EPIPE, EACCES, EIO]
OUTPUTS = {
    "report": ["check", "f.mx", "--report", "kept"],
    "results": ["check", "f.mx", "-o", "kept", "--format", "json"],
    "formula": ["gradient", "x'x", "--wrt", "x", "-o", "kept"],
}
REPORTS = ["json", "junit", "sarif", "gitlab", "html", "text"]


class Faulty:
    """A function that fails at its n-th call; `called` says how often it was."""

    def __init__(self, function: Callable[..., Any], fails_at: int, number: int) -> None:
        self.function, self.fails_at, self.number = function, fails_at, number
        self.called = 0

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        if self.function is OPEN and not arguments[1] & os.O_CREAT:
            return self.function(*arguments, **options)  # that is for reading
        self.called += 1
        if self.called == self.fails_at:
            raise OSError(self.number, os.strerror(self.number))
        return self.function(*arguments, **options)


class FaultyStream(io.TextIOWrapper):
    """A file of which one method fails at its n-th call."""

    def __init__(self, handle: int, method: str, faulty: Faulty) -> None:
        super().__init__(io.FileIO(handle, "w"), encoding="utf-8")
        faulty.function = getattr(super(), method)
        setattr(self, method, faulty)

    def end(self) -> None:
        """Close it without a fault."""
        for method in ("write", "flush", "close"):
            self.__dict__.pop(method, None)
        self.close()


def carry_out(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> tuple[int, str, str]:
    """Status, standard output and standard error of a command in this process."""
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in "oe"]
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", streams[0])
        patched.setattr(sys, "stderr", streams[1])
        status = application.start(arguments)
    out, err = (s.buffer.getvalue().decode() for s in streams)  # type: ignore[attr-defined]
    assert "Traceback" not in err and "internal error" not in err
    return status, out, err


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with claims and an old file, and away from any build server."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    (tmp_path / "f.mx").write_text(CLAIMS, encoding="utf-8")
    (tmp_path / "kept").write_text(OLD)
    return tmp_path


def inject(monkeypatch: pytest.MonkeyPatch, where: str, fails_at: int, number: int) -> Faulty:
    """Let a function of the way of an output fail at its n-th call."""
    if where.startswith("os."):
        name = where.removeprefix("os.")
        faulty = Faulty(getattr(os, name), fails_at, number)
        monkeypatch.setattr(os, name, faulty)
        return faulty
    faulty = Faulty(lambda: None, fails_at, number)
    monkeypatch.setattr(os, "fdopen", lambda handle, *_, **__: FaultyStream(handle, where, faulty))
    return faulty


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize(
    "where", ["write", "flush", "close", "os.fdopen", "os.open", "os.fsync", "os.replace"]
)
def test_a_file_that_cannot_be_written(
    folder: Path, output: str, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = OUTPUTS[output] + (["--report-format", "json"] if output == "report" else [])
    faults = 0
    for number in FAULTS:
        for fails_at in range(1, 20):
            with monkeypatch.context() as patched:
                faulty = inject(patched, where, fails_at, number)
                status, _, err = carry_out(arguments, patched)
            if faulty.called < fails_at:
                break
            faults += 1
            assert status == 2, (where, fails_at, err)
            assert os.strerror(number) in err
            assert (folder / "kept").read_text() == OLD
            assert {path.name for path in folder.iterdir()} == {"f.mx", "kept"}
        (folder / "kept").write_text(OLD)  # the last run wrote it
    assert faults >= len(FAULTS)


@pytest.mark.parametrize("format_", REPORTS)
def test_every_report_is_whole_or_the_old_one(
    folder: Path, format_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ["check", "f.mx", "--report", "kept", "--report-format", format_]
    for where in ("flush", "os.replace"):
        with monkeypatch.context() as patched:
            inject(patched, where, 1, ENOSPC)
            status, _, err = carry_out(arguments, patched)
        assert (status, (folder / "kept").read_text()) == (2, OLD)
        assert "cannot write kept: No space left on device" in err
    assert carry_out(arguments, monkeypatch)[0] == 1
    assert (folder / "kept").read_text() != OLD


def test_one_report_that_fails_costs_no_other(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ["check", "f.mx", "--report", "a.json", "--report", "b.xml", "--report", "c.html"]
    with monkeypatch.context() as patched:
        inject(patched, "os.replace", 2, ENOSPC)
        status, _, err = carry_out(arguments, patched)
    assert status == 2 and "cannot write b.xml" in err
    assert {path.name for path in folder.iterdir()} == {"f.mx", "kept", "a.json", "c.html"}


@pytest.mark.parametrize("method", ["write", "flush"])
@pytest.mark.parametrize("arguments", [
    ["check", "f.mx"], ["run", "f.mx"], ["run", "f.mx", "--format", "json"], ["explain"],
    ["functions"], ["gradient", "x'x", "--wrt", "x"],
    ["check", "f.mx", "--report-format", "github"],
], ids=" ".join)  # fmt: skip
def test_standard_output_that_takes_no_more(
    folder: Path, arguments: list[str], method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (ENOSPC, EPIPE, EIO):
        for fails_at in (2, 3, 4) if method == "flush" else (1, 2, 3):  # the first is at the start
            stream = FaultyStream(
                os.open(folder / "out", os.O_WRONLY | os.O_CREAT), method,
                faulty := Faulty(lambda: None, fails_at, number),
            )  # fmt: skip
            err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
            with monkeypatch.context() as patched:
                patched.setattr(sys, "stdout", stream)
                patched.setattr(sys, "stderr", err)
                status = application.start(arguments)
            stream.end()
            if faulty.called < fails_at:
                continue
            said = err.buffer.getvalue().decode()  # type: ignore[attr-defined]
            assert status == 2, (fails_at, said)
            assert (os.strerror(number) in said) == (number != EPIPE)  # a closed pipe is quiet
            assert "Traceback" not in said


def test_standard_error_that_takes_no_more(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in (ENOSPC, EPIPE):
        stream = FaultyStream(
            os.open(folder / "err", os.O_WRONLY | os.O_CREAT), "write",
            Faulty(lambda: None, 1, number),
        )  # fmt: skip
        out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
        with monkeypatch.context() as patched:
            patched.setattr(sys, "stdout", out)
            patched.setattr(sys, "stderr", stream)
            assert application.start(["gradient", "x'(", "--wrt", "x"]) == 2
        stream.end()


@pytest.mark.parametrize("where", ["os.read", "os.fstat"])
def test_a_file_that_cannot_be_read(
    folder: Path, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "g.mx").write_text("x : n\ncheck x'x wrt x == 2 x\n")
    for number in (EIO, EACCES):
        with monkeypatch.context() as patched:
            inject(patched, where, 1, number)
            status, out, err = carry_out(["check", "f.mx", "g.mx", "--format", "json"], patched)
        assert status == 2
        assert f"cannot read f.mx: {os.strerror(number)}" in err
        lines = [json.loads(line) for line in out.splitlines()]
        assert [line["file"] for line in lines] == ["f.mx", "g.mx"]  # the other one is checked


def test_a_summary_of_a_step_is_appended_whole_or_not_at_all(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "summary.md").write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(folder / "summary.md"))
    arguments = ["check", "f.mx", "--report-format", "github"]
    opened = builtins.open

    with monkeypatch.context() as patched:
        patched.setattr(builtins, "open", lambda file, mode="r", *rest, **options: (
            io.BufferedWriter(HalfFull(file, "ab")) if mode == "ab"
            else opened(file, mode, *rest, **options)
        ))  # fmt: skip
        status, _, err = carry_out(arguments, patched)
    assert status == 2 and "No space left" in err
    assert (folder / "summary.md").read_text() == "before\n"
    assert carry_out(arguments, monkeypatch)[0] == 1
    assert (folder / "summary.md").read_text().startswith("before\n### matdiff")


class HalfFull(io.FileIO):
    """A file on a disk that takes ten bytes more."""

    left = 10

    def write(self, content: Any) -> int:
        if not self.left:
            raise OSError(ENOSPC, os.strerror(ENOSPC))
        written = super().write(bytes(content)[: self.left]) or 0
        self.left -= written
        return written
