"""Where samples lie: distinct sizes, declared properties, inside every domain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from examples import A, M, N, P, S, X, t, x

from matdiff.dimensions import ONE, Dimension
from matdiff.errors import LimitReached
from matdiff.operations.algebra import Expression, number, ones, symbol
from matdiff.operations.elementwise import ASIN, apply, exp, log, power
from matdiff.operations.linear import kron, total
from matdiff.operations.nonlinear import inverse, logdet
from matdiff.verification.evaluation import evaluate
from matdiff.verification.samples import Sampler

HOLDS: dict[str, Callable[[Any], bool]] = {
    "symmetric": lambda V: np.array_equal(V, V.T),
    "skew": lambda V: np.array_equal(V, -V.T),
    "spd": lambda V: np.array_equal(V, V.T) and np.min(np.linalg.eigvalsh(V)) > 0,
    "diagonal": lambda V: np.array_equal(V, np.diag(np.diag(V))),
    "orthogonal": lambda V: np.allclose(V @ V.T, np.eye(len(V))),
    "lower": lambda V: np.array_equal(V, np.tril(V)),
    "upper": lambda V: np.array_equal(V, np.triu(V)),
    "invertible": lambda V: np.linalg.matrix_rank(V) == len(V),
    "posdet": lambda V: np.linalg.det(V) > 0,
    "positive": lambda V: np.min(V) > 0,
    "unit": lambda V: np.max(np.abs(V)) < 1,
    "binary": lambda V: np.array_equal(np.unique(V), [0, 1]),
    "onehot": lambda V: np.array_equal(np.sort(V, axis=1)[:, -2:], [[0, 1]] * len(V)),
}


def drawn(*expressions: Expression, count: int = 20) -> list[Any]:
    sampler = Sampler(list(expressions), [], 5)
    points = [sampler.draw() for _ in range(count)]
    assert None not in points, sampler.objection
    return points


@pytest.mark.parametrize("name", HOLDS)
def test_values_have_the_declared_property(name: str) -> None:
    Q = symbol("Q", N, N, [name])
    assert all(HOLDS[name](point.values[Q]) for point in drawn(Q))


@pytest.mark.parametrize("name", ["symmetric", "lower", "diagonal", "positive"])
def test_a_positive_determinant_keeps_the_other_property(name: str) -> None:
    Q = symbol("Q", N, N, [name, "posdet"])
    for point in drawn(Q):
        assert HOLDS[name](point.values[Q]) and HOLDS["posdet"](point.values[Q])


def test_sizes_are_distinct_and_never_one() -> None:
    W = symbol("W", N, P)
    seen = set()
    for point in drawn(total(X @ W)):
        sizes = point.sizes
        assert len(set(sizes.values())) == 3 and min(sizes.values()) >= 2
        assert point.values[W].shape == (sizes["n"], sizes["p"])
        seen.add(tuple(sizes.items()))
    assert len(seen) > 5


def test_sizes_that_are_numbers_or_sums_follow() -> None:
    W = symbol("W", Dimension.of(9), M - N)
    for point in drawn(W):
        assert point.values[W].shape == (9, point.sizes["m"] - point.sizes["n"])


@pytest.mark.parametrize(
    "expression",
    [
        log(x.T @ A @ x),
        total(log(X)) + total(apply(ASIN, X)),
        logdet(X.T @ X),  # only for tall X
        total(inverse(S @ S)),
        power(number(1) - x.T @ x, t),
        log(number(1) - x.T @ x),
        exp(number(300) * (x.T @ x)),
        logdet(S),
    ],
    ids=str,
)
def test_samples_lie_in_the_domain(expression: Expression) -> None:
    for point in drawn(expression, count=5):
        assert np.isfinite(evaluate(expression, point.values, point.sizes))


def test_there_may_be_no_sample() -> None:
    sampler = Sampler([log(-(x.T @ x))], [], 5)
    assert sampler.draw() is None
    assert sampler.objection == "the argument of log is not positive"


def test_a_size_beyond_the_limit_is_refused() -> None:
    with pytest.raises(LimitReached, match="64 to a dimension"):
        Sampler([symbol("w", Dimension.of(65), ONE)], [], 5).draw()
    large = ones(Dimension.of(1000), Dimension.of(1000))
    with pytest.raises(LimitReached, match="1000000 entries"):
        Sampler([total(kron(large, S))], [], 5).draw()
