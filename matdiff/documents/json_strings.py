"""Where the strings of a JSON text stand: the line of each, by its path.

`json` says what a text holds and not where.  The text has been read by it before, so that it is
known to be JSON; here its tokens are gone through once, with the path to the value at hand.
"""

from __future__ import annotations

import json
import re

Path = tuple[str | int, ...]
Strings = dict[Path, int]

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|[{}\[\],:\n]', re.DOTALL)
DEPTH = 4  # cells, number of a cell, source, number of a line


def strings_of(text: str) -> Strings:
    r"""The line, from 1, of each string that is a value, at most DEPTH containers deep.

    Of a key that occurs twice the last value counts, as in `json`.

    >>> strings_of('{"a":\n ["b", {"c": "d"}]}')
    {('a', 0): 2, ('a', 1, 'c'): 2}
    """
    strings: Strings = {}
    path: list[str | int] = []
    is_object: list[bool] = []
    line = 1
    key_next = False
    for found in _TOKEN.finditer(text):
        token = found[0]
        if token == "\n":
            line += 1
        elif token in "{[":
            is_object.append(token == "{")
            path.append("" if token == "{" else 0)
            key_next = token == "{"
        elif token in "}]":
            is_object.pop()
            path.pop()
        elif token == ",":
            key_next = is_object[-1]
            if not key_next:
                path[-1] = int(path[-1]) + 1
        elif token == ":":
            key_next = False
        elif key_next:
            path[-1] = json.loads(token) if len(path) <= DEPTH else ""
        elif len(path) <= DEPTH:
            strings[tuple(path)] = line
    return strings
