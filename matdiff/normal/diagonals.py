"""Diagonal matrices commute, so a run of them in a product has one order.

D E D⁻¹ = E and E diag(x) D diag(y) = diag(x∘y) D E.
"""

from __future__ import annotations

from itertools import groupby

from matdiff.normal.core import build, entrywise, key
from matdiff.normal.properties import has
from matdiff.operations.algebra import Expression
from matdiff.operations.linear import DIAG
from matdiff.operations.nonlinear import INVERSE


def sorted_diagonals(chain: list[Expression]) -> list[Expression]:
    """The factors of a product with each run of diagonal matrices in order: diag(x) in front,
    the others by name, a matrix and its inverse cancelled.  Shorter if some cancelled."""
    if len(chain) < 2:
        return chain
    ordered: list[Expression] = []
    for diagonal, run in groupby(chain, key=lambda factor: has(factor, "diagonal")):
        factors = list(run)
        ordered += _in_order(factors) if diagonal and len(factors) > 1 else factors
    return ordered


def _in_order(run: list[Expression]) -> list[Expression]:
    columns = [factor.arguments[0] for factor in run if factor.operation is DIAG]
    exponents: dict[Expression, int] = {}
    for factor in run:
        if factor.operation is INVERSE:
            base = factor.arguments[0]
            exponents[base] = exponents.get(base, 0) - 1
        elif factor.operation is not DIAG:
            exponents[factor] = exponents.get(factor, 0) + 1
    front = [build(DIAG, entrywise(*columns))] if columns else []
    return front + [
        base if exponent > 0 else build(INVERSE, base)
        for base, exponent in sorted(exponents.items(), key=lambda item: key(item[0]))
        for _ in range(abs(exponent))
    ]
