"""The factors of a product, and how two neighbours are multiplied without forming what need not be.

A factor diag(d) is its d, X^-1 is X, A⊗B is A and B, a commutation matrix its two sides, and a
selection beside a factor is a slice of it.  The kinds are those whose costs `costs` knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from operator import mul
from typing import Any

from matdiff.dimensions import ONE, Dimension, Shape
from matdiff.emission import costs, rules
from matdiff.emission.costs import (
    COMMUTATION,
    DIAGONAL,
    INVERSE,
    KRONECKER,
    PLAIN,
    SCALED_KRONECKER,
)
from matdiff.emission.plans import Making, stored
from matdiff.emission.values import Kernels, Value
from matdiff.normal.properties import has
from matdiff.operations import algebra, linear, nonlinear
from matdiff.operations.algebra import TRANSPOSE, Expression
from matdiff.operations.blocks import SELECTION, selected

Sliced = tuple[Expression | None, Expression, Expression | None]  # S', the factor, T of S'A T


class Piece(costs.Link):
    """A factor with its values, or the product of some.

    values  of PLAIN the matrix; of DIAGONAL d; of INVERSE the matrix inverted; of KRONECKER both
            factors, None for an identity; of SCALED_KRONECKER, (A⊗B) diag(d), also d
    data    of COMMUTATION the sizes a, m, n, b of I(a)⊗K(m,n)⊗I(b); of INVERSE whether the
            matrix is spd; of SELECTION the order n, the first column and how many
    symmetric   a matrix known to be, so that x'S can be S x and no transpose is needed
    """

    __slots__ = ("data", "symmetric", "values")

    def __init__(
        self,
        kind: int,
        shape: Shape,
        values: tuple[Value | None, ...] = (),
        *,
        parts: tuple[Shape, ...] = (),
        eyes: tuple[bool, ...] = (),
        data: tuple[Any, ...] = (),
        symmetric: bool = False,
    ) -> None:
        super().__init__(kind, shape, parts, eyes)
        self.values, self.data, self.symmetric = values, data, symmetric

    @property
    def value(self) -> Value:
        (value,) = self.values
        assert value is not None
        return value


class Operand:
    """A factor as it stands in the formula: its kind and the expressions it is made of.

    A factor whose value is shared is a plain matrix, unless it stands `alone`: then it is that
    value which is asked for."""

    __slots__ = ("data", "eyes", "kind", "needs", "node", "parts", "shape", "slices", "turned")

    def __init__(self, sliced: Sliced, making: Making, *, alone: bool = False) -> None:
        rows, node, columns = sliced
        self.node, self.slices, self.turned = node, (rows, columns), False
        self.shape = (
            node.rows if rows is None else rows.rows,
            node.columns if columns is None else columns.columns,
        )
        self.kind = PLAIN
        self.data: tuple[Any, ...] = ()
        self.needs: tuple[Expression, ...] = (node,)
        self.parts: tuple[Shape, ...] = ()
        self.eyes: tuple[bool, ...] = ()
        if node.is_scalar or sliced != (None, node, None):
            return
        if node in making.shared and not alone:
            return
        inside = node
        if node.operation is TRANSPOSE and node.arguments[0] not in making.shared:
            inside = node.arguments[0]
        if inside.operation is SELECTION and (rules.CONSTANTS in making.rules or alone):
            self.kind, self.turned, self.needs = costs.SELECTION, inside is not node, ()
            self.data = inside.parameters
            return
        kind = KINDS.get(inside.operation)
        if kind is None or (kind[1] not in making.rules and not alone):
            return
        self.kind, self.turned = kind[0], inside is not node
        self.needs, self.data = inside.arguments, ()
        if self.kind == COMMUTATION:
            self._permutes(ONE, inside, ONE)
        elif self.kind == INVERSE:
            self.data = (rules.DEFINITE in making.rules and has(inside.arguments[0], "spd"),)
        elif self.kind == KRONECKER:
            self._take_apart(inside, making)

    def _permutes(self, before: Dimension, node: Expression, after: Dimension) -> None:
        """I⊗K(m,n)⊗I, with identities of these orders."""
        m, n = node.parameters[::-1] if self.turned else node.parameters
        self.kind, self.needs, self.data = COMMUTATION, (), (before, m, n, after)

    def _take_apart(self, node: Expression, making: Making) -> None:
        first, *others = factors = making.flat(node)
        moved = [i for i, factor in enumerate(factors) if not algebra.is_identity(factor)]
        if len(moved) == 1 and factors[moved[0]].operation is algebra.COMMUTATION:
            sides = [
                reduce(mul, (f.rows for f in part), ONE)
                for part in (factors[: moved[0]], factors[moved[0] + 1 :])
            ]
            self._permutes(sides[0], factors[moved[0]], sides[1])
            return
        rest = others[0]
        for other in others[1:]:
            rest = linear.kron(rest, other)
        pair = (first, rest)
        self.eyes = tuple(map(algebra.is_identity, pair))
        self.needs = tuple(part for part in pair if not algebra.is_identity(part))
        self.parts = tuple(part.shape[::-1] if self.turned else part.shape for part in pair)

    @property
    def key(self) -> Any:
        """What tells a factor from others: its node, or that with its selections."""
        return self.node if self.slices == (None, None) else (*self.slices, self.node)

    def link(self) -> costs.Link:
        return costs.Link(self.kind, self.shape, self.parts, self.eyes)

    def piece(self, making: Making, values: Sequence[Value]) -> Piece:
        kernels, symmetric = making.kernels, self.is_symmetric
        if self.turned and self.kind != DIAGONAL and not symmetric:
            values = [kernels.transpose(value) for value in values]
        found: tuple[Value | None, ...] = tuple(values)
        if self.kind == KRONECKER:
            rest = iter(values)
            found = tuple(
                None if eye else matrix(kernels, next(rest), part)
                for part, eye in zip(self.parts, self.eyes, strict=True)
            )
        elif self.kind == PLAIN and self.slices != (None, None):
            found = (self._sliced(kernels, values[0]),)
        return Piece(
            self.kind, self.shape, found, parts=self.parts, eyes=self.eyes, data=self.data,
            symmetric=symmetric,
        )  # fmt: skip

    @property
    def is_symmetric(self) -> bool:
        is_matrix = self.kind in (PLAIN, INVERSE) and not any(self.slices)
        return is_matrix and self.shape[0] is self.shape[1] and has(self.node, "symmetric")

    def _sliced(self, kernels: Kernels, value: Value) -> Value:
        bounds: list[tuple[Dimension, ...] | None] = []
        for side, taken in zip(self.node.shape, self.slices, strict=True):
            part = None if taken is None else selected(taken)
            if side is ONE:
                continue
            if part is None:
                bounds.append(None)
            else:
                _, start, size = part
                bounds.append((start,) if size is ONE else (start, start + size))
        return kernels.slice(value, tuple(bounds), stored(self.shape))


KINDS = {
    linear.DIAG: (DIAGONAL, rules.SCALING),
    nonlinear.INVERSE: (INVERSE, rules.SOLVING),
    linear.KRONECKER: (KRONECKER, rules.KRONECKER),
    algebra.COMMUTATION: (COMMUTATION, rules.KRONECKER),
}


def operands(factors: Sequence[Expression], making: Making) -> list[Operand]:
    """The factors of a chain, whose runs are noted for the chains that have them too."""
    found = [Operand(sliced, making) for sliced in _with_slices(factors)]
    if rules.SHARING in making.rules and len(found) <= costs.LONGEST_ORDERED:
        for segment in _segments(found):
            making.runs.note([operand.key for operand in segment])
    return found


def _segments(factors: Sequence[Operand]) -> Iterator[Sequence[Operand]]:
    """The parts of a chain between a column and a row beside it, whose product is not shared: it
    costs little, and may not be formed at all."""
    start = 0
    for at, factor in enumerate(factors, 1):
        if factor.shape[1] is ONE or at == len(factors):
            yield factors[start:at]
            start = at


def _with_slices(factors: Sequence[Expression]) -> Iterator[Sliced]:
    """The factors of a product, each with the selections that stand beside it."""
    at = 0
    while at < len(factors):
        rows = factors[at] if _takes_rows(factors[at]) else None
        place = at + (rows is not None)
        if place == len(factors) or selected(factors[place]) is not None:
            yield None, factors[at], None
            at += 1
            continue
        after = factors[place + 1] if place + 1 < len(factors) else None
        columns = after if after is not None and after.operation is SELECTION else None
        yield rows, factors[place], columns
        at = place + 1 + (columns is not None)


def _takes_rows(factor: Expression) -> bool:
    return factor.operation is TRANSPOSE and factor.arguments[0].operation is SELECTION


def matrix(kernels: Kernels, value: Value, shape: Shape) -> Value:
    """A value with two axes, whatever its sides."""
    if value.rank == 2:
        return value
    if value.rank == 0:
        return kernels.full((ONE, ONE), value)
    return kernels.row(value) if shape[0] is ONE else kernels.column(value)


def formed(kernels: Kernels, piece: Piece) -> Value:
    """The matrix itself, as it is stored."""
    if piece.kind == PLAIN:
        return piece.value
    if piece.kind == DIAGONAL:
        return kernels.embed(piece.value)
    if piece.kind == INVERSE:
        return kernels.inverse(piece.value, spd=piece.data[0])
    if piece.kind == COMMUTATION:
        return kernels.make(
            "permute", kernels.eye(piece.shape[0]), shape=piece.shape, data=piece.data
        )
    if piece.kind == costs.SELECTION:
        n, start, size = piece.data
        if size is ONE:
            return between_zeros(kernels, piece, kernels.number(1), ONE)
        part = kernels.slice(kernels.eye(n), (None, (start, start + size)), (n, size))
        return part if piece.shape == (n, size) else kernels.transpose(part)
    A, B = (
        kernels.eye(part[0]) if value is None else value
        for part, value in zip(piece.parts, piece.values[:2], strict=True)
    )
    whole = kernels.kron(A, B)
    if piece.kind == SCALED_KRONECKER:
        d = piece.values[2]
        assert d is not None
        whole = kernels.multiply(whole, kernels.row(d))
    return as_stored(kernels, whole, piece.shape)


def between_zeros(kernels: Kernels, selection: Piece, B: Value, columns: Dimension) -> Value:
    """S B for some columns S of the identity: the rows of B with zeros above and below."""
    n, start, size = selection.data
    above, below = start, n - start - size
    rows = matrix(kernels, B, (size, columns))
    parts = [
        rows if i == 1 else kernels.full((count, columns), kernels.number(0))
        for i, count in enumerate((above, size, below))
        if i == 1 or count.value != 0
    ]
    if len(parts) > 1:
        rows = kernels.make("blocks", *parts, shape=(n, columns), data=((1,) * len(parts),))
    return as_stored(kernels, rows, (n, columns))


def as_stored(kernels: Kernels, value: Value, shape: Shape) -> Value:
    """A matrix with an axis too many as it is stored: without those of its sides that are one."""
    if len(stored(shape)) == value.rank:
        return value
    sides = value.shape if value.rank == 1 else shape
    start = Dimension.of(0)
    bounds = tuple((start,) if side is ONE else None for side in sides)
    return kernels.slice(value, bounds, stored(shape))
