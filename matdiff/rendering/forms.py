"""What is written for a node, before it is known in which language.

An expression says what is computed; a form says how a person would set it: SCALE(-1/2, A) is a
minus before a quotient, a product of two equal factors is a square, a Hadamard product with a
reciprocal is A⊘B.  Every target (text, LaTeX, …) writes forms, and the length of a formula is
counted on them, so that all agree on what the formula looks like.

A form reaches down only as far as its node is rewritten; below that its parts are expressions.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from matdiff.dimensions import Dimension, Shape
from matdiff.operations.algebra import (
    ADD,
    HADAMARD,
    INNER,
    MULTIPLY,
    TRANSPOSE,
    Expression,
    Rational,
)
from matdiff.operations.elementwise import POWER
from matdiff.operations.linear import KHATRI_RAO, KRONECKER
from matdiff.operations.nonlinear import INVERSE
from matdiff.operations.record import Operation


class Kind(Enum):
    """The ways to write something."""

    __hash__ = object.__hash__  # members are single, and are looked up at every step

    NAME = "x"
    NUMBER = "2"  # an integer or a decimal >= 0
    SIZE = "n"  # the name of a dimension as a number
    CONSTANT = "I(n)"
    CALL = "f(x)"
    SUM = "a - b"
    MINUS = "-a"
    INNER = "a:b"
    PRODUCT = "a b"
    QUOTIENT = "a/b"
    HADAMARD = "a∘b"
    DIVIDE = "a⊘b"
    KRONECKER = "a⊗b"
    POWER = "a^b"
    ELEMENTWISE_POWER = "a.^b"
    TRANSPOSE = "a'"
    INDEXED = "a[1,2:n]"
    BLOCKS = "[a, b; c, d]"
    KHATRI_RAO = "a⊛b"
    INVERSE = "a^-1"
    INVERSE_TRANSPOSE = "a^-T"


# How tightly each kind binds, from the records of the operations; what is its own bracket, 9.
STRENGTH: dict[Kind, int] = dict.fromkeys(Kind, 9) | {
    kind: record.notation.strength
    for kind, record in (
        (Kind.SUM, ADD),
        (Kind.MINUS, ADD),
        (Kind.INNER, INNER),
        (Kind.PRODUCT, MULTIPLY),
        (Kind.QUOTIENT, MULTIPLY),
        (Kind.HADAMARD, HADAMARD),
        (Kind.DIVIDE, HADAMARD),
        (Kind.KRONECKER, KRONECKER),
        (Kind.KHATRI_RAO, KHATRI_RAO),
        (Kind.POWER, POWER),
        (Kind.ELEMENTWISE_POWER, POWER),
        (Kind.TRANSPOSE, TRANSPOSE),
        (Kind.INVERSE, INVERSE),
        (Kind.INVERSE_TRANSPOSE, INVERSE),
    )
}


MOST_DECIMALS = 6

Item = tuple[Dimension, Dimension] | None  # the first and last index that are taken, None for all


class Form:
    """A kind, its parts in writing order, and what else the kind needs.

    operation   of CALL and CONSTANT: whose notation is used
    name        of NAME
    value       of NUMBER, its digits
    sizes       dimensions that are written: in I(n), unvec(x,m,n), of SIZE
    signs       of SUM: whether each part is subtracted
    factors     of PRODUCT: the shapes of the factors of a matrix product, None if there are
                scalars among them
    factors     of INDEXED, and of a TRANSPOSE of one: its own shape alone
    items       of INDEXED: what stands for each dimension, of a vector one
    widths      of BLOCKS: how many blocks each row has
    """

    __slots__ = (
        "factors", "items", "kind", "name", "operation", "parts", "signs", "sizes", "value",
        "widths",
    )  # fmt: skip

    def __init__(
        self,
        kind: Kind,
        parts: tuple[Part, ...] = (),
        *,
        operation: Operation | None = None,
        name: str = "",
        value: str = "",
        sizes: tuple[Dimension, ...] = (),
        signs: tuple[bool, ...] = (),
        factors: tuple[Shape, ...] | None = None,
        items: tuple[Item, ...] = (),
        widths: tuple[int, ...] = (),
    ) -> None:
        self.kind, self.parts, self.operation = kind, parts, operation
        self.name, self.value, self.sizes = name, value, sizes
        self.signs, self.factors = signs, factors
        self.items, self.widths = items, widths

    def __repr__(self) -> str:
        return f"<{self.kind.value}: {len(self.parts)} parts>"


Part = Form | Expression


def integer(value: int) -> Form:
    """A number without sign."""
    return Form(Kind.NUMBER, value=str(value))


def decimal(value: Rational) -> Form | None:
    """A fraction that is a short decimal, 0.3 but not 1/2, 3/4 or 1/3, which stay fractions."""
    if isinstance(value, int) or value.denominator == 1:
        return None
    for digits in range(1, MOST_DECIMALS + 1):
        scaled = value * 10**digits
        if scaled.denominator == 1:
            if value.denominator & (value.denominator - 1) == 0:
                return None
            whole, rest = divmod(scaled.numerator, 10**digits)
            return Form(Kind.NUMBER, value=f"{whole}.{rest:0{digits}}")
    return None


def flatten(node: Expression, belongs: Callable[[Expression], bool]) -> list[Expression]:
    """The operands of nested applications of one associative operation, in order.

    A nested node that is used again stays one operand, unless it is small: a formula that doubles
    with every line is not written out here.
    """
    operands: list[Expression] = []
    seen: set[Expression] = set()
    stack = list(reversed(node.arguments))
    while stack:
        top = stack.pop()
        if belongs(top) and (top not in seen or not any(map(belongs, top.arguments))):
            seen.add(top)
            stack.extend(reversed(top.arguments))
        else:
            operands.append(top)
    return operands
