"""Variables to build formulas of, and random formulas of them."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from hypothesis import strategies as st

from matdiff.dimensions import ONE, Dimension, Shape
from matdiff.errors import ShapeProblem
from matdiff.operations.algebra import (
    Expression,
    add,
    apply,
    commutation,
    hadamard,
    identity,
    inner,
    multiply,
    number,
    ones,
    scale,
    symbol,
    transpose,
    zeros,
)
