"""Formulas in the matdiff language, short and with one reading, and the measure of their length.

Brackets stand where the grammar or the shapes would leave open how a formula is read.  A blank
stands between factors that would run together, and none where a bracket or a prime parts them.
"""

from __future__ import annotations

import re

from matdiff.errors import LimitReached
from matdiff.limits import PRINTED
from matdiff.operations import functions
from matdiff.operations.algebra import Expression
from matdiff.rendering.forms import Form, Kind, Part
from matdiff.rendering.length import length
from matdiff.rendering.names import spelled_in_ascii
from matdiff.rendering.writer import (
    Mark,
    Piece,
    Slotted,
    Spelling,
    Target,
    in_rows,
    item_text,
    separated,
    signed,
    write,
)

_TOKEN = re.compile(r"\w+(?:\.\d+)?|\.[*/^]|[^\s\w()\[\]{},]")
_SIZED = ("I", "ones", "zeros", "K", "D", "D_skew", "L_vech", "e", "hadamard", "σ")
_CALLED = frozenset((*_SIZED, *functions()))  # names that a bracket after them would call


def text(expression: Expression, *, ascii: bool = False) -> str:
    """The expression in the matdiff language, on one line.

    With `ascii` only ASCII signs: .* for ∘, kron(A,B) for A⊗B, alpha for α.
    Raises LimitReached for a formula of too many tokens.

    >>> from matdiff.dimensions import Dimension
    >>> from matdiff.operations.algebra import symbol
    >>> m, n = Dimension.of("m"), Dimension.of("n")
    >>> A, B = symbol("A", m, n), symbol("B", m, n)
    >>> text((A + B).T @ (A * B)), text(A * B, ascii=True)
    ("(A + B)'(A∘B)", 'A.*B')
    """
    check_length(expression)
    if ascii:
        return spelled_in_ascii(_joined(write(expression, _ASCII)), _CALLED | {"pi"})
    return _joined(write(expression, _TEXT))


def check_length(expression: Expression) -> None:
    """Raise LimitReached if the expression is too long to be written out."""
    if length(expression) > PRINTED:
        raise LimitReached(
            f"the formula has more than {PRINTED} names, numbers and operators when it is "
            "written out, which is the limit",
            code="MX510",
        )


def tokens(written: str) -> int:
    """The length of a formula as a reader feels it: its names, numbers and operators.

    Brackets, commas, blanks and juxtaposition are free.

    >>> tokens("(A + A')x"), tokens("X^-T⊗X^-1"), tokens("K(m,n) A.^2")
    (5, 9, 6)
    """
    return len(_TOKEN.findall(written))


def _joined(pieces: list[Piece]) -> str:
    """The pieces as one string, with blanks between factors where they are needed."""
    out: list[str] = []
    for i, piece in enumerate(pieces):
        if piece is Mark.OPEN:
            out.append("(")
        elif piece is Mark.CLOSE:
            out.append(")")
        elif isinstance(piece, str):
            out.append(piece)
        elif pieces[i + 1] is Mark.OPEN:
            if out[-1] in _CALLED:
                out[-1] = f"({out[-1]})"
            elif i > 1 and str(out[-2]).endswith("^") and not out[-1].isdecimal():
                out.append(" ")
        elif pieces[i + 1] == "[":  # blocks: without a blank they would be an index
            out.append(" ")
        elif pieces[i - 1] is not Mark.CLOSE and not out[-1].endswith("'"):
            out.append(" ")
    return "".join(out)


def _spell(form: Form) -> Spelling:
    kind = form.kind
    if kind is Kind.NAME:
        return (form.name,)
    if kind is Kind.NUMBER:
        return (form.value,)
    if kind is Kind.SIZE:
        return (str(form.sizes[0]),)
    if kind is Kind.CONSTANT or kind is Kind.CALL:
        return _call(form)
    if kind is Kind.SUM:
        return signed(form)
    if kind is Kind.PRODUCT:
        return separated(Mark.JUXTAPOSED, len(form.parts))
    if kind is Kind.INNER:
        return (0, ":" if all(_is_short(part) for part in form.parts) else " : ", 1)
    if kind is Kind.INDEXED:
        return (0, f"[{','.join(map(item_text, form.items))}]")
    if kind is Kind.BLOCKS:
        return ("[", *in_rows(form, ", ", "; "), "]")
    if kind in _SEPARATORS:
        return separated(_SEPARATORS[kind], len(form.parts))
    return _FIXED[kind]


_SEPARATORS = {
    Kind.HADAMARD: "∘",
    Kind.DIVIDE: "⊘",
    Kind.KRONECKER: "⊗",
    Kind.KHATRI_RAO: "⊛",
    Kind.QUOTIENT: "/",
}
_FIXED: dict[Kind, Spelling] = {
    Kind.MINUS: ("-", 0),
    Kind.POWER: (0, "^", 1),
    Kind.ELEMENTWISE_POWER: (0, ".^", 1),
    Kind.TRANSPOSE: (0, "'"),
    Kind.INVERSE: (0, "^-1"),
    Kind.INVERSE_TRANSPOSE: (0, "^-T"),
}


def _call(form: Form) -> Spelling:
    assert form.operation is not None
    name = form.operation.notation.symbol
    if not form.parts and not form.sizes:
        return (name,)
    pieces: list[Slotted] = [name + "("]
    for i in range(len(form.parts)):
        pieces += (i, ",")
    for size in form.sizes:
        pieces += (str(size), ",")
    pieces[-1] = ")"
    return pieces


def _is_short(part: Part) -> bool:
    """A name, or a name with a prime or in a call: no blank is in it."""
    if isinstance(part, Form) or len(part.arguments) > 1:
        return False
    return all(not inside.arguments for inside in part.arguments)


def _spell_ascii(form: Form) -> Spelling:
    kind = form.kind
    if kind in _ASCII_CALLS:
        last = len(form.parts) - 1
        pieces: list[Slotted] = []
        for i in range(last):
            pieces += (_ASCII_CALLS[kind] + "(", i, ",")
        return [*pieces, last, ")" * last]
    if kind is Kind.HADAMARD:
        return separated(".*", len(form.parts))
    if kind is Kind.DIVIDE:
        return (0, "./", 1)
    return _spell(form)


_ASCII_CALLS = {Kind.KRONECKER: "kron", Kind.KHATRI_RAO: "khatri_rao"}
_TEXT = Target(_spell)
_ASCII = Target(
    _spell_ascii, tight=dict.fromkeys(_ASCII_CALLS, 9), enclosed=frozenset(_ASCII_CALLS)
)
