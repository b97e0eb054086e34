"""Nothing that lies in the current folder is imported.

A checkout under check may hold a `numpy.py` or a folder `lark`; with the current folder on the
import path (`python -m`, an empty entry in PYTHONPATH) it would run instead of the library, and
could make every check pass.  So matdiff does not start when one of its libraries would come from
there.  The installed console script never has the current folder on its path.
"""

from __future__ import annotations

import os
import sys
from importlib.machinery import PathFinder

LIBRARIES = ("click", "lark", "numpy", "rich")


def foreign_module() -> str | None:
    """The first library that would be imported from the current folder, if there is one."""
    try:
        here = os.path.realpath(os.getcwd())
    except OSError:  # the current folder was removed: nothing can be imported from it
        return None
    if not any(not entry or os.path.realpath(entry) == here for entry in sys.path):
        return None
    for name in LIBRARIES:
        found = sys.modules[name].__spec__ if name in sys.modules else PathFinder.find_spec(name)
        if found is None:
            continue
        places = list(found.submodule_search_locations or ()) or [found.origin or ""]
        if any(os.path.dirname(os.path.realpath(place)) == here for place in places):
            return name
    return None
