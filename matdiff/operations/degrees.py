"""Bounds on the degree of an operation's value, as a rational function of its arguments' entries.

The entries of a value are polynomials over a common denominator; its degrees are that of the
polynomials, at most, and that of the denominator.  A rule in the record of an operation is called
with the node, the degrees of its arguments and the sizes of dimensions.  A multilinear operation
needs none: in each argument it is a sum of products.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matdiff.operations.algebra import Expression

Degrees = tuple[int, int]  # of numerator and denominator
Sizes = Mapping[str, int]
Rule = Callable[["Expression", Sequence[Degrees], Sizes], Degrees]


def of_sum(node: Expression, given: Sequence[Degrees], sizes: Sizes) -> Degrees:
    """Every entry is a sum of the arguments' entries, or one of them."""
    below = sum(b for _, b in given)
    return max(a + below - b for a, b in given), below


def of_product(node: Expression, given: Sequence[Degrees], sizes: Sizes) -> Degrees:
    """Every entry is a sum of products with a factor of each argument."""
    return sum(a for a, _ in given), sum(b for _, b in given)


def of_entries(node: Expression, given: Sequence[Degrees], sizes: Sizes) -> Degrees:
    """Every entry is one of the argument's, or zero."""
    return given[0]


def of_determinant(node: Expression, given: Sequence[Degrees], sizes: Sizes) -> Degrees:
    """det(N/d) = det(N)/d^n."""
    ((a, b),) = given
    n = node.arguments[0].rows.at(sizes)
    return n * a, n * b


def of_inverse(node: Expression, given: Sequence[Degrees], sizes: Sizes) -> Degrees:
    """(N/d)^-1 = d adj(N)/det(N), by Cramer's rule."""
    ((a, b),) = given
    n = node.rows.at(sizes)
    return b + (n - 1) * a, n * a


def of_pseudoinverse(node: Expression, given: Sequence[Degrees], sizes: Sizes) -> Degrees:
    """(N'N)^-1 N' d of a tall matrix N/d of full rank, N'(N N')^-1 d of a wide one."""
    ((a, b),) = given
    n = min(side.at(sizes) for side in node.shape)
    return b + (2 * n - 1) * a, 2 * n * a


def of_variable(node: Expression, given: Sequence[Degrees], sizes: Sizes) -> Degrees:
    """A number that satisfies no equation with rational coefficients: as good as a variable."""
    return 1, 0
