"""Emitted functions are run and compared with the records' own evaluation."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from matdiff.dimensions import ONE, Dimension
from matdiff.operations.algebra import NUMBER, SYMBOL, Expression, postorder, symbol, symbol_name
from matdiff.operations.linear import SIZE
from matdiff.rendering.numpy_code import numpy_source

SIZES = {"m": 4, "n": 3, "p": 2}


def direct(formula: Expression, arrays: dict[str, Any]) -> Any:
    """The value by the records' evaluation, node by node."""
    values: dict[Expression, Any] = {}
    for node in postorder(formula):
        if node.operation is SYMBOL:
            values[node] = arrays[symbol_name(node)]
        elif node.operation is NUMBER:
            values[node] = np.full((1, 1), float(node.parameters[0]))
        elif node.operation is SIZE:
            values[node] = np.full((1, 1), float(node.parameters[0].at(SIZES)))
        else:
            sizes = [p.at(SIZES) for p in node.parameters]
            inside = [values[a] for a in node.arguments]
            values[node] = node.operation.evaluate(np, *inside, *sizes)
    return values[formula]


def samples(formula: Expression, seed: int = 0) -> dict[str, Any]:
    draw = np.random.default_rng(seed)
    return {
        symbol_name(node): draw.uniform(-1, 1, [side.at(SIZES) for side in node.shape])
        for node in postorder(formula)
        if node.operation is SYMBOL
    }


def run(formula: Expression, arrays: dict[str, Any], **options: Any) -> Any:
    """Call the emitted function with arrays by variable name, columns as vectors."""
    source, arguments = numpy_source(formula, **options)
    assert max(map(len, source.splitlines())) <= 120
    space: dict[str, Any] = {}
    exec(compile(source, "emitted", "exec"), space)
    given = {}
    for parameter, stands_for in arguments.items():
        value = arrays.get(stands_for, SIZES.get(stands_for))
        if isinstance(value, np.ndarray) and value.shape[1] == 1:
            value = float(value[0, 0]) if value.shape == (1, 1) else value[:, 0]
        given[parameter] = value
    return space[options.get("name", "derivative")](**given)


@pytest.mark.parametrize("start", range(0, 400, 50))
def test_random_formulas(start: int, random_formula: Callable[[int], Expression]) -> None:
    with np.errstate(all="ignore"):
        for seed in range(start, start + 50):
            formula = random_formula(seed)
            arrays = samples(formula, seed)
            expected = direct(formula, arrays)
            value = run(formula, arrays)
            if formula.is_scalar:
                assert isinstance(value, float)
            elif formula.columns is ONE:
                assert value.ndim == 1
            else:
                assert value.shape == expected.shape
            value = np.reshape(value, expected.shape)
            assert np.allclose(value, expected, rtol=1e-7, equal_nan=True), numpy_source(formula)[0]
