"""Time and memory are limits like any other: no input makes the command hang."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from matdiff.errors import LimitReached
from matdiff.limits import SECONDS
from matdiff.operations.algebra import limited_nodes


@contextmanager
def deadline(seconds: float = SECONDS) -> Iterator[None]:
    """Raise LimitReached in the block if it takes longer than the time given, or if its expressions
    grow beyond the limit of nodes.

    Where there are no timers (or in a thread other than the main one) the time is not limited.
    """
    if (
        not hasattr(signal, "setitimer")
        or threading.current_thread() is not threading.main_thread()
    ):
        with limited_nodes():
            yield
        return

    rung = False

    def ring(number: int, frame: object) -> None:
        nonlocal rung
        rung = True
        raise late()

    def late() -> LimitReached:
        return LimitReached(f"took longer than the time limit of {seconds:g} s", code="MX511")

    before = signal.signal(signal.SIGALRM, ring)
    # it rings again every second, should the first error have been mistaken for another one
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        with limited_nodes():
            yield
    except Exception as problem:
        if rung and not isinstance(problem, LimitReached):
            raise late() from None
        raise
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    if rung:  # a check took the error for a reason to leave its question open
        raise late()
