"""Hadamard monomials and powers in normal form.

A Hadamard product collects equal bases: {base: exponent}; of scalars it is the ordinary monomial,
so s(1-s) and σ∘(1-σ) are one algebra.
"""

from __future__ import annotations

from fractions import Fraction

from matdiff.dimensions import ONE
from matdiff.errors import DomainProblem
from matdiff.normal.core import (
    LONGEST_FLATTENED,
    build,
    entrywise,
    exact,
    flip,
    key,
    normal,
    plus,
    primitive,
    scaled,
    times,
    with_coefficient,
)
from matdiff.normal.hadamard import is_outer, outer_parts, structured
from matdiff.normal.identities import rooted, simplified
from matdiff.normal.signs import known_power
from matdiff.operations.algebra import (
    ADD,
    HADAMARD,
    MULTIPLY,
    NUMBER,
    NUMBER_ONE,
    SCALE,
    Expression,
    Rational,
    is_ones,
    is_zero,
    make,
    number,
    number_value,
    ones,
    zeros,
)
from matdiff.operations.elementwise import (
    EXP,
    POWER,
    power,
)
from matdiff.operations.linear import KRONECKER, TRACE
from matdiff.operations.nonlinear import NORM


@normal(HADAMARD)
def hadamard_of(factors: tuple[Expression, ...]) -> Expression:
    """The elementwise product: flat, equal bases collected, numbers and scalars in front."""
    shape = factors[0].shape
    coefficient: Rational = 1
    scalars: list[Expression] = []
    exponents: dict[Expression, Expression] = {}
    stack = list(reversed(factors))
    while stack:
        factor = stack.pop()
        if factor.operation is NUMBER:
            coefficient *= factor.parameters[0]
        elif _is_short(factor):
            stack.extend(reversed(factor.arguments))
        elif factor.operation is SCALE:
            scalar, body = factor.arguments
            if body.is_scalar:
                stack.extend((body, scalar))
            else:
                scalars.append(scalar)
                stack.append(body)
        elif is_zero(factor):
            return zeros(*shape)
        elif not is_ones(factor):
            base, exponent = base_and_exponent(factor)
            if base.operation is ADD:
                common, base = _primitive_base(base, exponent)
                coefficient *= common
            before = exponents.get(base)
            exponents[base] = exponent if before is None else plus((before, exponent))
    if not coefficient:
        return zeros(*shape)
    kept = simplified({b: a for b, a in exponents.items() if not is_zero(a)})
    coefficient = rooted(coefficient, kept)
    body = ones(*shape)
    if shape == (ONE, ONE):
        parts = [build(POWER, base, exponent) for base, exponent in kept.items()]
        if any(part.operation in (SCALE, NUMBER) or _is_short(part) for part in parts):
            return entrywise(number(exact(coefficient)), *parts)  # a power that came apart
        if parts:
            parts.sort(key=key)
            body = make(HADAMARD, tuple(parts), shape) if len(parts) > 1 else parts[0]
        return with_coefficient(exact(coefficient), body)
    parts = [build(POWER, base, exponent) for base, exponent in kept.items()]
    if any(part.operation is SCALE or _is_short(part) for part in parts):
        return entrywise(
            scaled(entrywise(number(exact(coefficient)), *scalars), parts[0]), *parts[1:]
        )
    parts.sort(key=key)
    if parts:
        body = structured(parts)
    return scaled(entrywise(number(exact(coefficient)), *scalars), body)


def _is_short(factor: Expression) -> bool:
    """Whether it is a product whose factors are taken one by one."""
    return factor.operation is HADAMARD and len(factor.arguments) <= LONGEST_FLATTENED


def _primitive_base(base: Expression, exponent: Expression) -> tuple[Rational, Expression]:
    """The number that leaves a sum raised to an integer power, and what is left of the sum."""
    power_value = number_value(exponent)
    if not isinstance(power_value, int):
        return 1, base
    common, rest = primitive(base)
    return exact(Fraction(common) ** power_value), rest


def base_and_exponent(factor: Expression) -> tuple[Expression, Expression]:
    """X.^a as (X, a)."""
    if factor.operation is POWER:
        return factor.arguments[0], factor.arguments[1]
    return factor, NUMBER_ONE


@normal(POWER)
def power_of(arguments: tuple[Expression, ...]) -> Expression:
    """X.^a: integer powers of products and coefficients multiplied out."""
    X, a = arguments
    exponent = number_value(a)
    if exponent is None:
        return known_power(X, a) or power(X, a)
    if exponent == 0:
        return ones(*X.shape)
    if exponent == 1 or is_ones(X):
        return X
    if is_zero(X):
        if exponent < 0:
            raise DomainProblem("division by zero: what is divided by vanishes", code="MX254")
        return X
    if X.operation is SCALE and is_ones(X.arguments[1]):
        return scaled(build(POWER, X.arguments[0], a), X.arguments[1])
    simpler = known_power(X, a)
    if simpler is not None:
        return simpler
    if X.operation is EXP and exponent == -1:
        return build(EXP, scaled(-1, X.arguments[0]))
    if isinstance(exponent, int):
        if X.operation is ADD and (common := _primitive_base(X, a))[1] is not X:
            return scaled(common[0], power(common[1], a))
        if X.operation is SCALE:
            s, body = X.arguments
            return scaled(build(POWER, s, a), build(POWER, body, a))
        if X.operation is HADAMARD:
            return entrywise(*(build(POWER, factor, a) for factor in X.arguments))
        if X.operation is KRONECKER:
            return build(KRONECKER, *(build(POWER, factor, a) for factor in X.arguments))
        if X.operation is POWER:
            return build(POWER, X.arguments[0], entrywise(X.arguments[1], a))
        if X.operation is MULTIPLY and is_outer(X) and not X.is_scalar:
            u, v = outer_parts(X)
            return times(build(POWER, u, a), flip(build(POWER, v, a)))
    if Fraction(exponent).denominator == 2 and (A := _squared(X)) is not None:
        return build(POWER, build(NORM, A), number(int(2 * exponent)))
    return power(X, a)


def _squared(X: Expression) -> Expression | None:
    """A if the scalar is tr(A A'), the square of ‖A‖."""
    if X.operation is TRACE and X.arguments[0].operation is MULTIPLY:
        A, *others = X.arguments[0].arguments
        if others == [flip(A)]:
            return A
    return None
