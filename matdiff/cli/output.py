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
from errno import EACCES, ENOTDIR
from typing import Any, TextIO

from matdiff.cli import interrupts
from matdiff.cli.failures import write_line
from matdiff.documents.places import inert, visible
from matdiff.errors import FileProblem

MARKUP = ("mathml",)  # formats whose writer escapes what comes from the input itself
_SIGNS = "×∘⊗⊘∂′−"


class Output:
    """Lines of results.  Use as a context: leaving it without an error puts the file in place."""

    def __init__(
        self,
        path: str | None,
        *,
        ascii_only: bool = False,
        color: str = "auto",
        markup: bool = False,
    ) -> None:
        self._path, self._markup = path, markup
        self._temporary: str | None = None
        self._lines = 0
        self._is_whole = True
        if path is not None:
            refuse_place(path)
            self._handle = self._temporary_beside(path)
        encoding = "utf-8" if path is not None else getattr(sys.stdout, "encoding", None) or "utf-8"
        self.ascii = ascii_only or not _can_encode(_SIGNS, encoding)
        on_terminal = path is None and sys.stdout is not None and sys.stdout.isatty()
        self.wide = path is None and (color == "always" or on_terminal)
        self.color = color != "never"

    def line(self, text: str) -> None:
        """Write a line at once; OutputLost if it does not arrive."""
        if self._path is None:
            write_line(text if self._markup else inert(text))
            return
        try:
            with interrupts.noted():  # a line is in the file whole or not at all
                self._handle.write(text + "\n")
                self._lines += 1
        except OSError as problem:
            self._is_whole = False
            raise _cannot_write(self._path, problem) from None
        interrupts.deliver()

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
            if self._is_whole and (kind is None or self._lines):
                os.replace(self._temporary, self._path)
                self._temporary = None
        except OSError as failure:
            raise _cannot_write(self._path, failure) from None
        finally:
            if not self._handle.closed:
                with contextlib.suppress(OSError):  # what could not be written cannot be now
                    self._handle.close()
            self._discard()
            interrupts.no_longer(self._discard)

    def _temporary_beside(self, path: str) -> TextIO:
        """A new file in the same folder, of a name that nobody can guess."""
        name = os.path.join(os.path.dirname(path), f".matdiff-{os.urandom(8).hex()}.part")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0)
        interrupts.before_end(self._discard)
        self._temporary, handle = name, -1
        try:
            handle = os.open(name, flags, 0o666)
            with contextlib.suppress(OSError, AttributeError):  # who may read it stays as it was
                os.fchmod(handle, stat.S_IMODE(os.stat(path).st_mode))
            return os.fdopen(handle, "w", encoding="utf-8")
        except OSError as problem:
            if handle >= 0:
                os.close(handle)
            self._discard()
            interrupts.no_longer(self._discard)
            raise _cannot_write(path, problem) from None

    def _discard(self) -> None:
        """Take away what has not been put in place."""
        if self._temporary is not None:
            with contextlib.suppress(OSError):
                os.unlink(self._temporary)
            self._temporary = None


def output_of(options: dict[str, Any]) -> Output:
    """The output that a command's options ask for."""
    return Output(
        options["output"],
        ascii_only=options["ascii_"],
        color=options["color"],
        markup=options["format_"] in MARKUP,
    )


def refuse_place(path: str) -> None:
    """Raise FileProblem for a path that is seen to be no place for a file, before any work."""
    if not path:
        raise FileProblem("the name of the file to be written is empty", code="MX661")
    try:
        folder = os.path.dirname(path) or os.curdir
        if not stat.S_ISDIR(os.stat(folder).st_mode):
            raise NotADirectoryError(ENOTDIR, os.strerror(ENOTDIR))
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(EACCES, os.strerror(EACCES))
        with contextlib.suppress(FileNotFoundError):
            mode = os.lstat(path).st_mode
            if stat.S_ISLNK(mode):
                raise FileProblem(f"{visible(path)} is a link, not written to", code="MX662")
            if not stat.S_ISREG(mode):
                raise FileProblem(f"{visible(path)} is not a regular file", code="MX662")
    except (OSError, ValueError) as problem:  # ValueError: a NUL in the name
        raise _cannot_write(path, problem) from None


def _cannot_write(path: str, problem: Exception) -> FileProblem:
    reason = problem.strerror if isinstance(problem, OSError) else problem
    return FileProblem(f"cannot write {visible(path)}: {reason}", code="MX661")


def _can_encode(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
