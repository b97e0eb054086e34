"""Expressions, and the algebra they are built with.

An expression is a symbol, a number, a constant (I, ones, K …) or an operation applied to
arguments; every kind is a node (operation, arguments, parameters) of known shape.  Nodes are
interned: equal expressions are one object, so `is` decides equality and what occurs twice is
differentiated, printed and emitted once.  Constructors check shapes, so an ill-shaped expression
cannot be built, and apply only O(1) simplifications; the normal form does the rest.

A 1×1 matrix is a scalar.  Products of scalars are Hadamard products of 1×1 matrices, which makes
one monomial algebra serve scalars and entries of matrices alike; a scalar times a matrix is
`scale`; the matrix product proper is `multiply`.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from functools import reduce
from math import inf
from typing import Any

from matdiff.dimensions import ONE, Dimension, Shape, shape_text
from matdiff.errors import LimitReached, ShapeProblem
from matdiff.limits import NODES
from matdiff.operations import degrees
from matdiff.operations.properties import (
    of_commutation,
    of_constant,
    of_hadamard,
    of_inner,
    of_kronecker,
    of_number,
    of_product,
    of_sum,
    of_symbol,
    of_transpose,
)
from matdiff.operations.record import Notation, Operation, size_of_axis

Rational = int | Fraction

_interned: dict[tuple[Any, ...], Expression] = {}
_allowed: float = inf  # so many nodes there may be


class Expression:
    """A node of an expression DAG; built with `apply` and the constructors below."""

    __slots__ = ("operation", "arguments", "parameters", "shape", "memory")
    operation: Operation
    arguments: tuple[Expression, ...]
    parameters: tuple[Any, ...]
    shape: Shape
    memory: dict[str, Any] | None  # what passes remember about the node

    @property
    def rows(self) -> Dimension:
        return self.shape[0]

    @property
    def columns(self) -> Dimension:
        return self.shape[1]

    @property
    def is_scalar(self) -> bool:
        return self.shape[0] is ONE and self.shape[1] is ONE

    @property
    def T(self) -> Expression:  # noqa: N802 - the usual name
        return transpose(self)

    def __add__(self, other: Expression | int) -> Expression:
        return add(self, _like(other, self))

    def __radd__(self, other: int) -> Expression:
        return add(_like(other, self), self)

    def __sub__(self, other: Expression | int) -> Expression:
        return add(self, scale(MINUS_ONE, _like(other, self)))

    def __rsub__(self, other: int) -> Expression:
        return add(_like(other, self), scale(MINUS_ONE, self))

    def __neg__(self) -> Expression:
        return scale(MINUS_ONE, self)

    def __matmul__(self, other: Expression) -> Expression:
        return multiply(self, other)

    def __mul__(self, other: Expression | Rational) -> Expression:
        """The Hadamard product, or a scalar times a matrix."""
        if not isinstance(other, Expression):
            return scale(number(other), self)
        if self.is_scalar:
            return scale(self, other)
        return scale(other, self) if other.is_scalar else hadamard(self, other)

    def __rmul__(self, other: Rational) -> Expression:
        return scale(number(other), self)

    def __repr__(self) -> str:
        return f"<{self.operation.name} {shape_text(self.shape)}>"


def _like(value: Expression | Rational, other: Expression) -> Expression:
    """A Python number stands for that multiple of ones, as in 1 - tanh(X)^2."""
    if isinstance(value, Expression):
        return value
    if other.is_scalar:
        return number(value)
    return scale(number(value), ones(*other.shape))


def make(
    operation: Operation,
    arguments: tuple[Expression, ...],
    shape: Shape,
    parameters: tuple[Any, ...] = (),
) -> Expression:
    """The one node of this operation, arguments and parameters; the caller vouches for `shape`."""
    key = (operation, parameters, *arguments)
    found = _interned.get(key)
    if found is None:
        if len(_interned) > _allowed:
            raise LimitReached(
                f"the expressions of this statement have more than {NODES} nodes, the limit",
                hint="ask about its parts; definitions that repeat others grow quickly",
                code="MX515",
            )
        found = Expression.__new__(Expression)
        found.operation = operation
        found.arguments = arguments
        found.parameters = parameters
        found.shape = shape
        found.memory = None
        _interned[key] = found
    return found


@contextmanager
def limited_nodes() -> Iterator[None]:
    """What is made in the block adds no more nodes than the limit says, else LimitReached."""
    global _allowed
    before, _allowed = _allowed, len(_interned) + NODES
    try:
        yield
    finally:
        _allowed = before


def forget_expressions() -> None:
    """Empty the table of nodes, between documents; nodes made before must not be used after."""
    _interned.clear()
    for constant in (ZERO, NUMBER_ONE, MINUS_ONE, HALF, TWO):
        _interned[constant.operation, constant.parameters] = constant


def apply(operation: Operation, *arguments: Expression) -> Expression:
    """The operation on arguments of checked shapes; ShapeProblem if they do not fit."""
    signature = operation.signature
    assert signature is not None
    if len(arguments) != len(signature.inputs):
        raise ShapeProblem(f"{operation.name} takes {len(signature.inputs)} arguments")
    sizes = dict(signature.sizes)
    for argument, axes in zip(arguments, signature.inputs, strict=True):
        for axis, dimension in zip(axes, argument.shape, strict=True):
            expected = sizes.setdefault(axis[0], dimension) if axis else ONE
            if expected is not dimension:
                shapes = " and ".join(shape_text(a.shape) for a in arguments)
                raise ShapeProblem(f"{operation.name} does not take shapes {shapes}")
    rows, columns = signature.output
    return make(operation, arguments, (size_of_axis(rows, sizes), size_of_axis(columns, sizes)))


def postorder(*roots: Expression, leaves: Container[Expression] = ()) -> list[Expression]:
    """All nodes under the roots, each once, arguments before what uses them; what is below the
    `leaves` is left out."""
    seen: set[Expression] = set()
    order: list[Expression] = []
    stack: list[Expression | None] = [*reversed(roots)]
    while stack:
        node = stack.pop()
        if node is None:  # below it lies a node whose arguments are done
            done = stack.pop()
            assert done is not None
            order.append(done)
        elif node not in seen:
            seen.add(node)
            if node.arguments and node not in leaves:
                stack += (node, None, *reversed(node.arguments))
            else:
                order.append(node)
    return order


def rebuild(
    root: Expression, change: Callable[[Expression, tuple[Expression, ...]], Expression]
) -> Expression:
    """The expression with `change(node, new arguments)` in place of each node, children first."""
    new: dict[Expression, Expression] = {}
    for node in postorder(root):
        new[node] = change(node, tuple(new[argument] for argument in node.arguments))
    return new[root]


def reapply(node: Expression, arguments: tuple[Expression, ...]) -> Expression:
    """The node's operation on other arguments, through its constructor where it has one.

    ShapeProblem where they do not fit; what its parameters say holds for arguments of their shape.
    """
    if arguments == node.arguments:
        return node
    if node.parameters:
        if any(new.shape != old.shape for new, old in zip(arguments, node.arguments, strict=True)):
            raise ShapeProblem(f"{node.operation.name} is of arguments of another shape")
        return make(node.operation, arguments, node.shape, node.parameters)
    constructor = CONSTRUCTORS.get(node.operation)
    if constructor is None:
        return apply(node.operation, *arguments)
    if node.operation.associative and len(arguments) > 2:
        return reduce(constructor, arguments)
    return constructor(*arguments)


def substitute(root: Expression, values: dict[Expression, Expression]) -> Expression:
    """The expression with some nodes (usually symbols) replaced by others of their shape."""
    return rebuild(root, lambda node, arguments: values.get(node) or reapply(node, arguments))


# -- symbols and numbers -------------------------------------------------------------------------

SYMBOL = Operation("symbol", notation=Notation("atom", ""), properties=of_symbol)
NUMBER = Operation("number", notation=Notation("atom", ""), properties=of_number)


def symbol(
    name: str, rows: Dimension, columns: Dimension, properties: Iterable[str] = ()
) -> Expression:
    """A variable; its properties ("symmetric", "spd", …) are part of it."""
    return make(SYMBOL, (), (rows, columns), (name, rows, columns, *sorted(properties)))


def symbol_name(node: Expression) -> str:
    return str(node.parameters[0])


def symbol_properties(node: Expression) -> tuple[str, ...]:
    return tuple(node.parameters[3:])


def number(value: Rational) -> Expression:
    """An exact rational, 1×1."""
    if isinstance(value, Fraction) and value.denominator == 1:
        value = value.numerator
    return make(NUMBER, (), (ONE, ONE), (value,))


def number_value(node: Expression) -> Rational | None:
    """The value of a number node, None for any other node."""
    if node.operation is NUMBER:
        value: Rational = node.parameters[0]
        return value
    return None


ZERO, NUMBER_ONE, MINUS_ONE = number(0), number(1), number(-1)
TWO, HALF = number(2), number(Fraction(1, 2))

# -- constants -----------------------------------------------------------------------------------

IDENTITY = Operation(
    "I", notation=Notation("atom", "I", latex="I", numpy="np.eye({0})"),
    evaluate=lambda np, n: np.eye(n), symmetric=True, example=lambda m, n: (n,),
    properties=of_constant("binary", "onehot, spd, diagonal, orthogonal"),
    summary="identity matrix n×n",
)  # fmt: skip
ONES = Operation(
    "ones", notation=Notation("atom", "ones", latex=r"\mathbf{1}", numpy="np.ones(({0}, {1}))"),
    evaluate=lambda np, m, n: np.ones((m, n)), example=lambda m, n: (m, n),
    properties=of_constant("positive, binary", "psd"),
    summary="matrix of ones m×n",
)  # fmt: skip
ZEROS = Operation(
    "zeros", notation=Notation("atom", "zeros", latex="0", numpy="np.zeros(({0}, {1}))"),
    evaluate=lambda np, m, n: np.zeros((m, n)), example=lambda m, n: (m, n),
    properties=of_constant("binary", "diagonal"),
    summary="matrix of zeros m×n",
)  # fmt: skip
COMMUTATION = Operation(
    "K",
    notation=Notation(
        "atom", "K", latex="K",
        numpy="np.eye({0} * {1}).reshape({1}, {0}, -1).swapaxes(0, 1).reshape({0} * {1}, -1)",
    ),
    evaluate=lambda np, m, n: np.eye(m * n).reshape(n, m, m * n).swapaxes(0, 1).reshape(m * n, -1),
    example=lambda m, n: (m, n), properties=of_commutation,
    summary="commutation matrix mn×mn: K(m,n) vec(A) = vec(A') for A m×n",
    source="Magnus & Neudecker, section 3.7",
)  # fmt: skip


def identity(n: Dimension) -> Expression:
    return NUMBER_ONE if n is ONE else make(IDENTITY, (), (n, n), (n,))


def ones(m: Dimension, n: Dimension = ONE) -> Expression:
    return NUMBER_ONE if m is ONE and n is ONE else make(ONES, (), (m, n), (m, n))


def zeros(m: Dimension, n: Dimension = ONE) -> Expression:
    return ZERO if m is ONE and n is ONE else make(ZEROS, (), (m, n), (m, n))


def commutation(m: Dimension, n: Dimension) -> Expression:
    """K with K vec(A) = vec(A') for A m×n."""
    if m is ONE or n is ONE:
        return identity(m * n)
    return make(COMMUTATION, (), (m * n, m * n), (m, n))


def is_zero(node: Expression) -> bool:
    return node is ZERO or node.operation is ZEROS


def is_ones(node: Expression) -> bool:
    return node is NUMBER_ONE or node.operation is ONES


def is_identity(node: Expression) -> bool:
    return node is NUMBER_ONE or node.operation is IDENTITY


# -- the algebra ---------------------------------------------------------------------------------

ADD = Operation(
    "add", signature="ij,ij->ij",
    notation=Notation("infix", "+", strength=1, latex="+", numpy="{0} + {1}"),
    evaluate=lambda np, *terms: sum(terms[1:], terms[0]),
    pullback=(lambda G, A, B: G, lambda G, A, B: G),
    degree=degrees.of_sum, associative=True, commutative=True, properties=of_sum,
    summary="sum of matrices of one shape",
)  # fmt: skip
SCALE = Operation(
    "scale", signature=",ij->ij",
    notation=Notation("infix", "", strength=4, latex=r"\,", numpy="{0} * {1}"),
    evaluate=lambda np, s, A: s * A,
    pullback=(lambda G, s, A: inner(G, A), lambda G, s, A: scale(s, G)),
    properties=of_kronecker,
    summary="scalar times a matrix",
)  # fmt: skip
MULTIPLY = Operation(
    "multiply", signature="ij,jk->ik",
    notation=Notation("infix", "", strength=4, latex=r"\,", numpy="{0} @ {1}"),
    evaluate=lambda np, *factors: np.linalg.multi_dot(factors),
    pullback=(lambda G, A, B: multiply(G, B.T), lambda G, A, B: multiply(A.T, G)),
    associative=True, properties=of_product,
    summary="matrix product",
)  # fmt: skip
HADAMARD = Operation(
    "hadamard", signature="ij,ij->ij",
    notation=Notation("infix", "∘", strength=4, latex=r"\circ", numpy="{0} * {1}"),
    evaluate=lambda np, *factors: _product(factors),
    pullback=(lambda G, A, B: hadamard(G, B), lambda G, A, B: hadamard(A, G)),
    associative=True, commutative=True, spellings=(), properties=of_hadamard,
    summary="elementwise (Hadamard) product; of scalars, their product",
)  # fmt: skip
TRANSPOSE = Operation(
    "transpose", signature="ij->ji",
    notation=Notation("postfix", "'", strength=8, latex=r"{0}^{{\top}}", numpy="{0}.T"),
    evaluate=lambda np, A: A.T,
    pullback=(lambda G, A: G.T,), properties=of_transpose,
    summary="transpose",
)  # fmt: skip
INNER = Operation(
    "inner", signature="ij,ij->",
    notation=Notation("infix", ":", strength=2, latex=":", numpy="np.sum({0} * {1})"),
    evaluate=lambda np, A, B: np.sum(A * B, keepdims=True),
    pullback=(lambda G, A, B: scale(G, B), lambda G, A, B: scale(G, A)),
    commutative=True, properties=of_inner,
    summary="Frobenius product tr(A'B)",
)  # fmt: skip


def _product(factors: Sequence[Any]) -> Any:
    result = factors[0]
    for factor in factors[1:]:
        result = result * factor
    return result


def add(A: Expression, B: Expression) -> Expression:
    """A + B for two matrices of one shape."""
    if A.shape != B.shape:
        raise ShapeProblem(f"cannot add {shape_text(A.shape)} and {shape_text(B.shape)}")
    if is_zero(A):
        return B
    return A if is_zero(B) else make(ADD, (A, B), A.shape)


def scale(s: Expression, A: Expression) -> Expression:
    """The scalar s times A; the product of two scalars is a Hadamard product."""
    if s is NUMBER_ONE or is_zero(A):
        return A
    if is_zero(s):
        return zeros(*A.shape)
    if A.is_scalar:
        return hadamard(s, A)
    if not s.is_scalar:
        raise ShapeProblem(f"a factor {shape_text(s.shape)} is not a scalar")
    return make(SCALE, (s, A), A.shape)


def multiply(A: Expression, B: Expression) -> Expression:
    """The matrix product A B; a 1×1 operand is a scalar factor."""
    if A.columns is not B.rows:
        if A.is_scalar or B.is_scalar:
            return A * B
        raise ShapeProblem(f"cannot multiply {shape_text(A.shape)} by {shape_text(B.shape)}")
    if A.is_scalar or B.is_scalar:
        return A * B
    if is_identity(A):
        return B
    if is_identity(B):
        return A
    if is_zero(A) or is_zero(B):
        return zeros(A.rows, B.columns)
    return make(MULTIPLY, (A, B), (A.rows, B.columns))


def hadamard(A: Expression, B: Expression) -> Expression:
    """The elementwise product of two matrices of one shape."""
    if A.shape != B.shape:
        raise ShapeProblem(f"{shape_text(A.shape)} ∘ {shape_text(B.shape)}: the shapes differ")
    if is_ones(A) or is_zero(B):
        return B
    if is_ones(B) or is_zero(A):
        return A
    return make(HADAMARD, (A, B), A.shape)


def transpose(A: Expression) -> Expression:
    """A'"""
    if A.operation is TRANSPOSE:
        return A.arguments[0]
    if A.is_scalar or A.operation.symmetric:
        return A
    if A.operation is ONES:
        return ones(A.columns, A.rows)
    if A.operation is ZEROS:
        return zeros(A.columns, A.rows)
    if A.operation is COMMUTATION:
        m, n = A.parameters
        return commutation(n, m)
    return make(TRANSPOSE, (A,), (A.columns, A.rows))


def inner(A: Expression, B: Expression) -> Expression:
    """The Frobenius product tr(A'B) of two matrices of one shape."""
    if A.is_scalar:
        return hadamard(A, B)
    if is_zero(A) or is_zero(B):
        return ZERO
    return apply(INNER, A, B)


# What builds a node from its arguments and then its parameters, simplified where that is cheap;
# `apply` does where nothing stands here.
CONSTRUCTORS: dict[Operation, Callable[..., Expression]] = {
    IDENTITY: identity,
    ONES: ones,
    ZEROS: zeros,
    COMMUTATION: commutation,
    ADD: add,
    SCALE: scale,
    MULTIPLY: multiply,
    HADAMARD: hadamard,
    TRANSPOSE: transpose,
    INNER: inner,
}
