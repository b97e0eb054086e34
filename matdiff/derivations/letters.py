"""Letters that stand for parts of any value in a rule."""

from __future__ import annotations

from matdiff.dimensions import ONE, Shape
from matdiff.operations.algebra import Expression, symbol

CAPITALS, SMALL, GREEK = "ABCDEFGHPQRS", "abcdefghpqrs", "αβγδεζηθ"


class Letters:
    """Symbols one after the other: capitals for matrices, small letters for columns, their
    transposes for rows, Greek letters for scalars."""

    __slots__ = ("count",)

    def __init__(self) -> None:
        self.count = 0

    def next(self, shape: Shape) -> Expression:
        rows, columns = shape
        place, self.count = self.count, self.count + 1
        if columns is not ONE and rows is not ONE:
            return symbol(CAPITALS[place % len(CAPITALS)], rows, columns)
        letters = GREEK if rows is columns else SMALL
        column = symbol(letters[place % len(letters)], rows * columns, ONE)
        return column if columns is ONE else column.T
