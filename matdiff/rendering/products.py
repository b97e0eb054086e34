"""The form of a term: sign, number, scalars and matrix factors in a row, divided by what is below.

Numbers and scalars with negative exponents go below one fraction line, -1/2 c^-1 A B is written
-A B/(2 c); equal square factors side by side become a power, X^-1 X^-1 is X^-2.
"""

from __future__ import annotations

from collections.abc import Sequence

from matdiff.dimensions import Dimension, Shape
from matdiff.operations.algebra import (
    MINUS_ONE,
    MULTIPLY,
    NUMBER,
    SCALE,
    Expression,
    Rational,
    number,
    scale,
)
from matdiff.operations.elementwise import power
from matdiff.operations.linear import SIZE
from matdiff.operations.linear import size as size_number
from matdiff.rendering.forms import Form, Kind, Part, decimal, integer
from matdiff.rendering.parts import is_selection, shapes_of, sliced
from matdiff.rendering.powers import base_and_exponent, raised, reciprocal, runs, scalar_factors


class _Term:
    """What has been found in a term so far; x'y and its like stand after other scalars."""

    __slots__ = ("below", "chains", "coefficient", "names", "others")

    def __init__(self) -> None:
        self.coefficient: Rational = 1
        self.names: list[Part] = []
        self.others: list[Part] = []
        self.chains: list[Part] = []
        self.below: list[tuple[Expression, Rational]] = []  # base and exponent > 0

    @property
    def above(self) -> list[Part]:
        return self.names + self.others + self.chains

    def take(self, scalars: Sequence[Expression]) -> None:
        """Sort scalar factors into the number in front, above and below."""
        waiting: list[Expression | list[Part]] = list(reversed(scalars))
        while waiting:
            factor = waiting.pop()
            if isinstance(factor, list):
                self.chains += factor
                continue
            if factor.operation is NUMBER:
                self.coefficient *= factor.parameters[0]
                continue
            if factor.operation is MULTIPLY:
                inside, factors = split(factor)
                waiting.append(sliced(factors, runs))
                waiting += reversed(inside)  # what is hoisted out of a chain stands before it
                continue
            base, exponent = base_and_exponent(factor)
            inside = size_factors(base) if base.operation is SIZE else scalar_factors(base)
            if len(inside) > 1 and (exponent == -1 or base is factor):
                waiting += [power(f, number(exponent)) for f in reversed(inside)]
            elif exponent < 0:
                self.below.append((base, -exponent))
            elif factor.arguments:
                self.others.append(factor)
            else:
                self.names.append(factor)


def size_factors(node: Expression) -> list[Expression]:
    """The factors of a dimension used as a number: m*n is a product when it is read back."""
    (size,) = node.parameters
    if len(size.terms) != 1:
        return [node]
    ((names, coefficient),) = size.terms
    factors = [
        power(size_number(Dimension.of(name)), number(names.count(name)))
        for name in dict.fromkeys(names)
    ]
    return factors if coefficient == 1 else [number(coefficient), *factors]


def size_terms(node: Expression) -> list[Expression]:
    """The terms of a dimension used as a number, m*n + 1 as m*n and 1."""
    (size,) = node.parameters
    terms: list[Expression] = []
    for monomial, coefficient in size.terms:
        product = Dimension.of(max(coefficient, -coefficient))
        for name in monomial:
            product = product * Dimension.of(name)
        terms.append(
            scale(MINUS_ONE, size_number(product)) if coefficient < 0 else size_number(product)
        )
    return terms


def term(node: Expression) -> Form:
    """The form of a scalar multiple, a matrix product or a product of scalars."""
    scalars, factors = split(node)
    written = sliced(factors, runs)
    taken = any(map(is_selection, factors))
    shapes = shapes_of(written) if taken else tuple(f.shape for f in factors)
    return assemble(scalars, written, shapes=shapes)


def split(node: Expression) -> tuple[list[Expression], list[Expression]]:
    """The scalars of a product, wherever they stand in it, and its matrix factors.

    As in `flatten`, a part that is used again is expanded only once.
    """
    if node.is_scalar and node.operation is not MULTIPLY:
        return scalar_factors(node), []
    scalars: list[Expression] = []
    factors: list[Expression] = []
    seen: set[Expression] = set()
    stack = [node]
    while stack:
        top = stack.pop()
        if not _is_term(top) or (top in seen and any(map(_is_term, top.arguments))):
            factors.append(top)
            continue
        seen.add(top)
        if top.operation is SCALE:
            scalars += scalar_factors(top.arguments[0])
            stack.append(top.arguments[1])
        else:
            stack.extend(reversed(top.arguments))
    return scalars, factors


def _is_term(node: Expression) -> bool:
    return node.operation is MULTIPLY or (node.operation is SCALE and not node.is_scalar)


def assemble(
    scalars: Sequence[Expression], factors: Sequence[Part], shapes: tuple[Shape, ...] | None = None
) -> Form:
    """Scalars and matrix factors as minus, fraction and product, as far as each is needed."""
    found = _Term()
    found.take(scalars)
    size = found.coefficient if found.coefficient > 0 else -found.coefficient
    body: Part
    above = [*found.above, *factors]
    if not above and size == 1 and len(found.below) == 1:
        body = reciprocal(*found.below[0])
    else:
        in_decimals = decimal(size)
        if in_decimals is not None:
            above.insert(0, in_decimals)
        elif size.numerator != 1 or not above:
            above.insert(0, integer(size.numerator))
        below: list[Part] = []
        if size.denominator != 1 and in_decimals is None:
            below.append(integer(size.denominator))
        for base, exponent in found.below:
            if exponent == 1 and base.operation is MULTIPLY and not split(base)[0]:
                below += sliced(split(base)[1], runs)
            else:
                below.append(raised(base, exponent))
        body = product(above, shapes if len(above) == len(factors) else None)
        if below:
            body = Form(Kind.QUOTIENT, (body, product(below)))
    if found.coefficient < 0:
        return Form(Kind.MINUS, (body,))
    return body if isinstance(body, Form) else Form(Kind.PRODUCT, (body,))


def product(parts: Sequence[Part], shapes: tuple[Shape, ...] | None = None) -> Part:
    """The parts side by side, or the only one."""
    return parts[0] if len(parts) == 1 else Form(Kind.PRODUCT, tuple(parts), factors=shapes)
