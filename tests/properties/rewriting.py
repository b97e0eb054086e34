"""The same expression written otherwise, at random: identities that no answer may depend on.

A rewriting builds a node anew from its rewritten arguments, with one of the identities of its
operation: A + B = B + A, A B = (B'A')', A(B + C) = A B + A C, tr(A B) = tr(B A), x'y = y'x …
None of them changes the value, and a reader would call none of them another problem.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

from matdiff.dimensions import ONE
from matdiff.operations.algebra import (
    ADD,
    HADAMARD,
    INNER,
    MINUS_ONE,
    MULTIPLY,
    SCALE,
    SYMBOL,
    TRANSPOSE,
    Expression,
    add,
    hadamard,
    inner,
    make,
    multiply,
    number,
    number_value,
    postorder,
    reapply,
    rebuild,
    scale,
    symbol,
    symbol_name,
)
from matdiff.operations.elementwise import POWER, power
from matdiff.operations.linear import TRACE, trace
from matdiff.operations.record import Operation

SHARE = 0.6  # of the nodes that have another writing are written so
DOUBLE_NEGATION = 0.03

Arguments = tuple[Expression, ...]
Writings = Iterator[Expression]


def _sums(arguments: Arguments) -> Writings:
    A, B = arguments
    yield add(B, A)
    if A.operation is ADD:
        yield add(A.arguments[0], add(A.arguments[1], B))
    if B.operation is ADD:
        yield add(add(A, B.arguments[0]), B.arguments[1])
    if A.operation is B.operation is MULTIPLY:  # a common factor is collected
        (P, Q), (R, S) = A.arguments, B.arguments
        if P is R:
            yield multiply(P, add(Q, S))
        if Q is S:
            yield multiply(add(P, R), Q)
    if A.operation is B.operation is SCALE and A.arguments[0] is B.arguments[0]:
        yield scale(A.arguments[0], add(A.arguments[1], B.arguments[1]))


def _hadamards(arguments: Arguments) -> Writings:
    A, B = arguments
    yield hadamard(B, A)
    if A.operation is HADAMARD:
        yield hadamard(A.arguments[0], hadamard(A.arguments[1], B))
    for P, Q in ((A, B), (B, A)):
        if Q.operation is ADD:
            yield add(hadamard(P, Q.arguments[0]), hadamard(P, Q.arguments[1]))


def _products(arguments: Arguments) -> Writings:
    A, B = arguments
    yield multiply(B.T, A.T) if A.rows is ONE and B.columns is ONE else multiply(B.T, A.T).T
    if A.operation is MULTIPLY:
        yield multiply(A.arguments[0], multiply(A.arguments[1], B))
    if B.operation is MULTIPLY:
        yield multiply(multiply(A, B.arguments[0]), B.arguments[1])
    if A.operation is ADD:
        yield add(multiply(A.arguments[0], B), multiply(A.arguments[1], B))
    if B.operation is ADD:
        yield add(multiply(A, B.arguments[0]), multiply(A, B.arguments[1]))


def _multiples(arguments: Arguments) -> Writings:
    s, A = arguments
    if A.operation is ADD:
        yield add(scale(s, A.arguments[0]), scale(s, A.arguments[1]))
    if A.operation is MULTIPLY:
        yield multiply(scale(s, A.arguments[0]), A.arguments[1])
        yield multiply(A.arguments[0], scale(s, A.arguments[1]))
    if number_value(s) == 2:
        yield add(A, A)


def _transposes(arguments: Arguments) -> Writings:
    (A,) = arguments
    if A.operation is MULTIPLY:
        yield multiply(A.arguments[1].T, A.arguments[0].T)
    if A.operation is ADD:
        yield add(A.arguments[0].T, A.arguments[1].T)


def _traces(arguments: Arguments) -> Writings:
    (A,) = arguments
    yield trace(A.T)
    if A.operation is MULTIPLY:
        yield trace(multiply(A.arguments[1], A.arguments[0]))
    if A.operation is ADD:
        yield add(trace(A.arguments[0]), trace(A.arguments[1]))


def _inners(arguments: Arguments) -> Writings:
    A, B = arguments
    yield inner(B, A)
    yield inner(A.T, B.T)


def _powers(arguments: Arguments) -> Writings:
    A, exponent = arguments
    value = number_value(exponent)
    if isinstance(value, int) and value > 1:
        yield hadamard(A, power(A, number(value - 1)))


WRITINGS: dict[Operation, Callable[[Arguments], Writings]] = {
    ADD: _sums,
    HADAMARD: _hadamards,
    MULTIPLY: _products,
    SCALE: _multiples,
    TRANSPOSE: _transposes,
    TRACE: _traces,
    INNER: _inners,
    POWER: _powers,
}


def rewritten(expression: Expression, random: Random) -> Expression:
    """The expression in another writing."""

    def change(node: Expression, arguments: Arguments) -> Expression:
        new = reapply(node, arguments)
        rule = WRITINGS.get(node.operation)
        if rule is not None and new.operation is node.operation and random.random() < SHARE:
            new = random.choice([*rule(new.arguments)] or [new])
        if arguments and random.random() < DOUBLE_NEGATION:
            new = scale(MINUS_ONE, -new)
        return new

    return rebuild(expression, change)


def renaming(expression: Expression, random: Random | None = None) -> dict[str, str]:
    """New names by old ones, in the same order or, with `random`, in any."""
    names = sorted({symbol_name(n) for n in postorder(expression) if n.operation is SYMBOL})
    if random is not None:
        random.shuffle(names)
    return {name: f"v{i:02d}" for i, name in enumerate(names)}


def renamed(expression: Expression, names: dict[str, str]) -> Expression:
    """The expression with other names, nothing else changed: no simplification takes place."""
    new: dict[Expression, Expression] = {}
    for node in postorder(expression):
        if node.operation is SYMBOL:
            new[node] = symbol(names[symbol_name(node)], *node.shape, node.parameters[3:])
        else:
            arguments = tuple(new[argument] for argument in node.arguments)
            new[node] = make(node.operation, arguments, node.shape, node.parameters)
    return new[expression]
