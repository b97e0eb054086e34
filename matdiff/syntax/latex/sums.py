r"""Index sums: \sum_{i=1}^{n} binds i, and a subscript made of bound indices is an entry.

They become the index sums of the language, which settles their range and what they mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from matdiff.errors import SyntaxProblem
from matdiff.syntax.latex.names import raw_script
from matdiff.syntax.latex.tokens import LatexToken, Piece

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
    texts = [part.text for part in below]
    ranged = texts[-2:] == ["=", "1"]
    indices = [text for text in (texts[:-2] if ranged else texts) if text != ","]
    letters = [part.kind for part in below if part.text in indices]
    if not indices or any(kind != "letter" for kind in letters) or (above and not ranged):
        hint = r"a sum is written \sum_i, \sum_{i,j} or \sum_{i=1}^{n}"
        if _PARTIAL & {*texts}:
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


def _range_seen(reader: Reader, index: str) -> str:
    """The size of the first declared name that has the index below it alone, y_i; "" if none."""
    if reader.ranges is None:
        reader.ranges = {}
        for token, sign, *below in zip(*(reader.tokens[at:] for at in range(4)), strict=False):
            if sign.kind == "_" and (sides := reader.sides(token.text)) and sides[1] == "1":
                inside = below[1] if below[0].kind == "{" else below[0]
                reader.ranges.setdefault(inside.text, sides[0])
    return reader.ranges.get(index, "")
