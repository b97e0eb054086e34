"""Fractions within fractions cleared: a(1 + q/a) = a + q, in the scalars of a formula.

A normal form keeps a monomial and a sum in it apart; here a factor is multiplied into a sum beside
it that divides by it, where that is shorter.
"""

from __future__ import annotations

from matdiff.normal.core import build, entrywise, plus, split
from matdiff.normal.monomials import base_and_exponent
from matdiff.operations.algebra import ADD, HADAMARD, Expression, number, number_value
from matdiff.operations.elementwise import POWER
from matdiff.rendering.length import length


def cleared(monomial: Expression) -> Expression:
    """A product of scalars with its factors multiplied into the sums that divide by them."""
    for factor in monomial.arguments:
        total, exponent = base_and_exponent(factor)
        e = number_value(exponent)
        if total.operation is not ADD or not isinstance(e, int):
            continue
        for other in monomial.arguments:
            s, power = base_and_exponent(other)
            k = number_value(power)
            if isinstance(k, int) and k * e > 0 and _divides(s, total):
                joint = build(POWER, plus(entrywise(s, term) for term in total.arguments), exponent)
                left = build(POWER, s, number(k - e))
                rest = (f for f in monomial.arguments if f is not factor and f is not other)
                shorter = entrywise(joint, left, *rest)
                if length(shorter) < length(monomial):
                    return shorter
    return monomial


def _divides(s: Expression, total: Expression) -> bool:
    """Whether a term of the sum is divided by s."""
    for term in total.arguments:
        rest = split(term)[1]
        for factor in rest.arguments if rest.operation is HADAMARD else (rest,):
            base, exponent = base_and_exponent(factor)
            value = number_value(exponent)
            if base is s and value is not None and value < 0:
                return True
    return False
