"""A progress bar for long work, on a terminal: files, statements and time on standard error.

It is one line, drawn only when the work has taken a while, wiped away before anything else is
written and when the work ends.  There is no thread behind it: it is redrawn as results arrive.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import time

PATIENCE = 1.0  # seconds of work before a bar appears
_PAUSE = 0.1  # seconds between two drawings, at least
_WIPE = "\r\x1b[K"


class Progress:
    """How much of the work is done.  Use as a context, which leaves nothing on the terminal.

    Nothing is shown where standard error is no terminal; nor where standard output is a pipe, since
    what reads it may write to the same terminal; nor with NO_PROGRESS in the environment.
    """

    __slots__ = ("_begun", "_drawn", "_files", "_next", "_shows", "_statements", "done")

    def __init__(self, files: int) -> None:
        self.done = 0  # files carried through
        self._files, self._statements = files, 0
        self._shows, self._drawn = _can_show(), False
        self._begun = time.monotonic()
        self._next = self._begun + PATIENCE

    def statement_done(self) -> None:
        """One more statement was carried out."""
        self._statements += 1
        self.draw()

    def file_done(self) -> None:
        """One more file was carried through."""
        self.done += 1
        self.draw()

    def draw(self) -> None:
        """Draw the bar anew, if it is time."""
        now = time.monotonic()
        if not self._shows or now < self._next:
            return
        self._write("\r" + _line(self.done, self._files, self._statements, now - self._begun))
        self._drawn = True
        self._next = now + _PAUSE

    def wipe(self) -> None:
        """Take the bar off the terminal, until it is drawn again."""
        if self._drawn:
            self._write(_WIPE)
            self._drawn = False

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, kind: object, problem: object, trace: object) -> None:
        self.wipe()

    def _write(self, text: str) -> None:
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except (OSError, ValueError):
            self._shows = False


def _can_show() -> bool:
    if os.environ.get("NO_PROGRESS") or os.environ.get("TERM") == "dumb":
        return False
    if sys.stderr is None or sys.stdout is None:
        return False
    with contextlib.suppress(OSError, ValueError):
        mode = os.fstat(sys.stdout.fileno()).st_mode
        return sys.stderr.isatty() and not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode))
    return False


def _line(done: int, files: int, statements: int, seconds: float) -> str:
    """The bar and what stands behind it, as signs for the terminal, on one line."""
    from rich.console import Console  # rich costs 40 ms, and short work needs none of it
    from rich.progress_bar import ProgressBar
    from rich.table import Table
    from rich.text import Text

    console = Console(stderr=True, highlight=False)
    grid = Table.grid(padding=(0, 1))
    grid.add_row(
        ProgressBar(files, done, width=30, pulse=files == 1, animation_time=seconds),
        Text(f"{done}/{files} file{'' if files == 1 else 's'}", no_wrap=True),
        Text(f"{statements} statement{'' if statements == 1 else 's'}", no_wrap=True),
        Text(f"{int(seconds) // 60}:{int(seconds) % 60:02}", no_wrap=True),
    )
    with console.capture() as captured:
        console.print(grid, end="", crop=True)
    return captured.get().split("\n")[0] + "\x1b[K"
