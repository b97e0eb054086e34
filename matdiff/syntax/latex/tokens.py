r"""The tokens of a LaTeX formula.

Fonts, spacing and sizes of brackets are dropped here, words in an upright font are one token, and
each token keeps its place in the text.  What is dropped carries no meaning: \mathbf{Wx} and
{\bf W}x are the letters W and x, with braces that the reader looks through.
"""

from __future__ import annotations

import re

from matdiff.errors import SyntaxProblem
from matdiff.syntax.latex.commands import (
    ACCENTS,
    BARS,
    CLOSING,
    FONTS,
    GREEK,
    INSTEAD,
    OPENING,
    SIZES,
    SPACES,
    WORDS,
)

Piece = tuple[str, int, int]  # text of the language, and its place in the LaTeX

_LETTER = rf"\\(?:{'|'.join(GREEK)})(?![A-Za-z])"
_WORD = rf"(?:\\_|{_LETTER}|[^{{}}\\$])*"
_GAP = r"(?:\\[,!;:]\s*)*"
_GREEK = re.compile(rf"{_LETTER}\s*")
_TOKEN = re.compile(
    rf"""(?P<word>\\(?:{"|".join(WORDS)})\*?(?![A-Za-z])\s*
             (?:\{{(?:\\(?:rm|sf|bf|!|,|,)\s*)?({_WORD}){_GAP}\}}|([A-Za-z0-9]))
         |\{{\s*\\(?:rm|sf)(?![A-Za-z])\s*({_WORD}){_GAP}\}})
     |(?P<constant>\\(?:{"|".join(map(re.escape, sorted(FONTS)))})(?![A-Za-z])\s*
         (?:\{{\s*([01])\s*\}}|([01])))
     |(?P<real>\\mathbb\s*(?:\{{\s*R\s*\}}|R)|ℝ)
     |(?P<expectation>\\mathbb\s*(?:\{{\s*E\s*\}}|E))
     |(?P<ignored>\s+|~|&|%[^\n]*
         |\\\\(?:\[[^\]\n]{{0,20}}\])?(?=(?:[\s&]|\\(?:q?quad(?![A-Za-z])|[,;:!>]))*+[+-])
         |\\(?:label|tag|[hvm]space|[hv]?phantom)\*?\s*\{{[^{{}}]*\}}
         |\\(?:mkern|mskip|kern|hskip)\s*-?[0-9.]+\s*[a-z]{{2}}
         |\\(?:mathop|mathrm|mathsf|mathtt|textnormal|mbox)(?=\s*\{{\s*\\[A-Za-z])
         |\\(?:begin|end)\s*\{{(?:equation|align|aligned|gather|split|multline|math)\*?\}}
         |\\[\])]|\$)
     |(?P<opening>\\[\[(])
     |(?P<accent>(?:{"|".join({*ACCENTS.values()} - {""})})(?![A-Za-z]))
     |(?P<command>\\(?:vb\*|[A-Za-z]+|.))
     |(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
     |(?P<bar>\|\||\||‖)
     |(?P<letter>[A-Za-zΑ-Ωα-ω])
     |(?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)
_AT_END = frozenset((".", ",", ";", "\\"))  # a full stop, or the end of a line, says nothing
_OF_FONT = 2  # the side of a brace that only holds what a font is for
_SIDED = frozenset(("{", "open", "close"))
_BRACKETS = {"(": "open", "[": "open", "<": "open", ")": "close", "]": "close", ">": "close"}


class LatexToken:
    """A token: its kind, what it says, its place, and the side of a bar, bracket or brace."""

    __slots__ = ("end", "kind", "side", "start", "text")

    def __init__(self, kind: str, text: str, start: int, end: int, side: int = 0) -> None:
        self.kind, self.text, self.start, self.end, self.side = kind, text, start, end, side


def latex_tokens(text: str, start: int, end: int) -> list[LatexToken]:
    r"""The tokens of the formula in text[start:end].

    Kinds: letter, number, word, constant (a bold 1 or 0), real (ℝ), accent, command, open, close,
    bar, sign, and `{ } ^ _` for themselves.

    >>> [token.text for token in latex_tokens(r"\mathbf{X}^\top \mathrm{tr}", 0, 28)]
    ['{', 'X', '}', '^', 'top', 'tr']
    """
    tokens: list[LatexToken] = []
    side = 0  # of the delimiter that \left or \right announces
    for found in _TOKEN.finditer(text, start, end):
        kind = str(found.lastgroup)
        if kind == "ignored":
            continue
        written = found.group()
        place = found.start(), found.end()
        if kind == "opening":
            if tokens:
                raise unread(written[1:], place)
            continue
        if kind == "command":
            name = written[1:]
            if name in SPACES or name in SIZES or name in FONTS:
                side = {"left": -1, "right": 1}.get(name, side if name in SPACES else 0)
                side = {"l": -1, "r": 1}.get(name[-1], 0) if name in SIZES else side
                side = _OF_FONT if name in FONTS else side
                continue
            tokens.append(_command(name, place, 0 if side == _OF_FONT else side))
        elif kind == "sign" and abs(side) == 1 and written == ".":
            raise _invisible(text, start, place)
        elif kind == "expectation":
            raise unread("mathbb{E}", place)
        elif kind in ("word", "constant"):
            said = next(group for group in found.groups()[1:] if group not in (None, written))
            tokens.append(_word(kind, said, place))
        elif kind == "bar":
            own = 0 if side == _OF_FONT else side
            tokens.append(LatexToken("bar", "‖" if written == "||" else written, *place, own))
        elif kind == "sign":
            mark = written if written in "{}^_" else _BRACKETS.get(written, "sign")
            said = {"[": "(", "]": ")"}.get(written, written)
            own = 0 if side == _OF_FONT and mark != "{" else side
            tokens.append(LatexToken(mark, said, *place, own if mark in _SIDED else 0))
        else:
            tokens.append(LatexToken(kind, written, *place))
        side = 0
    while tokens and tokens[-1].kind in ("sign", "command") and tokens[-1].text in _AT_END:
        tokens.pop()
    return tokens


def unread(name: str, span: tuple[int, int], reason: str = "is not read") -> SyntaxProblem:
    """The refusal of a command by its name, with what to write in its place."""
    hint = INSTEAD.get(name, "write it in the signs of the language, or leave it out")
    return SyntaxProblem(f"`\\{name}` {reason}", hint=hint, span=span, code="MX115")


def _invisible(text: str, start: int, place: tuple[int, int]) -> SyntaxProblem:
    r"""The refusal of the point after \left, \right or a size, a bracket that is not shown."""
    begin = text.rfind("\\", start, place[0])
    written = "".join(text[begin : place[1]].split())
    evaluation = written.startswith(r"\left") and re.search(r"\\right\s*(?:\||\\[lr]?vert)", text)
    if evaluation:
        return unread("left.", (begin, place[1]))
    return SyntaxProblem(
        f"`{written}` is a bracket that is not shown, and is not read",
        hint="write the bracket that is meant, or leave both out",
        span=(begin, place[1]),
        code="MX115",
    )


def _command(name: str, place: tuple[int, int], side: int) -> LatexToken:
    if name in GREEK:
        return LatexToken("letter", GREEK[name], *place)
    if name in OPENING:
        return LatexToken("open", OPENING[name], *place, side)
    if name in CLOSING:
        return LatexToken("close", CLOSING[name], *place, side)
    if name in BARS:
        bars, own = BARS[name]
        return LatexToken("bar", bars, *place, own or side)
    return LatexToken("command", name, *place)


def _word(kind: str, said: str, place: tuple[int, int]) -> LatexToken:
    spelled = _GREEK.sub(lambda found: GREEK[found.group()[1:].strip()], said)
    word = spelled.replace("\\_", "_").strip()
    if kind == "word" and len(word) == 1:
        kind = "number" if word.isdecimal() else "letter" if word.isalpha() else "sign"
    elif kind == "word" and word.isdecimal():
        kind = "number"
    elif kind == "word" and not re.fullmatch(r"[^\W_]\w*", word):
        raise not_read(word, place)
    return LatexToken(kind, word, *place)


def not_read(word: str, span: tuple[int, int]) -> SyntaxProblem:
    """The refusal of words that are no part of a formula."""
    if not word:
        return SyntaxProblem(
            "the braces of a name are empty",
            hint=r"a function is named in them, \operatorname{tr}, or a variable, \mathrm{loss}",
            span=span,
            code="MX115",
        )
    return SyntaxProblem(
        f"the text `{word[:30]}` is not read",
        hint="a formula has no words but the names of functions and variables",
        span=span,
        code="MX115",
    )
