"""Sums, scalar factors, Hadamard products and powers in numpy: operators on whole arrays.

Numbers are multiplied out beforehand, a negative power divides, and a matrix of ones beside other
terms is the number one, which numpy adds to every entry.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction

from matdiff.operations.algebra import (
    NUMBER,
    NUMBER_ONE,
    ONES,
    SCALE,
    Expression,
    Rational,
    number_value,
)
from matdiff.rendering.numpy_plans import Body, Plan, flat, literal, raised
from matdiff.rendering.numpy_values import ATOM, POWER, PRODUCT, SUM, Code, negative, over, times
from matdiff.rendering.powers import base_and_exponent, exponent_value, scalar_factors


def add(node: Expression, shared: Collection[Expression]) -> Plan:
    """A sum; a term with a minus in front is subtracted."""
    terms = flat(node, shared)
    if not all(map(_is_constant, terms)):
        terms = [_broadcast(term) for term in terms]
    signs, needs = [], []
    for term in terms:
        minus = term.operation is SCALE and number_value(term.arguments[0]) == -1
        signs.append(" - " if minus and term not in shared else " + ")
        needs.append(term.arguments[1] if signs[-1] == " - " else term)

    def build(body: Body, codes: Sequence[Code]) -> Code:
        total = negative(codes[0]) if signs[0] == " - " else codes[0]
        for sign, code in zip(signs[1:], codes[1:], strict=True):
            total = Code(f"{total.at(SUM)}{sign}{code.at(PRODUCT)}", SUM)
            total = body.shorten(total)
        return total

    return Plan(needs, build)


def _is_constant(term: Expression) -> bool:
    """Whether all entries of a matrix are one number."""
    return term.operation is ONES or (
        term.operation is SCALE and term.arguments[1].operation is ONES
    )


def _broadcast(term: Expression) -> Expression:
    if not _is_constant(term):
        return term
    return NUMBER_ONE if term.operation is ONES else term.arguments[0]


def multiply_entries(node: Expression, shared: Collection[Expression]) -> Plan:
    """Elementwise factors and scalars: what has a negative power is divided by."""
    if node.operation is SCALE:
        scalar, matrix = node.arguments
        factors = [*_scalars(scalar, shared), matrix]
    elif node.is_scalar:
        factors = [s for a in flat(node, shared) for s in _scalars(a, shared)]
    else:
        factors = flat(node, shared)
    coefficient: Rational = 1
    needs: list[Expression] = []
    exponents: list[Rational] = []
    for factor in factors:
        if factor.operation is NUMBER:
            coefficient *= factor.parameters[0]
            continue
        base, exponent = base_and_exponent(factor)
        if exponent > 0 or factor in shared:
            base, exponent = factor, 1
        needs.append(base)
        exponents.append(exponent)

    def build(body: Body, codes: Sequence[Code]) -> Code:
        size = abs(Fraction(coefficient))
        above = [] if size.numerator == 1 else [literal(size.numerator)]
        below = [] if size.denominator == 1 else [literal(size.denominator)]
        for code, exponent in zip(codes, exponents, strict=True):
            if exponent == 1:
                above.append(code)
            else:
                below.append(raised(code, -exponent))
        product = above[0] if above else literal(1)
        for code in above[1:]:
            product = body.shorten(times(product, code))
        for code in below:
            product = body.shorten(over(product, code))
        return negative(product) if coefficient < 0 else product

    return Plan(needs, build)


def _scalars(s: Expression, shared: Collection[Expression]) -> list[Expression]:
    return [s] if s in shared else scalar_factors(s)


def raise_entries(node: Expression, shared: Collection[Expression]) -> Plan:
    """X.^a, by what numpy does fastest for a known exponent."""
    base, exponent = node.arguments
    value = exponent_value(exponent)
    if value is None:
        return Plan(
            node.arguments,
            lambda body, codes: Code(f"{codes[0].at(ATOM)} ** {codes[1].at(ATOM)}", POWER),
        )
    if value < 0:
        return Plan((base,), lambda body, codes: over(literal(1), raised(codes[0], -value)))
    return Plan((base,), lambda body, codes: raised(codes[0], value))
