"""Sums, scalar factors, Hadamard products and powers: arithmetic on whole arrays.

Numbers are multiplied out beforehand, a negative power divides, a sum begins with what is not
subtracted, and matrices of ones and diagonal matrices beside other terms are not formed: the one is
broadcast, the other added to the diagonal.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from math import prod

from matdiff.emission import rules
from matdiff.emission.operands import operands
from matdiff.emission.plans import Making, Plan, stored, times
from matdiff.emission.products import chain
from matdiff.emission.values import Kernels, Value, is_number, product_of
from matdiff.operations.algebra import (
    ADD,
    HADAMARD,
    MULTIPLY,
    NUMBER,
    NUMBER_ONE,
    ONES,
    SCALE,
    Expression,
    Rational,
    hadamard,
    is_identity,
    multiply,
    number,
    number_value,
    ones,
    scale,
)
from matdiff.operations.linear import DIAG, KRONECKER, diag
from matdiff.rendering.powers import base_and_exponent, exponent_value, scalar_factors

LARGEST_PRODUCT = 64  # a whole power up to here is a product


# -- sums ----------------------------------------------------------------------------------------


class _Term:
    """A term of a sum: whether it is subtracted, where its value goes, and what is needed of it."""

    __slots__ = ("minus", "need", "place")

    def __init__(self, term: Expression, making: Making) -> None:
        self.minus, self.place, self.need = False, "entries", term
        if term in making.shared or term.is_scalar:
            self.minus, self.need = _sign(term, making)
            return
        self.minus, term = _sign(term, making)
        coefficient, base = _split(term, making)
        self.need = term
        if base in making.shared:
            return
        if is_identity(base) and rules.CONSTANTS in making.rules:
            self.place, self.need = "diagonal", coefficient
        elif base.operation is DIAG and rules.SCALING in making.rules:
            self.place, self.need = "diagonal", times(coefficient, base.arguments[0])
        elif base.operation is ONES and rules.CONSTANTS in making.rules:
            self.need = coefficient
        elif base.operation is MULTIPLY and rules.CONSTANTS in making.rules:
            self._repeat(coefficient, making.flat(base))

    def _repeat(self, coefficient: Expression, factors: Sequence[Expression]) -> None:
        """x 1' and 1 y' are a column and a row repeated."""
        if factors[-1].operation is ONES and factors[-1].shape[0].value == 1:
            rest, self.place = factors[:-1], "column"
        elif factors[0].operation is ONES and factors[0].shape[1].value == 1:
            rest, self.place = factors[1:], "row"
        else:
            return
        column = reduce(multiply, rest)
        if 1 not in (side.value for side in column.shape):
            self.place = "entries"
        else:
            self.need = times(coefficient, column)

    def value(self, kernels: Kernels, found: Value) -> Value:
        if self.place in ("column", "row") and found.rank == 1:
            return kernels.column(found) if self.place == "column" else kernels.row(found)
        return found


def _sign(term: Expression, making: Making) -> tuple[bool, Expression]:
    """Whether a term is subtracted, and what."""
    coefficient, base = _split(term, making)
    if base is term:
        return False, term
    factors = [coefficient] if coefficient in making.shared else scalar_factors(coefficient)
    numbers = [number_value(factor) for factor in factors]
    value = prod(value for value in numbers if value is not None)
    if value >= 0:
        return False, term
    rest = [f for f, value in zip(factors, numbers, strict=True) if value is None]
    if value != -1 or not rest:
        rest.insert(0, number(-value))
    return True, times(reduce(hadamard, rest), base)


def _split(term: Expression, making: Making) -> tuple[Expression, Expression]:
    """A term as its scalar factor and the rest."""
    coefficient = NUMBER_ONE
    while term.operation is SCALE and term not in making.shared:
        scalar, term = term.arguments
        coefficient = scalar if coefficient is NUMBER_ONE else hadamard(coefficient, scalar)
    return coefficient, term


def add(node: Expression, making: Making) -> Plan:
    """A sum; diag(d) and c I beside other terms are added to the diagonal."""
    terms = [_Term(term, making) for term in making.flat(node)]
    dense = [
        (term, each)
        for term, each in zip(making.flat(node), terms, strict=True)
        if each.place == "entries"
    ]
    if all(term.minus for _, term in dense) and rules.SCALARS in making.rules:
        for original, term in dense:
            if len(dense) == 1 or not term.need.is_scalar:
                term.minus, term.need = False, original  # the sign can go to its smallest factor
                break
    kernels, shape = making.kernels, stored(node.shape)

    def build(values: Sequence[Value]) -> Value:
        found = [
            (term.minus, term.place == "diagonal", term.value(kernels, value))
            for term, value in zip(terms, values, strict=True)
        ]
        dense = _total(
            kernels, [(minus, value) for minus, diagonal, value in found if not diagonal]
        )
        on_diagonal = _total(kernels, [(minus, v) for minus, diagonal, v in found if diagonal])
        if dense is None:
            assert on_diagonal is not None
            if on_diagonal.rank == 0:
                on_diagonal = kernels.full(shape[:1], on_diagonal)
            return kernels.embed(on_diagonal)
        if dense.shape != shape:
            dense = kernels.add(dense, kernels.full(shape, kernels.number(0)))
        return dense if on_diagonal is None else kernels.add_diagonal(dense, on_diagonal)

    return Plan([term.need for term in terms], build)


def _total(kernels: Kernels, terms: Sequence[tuple[bool, Value]]) -> Value | None:
    """a + b - c, what is not subtracted first."""
    if not terms:
        return None
    (minus, total), *rest = sorted(terms, key=lambda term: term[0])
    if minus:  # -a - b is -(a + b)
        return kernels.negative(reduce(kernels.add, [value for _, value in rest], total))
    for minus, value in rest:
        total = kernels.subtract(total, value) if minus else kernels.add(total, value)
    return total


# -- products of entries -------------------------------------------------------------------------


def multiply_entries(node: Expression, making: Making) -> Plan:
    """Elementwise factors and scalars; the scalars of a product of matrices go into its chain."""
    if node.operation is SCALE:
        scalar, matrix = node.arguments
        scalars = _scalars(scalar, making)
        while matrix.operation is SCALE and matrix not in making.shared:
            scalars += _scalars(matrix.arguments[0], making)
            matrix = matrix.arguments[1]
        if matrix not in making.shared:
            if matrix.operation in (MULTIPLY, KRONECKER, DIAG):
                return _scaled_chain(scalars, matrix, making)
            if is_identity(matrix) and rules.CONSTANTS in making.rules:
                return _scaled_chain(scalars, diag(ones(matrix.rows)), making)
            if matrix.operation is ONES and rules.CONSTANTS in making.rules:
                return _constant(scalars, matrix, making)
            if matrix.operation is ADD and _absorb(making.flat(matrix), making):
                scalar = reduce(hadamard, scalars)
                terms = [scale(scalar, term) for term in making.flat(matrix)]
                return add(reduce(lambda a, b: a + b, terms), making)
        factors = [*scalars, *(making.flat(matrix) if _is_product(matrix, making) else [matrix])]
    elif node.is_scalar:
        factors = [s for a in making.flat(node) for s in _scalars(a, making)]
    else:
        factors = making.flat(node)
    return _quotient(factors, making)


def _is_product(matrix: Expression, making: Making) -> bool:
    return matrix.operation is HADAMARD and matrix not in making.shared


def _scalars(s: Expression, making: Making) -> list[Expression]:
    return [s] if s in making.shared else scalar_factors(s)


def _absorb(terms: Sequence[Expression], making: Making) -> bool:
    """Whether a scalar costs nothing more in each term than it does in front of the sum once:
    the term has a scalar factor already, or one can go to a vector in it."""
    return rules.SCALARS in making.rules and all(
        term not in making.shared
        and (
            term.operation is SCALE
            or is_identity(term)
            or term.operation is DIAG
            or (term.operation is MULTIPLY and any(1 in _values(f) for f in making.flat(term)))
        )
        for term in terms
    )


def _values(factor: Expression) -> list[int | None]:
    return [side.value for side in factor.shape]


def _constant(scalars: list[Expression], matrix: Expression, making: Making) -> Plan:
    """c 1 1'."""
    scalar, shape = _quotient(scalars, making), stored(matrix.shape)
    return Plan(scalar.needs, lambda values: making.kernels.full(shape, scalar.build(values)))


def _scaled_chain(scalars: list[Expression], matrix: Expression, making: Making) -> Plan:
    scalar = _quotient(scalars, making)
    factors = operands(making.flat(matrix) if matrix.operation is MULTIPLY else [matrix], making)
    count = len(scalar.needs)

    def build(values: Sequence[Value]) -> Value:
        return chain(factors, values[count:], making, scalar.build(values[:count]))

    return Plan([*scalar.needs, *(need for o in factors for need in o.needs)], build)


def _quotient(factors: Sequence[Expression], making: Making) -> Plan:
    """The product of factors, those with negative exponents below the line; scalars first, so that
    arrays are multiplied by one number."""
    coefficient: Rational = 1
    needs: list[Expression] = []
    exponents: list[Rational] = []
    for factor in factors:
        if factor.operation is NUMBER:
            coefficient *= factor.parameters[0]
            continue
        base, exponent = base_and_exponent(factor)
        if factor in making.shared:
            base, exponent = factor, 1
        needs.append(base)
        exponents.append(exponent)

    def build(values: Sequence[Value]) -> Value:
        kernels = making.kernels
        above: list[Value] = []
        below: list[Value] = []
        for value, exponent in zip(values, exponents, strict=True):
            side = above if exponent > 0 else below
            side.append(raised(making, value, -exponent if exponent < 0 else exponent))
        size = abs(Fraction(coefficient))
        over = 1  # a power of two below the line is exact as a float, and needs no division
        if size.denominator & (size.denominator - 1):
            size, over = Fraction(size.numerator), size.denominator
        scalar = product_of(kernels, [kernels.number(size), *_of_rank(above, scalar=True)])
        for value in [kernels.number(over), *_of_rank(below, scalar=True)]:
            scalar = kernels.divide(scalar, value)
        arrays = _of_rank(above, scalar=False)
        minus = coefficient < 0
        if minus and not (arrays and is_number(scalar, 1)):
            scalar, minus = kernels.negative(scalar), False
        product = product_of(kernels, [scalar, *arrays])
        divisors = _of_rank(below, scalar=False)
        if divisors:
            product = kernels.divide(product, product_of(kernels, divisors))
        return kernels.negative(product) if minus else product

    return Plan(needs, build)


def _of_rank(values: Sequence[Value], *, scalar: bool) -> list[Value]:
    return [value for value in values if (value.rank == 0) is scalar]


# -- powers --------------------------------------------------------------------------------------


def raise_entries(node: Expression, making: Making) -> Plan:
    """X.^a, by multiplication for whole exponents."""
    base, exponent = node.arguments
    value = exponent_value(exponent)
    if value is None:
        return Plan(node.arguments, lambda values: making.kernels.power(*values))
    kernels = making.kernels

    def build(values: Sequence[Value]) -> Value:
        power = raised(making, values[0], -value if value < 0 else value)
        return kernels.divide(kernels.number(1), power) if value < 0 else power

    return Plan((base,), build)


def raised(making: Making, base: Value, exponent: Rational) -> Value:
    """base^exponent for a positive number: whole powers by repeated squares, halves by roots."""
    kernels = making.kernels
    whole, half = divmod(Fraction(exponent), 1)
    if exponent == 1:
        return base
    if _is_norm(base):  # norm(x)^3 is x'x sqrt(x'x)
        return raised(making, base.arguments[0], Fraction(exponent) / 2)
    if (
        rules.POWERS not in making.rules
        or half not in (0, Fraction(1, 2))
        or (whole > LARGEST_PRODUCT)
    ):
        return kernels.power(base, kernels.number(exponent))
    factors = [kernels.sqrt(base)] if half else []
    square = base
    while whole:
        if whole % 2:
            factors.append(square)
        whole //= 2
        if whole:
            square = kernels.multiply(square, square)
    return product_of(kernels, factors)


def _is_norm(value: Value) -> bool:
    """The root of a sum of squares, whose square takes no root."""
    if value.kernel != "map" or value.data != ("sqrt",):
        return False
    inside = value.arguments[0]
    return inside.kernel in ("matmul", "vdot") and inside.arguments[0] is inside.arguments[1]
