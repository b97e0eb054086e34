"""Directional derivatives of a function of one array, from its values alone.

Analytic functions: the complex step, f(X + ihV) = f(X) + ih Df(X)[V] + O(h²), which has no
cancellation, so h may be so small that it is exact to the last digits.  Otherwise central
differences at four step sizes, extrapolated to zero (Richardson), with an estimate of their error.
Sources: Squire & Trapp, SIAM Review 40 (1998) 110; Ridders, Adv. Eng. Software 4 (1982) 75.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from matdiff.verification.evaluation import Array

COMPLEX_STEP = 1e-30
LARGEST_STEP = 0.02
HALVINGS = 4  # two evaluations each

Function = Callable[[Array], Array]


class Estimate:
    """A derivative, the size of its error, and how much it magnifies rounding of the function."""

    __slots__ = ("error", "gain", "value")

    def __init__(self, value: Array, error: float, gain: float = 1.0) -> None:
        self.value, self.error, self.gain = value, error, gain


def complex_step(f: Function, X: Array, V: Array) -> Array:
    """Df(X)[V] of an analytic function, to rounding."""
    return f(X + 1j * COMPLEX_STEP * V).imag / COMPLEX_STEP


def central(f: Function, X: Array, V: Array, step: float = LARGEST_STEP) -> Estimate:
    """Df(X)[V] by extrapolated central differences, the widest X ± step V."""

    def slope(h: float) -> Array:
        return (f(X + h * V) - f(X - h * V)) / (2 * h)

    return _extrapolate(slope, step, 1)


def mixed(f: Function, X: Array, V: Array, U: Array, step: float = LARGEST_STEP) -> Estimate:
    """D²f(X)[V, U] by differences in both directions at once."""

    def curvature(h: float) -> Array:
        P, Q = h * (V + U), h * (V - U)
        return (f(X + P) - f(X + Q) - f(X - Q) + f(X - P)) / (4 * h * h)

    return _extrapolate(curvature, step, 2)


def _extrapolate(quotient: Callable[[float], Array], step: float, order: int) -> Estimate:
    """The limit of a difference quotient that is even in h, by Neville's scheme in h².

    Of the scheme's entries the one that agrees best with its two neighbours is taken, and what it
    differs from them is its error.
    """
    import numpy as np

    previous: list[Array] = []
    best, least = None, np.inf
    for halving in range(HALVINGS):
        row: list[Array] = [quotient(step / 2**halving)]
        for column, upper in enumerate(previous):
            factor = 4.0 ** (column + 1)
            row.append((factor * row[column] - upper) / (factor - 1))
            error = max(_distance(row[-1], row[-2]), _distance(row[-1], upper))
            if error <= least:
                best, least = row[-1], error
        previous = row
    if best is None:
        best = previous[-1]
    gain = (2 ** (HALVINGS - 1) / step) ** order
    return Estimate(best, float(least), gain)


def _distance(A: Any, B: Any) -> float:
    return float(abs(A - B).max())
