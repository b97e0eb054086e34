"""The derivative of an expression along directions, by its values at one point and no rule.

The complex step serves where everything that depends on the variable is analytic; a kink (abs,
relu, norm1 …) calls for differences, with steps short enough to stay on one side of it.  Second
derivatives are differences of complex steps, or differences in both directions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from matdiff.operations.algebra import SYMBOL, Expression, postorder
from matdiff.verification.differences import (
    LARGEST_STEP,
    Estimate,
    central,
    complex_step,
    mixed,
)
from matdiff.verification.domain import KINKS, side_of_kink
from matdiff.verification.evaluation import Array, dependent_nodes, evaluate_nodes
from matdiff.verification.samples import Point

SMALLEST_STEP = 2e-4
SHARP = 1e-9  # relative error of differences that is good enough
CLEARANCE = 2.0  # a kink is this many steps away at least
DISTURBANCE = 1e-10
ROUNDING = 2.3e-16


class Reference:
    """An expression as a function of one variable, the others fixed at a point.

    `analytic`: a complex step is exact; `kinked`: the nodes with a kink that the variable reaches;
    `constant`: it does not change but at jumps.
    """

    __slots__ = ("_order", "analytic", "constant", "expression", "kinked", "variable")

    def __init__(self, expression: Expression, variable: Expression) -> None:
        self.expression, self.variable = expression, variable
        self._order = postorder(expression)
        dependent = dependent_nodes(self._order, variable)
        rough = [node for node in self._order if node in dependent and not node.operation.smooth]
        self.analytic = not rough
        self.constant = expression not in _differentiable(self._order, variable)
        self.kinked = [node for node in rough if node.operation.domain in KINKS]

    def value(self, point: Point, X: Array, disturb: Any = None) -> Array:
        """The value at X in place of the variable's."""
        return self._nodes(point, X, disturb)[self.expression]

    def _nodes(self, point: Point, X: Array, disturb: Any = None) -> dict[Expression, Array]:
        values = {**point.values, self.variable: X}
        return evaluate_nodes(self._order, values, point.sizes, disturb)

    def first(self, point: Point, V: Array) -> Estimate | None:
        """DF[V] at the point; None if a kink is too near."""
        X = point.values[self.variable]

        def f(A: Array) -> Array:
            return self.value(point, A)

        if self.analytic:
            return Estimate(complex_step(f, X, V), 0.0)
        step = self._step(point, [V])
        return _sharpest(lambda h: central(f, X, V, h), step)

    def second(self, point: Point, V: Array, U: Array) -> Estimate | None:
        """D²f[V, U] at the point; None if a kink is too near."""
        X = point.values[self.variable]

        def f(A: Array) -> Array:
            return self.value(point, A)

        def slope(A: Array) -> Array:
            return complex_step(f, A, U)

        if self.analytic:
            return _sharpest(lambda h: central(slope, X, V, h), LARGEST_STEP)
        step = self._step(point, [V + U, V - U])
        return _sharpest(lambda h: mixed(f, X, V, U, h), step)

    def plain(self, point: Point, V: Array | None, disturb: Any = None) -> Array:
        """The analytic DF[V], or without V the value itself."""
        X = point.values[self.variable]
        if V is None:
            return self.value(point, X, disturb)
        return complex_step(lambda A: self.value(point, A, disturb), X, V)

    def rounding(self, np: Any, point: Point, V: Array | None, generator: Any) -> float:
        """What rounding may do to `plain`: every operation's result is disturbed, and the
        direction and the other variables, whose entries may cancel in a sum; twice."""
        exact = self.plain(point, V)

        def disturb(value: Array) -> Array:
            return disturbed(np, generator, value)

        worst = 0.0
        for _ in range(2):
            values = {
                symbol: value if symbol is self.variable else disturb(value)
                for symbol, value in point.values.items()
            }
            near = Point(point.sizes, values)
            other = self.plain(near, None if V is None else disturb(V), disturb)
            worst = max(worst, float(np.max(np.abs(other - exact))))
        return worst * ROUNDING / DISTURBANCE

    def _step(self, point: Point, directions: list[Array]) -> float | None:
        """A step along which no kinked operation meets its kink."""
        import numpy as np

        X, step = point.values[self.variable], LARGEST_STEP
        here = self._sides(np, point, X)
        while step >= SMALLEST_STEP:
            moves = [sign * CLEARANCE * step * V for V in directions for sign in (1, -1)]
            if all(self._sides(np, point, X + move) == here for move in moves):
                return step
            step /= 4
        return None

    def _sides(self, np: Any, point: Point, X: Array) -> list[bytes | None]:
        found = self._nodes(point, X)
        return [side_of_kink(np, n.operation, found[n.arguments[0]]) for n in self.kinked]


def _sharpest(estimate: Callable[[float], Estimate], step: float | None) -> Estimate | None:
    """The estimate of least error; shorter steps only where the widest does not do."""
    if step is None:
        return None
    best = estimate(step)
    for narrower in (step / 16, step / 256):
        if best.error <= SHARP * float(abs(best.value).max()):
            return best
        other = estimate(narrower)
        if other.error < best.error:
            best = other
    return best


def disturbed(np: Any, generator: Any, value: Array) -> Array:
    """The value with a relative change of DISTURBANCE in every entry, at random."""
    shift = DISTURBANCE * generator.choice([-1.0, 1.0], size=(2, *value.shape))
    if not np.iscomplexobj(value):
        return value * (1 + shift[0])
    return value.real * (1 + shift[0]) + 1j * (value.imag * (1 + shift[1]))


def _differentiable(order: list[Expression], variable: Expression) -> set[Expression]:
    """The nodes that the variable reaches without passing a locally constant operation."""
    reached = {variable}
    for node in order:
        if node.operation is SYMBOL or not node.arguments:
            continue
        rules = node.operation.differential
        for place, argument in enumerate(node.arguments):
            flat = place < len(rules) and rules[place] is None
            if argument in reached and not flat:
                reached.add(node)
    return reached
