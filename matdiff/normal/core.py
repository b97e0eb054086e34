"""The table of normal constructors, and what they all need.

A node is in normal form when its operation's constructor, given arguments in normal form, returns
it.  Sums, products, Hadamard and Kronecker products are n-ary and flat; numbers stand in front,
`SCALE(number, …)`; scalars stand in front of matrices; transposes stand at the leaves.  An
operation without a constructor here keeps its arguments as they are, so a new operation works
before it has a rule.
"""

from __future__ import annotations

from binascii import crc32
from collections.abc import Callable, Iterable
from fractions import Fraction
from math import gcd
from typing import Any

from matdiff.operations.algebra import (
    ADD,
    CONSTRUCTORS,
    HADAMARD,
    MULTIPLY,
    NUMBER,
    NUMBER_ONE,
    SCALE,
    SYMBOL,
    TRANSPOSE,
    Expression,
    Rational,
    apply,
    is_ones,
    make,
    number,
    ones,
)
from matdiff.operations.record import Operation

Constructor = Callable[[tuple[Expression, ...]], Expression]

NORMAL: dict[Operation, Constructor] = {}
LONGEST_FLATTENED = 64  # a longer product or sum that is shared stays one factor


def normal(operation: Operation) -> Callable[[Constructor], Constructor]:
    """Register the constructor of an operation's normal form."""

    def register(constructor: Constructor) -> Constructor:
        NORMAL[operation] = constructor
        return constructor

    return register


def build(operation: Operation, *arguments: Expression) -> Expression:
    """The normal form of the operation on arguments in normal form."""
    if operation.elementwise and (s := spread_scalar(arguments[0])) is not None:
        return scaled(build(operation, s, *arguments[1:]), ones(*arguments[0].shape))
    constructor = NORMAL.get(operation)
    if constructor is not None:
        return constructor(arguments)
    raw = CONSTRUCTORS.get(operation)
    return raw(*arguments) if raw is not None else apply(operation, *arguments)


def spread_scalar(X: Expression) -> Expression | None:
    """s if the matrix is s ones(m,n) or a sum of such terms: f(s ones(m,n)) = f(s) ones(m,n)."""
    if X.is_scalar or X.operation not in (SCALE, ADD):
        return None
    terms = X.arguments if X.operation is ADD else (X,)
    scalars = []
    for term in terms:
        s, body = term.arguments if term.operation is SCALE else (NUMBER_ONE, term)
        if not is_ones(body):
            return None
        scalars.append(s)
    return plus(scalars)


def times(*factors: Expression) -> Expression:
    """The matrix product in normal form."""
    return build(MULTIPLY, *factors)


def plus(terms: Iterable[Expression]) -> Expression:
    """The sum of one or more terms in normal form."""
    return build(ADD, *terms)


def entrywise(*factors: Expression) -> Expression:
    """The Hadamard product in normal form; of scalars, their product."""
    return build(HADAMARD, *factors)


def scaled(s: Expression | Rational, A: Expression) -> Expression:
    """s A in normal form."""
    return build(SCALE, s if isinstance(s, Expression) else number(s), A)


def negative(A: Expression) -> Expression:
    return scaled(-1, A)


def flip(A: Expression) -> Expression:
    """A' in normal form, as it is remembered or else built."""
    turned: Expression | None = None if A.memory is None else A.memory.get("flip")
    return build(TRANSPOSE, A) if turned is None else turned


def split(node: Expression) -> tuple[Rational, Expression]:
    """(c, rest) with node = c rest, c a number and rest without one."""
    if node.operation is SCALE:
        s, rest = node.arguments
        if s.operation is NUMBER:
            return s.parameters[0], rest
        if s.operation is SCALE and s.arguments[0].operation is NUMBER:
            return s.arguments[0].parameters[0], make(SCALE, (s.arguments[1], rest), node.shape)
        return 1, node
    if node.operation is NUMBER:
        return node.parameters[0], NUMBER_ONE
    return 1, node


def with_coefficient(c: Rational, rest: Expression) -> Expression:
    """c rest for a rest without coefficient."""
    if c == 1:
        return rest
    if rest is NUMBER_ONE:
        return number(c)
    if rest.operation is SCALE:
        s, body = rest.arguments
        return make(SCALE, (make(SCALE, (number(c), s), s.shape), body), rest.shape)
    return make(SCALE, (number(c), rest), rest.shape)


def magnitude(value: Rational) -> Rational:
    """|value|"""
    return -value if value < 0 else value


def exact(value: Rational) -> Rational:
    """An int where the fraction is one."""
    if isinstance(value, Fraction) and value.denominator == 1:
        return value.numerator
    return value


def primitive(node: Expression) -> tuple[Rational, Expression]:
    """(c, rest) with node = c rest, rest a sum whose first coefficient is positive and whose
    coefficients have no common factor; any other node is its own rest up to its coefficient."""
    if node.operation is not ADD:
        return split(node)
    parts = [split(term) for term in node.arguments]
    sizes: set[Rational] = {magnitude(c) for c, _ in parts}
    common: Rational = 1
    if len(sizes) == 1:
        (common,) = sizes
    elif all(isinstance(c, int) for c in sizes):
        common = gcd(*(int(c) for c in sizes))
    if parts[0][0] < 0:
        common = -common
    if common == 1:
        return 1, node
    terms = (with_coefficient(exact(Fraction(c) / common), rest) for c, rest in parts)
    return common, make(ADD, tuple(terms), node.shape)


def leading_sign(node: Expression) -> int:
    """-1 if the first term of a sum, or the node itself, has a negative coefficient."""
    first = node.arguments[0] if node.operation is ADD else node
    return -1 if split(first)[0] < 0 else 1


KEY_LENGTH = 120


def key(node: Expression) -> str:
    """A text to sort by: of the structure and the names alone, so independent of history."""
    return _keys(node)[0]


def sum_order(term: Expression) -> tuple[str, str]:
    """The place of a term in a sum: by the names in it, so that a sum and its transpose have
    their terms in the same order and lead with the same sign."""
    text, names = _keys(split(term)[1])
    return names, text


def _keys(node: Expression) -> tuple[str, str]:
    """The sort key and the sorted names of a node; remembered, computed children first."""
    result: tuple[str, str] = remembered(node, "keys", _compose)
    return result


def remembered(node: Expression, name: str, compute: Callable[[Expression], Any]) -> Any:
    """What `compute` gives for the node, kept on it under `name`; the arguments' values are there
    when it is called, found without recursion."""
    memory = node.memory
    if memory is not None and name in memory:
        return memory[name]
    stack = [node]
    while stack:
        top = stack[-1]
        missing = [a for a in top.arguments if a.memory is None or name not in a.memory]
        if missing:
            stack += missing
            continue
        stack.pop()
        if top.memory is None:
            top.memory = {}
        top.memory[name] = compute(top)
    assert node.memory is not None
    return node.memory[name]


def _compose(node: Expression) -> tuple[str, str]:
    operation = node.operation
    if not node.arguments:
        if operation is SYMBOL:
            return str(node.parameters[0]), str(node.parameters[0])
        sizes = ",".join(map(str, node.parameters))
        # constants come first in a sum: 1 - x, I + X
        return sizes if operation is NUMBER else f"{operation.name}({sizes})", ""
    inside = [_keys(argument) for argument in node.arguments]
    if operation is TRANSPOSE:
        text = inside[0][0] + "'"
    elif operation is MULTIPLY:
        text = " ".join(part for part, _ in inside)
    else:
        text = (
            f"{operation.name}({','.join([*(p for p, _ in inside), *map(str, node.parameters)])})"
        )
    if len(inside) == 1:
        return _bounded(text), inside[0][1]
    names = " ".join(sorted(name for _, part in inside for name in part.split(" ")))
    return _bounded(text), _bounded(names)


def _bounded(text: str) -> str:
    if len(text) > KEY_LENGTH:
        return f"{text[:KEY_LENGTH]}~{crc32(text.encode()):08x}"
    return text
