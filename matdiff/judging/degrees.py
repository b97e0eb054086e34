"""Bounds on the degree of what an expression computes, for the error of an exact test.

Every entry of a value is a polynomial in the entries of the variables over a common denominator;
`degrees` bounds both.  A function of which only random values are known counts as a new variable.
Source: Schwartz 1980, Zippel 1979; Cramer's rule for inverses.
"""

from __future__ import annotations

from collections.abc import Mapping

from matdiff.operations.algebra import ADD, NUMBER, SYMBOL, Expression, number_value
from matdiff.operations.blocks import ABOVE, BESIDE
from matdiff.operations.elementwise import POWER
from matdiff.operations.nonlinear import DET, INVERSE, PSEUDOINVERSE

Degrees = tuple[int, int]  # of numerator and denominator
LARGEST_EXPONENT = 1000
OF_A_SYMBOL = 2  # a random square is of degree two


def degrees(order: list[Expression], sizes: Mapping[str, int]) -> dict[Expression, Degrees]:
    """The degrees of each node of a postorder without definitions."""
    found: dict[Expression, Degrees] = {}
    for node in order:
        found[node] = _degrees(node, [found[a] for a in node.arguments], sizes)
    return found


def _degrees(node: Expression, inside: list[Degrees], sizes: Mapping[str, int]) -> Degrees:
    operation = node.operation
    if operation is SYMBOL:
        n = max(side.at(sizes) for side in node.shape)
        return (n, n) if "orthogonal" in node.parameters[3:] else (OF_A_SYMBOL, 0)
    if operation is NUMBER or not inside:
        return 0, 0
    if operation in (ADD, BESIDE, ABOVE):  # each entry is one of them, or their sum
        below = sum(b for _, b in inside)
        return max(a + below - b for a, b in inside), below
    if operation in (INVERSE, DET):
        a, b = inside[0]
        n = node.arguments[0].rows.at(sizes)
        return (n * b, n * a) if operation is DET else (b + n * a, n * a)
    if operation is PSEUDOINVERSE:
        a, b = inside[0]
        n = max(side.at(sizes) for side in node.shape)
        return 2 * b + 2 * n * a + a, 2 * n * a + b
    if operation is POWER:
        return _power(node, inside[0], sizes)
    if operation.multilinear:
        return sum(a for a, _ in inside), sum(b for _, b in inside)
    return 2, 2  # a random value, or the quotient of two


def _power(node: Expression, inside: Degrees, sizes: Mapping[str, int]) -> Degrees:
    a, b = inside
    exponent = number_value(node.arguments[1])
    k = LARGEST_EXPONENT if exponent is None else abs(int(exponent)) + 1
    if exponent is not None and exponent > 0:
        return k * a, k * b
    entries = node.rows.at(sizes) * node.columns.at(sizes)  # each entry has its own denominator
    return k * (b + entries * a), k * entries * a


def of_difference(left: Degrees, right: Degrees) -> Degrees:
    """The degrees of left - right."""
    return max(left[0] + right[1], right[0] + left[1]), left[1] + right[1]
