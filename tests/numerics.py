"""Independent numbers for the tests: values at random points and central differences.

Nothing here knows a rule of calculus; formulas are held against the function's own values.
"""

from __future__ import annotations

import numpy as np

from matdiff.dimensions import ONE, Dimension
from matdiff.operations.algebra import SYMBOL, Expression, postorder, symbol
from matdiff.verification.evaluation import evaluate

SIZES = {"m": 2, "n": 3, "p": 4, "q": 5, "k": 6}
m, n, p, q, k = (Dimension.of(name) for name in "mnpqk")

Values = dict[Expression, np.ndarray]


def matrix(name: str, rows: Dimension, columns: Dimension = ONE, *properties: str) -> Expression:
    return symbol(name, rows, columns, properties)


def draw(*expressions: Expression, seed: int = 0) -> Values:
    """Random values of all symbols, in (0.5, 1.5) so that logarithms and roots exist."""
    random = np.random.default_rng(seed)
    values: Values = {}
    for node in postorder(*expressions):
        if node.operation is SYMBOL:
            shape = tuple(side.at(SIZES) for side in node.shape)
            values[node] = random.uniform(0.5, 1.5, shape) * random.choice([-1, 1], shape)
    return values


def value(expression: Expression, values: Values) -> np.ndarray:
    return np.asarray(evaluate(expression, values, SIZES))


def differences(f: Expression, X: Expression, values: Values, order: str = "F") -> np.ndarray:
    """d vec(f) / d vec(X)' by central differences, both stacked by columns ("F") or rows ("C")."""
    at, step = values[X], 1e-6
    columns = []
    for i in range(at.size):
        change = np.zeros(at.size)
        change[i] = step
        moved = change.reshape(at.shape, order=order)  # type: ignore[call-overload]
        ahead = value(f, {**values, X: at + moved})
        behind = value(f, {**values, X: at - moved})
        columns.append(((ahead - behind) / (2 * step)).ravel(order=order))  # type: ignore[arg-type]
    return np.array(columns).T


def close(got: np.ndarray, expected: np.ndarray, tolerance: float = 1e-6) -> bool:
    """Equal shapes, and equal up to rounding relative to the largest entry."""
    if got.shape != expected.shape:
        return False
    scale = max(1.0, float(np.max(np.abs(expected), initial=0.0)))
    return bool(np.max(np.abs(got - expected), initial=0.0) <= tolerance * scale)
