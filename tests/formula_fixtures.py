"""Variables to build formulas of, and random formulas of them."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random
from types import SimpleNamespace

import pytest

from matdiff.dimensions import ONE, Dimension, Shape
from matdiff.operations import algebra, elementwise, linear, nonlinear
from matdiff.operations.algebra import (
    ADD,
    HADAMARD,
    MULTIPLY,
    Expression,
    add,
    apply,
    commutation,
    hadamard,
    identity,
    inner,
    is_identity,
    is_ones,
    make,
    multiply,
    number,
    ones,
    scale,
    symbol,
    transpose,
)
from matdiff.operations.elementwise import EXP, SIGMOID, SIN, TANH, power
from matdiff.operations.linear import diag, diagonal, kron, size, total, trace, unvec, vec
from matdiff.operations.nonlinear import LOGSUMEXP, SOFTMAX, inverse, norm

M, N, P = (Dimension.of(name) for name in "mnp")
SIDES = (M, N, P, ONE)


@pytest.fixture
def v() -> SimpleNamespace:
    """Variables by name, and the constructors: A, B m×n, E, F n×p, S, T n×n, x, y n×1, z m×1."""
    shapes = {
        "A": (M, N), "B": (M, N), "E": (N, P), "F": (N, P), "S": (N, N), "T": (N, N), "x": (N, ONE),
        "y": (N, ONE), "z": (M, ONE), "c": (ONE, ONE), "s": (ONE, ONE), "σ": (ONE, ONE),
    }  # fmt: skip
    named = {name: symbol(name, *shape) for name, shape in shapes.items()}
    constructors = vars(algebra) | vars(elementwise) | vars(linear) | vars(nonlinear)
    return SimpleNamespace(**constructors | named, m=M, n=N, p=P)


class _Builder:
    """A random formula of a given shape, raw and n-ary nodes mixed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def build(self, shape: Shape, depth: int) -> Expression:
        if depth == 0 or self.random.random() < 0.15:
            return self.leaf(shape)
        rules = [self.sum, self.scaled, self.entrywise, self.product, self.function, self.power]
        if shape == (ONE, ONE):
            rules += [self.scalar] * 3
        else:
            rules += [self.structured, self.transposed]
        return self.random.choice(rules)(shape, depth - 1)

    def leaf(self, shape: Shape) -> Expression:
        rows, columns = shape
        constants = [ones(*shape)]
        if shape == (ONE, ONE):
            constants = [number(self.random.choice((2, -1, 3, Fraction(1, 2), Fraction(-2, 3))))]
            constants += [size(N), size(M * N)]
        elif rows is columns:
            constants.append(identity(rows))
        if self.random.random() < 0.3:
            return self.random.choice(constants)
        name = f"{self.random.choice('AB')}_{rows}{columns}".replace("*", "")
        return symbol(name, rows, columns)

    def side(self) -> Dimension:
        return self.random.choice(SIDES)

    def sum(self, shape: Shape, depth: int) -> Expression:
        terms = tuple(self.build(shape, depth) for _ in range(self.random.choice((2, 2, 3))))
        signed = tuple(-t if self.random.random() < 0.4 else t for t in terms)
        return make(ADD, signed, shape) if len(terms) == 3 else add(*signed)

    def scaled(self, shape: Shape, depth: int) -> Expression:
        return scale(self.build((ONE, ONE), depth), self.build(shape, depth))

    def entrywise(self, shape: Shape, depth: int) -> Expression:
        factors = [self.build(shape, depth) for _ in range(self.random.choice((2, 2, 3)))]
        if self.random.random() < 0.4:
            factors[-1] = power(self.positive(shape, depth), number(self.random.choice((-1, -2))))
        if len(factors) == 3 and not any(map(is_ones, factors)):
            return make(HADAMARD, tuple(factors), shape)
        return hadamard(*factors[:2])

    def product(self, shape: Shape, depth: int) -> Expression:
        inner_side, other = self.side(), self.side()
        left = self.build((shape[0], inner_side), depth)
        right = self.build((inner_side, shape[1]), depth)
        sides = (shape[0], inner_side, other, shape[1])
        if self.random.random() < 0.3 and sides.count(ONE) == 0:
            factors = [self.build(s, depth) for s in zip(sides, sides[1:], strict=False)]
            if not any(map(is_identity, factors)):
                return make(MULTIPLY, tuple(factors), shape)
        return multiply(left, right)

    def positive(self, shape: Shape, depth: int) -> Expression:
        return apply(EXP, apply(TANH, self.build(shape, depth)))

    def power(self, shape: Shape, depth: int) -> Expression:
        exponent = self.random.choice((2, 3, -1, -2, Fraction(1, 2), Fraction(-1, 2), -3))
        base = self.positive(shape, depth)
        if self.random.random() < 0.2:
            return power(base, symbol("a", ONE, ONE))
        return power(base, number(exponent))

    def function(self, shape: Shape, depth: int) -> Expression:
        inside = self.build(shape, depth)
        if shape[1] is ONE and shape[0] is not ONE and self.random.random() < 0.4:
            return apply(SOFTMAX, inside)
        return apply(self.random.choice((SIN, TANH, SIGMOID)), inside)

    def scalar(self, shape: Shape, depth: int) -> Expression:
        n, other = self.random.choice((M, N, P)), self.side()
        square, column = (n, n), (n, ONE)
        kinds: list[Callable[[], Expression]] = [
            lambda: trace(self.build(square, depth)),
            lambda: total(self.build((n, other), depth)),
            lambda: norm(self.build(column, depth)),
            lambda: inner(self.build((n, other), depth), self.build((n, other), depth)),
            lambda: apply(LOGSUMEXP, self.build(column, depth)),
            lambda: multiply(transpose(self.build(column, depth)), self.build(column, depth)),
        ]
        return self.random.choice(kinds)()

    def structured(self, shape: Shape, depth: int) -> Expression:
        rows, columns = shape
        kinds: list[Callable[[], Expression]] = [lambda: self.product(shape, depth)]
        if rows is columns:
            kinds += [
                lambda: diag(self.build((rows, ONE), depth)),
                lambda: inverse(identity(rows) * 9 + apply(TANH, self.build(shape, depth))),
                lambda: unvec(vec(self.build(shape, depth)), rows, columns),
            ]
        if columns is ONE:
            kinds.append(lambda: diagonal(self.build((rows, rows), depth)))
        if shape == (M, N):
            kinds.append(lambda: self.kronecker(depth))
        return self.random.choice(kinds)()

    def kronecker(self, depth: int) -> Expression:
        """Something m×n that has a Kronecker product in it."""
        a, b = self.build((N, P), depth), self.build((M, M), depth)
        left = multiply(unvec(ones(M * M * N), M, M * N), commutation(M, N))
        both = kron(a, b)
        right = unvec(ones(P * M * N), P * M, N)
        return multiply(multiply(left, both), right)

    def transposed(self, shape: Shape, depth: int) -> Expression:
        return transpose(self.build((shape[1], shape[0]), depth))


@pytest.fixture
def random_formula() -> Callable[[int], Expression]:
    """A function from a seed to a formula; each seed has its formula for good."""

    def formula(seed: int) -> Expression:
        shape = ((ONE, ONE), (M, N), (N, ONE), (N, N), (ONE, P))[seed % 5]
        return _Builder(seed).build(shape, 2 + seed % 3)

    return formula
