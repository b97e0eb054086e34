"""From dY to dX, one move a line.

At every moment dY is a sum of weights against parts that are linear in dX: G : Z + H : W + … for a
scalar, M vec(Z) + … for its vec.  A move takes the outermost operation of a part away and brings
what else it holds over to the weight.  The moves are the pullbacks of the records, or the
operations' own matrices, so that every line is equal to the one before, and the last is what the
transposition of the whole differential gives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import reduce

from matdiff.derivations.identities import Path
from matdiff.operations.algebra import ADD, Expression, add, postorder

Move = Callable[[Expression, Expression, int], Expression]  # (weight, node, place) -> weight


class Term:
    """A weight against a part, and the way that has led there since the last line."""

    __slots__ = ("path", "part", "weight")

    def __init__(self, part: Expression, weight: Expression, path: Path = ()) -> None:
        self.part, self.weight, self.path = part, weight, path


class Walk:
    """The terms that dY is the sum of, in the order in which they stand."""

    __slots__ = ("dX", "linear", "move", "terms", "users")

    def __init__(self, dY: Expression, dX: Expression, weight: Expression, move: Move) -> None:
        self.dX, self.move = dX, move
        self.linear: set[Expression] = {dX}
        self.users: dict[Expression, int] = {}
        for node in postorder(dY):
            if any(argument in self.linear for argument in node.arguments):
                self.linear.add(node)
                for argument in node.arguments:
                    self.users[argument] = self.users.get(argument, 0) + 1
        self.terms = [Term(dY, weight)]

    @property
    def arrived(self) -> bool:
        """Whether every part is dX."""
        return all(term.part is self.dX for term in self.terms)

    def advance(self) -> list[tuple[Expression, Path]]:
        """One move on in every term whose part is complete; the ways taken, each with the weight
        that stood before."""
        paths: list[tuple[Expression, Path]] = []
        standing: dict[Expression, Term] = {}
        terms: list[Term] = []
        waiting = {term.part for term in self.terms if self._is_open(term.part)}
        for start in self.terms:
            for term in self._moved(Term(start.part, start.weight), standing, waiting):
                if term.path:
                    paths.append((start.weight, term.path))
                known = standing.get(term.part)
                if known is None or term.part is self.dX:
                    standing[term.part] = term
                    terms.append(term)
                else:
                    known.weight = add(known.weight, term.weight)
        self.terms = terms
        return paths

    def _is_open(self, part: Expression) -> bool:
        """Whether contributions to the part are still to come."""
        return part is not self.dX and self.users.get(part, 0) > 0

    def _moved(
        self, start: Term, standing: dict[Expression, Term], waiting: set[Expression]
    ) -> Iterator[Term]:
        """The terms that one takes the place of: through light operations and one that is not."""
        stack = [(start, False)]
        while stack:
            term, is_done = stack.pop()
            node = term.part
            held = node is self.dX or self._is_open(node) or node in standing
            if node.arguments == (self.dX,):  # dX', however often it occurs
                held = False
            if held or (is_done and (not _is_light(node) or node in waiting)):
                yield term
                continue
            steps: list[tuple[Term, bool]] = []
            for i, argument in enumerate(node.arguments):
                if argument in self.linear:
                    self.users[argument] -= 1
                    weight = self.move(term.weight, node, i)
                    step = Term(argument, weight, (*term.path, (node, i)))
                    steps.append((step, is_done or not _is_light(node)))
            stack += reversed(steps)

    def collected(self) -> Expression:
        """The sum of all weights, once every part is dX."""
        return reduce(add, (term.weight for term in self.terms))


def _is_light(node: Expression) -> bool:
    """Whether the move through it is no line of its own: a sum, what has one argument, a scalar
    factor, a Frobenius product."""
    if node.operation is ADD or len(node.arguments) == 1:
        return True
    if node.is_scalar and node.operation.commutative:
        return True
    return any(argument.is_scalar for argument in node.arguments)
