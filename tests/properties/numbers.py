"""Values of expressions at random points, and whether two formulas have the same ones.

What is compared here knows no rule of calculus: values are those of the records' `evaluate`, and a
derivative along a direction is a complex step, or differences where a function has a kink.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from random import Random

import numpy as np

from matdiff.judging.identity import identity
from matdiff.operations.algebra import SYMBOL, Expression, postorder, symbol_properties

Array = np.ndarray
TOLERANCE = 1e-9  # relative to the largest entry: beyond it the exact test decides
STEP = 1e-30
DISTURBANCE, SENSITIVE = 1e-14, 1e-8  # relative: of each number on the way, and of the value
LARGEST_CONDITION = 1e5
TURNING, ROUNDED = 2e-5, 1e-9  # relative and absolute difference of two extrapolations
KINK = 0.05  # relative difference of the slopes on two sides of a point that tells a kink


class Outside(Exception):
    """The point does not serve: a value does not exist there, or is too large."""


class Undecided(Exception):
    """Neither floating point nor the exact test can tell."""


class Point:
    """A size for every dimension and a value for every symbol, by a seed and the symbol's name."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.sizes = dict(zip("mnp", Random(seed).sample((2, 3, 4), 3), strict=True))
        self.values: dict[Expression, Array] = {}

    def value(self, expression: Expression) -> Array:
        """The value in floating point; Outside where it does not exist or is enormous."""
        for node in postorder(expression):
            if node.operation is SYMBOL and node not in self.values:
                self.values[node] = self._drawn(node)
        found = defined_at(expression, self)
        if found is None:
            raise Outside
        return found

    def is_rounding(self, expression: Expression) -> bool:
        """Whether the value rests on digits that rounding takes: that of the sine of a huge number
        does, and all that is made of a singular matrix's inverse."""
        random = np.random.default_rng(self.seed)
        disturbed = defined_at(
            expression, self, lambda A: A * (1 + DISTURBANCE * random.uniform(-1, 1, np.shape(A)))
        )
        return disturbed is None or distance(self.value(expression), disturbed) > SENSITIVE

    def largest(self, expression: Expression) -> float:
        """The largest value of all that the expression is made of."""
        return max(float(np.max(np.abs(self.value(node)))) for node in postorder(expression))

    def _drawn(self, symbol: Expression) -> Array:
        random = np.random.default_rng([self.seed, *map(ord, str(symbol.parameters[0]))])
        rows, columns = (side.at(self.sizes) for side in symbol.shape)
        A = random.uniform(0.3, 1.2, (rows, columns)) * random.choice([-1, 1], (rows, columns))
        return with_properties(A, symbol_properties(symbol))

    def along(self, expression: Expression, X: Expression, V: Array) -> Array:
        """D expression [V] by a change of X."""
        self._refuse_nearly_singular(expression)
        at = self.values[X] if X in self.values else self._drawn(X)
        if smooth(expression):
            self.values[X] = at + 1j * STEP * V
            try:
                return np.asarray(self.value(expression)).imag / STEP
            finally:
                self.values[X] = at
        return self._differences(expression, X, at, V)

    def _refuse_nearly_singular(self, expression: Expression) -> None:
        """Raise Outside where a function of a matrix has few digits left in floating point."""
        self.value(expression)
        for node in postorder(expression):
            if node.operation.domain in ("invertible", "posdet", "principal", "rank"):
                if np.linalg.cond(self.value(node.arguments[0])) > LARGEST_CONDITION:
                    raise Outside

    def _differences(self, expression: Expression, X: Expression, at: Array, V: Array) -> Array:
        """Central differences extrapolated; Outside at a kink or near it, and where the function
        turns so fast that two extrapolations differ."""
        here, slopes = self.value(expression), []
        for h in (2e-4, 1e-4, 5e-5):
            sides = []
            for sign in (1, -1):
                self.values[X] = at + sign * h * V
                sides.append(sign * (self.value(expression) - here) / h)
            self.values[X] = at
            if distance(*sides) > KINK:
                raise Outside
            slopes.append((sides[0] + sides[1]) / 2)
        first, second = ((4 * narrow - wide) / 3 for wide, narrow in pairwise(slopes))
        if distance(first, second) > TURNING and np.max(np.abs(first - second)) > ROUNDED:
            raise Outside
        return second


def smooth(expression: Expression) -> bool:
    """Whether a complex step may cross all its operations."""
    return all(node.operation.smooth for node in postorder(expression))


def defined_at(
    expression: Expression, point: Point, disturb: Callable[[Array], Array] | None = None
) -> Array | None:
    """The value, None where it does not exist; `disturb` changes every number on the way."""
    from matdiff.verification.domain import rounded_to_zero
    from matdiff.verification.evaluation import evaluate_nodes

    order = postorder(expression)
    try:
        with np.errstate(all="ignore"):
            found = evaluate_nodes(order, point.values, point.sizes, disturb)
    except (np.linalg.LinAlgError, OverflowError, ZeroDivisionError):
        return None
    for node in order:
        if node.operation.domain == "nonzero" and not np.iscomplexobj(found[node.arguments[0]]):
            if rounded_to_zero(np, found[node.arguments[0]]):
                return None
    return found[expression] if np.all(np.abs(found[expression]) < 1e12) else None


def with_properties(A: Array, properties: tuple[str, ...]) -> Array:
    """A matrix near A that has the properties."""
    if "symmetric" in properties:
        A = A + A.T
    if "spd" in properties:
        A = A @ A.T + np.eye(len(A))
    if "skew" in properties:
        A = A - A.T
    if "orthogonal" in properties:
        A = np.linalg.qr(A)[0]
    if "diagonal" in properties:
        A = A * np.eye(len(A))
    if "lower" in properties:
        A = np.tril(A)
    if "upper" in properties:
        A = np.triu(A)
    return np.abs(A) if "positive" in properties else A


def distance(A: Array, B: Array) -> float:
    """The largest difference, relative to the largest entry of either."""
    if A.shape != B.shape:
        return np.inf
    scale = max(np.max(np.abs(A), initial=0.0), np.max(np.abs(B), initial=0.0))
    return float(np.max(np.abs(A - B), initial=0.0) / scale) if scale else 0.0


def equal(left: Expression, right: Expression, point: Point) -> bool:
    """Whether two formulas are the same function.

    Floating point confirms; where it does not, the exact test without algebra has the last word.
    Raises Outside and Undecided.
    """
    if left.shape != right.shape:
        return False
    if left is right or distance(point.value(left), point.value(right)) <= TOLERANCE:
        return True
    found = identity(left, right, seed=point.seed, algebra=False)
    if found.outcome == "undecided":
        raise Undecided(found.evidence)
    return found.holds
