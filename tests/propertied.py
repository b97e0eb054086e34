"""Variables with properties, values that have them, and random expressions of such variables.

What a property says of a value is stated here once more, by numbers, and independently of matdiff.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random

import numpy as np
from numerics import SIZES, Values, m, matrix, n

from matdiff.dimensions import ONE
from matdiff.operations.algebra import (
    SYMBOL,
    Expression,
    hadamard,
    identity,
    inner,
    number,
    ones,
    postorder,
    symbol_properties,
)
from matdiff.operations.elementwise import ELEMENTWISE, SQRT, apply, log, power
from matdiff.operations.linear import diag, diagonal, kron, size, total, trace
from matdiff.operations.nonlinear import (
    DET,
    INVERSE,
    LOGDET,
    NORM1,
    PSEUDOINVERSE,
    SOFTMAX,
    det,
    inverse,
    logdet,
    norm,
)
from matdiff.verification.evaluation import Array, evaluate_nodes
from matdiff.verification.structure import endow

A, B, N = matrix("A", n, n), matrix("B", n, n, "invertible"), matrix("N", n, n, "posdet")
S, T = matrix("S", n, n, "symmetric"), matrix("T", n, n, "symmetric")
P, R = matrix("P", n, n, "spd"), matrix("R", n, n, "spd")
V, W = matrix("V", n, n, "skew"), matrix("W", n, n, "skew")
D, E = matrix("D", n, n, "diagonal"), matrix("E", n, n, "diagonal")
F = matrix("F", n, n, "diagonal", "positive")
Q, Q2 = matrix("Q", n, n, "orthogonal"), matrix("Q2", n, n, "orthogonal")
H = matrix("H", n, n, "symmetric", "orthogonal")
L, M, U = (
    matrix("L", n, n, "lower"),
    matrix("M", n, n, "lower", "positive"),
    matrix("U", n, n, "upper"),
)
G, C = matrix("G", n, n, "positive"), matrix("C", n, n, "symmetric", "positive")
Z, Y, J = (
    matrix("Z", n, n, "binary"),
    matrix("Y", n, n, "symmetric", "binary"),
    matrix("J", n, n, "onehot"),
)
x, y, p, b = (
    matrix("x", n),
    matrix("y", n),
    matrix("p", n, ONE, "positive"),
    matrix("b", n, ONE, "binary"),
)
h = matrix("h", n, ONE, "onehot")
s, t = matrix("s", ONE), matrix("t", ONE, ONE, "positive")
OBLONG, K = matrix("X", m, n), matrix("K", m, n, "positive")

SQUARE = (
    A,
    B,
    N,
    S,
    T,
    P,
    R,
    V,
    W,
    D,
    E,
    F,
    Q,
    Q2,
    H,
    L,
    M,
    U,
    G,
    C,
    Z,
    Y,
    J,
    identity(n),
    ones(n, n),
)
COLUMNS = (x, y, p, b, h, ones(n))
SCALARS = (s, t, number(2), number(-3), number(Fraction(1, 4)), size(n))
FUNCTIONS = tuple(record for record in ELEMENTWISE.values() if record is not SQRT)
EXPONENTS = (2, 3, -1, -2, Fraction(1, 2), Fraction(-1, 2))


def values_of(*expressions: Expression, seed: int) -> Values:
    """Random values of all variables, with their properties."""
    random = np.random.default_rng(seed)
    found: Values = {}
    for node in postorder(*expressions):
        if node.operation is SYMBOL:
            shape = tuple(side.at(SIZES) for side in node.shape)
            found[node] = endow(np, random, random.normal(size=shape), symbol_properties(node))
    return found


def _near(X: Array, Y: Array) -> bool:
    return bool(np.allclose(X, Y, rtol=0, atol=1e-7 * max(1.0, float(np.max(np.abs(X))))))


def _none_below_zero(numbers: Array) -> bool:
    return bool(np.min(numbers) >= -1e-8 * max(1.0, float(np.max(np.abs(numbers)))))


def _all_above_zero(numbers: Array) -> bool:
    """Of numbers over many orders of magnitude the sign of the smallest is rounding."""
    smallest, largest = np.min(numbers), np.max(np.abs(numbers))
    return bool(smallest > 0 or (_none_below_zero(numbers) and abs(smallest) < 1e-9 * largest))


HOLDS: dict[str, Callable[[Array], bool]] = {
    "symmetric": lambda V: _near(V, V.T),
    "skew": lambda V: _near(V, -V.T),
    "diagonal": lambda V: _near(V, V * np.eye(len(V))),
    "lower": lambda V: _near(V, np.tril(V)),
    "upper": lambda V: _near(V, np.triu(V)),
    "orthogonal": lambda V: _near(V @ V.T, np.eye(len(V))),
    "positive": _all_above_zero,
    "nonnegative": _none_below_zero,
    "binary": lambda V: _near(V * V, V),
    "onehot": lambda V: _near(V * V, V) and _near(V.sum(axis=int(V.shape[1] > 1)), np.ones(1)),
    "psd": lambda V: _near(V, V.T) and _none_below_zero(np.linalg.eigvalsh((V + V.T) / 2)),
    "spd": lambda V: _near(V, V.T) and _all_above_zero(np.linalg.eigvalsh((V + V.T) / 2)),
    "invertible": lambda V: bool(np.linalg.det(V / np.max(np.abs(V))) != 0),
    "posdet": lambda V: _none_below_zero(np.linalg.det(V / np.max(np.abs(V)))),
    "positive diagonal": lambda V: _all_above_zero(np.diag(V)),
    "scalar": lambda V: V.shape == (1, 1),
}


def defined(
    expression: Expression, values: Values, *, away_from_edges: bool = False
) -> dict[Expression, Array] | None:
    """The value of every node, or None where one does not exist; away from edges also where one
    nearly does not, or is at a kink."""
    try:
        with np.errstate(all="ignore"):
            found = evaluate_nodes(postorder(expression), values, SIZES)
    except (np.linalg.LinAlgError, OverflowError, ZeroDivisionError):
        return None
    if any(not np.all(np.abs(V) < 1e6) for V in found.values()):
        return None
    for node in found:
        if away_from_edges and node.arguments and _at_an_edge(node, found[node.arguments[0]]):
            return None
    return found


def _at_an_edge(node: Expression, V: Array) -> bool:
    if node.operation in (INVERSE, DET, LOGDET):
        return bool(np.linalg.cond(V) > 1e5 or (node.operation is LOGDET and np.linalg.det(V) <= 0))
    if node.operation is PSEUDOINVERSE:
        singular = np.linalg.svd(V, compute_uv=False)
        return bool(singular[-1] < 1e-4 * singular[0] or singular[0] < 1e-3)
    kinked = node.operation.domain in ("nonzero", "positive") or node.operation.name == "power"
    return kinked and bool(np.min(np.abs(V)) < 1e-6)


class Generator:
    """Draws expressions; the same seed draws the same ones."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def expression(self, depth: int) -> Expression:
        """Any shape, at most `depth` operations deep and one more for a Kronecker product."""
        kind = self.random.choice(("square", "square", "column", "scalar", "kron"))
        if kind == "kron":
            return kron(self.square(depth - 1), self.square(depth - 1))
        draw = {"square": self.square, "column": self.column, "scalar": self.scalar}[kind]
        return draw(depth)

    def square(self, depth: int) -> Expression:
        pick = self.random.choice
        if depth <= 0:
            return pick(SQUARE)
        X, Y = self.square(depth - 1), self.square(depth - 1)
        ways: list[Callable[[], Expression]] = [
            lambda: X + Y, lambda: X - Y, lambda: X @ Y, lambda: hadamard(X, Y), lambda: X.T,
            lambda: X + X.T, lambda: X - X.T, lambda: X @ X, lambda: X.T @ X, lambda: X @ Y @ X.T,
            lambda: X @ Y @ X, lambda: hadamard(X, X.T), lambda: inverse(X),
            lambda: apply(PSEUDOINVERSE, X), lambda: diag(diagonal(X)),
            lambda: diag(self.column(depth - 1)), lambda: self.scalar(depth - 1) * X,
            lambda: apply(pick(FUNCTIONS), X), lambda: power(X, number(pick(EXPONENTS))),
            lambda: (u := self.column(depth - 1)) @ u.T, lambda: x @ self.column(depth - 1).T,
            lambda: OBLONG.T @ K, lambda: K.T @ K,
        ]  # fmt: skip
        return pick(ways)()

    def column(self, depth: int) -> Expression:
        pick = self.random.choice
        if depth <= 0:
            return pick(COLUMNS)
        u, v = self.column(depth - 1), self.column(depth - 1)
        ways: list[Callable[[], Expression]] = [
            lambda: u + v, lambda: u - v, lambda: hadamard(u, v),
            lambda: self.square(depth - 1) @ u, lambda: diagonal(self.square(depth - 1)),
            lambda: apply(pick(FUNCTIONS), u), lambda: power(u, number(pick(EXPONENTS))),
            lambda: apply(SOFTMAX, u), lambda: self.scalar(depth - 1) * u,
        ]  # fmt: skip
        return pick(ways)()

    def scalar(self, depth: int) -> Expression:
        pick = self.random.choice
        if depth <= 0:
            return pick(SCALARS)
        a, c = self.scalar(depth - 1), self.scalar(depth - 1)
        X, Y, u = self.square(depth - 1), self.square(depth - 1), self.column(depth - 1)
        ways: list[Callable[[], Expression]] = [
            lambda: a + c, lambda: a * c, lambda: log(a * c), lambda: apply(pick(FUNCTIONS), a),
            lambda: power(a, number(pick(EXPONENTS))), lambda: trace(X), lambda: trace(X @ Y @ X),
            lambda: trace(X @ Y), lambda: total(X), lambda: norm(X), lambda: apply(NORM1, X),
            lambda: u.T @ X @ u, lambda: u.T @ X @ self.column(depth - 1), lambda: det(X),
            lambda: logdet(X), lambda: norm(u), lambda: inner(X, Y),
        ]  # fmt: skip
        return pick(ways)()
