"""A claim and the right formula as numbers at a few points, to try corrections cheaply.

Floating point only tells what is worth a test; `right` and `matches` make that test.
"""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

from matdiff.derivatives import Derivative
from matdiff.errors import MatdiffError
from matdiff.judging.identity import identity, same_form
from matdiff.operations.algebra import Expression, add, number, scale, zeros
from matdiff.verification.evaluation import Array, evaluate
from matdiff.verification.samples import Point, Sampler

POINTS = 2
MANY_POINTS = 24
NEAR = 1e-7  # relative, in floating point: near enough to be tried in earnest
LARGEST_DENOMINATOR = 12
DIGITS_TYPED = 13  # of a decimal number in a claim, at most


class Trial:
    """A wrong claim, the formula that was derived, and the values of both."""

    __slots__ = ("claimed", "derived", "points", "said", "seed", "truth")

    def __init__(self, derived: Derivative, claimed: Expression, seed: int) -> None:
        self.derived, self.claimed, self.seed = derived, claimed, seed
        self.points: list[Point] = []
        sampler = self._sampler(seed)
        for _ in range(POINTS):
            point = sampler.draw()
            if point is not None:
                self.points.append(point)
        self.truth = self.values(derived.formula)
        self.said = self.values(claimed)

    @property
    def same_shape(self) -> bool:
        """Whether the claim has the shape of the derivative."""
        return self.claimed.shape == self.derived.shape

    def ratios(self) -> list[float] | None:
        """The numbers c with claim = c · derivative at each point, if there are such."""
        if not self.same_shape or self.truth is None or self.said is None:
            return None
        found = [_ratio(said, true) for said, true in zip(self.said, self.truth, strict=True)]
        return [c for c in found if c is not None] if None not in found else None

    def differences(self) -> list[float]:
        """How far the claim is from the derivative at many points, by its largest entry."""
        if not self.same_shape:
            return []
        sampler, found = self._sampler(self.seed + 1), []
        for _ in range(MANY_POINTS):
            point = sampler.draw()
            said = true = None
            if point is not None:
                said, true = (self._value(e, point) for e in (self.claimed, self.derived.formula))
            if said is None or true is None:
                return []
            found.append(float(abs(said - true).max() / abs(true).max()))
        return found

    def values(self, expression: Expression) -> list[Array] | None:
        """The expression's values at the points, None if one does not exist."""
        values = []
        for point in self.points:
            value = self._value(expression, point)
            if value is None:
                return None
            values.append(value)
        return values or None

    def _value(self, expression: Expression, point: Point) -> Array | None:
        import numpy as np

        try:
            with np.errstate(all="ignore"):
                return evaluate(expression, point.values, point.sizes)
        except (MatdiffError, ArithmeticError, np.linalg.LinAlgError, ValueError):
            return None

    def _sampler(self, seed: int) -> Sampler:
        expressions = [self.derived.formula, self.claimed, self.derived.expression]
        return Sampler(expressions, [self.derived.wrt], Random(seed).getrandbits(32))

    def right(self, formula: Expression) -> bool:
        """Whether a formula is the derivative; the claim in other words is not."""
        return (
            self._near(formula, self.truth)
            and self._equal(formula, self.derived.formula)
            and not (self.same_shape and same_form(formula, self.claimed))
        )

    def matches(self, formula: Expression | None) -> bool:
        """Whether a formula is what was claimed."""
        if formula is None or formula.shape != self.claimed.shape:
            return False
        return self._near(formula, self.said) and self._equal(formula, self.claimed)

    def _equal(self, one: Expression, other: Expression) -> bool:
        return identity(one, other, (self.derived.expression,), seed=self.seed).holds

    def _near(self, formula: Expression, wanted: list[Array] | None) -> bool:
        values = self.values(formula)
        if values is None or wanted is None:
            return False
        return all(_close(a, b) for a, b in zip(values, wanted, strict=True))

    def combination(self, terms: list[Expression]) -> list[Fraction] | None:
        """The coefficients, not all one, with which the terms add up to the claim."""
        import numpy as np

        columns = [self.values(term) for term in terms]
        if len(terms) < 2 or self.said is None or any(c is None for c in columns):
            return None
        A = np.stack([np.concatenate([v.ravel() for v in c or []]) for c in columns], axis=1)
        b = np.concatenate([v.ravel() for v in self.said])
        if not (np.all(np.isfinite(A)) and np.all(np.isfinite(b))):
            return None
        solution, _, rank, _ = np.linalg.lstsq(A, b, rcond=1e-9)
        if rank < len(terms) or not _close(A @ solution, b):
            return None
        found = [Fraction(float(c)).limit_denominator(LARGEST_DENOMINATOR) for c in solution]
        if any(abs(float(c) - value) > 1e-6 for c, value in zip(found, solution, strict=True)):
            return None
        if all(c == 1 for c in found) or not any(found):
            return None
        total = zeros(*self.claimed.shape)
        for c, term in zip(found, terms, strict=True):
            total = add(total, scale(number(c), term))
        return found if self._equal(total, self.claimed) else None


def _close(a: Any, b: Any) -> bool:
    largest = float(max(abs(b).max(), abs(a).max()))
    return bool(a.shape == b.shape and abs(a - b).max() <= NEAR * largest) and largest > 0


def _ratio(said: Array, true: Array) -> float | None:
    """c with said = c true, if there is one."""
    size = float((true * true).sum())
    if not size > 0:
        return None
    c = float((said * true).sum()) / size
    return c if c and _close(said, c * true) else None


def rational(ratios: list[float]) -> Fraction | None:
    """The simple fraction that all the ratios are."""
    simple = Fraction(ratios[0]).limit_denominator(LARGEST_DENOMINATOR)
    for c in (simple, Fraction(f"{ratios[0]:.{DIGITS_TYPED}g}")):
        if c and all(abs(ratio - float(c)) <= 1e-12 * abs(ratio) for ratio in ratios):
            return c
    return None
