"""Every record of the registry on symbols, with values inside its domain."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numerics import SIZES

from matdiff.dimensions import Dimension
from matdiff.operations import REGISTRY
from matdiff.operations.algebra import CONSTRUCTORS, Expression, apply, symbol
from matdiff.operations.record import Operation, size_of_axis

WITH_ARGUMENTS = [record for record in REGISTRY if record.signature and record.signature.inputs]
SIDES = {letter: Dimension.of(name) for letter, name in zip("ijklmpq", "nmpqkmp", strict=True)}
OF_EVERY_KIND = [*WITH_ARGUMENTS, *(record for record in REGISTRY if record.example)]


def arguments_of(record: Operation, prefix: str = "A") -> list[Expression]:
    """Symbols of shapes that fit the signature; none for a constant."""
    if record.signature is None:
        return []
    return [
        symbol(f"{prefix}{i}", size_of_axis(rows, SIDES), size_of_axis(columns, SIDES))
        for i, (rows, columns) in enumerate(record.signature.inputs)
    ]


def built(record: Operation, arguments: list[Expression]) -> Expression:
    """The operation on arguments; sizes that no argument shows are its parameters."""
    if record.example is not None:
        return CONSTRUCTORS[record](*record.example(SIDES["j"], SIDES["i"]))
    assert record.signature is not None
    constructor: Callable[..., Expression] = CONSTRUCTORS.get(record, lambda *a: apply(record, *a))
    return constructor(*arguments, *(SIDES[letter] for letter in record.signature.parameters))


def samples(record: Operation, arguments: list[Expression]) -> dict[Expression, np.ndarray]:
    """Values inside the record's domain: positive, and well conditioned where square."""
    random = np.random.default_rng(7)
    values = {}
    for argument in arguments:
        shape = tuple(side.at(SIZES) for side in argument.shape)
        values[argument] = random.uniform(0.2, 0.8, shape)
        if record.domain in ("invertible", "posdet", "principal"):
            values[argument] += 2 * np.eye(*shape)
    return values
