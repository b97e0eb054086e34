"""What stands below and above a sum sign, and between the brackets of an entry.

A sum sign with what belongs to it comes from the lexer as one token, Σ_{i=1}^{n}, since an equals
sign and a comma mean something else there than in an expression.
"""

from __future__ import annotations

import re
from fractions import Fraction

from matdiff.errors import SyntaxProblem
from matdiff.syntax.tree import IndexSum, Item, Name, Number, Span, SumHead, Tree

_HEAD = re.compile(r"(?:sum|Σ)_\s*(\{[^{}]*\}|\w+)\s*(?:\^\s*(.+))?", re.DOTALL)
_BELOW = re.compile(r"([A-Za-z]\w*(?:\s*,\s*[A-Za-z]\w*)*)\s*(?:=\s*(\w+))?")
_WITHIN = re.compile(r"([A-Za-z]\w*(?:\s*,\s*[A-Za-z]\w*)*)\s*(?:∈|\bin\b)\s*\[\s*(\w+)\s*\]")
_MASK = "a 0/1 matrix M as a factor selects the pairs: Σ_{i,j} M[i,j] …"


def index_sum(head: SumHead, body: Tree, span: Span) -> Tree:
    """The sum with this head; raises SyntaxProblem (MX114) for a range that is not the whole."""
    place = head.span
    found = _HEAD.fullmatch(head.sign)
    assert found is not None
    below, above = (_inside(part) for part in found.groups(""))
    if (within := _WITHIN.fullmatch(below)) is not None and not above:  # Σ_{i∈[n]}
        below, above = within.groups()
    indices = _BELOW.fullmatch(below)
    if indices is None:
        raise _unread(f"the range `{below}` of a sum is not read", _MASK, place)
    start = indices.group(2)
    if start not in (None, "1"):
        raise _unread(
            f"a sum that begins at {start} runs over a part of its range, which is not read",
            "a 0/1 vector m as a factor selects terms: Σ_i m[i] …",
            place,
        )
    names = re.findall(r"\w+", indices.group(1))
    if len(names) == 1 and names[0].isalpha():
        names = list(names[0])  # Σ_{ij}
    for name in names:
        if names.count(name) > 1:
            raise _unread(f"the index {name} stands twice below one Σ", None, place)
    return IndexSum(names, _bound(above, place), body, span)


def refuse_many(items: list[Item], place: Span) -> None:
    """Raise SyntaxProblem (MX114) for more than two items between the brackets of an entry."""
    if len(items) > 2:
        hint = "an array of three indices cannot be declared; a sum of matrices may serve"
        written = f"{len(items)} indices between brackets, a matrix has two"
        raise _unread(written, hint, place)


def _inside(part: str) -> str:
    return part.removeprefix("{").removesuffix("}").strip()


def _bound(text: str, place: Span) -> Tree | None:
    if not text:
        return None
    if text.isdecimal():
        return Number(Fraction(text), place)
    if re.fullmatch(r"[A-Za-z]\w*", text):
        return Name(text, place)
    hint = "leave the bound out: the range of an index follows from where it stands"
    raise _unread(f"the upper bound `{text}` of a sum is not read", hint, place)


def _unread(message: str, hint: str | None, span: Span) -> SyntaxProblem:
    return SyntaxProblem(message, hint=hint, span=span, code="MX114")
