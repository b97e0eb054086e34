"""The lines of a derivation.

A line says `left = right`, and why.  Its right side is an expression of the matdiff language, in
which dX is a variable of X's shape and the names of `where`, of this line and of earlier ones,
stand for their formulas.  Consecutive lines of one left side are equal.
"""

from __future__ import annotations

from collections.abc import Sequence

from matdiff.operations.algebra import Expression

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

    def _key(self) -> tuple[str, str, int]:
        return self.value, self.variable, self.order


Left = Expression | Partial  # Y, dY, vec(dY) as expressions, or ∂Y/∂X


class Step:
    """One line.

    left    what the line is about: a symbol Y or dY, vec(dY), or ∂Y/∂X
    right   what it equals
    reason  the rule that leads here from the line before, such as `A : B C = B'A : C`
    where   names that this line introduces, each with its formula, which uses earlier names only
    """

    __slots__ = ("left", "reason", "right", "where")

    def __init__(self, left: Left, right: Expression, reason: str, where: Where = ()) -> None:
        self.left, self.right, self.reason = left, right, reason
        self.where = list(where)

    def __repr__(self) -> str:
        return f"<{self.reason}>"
