"""The command `matdiff`.

Callbacks here only translate options and print; what is computed stands in `matdiff.session` and
`matdiff.documents`.  Every command is a module that is imported when it is asked for, so that
`matdiff --version` costs the import of click and nothing else.
"""

from __future__ import annotations

import gc
import sys
from importlib import import_module

from matdiff.cli.guard import foreign_module


def main() -> None:
    """Entry point of the console script: never returns."""
    # nearly all that a command makes is kept until it ends; collecting meanwhile costs 5 %
    gc.set_threshold(500_000)
    found = foreign_module()
    if found is not None:
        sys.stderr.write(
            f"matdiff: MX690 {found} would be imported from the current folder; not started\n"
            f"  hint: call the installed command `matdiff` from another folder, or take the "
            f"current folder off PYTHONPATH\n"
        )
        sys.exit(2)
    try:
        # click is imported only now: it, too, could have been a stranger's
        start = import_module("matdiff.cli.application").start
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(start(sys.argv[1:]))
