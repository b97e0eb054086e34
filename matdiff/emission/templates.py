"""Text made of templates: slots filled, how tightly the result binds, lists on several lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from matdiff.emission.code import ATOM, POWER, PRODUCT, SIGN, SUM, Code
from matdiff.emission.interface import LONGEST_LINE

_OPERATORS = {"=": 0, "<": 0, ">": 0, "+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT,
              "@": PRODUCT, "\\": PRODUCT, "^": POWER}  # fmt: skip
_SLOT = re.compile(r"\{(\w+)\}")


def filled(template: str, slot: Callable[[str], Code]) -> str:
    """A template with its slots filled; a whole argument of a call needs no brackets.

    >>> filled("f({0}, {0}.T)", lambda name: Code("a + b", SUM))
    'f(a + b, (a + b).T)'
    """

    def fill(found: re.Match[str]) -> str:
        before, after = template[: found.start()], template[found.end() :]
        alone = before.endswith(("(", "[", ", ")) and after.startswith((",", ")", "]"))
        return slot(found.group(1)).at(0 if alone else ATOM)

    return _SLOT.sub(fill, template)


def unwrapped(template: str) -> str:
    """A template without a pair of brackets around all of it.

    >>> unwrapped("({0} + 1)"), unwrapped("({0} + 1) * (2)")
    ('{0} + 1', '({0} + 1) * (2)')
    """
    depth = 0
    for at, sign in enumerate(template):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth == 0 and at + 1 < len(template):
            return template
    return template[1:-1] if template.startswith("(") else template


def strength_of(text: str) -> int:
    """How tightly a template binds, by the loosest operator outside of brackets."""
    depth, found = 0, SIGN if text.startswith("-") else ATOM
    for at, sign in enumerate(text):
        if sign in "([{":
            depth += 1
        elif sign in ")]}":
            depth -= 1
        elif not depth and at:
            found = min(found, _OPERATORS.get(sign, ATOM))
    return found


def listed(
    head: str, parts: Sequence[str], tail: str, *, after: str = "", indent: str = "    "
) -> Iterator[str]:
    """A list on as many lines as it needs; `after` ends a line that goes on."""
    line, is_empty = head, False
    for i, part in enumerate(parts):
        piece = f"{part}{tail if i + 1 == len(parts) else ', '}"
        if len(line) + len(piece) > LONGEST_LINE and not is_empty:
            yield f"{line.rstrip()}{after}"
            line, is_empty = indent, True
        line, is_empty = line + piece, False
    yield line if parts else f"{head}{tail}"
