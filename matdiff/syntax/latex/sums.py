r"""Index sums: \sum_{i=1}^{n} binds i, and a subscript made of bound indices is an entry.

They become the index sums of the language, which settles their range and what they mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from matdiff.errors import SyntaxProblem
from matdiff.syntax.latex.names import raw_script
from matdiff.syntax.latex.tokens import LatexToken, Piece

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
    ranged = texts[1:] == ["=", "1"]
    indices = texts[:1] if ranged else [text for text in texts if text != ","]
    letters = [part.kind for part in below if part.text in indices]
    if not indices or any(kind != "letter" for kind in letters) or (above and not ranged):
        raise SyntaxProblem(
            f"`{reader.source[start : max(end, token.end)]}` is no sum that is read",
            hint=r"a sum is written \sum_i, \sum_{i,j} or \sum_{i=1}^{n}",
            span=(start, max(end, token.end)),
            code="MX109",
        )
    reader.bound.update(indices)
    head = "sum_{" + ",".join(indices) + ("=1" if ranged else "") + "}"
    if above:
        head += "^{" + "".join(part.text for part in above) + "}"
    return [(head, start, end)]
