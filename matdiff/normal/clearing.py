"""Fractions within fractions cleared: a(1 + q/a) = a + q, (I + Q/a)^-1/a = (a I + Q)^-1, and
terms put over one denominator, 1 - x⊘u = (u - x)⊘u.

A normal form keeps a monomial and a sum in it apart; here a factor is multiplied into a sum beside
it that divides by it, where that is shorter.
"""

from __future__ import annotations

from matdiff.normal.core import build, entrywise, exact, plus, scaled, split
from matdiff.normal.monomials import base_and_exponent
from matdiff.normal.signs import entrywise_factors
from matdiff.operations.algebra import (
    ADD,
    HADAMARD,
    MULTIPLY,
    NUMBER,
    TRANSPOSE,
    Expression,
    Rational,
    number,
    number_value,
)
from matdiff.operations.elementwise import POWER
from matdiff.operations.linear import DIAG, DIAGONAL, KRONECKER, VEC
from matdiff.operations.nonlinear import INVERSE
from matdiff.rendering.length import length

MOST_TERMS = 8  # of a sum that is put over one denominator
# what a scalar passes on its way to a sum
THROUGH = (MULTIPLY, HADAMARD, KRONECKER, DIAG, DIAGONAL, VEC, TRANSPOSE)


def cleared(monomial: Expression) -> Expression:
    """A product of scalars, or entry by entry, with what a sum in it divides by multiplied into
    that sum: a(1 + q/a) = a + q and (1 - x/u)/u = (u - x)/u^2."""
    for factor in monomial.arguments:
        total, exponent = base_and_exponent(factor)
        e = number_value(exponent)
        if total.operation is not ADD or not isinstance(e, int):
            continue
        rest = [f for f in monomial.arguments if f is not factor]
        for s, least in _divisors(total).items():
            inside = plus(_opened(_joined([t, _raised(s, -least)])) for t in total.arguments)
            shorter = _joined([build(POWER, inside, exponent), _raised(s, least * e), *rest])
            if length(shorter) < length(monomial):
                return shorter
    return monomial


def _raised(base: Expression, exponent: Rational) -> Expression:
    return build(POWER, base, number(exact(exponent)))


def cleared_within(multiple: Expression) -> Expression:
    """s M with powers in the scalar s multiplied into the sums and inverse sums that are factors of
    the matrix M and have terms divided by them: X'(y⊘(1 + z/a))/a = X'(y⊘(a 1 + z))."""
    scalar, body = multiple.arguments
    factors = entrywise_factors(scalar)
    for factor in factors:
        s, power = base_and_exponent(factor)
        k = number_value(power)
        if not isinstance(k, int) or s.operation is NUMBER:
            continue
        for path in _paths_to_sums(body):
            shorter = _cleared_at(path, s, k)
            if shorter is not None:
                others = entrywise(*(f for f in factors if f is not factor), shorter[0])
                whole = scaled(others, shorter[1])
                if length(whole) < length(multiple):
                    return whole
    return multiple


Path = tuple[tuple[Expression, int], ...]  # nodes from the outside, each with the argument taken


def _paths_to_sums(body: Expression) -> list[tuple[Expression, Path]]:
    """The sums, inverses and powers of sums that are factors, with the way to each."""
    found = []
    paths: list[tuple[Expression, Path]] = [(body, ())]
    for node, path in paths:  # grows while it is walked
        if node.operation in (ADD, INVERSE, POWER):
            found.append((node, path))
        elif node.operation in THROUGH:
            paths += [(a, (*path, (node, i))) for i, a in enumerate(node.arguments)]
    return found


def _cleared_at(
    place: tuple[Expression, Path], s: Expression, k: int
) -> tuple[Expression, Expression] | None:
    """What is left of s^k, and the body with the rest multiplied into the sum at the place."""
    node, path = place
    total, e = (node, 1) if node.operation is ADD else (node.arguments[0], -1)
    if node.operation is POWER:
        exponent = number_value(node.arguments[1])
        if not isinstance(exponent, int):
            return None
        e = exponent
    by = _divisor(s, total) if total.operation is ADD else 0
    if not by or k * e <= 0 or abs(by * e) > abs(k):
        return None
    new = plus(scaled(_raised(s, by), term) for term in total.arguments)
    if node.operation is INVERSE:
        new = build(INVERSE, new)
    elif node.operation is POWER:
        new = build(POWER, new, node.arguments[1])
    for outer, at in reversed(path):
        inside = (*outer.arguments[:at], new, *outer.arguments[at + 1 :])
        new = build(outer.operation, *inside)
    return _raised(s, k - by * e), new


def _divisor(s: Expression, total: Expression) -> int:
    """The greatest whole power of s that a term of the sum is divided by."""
    powers = [0]
    for term in total.arguments:
        for factor in entrywise_factors(split(term)[1]):
            base, exponent = base_and_exponent(factor)
            value = number_value(exponent)
            if base is s and isinstance(value, int) and value < 0:
                powers.append(-value)
    return max(powers)


def over_one_denominator(total: Expression) -> Expression:
    """A sum of quotients, entry by entry or by scalars, as one quotient where that is shorter."""
    if len(total.arguments) > MOST_TERMS:
        return total
    divisors = _divisors(total)
    best = total
    choices = [divisors] if len(divisors) > 1 else []
    for chosen in [*choices, *({base: e} for base, e in divisors.items())]:
        above = [_raised(base, -e) for base, e in chosen.items()]
        below = [_raised(base, e) for base, e in chosen.items()]
        numerator = plus(_opened(_joined([term, *above])) for term in total.arguments)
        quotient = _joined([numerator, *below])
        if length(quotient) < length(best):
            best = quotient
    return best


def _divisors(total: Expression) -> dict[Expression, Rational]:
    """What terms divide by, each with its lowest exponent; from that the others differ by whole
    numbers."""
    bases: dict[Expression, list[Rational]] = {}
    for term in total.arguments:
        for factor in entrywise_factors(term):
            base, exponent = base_and_exponent(factor)
            value = number_value(exponent)
            if value is not None and base.operation is not NUMBER:
                bases.setdefault(base, []).append(value)
    lowest: dict[Expression, Rational] = {}
    for base, exponents in bases.items():
        if len(exponents) < len(total.arguments):
            exponents.append(0)
        least = min(exponents)
        if least < 0 and all(isinstance(exact(e - least), int) for e in exponents):
            lowest[base] = least
    return lowest


def _opened(monomial: Expression) -> Expression:
    """A monomial with one sum that is a factor multiplied out, so that terms may cancel."""
    factors = entrywise_factors(monomial)
    whole = next((f for f in factors if f.operation is ADD), None)
    if whole is None:
        return monomial
    others = [f for f in factors if f is not whole]
    return plus(_joined([part, *others]) for part in whole.arguments)


def _joined(factors: list[Expression]) -> Expression:
    """The product of scalars and, entry by entry, of matrices of one shape."""
    matrices = [f for f in factors if not f.is_scalar]
    scalars = [f for f in factors if f.is_scalar]
    if not matrices:
        return entrywise(*scalars)
    return scaled(entrywise(number(1), *scalars), entrywise(*matrices))
