"""Entries, rows and columns: what stands below a name or bracket as indices and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matdiff.syntax.latex.raw import raw_script
from matdiff.syntax.latex.tokens import LatexToken, Piece

if TYPE_CHECKING:
    from matdiff.syntax.latex.reader import Reader

_ALL = frozenset((":", "cdot", "bullet", "*", "ast"))  # X_{i,:} and its like


def below_brackets(reader: Reader, pieces: list[Piece]) -> list[Piece]:
    """What stands below a closing bracket: [x]_+ is relu(x), (A x)_i an entry."""
    sign = reader.tokens[reader.i]
    below, stop = raw_script(reader, reader.i)
    span = sign.start, reader.tokens[stop - 1].end
    if [part.text for part in below] == ["+"]:
        reader.i = stop
        square = reader.source[pieces[0][1]] == "["
        reader.notes.append(f"{'[…]' if square else '(…)'}_+ is read as the positive part, relu")
        return [("relu", *pieces[0][1:]), *pieces]
    items = indices(reader, below) or _numbers(below)
    if not items or (len(items) == 1 and len(items[0]) > 1):
        reason = "after a bracket is read only with an index of a sum, with numbers, or as _+"
        raise reader.problem(sign, reason, hint="a comma parts two numbers: (AB)_{1,2}")
    reader.i = stop
    said, start, _ = pieces[-1]
    return [*pieces[:-1], (f"{said}[{','.join(items)}]", start, span[1])]


def indices(reader: Reader, below: list[LatexToken]) -> list[str]:
    """The indices of an entry, row or column, ":" for all; none unless one of them is bound."""
    items: list[str] = []
    for part in below:
        if part.text in reader.bound or part.kind == "number":
            items.append(part.text)
        elif part.text in _ALL:
            items.append(":")
        elif part.text != ",":
            return []
    return items if any(item in reader.bound for item in items) else []


def _numbers(below: list[LatexToken]) -> list[str]:
    """The numbers of an entry, of which one may be ":" for all; nothing for another subscript."""
    items = [":" if part.text in _ALL else part.text for part in below if part.text != ","]
    counting = [item.isdecimal() and item != "0" for item in items]
    known = all(counted or item == ":" for counted, item in zip(counting, items, strict=True))
    return items if known and any(counting) and len(items) <= 2 else []


def entry_indices(reader: Reader, inside: list[LatexToken]) -> list[str]:
    """The indices, numbers and ":" that alone stand in square brackets, one or two of them with a
    comma between; nothing for anything else."""
    commas = [token.text == "," for token in inside]
    parted = commas == [i % 2 == 1 for i in range(len(inside))]
    if not parted:
        return []
    items = [":" if token.text in _ALL else token.text for token in inside if token.text != ","]
    counted = all(item.isdecimal() or item == ":" for item in items)
    return items if counted else indices(reader, inside)


def numbered(reader: Reader, name: str, below: list[LatexToken], said: str) -> list[str]:
    """The numbers below a name where they are those of an entry: x_1 of a declared column x, X_{12}
    of a matrix X, unless a variable has that name; X_{:,1} always."""
    items = _numbers(below)
    if not items or f"{name}_{said}" in reader.declared:
        return []
    if ":" in items:
        return items
    sides = reader.sides(name) or reader.sides(name.upper())
    if sides is None or sides == ("1", "1") or name in reader.counted_from_zero():
        return []
    own = name in reader.declared
    if "1" in sides:
        items = items if len(items) == 1 and own else []
    elif len(items) == 1:  # W_1 is the first of several matrices, X_{12} an entry
        items = [*items[0]] if len(items[0]) == 2 and "0" not in items[0] else []
    if items and own:  # of x_{12} where only X is declared it is told with the name
        reader.notes.append(f"{name}_{said} is read as the entry {name}[{','.join(items)}]")
    return items


def entry(reader: Reader, name: str, items: list[str]) -> str:
    """The entry that a name with indices is: W_{ij} is W[i,j].

    Where only the matrix X is declared, x_i is its row i as a column, or its column i if only the
    columns are as many as the index counts; x_{ij} is its entry.
    """
    base, underscore, rest = name.partition("_")
    matrix = base.upper() + underscore + rest
    own = name in reader.declared or matrix not in reader.declared
    matrix = name if own else matrix
    sides, shown = reader.sides(matrix), f"{name}_{''.join(items)}"
    if len(items) > 1 or (sides is None and own) or (sides is not None and "1" in sides):
        entry = f"{matrix}[{','.join(items)}]"
        if not own:
            reader.notes.append(f"{shown} is read as the entry {entry}")
        return entry
    count = reader.bound[items[0]]
    if sides is not None and count == sides[1] != sides[0]:
        reader.notes.append(f"{shown} is read as column {items[0]} of {matrix}")
        return f"{matrix}[:,{items[0]}]"
    reader.notes.append(f"{shown} is read as row {items[0]} of {matrix}, turned into a column")
    return f"{matrix}[{items[0]},:]'"
