"""Random expressions of a given shape: shapes first, then an expression that has it.

Arguments of log, roots and inverses are built so that they lie in the domain for every value of
the symbols: 1 + s², I + M M'.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random

from matdiff.dimensions import ONE, Dimension
from matdiff.operations.algebra import Expression, hadamard, identity, inner, number, ones, symbol
from matdiff.operations.elementwise import (
    ATAN,
    COS,
    EXP,
    SIGMOID,
    SIN,
    SOFTPLUS,
    TANH,
    apply,
    log,
    power,
    square,
)
from matdiff.operations.linear import diag, diagonal, kron, total, trace
from matdiff.operations.nonlinear import LOGSUMEXP, SOFTMAX, det, inverse, logdet, norm

m, n = Dimension.of("m"), Dimension.of("n")
SIDES = (m, n, ONE)
DECLARATIONS = (
    "A: m×n, X: m×n, B: m×n, C: n×m, E: n×m, Q: n×n, S: n×n, P: m×m, M: m×m, "
    "x: n, a: n, y: m, b: m, t: scalar, c: scalar"
)
NAMES = {
    (m, n): "AXB", (n, m): "CE", (n, n): "QS", (m, m): "PM",
    (n, ONE): "xa", (m, ONE): "yb", (ONE, ONE): "tc",
}  # fmt: skip
FUNCTIONS = (EXP, SIN, COS, TANH, SIGMOID, SOFTPLUS, ATAN)


class Generator:
    """Draws expressions; the same seed draws the same ones."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def expression(self, rows: Dimension, columns: Dimension, depth: int) -> Expression:
        """An expression of the shape, at most `depth` operations deep."""
        if depth <= 0:
            return self.leaf(rows, columns)
        make = self.random.choice(self.ways(rows, columns))
        return make(lambda r, c: self.expression(r, c, depth - 1))

    def leaf(self, rows: Dimension, columns: Dimension) -> Expression:
        if (rows, columns) in NAMES:
            return symbol(self.random.choice(NAMES[rows, columns]), rows, columns)
        return self.leaf(columns, rows).T

    def side(self) -> Dimension:
        return self.random.choice((m, n))

    def ways(self, r: Dimension, c: Dimension) -> list[Callable[..., Expression]]:
        """The ways to build the shape from smaller expressions, drawn by `g(rows, columns)`."""
        pick, side = self.random.choice, self.side
        ways: list[Callable[..., Expression]] = [
            lambda g: g(r, c) + g(r, c),
            lambda g: g(r, c) - g(r, c),
            lambda g: g(r, i := pick(SIDES)) @ g(i, c),
            lambda g: hadamard(g(r, c), g(r, c)),
            lambda g: g(ONE, ONE) * g(r, c),
            lambda g: apply(pick(FUNCTIONS), g(r, c)),
            lambda g: square(g(r, c)),
            lambda g: g(c, r).T,
        ]
        if r is c and r is not ONE:
            ways += [
                lambda g: diag(g(r, ONE)),
                lambda g: diag(diagonal(g(r, r))),
                lambda g: inverse(identity(r) + _gram(g(r, side()))),
                lambda g: g(r, ONE) @ g(r, ONE).T,
            ]
        if c is ONE and r is not ONE:
            ways += [lambda g: apply(SOFTMAX, g(r, ONE)), lambda g: diagonal(g(r, r))]
        if ONE not in (r, c):
            ways.append(lambda g: _contracted(g(r, c), g(o := side(), o)))
        if r is ONE and c is ONE:
            ways += [
                lambda g: trace(g(i := side(), i)),
                lambda g: total(g(side(), pick(SIDES))),
                lambda g: inner(g(m, n), g(m, n)),
                lambda g: norm(g(side(), pick(SIDES))),
                lambda g: apply(LOGSUMEXP, g(side(), ONE)),
                lambda g: logdet(identity(i := side()) + _gram(g(i, side()))),
                lambda g: det(identity(i := side()) + _gram(g(i, i))),
                lambda g: log(1 + square(g(ONE, ONE))),
                lambda g: power(1 + square(g(ONE, ONE)), number(Fraction(pick((-4, -1, 1)), 2))),
            ]
        return ways


def _gram(A: Expression) -> Expression:
    return A @ A.T


def _contracted(A: Expression, B: Expression) -> Expression:
    """sum(B) A, by way of A⊗B."""
    (r, c), (o, _) = A.shape, B.shape
    return kron(identity(r), ones(ONE, o)) @ kron(A, B) @ kron(identity(c), ones(o))
