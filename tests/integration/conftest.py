"""The command in real processes, with statements that take as long as a test wants.

A statement about a variable named `long` takes half a second, one about `slow` a second, one about
`stuck` a minute; each leaves a file, named for the process that works on it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

START = """
import os, random, time
from matdiff.documents.statements import Document

carry_out = Document.carry_out

def slowly(self, given):
    text = given if isinstance(given, str) else given.text
    times = {"long": 0.5, "slow": 1.0, "stuck": 60.0, "soon": random.random() / 50}
    for word, seconds in times.items():
        if "wrt " + word in text:
            open(f"{word}.{os.getpid()}", "w").close()
            time.sleep(seconds)
    return carry_out(self, given)

Document.carry_out = slowly

from matdiff.cli import main
main()
"""


class Command:
    """A running command in a process group of its own, in a folder."""

    def __init__(
        self,
        folder: Path,
        *arguments: str,
        stdout: int = subprocess.PIPE,
        stderr: int = subprocess.PIPE,
    ) -> None:
        kept = {"TERM": "xterm"} | {
            k: v for k, v in os.environ.items() if k not in ("MATDIFF_TRACEBACK", "PYTHONPATH")
        }
        self._folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-c", START, *arguments],
            cwd=folder, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr,
            env=kept | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
            start_new_session=True,
        )  # fmt: skip

    def at_work(self, word: str) -> int:
        """Wait until a process is at work on a statement with that word; its number."""
        end = time.monotonic() + 30
        while time.monotonic() < end:
            for path in self._folder.glob(f"{word}.*"):
                return int(path.suffix[1:])
            time.sleep(0.02)
        raise AssertionError(f"nobody came to {word}")

    def press_ctrl_c(self) -> None:
        """What a terminal does: SIGINT to the whole group."""
        os.killpg(self.process.pid, signal.SIGINT)

    def ended(self) -> tuple[str, str, int]:
        """Wait for the end: standard output, standard error, exit status."""
        out, err = self.process.communicate(timeout=30)
        texts = (out or b"").decode(), (err or b"").decode()
        assert "Traceback" not in "".join(texts) and "internal error" not in "".join(texts)
        return *texts, self.process.returncode

    def is_left(self) -> bool:
        """Whether any process of the group is still there."""
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return False
        return True


Start = Callable[..., Command]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start the command in an empty folder; (*arguments, stdout=…, stderr=…) -> Command."""
    started: list[Command] = []

    def begin(*arguments: str, **streams: int) -> Command:
        started.append(Command(tmp_path, *arguments, **streams))
        return started[-1]

    yield begin
    for command in started:
        if command.is_left():
            os.killpg(command.process.pid, signal.SIGKILL)
        with command.process:  # closes the pipes and waits
            pass
