r"""The commands of a LaTeX document that set a derivative sign: \nabla, \partial and macros."""

from __future__ import annotations

import re
from bisect import bisect_right

_COMMAND = re.compile(r"\\(?:[A-Za-z@]+|.)", re.DOTALL)
_SIGNS = frozenset(("\\nabla", "\\partial"))


class DerivativeSigns:
    """Which commands set a derivative sign, place by place of the document."""

    __slots__ = ("_known", "_starts")

    def __init__(self, definitions: list[tuple[int, str]]) -> None:
        """`definitions` has where each ends, and its source, as \\newcommand{\\pd}{\\partial}."""
        self._starts, self._known = [0], [_SIGNS]
        for end, source in definitions:
            _, *said = _COMMAND.findall(source)
            known = self._known[-1]
            new = known - set(said[:1])
            if not known.isdisjoint(said[1:]):
                new = known | set(said[:1])
            if new != known:
                self._starts.append(end)
                self._known.append(new)

    def at(self, offset: int) -> frozenset[str]:
        r"""The commands at a place.

        >>> sorted(DerivativeSigns([(21, r"\newcommand\dd{\partial}")]).at(30))
        ['\\dd', '\\nabla', '\\partial']
        """
        return self._known[bisect_right(self._starts, offset) - 1]
