"""Right claims with one thing changed: none passes that is not the same function after all.

Some hundred in a run; MATDIFF_MUTANTS=10000 makes it as many.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from random import Random

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from corpus import ask, load, readable

from matdiff.derivatives import Derivative
from matdiff.errors import MatdiffError
from matdiff.judging.damages import damaged
from matdiff.judging.suspects import altered
from matdiff.judging.verdicts import judge
from matdiff.operations.algebra import Expression, is_zero, number, ones, scale
from matdiff.verification.evaluation import evaluate
from matdiff.verification.samples import Sampler

COUNT = int(os.environ.get("MATDIFF_MUTANTS", "400"))
MUTANTS_OF_ONE = 8  # on the average: so that not all are made to choose a few
FACTORS = ("-1", "2", "1/2", "1.000000001", "0.999999999", "3", "1/3")


def mutants(derived: Derivative) -> Iterator[tuple[str, Expression, bool]]:
    """A word, the changed formula, and whether it differs for sure."""
    formula = derived.formula
    for factor in FACTORS:
        changed = scale(number(Fraction(factor)), formula)
        yield f"times {factor}", changed, not is_zero(formula)
    tiny = scale(number(Fraction("1e-12")), ones(*formula.shape))
    yield "plus 1e-12", formula + tiny, True
    for word, changed in (*altered(formula), *damaged(formula)):
        if changed.shape == formula.shape:
            yield word, changed, False


def same_numbers(derived: Derivative, changed: Expression) -> bool:
    """Whether the two agree in floating point at random points, as an opinion of its own."""
    sampler = Sampler([derived.formula, changed, derived.expression], [], 3)
    for _ in range(3):
        point = sampler.draw()
        if point is None:
            return False
        one, other = (evaluate(e, point.values, point.sizes) for e in (derived.formula, changed))
        if not np.allclose(one, other, rtol=1e-9, atol=1e-9 * float(np.abs(one).max())):
            return False
    return True


def test_no_mutant_passes_that_is_not_the_same_function() -> None:
    random = Random(11)
    problems = list(map(readable, load()))
    problems = random.sample(problems, min(len(problems), max(COUNT // MUTANTS_OF_ONE, 1)))
    found = [
        (problem.id, word, derived, changed, differs)
        for problem in problems
        for derived in [ask(problem)]
        for word, changed, differs in mutants(derived)
    ]
    chosen = random.sample(found, min(COUNT, len(found)))
    passed, judged = [], 0
    for name, word, derived, changed, differs in chosen:
        try:
            verdict = judge(derived, changed, seed=1)
        except MatdiffError:
            continue  # what does not exist is refused
        judged += 1
        if verdict.passed and (differs or not same_numbers(derived, changed)):
            passed.append((name, word, verdict.evidence))
    assert passed == []
    assert judged >= 0.9 * len(chosen)
