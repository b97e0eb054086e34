"""Random expressions: a shape first, then an expression that has it.

Every operator and function of the language takes part.  Each example leaves a random half of them
out (swarm testing: Groce et al. 2012), so that rare ones meet each other too.  Arguments of
logarithms, roots, inverses and the like lie in the domain whatever the values of the symbols.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from random import Random
from typing import TypeVar

from matdiff.dimensions import ONE, Dimension
from matdiff.operations.algebra import (
    Expression,
    add,
    hadamard,
    identity,
    inner,
    number,
    ones,
    scale,
    symbol,
)
from matdiff.operations.blocks import above, beside, part
from matdiff.operations.elementwise import ELEMENTWISE, apply, log, power, root, square
from matdiff.operations.linear import (
    diag,
    diagonal,
    khatri_rao,
    kron,
    size,
    total,
    trace,
    unvec,
    vec,
)
from matdiff.operations.matrix_functions import expm, sqrtm
from matdiff.operations.nonlinear import (
    LOGSUMEXP,
    LOGSUMEXP_ROWS,
    NORM1,
    PSEUDOINVERSE,
    SOFTMAX,
    SOFTMAX_ROWS,
    det,
    inverse,
    logdet,
    norm,
)
from matdiff.operations.norms import largest, nuclear
from matdiff.operations.triangles import tril, vech

T = TypeVar("T")

m, n, p = (Dimension.of(name) for name in "mnp")
SIDES = (m, n, p)
BOUNDED = ("sin", "cos", "tanh", "sigmoid", "atan", "erf")
GROWING = ("exp", "sinh", "cosh", "softplus", "silu")
KINKED = ("abs", "relu")
WITHIN_ONE = ("tan", "asin", "acos")
PROPERTIES = ("", "", "", "symmetric", "spd", "skew", "orthogonal", "diagonal", "lower", "positive")
LARGEST_FACTOR = 12  # nodes of a factor of a Kronecker product, whose Jacobians are long


class Typed:
    """Draws expressions of a variable `X`; `off` are the names of operations left out."""

    def __init__(self, random: Random, X: Expression, off: frozenset[str] = frozenset()) -> None:
        self.random, self.X, self.off = random, X, off

    def pick(self, options: Sequence[T]) -> T:
        return self.random.choice(options)

    def whole(self, least: int, most: int) -> int:
        return self.random.randint(least, most)

    def side(self) -> Dimension:
        return self.pick((*SIDES, ONE))

    def expression(self, rows: Dimension, columns: Dimension, nodes: int) -> Expression:
        """An expression of the shape, of about that many nodes."""
        if nodes <= 1:
            return self.leaf(rows, columns)
        ways = [way for name, fits, way in WAYS if name not in self.off and fits(rows, columns)]
        return self.pick(ways)(self, rows, columns, nodes - 1)

    def leaf(self, rows: Dimension, columns: Dimension) -> Expression:
        """The variable if it fits, else another symbol, or a constant."""
        X = self.X
        if X.shape == (rows, columns) and self.whole(0, 3):
            return X
        if X.shape == (columns, rows) and self.whole(0, 3):
            return X.T
        if not self.whole(0, 2):
            return self.bridge(rows, columns)
        if rows is ONE and columns is ONE:
            scalars = (symbol("t", ONE, ONE), symbol("c", ONE, ONE), number(2), size(n),
                       number(Fraction(-1, 3)))  # fmt: skip
            return self.pick(scalars)
        if not self.whole(0, 5):
            return identity(rows) if rows is columns else ones(rows, columns)
        return named(self.pick("AB"), rows, columns, *self._properties(rows, columns))

    def bridge(self, rows: Dimension, columns: Dimension) -> Expression:
        """A X B, or A X'B, of the shape."""
        X = self.X if self.whole(0, 1) else self.X.T
        left = X if X.rows is rows else named("L", rows, X.rows) @ X
        return left if X.columns is columns else left @ named("R", X.columns, columns)

    def full_rank(self, rows: Dimension, columns: Dimension) -> Expression:
        """The variable if it fits, else a symbol: neither has a rank that others decide."""
        if self.X.shape == (rows, columns):
            return self.X
        return self.X.T if self.X.shape == (columns, rows) else named("A", rows, columns)

    def _properties(self, rows: Dimension, columns: Dimension) -> list[str]:
        if "properties" in self.off:
            return []
        known = PROPERTIES if rows is columns else ("", "", "positive")
        return [name for name in (self.pick(known),) if name]

    def two(
        self, one: tuple[Dimension, Dimension], other: tuple[Dimension, Dimension], nodes: int
    ) -> tuple[Expression, Expression]:
        """Expressions of two shapes that share the nodes."""
        first = self.whole(1, max(1, nodes - 1))
        return self.expression(*one, first), self.expression(*other, max(1, nodes - first))


def named(letter: str, rows: Dimension, columns: Dimension = ONE, *properties: str) -> Expression:
    """The symbol of that letter for a shape, as `A_m_n`, `A_n`, `A_n_n_spd`."""
    sides = [str(side).replace("*", "").replace("+", "0") for side in (rows, columns)]
    sides = [{"1": "o", "2n": "nn", "2m": "mm", "2p": "pp"}.get(side, side) for side in sides]
    name = letter + "_" + "_".join(sides if columns is not ONE else sides[:1])
    return symbol("_".join((name, *properties)), rows, columns, properties)


def gram(A: Expression) -> Expression:
    """I + A A', positive definite."""
    return identity(A.rows) + A @ A.T


def _plus_square(A: Expression) -> Expression:
    return 1 + square(A)


Way = Callable[[Typed, Dimension, Dimension, int], Expression]
Fits = Callable[[Dimension, Dimension], bool]


def _any(r: Dimension, c: Dimension) -> bool:
    return True


def _matrix(r: Dimension, c: Dimension) -> bool:
    return r in SIDES and c in SIDES


def _square(r: Dimension, c: Dimension) -> bool:
    return r is c and r is not ONE


def _column(r: Dimension, c: Dimension) -> bool:
    return c is ONE and r in SIDES


def _scalar(r: Dimension, c: Dimension) -> bool:
    return r is ONE and c is ONE


def _product(g: Typed, r: Dimension, c: Dimension, k: int) -> Expression:
    A, B = g.two((r, i := g.side()), (i, c), k)
    return A @ B


def _elementwise(names: tuple[str, ...]) -> Way:
    def way(g: Typed, r: Dimension, c: Dimension, k: int) -> Expression:
        return apply(ELEMENTWISE[g.pick(names)], g.expression(r, c, k))

    return way


def _binary(operation: Callable[[Expression, Expression], Expression]) -> Way:
    """A way of two expressions of the shape itself."""

    def way(g: Typed, r: Dimension, c: Dimension, k: int) -> Expression:
        return operation(*g.two((r, c), (r, c), k))

    return way


def _of(operation: Callable[[Expression], Expression], *kinds: str) -> Way:
    """A way of one expression: "r", "c" and "1" stand for the shape's sides and one, "i" and "j"
    for sides that are drawn."""

    def way(g: Typed, r: Dimension, c: Dimension, k: int) -> Expression:
        sides = {"r": r, "c": c, "1": ONE, "i": g.pick(SIDES), "j": g.side()}
        return operation(g.expression(sides[kinds[0]], sides[kinds[1]], k))

    return way


def _kronecker(g: Typed, r: Dimension, c: Dimension, k: int) -> Expression:
    """sum(B) A, by way of A⊗B."""
    A, B = g.two((r, c), (o := g.pick(SIDES), o), min(k, LARGEST_FACTOR))
    return kron(identity(r), ones(ONE, o)) @ kron(A, B) @ kron(identity(c), ones(o))


def _by_vec(g: Typed, r: Dimension, c: Dimension, k: int) -> Expression:
    A, B = g.two((r, r), (r, c), min(k, LARGEST_FACTOR))
    return unvec(kron(named("Q", c, c), A) @ vec(B), r, c)


def _khatri_rao(g: Typed, r: Dimension, c: Dimension, k: int) -> Expression:
    A, B = g.two((r, c), (o := g.pick(SIDES), c), min(k, LARGEST_FACTOR))
    return kron(identity(r), ones(ONE, o)) @ khatri_rao(A, B)


def _beside(g: Typed, r: Dimension, c: Dimension, k: int) -> Expression:
    A, B = g.two((r, i := g.pick(SIDES)), (r, j := g.pick(SIDES)), k)
    return beside(A, B) @ named("Q", i + j, c)


def _above(g: Typed, r: Dimension, c: Dimension, k: int) -> Expression:
    A, B = g.two((i := g.pick(SIDES), c), (j := g.pick(SIDES), c), k)
    return named("Q", r, i + j) @ above(A, B)


def _entry(g: Typed, r: Dimension, c: Dimension, k: int) -> Expression:
    A = g.expression(i := g.pick(SIDES), g.side(), k)
    return part(A, (i, ONE), (ONE, ONE))


def _power(g: Typed, r: Dimension, c: Dimension, k: int) -> Expression:
    exponent = number(Fraction(g.pick((-4, -2, -1, 1, 3)), 2))
    return power(_plus_square(g.expression(r, c, k)), exponent)


WAYS: tuple[tuple[str, Fits, Way], ...] = (
    ("add", _any, _binary(add)),
    ("subtract", _any, _binary(lambda A, B: A - B)),
    ("multiply", _any, _product),
    ("multiply", _any, _product),  # twice: what the language is about
    ("hadamard", _any, _binary(hadamard)),
    ("scale", _any, lambda g, r, c, k: scale(*g.two((ONE, ONE), (r, c), k))),
    ("transpose", _any, _of(lambda A: A.T, "c", "r")),
    ("bounded", _any, _elementwise(BOUNDED)),
    ("growing", _any, _elementwise(GROWING)),
    ("kinked", _any, _elementwise(KINKED)),
    ("within one", _any, lambda g, r, c, k: apply(
        ELEMENTWISE[g.pick(WITHIN_ONE)], number(Fraction(2, 3)) * apply(
            ELEMENTWISE["tanh"], g.expression(r, c, k)))),
    ("log", _any, _of(lambda A: log(_plus_square(A)), "r", "c")),
    ("root", _any, _of(lambda A: root(_plus_square(A)), "r", "c")),
    ("square", _any, _of(square, "r", "c")),
    ("power", _any, _power),
    ("kronecker", _matrix, _kronecker),
    ("vec", _matrix, _by_vec),
    ("khatri-rao", _matrix, _khatri_rao),
    ("beside", _any, _beside),
    ("above", _any, _above),
    ("softmax rows", _matrix, _of(lambda A: apply(SOFTMAX_ROWS, A), "r", "c")),
    ("diag", _square, _of(diag, "r", "1")),
    ("diag of diagonal", _square, _of(lambda A: diag(diagonal(A)), "r", "r")),
    ("inverse", _square, _of(lambda A: inverse(gram(A)), "r", "j")),
    ("root of a matrix", _square, _of(lambda A: sqrtm(gram(A)), "r", "j")),
    ("tril", _square, _of(tril, "r", "r")),
    ("outer", _square, _of(lambda a: a @ a.T, "r", "1")),
    ("pseudoinverse", _matrix, lambda g, r, c, k: apply(
        PSEUDOINVERSE, g.full_rank(c, r))),
    ("softmax", _column, _of(lambda a: apply(SOFTMAX, a), "r", "1")),
    ("diagonal", _column, _of(diagonal, "r", "r")),
    ("logsumexp rows", _column, _of(lambda A: apply(LOGSUMEXP_ROWS, A), "r", "i")),
    ("trace", _scalar, _of(trace, "i", "i")),
    ("sum", _scalar, _of(total, "i", "j")),
    ("inner", _scalar, lambda g, r, c, k: inner(*g.two((i := g.side(), j := g.side()), (i, j), k))),
    ("norm", _scalar, _of(norm, "i", "j")),
    ("norm1", _scalar, _of(lambda A: apply(NORM1, A), "i", "i")),
    ("max", _scalar, _of(largest, "i", "j")),
    ("nuclear", _scalar, lambda g, r, c, k: nuclear(
        g.full_rank(g.pick(SIDES), g.pick(SIDES)))),
    ("logsumexp", _scalar, _of(lambda a: apply(LOGSUMEXP, a), "i", "1")),
    ("logdet", _scalar, _of(lambda A: logdet(gram(A)), "i", "j")),
    ("det", _scalar, _of(det, "i", "i")),
    ("expm", _scalar, lambda g, r, c, k: trace(expm(g.leaf(i := g.pick(SIDES), i)))),
    ("vech", _scalar, _of(lambda A: total(square(vech(A))), "i", "i")),
    ("entry", _scalar, _entry),
)  # fmt: skip
NAMES = tuple(dict.fromkeys(name for name, _, _ in WAYS))
POLYNOMIAL = frozenset(
    ("add", "subtract", "multiply", "hadamard", "scale", "transpose", "square", "trace", "sum",
     "inner", "diag", "diagonal", "diag of diagonal", "outer", "kronecker", "vec", "khatri-rao",
     "beside", "above", "tril", "vech", "entry", "det")
)  # fmt: skip
