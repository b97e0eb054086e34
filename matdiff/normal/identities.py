"""What factors of a Hadamard monomial become together: |z| sign(z) = z, exp(z)/(1 + exp(z)) = σ(z).

A monomial is given as {base: exponent}; the functions change that.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor

from matdiff.normal.core import build, plus, scaled
from matdiff.operations.algebra import (
    ADD,
    INNER,
    NUMBER_ONE,
    ZERO,
    Expression,
    Rational,
    is_ones,
    is_zero,
    number,
    number_value,
    ones,
)
from matdiff.operations.elementwise import (
    ABS,
    COS,
    COSH,
    EXP,
    RELU,
    SIGMOID,
    SIGN,
    SIN,
    SINH,
    STEP,
    TAN,
    TANH,
)
from matdiff.operations.matrix_functions import HALF_OF_ONE
from matdiff.operations.nonlinear import NORM

QUOTIENTS = {SIN: (COS, TAN), SINH: (COSH, TANH)}


def simplified(exponents: dict[Expression, Expression]) -> dict[Expression, Expression]:
    """exp(z)/(1 + exp(z)) = σ(z), 1/(1 + exp(z)) = 1 - σ(z), x'x/‖x‖ = ‖x‖, where they occur."""
    for base in list(exponents):
        value = number_value(exponents.get(base, ZERO))
        if value == 0:  # gone into another factor
            continue
        if base.operation is NORM:
            square = build(INNER, base.arguments[0], base.arguments[0])
            _raise(exponents, base, 2 * int(number_value(exponents.pop(square, ZERO)) or 0))
            continue
        if base.operation is ABS and isinstance(value, int) and value % 2 == 0:
            del exponents[base]
            _raise(exponents, base.arguments[0], value)
            continue
        if base.operation is SIGN and isinstance(value, int):
            del exponents[base]
            if value % 2:
                _signed(exponents, base)
            continue
        if base.operation in QUOTIENTS and isinstance(value, int):
            _quotient(exponents, base, value)
            continue
        if base.operation is STEP and isinstance(value, int) and value > 0:
            exponents[base] = NUMBER_ONE  # 0 or 1, and 1 where relu is not 0
            if (number_value(exponents.get(build(RELU, base.arguments[0]), ZERO)) or 0) > 0:
                del exponents[base]
            continue
        z = one_plus_exp(base)
        if z is None or not isinstance(value, int) or value >= 0:
            continue
        del exponents[base]
        e = build(EXP, z)
        numerator = number_value(exponents.get(e, number(0)))
        ups = min(-value, numerator) if isinstance(numerator, int) and numerator > 0 else 0
        s = build(SIGMOID, z)
        complement = plus((ones(*s.shape), scaled(-1, s)))
        for factor, count in ((s, ups), (complement, -value - ups)):
            _raise(exponents, factor, count)
        _raise(exponents, e, -ups)
    return exponents


def _signed(exponents: dict[Expression, Expression], sign: Expression) -> None:
    """|z| sign(z) = z, z^2 sign(z) = z |z| and sign(z)/|z| = 1/z, away from the kink."""
    (z,) = sign.arguments
    size = build(ABS, z)
    of_size = number_value(exponents.get(size, ZERO))
    if not isinstance(of_size, int):
        exponents[sign] = NUMBER_ONE
        return
    _raise(exponents, size, -of_size)
    _raise(exponents, z, of_size)
    if of_size % 2:
        return
    power_of_z = number_value(exponents.get(z, ZERO))
    if isinstance(power_of_z, int) and power_of_z > 0 and power_of_z % 2 == 0:
        _raise(exponents, z, -1)
        _raise(exponents, size, 1)
    else:
        exponents[sign] = NUMBER_ONE


def _quotient(exponents: dict[Expression, Expression], numerator: Expression, up: int) -> None:
    """sinh z/cosh z = tanh z and sin z/cos z = tan z, as often as both stand there."""
    divisor_of, quotient = QUOTIENTS[numerator.operation]
    divisor = build(divisor_of, numerator.arguments[0])
    down = number_value(exponents.get(divisor, ZERO))
    if isinstance(down, int) and up * down < 0:
        count = min(abs(up), abs(down)) * (1 if up > 0 else -1)
        _raise(exponents, numerator, -count)
        _raise(exponents, divisor, count)
        _raise(exponents, build(quotient, numerator.arguments[0]), count)


def _raise(exponents: dict[Expression, Expression], base: Expression, by: int) -> None:
    if by:
        total = plus((exponents.get(base, number(0)), number(by)))
        exponents.pop(base, None)
        if not is_zero(total):
            exponents[base] = total


def one_plus_exp(node: Expression) -> Expression | None:
    """z if the node is 1 + exp(z)."""
    if node.operation is ADD and len(node.arguments) == 2:
        a, b = node.arguments
        if is_ones(b):
            a, b = b, a
        if is_ones(a) and b.operation is EXP:
            return b.arguments[0]
    return None


def rooted(coefficient: Rational, exponents: dict[Expression, Expression]) -> Rational:
    """The coefficient, with roots of numbers made one of n^½ and n^-½: 2/√2 = √2, √2/2 = 1/√2."""
    for base, exponent in exponents.items():
        n, e = number_value(base), number_value(exponent)
        if isinstance(n, int) and n > 1 and e is not None and Fraction(e).denominator == 2:
            coefficient = Fraction(coefficient) * Fraction(n) ** floor(e)
            below = coefficient.denominator % n == 0
            coefficient *= n if below else 1
            exponents[base] = number(-HALF_OF_ONE if below else HALF_OF_ONE)
    return coefficient
