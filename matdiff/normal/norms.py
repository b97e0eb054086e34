"""The 2-norm and the sum of absolute values in normal form.

Both are blind to signs and transposes; the 2-norm does not see orthogonal factors, ‖Q A‖ = ‖A‖, and
of what is not negative the sum of absolute values is the sum.
"""

from __future__ import annotations

from matdiff.dimensions import ONE
from matdiff.normal.core import build, entrywise, flip, normal, scaled, split, times
from matdiff.normal.inverses import fewest_transposes
from matdiff.normal.properties import has
from matdiff.normal.signs import magnitude_of
from matdiff.normal.sizes import size_of
from matdiff.operations.algebra import ADD, HALF, MULTIPLY, Expression, is_zero, make, number
from matdiff.operations.elementwise import ABS, POWER
from matdiff.operations.linear import TOTAL
from matdiff.operations.nonlinear import NORM, NORM1, norm


@normal(NORM)
def norm_of(arguments: tuple[Expression, ...]) -> Expression:
    """‖X‖: blind to signs and transposes."""
    (X,) = arguments
    if X.is_scalar:
        return build(ABS, X)
    if is_zero(X):
        return number(0)
    scalar, rest = magnitude_of(X)
    if rest is not X:
        return entrywise(scalar, norm_of((rest,)))
    if has(X, "orthogonal"):
        return build(POWER, size_of(X.rows), HALF)
    if X.operation is MULTIPLY and (ends := _not_orthogonal(X.arguments)) != X.arguments:
        return norm_of((times(*ends),))
    return norm(_either(X))


def _not_orthogonal(chain: tuple[Expression, ...]) -> tuple[Expression, ...]:
    """The product without orthogonal matrices at its ends: ‖Q A‖ = ‖A‖ = ‖A Q‖."""
    while len(chain) > 1 and has(chain[0], "orthogonal"):
        chain = chain[1:]
    while len(chain) > 1 and has(chain[-1], "orthogonal"):
        chain = chain[:-1]
    return chain


@normal(NORM1)
def norm1_of(arguments: tuple[Expression, ...]) -> Expression:
    """The sum of absolute values: blind to signs and transposes."""
    (X,) = arguments
    if X.is_scalar:
        return build(ABS, X)
    if has(X, "nonnegative"):
        return build(TOTAL, X)
    scalar, rest = magnitude_of(X)
    if rest is not X:
        return entrywise(scalar, norm1_of((rest,)))
    return make(NORM1, (_either(X),), (ONE, ONE))


def _either(X: Expression) -> Expression:
    """X, -X, X' or -X', the same for all four."""
    return min(unsigned(X), unsigned(flip(X)), key=fewest_transposes)


def unsigned(X: Expression) -> Expression:
    """X or -X, the same for both."""
    first = X.arguments[0] if X.operation is ADD else X
    return scaled(-1, X) if split(first)[0] < 0 else X
