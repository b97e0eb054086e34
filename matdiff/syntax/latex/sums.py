r"""Index sums: \sum_{i=1}^{n} binds i, and a subscript made of bound indices is an entry.

They become the index sums of the language, which settles their range and what they mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from matdiff.errors import SyntaxProblem
from matdiff.syntax.latex.raw import raw_script
from matdiff.syntax.latex.tokens import LatexToken, Piece

_AT_MOST = frozenset(("le", "leq", "leqslant", "≤"))
_PARTIAL = frozenset(("<", ">", "le", "leq", "ge", "geq", "ne", "neq", "in", "∈", "≠", "!"))

if TYPE_CHECKING:
    from matdiff.syntax.latex.reader import Reader


def read_sum(reader: Reader, token: LatexToken) -> list[Piece]:
    r"""The head of a sum, \sum_i or \sum_{i=1}^{n}; its body is the rest of the chain."""
    start = end = token.start
    below: list[LatexToken] = []
    above: list[LatexToken] = []
    while reader.is_next("_") or reader.is_next("^"):
        script, stop = raw_script(reader, reader.i)
        if reader.is_next("_"):
            below = script
        else:
            above = script
        end = reader.tokens[stop - 1].end
        reader.i = stop
    named, above, ranged = _range(reader, below, above)
    indices = [part.text for part in named if part.text != ","]
    letters = [part.kind for part in named if part.text != ","]
    if not indices or any(kind != "letter" for kind in letters) or (above and not ranged):
        hint = r"a sum is written \sum_i, \sum_{i,j} or \sum_{i=1}^{n}"
        if _PARTIAL & {part.text for part in below}:
            hint += "; a 0/1 matrix M as a factor selects terms: \\sum_{i,j}M_{ij}…"
        raise SyntaxProblem(
            f"`{reader.source[start : max(end, token.end)]}` is no sum that is read",
            hint=hint,
            span=(start, max(end, token.end)),
            code="MX109",
        )
    bound = "".join(part.text for part in above)
    reader.bound.update((index, bound or _range_seen(reader, index)) for index in indices)
    head = "sum_{" + ",".join(indices) + ("=1" if ranged else "") + "}"
    if above:
        head += "^{" + bound + "}"
    return [(head, start, end)]


def _range(
    reader: Reader, below: list[LatexToken], above: list[LatexToken]
) -> tuple[list[LatexToken], list[LatexToken], bool]:
    r"""The indices, their upper bound, and whether they count from 1 to it: i=1 with an n above,
    1 \le i \le n, i \in [n]."""
    texts = [part.text for part in below]
    if texts[-2:] == ["=", "1"]:
        return below[:-2], above, True
    bounds = [i for i, text in enumerate(texts) if text in _AT_MOST]
    if texts[:1] == ["1"] and bounds[:1] == [1] and len(bounds) == 2 and not above:
        return below[2 : bounds[1]], below[bounds[1] + 1 :], True
    at = next((i for i, text in enumerate(texts) if text in ("in", "∈")), 0)
    bracket = below[at + 1] if at and len(below) > at + 3 else None
    if bracket and reader.source[bracket.start] == "[" and texts[-1] == ")" and not above:
        return below[:at], below[at + 2 : -1], True
    return below, above, False


def _range_seen(reader: Reader, index: str) -> str:
    """The size of the first declared name that has the index below it alone, y_i; "" if none."""
    if reader.ranges is None:
        reader.ranges = {}
        for token, sign, *below in zip(*(reader.tokens[at:] for at in range(4)), strict=False):
            if sign.kind == "_" and (sides := reader.sides(token.text)) and sides[1] == "1":
                inside = below[1] if below[0].kind == "{" else below[0]
                reader.ranges.setdefault(inside.text, sides[0])
    return reader.ranges.get(index, "")
