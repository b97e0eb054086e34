"""Where results go: standard output, or a file that is replaced as a whole.

Output that does not arrive is an error, never a silent success.  A file is written beside its
place under a temporary name and renamed when all is well, so that a reader sees the old content or
the new and nothing between; links and devices are refused, since the name may be a stranger's.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from typing import Any, TextIO

from matdiff.cli.failures import inert, write_line
from matdiff.documents.places import visible
from matdiff.errors import FileProblem

_SIGNS = "×∘⊗⊘∂′−"


class Output:
    """Lines of results.  Use as a context: leaving it without an error puts the file in place."""

    def __init__(self, path: str | None, *, ascii_only: bool = False, color: str = "auto") -> None:
        self._path = path
        self._temporary: str | None = None
        self._lines = 0
        if path is not None:
            self._temporary, self._handle = _temporary_beside(path)
        encoding = "utf-8" if path is not None else getattr(sys.stdout, "encoding", None) or "utf-8"
        self.ascii = ascii_only or not _can_encode(_SIGNS, encoding)
        on_terminal = path is None and sys.stdout is not None and sys.stdout.isatty()
        self.wide = path is None and (color == "always" or on_terminal)
        self.color = color != "never"

    def line(self, text: str) -> None:
        """Write a line at once; OutputLost if it does not arrive."""
        self._lines += 1
        if self._path is None:
            write_line(inert(text))
            return
        try:
            self._handle.write(text + "\n")
        except OSError as problem:
            raise _cannot_write(self._path, problem) from None

    def __enter__(self) -> Output:
        return self

    def __exit__(self, kind: object, problem: object, trace: object) -> None:
        if self._path is None or self._temporary is None:
            return
        try:
            self._handle.flush()
            os.fsync(self._handle.fileno())
            self._handle.close()
            # an error found nothing to say: the file that was there is still the best answer
            if kind is None or self._lines:
                os.replace(self._temporary, self._path)
                self._temporary = None
        except OSError as failure:
            raise _cannot_write(self._path, failure) from None
        finally:
            if self._temporary is not None:
                with contextlib.suppress(OSError):
                    os.unlink(self._temporary)


def output_of(options: dict[str, Any]) -> Output:
    """The output that a command's options ask for."""
    return Output(options["output"], ascii_only=options["ascii_"], color=options["color"])


def _temporary_beside(path: str) -> tuple[str, TextIO]:
    try:
        with contextlib.suppress(FileNotFoundError):
            mode = os.lstat(path).st_mode
            if stat.S_ISLNK(mode):
                raise FileProblem(f"{visible(path)} is a link, not written to", code="MX662")
            if not stat.S_ISREG(mode):
                raise FileProblem(f"{visible(path)} is not a regular file", code="MX662")
        name = f"{path}.{os.getpid()}.part"
        handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    except OSError as problem:
        raise _cannot_write(path, problem) from None
    return name, os.fdopen(handle, "w", encoding="utf-8")


def _cannot_write(path: str, problem: OSError) -> FileProblem:
    return FileProblem(f"cannot write {visible(path)}: {problem.strerror}", code="MX661")


def _can_encode(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
