"""The value of an expression over a field: one loop over its nodes, arguments first."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from matdiff.dimensions import Dimension
from matdiff.errors import DomainProblem
from matdiff.judging.fields import Array, Field
from matdiff.operations.algebra import (
    NUMBER,
    SYMBOL,
    Expression,
    postorder,
    reapply,
    symbol_name,
)
from matdiff.operations.linear import SIZE


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

    found: dict[Expression, Array] = {}
    for node in order:
        if node in values:
            found[node] = values[node]
            continue
        arguments = [found[argument] for argument in node.arguments]
        found[node] = _value(np, node, field, arguments, sizes)
    return found


def _value(
    np: object, node: Expression, field: Field, arguments: list[Array], sizes: Mapping[str, int]
) -> Array:
    operation = node.operation
    if operation is SYMBOL:
        raise DomainProblem(f"{symbol_name(node)} has no value")
    if operation is NUMBER:
        return field.array([[Fraction(node.parameters[0])]])
    if operation is SIZE:
        return field.array([[node.parameters[0].at(sizes)]])
    if operation.over_field is not None:
        return field.reduced(operation.over_field(field, *arguments))
    parameters = tuple(p.at(sizes) if isinstance(p, Dimension) else p for p in node.parameters)
    if not arguments:
        assert operation.evaluate is not None
        return field.array(operation.evaluate(np, *parameters))
    if operation.multilinear:
        assert operation.evaluate is not None
        return field.reduced(operation.evaluate(np, *arguments, *parameters))
    if operation.elementwise:
        return field.entrywise(operation, arguments[0])
    shape = node.rows.at(sizes), node.columns.at(sizes)
    return field.opaque(operation, parameters, arguments, shape)
