"""Matrix products in numpy, and what reads only a part of a product: its trace, its diagonal.

tr(A B) is a sum over entries and diag(A B) sums over rows, without the product itself.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from matdiff.dimensions import ONE
from matdiff.operations.algebra import MULTIPLY, TRANSPOSE, Expression
from matdiff.operations.linear import DIAG
from matdiff.operations.nonlinear import INVERSE
from matdiff.rendering import numpy_values as values
from matdiff.rendering.numpy_parts import Sliced, slice_code, with_slices
from matdiff.rendering.numpy_plans import Body, Plan, flat, templated
from matdiff.rendering.numpy_values import Code, Factor, chain, times


class _Operand:
    """A factor of a chain and the value its source is made of, with the selections beside it."""

    __slots__ = ("kind", "node", "parts", "transposed", "value")

    def __init__(self, sliced: Sliced, shared: Collection[Expression]) -> None:
        rows, node, columns = sliced
        self.node, self.value, self.parts = node, node, (rows, columns)
        self.kind, self.transposed = values.PLAIN, False
        if node in shared or node.is_scalar or sliced != (None, node, None):
            return
        if node.operation is TRANSPOSE and node.arguments[0] not in shared:
            node = node.arguments[0]
            self.transposed = node.operation is INVERSE
        if node.operation is INVERSE:
            self.kind, self.value = values.INVERSE, node.arguments[0]
        elif node.operation is DIAG:
            self.kind, self.value = values.DIAGONAL, node.arguments[0]

    def factor(self, body: Body, code: Code) -> Factor:
        rows, columns = self.parts
        height = self.node.rows if rows is None else rows.rows
        width = self.node.columns if columns is None else columns.columns
        code = slice_code(body, code, rows, columns, height is ONE and width is ONE)
        return Factor(code.T if self.transposed else code, height, width, self.kind)


def _operands(node: Expression, shared: Collection[Expression]) -> list[_Operand]:
    return [_Operand(sliced, shared) for sliced in with_slices(flat(node, shared))]


def multiply(node: Expression, shared: Collection[Expression]) -> Plan:
    """A product of matrices, in a cheap order."""
    operands = _operands(node, shared)

    def build(body: Body, codes: Sequence[Code]) -> Code:
        factors = [o.factor(body, code) for o, code in zip(operands, codes, strict=True)]
        return chain(factors, body.shorten).formed()

    return Plan([o.value for o in operands], build)


def trace(node: Expression, shared: Collection[Expression]) -> Plan:
    """tr(A B) as a sum over entries; only a product that nothing else needs is taken apart."""
    (inside,) = node.arguments
    if inside.operation is not MULTIPLY or inside in shared:
        return templated(node)
    operands = _operands(inside, shared)
    if len(operands) < 2:
        return templated(node)

    def build(body: Body, codes: Sequence[Code]) -> Code:
        factors = [o.factor(body, code) for o, code in zip(operands, codes, strict=True)]
        rest = body.shorten(chain(factors[1:], body.shorten).formed())
        return Code(f"np.vdot({factors[0].formed().T.text}, {rest.text})")

    return Plan([o.value for o in operands], build)


def diagonal(node: Expression, shared: Collection[Expression]) -> Plan:
    """diag(A B) as sums over rows."""
    (inside,) = node.arguments
    if inside.operation is not MULTIPLY or inside in shared:
        return templated(node)
    operands = _operands(inside, shared)
    if len(operands) < 2:
        return templated(node)

    def build(body: Body, codes: Sequence[Code]) -> Code:
        factors = [o.factor(body, code) for o, code in zip(operands, codes, strict=True)]
        rest = body.shorten(chain(factors[1:], body.shorten).formed())
        product = times(factors[0].formed(), rest.T)
        return Code(f"np.sum({product.text}, axis=1, keepdims=True)")

    return Plan([o.value for o in operands], build)


def inner(node: Expression, shared: Collection[Expression]) -> Plan:
    return Plan(
        node.arguments, lambda body, codes: Code(f"np.vdot({codes[0].text}, {codes[1].text})")
    )


def transpose(node: Expression, shared: Collection[Expression]) -> Plan:
    return Plan(node.arguments, lambda body, codes: codes[0].T)


def kronecker(node: Expression, shared: Collection[Expression]) -> Plan:
    def build(body: Body, codes: Sequence[Code]) -> Code:
        product = codes[0]
        for code in codes[1:]:
            product = body.shorten(Code(f"np.kron({product.text}, {code.text})"))
        return product

    return Plan(flat(node, shared), build)
