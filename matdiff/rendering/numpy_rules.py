"""How each operation is computed in numpy.

All arrays are two-dimensional and every 1×1 value is a scalar.  An operation without a rule here
is written as its notation's template says.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

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
)
from matdiff.operations.blocks import ABOVE, BESIDE, SELECTION
from matdiff.operations.elementwise import POWER
from matdiff.operations.linear import DIAGONAL, KRONECKER, SIZE, TRACE
from matdiff.operations.record import Operation
from matdiff.rendering.numpy_chains import diagonal, inner, kronecker, multiply, trace, transpose
from matdiff.rendering.numpy_entrywise import add, multiply_entries, raise_entries
from matdiff.rendering.numpy_parts import blocks, selection
from matdiff.rendering.numpy_plans import Body, Plan, called, literal, templated
from matdiff.rendering.numpy_values import Code


def plan(node: Expression, shared: Collection[Expression]) -> Plan:
    """The plan of a node; a shared node is computed on its own and not taken apart."""
    rule = RULES.get(node.operation)
    if rule is not None:
        return rule(node, shared)
    return templated(node) if node.operation.unknown is None else called(node)


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


RULES: dict[Operation, Callable[[Expression, Collection[Expression]], Plan]] = {
    NUMBER: _number,
    SIZE: _size,
    IDENTITY: _constant,
    ONES: _constant,
    ZEROS: _constant,
    ADD: add,
    SCALE: multiply_entries,
    HADAMARD: multiply_entries,
    MULTIPLY: multiply,
    POWER: raise_entries,
    KRONECKER: kronecker,
    INNER: inner,
    TRANSPOSE: transpose,
    SELECTION: selection,
    BESIDE: blocks,
    ABOVE: blocks,
    TRACE: trace,
    DIAGONAL: diagonal,
}
