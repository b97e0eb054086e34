"""Pieces of source text with their strength."""

from __future__ import annotations

from fractions import Fraction

from matdiff.operations.algebra import Rational

SUM, PRODUCT, SIGN, POWER, ATOM = range(1, 6)  # how tightly a piece of source binds


class Code:
    """An expression of the target language, how tightly it binds, and the program's own arrays
    that it speaks of."""

    __slots__ = ("names", "strength", "text")

    def __init__(
        self, text: str, strength: int = ATOM, names: frozenset[str] = frozenset()
    ) -> None:
        self.text, self.strength, self.names = text, strength, names

    def at(self, strength: int) -> str:
        """The text, in brackets if it binds less tightly than asked."""
        return self.text if self.strength >= strength else f"({self.text})"


def literal(value: Rational, *, infinity: str) -> Code:
    """A number: exact if it is a small integer, else the nearest float; `infinity` for what is
    larger than any."""
    size = abs(Fraction(value))
    if size < 2**53 and size.denominator == 1:
        text = str(size.numerator)
    else:
        try:
            text = repr(float(size))
        except OverflowError:
            text = infinity
    return Code(f"-{text}", SIGN) if value < 0 else Code(text)
