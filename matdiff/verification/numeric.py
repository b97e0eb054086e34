"""A second opinion on a derivative: its formula against values of the function, at random points.

The reference comes from the function alone, so no rule of differentiation is trusted.  An error is
measured against |J||V|, never against one: a formula of size 1e-12 has to be right in its leading
digits too.  Where floating point cannot decide, the verdict is None and says why; a NaN fails.
"""

from __future__ import annotations

from secrets import randbits
from typing import Any

from matdiff.dimensions import shape_text
from matdiff.errors import DomainProblem, LimitReached
from matdiff.operations.algebra import is_zero, postorder, symbol_properties
from matdiff.verification.claims import Claim, expected_shape, predicted, stacked
from matdiff.verification.differences import Estimate
from matdiff.verification.evaluation import Array, evaluate, evaluate_nodes
from matdiff.verification.reference import DISTURBANCE, ROUNDING, Reference, disturbed
from matdiff.verification.samples import Point, Sampler
from matdiff.verification.structure import direction_of_gradient

ANALYTIC_TOLERANCE = 1e-10
DIFFERENCE_TOLERANCE = 1e-8
ESTIMATE_FACTOR = 3.0  # of the differences' own error
LARGEST_ESTIMATE = 1e-5  # beyond it differences decide nothing
SMALLEST_CHANGE = 1e-6  # of |f|: less is lost in the rounding of f
ROUNDING_FACTOR = 50.0
DIRECTIONS = 3
REDRAWS = 10
INACCURATE = "differences are not accurate enough at the samples tried"


class Verification:
    """The outcome of a check.

    `passed` is None if nothing could be decided; `max_relative_error` is relative to |J||V|;
    `trials` counts the points compared; `seed` repeats the run; `reason` says why it did not pass.
    """

    __slots__ = ("max_relative_error", "method", "passed", "reason", "seed", "trials")

    def __init__(
        self,
        passed: bool | None,
        method: str,
        trials: int,
        max_relative_error: float | None,
        seed: int,
        reason: str | None = None,
    ) -> None:
        self.passed, self.method, self.trials = passed, method, trials
        self.max_relative_error, self.seed, self.reason = max_relative_error, seed, reason

    def __repr__(self) -> str:
        return f"<Verification {self.passed} by {self.method}: {self.reason or 'agrees'}>"


def verify(claim: Claim, *, trials: int = 3, seed: int | None = None) -> Verification:
    """Compare a derivative with its function at `trials` random points of random sizes.

    Without a seed one is drawn from the system.  Raises nothing for input that cannot be
    evaluated: the outcome is then undecided, with the reason.
    """
    seed = randbits(32) if seed is None else seed
    reference = Reference(claim.expression, claim.wrt)
    method = _method(claim.kind, reference)
    expected = expected_shape(claim)
    if claim.formula.shape != expected:
        shapes = f"{shape_text(claim.formula.shape)} in place of {shape_text(expected)}"
        return Verification(False, method, 0, None, seed, f"the formula is {shapes}")
    worst, done = 0.0, 0
    try:
        trial = _Trial(claim, reference, seed)
        for _ in range(trials):
            error, reason = trial.run()
            if error is None:
                return Verification(None, method, done, worst if done else None, seed, reason)
            done += 1
            worst = max(worst, error) if error == error else error
            if reason is not None:
                return Verification(False, method, done, worst, seed, reason)
    except (LimitReached, DomainProblem) as problem:
        return Verification(None, method, done, None, seed, problem.message)
    if done == 0:
        return Verification(None, method, 0, None, seed, "no trial was asked for")
    return Verification(True, method, done, worst, seed)


def _method(kind: str, reference: Reference) -> str:
    if not reference.analytic:
        return "finite differences"
    return "complex step and differences" if kind == "hessian" else "complex step"


class _Trial:
    """One claim, and the points it is compared at."""

    __slots__ = ("claim", "reference", "sampler")

    def __init__(self, claim: Claim, reference: Reference, seed: int) -> None:
        self.claim, self.reference = claim, reference
        self.sampler = Sampler([claim.expression, claim.formula], [claim.wrt], seed)
        if self.sampler.draw() is None:
            # the formula may demand what it must not: its own value decides then
            self.sampler = Sampler([claim.expression], [claim.wrt, claim.formula], seed)

    def run(self) -> tuple[float | None, str | None]:
        """(error, None) if the formula agrees, (error, reason) if not, else (None, reason)."""
        import numpy as np

        reason = ""
        for _ in range(REDRAWS):
            point = self.sampler.draw()
            if point is None:
                return None, f"no sample inside the domain was found: {self.sampler.objection}"
            with np.errstate(all="ignore"):
                error, found = self._at(np, point)
            if error is not None:
                return error, found
            reason = found or reason
        return None, reason

    def _at(self, np: Any, point: Point) -> tuple[float | None, str | None]:
        """The comparison along several directions at one point."""
        worst = 0.0
        for _ in range(DIRECTIONS):
            V, U = self._direction(np, point), self._direction(np, point)
            try:
                comparison = self._compare(np, point, V, U)
            except np.linalg.LinAlgError:
                return np.inf, "the formula has no value where the function has a derivative"
            if isinstance(comparison, str):
                return None, comparison
            error, tolerance = comparison
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
        X = point.values[self.claim.wrt]
        size = float(np.sqrt(np.mean(np.abs(X) ** 2))) or 1.0
        return size * self.sampler.generator.normal(size=X.shape)

    def _compare(self, np: Any, point: Point, V: Array, U: Array) -> tuple[float, float] | str:
        """(relative error, tolerance), or why there is none."""
        claim = self.claim
        inside = V
        if claim.structure == "projection" and claim.kind == "gradient":
            inside = direction_of_gradient(np, V, symbol_properties(claim.wrt))
        G = self._formula(point, V)
        if not np.all(np.isfinite(G)):
            return np.nan, ANALYTIC_TOLERANCE
        said = predicted(np, claim, G, V, U)
        if claim.kind == "hessian":
            found = self.reference.second(point, V, U)
        else:
            found = self.reference.first(point, inside)
        if found is None:
            return "a kink of the function is too near"
        if not np.all(np.isfinite(found.value)):
            return "the function has no finite derivative at the sample"
        true = stacked(claim, found.value) if claim.kind == "jacobian" else found.value
        scale = self._scale(np, G, V, U)
        off = _norm(np, said - true)
        error = _relative(off, scale)
        if self.reference.analytic and claim.kind != "hessian":
            if not error <= ANALYTIC_TOLERANCE:
                return self._weigh(np, point, V, inside, said, true, error)
            return error, ANALYTIC_TOLERANCE
        return self._weigh_differences(np, point, found, U, scale, off, error)

    def _formula(self, point: Point, V: Array, disturb: Any = None) -> Array:
        values = point.values
        if self.claim.change is not None:
            values = {**values, self.claim.change: V}
        if disturb is None:
            return evaluate(self.claim.formula, values, point.sizes)
        order = postorder(self.claim.formula)
        return evaluate_nodes(order, values, point.sizes, disturb)[self.claim.formula]

    def _scale(self, np: Any, G: Array, V: Array, U: Array) -> float:
        """|J||V|, which the error is relative to."""
        size = _norm(np, G)
        if self.claim.kind == "differential":
            return size
        size *= _norm(np, V)
        return size * _norm(np, U) if self.claim.kind == "hessian" else size

    def _weigh(
        self, np: Any, point: Point, V: Array, inside: Array, said: Array, true: Array, error: float
    ) -> tuple[float, float] | str:
        """Whether an error of the complex step can be rounding; only then it is no failure."""
        generator = self.sampler.generator
        G = self._formula(point, V, lambda value: disturbed(np, generator, value))
        other = predicted(np, self.claim, G, V, V)
        noise = float(np.max(np.abs(other - said))) * ROUNDING / DISTURBANCE
        noise += self.reference.rounding(np, point, inside, generator)
        if not float(np.max(np.abs(said - true))) <= ROUNDING_FACTOR * noise:
            return error, ANALYTIC_TOLERANCE
        if is_zero(self.claim.formula):
            return 0.0, ANALYTIC_TOLERANCE
        return "rounding hides the derivative: large terms cancel"

    def _weigh_differences(
        self,
        np: Any,
        point: Point,
        found: Estimate,
        U: Array,
        scale: float,
        off: float,
        error: float,
    ) -> tuple[float, float] | str:
        """An error of differences against the differences' own."""
        if error == 0 and self.reference.constant:
            return 0.0, DIFFERENCE_TOLERANCE
        direction = U if self.reference.analytic else None  # what differences were taken of
        level = _norm(np, self.reference.plain(point, direction))
        scale = max(scale, _norm(np, found.value))
        doubt = _relative(found.error, scale)
        tolerance = max(DIFFERENCE_TOLERANCE, ESTIMATE_FACTOR * doubt)
        weak = doubt > LARGEST_ESTIMATE or scale < SMALLEST_CHANGE * level
        if error <= tolerance and not weak:
            return error, tolerance
        noise = self.reference.rounding(np, point, direction, self.sampler.generator)
        if off <= ROUNDING_FACTOR * found.gain * max(noise, ROUNDING * level):
            return (0.0, tolerance) if is_zero(self.claim.formula) else INACCURATE
        return INACCURATE if weak else (error, tolerance)


def _norm(np: Any, A: Array) -> float:
    """The Frobenius norm, without underflow or overflow of the squares."""
    largest = float(np.max(np.abs(A)))
    if not 0 < largest < float("inf"):
        return largest
    return largest * float(np.linalg.norm(A / largest))


def _relative(error: float, scale: float) -> float:
    if scale > 0 or error != error:
        return error / scale if scale else error
    return 0.0 if error == 0 else float("inf")
