"""The value of an expression over a field: one loop over its nodes, arguments first."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from matdiff.judging.fields import Array, Field
from matdiff.operations.algebra import NUMBER, Expression, postorder, reapply
from matdiff.verification.evaluation import computed, sizes_given


def defined(*roots: Expression) -> tuple[Expression, ...]:
    """The expressions with every operation that has a definition replaced by it."""
    order = postorder(*roots)
    while any(node.operation.definition is not None for node in order):
        new: dict[Expression, Expression] = {}
        for node in order:
            arguments = tuple(new[argument] for argument in node.arguments)
            rule = node.operation.definition
            new[node] = reapply(node, arguments) if rule is None else rule(*arguments)
        roots = tuple(new[root] for root in roots)
        order = postorder(*roots)
    return roots


def values_of(
    order: list[Expression],
    field: Field,
    values: Mapping[Expression, Array],
    sizes: Mapping[str, int],
) -> dict[Expression, Array]:
    """The value of each node of a postorder without definitions.

    Raises OutsideDomain where a value does not exist, NotComputable for an operation that the
    field knows nothing of.
    """
    import numpy as np

    return computed(order, values, lambda node, given: _value(np, node, field, given, sizes))


def _value(
    np: object, node: Expression, field: Field, arguments: list[Array], sizes: Mapping[str, int]
) -> Array:
    operation = node.operation
    if operation is NUMBER:
        return field.array([[Fraction(node.parameters[0])]])
    if operation.over_field is not None:
        return field.reduced(operation.over_field(field, *arguments))
    if operation.multilinear or not arguments:
        assert operation.evaluate is not None
        value = operation.evaluate(np, *arguments, *sizes_given(node, sizes))
        return field.reduced(value) if arguments else field.array(value)
    return field.opaque(node, arguments, sizes)
