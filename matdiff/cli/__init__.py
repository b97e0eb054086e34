"""The command `matdiff`.

Callbacks here only translate options and print; what is computed stands in `matdiff.session` and
`matdiff.documents`.  Every command is a module that is imported when it is asked for, so that
`matdiff --version` costs the import of click and nothing else.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module

from matdiff.cli import interrupts
from matdiff.cli.guard import foreign_module, leave_current_folder

UNUSABLE, LIMIT, INTERRUPTED = 2, 3, 130


def main() -> None:
    """Entry point of the console script: never returns."""
    try:
        status = _status()
        interrupts.end()
    except KeyboardInterrupt:
        interrupts.end()
        status = INTERRUPTED
    # a signal may have come when all was done, or where Python drops exceptions
    sys.exit(interrupts.status() or status)


def _status() -> int:
    interrupts.begin()
    # nearly all that a command makes is kept until it ends; collecting meanwhile costs 5 %
    gc.set_threshold(500_000)
    found = foreign_module()
    if found is not None:
        _say(
            f"MX690 {found} would be imported from the current folder; not started\n"
            f"  hint: call the installed command `matdiff` from another folder, or take the "
            f"current folder off PYTHONPATH"
        )
        return UNUSABLE
    leave_current_folder()
    try:
        # click is imported only now: it, too, could have been a stranger's
        start: Callable[[list[str]], int] = import_module("matdiff.cli.application").start
    except Exception as problem:  # a library is missing, or there is no memory for it
        if "MATDIFF_TRACEBACK" in os.environ:
            raise
        _say(f"MX691 cannot start: {problem!a}")
        return LIMIT if isinstance(problem, MemoryError) else UNUSABLE
    return start(sys.argv[1:])


def _say(message: str) -> None:
    if sys.stderr is not None:
        with suppress(OSError):
            sys.stderr.write(f"matdiff: {message}\n")
