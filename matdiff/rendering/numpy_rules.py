"""How each operation is computed in numpy: which values it needs, and the source made of them.

All arrays are two-dimensional and every 1×1 value is a scalar.  An operation without a rule here
is written as its notation's template says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from fractions import Fraction
from typing import Protocol

from matdiff.dimensions import Dimension
from matdiff.operations.algebra import (
    ADD,
    HADAMARD,
    IDENTITY,
    INNER,
    MULTIPLY,
    NUMBER,
    ONES,
    SCALE,
    TRANSPOSE,
    ZEROS,
    Expression,
    Rational,
    number_value,
)
from matdiff.operations.elementwise import POWER as ELEMENTWISE_POWER
from matdiff.operations.linear import DIAG, DIAGONAL, KRONECKER, SIZE, TRACE
from matdiff.operations.nonlinear import INVERSE
from matdiff.operations.record import Operation
from matdiff.rendering import numpy_values as values
from matdiff.rendering.numpy_values import (
    ATOM,
    POWER,
    PRODUCT,
    SUM,
    Code,
    Factor,
    chain,
    negative,
    over,
    times,
)
from matdiff.rendering.products import base_and_exponent, exponent_value, scalar_factors

_ENCLOSED = re.compile(r"(?<=\()\{\d\}(?=[,)])")  # a slot that is a whole argument of a call


class Body(Protocol):
    """What a rule may ask of the function that is being written."""

    def size(self, size: Dimension) -> Code: ...
    def named(self, code: Code) -> Code: ...
    def shorten(self, code: Code) -> Code: ...


Build = Callable[[Body, Sequence[Code]], Code]


class Plan:
    """The values an operation needs, and how its source is made of theirs."""

    __slots__ = ("build", "needs")

    def __init__(self, needs: Sequence[Expression], build: Build) -> None:
        self.needs, self.build = needs, build


def plan(node: Expression, shared: Collection[Expression]) -> Plan:
    """The plan of a node; a shared node is computed on its own and not taken apart."""
    rule = RULES.get(node.operation)
    return rule(node, shared) if rule is not None else _templated(node)


def _flat(node: Expression, shared: Collection[Expression]) -> list[Expression]:
    """The operands of an n-ary operation, through nodes that nothing else needs."""
    operands: list[Expression] = []
    stack = list(reversed(node.arguments))
    while stack:
        top = stack.pop()
        if top.operation is node.operation and top not in shared:
            stack.extend(reversed(top.arguments))
        else:
            operands.append(top)
    return operands


def literal(value: Rational) -> Code:
    """A number: exact if it is a small integer, else the nearest float."""
    size = abs(Fraction(value))
    if size < 2**53 and size.denominator == 1:
        code = Code(str(size.numerator))
    else:
        try:
            code = Code(repr(float(size)))
        except OverflowError:
            code = Code("np.inf")
    return negative(code) if value < 0 else code


def _number(node: Expression, shared: Collection[Expression]) -> Plan:
    return Plan((), lambda body, codes: literal(node.parameters[0]))


def _size(node: Expression, shared: Collection[Expression]) -> Plan:
    return Plan((), lambda body, codes: body.size(node.parameters[0]))


def _constant(node: Expression, shared: Collection[Expression]) -> Plan:
    def build(body: Body, codes: Sequence[Code]) -> Code:
        sizes = ", ".join(body.size(p).text for p in node.parameters)
        if node.operation is IDENTITY:
            return Code(f"np.eye({sizes}, dtype=dtype)")
        return Code(f"np.{node.operation.name}(({sizes}), dtype=dtype)")

    return Plan((), build)


def _sum(node: Expression, shared: Collection[Expression]) -> Plan:
    terms = _flat(node, shared)
    signs, needs = [], []
    for term in terms:
        minus = term.operation is SCALE and number_value(term.arguments[0]) == -1
        signs.append(" - " if minus and term not in shared else " + ")
        needs.append(term.arguments[1] if signs[-1] == " - " else term)

    def build(body: Body, codes: Sequence[Code]) -> Code:
        total = negative(codes[0]) if signs[0] == " - " else codes[0]
        for sign, code in zip(signs[1:], codes[1:], strict=True):
            total = Code(f"{total.at(SUM)}{sign}{code.at(PRODUCT)}", SUM)
            total = body.shorten(total)
        return total

    return Plan(needs, build)


def _product(node: Expression, shared: Collection[Expression]) -> Plan:
    """Elementwise factors and scalars: what has a negative power is divided by."""
    if node.operation is SCALE:
        scalar, matrix = node.arguments
        factors = [*_scalars(scalar, shared), matrix]
    elif node.is_scalar:
        factors = [s for a in _flat(node, shared) for s in _scalars(a, shared)]
    else:
        factors = _flat(node, shared)
    coefficient: Rational = 1
    needs: list[Expression] = []
    exponents: list[Rational] = []
    for factor in factors:
        if factor.operation is NUMBER:
            coefficient *= factor.parameters[0]
            continue
        base, exponent = base_and_exponent(factor)
        if exponent > 0 or factor in shared:
            base, exponent = factor, 1
        needs.append(base)
        exponents.append(exponent)

    def build(body: Body, codes: Sequence[Code]) -> Code:
        size = abs(Fraction(coefficient))
        above = [] if size.numerator == 1 else [literal(size.numerator)]
        below = [] if size.denominator == 1 else [literal(size.denominator)]
        for code, exponent in zip(codes, exponents, strict=True):
            if exponent == 1:
                above.append(code)
            else:
                below.append(raised(code, -exponent))
        product = above[0] if above else literal(1)
        for code in above[1:]:
            product = body.shorten(times(product, code))
        for code in below:
            product = body.shorten(over(product, code))
        return negative(product) if coefficient < 0 else product

    return Plan(needs, build)


def _scalars(s: Expression, shared: Collection[Expression]) -> list[Expression]:
    return [s] if s in shared else scalar_factors(s)


def raised(base: Code, exponent: Rational) -> Code:
    """base ** exponent for a positive number: small powers by multiplication, roots by sqrt."""
    if exponent == 1:
        return base
    if exponent == Fraction(1, 2):
        return Code(f"np.sqrt({base.text})")
    if exponent in (3, 4) and base.text.isidentifier():
        rest = base.text if exponent == 3 else f"{base.text}**2"
        return Code(f"{base.text}**2 * {rest}", PRODUCT)  # numpy's general power is slow
    return Code(f"{base.at(ATOM)}**{literal(exponent).at(ATOM)}", POWER)


def _power(node: Expression, shared: Collection[Expression]) -> Plan:
    base, exponent = node.arguments
    value = exponent_value(exponent)
    if value is None:
        return Plan(
            node.arguments,
            lambda body, codes: Code(f"{codes[0].at(ATOM)} ** {codes[1].at(ATOM)}", POWER),
        )
    if value < 0:
        return Plan((base,), lambda body, codes: over(literal(1), raised(codes[0], -value)))
    return Plan((base,), lambda body, codes: raised(codes[0], value))


class _Operand:
    """A factor of a chain and the value its source is made of."""

    __slots__ = ("kind", "node", "transposed", "value")

    def __init__(self, node: Expression, shared: Collection[Expression]) -> None:
        self.node, self.value = node, node
        self.kind, self.transposed = values.PLAIN, False
        if node in shared or node.is_scalar:
            return
        if node.operation is TRANSPOSE and node.arguments[0] not in shared:
            node = node.arguments[0]
            self.transposed = node.operation is INVERSE
        if node.operation is INVERSE:
            self.kind, self.value = values.INVERSE, node.arguments[0]
        elif node.operation is DIAG:
            self.kind, self.value = values.DIAGONAL, node.arguments[0]

    def factor(self, code: Code) -> Factor:
        return Factor(code.T if self.transposed else code, *self.node.shape, self.kind)


def _operands(node: Expression, shared: Collection[Expression]) -> list[_Operand]:
    return [_Operand(factor, shared) for factor in _flat(node, shared)]


def _multiply(node: Expression, shared: Collection[Expression]) -> Plan:
    operands = _operands(node, shared)

    def build(body: Body, codes: Sequence[Code]) -> Code:
        factors = [o.factor(code) for o, code in zip(operands, codes, strict=True)]
        return chain(factors, body.shorten).formed()

    return Plan([o.value for o in operands], build)


def _trace(node: Expression, shared: Collection[Expression]) -> Plan:
    """tr(A B) as a sum over entries; only a product that nothing else needs is taken apart."""
    (inside,) = node.arguments
    if inside.operation is not MULTIPLY or inside in shared:
        return _templated(node)
    operands = _operands(inside, shared)

    def build(body: Body, codes: Sequence[Code]) -> Code:
        factors = [o.factor(code) for o, code in zip(operands, codes, strict=True)]
        rest = body.shorten(chain(factors[1:], body.shorten).formed())
        return Code(f"np.vdot({factors[0].formed().T.text}, {rest.text})")

    return Plan([o.value for o in operands], build)


def _diagonal(node: Expression, shared: Collection[Expression]) -> Plan:
    """diag(A B) as sums over rows."""
    (inside,) = node.arguments
    if inside.operation is not MULTIPLY or inside in shared:
        return _templated(node)
    operands = _operands(inside, shared)

    def build(body: Body, codes: Sequence[Code]) -> Code:
        factors = [o.factor(code) for o, code in zip(operands, codes, strict=True)]
        rest = body.shorten(chain(factors[1:], body.shorten).formed())
        product = times(factors[0].formed(), rest.T)
        return Code(f"np.sum({product.text}, axis=1, keepdims=True)")

    return Plan([o.value for o in operands], build)


def _inner(node: Expression, shared: Collection[Expression]) -> Plan:
    return Plan(
        node.arguments, lambda body, codes: Code(f"np.vdot({codes[0].text}, {codes[1].text})")
    )


def _transpose(node: Expression, shared: Collection[Expression]) -> Plan:
    return Plan(node.arguments, lambda body, codes: codes[0].T)


def _kronecker(node: Expression, shared: Collection[Expression]) -> Plan:
    def build(body: Body, codes: Sequence[Code]) -> Code:
        product = codes[0]
        for code in codes[1:]:
            product = body.shorten(Code(f"np.kron({product.text}, {code.text})"))
        return product

    return Plan(_flat(node, shared), build)


def _templated(node: Expression) -> Plan:
    """The template of the operation's record; scalars are made 1×1 where it wants a matrix."""
    operation = node.operation

    def build(body: Body, codes: Sequence[Code]) -> Code:
        template = operation.notation.numpy
        fills = []
        for i, (argument, code) in enumerate(zip(node.arguments, codes, strict=True)):
            slot = f"{{{i}}}"
            if argument.is_scalar and not operation.elementwise:
                code = Code(f"np.full((1, 1), {code.text}, dtype=dtype)")
            if template.count(slot) > 1:
                code = body.named(code)
            enclosed = len(_ENCLOSED.findall(template)) == template.count("{")
            fills.append(code.text if enclosed else code.at(ATOM))
        fills += [body.size(p).at(ATOM) for p in node.parameters if isinstance(p, Dimension)]
        code = Code(template.format(*fills))
        is_array = operation.signature is not None and operation.signature.output != ((), ())
        if node.is_scalar and is_array and not operation.elementwise:
            code = Code(code.text + "[0, 0]")
        return code

    return Plan(node.arguments, build)


RULES: dict[Operation, Callable[[Expression, Collection[Expression]], Plan]] = {
    NUMBER: _number,
    SIZE: _size,
    IDENTITY: _constant,
    ONES: _constant,
    ZEROS: _constant,
    ADD: _sum,
    SCALE: _product,
    HADAMARD: _product,
    MULTIPLY: _multiply,
    ELEMENTWISE_POWER: _power,
    KRONECKER: _kronecker,
    INNER: _inner,
    TRANSPOSE: _transpose,
    TRACE: _trace,
    DIAGONAL: _diagonal,
}
