"""The hostile inputs: in this process what needs no shell, in its own what does.

A quarter of the many further ones is taken, unless MATDIFF_SOAK is set.  `separately.py` carries
all of them out in processes of their own; so does `make soak`.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from matdiff.cli import application
from matdiff.documents.sources import STANDARD_INPUT
from trust.entries import LARGEST_ARGUMENT, SETTLED, Call, Entry, Ran, calls, deviations, entries
from trust.separately import run

# what takes until a limit of time, many processes, or rights that a test may not have
LEFT_TO_SEPARATELY = {
    "cli-19", "cli-27", "cli-46", "inject-41", "more-inject-61", "more-file-01", "more-file-02",
    "more-limit-28", "more-limit-34", "more-limit-35", "more-cli-34",
}  # fmt: skip
ALL = list(entries())
ENTRIES = [
    entry
    for number, entry in enumerate(ALL)
    if entry["id"] not in LEFT_TO_SEPARATELY
    and (not entry["id"].startswith("more") or number % 4 == 0 or "MATDIFF_SOAK" in os.environ)
]


def in_this_process(call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Ran:
    """The call by the function that the console script calls."""
    for name, content in call.files.items():
        (folder / name).write_bytes(content)
    monkeypatch.chdir(folder)
    for variable in [v for v in os.environ if v.startswith(("GITHUB_", "CI_", "MATDIFF"))]:
        monkeypatch.delenv(variable)
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in "oe"]
    monkeypatch.setattr(sys, "stdout", streams[0])
    monkeypatch.setattr(sys, "stderr", streams[1])
    status = application.start(call.arguments)
    out, err = (stream.buffer.getvalue() for stream in streams)  # type: ignore[attr-defined]
    monkeypatch.undo()
    return Ran(status, out, err, {path.name: path.read_bytes() for path in folder.iterdir()})


def needs_a_process(entry: Entry) -> bool:
    """Whether standard input is read, whose descriptor is not the test's to give."""
    return entry["kind"] == "cli" or any(STANDARD_INPUT in call.arguments for call in calls(entry))


def wrong(entry: Entry, carry_out: Callable[[Call, Path], Ran], folder: Path) -> list[str]:
    """What is not as expected about an entry."""
    found: list[str] = []
    first: Ran | None = None
    for number, call in enumerate(calls(entry)):
        place = folder / str(number)
        place.mkdir()
        ran = carry_out(call, place)
        first = first or ran
        found += [f"{call.arguments}: {s}" for s in deviations(entry, call, ran, first)]
    return found


@pytest.mark.parametrize(
    "entry", [e for e in ENTRIES if not needs_a_process(e)], ids=lambda entry: entry["id"]
)
def test_in_this_process(entry: Entry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = wrong(entry, lambda call, at: in_this_process(call, at, monkeypatch), tmp_path)
    assert not found


@pytest.mark.parametrize(
    "entry",
    [e for e in ENTRIES if needs_a_process(e)],
    ids=lambda entry: entry["id"],
)
def test_in_its_own_process(entry: Entry, tmp_path: Path) -> None:
    assert not wrong(entry, run, tmp_path)


def test_what_is_settled_otherwise_is_in_the_data() -> None:
    assert set(SETTLED) <= {entry["id"] for entry in ALL}
    assert len({entry["id"] for entry in ALL}) == len(ALL)
    assert LARGEST_ARGUMENT < 128 * 1024
