r"""Matrices in LaTeX: blocks between \begin{bmatrix} and \end{bmatrix}, and entries X_{[1,2]}.

The cells are read one by one, each as a formula of its own, so that & and \\ have their meaning
here alone.  A subscript in square brackets holds entries and ranges by number, as the formulas that
matdiff writes have them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from matdiff.syntax.latex.entries import entry_indices
from matdiff.syntax.latex.raw import raw_script
from matdiff.syntax.latex.tokens import LatexToken, Piece, latex_tokens

if TYPE_CHECKING:
    from matdiff.syntax.latex.reader import Reader

Span = tuple[int, int]
_ENVIRONMENTS = r"[bpvBV]?matrix\*?|smallmatrix|array"
_BEGIN = re.compile(rf"\\begin\s*\{{\s*({_ENVIRONMENTS})\s*\}}(?:\s*\{{[lcr|\s]*\}})?")
_SIGNS = re.compile(r"\\begin\s*\{[^{}]*\}|\\end\s*\{[^{}]*\}|\\\\|\\.|[{}&]", re.DOTALL)
_DETERMINANT = "vmatrix"
_LONGEST_ENTRY = 4  # tokens from the bracket of X[i,j] to the one that closes it


def read_matrix(reader: Reader, token: LatexToken) -> list[Piece]:
    r"""The blocks of the environment that begins at the token; raises for any other one."""
    opening = _BEGIN.match(reader.source, token.start)
    if opening is None:
        raise reader.refuse(token)
    rows, end, closed = _cells(reader.source, opening.end())
    if not closed:
        raise reader.problem(token, "is not closed", "MX104")
    while (inner := reader.peek()) is not None and inner.start < end:
        reader.i += 1
    start_of, end_of = opening.span(), (end, end)
    pieces: list[Piece] = []
    for row in rows:
        pieces.append((";" if pieces else "[", *(row[0] if pieces else start_of)))
        for at, cell in enumerate(row):
            pieces += [(",", cell[0], cell[0])] if at else []
            pieces += _formula(reader, token, cell)
    pieces.append(("]", *end_of))
    if opening.group(1) == _DETERMINANT:
        return [("det", *start_of), ("(", *start_of), *pieces, (")", *end_of)]
    return pieces


def _formula(reader: Reader, token: LatexToken, cell: Span) -> list[Piece]:
    tokens = latex_tokens(reader.source, *cell)
    if not tokens:
        raise reader.problem(token, "has a cell with nothing in it", "MX105")
    inner = type(reader)(reader.text, tokens, reader.declared, reader.functions)
    inner.bound, inner.depth = reader.bound, reader.depth + 1
    inner.notes, inner.doubts = reader.notes, reader.doubts
    pieces = inner.formula()
    if pieces and pieces[0][0] == "[":  # a matrix of matrices is none of rows in brackets
        pieces = [("(", *pieces[0][1:]), *pieces, (")", *pieces[-1][1:])]
    return pieces


def _cells(source: str, start: int) -> tuple[list[list[Span]], int, bool]:
    """The places of the cells, row by row, where the environment ends, and whether it does."""
    rows: list[list[Span]] = [[]]
    depth, at = 0, start
    for found in _SIGNS.finditer(source, start):
        sign = found.group()
        if depth == 0 and sign.startswith((r"\end", r"\\", "&")):
            rows[-1].append((at, found.start()))
            at = found.end()
            if sign.startswith(r"\end"):
                if not source[rows[-1][0][0] : rows[-1][0][1]].strip() and len(rows) > 1:
                    rows.pop()  # the last line ends in \\
                return rows, at, True
            if sign.startswith(r"\\"):
                rows.append([])
        elif sign == "{" or sign.startswith(r"\begin"):
            depth += 1
        elif sign == "}" or sign.startswith(r"\end"):
            depth -= 1
    return rows, len(source), False


def is_slice(reader: Reader) -> bool:
    """Whether a subscript in square brackets comes next: X_{[1,:]}."""
    ahead = reader.tokens[reader.i : reader.i + 3]
    if [token.kind for token in ahead] != ["_", "{", "open"]:
        return False
    return reader.source[ahead[2].start] == "["


def sliced_below(reader: Reader, pieces: list[Piece]) -> list[Piece]:
    """An operand with the entry or slice that is taken of it, if one is."""
    while (entry := _entry_beside(reader, pieces)) is not pieces:
        pieces = entry
    reader.leave_braces()
    if not is_slice(reader):
        return pieces
    below, stop = raw_script(reader, reader.i)
    reader.i = stop
    said, start, _ = pieces[-1]
    inside = " ".join(token.text for token in below[1:-1])
    return [*pieces[:-1], (f"{said}[{inside}]", start, reader.tokens[stop - 1].end)]


def _entry_beside(reader: Reader, pieces: list[Piece]) -> list[Piece]:
    """An operand with the entry in brackets beside it, x[k] or X[i,:], as plain text has them."""
    ahead = 0
    while ahead < reader.braces and (inner := reader.peek(ahead)) and inner.kind == "}":
        ahead += 1
    opening, at = reader.peek(ahead), reader.i + ahead
    beside = opening is not None and at > 0 and reader.tokens[at - 1].end == opening.start
    if opening is None or not beside or opening.kind != "open":
        return pieces
    if reader.source[opening.start] != "[":
        return pieces
    if pieces[-1][0][:1].isdecimal():  # 2[3] is a product
        return pieces
    inside = reader.tokens[at + 1 : at + 1 + _LONGEST_ENTRY]
    stop = next((i for i, token in enumerate(inside) if token.kind == "close"), 0)
    items = entry_indices(reader, inside[:stop])
    if not items:
        return pieces
    reader.braces -= ahead
    reader.i = at + stop + 2
    said, start, _ = pieces[-1]
    return [*pieces[:-1], (f"{said}[{','.join(items)}]", start, inside[stop].end)]
