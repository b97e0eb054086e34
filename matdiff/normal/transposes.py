"""Transposes in normal form: they go to the leaves, (A B)' = B'A', and are remembered there.

What is symmetric is its own transpose, and of a skew matrix it is -K.
"""

from __future__ import annotations

from matdiff.normal.core import build, entrywise, flip, negative, normal, plus, scaled, times
from matdiff.normal.properties import properties_of
from matdiff.operations.algebra import (
    ADD,
    HADAMARD,
    MULTIPLY,
    SCALE,
    TRANSPOSE,
    Expression,
    transpose,
)
from matdiff.operations.blocks import ABOVE, BESIDE
from matdiff.operations.elementwise import POWER
from matdiff.operations.linear import KRONECKER
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
    found = _flip_of(A)
    assert found is not None
    return found


def _turning(A: Expression) -> tuple[Expression, ...]:
    """The arguments that are transposed with A."""
    operation = A.operation
    if operation in (MULTIPLY, ADD, HADAMARD, KRONECKER, BESIDE, ABOVE) and not A.is_scalar:
        return A.arguments
    if operation is SCALE:
        return A.arguments[1:]
    if operation in (INVERSE, POWER) or operation.elementwise or operation.spectral is not None:
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
    names = properties_of(A)
    if A.is_scalar or "symmetric" in names:
        return A
    if "skew" in names:
        return negative(A)
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
    if operation in (BESIDE, ABOVE):
        across = BESIDE if operation is ABOVE else ABOVE
        return build(across, *(flip(block) for block in inside))
    if operation is INVERSE:
        return build(INVERSE, flip(inside[0]))
    if operation is POWER or operation.spectral is not None:
        return build(operation, flip(inside[0]), *inside[1:])
    if operation.elementwise:
        return build(operation, flip(inside[0]))
    return transpose(A)
