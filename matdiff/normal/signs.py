"""What a known sign gives: |P| = P, sign(P) = 1, relu(P∘X) = P∘relu(X), √(P.^2) = P.

A factor that is known to be positive leaves abs, sign, relu, step and norms; a power of a power
is one power where no sign is lost; a logarithm is taken of the factors that have a short one.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import isqrt

from matdiff.normal.core import (
    build,
    entrywise,
    exact,
    leading_sign,
    magnitude,
    negative,
    normal,
    plus,
    scaled,
)
from matdiff.normal.properties import has
from matdiff.operations.algebra import (
    HADAMARD,
    MINUS_ONE,
    NUMBER_ONE,
    SCALE,
    Expression,
    Rational,
    apply,
    identity,
    is_zero,
    number,
    number_value,
    ones,
    zeros,
)
from matdiff.operations.elementwise import ABS, EXP, LOG, POWER, RELU, SIGMOID, SIGN, STEP
from matdiff.operations.nonlinear import SOFTMAX

WITH_A_SHORT_LOGARITHM = (EXP, SIGMOID, SOFTMAX)  # all of them positive


@normal(ABS)
def abs_of(arguments: tuple[Expression, ...]) -> Expression:
    """|X|"""
    (X,) = arguments
    if has(X, "nonnegative"):
        return X
    if X.is_scalar and has(X, "orthogonal"):
        return NUMBER_ONE
    P, R = parted(X, "nonnegative")
    if P is not NUMBER_ONE:
        return _entrywise(P, abs_of((R,)))
    return abs_of((negative(X),)) if leading_sign(X) < 0 else apply(ABS, X)


@normal(SIGN)
def sign_of(arguments: tuple[Expression, ...]) -> Expression:
    """The sign of each entry."""
    (X,) = arguments
    if is_zero(X):
        return X
    if has(X, "positive"):
        return ones(*X.shape)
    if has(X, "diagonal", "positive diagonal"):
        return identity(X.rows)
    P, R = parted(X, "positive")
    if P is not NUMBER_ONE:
        return _spread(sign_of((R,)), X)
    return negative(sign_of((negative(X),))) if leading_sign(X) < 0 else apply(SIGN, X)


@normal(RELU)
def relu_of(arguments: tuple[Expression, ...]) -> Expression:
    """max(X, 0)"""
    (X,) = arguments
    if has(X, "nonnegative"):
        return X
    if leading_sign(X) < 0 and has(negative(X), "nonnegative"):
        return zeros(*X.shape)
    P, R = parted(X, "nonnegative")
    return apply(RELU, X) if P is NUMBER_ONE else _entrywise(P, relu_of((R,)))


@normal(STEP)
def step_of(arguments: tuple[Expression, ...]) -> Expression:
    """1 where X > 0, 0 where X < 0"""
    (X,) = arguments
    if has(X, "positive"):
        return ones(*X.shape)
    if leading_sign(X) < 0 and has(negative(X), "positive"):
        return zeros(*X.shape)
    P, R = parted(X, "positive")
    return apply(STEP, X) if P is NUMBER_ONE else _spread(step_of((R,)), X)


def magnitude_of(X: Expression) -> tuple[Expression, Expression]:
    """(s, R) with ‖X‖ = s‖R‖ and s a scalar >= 0, as far as signs are known."""
    if X.operation is not SCALE:
        return NUMBER_ONE, X
    s, body = X.arguments
    P, R = parted(s, "nonnegative")
    if number_value(R) == -1 or has(R, "orthogonal"):
        R = NUMBER_ONE
    return P, scaled(R, body)


def parted(X: Expression, name: str) -> tuple[Expression, Expression]:
    """P and R with X = P∘R, where P is the product of the entrywise factors that have the
    property, numbers without their sign among them.  Each is 1×1 where all its factors are."""
    known: list[Expression] = []
    rest: list[Expression] = []
    for factor in entrywise_factors(X):
        value = number_value(factor)
        if value is None:
            (known if has(factor, name) else rest).append(factor)
        else:
            known.append(number(magnitude(value)))
            rest += [MINUS_ONE] if value < 0 else []
    return _product(known), _product(rest)


def entrywise_factors(X: Expression) -> list[Expression]:
    """The factors, scalars and matrices, of a monomial."""
    found: list[Expression] = []
    stack = [X]
    while stack:
        factor = stack.pop()
        if factor.operation in (SCALE, HADAMARD):
            stack.extend(reversed(factor.arguments))
        else:
            found.append(factor)
    return found


def _product(factors: Iterable[Expression]) -> Expression:
    scalars: list[Expression] = []
    matrices: list[Expression] = []
    for factor in factors:
        (scalars if factor.is_scalar else matrices).append(factor)
    scalar = entrywise(NUMBER_ONE, *scalars)
    return scaled(scalar, entrywise(*matrices)) if matrices else scalar


def _entrywise(P: Expression, R: Expression) -> Expression:
    return _product((P, R))


def _spread(value: Expression, X: Expression) -> Expression:
    """A matrix of the shape of X: the value, or that in each entry if it is a scalar."""
    return scaled(value, ones(*X.shape)) if value.is_scalar else value


# -- powers and logarithms -----------------------------------------------------------------------


def known_power(X: Expression, a: Expression) -> Expression | None:
    """X.^a where what is known of X makes it simpler."""
    exponent = number_value(a)
    if X.operation is POWER and _joins(X, exponent):
        return build(POWER, X.arguments[0], entrywise(X.arguments[1], a))
    if exponent is None:
        return None
    if exponent > 0 and has(X, "binary"):
        return X
    if X.operation is ABS and isinstance(exponent, int) and exponent % 2 == 0:
        return build(POWER, X.arguments[0], a)
    if not isinstance(exponent, int):
        return _root_of_factors(X, exponent)
    if X.is_scalar and has(X, "orthogonal"):
        return X if exponent % 2 else NUMBER_ONE
    return None


def _joins(inner: Expression, exponent: Rational | None) -> bool:
    """Whether (x^a)^b = x^(ab): for x > 0, and for numbers wherever x >= 0 is known or follows
    from the existence of one of the powers."""
    x, a = inner.arguments
    if has(x, "positive"):
        return True
    inside = number_value(a)
    if inside is None or exponent is None:
        return False
    even = isinstance(inside, int) and inside % 2 == 0
    return not even or has(x, "nonnegative")


def _root_of_factors(X: Expression, exponent: Rational) -> Expression | None:
    """X.^a for a fraction a, with the factors in front whose own power becomes an integer."""
    outside: list[Expression] = []
    inside: list[Expression] = []
    for factor in entrywise_factors(X):
        taken = _root(factor, exponent)
        (inside if taken is None else outside).append(factor if taken is None else taken)
    if not outside or not inside:
        return None
    rest = build(POWER, _product(inside), number(exponent))
    return _product((*outside, rest))


def _root(factor: Expression, exponent: Rational) -> Expression | None:
    """The power of a factor >= 0 if it has no root left in it."""
    value = number_value(factor)
    if value is not None:
        return _root_of_number(value, exponent)
    if factor.operation is not POWER or not has(factor.arguments[0], "nonnegative"):
        return None
    inside = number_value(factor.arguments[1])
    joint = None if inside is None else exact(Fraction(inside) * exponent)
    return build(POWER, factor.arguments[0], number(joint)) if isinstance(joint, int) else None


def _root_of_number(value: Rational, exponent: Rational) -> Expression | None:
    fraction = Fraction(value)
    if fraction <= 0 or Fraction(exponent).denominator != 2:
        return None
    above, below = isqrt(fraction.numerator), isqrt(fraction.denominator)
    if Fraction(above**2, below**2) != fraction:
        return None
    return number(Fraction(above, below) ** Fraction(exponent).numerator)


def known_logarithm(X: Expression) -> Expression | None:
    """log X where X is a power, or has factors with a short logarithm."""
    if X.operation is POWER:
        x, a = X.arguments
        value = number_value(a)
        even = isinstance(value, int) and value % 2 == 0
        if has(x, "positive") or (value is not None and (not even or has(x, "nonnegative"))):
            return scaled(a, build(LOG, x))
        return None
    factors = entrywise_factors(X)
    short = [f for f in factors if f.operation in WITH_A_SHORT_LOGARITHM and f.shape == X.shape]
    rest = _product(f for f in factors if f not in short)
    if not short or len(factors) == 1 or rest.shape != X.shape:
        return None
    return plus([*(build(LOG, f) for f in short), build(LOG, rest)])
