r"""LaTeX is translated to the text of the language, character by character with its place.

So lexer, parser, messages and carets serve it as they serve any text: a `Text` says for each of its
characters where it stands in the original.  Nothing here is imported for a formula without LaTeX.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from matdiff.errors import MatdiffError
from matdiff.syntax.characters import Text, fold
from matdiff.syntax.latex.macros import Macros, expanded, read_macros
from matdiff.syntax.latex.reader import Reader
from matdiff.syntax.latex.tokens import Piece, latex_tokens
from matdiff.syntax.roles import QUERIES

__all__ = ["Macros", "from_latex", "read_macros", "with_dollars"]

_QUERY = re.compile(r"\s*[A-Za-z]+\s+(?![:∈=]|\\(?:in|colon)(?![A-Za-z]))")
_SHAPES = re.compile(r"\s*shape\b")
_BINDS = re.compile(r"=|(?<!\\):|∈|\\(?:in|colon)(?![A-Za-z])")


def from_latex(
    text: str,
    declared: Collection[str],
    functions: Collection[str],
    macros: Macros | None = None,
) -> Text:
    r"""A formula in LaTeX as text of the language; macros may be given beside it.

    >>> from_latex(r"\frac12\|\mathbf{Xw}-y\|_2^2", (), ()).folded
    '( 1 / 2 ) ‖ X w - y ‖_2 ^ 2 '
    """
    folded = fold(text)
    told = _Told()
    whole = 0, len(folded.folded)
    pieces = _translated(folded, *whole, _Known(declared, functions, macros), told)
    return _assembled(text, pieces, " ", told)


def with_dollars(
    text: str,
    declared: Collection[str],
    functions: Collection[str],
    macros: Macros | None = None,
    symbol: str = "sum",
) -> Text:
    """A statement in which LaTeX stands between dollars; a single dollar is left as it is.

    `symbol` is that of the grammar which the statement is to be.
    """
    folded = fold(text)
    source = folded.folded
    known = _Known(declared, functions, macros)
    shapes_from = _where_shapes_begin(source, symbol)
    told = _Told()
    pieces: list[Piece] = []
    position = 0
    while (start := source.find("$", position)) >= 0:
        opening = 2 if source.startswith("$$", start) else 1
        end = source.find("$" * opening, start + opening)
        if end < 0:
            break
        pieces += _copied(folded, position, start)
        declaring = start >= shapes_from
        inner = _translated(folded, start + opening, end, known, told, declaring=declaring)
        first, last = folded.span(start, start + opening), folded.span(end, end + opening)
        if len(inner) > 1 and not declaring and not _is_equation(inner):
            inner = [("(", *first), *inner, (")", *last)]
        pieces.append((" ", first[0], first[0]))
        for piece in inner:
            pieces += [piece, (" ", piece[2], piece[2])]
        position = end + opening
    pieces += _copied(folded, position, len(source))
    return _assembled(text, pieces, "", told)


class _Known:
    """What a formula may refer to: names with their shapes if known, functions, macros."""

    __slots__ = ("declared", "functions", "macros")

    def __init__(
        self, declared: Collection[str], functions: Collection[str], macros: Macros | None
    ) -> None:
        self.declared, self.functions, self.macros = declared, functions, macros


class _Told:
    """Sentences on how formulas were understood, and on what in them may be meant otherwise."""

    __slots__ = ("doubts", "notes")

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.doubts: list[str] = []


def _where_shapes_begin(source: str, symbol: str) -> int:
    r"""The place from which on LaTeX declares: there `\times` parts the sides of a shape.

    That is all of a declaration, and what follows the `==` of a question about a shape.
    """
    if symbol == "declarations":
        return 0
    if symbol == "statement":
        if _SHAPES.match(source) and (claim := source.find("==")) >= 0:
            return claim
        binds = None if _is_query(source) else _BINDS.search(source)
        if binds is not None and binds.group() != "=":
            return 0
    return len(source)


def _is_query(source: str) -> bool:
    head = _QUERY.match(source)
    return head is not None and head.group().strip() in QUERIES


def _is_equation(pieces: list[Piece]) -> bool:
    return any(said == "=" for said, _, _ in pieces)


def _copied(folded: Text, start: int, end: int) -> list[Piece]:
    return [(folded.folded[i], *folded.span(i, i + 1)) for i in range(start, end)]


def _translated(
    folded: Text,
    start: int,
    end: int,
    known: _Known,
    told: _Told,
    *,
    declaring: bool = False,
) -> list[Piece]:
    """The pieces of the formula in folded[start:end], at their places in the original."""
    text, start, end = expanded(folded, start, end, known.macros)
    declared = frozenset(known.declared) if declaring else known.declared  # n_1 is no entry there
    try:
        tokens = latex_tokens(text.folded, start, end)
        reader = Reader(text, tokens, declared, known.functions, declaring=declaring)
        pieces = reader.formula()
    except MatdiffError as problem:
        if problem.span is not None:
            problem.span = text.span(*problem.span)
        raise
    told.notes += reader.notes
    told.doubts += reader.doubts
    return [(said, *text.span(first, last)) for said, first, last in pieces]


def _assembled(original: str, pieces: list[Piece], glue: str, told: _Told) -> Text:
    said: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for piece, start, end in pieces:
        for written, place in ((piece, (start, end)), (glue, (end, end))):
            said.append(written)
            starts.extend([place[0]] * len(written))
            ends.extend([place[1]] * len(written))
    text = Text(original, "".join(said), starts, ends, list(dict.fromkeys(told.notes)))
    text.doubts = list(dict.fromkeys(told.doubts))
    return text
