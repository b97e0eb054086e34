r"""Index sums: \sum_{i=1}^{n} binds i, and a subscript made of bound indices is an entry.

They become the index sums of the language, which settles their range and what they mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from matdiff.errors import SyntaxProblem
from matdiff.syntax.latex.raw import raw_script
from matdiff.syntax.latex.tokens import LatexToken, Piece, unread

_AT_MOST = frozenset(("le", "leq", "leqslant", "≤"))
_PARTIAL = frozenset(("<", ">", "le", "leq", "ge", "geq", "ne", "neq", "in", "∈", "≠", "!"))

if TYPE_CHECKING:
    from matdiff.syntax.latex.reader import Reader


def read_sum(reader: Reader, token: LatexToken) -> list[Piece]:
    r"""The head of a sum, \sum_i or \sum_{i=1}^{n}; its body is the rest of the chain."""
    start = token.start
    below, above, end = _scripts(reader, token)
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


def read_extremum(reader: Reader, token: LatexToken, name: str) -> list[Piece]:
    r"""\max_i x_i and \min_{i=1}^n x_i of a declared vector x, which are max(x) and min(x)."""
    below, above, _ = _scripts(reader, token)
    named, above, _ = _range(reader, below, above)
    index = named[0].text if len(named) == 1 and named[0].kind == "letter" else ""
    place, upper = (token.start, token.end), "".join(part.text for part in above)
    outer, reader.bound = reader.bound, {**reader.bound, index: upper}
    body = "".join(said for said, _, _ in reader.sequence(chain=True)).strip("()")
    reader.bound = outer
    if not index or index in reader.declared or f"[{index}" not in body:
        raise unread(name, place)  # \min_w f(w) is a search
    vector = body.removesuffix(f"[{index}]")
    sides = reader.sides(vector)
    if vector == body or sides is None or "1" not in sides or upper not in ("", *sides):
        size = "largest" if name == "max" else "smallest"
        hint = rf"the {size} entry of a declared column x is \{name}(x), of Ax+b \{name}(Ax+b)"
        raise reader.problem(token, "with an index is read only of the entries x_i", hint=hint)
    return [(name, *place), ("(", *place), (vector, *place), (")", *reader.last())]


def refuse_letter_for_sum(reader: Reader, token: LatexToken) -> None:
    r"""Raise for \Sigma_i and \Sigma_{i=1}^n, which the language would take for a sum, unless there
    is a variable of that name."""
    if token.text != "Σ" or not reader.is_next("_"):
        return
    below, stop = raw_script(reader, reader.i)
    index, ranged = below[0], [part.text for part in below[1:2]] == ["="]
    own = index.text in reader.bound or f"Σ_{index.text}" in reader.declared
    if index.kind == "letter" and not own and (len(below) == 1 or ranged):
        written = reader.source[token.start : reader.tokens[stop - 1].end]
        raise SyntaxProblem(
            f"`{written}` is a letter in LaTeX, and no variable of that name is declared",
            hint=rf"a sum is written \sum_{index.text}; a matrix is declared: Σ_{index.text} : n×n",
            span=(token.start, reader.tokens[stop - 1].end),
            code="MX115",
        )


def _scripts(reader: Reader, token: LatexToken) -> tuple[list[LatexToken], list[LatexToken], int]:
    """What stands below and above the sign that was read last, and where that ends."""
    below: list[LatexToken] = []
    above: list[LatexToken] = []
    end = token.start
    while reader.is_next("_") or reader.is_next("^"):
        script, stop = raw_script(reader, reader.i)
        if reader.is_next("_"):
            below = script
        else:
            above = script
        end = reader.tokens[stop - 1].end
        reader.i = stop
    return below, above, end


def _range(
    reader: Reader, below: list[LatexToken], above: list[LatexToken]
) -> tuple[list[LatexToken], list[LatexToken], bool]:
    r"""The indices, their upper bound, and whether they count from 1 to it: i=1 with an n above,
    1 \le i \le n, i \in [n], and i with an n above."""
    texts = [part.text for part in below]
    if above and texts and all(part.text == "," or part.kind == "letter" for part in below):
        return below, above, True
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
