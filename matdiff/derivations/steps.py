"""The lines of a derivation.

A line says `left = right`, and why.  Its right side is an expression of the matdiff language, in
which dX is a variable of X's shape and the names of `where`, of this line and of earlier ones,
stand for their formulas.  Consecutive lines of one left side are equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from matdiff.operations.algebra import Expression
from matdiff.rendering import text

MOST_MOVES = 3  # that are told of one line
Where = Sequence[tuple[str, Expression]]


class Partial:
    """The left side of what is read off: ∂Y/∂X, of order 2 ∂²Y/∂X².  Both are names."""

    __slots__ = ("order", "value", "variable")

    def __init__(self, value: str, variable: str, order: int = 1) -> None:
        self.value, self.variable, self.order = value, variable, order

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Partial) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __str__(self) -> str:
        square = "" if self.order == 1 else "²"
        return f"∂{square}{self.value}/∂{self.variable}{square}"

    def _key(self) -> tuple[str, str, int]:
        return self.value, self.variable, self.order


Left = Expression | Partial  # Y, dY, vec(dY) as expressions, or ∂Y/∂X


class Signs(str):
    """What stands between the formulas of a reason and is mathematics too: ` = `, `d `, `[i,j]`."""

    __slots__ = ()


Reason = tuple[str | Expression | Partial, ...]  # words, Signs and formulas, as they are read


def told(reason: Reason) -> str:
    """A reason as text."""
    return "".join(text(piece) if isinstance(piece, Expression) else str(piece) for piece in reason)


def joined(reasons: Iterable[Reason], most: int | None = None) -> Reason:
    """Some reasons, each once, with semicolons between them."""
    by_text: dict[str, Reason] = {}
    for reason in filter(None, reasons):
        by_text.setdefault(told(reason), reason)
    found = [*by_text.values()][:most]
    return tuple(piece for reason in found for piece in ("; ", *reason))[1:]


class Step:
    """One line.

    left    what the line is about: a symbol Y or dY, vec(dY), or ∂Y/∂X
    right   what it equals
    why     the rule that leads here from the line before, such as `A : B C = B'A : C`
    where   names that this line introduces, each with its formula, which uses earlier names only
    """

    __slots__ = ("left", "right", "where", "why")

    def __init__(self, left: Left, right: Expression, why: str | Reason, where: Where = ()) -> None:
        self.left, self.right = left, right
        self.why = (why,) if isinstance(why, str) else why
        self.where = list(where)

    @property
    def reason(self) -> str:
        """Why, as text."""
        return told(self.why)

    def __repr__(self) -> str:
        return f"<{self.reason}>"
