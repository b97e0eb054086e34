"""The lines of a derivation at random values: each is read back and computed.

The derivative that they are held against comes from differences of the function's own values.
"""

from __future__ import annotations

import zlib

import numpy as np

from matdiff.derivations.steps import Partial, Step
from matdiff.operations.algebra import Expression, symbol, symbol_name
from matdiff.rendering import text
from matdiff.shapes import Environment, function_names, read
from matdiff.shapes.environment import Variable
from matdiff.syntax import parse_expression
from matdiff.verification.evaluation import evaluate

Line = tuple[str, np.ndarray]  # what stands on the left, and the value of the right side


def name_of(step: Step) -> str:
    """The left side as text; ∂ and the order for what is read off."""
    if isinstance(step.left, Partial):
        return f"∂{step.left.order} {step.left.value}/{step.left.variable}"
    return text(step.left)


def parsed(formula: str, known: Environment, expected: Expression) -> Expression:
    """A formula read back, which has to be unambiguous and of its shape."""
    tree = parse_expression(formula, declared=known.names, functions=function_names(known))
    reading = read(tree, known, expected=expected.shape)
    assert reading.expression.shape == expected.shape, formula
    return reading.expression


def values_of(
    steps: list[Step],
    known: Environment,
    values: dict[Expression, np.ndarray],
    sizes: dict[str, int],
    dX: np.ndarray,
    wrt: Expression,
) -> list[Line]:
    """Every line's right side, read back from its text and computed with dX for the change."""
    known = known.copy()
    change = symbol("d" + symbol_name(wrt), *wrt.shape)
    known.add(Variable(symbol_name(change), wrt.shape))
    values = {**values, change: dX}
    found: list[Line] = []
    for step in steps:
        for name, part in step.where:
            meaning = evaluate(parsed(text(part), known, part), values, sizes)
            stand_in = symbol(name, *part.shape)
            if stand_in in values:
                np.testing.assert_allclose(meaning, values[stand_in], rtol=1e-6, atol=1e-9)
            else:
                known.add(Variable(name, part.shape))
            values[stand_in] = meaning
        value = evaluate(parsed(text(step.right), known, step.right), values, sizes)
        found.append((name_of(step), value))
        if not isinstance(step.left, Partial) and not step.left.arguments:  # later lines may use it
            values.setdefault(step.left, value)
            if text(step.left) not in known.variables:
                known.add(Variable(text(step.left), step.left.shape))
    return found


def is_close(A: np.ndarray, B: np.ndarray, tolerance: float = 1e-6) -> bool:
    """Equal up to rounding of the largest entry."""
    if A.shape != B.shape:
        return False
    size = max(float(np.max(np.abs(A), initial=0)), float(np.max(np.abs(B), initial=0)))
    return bool(np.max(np.abs(A - B), initial=0) <= tolerance * (size or 1) + 1e-12)


def direction(shape: tuple[int, ...], name: str) -> np.ndarray:
    """A random change of that shape, always the same for a name."""
    return np.random.default_rng(zlib.crc32(name.encode())).normal(size=shape)
