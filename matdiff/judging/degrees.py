"""Bounds on the degree of what an expression computes, for the error of an exact test.

Every entry of a value is a polynomial in what was drawn at random, over a common denominator;
`degrees` bounds both.  Records state what an operation makes of its arguments' degrees; here is
only what depends on how a prime field draws its values.
Source: Schwartz 1980, Zippel 1979.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import ceil

from matdiff.operations.algebra import SYMBOL, Expression, number_value, symbol_properties
from matdiff.operations.degrees import Degrees, of_product
from matdiff.operations.elementwise import POWER

OF_A_SYMBOL = 2  # a random square is of degree two


def degrees(
    order: list[Expression], sizes: Mapping[str, int], exponent: int
) -> dict[Expression, Degrees]:
    """The degrees of each node of a postorder without definitions, for powers with variable
    exponents up to `exponent`."""
    found: dict[Expression, Degrees] = {}
    for node in order:
        found[node] = _degrees(node, [found[a] for a in node.arguments], sizes, exponent)
    return found


def _degrees(
    node: Expression, inside: list[Degrees], sizes: Mapping[str, int], exponent: int
) -> Degrees:
    operation = node.operation
    if operation is SYMBOL:
        n = max(side.at(sizes) for side in node.shape)
        return (n, n) if "orthogonal" in symbol_properties(node) else (OF_A_SYMBOL, 0)
    if operation is POWER:
        return _power(node, inside[0], sizes, exponent)
    if operation.degree is not None:
        return operation.degree(node, inside, sizes)
    if operation.multilinear or not inside:
        return of_product(node, inside, sizes)
    # random values of functions, or quotients of two: every entry has its own denominator
    entries = _entries(node, sizes)
    return 2 * entries, 2 * entries


def _power(node: Expression, inside: Degrees, sizes: Mapping[str, int], exponent: int) -> Degrees:
    """Of a root the degree is that of its power; the field counts the orders of roots."""
    a, b = inside
    value = number_value(node.arguments[1])
    k = exponent if value is None else ceil(abs(Fraction(value)))
    positive = k * a, k * b
    entries = _entries(node, sizes)  # of a reciprocal each has its own denominator
    negative = k * (b + (entries - 1) * a), k * entries * a
    if value is None:
        return max(positive[0], negative[0]), max(positive[1], negative[1])
    return positive if value > 0 else negative


def _entries(node: Expression, sizes: Mapping[str, int]) -> int:
    return node.rows.at(sizes) * node.columns.at(sizes)


def of_difference(left: Degrees, right: Degrees) -> Degrees:
    """The degrees of left - right."""
    return max(left[0] + right[1], right[0] + left[1]), left[1] + right[1]
