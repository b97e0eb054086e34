"""Ctrl-C, SIGTERM and a terminal that closes: the work ends in order, with the status of a shell.

The first signal is raised as Interrupted, which ends the run as any exception would: what is
finished is written, reports are put in place, processes are ended.  Wherever it comes, though it
be in a place where Python drops exceptions, it is remembered, and `check` raises it again.  What
ends in order takes no time, so further signals are ignored for a moment; one that comes later ends
the process at once, after what must not be left behind was seen to.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator

PATIENCE = 2.0  # seconds in which further signals are the same one: `timeout` and shells send two
_SIGNALS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]


class Interrupted(KeyboardInterrupt):
    """A signal asked the command to end."""


class _State:
    """What has arrived, and what has to be done before a sudden end."""

    __slots__ = ("arrived", "at_end", "noting", "number", "raised")

    def __init__(self) -> None:
        self.number = 0  # of the first signal
        self.arrived = 0.0
        self.noting = self.raised = False
        self.at_end: list[Callable[[], None]] = []


_state = _State()


def begin() -> None:
    """From now on signals end the command in order; those that are ignored stay ignored."""
    for number in _SIGNALS:
        if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            with contextlib.suppress(ValueError):  # not in the main thread
                signal.signal(number, _arrive)


def end() -> None:
    """The status is settled: nothing may interrupt the end of the process."""
    for number in _SIGNALS:
        with contextlib.suppress(ValueError):
            signal.signal(number, signal.SIG_IGN)
    _clean_up()


def status() -> int | None:
    """128 + the number of the signal that ended the work, None if none did."""
    return 128 + _state.number if _state.number else None


def came() -> bool:
    """Whether a signal has asked the command to end."""
    return bool(_state.number)


def check() -> None:
    """Raise Interrupted if a signal has come, should the first time have gone unheard."""
    if _state.number:
        _state.raised = True
        raise Interrupted


def deliver() -> None:
    """Raise Interrupted for a signal that was only noted."""
    if _state.number and not _state.raised and not _state.noting:
        _state.raised = True
        raise Interrupted


def leave_to_first_process() -> None:
    """In a worker: the first process decides when it is over."""
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)


@contextlib.contextmanager
def noted() -> Iterator[None]:
    """In the block the first signal is only remembered: `came` says so at a convenient time, and
    `deliver` raises it behind the block."""
    before, _state.noting = _state.noting, True
    try:
        yield
    finally:
        _state.noting = before


@contextlib.contextmanager
def held() -> Iterator[None]:
    """In the block no signal arrives, here or in a process that is forked meanwhile."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def before_end(action: Callable[[], None]) -> None:
    """The action is taken when the process ends, however suddenly, unless `no_longer` says so."""
    _state.at_end.append(action)


def no_longer(action: Callable[[], None]) -> None:
    """The action need not be taken any more."""
    if action in _state.at_end:
        _state.at_end.remove(action)


def _arrive(number: int, frame: object) -> None:
    now = time.monotonic()
    if not _state.number:
        _state.number, _state.arrived = number, now
        deliver()
    elif now > _state.arrived + PATIENCE:
        _clean_up()
        os._exit(128 + _state.number)


def _clean_up() -> None:
    for action in reversed(_state.at_end):
        with contextlib.suppress(Exception):
            action()
    _state.at_end.clear()
