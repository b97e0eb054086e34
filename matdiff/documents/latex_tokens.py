r"""The parts of the displayed equations of a LaTeX document, as far as their limits ask for."""

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
    "IEEEeqnarraynumspace displaybreak allowdisplaybreaks qedhere qed "
    "displaystyle limits strut mathstrut".split()
) | frozenset(",;:!> \n")
_WIDE = frozenset("quad qquad hfill hfil".split())
_ARROWS = frozenset(
    "Rightarrow implies Longrightarrow iff Leftrightarrow Longleftrightarrow therefore".split()
)
WORDS = frozenset("text mbox textrm textnormal textit".split())
_CONNECTIVES = frozenset("for if when where with and or since by as".split())
_OPENING = frozenset("( [ \\{ \\lbrace \\lbrack \\lparen \\langle".split())
_CLOSING = frozenset(") ] \\} \\rbrace \\rbrack \\rparen \\rangle".split())
_STACKED = frozenset("stackrel overset underset".split())
_RELATIONS = frozenset("coloneqq triangleq eqqcolon equiv doteq".split())
# That a Hessian is positive definite says more than what it is equal to.
_REMARKS = frozenset("forall eqno leqno succeq succ preceq prec".split())

_TOKEN = re.compile(
    r"""(?P<comment>%[^\n]*\n?)
     |(?P<row>\\\\\*?(?:\[[^\]\n]{0,100}\])?|\\cr(?![A-Za-z]))
     |\\(?P<edge>begin|end)\s*\{(?P<environment>[A-Za-z]+\*?)\}
     |(?P<null>\\(?:left|right)\s*\.)
     |(?P<wide>(?:\\[ ;:>]\s*|~){3,}
              |\\hspace\*?\s*\{\s*(?:[0-9]*[1-9][0-9.]*\s*(?:em|cm|in|pc)|[1-9][0-9]+[0-9.]*\s*[pm][tm]
                                    |[0-9.]*\\[a-z]+width)\s*\})
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

    Kinds: row (\\), relation (=), blank (no part of any formula), column (&), wide (space as
    between two formulas), arrow (between two equations), null (a delimiter that is not set), remark
    (what begins one), open, close, and text for all else.  Text `{` is a brace or an environment,
    in which \\ begins no row of the equation.
    """

    __slots__ = ("end", "kind", "start", "text")

    def __init__(self, kind: str, text: str, start: int, end: int) -> None:
        self.kind, self.text, self.start, self.end = kind, text, start, end


def deep(tokens: list[Token], depth: int = 0) -> Iterator[tuple[Token, int]]:
    """Each token with how many brackets are open around it; a bracket stands inside itself."""
    for token in tokens:
        if token.kind == "open":
            depth += 1
        yield token, depth
        if token.kind == "close":
            depth = max(0, depth - 1)


def is_shown(token: Token) -> bool:
    return token.kind not in ("blank", "column", "wide")


def tokens_of(scan: Scan, display: Display) -> Iterator[Token]:
    """The parts of the equation, one after the other, without gaps."""
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
    if name in _WIDE:
        return Token("wide", said, start, end)
    if name in _ARROWS:
        return Token("arrow", said, start, end)
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
    if closed and name in WORDS:
        kind = "remark" if _is_remark(scan.text[opening + 1 : closed - 1]) else "text"
        return Token(kind, said, start, closed)
    kind = "open" if said in _OPENING else "close" if said in _CLOSING else "text"
    return Token(kind, said, start, end)


def _is_remark(words: str) -> bool:
    return " " in words or words[:1] in ("(", "[") or words in _CONNECTIVES
