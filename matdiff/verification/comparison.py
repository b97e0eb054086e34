"""One formula and one function at random points, along random directions.

A complex step leaves no error but rounding, so the tolerance is fixed; differences bring an
estimate of their own error.  Where an error might be rounding after all, it is measured: every
operation's result is disturbed a little, and what that does to both sides is scaled down.
"""

from __future__ import annotations

from typing import Any

from matdiff.operations.algebra import is_zero, postorder
from matdiff.verification.claims import Claim, predicted, stacked
from matdiff.verification.differences import Estimate
from matdiff.verification.evaluation import Array, evaluate_nodes
from matdiff.verification.reference import DISTURBANCE, ROUNDING, Reference, disturbed
from matdiff.verification.samples import Point, Sampler
from matdiff.verification.structure import direction_within, shape_of_direction

ANALYTIC_TOLERANCE = 1e-10
DIFFERENCE_TOLERANCE = 1e-8
ESTIMATE_FACTOR = 3.0  # of the differences' own error
LARGEST_ESTIMATE = 1e-5  # beyond it differences decide nothing
SMALLEST_CHANGE = 1e-6  # of |f|: less is lost in the rounding of f
ROUNDING_FACTOR = 50.0
DIRECTIONS = 3
REDRAWS = 10
POINTS_AMONG_KINKS = 8  # a trial has to see both sides of relu and its like

Judged = tuple[float, float]  # relative error, tolerance


class Undecided(Exception):
    """Nothing can be said about the formula, for the reason in `message`."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Comparison:
    """One claim, and the points it is compared at."""

    __slots__ = ("_claim", "_order", "_reference", "_sampler")

    def __init__(self, claim: Claim, reference: Reference, seed: int) -> None:
        self._claim, self._reference = claim, reference
        self._order = postorder(claim.formula)
        self._sampler = Sampler([claim.expression, claim.formula], [claim.wrt], seed)
        if self._sampler.draw() is None:
            # the formula may demand what it must not: its own value decides then
            self._sampler = Sampler([claim.expression], [claim.wrt, claim.formula], seed)

    def trial(self) -> tuple[float, str | None]:
        """The largest relative error, and why it is too large, if it is; or Undecided."""
        worst = 0.0
        for _ in range(POINTS_AMONG_KINKS if self._reference.kinked else 1):
            error, failure = self._at_some_point()
            if failure is not None:
                return error, failure
            worst = max(worst, error)
        return worst, None

    def _at_some_point(self) -> tuple[float, str | None]:
        import numpy as np

        doubt = Undecided("")
        for _ in range(REDRAWS):
            point = self._sampler.draw()
            if point is None:
                reason = f"no sample inside the domain was found: {self._sampler.objection}"
                raise Undecided(reason)
            try:
                with np.errstate(all="ignore"):
                    return self._at(np, point)
            except Undecided as undecided:
                doubt = undecided
        raise doubt

    def _at(self, np: Any, point: Point) -> tuple[float, str | None]:
        worst = 0.0
        for _ in range(DIRECTIONS):
            V, U = self._direction(np, point), self._direction(np, point)
            try:
                error, tolerance = self._along(np, point, V, U)
            except np.linalg.LinAlgError:
                return np.nan, "the formula has no value where the function has a derivative"
            if not error <= tolerance:
                sizes = ", ".join(f"{name} = {n}" for name, n in point.sizes.items())
                return error, (
                    f"at a random point{' of ' + sizes if sizes else ''} it is off by a relative "
                    f"error of {error:.1e}, {tolerance:.0e} is allowed"
                )
            worst = max(worst, error)
        return worst, None

    def _direction(self, np: Any, point: Point) -> Array:
        """A Gaussian direction as large as the variable."""
        X = point.values[self._claim.wrt]
        size = float(np.sqrt(np.mean(np.abs(X) ** 2))) or 1.0
        shape = [side.at(point.sizes) for side in shape_of_direction(self._claim)]
        return size * self._sampler.generator.normal(size=shape)

    def _along(self, np: Any, point: Point, V: Array, U: Array) -> Judged:
        """The error along one direction, of a Hessian two; Undecided if it means nothing."""
        claim = self._claim
        inside = direction_within(np, claim, V, point.sizes)
        G = self._formula(point, V)
        if not np.all(np.isfinite(G)):
            return np.nan, ANALYTIC_TOLERANCE
        said = predicted(np, claim, G, V, U)
        other = inside
        if claim.kind == "hessian":
            other = direction_within(np, claim, U, point.sizes)
            found = self._reference.second(point, inside, other)
        else:
            found = self._reference.first(point, inside)
        if found is None:
            raise Undecided("a kink of the function is too near")
        if not np.all(np.isfinite(found.value)):
            raise Undecided("the function has no finite derivative at the samples tried")
        true = stacked(claim, found.value) if claim.kind == "jacobian" else found.value
        scale = self._scale(np, G, V, U)
        if claim.kind == "hessian" or not self._reference.analytic:
            return self._judge_differences(np, point, found, V, U, other, said, scale)
        return self._judge_analytic(np, point, V, inside, said, true, scale)

    def _judge_analytic(
        self, np: Any, point: Point, V: Array, inside: Array, said: Array, true: Array, scale: float
    ) -> Judged:
        """An error against rounding alone, which is relative to the function's own size too:
        where tanh is all but 1, its derivative has few digits left, and then none."""
        off = _norm(np, said - true)
        error = _relative(off, scale)
        if error <= ANALYTIC_TOLERANCE:
            return error, ANALYTIC_TOLERANCE
        size = max(scale, _norm(np, true))
        level = _norm(np, self._reference.plain(point, None))
        weak = size < SMALLEST_CHANGE * level
        tolerance = ANALYTIC_TOLERANCE
        if not weak and size > 0:
            tolerance = max(tolerance, ROUNDING_FACTOR * ROUNDING * level / size)
        if error <= tolerance:
            return error, tolerance
        noise = self._reference.rounding(np, point, inside, self._sampler.generator)
        hidden = off <= ROUNDING_FACTOR * (noise + self._rounding(np, point, V, V, said))
        if is_zero(self._claim.formula) and hidden:
            return 0.0, tolerance
        if weak or hidden:
            raise Undecided("rounding hides the derivative: large terms cancel")
        return error, tolerance

    def _formula(self, point: Point, V: Array, disturb: Any = None) -> Array:
        values = point.values
        if self._claim.change is not None:
            values = {**values, self._claim.change: V}
        return evaluate_nodes(self._order, values, point.sizes, disturb)[self._claim.formula]

    def _scale(self, np: Any, G: Array, V: Array, U: Array) -> float:
        """|J||V|, which the error is relative to; of a Hessian |H||V||U|."""
        size = _norm(np, G)
        if self._claim.kind == "differential":
            return size
        size *= _norm(np, V)
        return size * _norm(np, U) if self._claim.kind == "hessian" else size

    def _rounding(self, np: Any, point: Point, V: Array, U: Array, said: Array) -> float:
        """What rounding may do to the formula: 1 - tanh(x)^2 has few digits where x is large."""
        generator = self._sampler.generator
        G = self._formula(point, V, lambda value: disturbed(np, generator, value))
        return _norm(np, predicted(np, self._claim, G, V, U) - said) * ROUNDING / DISTURBANCE

    def _judge_differences(
        self,
        np: Any,
        point: Point,
        found: Estimate,
        V: Array,
        U: Array,
        moved: Array,
        said: Array,
        scale: float,
    ) -> Judged:
        """An error against the error of the differences themselves."""
        true = stacked(self._claim, found.value) if self._claim.kind == "jacobian" else found.value
        off = _norm(np, said - true)
        error = _relative(off, scale)
        if error == 0 and self._reference.constant:
            return 0.0, DIFFERENCE_TOLERANCE
        direction = moved if self._reference.analytic else None  # what differences were taken of
        level = _norm(np, self._reference.plain(point, direction))
        scale = max(scale, _norm(np, found.value))
        doubt = _relative(found.error, scale)
        tolerance = max(DIFFERENCE_TOLERANCE, ESTIMATE_FACTOR * doubt)
        most = max(level, _norm(np, self._reference.plain(point, None)))
        weak = doubt > LARGEST_ESTIMATE or scale < SMALLEST_CHANGE * most
        if error <= tolerance and not weak:
            return error, tolerance
        noise = self._reference.rounding(np, point, direction, self._sampler.generator)
        of_formula = self._rounding(np, point, V, U, said)
        hidden = off <= ROUNDING_FACTOR * (found.gain * max(noise, ROUNDING * level) + of_formula)
        if hidden and is_zero(self._claim.formula):
            return 0.0, tolerance
        if hidden or weak:
            raise Undecided("differences are not accurate enough at the samples tried")
        return error, tolerance


def _norm(np: Any, A: Array) -> float:
    """The Frobenius norm, without underflow or overflow of the squares."""
    largest = float(np.max(np.abs(A)))
    if not 0 < largest < float("inf"):
        return largest
    return largest * float(np.linalg.norm(A / largest))


def _relative(error: float, scale: float) -> float:
    if scale > 0:
        return error / scale
    return error if error == 0 or error != error else float("inf")
