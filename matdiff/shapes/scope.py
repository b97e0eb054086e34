"""What the rules of reading share while one text is read."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from matdiff.dimensions import ONE, Dimension, Shape, shape_text
from matdiff.errors import ShapeProblem
from matdiff.shapes.candidates import Candidate
from matdiff.shapes.conventions import shape_of
from matdiff.shapes.environment import Environment
from matdiff.shapes.unify import NOTHING_BOUND, Bindings, unknown, unknowns
from matdiff.syntax.tree import Name, Tree

_LETTERS = "nmpqkrslhdtuvw"


class Scope:
    """Names in force, the kinds tried for undeclared ones, and what is to be told at the end.

    `kinds` changes between attempts; `notes` and `forks` (readings a person may not have meant) are
    filled while the chosen reading is built.
    """

    __slots__ = (
        "constants", "environment", "forks", "kinds", "meant", "notes", "work", "_known", "_labels",
        "_numbers",
    )  # fmt: skip

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.kinds: dict[str, str] = {}
        self.notes: list[str] = []
        self.forks: list[str] = []
        self.meant: ShapeProblem | None = None  # raised where nothing fits, whatever failed first
        self.work = 0  # joins tried while bracketings were searched
        self.constants: dict[int, tuple[Name, Shape]] = {}  # I, ones, zeros without a size
        self._known: dict[Hashable, int] = {}
        self._numbers: dict[int, int] = {}
        self._labels: dict[str, Dimension] = {}

    def meaning(self, description: Hashable) -> int:
        """A small number for a meaning: comparing nested tuples again and again would be slow."""
        return self._known.setdefault(description, len(self._known) + 1)

    def shape_of_name(self, name: str) -> Shape | None:
        """The shape of a declared name, or of an undeclared one of the kind tried; None for I, pi
        and the name of a size."""
        shape = self.environment.names.get(name)
        if shape is None and name in self.kinds:
            return shape_of(name, self.kinds[name])
        return shape

    def sizes_of_constant(
        self, name: str, place: Tree, doubts: tuple[int, ...]
    ) -> tuple[Dimension, ...]:
        """The unknown sizes of a constant where it stands; the same each time it is asked."""
        number = self._numbers.setdefault(id(place), len(self._numbers))
        return tuple(unknown(doubt, f"{name}.{number}.{i}") for i, doubt in enumerate(doubts))

    def describe(self, candidate: Candidate, bindings: Bindings = NOTHING_BOUND) -> str:
        """The shape as a message says it: "a scalar" or "m×n", unknown sizes under some letter."""
        merged = candidate.bindings.merge(bindings) or candidate.bindings
        rows, columns = candidate.under(merged)
        if rows is ONE and columns is ONE:
            return "a scalar"
        return shape_text((self.shown(rows), self.shown(columns)))

    def shown(self, dimension: Dimension) -> Dimension:
        """The dimension with letters for what is unknown in it, always the same ones."""
        for name in unknowns(dimension):
            if name not in self._labels:
                taken = {str(label) for label in self._labels.values()}
                taken |= self.environment.dimensions
                self._labels[name] = Dimension.of(next(free_names(taken)))
        return dimension.substitute(self._labels)


def free_names(taken: set[str], first: str = "") -> Iterator[str]:
    """Readable names for dimensions that are not taken, beginning with those in `first`."""
    for letter in dict.fromkeys(first + _LETTERS):
        if letter not in taken:
            yield letter
    number = 1
    while True:
        if f"n{number}" not in taken:
            yield f"n{number}"
        number += 1


def span_between(first: Tree, last: Tree) -> tuple[int, int]:
    """From the start of one tree to the end of another."""
    return first.span[0], last.span[1]
