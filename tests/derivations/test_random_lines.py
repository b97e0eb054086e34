"""Derivations of random expressions: every line is read back and equals the one before."""

from __future__ import annotations

import numpy as np
import pytest
from derivations.lines import direction, is_close, values_of
from properties.generator import DECLARATIONS
from properties.test_random_expressions import question

from matdiff.derivations.derivation import derivation
from matdiff.derivatives import derive
from matdiff.errors import MatdiffError
from matdiff.operations.algebra import Expression
from matdiff.rendering.length import length
from matdiff.shapes import Environment
from matdiff.syntax import parse_declarations
from matdiff.verification.evaluation import evaluate

EXPRESSIONS, PARTS = 120, 4
SIZES = {"m": 2, "n": 3}
LONGEST = 1500  # tokens of a line that is read back here


@pytest.mark.parametrize("part", range(PARTS))
def test_lines_of_random_expressions(part: int) -> None:
    known = Environment()
    known.declare(parse_declarations(DECLARATIONS))
    lines = 0
    for seed in range(part, EXPRESSIONS, PARTS):
        drawn = question(seed)
        if drawn is None:
            continue
        kind, expression, X = drawn
        try:
            answer = derive(kind, expression, X, taken=frozenset(known.names))
            steps = derivation(answer, known.names)
        except MatdiffError:
            continue
        if any(length(step.right) > LONGEST for step in steps):
            continue
        draw = np.random.default_rng(seed)
        values: dict[Expression, np.ndarray] = {
            variable.symbol: draw.uniform(-0.5, 0.5, [side.at(SIZES) for side in variable.shape])
            for variable in known.variables.values()
        }
        dX = direction(values[X].shape, str(seed))
        found = values_of(steps, known, values, SIZES, dX, X)
        for (first, value), (before, last) in zip(found[1:], found, strict=False):
            assert first != before or is_close(value, last), (seed, first)
        ahead = evaluate(expression, {**values, X: values[X] + 1e-6 * dX}, SIZES)
        behind = evaluate(expression, {**values, X: values[X] - 1e-6 * dX}, SIZES)
        change = next(value for name, value in found if name.startswith(("d", "vec")))
        slope = (ahead - behind) / 2e-6
        assert np.max(np.abs(change - slope)) <= 1e-5 * (1 + np.max(np.abs(slope))), seed
        lines += len(steps)
    assert lines > EXPRESSIONS // PARTS
