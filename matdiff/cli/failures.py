"""Exit statuses, and messages on standard error.

Standard error may be closed or full as well; losing a message must not change the exit status.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable, Iterable

from matdiff.cli import interrupts
from matdiff.cli.signs import in_ascii
from matdiff.documents.places import Origin, error_record, inert, inert_json, report, shortened
from matdiff.errors import LimitReached, MatdiffError

ALL_RIGHT, WRONG, UNUSABLE, LIMIT, INTERRUPTED = 0, 1, 2, 3, 130
_GRAVITY = (ALL_RIGHT, WRONG, LIMIT, UNUSABLE)


def gravest(statuses: Iterable[int]) -> int:
    """The status of several parts together: that of a signal before 2, 3, 1, 0."""
    return max(statuses, key=_gravity, default=ALL_RIGHT)


def _gravity(status: int) -> int:
    return _GRAVITY.index(status) if status in _GRAVITY else status


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


def say(message: str) -> None:
    """A line on standard error; the caller has made it visible."""
    if sys.stderr is None:
        return
    message = inert(message)
    with contextlib.suppress(OSError, ValueError):
        if not _speaks_unicode(sys.stderr):
            message = in_ascii(message)
        sys.stderr.write(message + "\n")
        sys.stderr.flush()


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


def failure(problem: Exception) -> MatdiffError:
    """What an exception that is no refusal means: no more memory, or a bug."""
    allowed = _memory_allowed()
    # with too little memory a library cannot be loaded, or a thread not be started
    if isinstance(problem, MemoryError) or (
        allowed and isinstance(problem, (ImportError, OSError))
    ):
        limit = f", the limit of the process is {allowed >> 20} MiB" if allowed else ""
        return LimitReached(f"out of memory{limit}", code="MX518")
    return InternalError(problem)


def _memory_allowed() -> int:
    """Bytes that the process may have, 0 if the system has set no limit."""
    with contextlib.suppress(ImportError, OSError):
        from resource import RLIM_INFINITY, RLIMIT_AS, getrlimit

        allowed = getrlimit(RLIMIT_AS)[0]
        return 0 if allowed == RLIM_INFINITY else allowed
    return 0


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
    text = inert_json(text)
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)


def write_line(text: str) -> None:
    """A line on standard output, flushed; OutputLost if it does not arrive."""
    if sys.stdout is None:
        raise OutputLost(None)
    if not _speaks_unicode(sys.stdout):
        text = in_ascii(text)
    try:
        with interrupts.noted():  # a line arrives whole or not at all
            sys.stdout.write(text + "\n")
            sys.stdout.flush()
    except OSError as problem:
        raise OutputLost(problem) from None
    interrupts.deliver()
