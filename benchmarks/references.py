"""Derivatives by differences of a problem's own NumPy source: the judge that knows no calculus.

Vectors are columns n×1 here and scalars floats, as the sources have it.  The sources are part of
this repository, so evaluating them is as safe as importing this module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

Values = dict[str, Any]
STEPS = (4e-3, 2e-3, 1e-3)  # relative to the entry moved; extrapolated to zero


class Untranslatable(Exception):
    """A peer has nothing for an operation."""


def _commutation(m: int, n: int) -> np.ndarray:
    """K with K vec(A) = vec(A') for A m×n."""
    K = np.zeros((m * n, m * n))
    for i in range(m):
        for j in range(n):
            K[i * n + j, j * m + i] = 1
    return K


def _log_sum_exp(x: np.ndarray) -> float:
    return float(np.log(np.sum(np.exp(x - x.max()))) + x.max())


HELPERS: Values = {
    name: getattr(np, name)
    for name in "abs cos exp eye kron log ones sign sin sqrt sum tan tanh zeros".split()
} | {
    "np": np,
    "inv": np.linalg.inv,
    "det": np.linalg.det,
    "norm": np.linalg.norm,
    "mpow": np.linalg.matrix_power,
    "tr": np.trace,
    "logdet": lambda A: np.linalg.slogdet(A)[1],
    "vec": lambda A: np.reshape(A, (-1, 1), order="F"),
    "Diag": np.diagflat,
    "dg": lambda A: np.diag(A).reshape(-1, 1),
    "K": _commutation,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "relu": lambda x: np.maximum(x, 0),
    "softmax": lambda x: np.exp(x - _log_sum_exp(x)),
    "lse": _log_sum_exp,
}


def matrix(value: Any) -> np.ndarray:
    """The value as a 2-D array; a 1-D one is a column."""
    array = np.asarray(value, dtype=float)
    return array.reshape(-1, 1) if array.ndim == 1 else np.atleast_2d(array)


def run(source: str, values: Values) -> np.ndarray:
    """The value of a problem's NumPy expression."""
    return matrix(eval(source, {**HELPERS, **values}))


def sample(shape: list[int], properties: Iterable[str], generator: np.random.Generator) -> Any:
    """A float or a 2-D array that has the properties."""
    if not shape:
        return float(generator.uniform(0.5, 1.5) if "positive" in properties else _small(generator))
    m, n = (*shape, 1)[:2]
    A = generator.normal(size=(m, n))
    draw: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        "positive": lambda A: generator.uniform(0.5, 1.5, size=(m, n)),
        "unit": lambda A: generator.uniform(-0.8, 0.8, size=(m, n)),
        "onehot": lambda A: np.eye(m)[:, [generator.integers(m)]],
        "binary": lambda A: generator.integers(0, 2, size=(m, n)).astype(float),
        "symmetric": lambda A: (A + A.T) / 2,
        "skew": lambda A: (A - A.T) / 2,
        "spd": lambda A: A @ A.T + m * np.eye(m),
        "diagonal": lambda A: np.diag(np.diag(A)),
        "orthogonal": lambda A: np.linalg.qr(A)[0],
        "invertible": lambda A: A + 3 * np.eye(m),
        "posdet": lambda A: 0.3 * np.abs(A) + 3 * np.eye(m),
    }
    for name, change in draw.items():
        if name in properties:
            A = change(A)
    return A


def _small(generator: np.random.Generator) -> float:
    return float(generator.uniform(-0.8, 0.8))


def jacobian(source: str, wrt: str, values: Values) -> np.ndarray:
    """d vec(source) / d vec(wrt)' by central differences, columns stacked on both sides."""
    point = matrix(values[wrt])
    scalar = np.ndim(values[wrt]) == 0

    def moved(index: int, by: float) -> np.ndarray:
        stacked = point.reshape(-1, order="F").copy()
        stacked[index] += by
        there = stacked.reshape(point.shape, order="F")
        value = run(source, {**values, wrt: float(there[0, 0]) if scalar else there})
        return value.reshape(-1, order="F")

    columns = []
    for index, entry in enumerate(point.reshape(-1, order="F")):
        row: list[np.ndarray] = []
        for step in STEPS:
            h = step * max(0.1, abs(entry))
            quotient = (moved(index, h) - moved(index, -h)) / (2 * h)
            row = [quotient, *row]
            for k in range(1, len(row)):  # Neville's scheme for an even function of h
                row[k] = row[k - 1] + (row[k - 1] - row[k]) / (4.0**k - 1)
        columns.append(row[-1])
    return np.stack(columns, axis=1)
