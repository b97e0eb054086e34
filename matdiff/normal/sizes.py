"""Sizes as scalars in normal form: a polynomial of single names, so that m n/(m n) is 1."""

from __future__ import annotations

from matdiff.dimensions import Dimension
from matdiff.normal.core import entrywise, plus
from matdiff.operations.algebra import Expression, number
from matdiff.operations.linear import size


def size_of(n: Dimension) -> Expression:
    """A dimension as a scalar in normal form: the sum of its monomials, products of names.

    What is known of sizes only as a product, m n, then meets them one by one."""
    if n.value is not None or n.name is not None:
        return size(n)
    return plus(
        entrywise(number(coefficient), *(size(Dimension.of(name)) for name in names))
        for names, coefficient in n.terms
    )
