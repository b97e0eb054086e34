r"""The right-hand sides of the displayed equations of a LaTeX document.

An equation is a row of a display together with the rows that continue it: those that begin with =,
and those without any =.  Every right-hand side of it is claimed: of a = b = c both b and c.  One
that is not the last and holds \nabla or \partial restates the question, as the left-hand side does,
and is left out.  No part of a right-hand side are alignment, labels, numbers, comments and final
punctuation, nor a remark: what begins with a comma or semicolon, a \text of several words, \forall,
\succeq or another column, and ends with its row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from matdiff.documents.latex_scan import Display, Scan

# Environments in an equation whose rows are rows of the equation.
_TRANSPARENT = frozenset("split aligned gathered alignedat multlined".split())
_WITH_ARGUMENT = frozenset(
    "label tag intertext shortintertext hspace vspace phantom hphantom vphantom".split()
)
_BLANKS = frozenset(
    "nonumber notag yesnumber IEEEyesnumber IEEEnonumber IEEEyessubnumber IEEEnosubnumber "
    "IEEEeqnarraynumspace displaybreak allowdisplaybreaks qedhere qed hfill hfil quad qquad "
    "displaystyle limits strut mathstrut".split()
) | frozenset(",;:!> \n")
_WORDS = frozenset("text mbox textrm textnormal textit".split())
_CONNECTIVES = frozenset("for if when where with and or since by as".split())
_OPENING = frozenset("( [ \\{ \\lbrace \\lbrack \\lparen \\langle".split())
_CLOSING = frozenset(") ] \\} \\rbrace \\rbrack \\rparen \\rangle".split())
_STACKED = frozenset("stackrel overset underset".split())
_RELATIONS = frozenset("coloneqq triangleq eqqcolon equiv doteq".split())
# That a Hessian is positive definite says more than what it is equal to.
_REMARKS = frozenset("forall eqno leqno succeq succ preceq prec".split())
_DERIVATIVES = frozenset(("\\nabla", "\\partial"))
_GOES_ON = re.compile(
    r"(?:\s|&|\\(?:q?quad(?![A-Za-z])|[,;:!>]))*+(?:[-+]|\\(?:cdot|times|odot|circ|otimes|pm)(?![A-Za-z]))"
)

_TOKEN = re.compile(
    r"""(?P<comment>%[^\n]*\n?)
     |(?P<row>\\\\\*?(?:\[[^\]\n]{0,100}\])?|\\cr(?![A-Za-z]))
     |\\(?P<edge>begin|end)\s*\{(?P<environment>[A-Za-z]+\*?)\}
     |(?P<null>\\(?:left|right)\s*\.)
     |\\(?P<command>[A-Za-z]+\*?|.|\n)
     |(?P<relation>:?=)
     |(?P<sign>[&{}()\[\],;.:])
     |(?P<blank>[\s~]+)
     |(?P<text>[^\\%&{}()\[\],;.:~=\s]+)""",
    re.VERBOSE,
)
_POSITION = re.compile(r"\[[a-z]\]")
_STACKED_SIGN = re.compile(r"\s*\{\s*&?\s*:?=\s*\}")


class Token:
    r"""A part of a formula.

    Kinds: row (\\), relation (=), blank (no part of any formula), column (&), null (a delimiter
    that is not set), remark (what begins one), open, close, and text for all else.  Text `{` is a
    brace or an environment, in which \\ begins no row of the equation.
    """

    __slots__ = ("end", "kind", "start", "text")

    def __init__(self, kind: str, text: str, start: int, end: int) -> None:
        self.kind, self.text, self.start, self.end = kind, text, start, end


class Row:
    """A row of a displayed equation; `start` is where its first sign stands."""

    __slots__ = ("begins", "continues", "start", "tokens")

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        first = next(token for token in tokens if _is_shown(token))
        self.start = first.start
        self.begins = first.kind == "relation"
        relates = any(depth == 0 and token.kind == "relation" for token, depth in deep(tokens))
        self.continues = self.begins or not relates  # the equation of the row above


def rows_of(scan: Scan, display: Display) -> list[Row]:
    """The rows of a displayed equation, empty ones left out."""
    rows: list[list[Token]] = [[]]
    depth = 0  # of braces and of environments with rows of their own
    for token in _tokens(scan, display):
        depth = max(0, depth + {"{": 1, "}": -1}.get(token.text, 0))
        if depth and token.kind in ("row", "column"):
            token.kind = "text"  # of a matrix, say
        if token.kind == "row":
            rows.append([])
        else:
            rows[-1].append(token)
    return [Row(row) for row in rows if any(map(_is_shown, row))]


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


def right_hand_sides(scan: Scan, rows: list[Row]) -> list[Side]:
    """Every right-hand side of the equation that the rows make up together."""
    sides: list[list[Token]] = [[]]
    depth = 0
    for row in rows:
        depth = 0 if row.begins else depth
        columns = 0
        written = remark = False  # whether the row holds a part of a right-hand side, a remark
        for token, level in deep(row.tokens, depth):
            depth = level - (token.kind == "close" and level > 0)
            if level == 0 and token.kind == "column":
                columns += 1
            begins = token.kind == "remark" or (token.kind == "column" and columns > 1)
            if begins and level == 0 and written:  # a term after it would be lost: no remark then
                remark |= not _GOES_ON.match(scan.text, token.end)
            if level == 0 and token.kind == "relation" and not remark:
                sides.append([])
            elif not remark and _is_shown(token) and (token.kind != "null" or len(rows) == 1):
                sides[-1].append(token)
                written = len(sides) > 1
    claimed = [side for side in map(_without_punctuation, sides[1:]) if side]
    return [Side(scan.text, side) for side in claimed if side is claimed[-1] or not _restates(side)]


def deep(tokens: list[Token], depth: int = 0) -> Iterator[tuple[Token, int]]:
    """Each token with how many brackets are open around it; a bracket stands inside itself."""
    for token in tokens:
        if token.kind == "open":
            depth += 1
        yield token, depth
        if token.kind == "close":
            depth = max(0, depth - 1)


def _is_shown(token: Token) -> bool:
    return token.kind not in ("blank", "column")


def _restates(side: list[Token]) -> bool:
    return any(token.text in _DERIVATIVES for token in side)


def _without_punctuation(side: list[Token]) -> list[Token]:
    end = len(side)
    while end and side[end - 1].text in (".", ",", ";", ":"):
        end -= 1
    return side[:end]


def _tokens(scan: Scan, display: Display) -> Iterator[Token]:
    at = display.start
    if display.name.startswith(("alignat", "xalignat", "IEEEeqnarray")):
        at = scan.groups.get(at, at)  # how many columns there are
    while at < display.end and (found := _TOKEN.match(scan.text, at, display.end)):
        token = _token(scan, found)
        yield token
        at = token.end


def _token(scan: Scan, found: re.Match[str]) -> Token:
    kind = str(found.lastgroup)
    if kind == "environment":
        return _edge(scan, found)
    if kind == "command":
        return _command(scan, found)
    if kind == "comment":
        kind = "blank"
    elif kind == "sign":
        kind = _sign(found[0])
    return Token(kind, found[0], found.start(), found.end())


def _sign(sign: str) -> str:
    if sign == "&":
        return "column"
    if sign in ",;":
        return "remark"
    if sign == "{" or sign in _OPENING:
        return "open"
    return "close" if sign == "}" or sign in _CLOSING else "text"


def _edge(scan: Scan, found: re.Match[str]) -> Token:
    start, end = found.start(), found.end()
    begins = found["edge"] == "begin"
    if found["environment"] not in _TRANSPARENT:
        return Token("open" if begins else "close", "{" if begins else "}", start, end)
    if begins:
        if position := _POSITION.match(scan.text, end):
            end = position.end()
        if found["environment"] == "alignedat":
            end = scan.groups.get(end, end)
    return Token("blank", "", start, end)


def _command(scan: Scan, found: re.Match[str]) -> Token:
    name, start, end = found["command"], found.start(), found.end()
    said = f"\\{name}"
    if name in _BLANKS:
        return Token("blank", said, start, end)
    if name in _RELATIONS:
        return Token("relation", said, start, end)
    if name in _REMARKS:
        return Token("remark", said, start, end)
    opening = found.end(0)
    while scan.text[opening : opening + 1].isspace():
        opening += 1
    closed = scan.groups.get(opening)
    if name.removesuffix("*") in _WITH_ARGUMENT:
        return Token("blank", said, start, closed or end)
    if closed and name in _STACKED and (sign := _STACKED_SIGN.match(scan.text, closed)):
        return Token("relation", said, start, sign.end())
    if closed and name in _WORDS:
        kind = "remark" if _is_remark(scan.text[opening + 1 : closed - 1]) else "text"
        return Token(kind, said, start, closed)
    kind = "open" if said in _OPENING else "close" if said in _CLOSING else "text"
    return Token(kind, said, start, end)


def _is_remark(words: str) -> bool:
    return " " in words or words in _CONNECTIVES
