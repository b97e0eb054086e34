"""Transposes in normal form: they go to the leaves, (A B)' = B'A', and are remembered there."""

from __future__ import annotations

from matdiff.normal.core import build, entrywise, flip, normal, plus, scaled, times
from matdiff.operations.algebra import (
    ADD,
    HADAMARD,
    IDENTITY,
    MULTIPLY,
    SCALE,
    SYMBOL,
    TRANSPOSE,
    Expression,
    symbol_properties,
    transpose,
)
from matdiff.operations.elementwise import POWER
from matdiff.operations.linear import DIAG, KRONECKER
from matdiff.operations.nonlinear import INVERSE


@normal(TRANSPOSE)
def transpose_of(arguments: tuple[Expression, ...]) -> Expression:
    """A' with the transpose at the leaves; remembered on the nodes, computed leaves first."""
    (A,) = arguments
    stack = [A]
    while stack:
        top = stack[-1]
        missing = [a for a in _turning(top) if _flip_of(a) is None]
        if missing:
            stack.extend(missing)
            continue
        stack.pop()
        if _flip_of(top) is None:
            turned = _transpose(top)
            _remember(top, turned)
            _remember(turned, top)
    found = _flip_of(A)
    assert found is not None
    return found


def _turning(A: Expression) -> tuple[Expression, ...]:
    """The arguments that are transposed with A."""
    operation = A.operation
    if operation in (MULTIPLY, ADD, HADAMARD, KRONECKER) and not A.is_scalar:
        return A.arguments
    if operation is SCALE:
        return A.arguments[1:]
    if operation in (INVERSE, POWER) or operation.elementwise:
        return A.arguments[:1]
    return ()


def _flip_of(A: Expression) -> Expression | None:
    return None if A.memory is None else A.memory.get("flip")


def _remember(A: Expression, turned: Expression) -> None:
    if A.memory is None:
        A.memory = {}
    A.memory.setdefault("flip", turned)


def _transpose(A: Expression) -> Expression:
    operation, inside = A.operation, A.arguments
    if operation is DIAG or operation is IDENTITY or A.is_scalar:
        return A
    if operation is MULTIPLY:
        return times(*(flip(f) for f in reversed(inside)))
    if operation is ADD:
        return plus(flip(term) for term in inside)
    if operation is SCALE:
        return scaled(inside[0], flip(inside[1]))
    if operation is HADAMARD:
        return entrywise(*(flip(f) for f in inside))
    if operation is KRONECKER:
        return build(KRONECKER, *(flip(f) for f in inside))
    if operation is INVERSE:
        return build(INVERSE, flip(inside[0]))
    if operation is POWER:
        return build(POWER, flip(inside[0]), inside[1])
    if operation.elementwise:
        return build(operation, flip(inside[0]))
    if operation is SYMBOL:
        properties = symbol_properties(A)
        if not SYMMETRIC.isdisjoint(properties):
            return A
        if "skew" in properties:
            return scaled(-1, A)
    return transpose(A)


SYMMETRIC = frozenset({"symmetric", "spd", "diagonal"})  # properties that make A' = A
