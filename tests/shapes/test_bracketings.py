"""The search against brute force: all bracketings of short chains, evaluated over a prime field.

Two bracketings mean the same exactly if they have one value for random entries.  The sizes are
primes, so that no two products of sizes are equal by accident.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest

from matdiff.dimensions import ONE, Dimension
from matdiff.errors import ShapeProblem
from matdiff.operations import algebra
from matdiff.operations.algebra import Expression
from matdiff.shapes import Environment, Variable, read
from matdiff.syntax.tree import Chain, Name

PRIME = 1_000_003
SIZES = {"a": 2, "b": 3}
a, b = Dimension.of("a"), Dimension.of("b")
SHAPES = [(a, a), (a, a), (a, b), (b, a), (b, b), (a, ONE), (ONE, a), (b, ONE), (ONE, ONE)]
Value = tuple[tuple[int, ...], ...]


def inverse(entries: np.ndarray) -> np.ndarray:
    return np.vectorize(lambda entry: pow(int(entry), PRIME - 2, PRIME), otypes=[object])(entries)


def joined(operator: str, one: np.ndarray, other: np.ndarray) -> np.ndarray | None:
    """Two values joined as the language says, None where shapes do not agree."""
    scalars = one.shape == (1, 1), other.shape == (1, 1)
    if operator == "":
        if any(scalars):
            return one * other % PRIME
        return one @ other % PRIME if one.shape[1] == other.shape[0] else None
    if operator == "⊗":
        return np.kron(one, other) % PRIME
    if one.shape != other.shape:
        return None
    return one * (other if operator == "∘" else inverse(other)) % PRIME


def all_values(values: list[np.ndarray], operators: list[str]) -> list[np.ndarray]:
    """The values of all bracketings whose shapes agree."""

    @cache
    def between(first: int, last: int) -> tuple[tuple[np.ndarray, ...]]:
        if first == last:
            return (values[first],)
        found = {}
        for middle in range(first, last):
            for one in between(first, middle):
                for other in between(middle + 1, last):
                    value = joined(operators[middle], one, other)
                    if value is not None:
                        found[value.shape, tuple(value.ravel())] = value
        return tuple(found.values())

    return list(between(0, len(values) - 1))


def conventional_value(values: list[np.ndarray], operators: list[str]) -> np.ndarray | None:
    """Products first, wherever they are consistent by themselves; then from the left."""
    runs, loose, start = [], [], 0
    for end in range(len(values)):
        if end == len(operators) or operators[end]:
            found = all_values(values[start : end + 1], operators[start:end])
            if not found:
                return None
            runs.append(found[0])
            loose += operators[end : end + 1]
            start = end + 1
    value: np.ndarray | None = runs[0]
    for operator, run in zip(loose, runs[1:], strict=True):
        value = joined(operator, value, run) if value is not None else None
    return value


def value_of(root: Expression, entries: dict[str, np.ndarray]) -> np.ndarray:
    done: dict[Expression, np.ndarray] = {}
    for node in algebra.postorder(root):
        parts = [done[argument] for argument in node.arguments]
        name = node.operation.name
        if name == "symbol":
            done[node] = entries[algebra.symbol_name(node)]
        elif name == "number":
            done[node] = np.array([[algebra.number_value(node)]], dtype=object)
        elif name == "power":
            assert parts[1][0, 0] == -1
            done[node] = inverse(parts[0])
        elif name == "multiply":
            done[node] = parts[0] @ parts[1] % PRIME
        elif name == "kron":
            done[node] = np.kron(*parts) % PRIME
        else:
            assert name in ("scale", "hadamard")
            done[node] = parts[0] * parts[1] % PRIME
    return done[root]


def chains(count: int, operators: str, seed: int) -> Iterator[tuple[list, list[str]]]:
    choose = random.Random(seed)
    signs = [sign.strip() for sign in operators.split(",")]
    for _ in range(count):
        length = choose.randint(2, 6)
        yield (
            [choose.choice(SHAPES) for _ in range(length)],
            [choose.choice(signs) for _ in range(length - 1)],
        )


def key(value: np.ndarray) -> tuple:
    return value.shape, tuple(value.ravel())


@pytest.mark.parametrize(
    ("operators", "count", "seed"),
    [(",", 400, 1), (",∘", 1500, 2), (",,∘,⊘", 800, 3), (",,∘,⊗", 800, 4), ("∘,⊘", 600, 5)],
)
def test_the_search_finds_what_brute_force_finds(operators: str, count: int, seed: int) -> None:
    consistent = 0
    entry = random.Random(seed)
    for shapes, signs in chains(count, operators, seed):
        environment = Environment()
        entries = {}
        for i, (rows, columns) in enumerate(shapes):
            name = f"V{i}"
            environment.add(Variable(name, (rows, columns)))
            size = rows.at(SIZES), columns.at(SIZES)
            flat = [entry.randrange(1, PRIME) for _ in range(size[0] * size[1])]
            entries[name] = np.array(flat, dtype=object).reshape(size)
        names = [Name(name, (3 * i, 3 * i + 2)) for i, name in enumerate(entries)]
        chain = Chain(names, signs, [(0, 0)] * len(signs), (0, 3 * len(names)))
        values = all_values(list(entries.values()), signs)
        described = " ".join(
            f"{shape}{sign}" for shape, sign in zip(shapes, [*signs, ""], strict=True)
        )
        if not values:
            with pytest.raises(ShapeProblem):
                read(chain, environment)
            continue
        consistent += 1
        reading = read(chain, environment)
        taken = key(value_of(reading.expression, entries))
        assert taken in [key(value) for value in values], described
        if len(values) > 1:
            assert reading.warnings, described
            usual = conventional_value(list(entries.values()), signs)
            assert usual is None or key(usual) == taken, described
        elif "⊗" not in signs:  # x⊗y' is x y', which the search does not know
            assert not reading.warnings, (described, reading.warnings)
    assert consistent > count // 100
