"""What a search for a reading comes to: an attempt that has consistent shapes, or a refusal."""

from __future__ import annotations

from matdiff.errors import ShapeProblem
from matdiff.shapes.candidates import Candidate
from matdiff.shapes.unify import Bindings


class Attempt:
    """One consistent choice: kinds of the undeclared names and a candidate for each root."""

    __slots__ = ("bindings", "candidates", "doubt", "kinds")

    def __init__(
        self,
        candidates: tuple[Candidate, ...],
        bindings: Bindings,
        kinds: dict[str, str],
        cost: int,
    ) -> None:
        self.candidates, self.bindings, self.kinds = candidates, bindings, kinds
        self.doubt = cost + bindings.doubt

    @property
    def bend(self) -> int:
        return sum(candidate.bend for candidate in self.candidates)

    @property
    def meaning(self) -> tuple[object, ...]:
        return tuple(candidate.meaning for candidate in self.candidates)


class Refused(Exception):
    """A part that cannot be read under the kinds in force, with the names it depends on."""

    def __init__(self, names: tuple[str, ...], problem: ShapeProblem) -> None:
        self.names, self.problem = names, problem


class MadeScalar(Refused):
    """The shapes agree with that doubt, but only since a name makes a scalar of what is none.

    `advice` is how to declare the name if that is meant.
    """

    def __init__(
        self, names: tuple[str, ...], problem: ShapeProblem, doubt: int, advice: str
    ) -> None:
        super().__init__(names, problem)
        self.doubt, self.advice = doubt, advice


def with_advice(refused: Refused) -> ShapeProblem:
    """The problem, with the names whose shapes were only inferred."""
    problem = refused.problem
    if refused.names:
        names = ", ".join(refused.names[:4]) + (", …" if len(refused.names) > 4 else "")
        verb = "is" if len(refused.names) == 1 else "are"
        example = f"{refused.names[0]} : m×n"
        advice = f"{names} {verb} not declared; a declaration such as {example} may help"
        problem.hint = f"{problem.hint}; {advice}" if problem.hint else advice
    return problem
