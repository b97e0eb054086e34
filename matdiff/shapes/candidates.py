"""Candidates: the ways in which a part of a text can be read.

A candidate has a shape, the bindings under which it has it, and a plan: how its expression is built
once all sizes are known.  A part hands all its candidates to what it stands in, so that shapes
further out decide between them; only the best two of equal shape are kept, which suffices to find
the reading and to know whether there is another.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence

from matdiff.dimensions import ONE, Dimension
from matdiff.operations.algebra import Expression
from matdiff.shapes.unify import NOTHING_BOUND, Bindings
from matdiff.syntax.tree import Chain

OF_EQUAL_SHAPE = 2
IN_ALL = 24

Build = Callable[[Sequence[Expression], Bindings], Expression]
Joint = tuple[Chain, int, int, int]  # operands first…last of the chain, joined after the middle one


class Plan:
    """How an expression is built from those of its parts; `joint` if it is a choice of brackets."""

    __slots__ = ("build", "joint", "parts")

    def __init__(
        self, build: Build, parts: tuple[Plan, ...] = (), joint: Joint | None = None
    ) -> None:
        self.build, self.parts, self.joint = build, parts, joint


class Candidate:
    """One way to read a part of the text.

    `bend` counts departures from the usual precedence of operators.  `meaning` tells apart the
    candidates of one part: bracketings that mean the same have one meaning.
    """

    __slots__ = ("bend", "bindings", "columns", "meaning", "plan", "rows")

    def __init__(
        self,
        rows: Dimension,
        columns: Dimension,
        plan: Plan,
        bindings: Bindings = NOTHING_BOUND,
        bend: int = 0,
        meaning: Hashable = 0,
    ) -> None:
        self.rows, self.columns, self.plan = rows, columns, plan
        self.bindings, self.bend, self.meaning = bindings, bend, meaning

    @property
    def is_scalar(self) -> bool:
        return self.rows is ONE and self.columns is ONE

    def under(self, bindings: Bindings) -> tuple[Dimension, Dimension]:
        """The shape, with all that the bindings know put in."""
        return bindings.resolve(self.rows), bindings.resolve(self.columns)


def rank(candidate: Candidate) -> tuple[int, int]:
    """Doubts about sizes weigh more than unusual brackets."""
    return candidate.bindings.doubt, candidate.bend


def best_of(candidates: Iterable[Candidate], most: int = IN_ALL) -> list[Candidate]:
    """The candidates worth keeping, best first, at most so many."""
    found = list(candidates)
    if len(found) < 2:
        return found
    kept: list[Candidate] = []
    alike: dict[Hashable, list[Candidate]] = {}
    for candidate in sorted(found, key=rank):
        bound = candidate.bindings
        known = frozenset(bound.values.items()) if bound.values else None
        equals = alike.setdefault((candidate.rows, candidate.columns, known), [])
        if len(equals) < OF_EQUAL_SHAPE and all(
            candidate.meaning != other.meaning for other in equals
        ):
            equals.append(candidate)
            kept.append(candidate)
    return kept[:most]


def carry_out(plan: Plan, bindings: Bindings) -> Expression:
    """The expression a plan leads to under the final bindings."""
    values: list[Expression] = []
    stack: list[tuple[Plan, bool]] = [(plan, False)]
    while stack:
        step, ready = stack.pop()
        if not step.parts:
            values.append(step.build((), bindings))
        elif ready:
            count = len(step.parts)
            arguments = values[-count:]
            del values[-count:]
            values.append(step.build(arguments, bindings))
        else:
            stack.append((step, True))
            stack.extend((part, False) for part in reversed(step.parts))
    return values[0]


def joints_of(plan: Plan) -> dict[int, dict[tuple[int, int], int]]:
    """For the id of each chain that had a choice of brackets: how its runs of operands split."""
    found: dict[int, dict[tuple[int, int], int]] = {}
    stack = [plan]
    while stack:
        step = stack.pop()
        if step.joint is not None:
            chain, first, middle, last = step.joint
            found.setdefault(id(chain), {})[first, last] = middle
        stack.extend(step.parts)
    return found
