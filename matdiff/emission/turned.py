"""Sums that are each other's negative or transpose, so that only one of them is computed.

A gradient has b - A x beside A x - b, and (U V' + D)^-1 beside (V U' + D)^-1.  The first one met
stays; the other is -1 times it, or its transpose.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from matdiff.dimensions import ONE
from matdiff.normal.core import key
from matdiff.normal.properties import has
from matdiff.operations.algebra import (
    ADD,
    HADAMARD,
    MINUS_ONE,
    MULTIPLY,
    NUMBER,
    SCALE,
    TRANSPOSE,
    Expression,
    Rational,
    add,
    multiply,
    number,
    reapply,
    rebuild,
    scale,
    transpose,
)
from matdiff.operations.record import Operation
from matdiff.rendering.powers import scalar_factors

MOST_TERMS = 16  # of a sum that is looked at
SIGNED = (MULTIPLY, HADAMARD, TRANSPOSE, SCALE)

Term = tuple[Rational, tuple[Expression, ...], tuple[Expression, ...]]  # number, scalars, factors
Key = frozenset[Term]


def turned(roots: Sequence[Expression]) -> list[Expression]:
    """The expressions with every sum that is another's negative or transpose written by that."""
    known: dict[Key, Expression] = {}

    def change(node: Expression, arguments: tuple[Expression, ...]) -> Expression:
        node = _with_sign_in_front(node, arguments)
        return _known(node, known) if node.operation is ADD and not node.is_scalar else node

    return [rebuild(root, change) for root in roots]


def _known(node: Expression, known: dict[Key, Expression]) -> Expression:
    """A sum by one that is known; itself, and known from now on, if there is none."""
    terms = _terms(node)
    found = frozenset(terms or ())
    if terms is None or len(found) < len(terms):  # a + a has no key of its own
        return node
    negative = frozenset(map(_negative, found))
    if found in known:
        return known[found]
    if negative in known:
        return scale(MINUS_ONE, known[negative])
    flipped, both = (frozenset(map(_transposed, each)) for each in (found, negative))
    if flipped in known:
        return transpose(known[flipped])
    if both in known:
        return scale(MINUS_ONE, transpose(known[both]))
    if node.rows is ONE:  # a column says the same
        column = reduce(add, [_built(_transposed(term)) for term in terms])
        known[flipped] = column
        return transpose(column)
    known[found] = node
    return node


def _built(term: Term) -> Expression:
    coefficient, scalars, factors = term
    product = reduce(multiply, factors)
    for scalar in scalars:
        product = scale(scalar, product)
    return scale(number(coefficient), product)


def _terms(node: Expression) -> list[Term] | None:
    """The terms of a sum in a form that can be compared; None if it is long."""
    found: list[Term] = []
    for term in _flat(node, ADD):
        coefficient: Rational = 1
        scalars: list[Expression] = []
        base = term
        while base.operation is SCALE:
            scalar, base = base.arguments
            for factor in scalar_factors(scalar):
                if factor.operation is NUMBER:
                    coefficient *= factor.parameters[0]
                else:
                    scalars.append(factor)
        factors = _flat(base, MULTIPLY)
        if not factors:
            return None
        found.append((coefficient, tuple(sorted(scalars, key=key)), tuple(factors)))
    return found or None


def _flat(node: Expression, operation: Operation) -> list[Expression]:
    """The operands of an n-ary operation; none if they are many."""
    found, stack = [], [node]
    while stack:
        top = stack.pop()
        if top.operation is operation:
            stack.extend(reversed(top.arguments))
        else:
            found.append(top)
        if len(found) + len(stack) > MOST_TERMS:
            return []
    return found


def _negative(term: Term) -> Term:
    return -term[0], *term[1:]


def _transposed(term: Term) -> Term:
    coefficient, scalars, factors = term
    turned = (f if has(f, "symmetric") else transpose(f) for f in reversed(factors))
    return coefficient, scalars, tuple(turned)


def _with_sign_in_front(node: Expression, arguments: Sequence[Expression]) -> Expression:
    """A product, transpose or multiple of -1 times something with the sign in front of it."""
    signs = [_is_negative(argument) for argument in arguments]
    if node.operation not in SIGNED or not any(signs):
        return reapply(node, tuple(arguments))
    if node.operation is SCALE and arguments[0] is MINUS_ONE:
        return arguments[1].arguments[1]
    bare = [a.arguments[1] if sign else a for a, sign in zip(arguments, signs, strict=True)]
    made = reapply(node, tuple(bare))
    return scale(MINUS_ONE, made) if sum(signs) % 2 else made


def _is_negative(node: Expression) -> bool:
    return node.operation is SCALE and node.arguments[0] is MINUS_ONE
