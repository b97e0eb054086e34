r"""The right-hand sides of the displayed equations of a LaTeX document.

An equation is a row of a display together with the rows that continue it: those that begin with =,
and those without any =.  Every right-hand side of it is claimed: of a = b = c both b and c.  One
that is not the last and holds \nabla or \partial restates the question, as the left-hand side does,
and is left out.  No part of a right-hand side are alignment, labels, numbers, comments and final
punctuation, nor a remark: what begins with a comma or semicolon, a \text of several words, \forall,
\succeq or another column, and ends with its row; and what is said beside it in brackets.

Wide space and \Rightarrow stand between two equations of a row.  The first is the one, unless only
the second has a derivative on its left.
"""

from __future__ import annotations

import re

from matdiff.documents.latex_asides import Part, asides_in, next_shown, relates
from matdiff.documents.latex_scan import Display, Scan
from matdiff.documents.latex_tokens import Token, deep, is_shown, tokens_of

_OPERATOR = r"(?:[-+]|\\(?:cdot|times|odot|circ|otimes|pm)(?![A-Za-z]))"
_GOES_ON = re.compile(r"(?:\s|&|\\(?:q?quad(?![A-Za-z])|[,;:!>])|\{\s*\})*+" + _OPERATOR)
_OPEN_ENDED = re.compile(r".*(?:[-+*/]|\\(?:cdot|times|odot|circ|otimes|pm))", re.DOTALL)


class Row:
    """A row of a displayed equation; `start` is where its first sign stands."""

    __slots__ = ("begins", "continues", "start", "tokens")

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        first = next(token for token in tokens if is_shown(token))
        self.start = first.start
        self.begins = first.kind == "relation"
        relates = any(depth == 0 and token.kind == "relation" for token, depth in deep(tokens))
        self.continues = self.begins or not relates  # the equation of the row above


def rows_of(scan: Scan, display: Display) -> list[Row]:
    """The rows of a displayed equation, empty ones left out."""
    rows: list[list[Token]] = [[]]
    depth = 0  # of braces and of environments with rows of their own
    for token in tokens_of(scan, display):
        depth = max(0, depth + {"{": 1, "}": -1}.get(token.text, 0))
        if depth and token.kind in ("row", "column"):
            token.kind = "text"  # of a matrix, say
        if token.kind == "row":
            rows.append([])
        else:
            rows[-1].append(token)
    return [Row(row) for row in rows if any(map(is_shown, row))]


class Side:
    """A right-hand side: where it begins, and its text with all that is no part of it blanked."""

    __slots__ = ("latex", "start")

    def __init__(self, text: str, tokens: list[Token]) -> None:
        self.start = position = tokens[0].start
        parts: list[str] = []
        for token in tokens:
            parts.append(re.sub(r"[^\n]", " ", text[position : token.start]))
            parts.append(text[token.start : token.end])
            position = token.end
        self.latex = "".join(parts)


def right_hand_sides(scan: Scan, rows: list[Row], signs: frozenset[str]) -> list[Side]:
    """Every right-hand side of the equation that the rows make up together.

    `signs` are the commands that set a derivative sign.
    """
    found = _Sides(scan.text, signs, is_single=len(rows) == 1)
    for row in rows:
        found.read(row)
    claimed = [side for side in map(_without_punctuation, found.sides[1:]) if side]
    return [
        Side(scan.text, side) for side in claimed if side is claimed[-1] or not _holds(side, signs)
    ]


class _Sides:
    """The sides of an equation, as its rows are read; the first is the left-hand side."""

    def __init__(self, text: str, signs: frozenset[str], *, is_single: bool) -> None:
        self.sides: list[list[Token]] = [[]]
        self._text, self._signs, self._is_single = text, signs, is_single
        self._depth = 0

    def read(self, row: Row) -> None:
        """Take in the next row, up to its remark."""
        depth = 0 if row.begins else self._depth
        parts = list(deep(row.tokens, depth))
        self._depth = max(0, parts[-1][1] - (parts[-1][0].kind == "close"))
        asides = asides_in(parts)
        last = max((i for i, (token, level) in enumerate(parts) if not level and relates(token)),
                   default=-1)  # fmt: skip
        columns = 0
        written = False  # whether the row holds a part of a right-hand side
        for i, (token, level) in enumerate(parts):
            columns += level == 0 and token.kind == "column"
            if i in asides:
                continue
            if level == 0 and written and self._ends(token, columns):
                return
            if level == 0 and written and i < last and self._parts_two(token, parts, i + 1):
                if not self._asks(parts, i + 1):
                    return
                self.sides, written = [[]], False
            elif level == 0 and token.kind == "relation":
                self.sides.append([])
            elif is_shown(token) and (token.kind != "null" or self._is_single):
                self.sides[-1].append(token)
                written = len(self.sides) > 1

    def _ends(self, token: Token, columns: int) -> bool:
        """Whether a remark begins; a term after it would be lost, so it is none then."""
        begins = token.kind == "remark" or (token.kind == "column" and columns > 1)
        return begins and not _GOES_ON.match(self._text, token.end)

    def _parts_two(self, token: Token, parts: list[Part], i: int) -> bool:
        """Whether the token stands between two equations; of the second one, i is the start."""
        if token.kind == "arrow":
            return True
        if token.kind != "wide" or not self.sides[-1]:
            return False
        after = next_shown(parts, i)
        if after is None or relates(after) or _GOES_ON.match(self._text, token.end):
            return False
        return not _OPEN_ENDED.fullmatch(self.sides[-1][-1].text)

    def _asks(self, parts: list[Part], i: int) -> bool:
        """Whether of two equations only the second has a derivative on its left."""
        if any(_holds(side, self._signs) for side in self.sides):
            return False
        left: list[Token] = []
        for token, level in parts[i:]:
            if level == 0 and token.kind == "relation":
                return _holds(left, self._signs)
            left.append(token)
        return False


def _holds(side: list[Token], signs: frozenset[str]) -> bool:
    """Whether a derivative sign stands in the side, anywhere but in a subscript."""
    subscript = 0  # braces that are open in one
    for i, token in enumerate(side):
        if subscript:
            subscript += {"{": 1, "}": -1}.get(token.text, 0)
        elif token.text == "{" and i and side[i - 1].text.endswith("_"):
            subscript = 1
        elif token.text in signs:
            return True
    return False


def _without_punctuation(side: list[Token]) -> list[Token]:
    end = len(side)
    while end and side[end - 1].text in (".", ",", ";", ":"):
        end -= 1
    return side[:end]
