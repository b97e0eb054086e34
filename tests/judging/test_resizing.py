"""An expression at other sizes has the values that it has where the sizes are these."""

from __future__ import annotations

import numpy as np
import pytest

from matdiff.dimensions import ONE, Dimension
from matdiff.judging.resizing import resized
from matdiff.operations import REGISTRY
from matdiff.operations.algebra import CONSTRUCTORS, commutation, identity, symbol
from matdiff.operations.linear import size, unvec, vec
from matdiff.operations.record import Operation
from matdiff.verification import evaluate

m, n = Dimension.of("m"), Dimension.of("n")
CHANGES = ({"n": ONE}, {"m": ONE}, {"m": ONE, "n": ONE}, {"m": n}, {"n": m + ONE})


@pytest.mark.parametrize("record", [r for r in REGISTRY if r.example], ids=lambda r: r.name)
def test_constants(record: Operation) -> None:
    assert record.example is not None
    node = CONSTRUCTORS[record](*record.example(m, n))
    for change in CHANGES:
        sizes = {"m": 2, "n": 3}
        there = sizes | {name: side.at(sizes) for name, side in change.items()}
        if record.positive and any(p.at(there) < 1 for p in record.positive(*node.parameters)):
            continue  # there is no e(2,1) and no D_skew(1)
        found = evaluate(resized(node, change), {}, sizes)
        assert np.array_equal(found, evaluate(node, {}, there))


def test_what_depends_on_the_sizes() -> None:
    X, x = symbol("X", m, n), symbol("x", m * n, ONE)
    row = symbol("X", ONE, n)
    assert resized(commutation(m, n), {"m": ONE}) is identity(n)
    assert resized(vec(X), {"m": ONE}) is row.T
    assert resized(unvec(x, m, n), {"m": ONE}) is symbol("x", n, ONE).T
    assert resized(size(m * n) * X, {"m": ONE}) is size(n) * row
