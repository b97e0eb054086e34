"""Pieces of source text with their strength."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction

from matdiff.operations.algebra import Rational

SUM, PRODUCT, SIGN, POWER, ATOM = range(1, 6)  # how tightly a piece of source binds

_SLOT = re.compile(r"\{(\w+)\}")


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


def filled(
    template: str, codes: Sequence[Code], other: Callable[[str], str] = lambda name: name
) -> str:
    """A template with {0}, {1} … replaced by codes and {name} by what `other` says.

    A whole argument of a call needs no brackets.

    >>> filled("f({0}, {1}.T)", [Code("a + b", SUM), Code("a + b", SUM)])
    'f(a + b, (a + b).T)'
    """

    def fill(found: re.Match[str]) -> str:
        slot = found.group(1)
        if not slot.isdecimal():
            return other(slot)
        before, after = template[: found.start()], template[found.end() :]
        alone = before.endswith(("(", "[", ", ")) and after.startswith((",", ")", "]"))
        code = codes[int(slot)]
        return code.text if alone else code.at(ATOM)

    return _SLOT.sub(fill, template)


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
