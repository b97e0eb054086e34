"""What a rule for an operation says: the values it needs, and the source made of theirs."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from fractions import Fraction
from typing import Protocol

from matdiff.dimensions import Dimension
from matdiff.operations.algebra import Expression, Rational
from matdiff.operations.record import Operation
from matdiff.rendering.numpy_values import ATOM, POWER, PRODUCT, Code, negative

_ENCLOSED = re.compile(r"(?<=\()\{\d\}(?=[,)])")  # a slot that is a whole argument of a call


class Body(Protocol):
    """What a rule may ask of the function that is being written."""

    def size(self, size: Dimension) -> Code: ...
    def function(self, operation: Operation) -> str: ...
    def named(self, code: Code) -> Code: ...
    def shorten(self, code: Code) -> Code: ...


Build = Callable[[Body, Sequence[Code]], Code]


class Plan:
    """The values an operation needs, and how its source is made of theirs."""

    __slots__ = ("build", "needs")

    def __init__(self, needs: Sequence[Expression], build: Build) -> None:
        self.needs, self.build = needs, build


def flat(node: Expression, shared: Collection[Expression]) -> list[Expression]:
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


def called(node: Expression) -> Plan:
    """A call of an unknown function, which the emitted code is given as an argument."""

    def build(body: Body, codes: Sequence[Code]) -> Code:
        template = node.operation.notation.numpy
        return Code(template.format(codes[0].text, function=body.function(node.operation)))

    return Plan(node.arguments, build)


def templated(node: Expression) -> Plan:
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
