"""Random points over a field: values for variables that have the properties declared.

Over a prime field "positive" is "a nonzero square", a symmetric matrix has its entries below the
diagonal at random, an orthogonal one is Cayley's (I - S)(I + S)^-1 of a skew S, reflected or not.
What is only an open condition (invertible, spd …) is met by a random value, or is no condition.
"""

from __future__ import annotations

from collections.abc import Collection
from random import Random
from typing import Any

from matdiff.judging.fields import Array
from matdiff.judging.primes import PrimeField
from matdiff.operations.algebra import SYMBOL, Expression, postorder
from matdiff.operations.elementwise import POWER
from matdiff.verification.structure import completed, structure_name

DENSITIES = (0.5, 0.1, 0.9)  # of the ones of a mask: products of its entries differ where all are
LARGEST_EXPONENT = 1000  # of a variable that is an exponent: a whole number is drawn


def exponents_in(order: list[Expression]) -> set[Expression]:
    """The symbols that stand in an exponent."""
    above = [node.arguments[1] for node in order if node.operation is POWER]
    return {node for node in postorder(*above) if node.operation is SYMBOL}


def random_value(
    field: PrimeField,
    random: Random,
    shape: tuple[int, int],
    properties: Collection[str],
    *,
    squares: bool = False,
    determinant: int | None = None,
) -> Array:
    """A value over a prime field; with `squares` all of its free entries are squares.

    `determinant` is that of an orthogonal matrix, 1 or -1, by default at random.
    """
    import numpy as np

    m, n = shape
    if "orthogonal" in properties:
        return _orthogonal(field, random, n, determinant or random.choice((1, -1)))
    if "onehot" in properties:
        return _one_hot(np, random, m, n)
    if "binary" in properties:
        ones = random.choice(DENSITIES)
        values = [[int(random.random() < ones) for _ in range(n)] for _ in range(m)]
        A = np.array(values, dtype=object).reshape(m, n)
    else:
        A = np.empty(shape, dtype=object)
        for place in np.ndindex(m, n):
            element = field.element()
            A[place] = element * element if squares or "positive" in properties else element
    return field.reduced(completed(np, A, structure_name(properties)))


def _orthogonal(field: PrimeField, random: Random, n: int, determinant: int) -> Array:
    import numpy as np

    S = random_value(field, random, (n, n), ("skew",))
    unit = np.eye(n, dtype=int).astype(object)
    Q = field.reduced((unit - S).dot(field.inverse(field.reduced(unit + S))))
    if determinant < 0:
        Q[0] = field.reduced(-Q[0])
    return Q


def _one_hot(np: Any, random: Random, m: int, n: int) -> Array:
    """A column with a single one, or a matrix with one in each row."""
    A = np.zeros((m, n), dtype=object)
    if n == 1:
        A[random.randrange(m), 0] = 1
    else:
        for row in range(m):
            A[row, random.randrange(n)] = 1
    return A
