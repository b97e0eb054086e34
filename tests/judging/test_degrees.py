"""The degrees that records state are true: so says interpolation along a rational curve.

Every argument is (A + t^5 V)/(1 + c t) with random A, V and c.  A value is then rational in t, and
of the degrees stated if a p and q of these degrees with p = value q exist through more points than
they have coefficients.
"""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from matdiff.dimensions import Dimension
from matdiff.judging.degrees import degrees
from matdiff.judging.evaluation import values_of
from matdiff.judging.primes import PrimeField, random_prime
from matdiff.operations import REGISTRY
from matdiff.operations.algebra import CONSTRUCTORS, Expression, apply, number, postorder, symbol
from matdiff.operations.degrees import Degrees, of_product
from matdiff.operations.elementwise import POWER, power
from matdiff.operations.record import Operation, size_of_axis

SIZES = {"m": 3, "n": 2}
SIDES = {letter: Dimension.of(name) for letter, name in zip("ijkl", "mnmn", strict=True)}
DEGREE = 5
GIVEN: Degrees = DEGREE, 1
RECORDS = [
    record
    for record in REGISTRY
    if record.signature and record.signature.inputs and not record.definition
]


class Curve:
    """Values of symbols over a prime field, rational in t."""

    def __init__(self, symbols: list[Expression], degree: int, pole: bool) -> None:
        random = Random(7)
        self.field = PrimeField(random_prime(random), random)
        self.degree, self.symbols = degree, symbols
        self.parts = [(self._random(s), self._random(s)) for s in symbols]
        self.poles = [self.field.element() if pole else 0 for _ in symbols]

    def _random(self, node: Expression) -> np.ndarray:
        shape = tuple(side.at(SIZES) for side in node.shape)
        entries = [self.field.element() for _ in range(shape[0] * shape[1])]
        return np.array(entries, dtype=object).reshape(shape)

    def values(self, t: int) -> dict[Expression, np.ndarray]:
        power = pow(t, self.degree, self.field.p)
        found = {}
        for node, (A, V), c in zip(self.symbols, self.parts, self.poles, strict=True):
            below = self.field.reciprocal(1 + c * t)
            found[node] = self.field.reduced((A + power * V) * below)
        return found


def is_rational(node: Expression, curve: Curve, bound: Degrees) -> bool:
    """Whether a combination of the node's entries is a rational function of t of these degrees."""
    field, (above, below) = curve.field, bound
    weights = Random(3).choices(range(1, field.p), k=1000)
    rows = []
    for t in range(2, above + below + 7):
        found = values_of(postorder(node), field, curve.values(t), SIZES)[node]
        v = sum(w * entry for w, entry in zip(weights, found.flat, strict=False)) % field.p
        powers = [pow(t, k, field.p) for k in range(max(above, below) + 1)]
        rows.append(powers[: above + 1] + [-v * x % field.p for x in powers[: below + 1]])
    return rank(rows, field.p) < above + below + 2


def rank(rows: list[list[int]], p: int) -> int:
    """The rank of a matrix modulo p."""
    left, found = [*rows], 0
    for column in range(len(rows[0])):
        pivot = next((row for row in left if row[column]), None)
        if pivot is None:
            continue
        left.remove(pivot)
        found += 1
        inverse = pow(pivot[column], -1, p)
        for i, row in enumerate(left):
            if row[column]:
                c = row[column] * inverse % p
                left[i] = [(x - c * y) % p for x, y in zip(row, pivot, strict=True)]
    return found


@pytest.mark.parametrize("record", RECORDS, ids=lambda r: r.name)
def test_degrees_of_records(record: Operation) -> None:
    assert record.signature is not None
    arguments = [
        symbol(f"A{i}", size_of_axis(rows, SIDES), size_of_axis(columns, SIDES))
        for i, (rows, columns) in enumerate(record.signature.inputs)
    ]
    sizes = [SIDES[letter] for letter in record.signature.parameters]
    node = CONSTRUCTORS.get(record, lambda *a: apply(record, *a))(*arguments, *sizes)
    curve = Curve(arguments, DEGREE, pole=True)
    values_of(postorder(node), curve.field, curve.values(2), SIZES)
    if curve.field.loose or record is POWER:
        return  # random values; what a power does is tested below
    rule = record.degree or (of_product if record.multilinear else None)
    assert rule is not None, "the value is rational: the record has to state its degree"
    assert is_rational(node, curve, rule(node, [GIVEN] * len(arguments), SIZES))


@pytest.mark.parametrize("exponent", [2, 3, -1, -2])
def test_degrees_of_powers(exponent: int) -> None:
    X = symbol("X", SIDES["i"], SIDES["j"])
    node = power(X, number(exponent))
    curve = Curve([X], 2, pole=False)  # a symbol counts as of degree two
    assert is_rational(node, curve, degrees(postorder(node), SIZES, 1)[node])
    assert not is_rational(node, curve, (3, 3))
