"""Neighbouring factors that occur in several chains, so that their product is computed once.

H A H in one chain is there again, turned around, as H'A'H' = (H A H)' in another.  The order of a
chain is chosen knowing how often each run of its factors is wanted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matdiff.normal.properties import has
from matdiff.operations.algebra import Expression, transpose

Key = tuple[Any, ...]  # the factors of a run; one that is sliced stands with its selections


class Runs:
    """How often runs of factors occur in the chains noted, and their products as they are made."""

    __slots__ = ("_counts", "_made")

    def __init__(self) -> None:
        self._counts: dict[Key, int] = {}
        self._made: dict[Key, Any] = {}

    def note(self, factors: Sequence[Any]) -> None:
        """All runs of two factors and more in a chain."""
        count = len(factors)
        for first in range(count):
            for last in range(first + 1, count):
                key, _ = self._key(factors[first : last + 1])
                self._counts[key] = self._counts.get(key, 0) + 1

    def occurrences(self, factors: Sequence[Any]) -> int:
        return self._counts.get(self._key(factors)[0], 1)

    def made(self, factors: Sequence[Any]) -> tuple[Any, bool] | None:
        """The product of a run that was made before, and whether it is to be transposed."""
        key, turned = self._key(factors)
        found = self._made.get(key)
        return None if found is None else (found[0], found[1] != turned)

    def keep(self, factors: Sequence[Any], product: Any) -> None:
        key, turned = self._key(factors)
        self._made[key] = (product, turned)

    def _key(self, factors: Sequence[Any]) -> tuple[Key, bool]:
        """The run as it was first met, and whether it is that one's transpose."""
        key = tuple(factors)
        if key in self._counts:
            return key, False
        turned = tuple(map(_turned, reversed(key)))
        return (turned, True) if turned in self._counts else (key, False)


def _turned(factor: Any) -> Any:
    if not isinstance(factor, Expression):
        return ("turned", factor)
    return factor if has(factor, "symmetric") else transpose(factor)
