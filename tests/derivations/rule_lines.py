"""Derivations by rules held against numbers: nothing here knows a rule of calculus."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from matdiff.derivations.rules import rules
from matdiff.derivations.steps import Partial, Step
from matdiff.derivatives import Derivative
from matdiff.operations.algebra import Expression, substitute, symbol, symbol_name
from matdiff.rendering import text
from matdiff.shapes import Environment, Variable, function_names, read
from matdiff.syntax import parse_expression
from matdiff.verification.evaluation import evaluate
from matdiff.verification.samples import Point, Sampler

ARRANGEMENTS = [(layout, vec) for layout in ("numerator", "denominator")
                for vec in ("column", "row")]  # fmt: skip
TOLERANCE = 1e-5  # of central differences, relative to the largest entry


def wrong_lines(
    derivative: Derivative,
    known: Environment | None = None,
    definitions: Mapping[str, Expression] | None = None,
    seed: int = 0,
) -> list[str]:
    """The lines of a derivation that are not what they say they are, at a random point.

    The first line is the function.  J_V of a part V and the Jacobian of the whole are held against
    differences, and every line against the one before of the same left side.  Where the names
    `known` are given, a line is what its text is read back as.
    """
    steps = rules(derivative, definitions or {})
    point = Sampler([derivative.expression], [derivative.wrt], seed).draw()
    assert point is not None, text(derivative.expression)
    return _Judge(derivative, point, known).wrong(steps)


class _Judge:
    def __init__(self, derivative: Derivative, point: Point, known: Environment | None) -> None:
        self.derivative, self.sizes = derivative, point.sizes
        self.known = None if known is None else known.copy()
        self.values = dict(point.values)  # also of the names that lines introduce
        self.meaning: dict[Expression, Expression] = {}  # of a name, in variables only

    def wrong(self, steps: list[Step]) -> list[str]:
        found: list[str] = []
        before: tuple[object, np.ndarray] = (None, np.zeros(0))
        for step in steps:
            for name, formula in step.where:
                self._introduce(symbol(name, *formula.shape), formula, self._value(formula))
            value = self._value(step.right)
            expected = before[1] if before[0] == step.left else self._expected(step)
            if expected is not None and not _close(value, expected):
                found.append(f"{text(step.right)} by {step.reason}")
            before = (step.left, value)
            if not isinstance(step.left, Partial) and step.left not in self.values:
                self._introduce(step.left, step.right, value)
        return found

    def _introduce(self, stand_in: Expression, formula: Expression, value: np.ndarray) -> None:
        self.meaning[stand_in] = substitute(formula, self.meaning)
        self.values[stand_in] = value
        if self.known is not None and symbol_name(stand_in) not in self.known.variables:
            self.known.add(Variable(symbol_name(stand_in), stand_in.shape))

    def _expected(self, step: Step) -> np.ndarray | None:
        """What the left side is by differences; None where it is a mere name."""
        if isinstance(step.left, Partial):
            direct = self.derivative.kind == "jacobian" and not self._has_structure
            return self._differences(self.derivative.expression) if direct else None
        name = symbol_name(step.left)
        part = next((s for s in self.meaning if name == f"J_{symbol_name(s)}"), None)
        return None if part is None else self._differences(self.meaning[part])

    @property
    def _has_structure(self) -> bool:
        return self.derivative.structure != "free" and len(self.derivative.wrt.parameters) > 3

    def _differences(self, f: Expression) -> np.ndarray:
        """∂f/∂X by central differences, in the layout of the derivative."""
        X, order = self.derivative.wrt, "F" if self.derivative.vec == "column" else "C"
        at, h = self.values[X], 1e-6
        columns = []
        for i in range(at.size):
            change = np.zeros(at.size)
            change[i] = h
            moved = change.reshape(at.shape, order=order)  # type: ignore[call-overload]
            ahead = evaluate(f, {**self.values, X: at + moved}, self.sizes)
            behind = evaluate(f, {**self.values, X: at - moved}, self.sizes)
            columns.append(((ahead - behind) / (2 * h)).ravel(order=order))
        J = np.array(columns).T
        return J if self.derivative.layout == "numerator" else J.T

    def _value(self, expression: Expression) -> np.ndarray:
        if self.known is not None:
            written = text(expression)
            functions = function_names(self.known)
            tree = parse_expression(written, declared=self.known.names, functions=functions)
            again = read(tree, self.known, expected=expression.shape).expression
            assert again.shape == expression.shape, written
            expression = again
        return np.asarray(evaluate(expression, self.values, self.sizes))


def _close(got: np.ndarray, expected: np.ndarray) -> bool:
    if got.shape != expected.shape:
        return False
    scale = max(1.0, float(np.max(np.abs(expected), initial=0.0)))
    return bool(np.max(np.abs(got - expected), initial=0.0) <= TOLERANCE * scale)
