"""Exit statuses, and messages on standard error.

Standard error may be closed or full as well; losing a message must not change the exit status.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
from collections.abc import Callable, Iterable

from matdiff.documents.places import Origin, error_record, report, shortened
from matdiff.errors import MatdiffError

ALL_RIGHT, WRONG, UNUSABLE, LIMIT, INTERRUPTED = 0, 1, 2, 3, 130
_GRAVITY = (ALL_RIGHT, WRONG, LIMIT, UNUSABLE, INTERRUPTED)


def gravest(statuses: Iterable[int]) -> int:
    """The status of several parts together: 130 before 2, 3, 1, 0."""
    return max(statuses, key=_GRAVITY.index, default=ALL_RIGHT)


class OutputLost(Exception):
    """Standard output took no more.  A closed pipe is ordinary, anything else is said."""

    exit_status = UNUSABLE

    def __init__(self, problem: OSError | None) -> None:
        super().__init__("output lost")
        if not isinstance(problem, BrokenPipeError):
            reason = problem.strerror if problem is not None else "it is closed"
            say(f"matdiff: MX661 cannot write to standard output: {reason}")
        if sys.stdout is not None:
            # otherwise the interpreter tries once more when it ends, and says so
            with contextlib.suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


_COMMAND = re.compile(r"^(\s*):(?=:)", re.MULTILINE)


def inert(text: str) -> str:
    """Text of which no line is a command to GitHub's runner, which reads the log: those begin with
    `::`, or have `##[` anywhere.

    >>> print(inert("::error::x ##[error]"))
    : :error::x # #[error]
    """
    return _COMMAND.sub(r"\1: ", text).replace("##[", "# #[")


def say(message: str) -> None:
    """A line on standard error; the caller has made it visible."""
    if sys.stderr is None:
        return
    message = inert(message)
    with contextlib.suppress(OSError, ValueError):
        if not _speaks_unicode(sys.stderr):
            message = message.translate(_PLAIN)
        sys.stderr.write(message + "\n")
        sys.stderr.flush()


_PLAIN = str.maketrans(
    {"×": "x", "∘": ".*", "⊘": "./", "⊗": "(x)", "≠": "!=", "→": "->", "…": "...", "∂": "d"}
)


def _speaks_unicode(stream: object) -> bool:
    return str(getattr(stream, "encoding", "") or "").lower().replace("-", "").startswith("utf")


def show_error(
    error: MatdiffError, origin: Origin | None, write: Callable[[str], None] | None
) -> int:
    """The message on standard error, and as JSON wherever `write` puts a line."""
    say(report(error, origin))
    if write is not None:
        write(as_json(error_record(error, origin)))
    return error.exit_status


class InternalError(MatdiffError):
    """What should never happen, as one line."""

    kind, code = "internal", "MX699"

    def __init__(self, bug: Exception) -> None:
        detail = shortened(str(bug)).partition("\n")[0]
        super().__init__(
            f"internal error: {type(bug).__name__}: {detail}",
            hint="please report it with the input; MATDIFF_TRACEBACK=1 shows where it happened",
        )


def wants_json(arguments: list[str]) -> bool:
    """Whether JSON was asked for, before the options could be read."""
    pairs = zip(arguments, arguments[1:], strict=False)
    return "--format=json" in arguments or ("--format", "json") in pairs


def as_json(value: object) -> str:
    """One line of JSON in which nothing can act on a terminal."""
    text = json.dumps(value, ensure_ascii=not _speaks_unicode(sys.stdout))
    text = text.replace("##[", "#\\u0023[")  # see `inert`
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)


def write_line(text: str) -> None:
    """A line on standard output, flushed; OutputLost if it does not arrive."""
    if sys.stdout is None:
        raise OutputLost(None)
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except OSError as problem:
        raise OutputLost(problem) from None
