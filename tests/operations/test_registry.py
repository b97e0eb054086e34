"""Every record in the registry, held to what it states, by numbers.

A new operation is covered by being in the registry: its shape rule against its value's shape, its
pullback against the operation itself, its differential against central differences.
"""

from __future__ import annotations

import numpy as np
import pytest
from numerics import SIZES, close, value

from matdiff.dimensions import ONE, Dimension
from matdiff.operations import REGISTRY
from matdiff.operations.algebra import CONSTRUCTORS, Expression, apply, inner, make, symbol, zeros
from matdiff.operations.linear import UNVEC
from matdiff.operations.record import Operation

WITH_ARGUMENTS = [record for record in REGISTRY if record.signature and record.signature.inputs]
LETTERS = dict(zip("ijklmnpq", "nmpqkmpq", strict=True))


def arguments_of(record: Operation, prefix: str = "A") -> list[Expression]:
    """Symbols of shapes that fit the signature."""
    assert record.signature is not None

    def side(axis: tuple[str, ...]) -> Dimension:
        total = ONE
        for letter in axis:
            total = total * Dimension.of(LETTERS[letter])
        return total

    return [
        symbol(f"{prefix}{i}", side(rows), side(columns))
        for i, (rows, columns) in enumerate(record.signature.inputs)
    ]


def built(record: Operation, arguments: list[Expression]) -> Expression:
    if record is UNVEC:  # its shape is a parameter
        shape = Dimension.of(LETTERS["i"]), Dimension.of(LETTERS["j"])
        return make(UNVEC, tuple(arguments), shape, shape)
    return CONSTRUCTORS.get(record, lambda *a: apply(record, *a))(*arguments)


def samples(record: Operation, arguments: list[Expression]) -> dict[Expression, np.ndarray]:
    """Values inside the record's domain: positive, and well conditioned where square."""
    random = np.random.default_rng(7)
    values = {}
    for argument in arguments:
        shape = tuple(side.at(SIZES) for side in argument.shape)
        values[argument] = random.uniform(0.2, 0.8, shape)
        if record.domain in ("invertible", "posdet"):
            values[argument] += 2 * np.eye(*shape)
    return values


@pytest.mark.parametrize("record", WITH_ARGUMENTS, ids=lambda r: r.name)
def test_the_value_has_the_shape_of_the_signature(record: Operation) -> None:
    arguments = arguments_of(record)
    node = built(record, arguments)
    expected = tuple(side.at(SIZES) for side in node.shape)
    assert value(node, samples(record, arguments)).shape == expected


@pytest.mark.parametrize("record", WITH_ARGUMENTS, ids=lambda r: r.name)
def test_every_record_has_exactly_one_way_to_be_differentiated(record: Operation) -> None:
    assert record.signature is not None
    rules = record.pullback if record.multilinear else record.differential
    assert len(rules) == len(record.signature.inputs)
    assert not (record.pullback and record.differential)
    assert record.summary


@pytest.mark.parametrize(
    "record", [r for r in WITH_ARGUMENTS if r.multilinear], ids=lambda r: r.name
)
def test_pullback_moves_the_factor_across_the_colon(record: Operation) -> None:
    arguments, changes = arguments_of(record), arguments_of(record, "d")
    Y = built(record, arguments)
    G = symbol("G", *Y.shape)
    for i, change in enumerate(changes):
        moved = built(record, [*arguments[:i], change, *arguments[i + 1 :]])
        still = built(record, [*arguments[:i], zeros(*change.shape), *arguments[i + 1 :]])
        pulled = record.pullback[i](G, *arguments)
        assert pulled.shape == arguments[i].shape
        values = samples(record, [*arguments, *changes, G])
        # a sum does not vanish where one argument does, so take what the change adds
        left = value(inner(G, moved), values) - value(inner(G, still), values)
        assert close(left, value(inner(pulled, change), values), 1e-12)


@pytest.mark.parametrize(
    "record", [r for r in WITH_ARGUMENTS if not r.multilinear], ids=lambda r: r.name
)
def test_differential_against_central_differences(record: Operation) -> None:
    arguments, changes = arguments_of(record), arguments_of(record, "d")
    Y = built(record, arguments)
    values = samples(record, [*arguments, *changes])
    for argument, change, rule in zip(arguments, changes, record.differential, strict=True):
        step = 1e-5 * values[change]
        ahead = value(Y, {**values, argument: values[argument] + step})
        behind = value(Y, {**values, argument: values[argument] - step})
        slope = (ahead - behind) / 2e-5
        stated = rule(*arguments, change) if rule is not None else None
        got = np.zeros_like(slope) if stated is None else value(stated, values)
        assert close(got, slope, 1e-8)
