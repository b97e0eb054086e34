"""Powers: of scalars, of entries, and of square factors that stand side by side in a product."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from matdiff.dimensions import ONE
from matdiff.limits import POWER as LARGEST_POWER
from matdiff.operations.algebra import HADAMARD, SCALE, Expression, Rational, number_value
from matdiff.operations.elementwise import POWER, SQRT
from matdiff.operations.nonlinear import INVERSE
from matdiff.rendering.forms import Form, Kind, Part, decimal, flatten, integer

LONGEST_BLOCK = 4  # factors that are looked for as the base of a power


def is_scalar_product(node: Expression) -> bool:
    return node.is_scalar and (node.operation is HADAMARD or node.operation is SCALE)


def scalar_factors(s: Expression) -> list[Expression]:
    """The factors of a product of scalars, or the scalar alone."""
    return flatten(s, is_scalar_product) if is_scalar_product(s) else [s]


def exponent_value(node: Expression) -> Rational | None:
    """The number that an exponent is: -1 times 1/2 is one too, as in the inverse of a root."""
    value: Rational = 1
    for factor in scalar_factors(node):
        number_of = number_value(factor)
        if number_of is None:
            return None
        value *= number_of
    return value


def base_and_exponent(factor: Expression) -> tuple[Expression, Rational]:
    """X.^a as (X, a) where a is a number, anything else as its own first power."""
    if factor.operation is POWER:
        exponent = exponent_value(factor.arguments[1])
        if exponent is not None:
            return factor.arguments[0], exponent
    return factor, 1


def runs(factors: Sequence[Expression]) -> list[Part]:
    """The factors of a matrix product, equal square neighbours as powers: X X as X^2, and
    X X'X X' as (X X')^2."""
    parts: list[Part] = []
    start = 0
    while start < len(factors):
        factor = factors[start]
        size, count = _repeated(factors, start)
        block = factors[start : start + size]
        if count == 1:
            parts.append(factor)
        elif size > 1:
            base = Form(Kind.PRODUCT, tuple(block), factors=tuple(f.shape for f in block))
            parts.append(_power(base, count))
        elif factor.operation is INVERSE:
            parts.append(_power(factor.arguments[0], -count))
        else:
            parts.append(_power(factor, count))
        start += size * count
    return parts


def _repeated(factors: Sequence[Expression], start: int) -> tuple[int, int]:
    """The size of the square block that begins here and how often it follows itself."""
    for size in range(1, min(LONGEST_BLOCK, (len(factors) - start) // 2) + 1):
        block = factors[start : start + size]
        if block[0].rows is not block[-1].columns or block[0].rows is ONE:
            continue
        if size > 1 and block.count(block[0]) == size:
            continue
        count = 1
        while (
            count < LARGEST_POWER
            and factors[start + count * size : start + (count + 1) * size] == block
        ):
            count += 1
        if count > 1:
            return size, count
    return 1, 1


def raised(base: Expression, exponent: Rational, kind: Kind = Kind.POWER) -> Part:
    """base^exponent for a positive exponent: the base itself, a root, or a power."""
    if exponent == 1:
        return base
    if exponent == Fraction(1, 2):
        return Form(Kind.CALL, (base,), operation=SQRT)
    return _power(base, exponent, kind)


def reciprocal(base: Expression, exponent: Rational) -> Form:
    """base^-exponent standing alone, of a scalar: 1/x, 1/sqrt(x), x^-2."""
    if exponent in (1, Fraction(1, 2)):
        return Form(Kind.QUOTIENT, (integer(1), raised(base, exponent)))
    return _power(base, -exponent)


def _power(base: Part, exponent: Rational, kind: Kind = Kind.POWER) -> Form:
    return Form(kind, (base, rational(exponent)))


def rational(value: Rational) -> Form:
    """The form of a number: 2, -2, 1/2, -1/2."""
    size = value if value > 0 else -value
    form = decimal(size) or integer(size.numerator)
    if size.denominator != 1 and decimal(size) is None:
        form = Form(Kind.QUOTIENT, (form, integer(size.denominator)))
    return Form(Kind.MINUS, (form,)) if value < 0 else form


def elementwise_power(node: Expression) -> Form:
    """X.^a of a matrix, x^a of a scalar."""
    base, exponent = node.arguments
    value = exponent_value(exponent)
    form: Part
    if node.is_scalar:
        if value is None:
            return Form(Kind.POWER, (base, exponent))
        form = raised(base, value) if value > 0 else reciprocal(base, -value)
    else:
        if value is None:
            return Form(Kind.ELEMENTWISE_POWER, (base, exponent))
        if value > 0:
            form = raised(base, value, Kind.ELEMENTWISE_POWER)
        else:
            form = _power(base, value, Kind.ELEMENTWISE_POWER)
    return form if isinstance(form, Form) else Form(Kind.PRODUCT, (form,))
