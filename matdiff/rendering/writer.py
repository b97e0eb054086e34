"""The one engine that writes forms: where brackets stand is decided here, for every target.

A target says how each kind is spelled: strings, marks where factors meet, and slots, a slot being
the index of a part.  The engine fills the slots from left to right with an explicit stack, so that
writing takes time linear in what is written, however deep the expression.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum

from matdiff.dimensions import Dimension, Shape
from matdiff.operations.algebra import Expression
from matdiff.rendering.arrangement import form
from matdiff.rendering.forms import STRENGTH, Form, Item, Kind, Part


class Mark(Enum):
    """What stands between strings in the output until the target joins them."""

    JUXTAPOSED = "juxtaposed"
    OPEN = "open"
    CLOSE = "close"


Piece = str | Mark
Slotted = str | Mark | int  # an int is a slot: the index of a part
Spelling = Sequence[Slotted]


# How tight a part has to bind to stand without brackets in each kind.
LEAST = {
    Kind.SUM: 2,
    Kind.MINUS: 2,
    Kind.INNER: 4,
    Kind.PRODUCT: 5,
    Kind.QUOTIENT: 5,
    Kind.HADAMARD: 5,
    Kind.DIVIDE: 5,
    Kind.KRONECKER: 5,
    Kind.KHATRI_RAO: 5,
}
INDEXABLE = frozenset(
    (Kind.NAME, Kind.CALL, Kind.CONSTANT, Kind.TRANSPOSE, Kind.INDEXED, Kind.BLOCKS)
)


class Target:
    """A language formulas are written in.

    spell     the spelling of a form: strings, marks, and slots for its parts
    tight     kinds that bind more tightly in this language, as a fraction does in LaTeX
    enclosed  kinds whose parts are enclosed by the spelling, as those of kron(A,B)
    raised    whether exponents are set apart, so that they need no brackets
    postfix   whether a call is written as a sign behind its argument, as pinv(X) is X^{+}
    """

    __slots__ = ("enclosed", "postfix", "raised", "spell", "tight")

    def __init__(
        self,
        spell: Callable[[Form], Spelling],
        *,
        tight: Mapping[Kind, int] | None = None,
        enclosed: frozenset[Kind] = frozenset(),
        raised: bool = False,
        postfix: Callable[[Form], bool] = lambda form: False,
    ) -> None:
        self.spell, self.tight = spell, tight or {}
        self.enclosed, self.raised, self.postfix = enclosed, raised, postfix

    def spelled(self, spell: Callable[[Form], Spelling]) -> Target:
        """The same brackets in another spelling."""
        return Target(
            spell,
            tight=self.tight,
            enclosed=self.enclosed,
            raised=self.raised,
            postfix=self.postfix,
        )


def write(root: Expression, target: Target) -> list[Piece]:
    """The strings and marks of a formula, from left to right."""
    written: list[Piece] = []
    stack: list[Piece | Part] = [root]
    while stack:
        item = stack.pop()
        if isinstance(item, (str, Mark)):
            written.append(item)
            continue
        outer = item if isinstance(item, Form) else form(item)
        for piece in reversed(target.spell(outer)):
            if not isinstance(piece, int):
                stack.append(piece)
                continue
            inner = outer.parts[piece]
            if not isinstance(inner, Form):
                inner = form(inner)
            if needs_brackets(outer, piece, inner, target):
                stack += (Mark.CLOSE, inner, Mark.OPEN)
            else:
                stack.append(inner)
    return written


def needs_brackets(outer: Form, index: int, inner: Form, target: Target) -> bool:
    """Whether a part has to be bracketed to be read back as the part it is."""
    kind = outer.kind
    if kind in target.enclosed or kind is Kind.BLOCKS:
        return False
    if kind is Kind.CALL and not target.postfix(outer):
        return False
    strength = target.tight.get(inner.kind, STRENGTH[inner.kind])
    if target.postfix(inner):
        strength = STRENGTH[Kind.INVERSE]
    elif kind is Kind.INDEXED:
        return inner.kind not in INDEXABLE
    if kind in (Kind.POWER, Kind.ELEMENTWISE_POWER) and index == 1:
        return not target.raised and not _is_exponent(inner)
    if inner.kind is Kind.PRODUCT:
        if kind is Kind.QUOTIENT:
            return index == 1
        if kind in (Kind.HADAMARD, Kind.DIVIDE):
            return _reads_otherwise(inner.factors, index, len(outer.parts))
    return strength < LEAST.get(kind, 9)


def _is_exponent(inner: Form) -> bool:
    """A name, a number, a number with a sign; A^T is taken for a transpose, so T is bracketed."""
    if inner.kind is Kind.MINUS:
        inner_part = inner.parts[0]
        return isinstance(inner_part, Form) and inner_part.kind is Kind.NUMBER
    if inner.kind is Kind.NAME:
        return inner.name != "T"
    return inner.kind in (Kind.NUMBER, Kind.SIZE)


def _reads_otherwise(factors: tuple[Shape, ...] | None, index: int, count: int) -> bool:
    """Whether a product among the operands of ∘ has another reading with consistent shapes.

    A B∘C might be A(B∘C) if a tail of the product has as many rows as the whole, and C∘A B might
    be (C∘A)B if a head of it has as many columns.  A longer product is bracketed for the eye.
    """
    if factors is None or len(factors) > 2:
        return True
    rows, columns = factors[0][0], factors[-1][1]
    before, after = index > 0, index < count - 1
    return (after and any(shape[0] is rows for shape in factors[1:])) or (
        before and any(shape[1] is columns for shape in factors[:-1])
    )


def separated(separator: str | Mark, count: int) -> Spelling:
    """All parts with the same sign between them."""
    pieces: list[Slotted] = [0]
    for i in range(1, count):
        pieces += (separator, i)
    return pieces


def item_text(item: Item, size: Callable[[Dimension], str] = str) -> str:
    """An index between square brackets: 2, :, 2:n."""
    if item is None:
        return ":"
    first, last = item
    return size(first) if first is last else f"{size(first)}:{size(last)}"


def in_rows(form: Form, beside: str, below: str) -> list[Slotted]:
    """The blocks of a form with the signs between those of a row and between rows."""
    pieces: list[Slotted] = []
    at = 0
    for width in form.widths:
        pieces += [below] if pieces else []
        pieces += [piece for i in range(at, at + width) for piece in (beside, i)][1:]
        at += width
    return pieces


def signed(form: Form) -> Spelling:
    """The terms of a sum with their signs."""
    pieces: list[Slotted] = ["-", 0] if form.signs[0] else [0]
    for i, negative in enumerate(form.signs[1:], 1):
        pieces += (" - " if negative else " + ", i)
    return pieces
