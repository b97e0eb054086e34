"""What a program computes, before it is known in which language: values made by a few kernels.

A kernel works on arrays as they are stored: a scalar has no axis, rows and columns have one, other
matrices two.  So x'y and x y' are different kernels, and a transposed vector is the vector itself.
Values are interned: what is computed twice is one value.  The constructors below only simplify what
costs nothing to see (x + 0, a transpose of a transpose); what is worth computing is decided before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from matdiff.dimensions import ONE, Dimension
from matdiff.operations.algebra import Rational
from matdiff.operations.record import Operation

Shape = tuple[Dimension, ...]  # as stored: one side an axis


class Value:
    """One array of a program.

    kernel     what makes it, a name that every target can write
    arguments  the values it is made of
    data       what else the kernel needs: names, numbers, dimensions, an operation
    shape      the lengths of its axes
    """

    __slots__ = ("arguments", "data", "kernel", "shape")

    def __init__(
        self, kernel: str, arguments: tuple[Value, ...], data: tuple[Any, ...], shape: Shape
    ) -> None:
        self.kernel, self.arguments, self.data, self.shape = kernel, arguments, data, shape

    @property
    def rank(self) -> int:
        return len(self.shape)

    def __repr__(self) -> str:
        return f"<{self.kernel} {' '.join(map(str, self.shape))}>"


VIEWS = frozenset({"transpose", "column", "row", "slice"})  # need no arithmetic and no memory
LEAVES = frozenset({"argument", "number", "size"})


class Kernels:
    """The values of one program, each made once."""

    __slots__ = ("_made",)

    def __init__(self) -> None:
        self._made: dict[tuple[Any, ...], Value] = {}

    def make(
        self, kernel: str, *arguments: Value, shape: Shape, data: tuple[Any, ...] = ()
    ) -> Value:
        key = (kernel, data, shape, *map(id, arguments))
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = Value(kernel, arguments, data, shape)
        return found

    # -- leaves ----------------------------------------------------------------------------------

    def argument(self, name: str, shape: Shape) -> Value:
        return self.make("argument", shape=shape, data=(name,))

    def number(self, value: Rational) -> Value:
        return self.make("number", shape=(), data=(value,))

    def size(self, size: Dimension) -> Value:
        return self.make("size", shape=(), data=(size,))

    def eye(self, n: Dimension) -> Value:
        return self.make("eye", shape=(n, n))

    def full(self, shape: Shape, value: Value) -> Value:
        return self.make("full", value, shape=shape)

    # -- views -----------------------------------------------------------------------------------

    def transpose(self, A: Value) -> Value:
        if A.rank < 2 or A.kernel == "eye":
            return A
        if A.kernel == "transpose":
            return A.arguments[0]
        if A.kernel in ("column", "row"):
            return (self.row if A.kernel == "column" else self.column)(A.arguments[0])
        return self.make("transpose", A, shape=A.shape[::-1])

    def column(self, x: Value) -> Value:
        """A vector as n×1, to meet the rows of a matrix."""
        return self.make("column", x, shape=(x.shape[0], ONE))

    def row(self, x: Value) -> Value:
        """A vector as 1×n, to meet the columns of a matrix."""
        return self.make("row", x, shape=(ONE, x.shape[0]))

    def slice(self, A: Value, bounds: tuple[Any, ...], shape: Shape) -> Value:
        """A part: for each axis (start, end) from zero, None for all of it, or one index."""
        return self.make("slice", A, shape=shape, data=bounds)

    # -- entry by entry --------------------------------------------------------------------------

    def add(self, a: Value, b: Value) -> Value:
        if is_number(a, 0) or is_number(b, 0):
            kept = b if is_number(a, 0) else a
            if kept.shape == _broadcast(a, b):
                return kept
        return self.make("add", a, b, shape=_broadcast(a, b))

    def subtract(self, a: Value, b: Value) -> Value:
        return self.make("subtract", a, b, shape=_broadcast(a, b))

    def multiply(self, a: Value, b: Value) -> Value:
        if is_number(a, 1) and b.shape == _broadcast(a, b):
            return b
        if is_number(b, 1) and a.shape == _broadcast(a, b):
            return a
        if a.rank == 0 and b.kernel == "full":
            return self.full(b.shape, self.multiply(a, b.arguments[0]))
        if is_number(a, -1):
            return self.negative(b)
        if is_number(b, -1):
            return self.negative(a)
        return self.make("multiply", a, b, shape=_broadcast(a, b))

    def divide(self, a: Value, b: Value) -> Value:
        return a if is_number(b, 1) else self.make("divide", a, b, shape=_broadcast(a, b))

    def negative(self, a: Value) -> Value:
        if a.kernel == "number":
            return self.number(-a.data[0])
        return a.arguments[0] if a.kernel == "negative" else self.make("negative", a, shape=a.shape)

    def power(self, a: Value, exponent: Value) -> Value:
        return self.make("power", a, exponent, shape=_broadcast(a, exponent))

    def map(self, function: str | Operation, a: Value) -> Value:
        """A function of each entry: an operation's, or one that only programs know (log1p)."""
        return self.make("map", a, shape=a.shape, data=(function,))

    def sqrt(self, a: Value) -> Value:
        return self.map("sqrt", a)

    def exp(self, a: Value) -> Value:
        return self.map("exp", a)

    def log(self, a: Value) -> Value:
        return self.map("log", a)

    def abs(self, a: Value) -> Value:
        return self.map("abs", a)

    def first_largest(self, A: Value) -> Value:
        """1 where the largest entry stands, or the first of several row by row; 0 elsewhere."""
        if A.rank == 2:
            return self.rows_of(self.first_largest(self.flat(A)), *A.shape)
        return self.make("first_largest", A, shape=A.shape)

    # -- products --------------------------------------------------------------------------------

    def matmul(self, a: Value, b: Value) -> Value:
        """Products of matrices and vectors; of two vectors the sum of x_i y_i."""
        if is_ones_vector(b):
            return self.sum_rows(a) if a.rank == 2 else self.sum(a)
        if is_ones_vector(a):
            return self.sum_rows(self.transpose(b)) if b.rank == 2 else self.sum(b)
        return self.make("matmul", a, b, shape=(*a.shape[:-1], *b.shape[1:]))

    def outer(self, x: Value, y: Value) -> Value:
        return self.multiply(self.column(x), self.row(y))

    def vdot(self, A: Value, B: Value) -> Value:
        """The sum of all A_ij B_ij."""
        if A.rank < 2:
            return self.matmul(A, B) if A.rank else self.multiply(A, B)
        if B.kernel == "transpose":  # of two transposes neither is needed, and one comes first
            is_other = A.kernel == "transpose"
            A, B = (A.arguments[0], B.arguments[0]) if is_other else (B, A)
        return self.make("vdot", A, B, shape=())

    def solve(self, A: Value, B: Value, *, spd: bool = False) -> Value:
        return self.make("solve_spd" if spd else "solve", A, B, shape=B.shape)

    def inverse(self, A: Value, *, spd: bool = False) -> Value:
        return self.make("inverse_spd" if spd else "inverse", A, shape=A.shape)

    def kron(self, A: Value, B: Value) -> Value:
        shape = tuple(m * n for m, n in zip(A.shape, B.shape, strict=True))
        if A.kernel == "eye":
            return self.make("blocks_on_diagonal", B, shape=shape, data=(A.shape[0],))
        if B.kernel == "eye":
            return self.make("spread_blocks", A, shape=shape, data=(B.shape[0],))
        return self.make("kron", A, B, shape=shape)

    # -- shape -----------------------------------------------------------------------------------

    def flat(self, A: Value) -> Value:
        """The rows of a matrix one after the other: vec(A')."""
        if A.kernel == "rows_of":
            return A.arguments[0]
        return self.make("flat", A, shape=(A.shape[0] * A.shape[1],))

    def rows_of(self, x: Value, m: Dimension, n: Dimension) -> Value:
        """The m×n matrix whose rows stand in x one after the other."""
        if x.kernel == "flat" and x.arguments[0].shape == (m, n):
            return x.arguments[0]
        return self.make("rows_of", x, shape=(m, n))

    def diagonal(self, A: Value) -> Value:
        return self.make("diagonal", A, shape=(A.shape[0],))

    def embed(self, d: Value) -> Value:
        """diag(d)."""
        return self.make("embed", d, shape=(d.shape[0], d.shape[0]))

    def add_diagonal(self, A: Value, d: Value) -> Value:
        """A + diag(d), or A + d I for a scalar d."""
        return self.make("add_diagonal", A, d, shape=A.shape)

    # -- sums ------------------------------------------------------------------------------------

    def sum(self, A: Value) -> Value:
        return self.make("sum", A, shape=()) if A.rank else A

    def sum_rows(self, A: Value) -> Value:
        """The sum of each row, of a transpose those of the columns."""
        if A.kernel == "transpose":
            return self.make("sum_columns", A.arguments[0], shape=A.shape[:1])
        return self.make("sum_rows", A, shape=A.shape[:1])

    def max(self, A: Value) -> Value:
        return self.make("max", A, shape=()) if A.rank else A

    def max_rows(self, A: Value) -> Value:
        if A.kernel == "transpose":
            return self.make("max_columns", A.arguments[0], shape=A.shape[:1])
        return self.make("max_rows", A, shape=A.shape[:1])

    def trace(self, A: Value) -> Value:
        return self.make("trace", A, shape=())

    def logdet(self, A: Value, *, spd: bool = False) -> Value:
        return self.make("logdet_spd" if spd else "logdet", A, shape=())


def is_ones_vector(value: Value) -> bool:
    return value.kernel == "full" and value.rank == 1 and is_number(value.arguments[0], 1)


def is_number(value: Value, number: Rational) -> bool:
    return value.kernel == "number" and value.data[0] == number


def _broadcast(a: Value, b: Value) -> Shape:
    """The shape of an operation entry by entry: a scalar, a row or a column meets every entry."""
    if a.rank != b.rank or a.rank < 2:
        return a.shape if a.rank >= b.rank else b.shape
    return tuple(n if m is ONE else m for m, n in zip(a.shape, b.shape, strict=True))


def order_of(
    roots: Iterable[Value], late: Callable[[Value], bool] = lambda value: False
) -> list[Value]:
    """All values under the roots, arguments first; of the arguments of a value those last that
    are to come `late`."""
    order: list[Value] = []
    seen: set[Value] = set()
    stack: list[tuple[Value, bool]] = [(root, False) for root in reversed(list(roots))]
    while stack:
        value, ready = stack.pop()
        if ready:
            order.append(value)
        elif value not in seen:
            seen.add(value)
            stack.append((value, True))
            arguments = sorted(value.arguments, key=late)
            stack.extend((argument, False) for argument in reversed(arguments))
    return order


def product_of(kernels: Kernels, values: Sequence[Value]) -> Value:
    """The product entry by entry, 1 if there are none."""
    total = kernels.number(1)
    for value in values:
        total = kernels.multiply(total, value)
    return total
