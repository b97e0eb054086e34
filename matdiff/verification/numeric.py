"""A second opinion on a derivative: its formula against values of the function, at random points.

The reference comes from the function alone, so no rule of differentiation is trusted.  An error is
measured against |J||V|, never against one: a formula of size 1e-12 has to be right in its leading
digits too.  Where floating point cannot decide, the verdict is None and says why; a NaN fails.
"""

from __future__ import annotations

from secrets import randbits

from matdiff.dimensions import shape_text
from matdiff.errors import DomainProblem, LimitReached
from matdiff.verification.claims import Claim, expected_shape
from matdiff.verification.comparison import Comparison, Undecided
from matdiff.verification.reference import Reference
from matdiff.verification.structure import shape_of_direction


class Verification:
    """The outcome of a check.

    `passed` is None if nothing could be decided; `max_relative_error` is relative to |J||V|;
    `trials` counts the points compared; `seed` repeats the run; `reason` says why it did not pass;
    `limited` whether that was a limit.
    """

    __slots__ = ("limited", "max_relative_error", "method", "passed", "reason", "seed", "trials")

    def __init__(
        self,
        passed: bool | None,
        method: str,
        trials: int,
        max_relative_error: float | None,
        seed: int,
        reason: str | None = None,
        *,
        limited: bool = False,
    ) -> None:
        self.passed, self.method, self.trials = passed, method, trials
        self.max_relative_error, self.seed, self.reason = max_relative_error, seed, reason
        self.limited = limited

    def __repr__(self) -> str:
        return f"<Verification {self.passed} by {self.method}: {self.reason or 'agrees'}>"


def verify(claim: Claim, *, trials: int = 3, seed: int | None = None) -> Verification:
    """Compare a derivative with its function at `trials` random points of random sizes.

    Without a seed one is drawn from the system.  Input that cannot be evaluated raises nothing:
    the outcome is then undecided, with the reason.
    """
    seed = randbits(32) if seed is None else seed
    reference = Reference(claim.expression, claim.wrt)
    method = _method(claim.kind, reference)
    expected = expected_shape(claim, shape_of_direction(claim))
    if claim.formula.shape != expected:
        shapes = f"{shape_text(claim.formula.shape)} in place of {shape_text(expected)}"
        return Verification(False, method, 0, None, seed, f"the formula is {shapes}")
    errors: list[float] = []
    try:
        comparison = Comparison(claim, reference, seed)
        for _ in range(trials):
            error, failure = comparison.trial()
            errors.append(error)
            if failure is not None:
                return Verification(False, method, len(errors), error, seed, failure)
    except LimitReached as limit:
        worst, reason = max(errors, default=None), f"{limit.code} {limit.message}"
        return Verification(None, method, len(errors), worst, seed, reason, limited=True)
    except (Undecided, DomainProblem) as problem:
        worst = max(errors, default=None)
        return Verification(None, method, len(errors), worst, seed, problem.message)
    if not errors:
        return Verification(None, method, 0, None, seed, "no trial was asked for")
    return Verification(True, method, len(errors), max(errors), seed)


def _method(kind: str, reference: Reference) -> str:
    if not reference.analytic:
        return "finite differences"
    return "complex step and differences" if kind == "hessian" else "complex step"
