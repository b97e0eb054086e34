"""Reading what a person names on the command line: files, folders, standard input.

Only regular files are read, opened so that a pipe or a device without a writer cannot make the
command wait, and never more than the limit.  Text is UTF-8; anything else is refused with the
place of the first byte that does not fit, since guessing an encoding would change formulas.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator

from matdiff.documents.places import visible
from matdiff.errors import FileProblem, LimitReached, MatdiffError
from matdiff.limits import FILE as LARGEST_FILE
from matdiff.limits import FILES as MOST_FILES
from matdiff.limits import NOTEBOOK as LARGEST_NOTEBOOK
from matdiff.limits import STATEMENT

SUFFIX = ".mx"
STANDARD_INPUT = "-"


def files_under(path: str) -> list[str]:
    """The path itself, or all `.mx` files of a folder in the order of their names.

    Raises FileProblem for a folder without any: checking nothing must not look like success.
    """
    if path == STANDARD_INPUT or not os.path.isdir(path):
        return [path]
    found: list[str] = []
    # links to folders are not followed, so a link to a parent cannot make the walk endless
    for folder, folders, names in os.walk(path, onerror=_unreadable_folder):
        folders.sort()
        found.extend(os.path.join(folder, name) for name in names if name.endswith(SUFFIX))
        if len(found) > MOST_FILES:
            raise _too_many_files(f"{visible(path)} holds")
    if not found:
        raise FileProblem(f"no {SUFFIX} file in {visible(path)}", code="MX653")
    return sorted(found, key=lambda name: name.split(os.sep))


def _too_many_files(there: str) -> LimitReached:
    return LimitReached(f"{there} more than {MOST_FILES} files, the limit of one run", code="MX517")


def _unreadable_folder(problem: OSError) -> None:
    raise _cannot_read(str(problem.filename), problem)


def read_source(path: str) -> str:
    """The text of a regular file, or of standard input for "-"."""
    return decode(read_bytes(path), "standard input" if path == STANDARD_INPUT else visible(path))


def read_bytes(path: str) -> bytes:
    """At most LARGEST_FILE bytes, of a notebook LARGEST_NOTEBOOK; LimitReached beyond."""
    if not path:
        raise FileProblem("the name of a file to be read is empty", code="MX651")
    limit = LARGEST_NOTEBOOK if path.lower().endswith(".ipynb") else LARGEST_FILE
    if path == STANDARD_INPUT:
        if sys.stdin is None:
            raise FileProblem("standard input is closed")
        name = "standard input"
        try:
            content = _read_up_to(limit, sys.stdin.fileno())
        except OSError as problem:
            raise _cannot_read(name, problem) from None
    else:
        name = visible(path)
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        except (OSError, ValueError) as problem:  # ValueError: a NUL in the name
            raise _cannot_read(path, problem) from None
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise FileProblem(
                    f"{name} is not a regular file",
                    hint="pipe its content to `-`",
                    code="MX652",
                )
            content = _read_up_to(limit, handle)
        except OSError as problem:
            raise _cannot_read(path, problem) from None
        finally:
            os.close(handle)
    if len(content) > limit:
        raise LimitReached(
            f"{name} is larger than the size limit of {limit} bytes",
            hint=f"split it; a statement, on one line or more, has at most {STATEMENT} characters",
            code="MX516",
        )
    return content


def _read_up_to(limit: int, handle: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while size <= limit:
        part = os.read(handle, limit + 1 - size)
        if not part:
            break
        parts.append(part)
        size += len(part)
    return b"".join(parts)


def _cannot_read(path: str, problem: Exception) -> FileProblem:
    reason = problem.strerror if isinstance(problem, OSError) else str(problem)
    return FileProblem(f"cannot read {visible(path)}: {reason}", code="MX651")


def decode(content: bytes, name: str) -> str:
    r"""The text, without a byte order mark and with `\n` as its line end."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileProblem(f"{name} is UTF-16, not UTF-8 text", hint="save it as UTF-8")
    content = content.removeprefix(b"\xef\xbb\xbf")
    zero = content.find(b"\0")
    if zero >= 0:
        raise FileProblem(f"{name} is not UTF-8 text: NUL (U+0000) at {_place(content, zero)}")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as problem:
        byte = content[problem.start]
        raise FileProblem(
            f"{name} is not UTF-8 text: byte 0x{byte:02x} at {_place(content, problem.start)}"
        ) from None
    return text.replace("\r\n", "\n")


def _place(content: bytes, offset: int) -> str:
    line = content.count(b"\n", 0, offset) + 1
    column = offset - content.rfind(b"\n", 0, offset)
    return f"line {line}, byte {column}"


def each_path(paths: list[str]) -> Iterator[tuple[str, MatdiffError | None]]:
    """Every file that the paths name, or a path that names none with the reason."""
    seen = 0
    for path in paths:
        try:
            names = files_under(path)
        except MatdiffError as problem:
            yield path, problem
            continue
        for name in names:
            seen += 1
            if seen > MOST_FILES:
                yield name, _too_many_files("there are")
                return
            yield name, None
