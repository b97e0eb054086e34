"""Derivations in every layout: the change of the layout is a line, and right as all lines are."""

from __future__ import annotations

import numpy as np
import pytest
from derivations.lines import is_close, values_of
from derivations.test_derivations import SIZES, formula, left, steps_of

from matdiff.operations.algebra import Expression
from matdiff.verification.evaluation import evaluate

LAYOUTS = [(layout, vec) for layout in ("numerator", "denominator") for vec in ("column", "row")]
QUESTIONS = [
    ("jacobian", "A X B", "X", "A: p×m, X: m×n, B: n×q"),
    ("jacobian", "X'X", "X", "X: m×n"),
    ("jacobian", "X C∘X", "X", "X: m×n, C: n×n"),
    ("jacobian", "sin(A x)", "x", "A: m×n, x: n"),
    ("jacobian", "norm(X)^2", "X", "X: m×n"),
    ("jacobian", "t^2 A", "t", "t: scalar, A: m×n"),
    ("jacobian", "A∘exp(S)", "S", "A: n×n, S: n×n symmetric"),
    ("hessian", "tr(A X'B X)", "X", "A: n×n, X: m×n, B: m×m"),
]


def differences(
    f: Expression, X: Expression, values: dict[Expression, np.ndarray], order: str
) -> np.ndarray:
    """A column for each entry of X, a row for each of f, both taken in the order F or C."""
    columns = []
    for i in range(values[X].size):
        change = np.zeros(values[X].size)
        change[i] = 1e-6
        change = change.reshape(values[X].shape, order=order)  # type: ignore[call-overload]
        ahead = evaluate(f, {**values, X: values[X] + change}, SIZES)
        behind = evaluate(f, {**values, X: values[X] - change}, SIZES)
        columns.append(((ahead - behind) / 2e-6).ravel(order=order))  # type: ignore[arg-type]
    return np.array(columns).T


@pytest.mark.parametrize(("layout", "vec"), LAYOUTS)
@pytest.mark.parametrize(("kind", "expression", "wrt", "declared"), QUESTIONS)
def test_lines_to_a_layout(
    kind: str, expression: str, wrt: str, declared: str, layout: str, vec: str
) -> None:
    steps, names = steps_of(kind, expression, wrt, declared, layout=layout, vec=vec)
    draw = np.random.default_rng(3)
    values: dict[Expression, np.ndarray] = {}
    for variable in names.variables.values():
        value = draw.uniform(0.1, 0.9, [side.at(SIZES) for side in variable.shape])
        values[variable.symbol] = value + value.T if variable.properties else value
    X = names.variables[wrt].symbol
    dX = draw.normal(size=values[X].shape)
    found = values_of(steps, names, values, SIZES, dX, X)
    for (first, value), (before, last) in zip(found[1:], found, strict=False):
        assert first != before or is_close(value, last), first
    order = "F" if vec == "column" else "C"
    f = formula(expression, names)
    if kind == "hessian":  # the gradient is the line that is called G
        f = next(step.right for step in steps if "call it G" in step.reason)
    J = differences(f, X, values, order)
    assert is_close(found[-1][1], J if layout == "numerator" else J.T, 1e-5)
    if (layout, vec) != ("numerator", "column"):
        assert "J" in map(left, steps)


def test_the_change_of_layout_has_its_reason() -> None:
    steps, _ = steps_of("jacobian", "A X", "X", "A: p×m, X: m×n", layout="denominator", vec="row")
    reasons = [step.reason for step in steps[-3:]]
    assert reasons[0].startswith("read off")
    assert "vec(A') = K(p,n) vec(A)" in reasons[1] and "transposed" in reasons[1]
    assert reasons[2].startswith("J put in")
