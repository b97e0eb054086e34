"""Nothing that lies in the current folder is imported.

A checkout under check may hold a `numpy.py` or a folder `lark`; with the current folder on the
import path (`python -m`, an empty entry in PYTHONPATH) it would run instead of the library, and
could make every check pass; so could a `json.py` instead of Python's own.  So matdiff does not
start when a library would come from there, and takes the folder off the path before it imports
anything.  The installed console script never has the current folder on its path.
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
    if not any(_is_current(entry, here) for entry in sys.path):
        return None
    for name in (*LIBRARIES, *_standard_modules_in(here)):
        module = sys.modules.get(name)
        found = module.__spec__ if module is not None else PathFinder.find_spec(name)
        if found is None:
            continue
        places = list(found.submodule_search_locations or ()) or [found.origin or ""]
        if any(os.path.dirname(os.path.realpath(place)) == here for place in places):
            return name
    return None


def leave_current_folder() -> None:
    """Take the current folder off the path of imports."""
    try:
        here = os.path.realpath(os.getcwd())
    except OSError:
        return
    sys.path[:] = [entry for entry in sys.path if not _is_current(entry, here)]


def _is_current(entry: str, here: str) -> bool:
    return not entry or os.path.realpath(entry) == here


def _standard_modules_in(folder: str) -> list[str]:
    """The names in a folder that modules of Python's library have, too."""
    try:
        names = {name.partition(".")[0] for name in os.listdir(folder)}
    except OSError:
        return []
    own = sys.stdlib_module_names - set(sys.builtin_module_names)
    return sorted(names & own)
