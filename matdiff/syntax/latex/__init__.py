r"""LaTeX is translated to the text of the language, character by character with its place.

So lexer, parser, messages and carets serve it as they serve any text: a `Text` says for each of its
characters where it stands in the original.  Nothing here is imported for a formula without LaTeX.
"""

from __future__ import annotations

from collections.abc import Collection

from matdiff.errors import MatdiffError
from matdiff.syntax.characters import Text, fold
from matdiff.syntax.latex.reader import Reader
from matdiff.syntax.latex.tokens import Piece, latex_tokens


def from_latex(text: str, declared: Collection[str], functions: Collection[str]) -> Text:
    r"""A formula in LaTeX as text of the language.

    >>> from_latex(r"\frac12\|\mathbf{Xw}-y\|_2^2", (), ()).folded
    '( 1 / 2 ) ‖ X w - y ‖_2 ^ 2 '
    """
    folded = fold(text)
    return _assembled(folded, _translated(folded, 0, len(folded.folded), declared, functions))


def with_dollars(text: str, declared: Collection[str], functions: Collection[str]) -> Text:
    """A statement in which LaTeX stands between dollars; a single dollar is left as it is."""
    folded = fold(text)
    source = folded.folded
    pieces: list[Piece] = []
    position = 0
    while (start := source.find("$", position)) >= 0:
        opening = 2 if source.startswith("$$", start) else 1
        end = source.find("$" * opening, start + opening)
        if end < 0:
            break
        pieces += _copied(source, position, start)
        inner = _translated(folded, start + opening, end, declared, functions)
        if len(inner) > 1 and not _is_declaration(inner):
            inner = [("(", start, start + opening), *inner, (")", end, end + opening)]
        pieces.append((" ", start, start))
        for piece in inner:
            pieces += [piece, (" ", piece[2], piece[2])]
        position = end + opening
    pieces += _copied(source, position, len(source))
    return _assembled(folded, pieces, glue="")


def _is_declaration(pieces: list[Piece]) -> bool:
    return any(said in ("∈", "=", ":") for said, _, _ in pieces)


def _copied(source: str, start: int, end: int) -> list[Piece]:
    return [(source[i], i, i + 1) for i in range(start, end)]


def _translated(
    folded: Text, start: int, end: int, declared: Collection[str], functions: Collection[str]
) -> list[Piece]:
    try:
        tokens = latex_tokens(folded.folded, start, end)
        return Reader(folded, tokens, declared, functions).formula()
    except MatdiffError as problem:
        if problem.span is not None:
            problem.span = folded.span(*problem.span)
        raise


def _assembled(folded: Text, pieces: list[Piece], glue: str = " ") -> Text:
    said: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for piece, start, end in pieces:
        span = folded.span(start, end)
        for written, place in ((piece, span), (glue, (span[1], span[1]))):
            said.append(written)
            starts.extend([place[0]] * len(written))
            ends.extend([place[1]] * len(written))
    return Text(folded.original, "".join(said), starts, ends)
