"""One example: a variable, an expression of it, and what the relations ask about the two.

`relation` puts a function into the table RELATIONS.  Such a function takes a case and yields what
has to be equal: two formulas, two arrays, or a sentence and whether it is true.  It raises
NotApplicable where the relation says nothing of the case.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import numpy as np

from matdiff.derivatives import Derivative, derive
from matdiff.dimensions import ONE, Dimension
from matdiff.errors import DomainProblem, LimitReached
from matdiff.operations.algebra import (
    SYMBOL,
    Expression,
    add,
    hadamard,
    postorder,
    substitute,
    symbol,
)
from matdiff.rendering import text
from properties.numbers import Outside, Point, Undecided, distance, equal, smooth
from properties.typed import NAMES, SIDES, Typed, m, n, named

LEAST, MOST = 3, 40  # nodes of an expression
SMALL = 5  # nodes of what is drawn beside it
TURNS = int(os.environ.get("MATDIFF_TURNS", "6"))  # 1 tries every relation on every expression

Claim = tuple[Expression, Expression] | tuple["Array", "Array"] | tuple[str, bool]
Array = np.ndarray
Statement = Callable[["Case"], Iterator[Any]]


class NotApplicable(Exception):
    """The relation says nothing of this case."""


class Violation(AssertionError):
    """A relation does not hold."""


class Relation:
    """A relation: its name, what it says, of which expressions ("scalar", "matrix" or "any"), and
    how much more seldom than others it is tried."""

    def __init__(self, name: str, states: str, of: str, every: int, run: Statement) -> None:
        self.name, self.states, self.of, self.every, self.run = name, states, of, every, run


RELATIONS: dict[str, Relation] = {}


def relation(
    name: str, states: str, *, of: str = "any", every: int = 1
) -> Callable[[Statement], Statement]:
    def register(run: Statement) -> Statement:
        assert name not in RELATIONS
        RELATIONS[name] = Relation(name, states, of, every, run)
        return run

    return register


class Case:
    """A variable X, an expression Y of it, and smaller ones that are drawn when asked for."""

    def __init__(self, typed: Typed, Y: Expression, seed: int) -> None:
        self.typed, self.X, self.Y = typed, typed.X, Y
        self.seed, self.point = seed, Point(seed)
        self._known: dict[tuple[Any, ...], Derivative] = {}

    def small(self, rows: Dimension = ONE, columns: Dimension = ONE) -> Expression:
        """Another expression of X."""
        return self.typed.expression(rows, columns, self.typed.whole(2, SMALL))

    def constant(self, letter: str, rows: Dimension, columns: Dimension = ONE) -> Expression:
        """A symbol that X does not occur in."""
        return named(letter, rows, columns)

    def derivative(self, kind: str, Y: Expression, X: Expression, **how: str) -> Expression:
        """The formula that matdiff gives."""
        key = (kind, Y, X, *sorted(how.items()))
        if key not in self._known:
            self._known[key] = derive(kind, Y, X, **how)
        return self._known[key].formula

    def gradient(self, f: Expression, X: Expression | None = None) -> Expression:
        return self.derivative("gradient", f, self.X if X is None else X)

    def jacobian(self, Y: Expression, X: Expression | None = None, **how: str) -> Expression:
        return self.derivative("jacobian", Y, self.X if X is None else X, **how)

    def hessian(self, f: Expression) -> Expression:
        return self.derivative("hessian", f, self.X)

    def value(self, expression: Expression) -> Array:
        return self.point.value(expression)

    def direction(self, number: int = 0) -> Array:
        """A random change of X."""
        shape = tuple(side.at(self.point.sizes) for side in self.X.shape)
        return np.random.default_rng([self.seed, 99, number]).normal(size=shape)

    def along(self, Y: Expression, V: Array) -> Array:
        """DY[V], by values alone."""
        return self.point.along(Y, self.X, V)

    def with_variable(self, new: Expression, Y: Expression | None = None) -> Expression:
        """Y, or another expression, with `new` in place of X."""
        return substitute(self.Y if Y is None else Y, {self.X: new})

    def needs(self, condition: bool) -> None:
        if not condition:
            raise NotApplicable


def case_of(seed: int, nodes: int) -> Case:
    """The case of that seed: a variable, a random half of the operations, an expression of about
    that many nodes."""
    random = Random(seed)
    off = frozenset(random.sample(NAMES, len(NAMES) // 2))
    off -= {"add", "multiply", "hadamard"}  # of any shape, so that there always is a way
    if random.random() < 0.5:
        off |= {"properties"}
    shape = random.choice([(m, n), (m, n), (n, n), (n, n), (n, ONE), (ONE, ONE)])
    X = symbol("x" if shape[1] is ONE else "X", *shape)
    typed = Typed(random, X, off)
    rows, columns = ONE, ONE
    if random.random() < 0.5:
        rows, columns = typed.pick(SIDES), typed.side()
    Y = typed.expression(rows, columns, nodes)
    if X not in postorder(Y):
        Y = typed.pick((add, hadamard))(Y, typed.bridge(rows, columns))
    return Case(typed, Y, seed)


def applicable(case: Case) -> list[Relation]:
    """The relations that are tried on a case: of those that say something of its kind one in TURNS,
    of the costly ones fewer, in turn."""
    kind = "scalar" if case.Y.is_scalar else "matrix"
    return [
        stated
        for place, stated in enumerate(RELATIONS.values())
        if stated.of in (kind, "any") and (case.seed + place) % (TURNS * stated.every) == 0
    ]


def hold(case: Case, stated: Relation, figures: Counter[tuple[str, str]]) -> None:
    """Try a relation on a case and count how it went; raise Violation if it does not hold."""
    case.typed.random.seed(f"{case.seed} {stated.name}")  # what it draws hangs on it alone
    try:
        for left, right in stated.run(case):
            if not _same(case, left, right):
                raise Violation(_told(case, stated, left, right))
        figures[stated.name, "held"] += 1
    except NotApplicable:
        figures[stated.name, "not applicable"] += 1
    except Outside:
        figures[stated.name, "outside"] += 1
    except (Undecided, LimitReached):
        figures[stated.name, "undecided"] += 1
    except DomainProblem:
        figures[stated.name, "refused"] += 1


def _same(case: Case, left: Any, right: Any) -> bool:
    if isinstance(left, Expression):
        return equal(left, right, case.point)
    if isinstance(left, str):
        return bool(right)
    # beside rounding of the function itself there is that of differences, where it has kinks
    floor, relative = (1e-13, 1e-6) if smooth(case.Y) else (1e-9, 1e-4)
    floor *= case.point.largest(case.Y)
    return float(np.max(np.abs(left - right))) <= floor or distance(left, right) <= relative


def _told(case: Case, stated: Relation, left: Any, right: Any) -> str:
    sides = (text(s) if isinstance(s, Expression) else str(s) for s in (left, right))
    variables = {node for node in postorder(case.Y) if node.operation is SYMBOL}
    return (
        f"{stated.name} ({stated.states}) does not hold for {text(case.Y)} by {text(case.X)}, "
        f"seed {case.seed}:\n{next(sides)}\n{next(sides)}\nwith {sorted(map(text, variables))}"
    )
