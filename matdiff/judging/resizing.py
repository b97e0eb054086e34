"""An expression at other sizes: n := 1, or e := a, with everything that depends on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from matdiff.dimensions import Dimension
from matdiff.operations.algebra import (
    IDENTITY,
    ONES,
    SYMBOL,
    ZEROS,
    Expression,
    identity,
    make,
    ones,
    postorder,
    reapply,
    symbol,
    symbol_name,
    symbol_properties,
    zeros,
)
from matdiff.operations.blocks import SELECTION, selection
from matdiff.operations.linear import SIZE, size
from matdiff.operations.record import Operation
from matdiff.operations.triangles import (
    DUPLICATION,
    ELIMINATION,
    SKEW_DUPLICATION,
    duplication,
    elimination,
    skew_duplication,
)

_CONSTANTS: dict[Operation, Callable[..., Expression]] = {
    IDENTITY: identity,
    ONES: ones,
    ZEROS: zeros,
    SIZE: size,
    SELECTION: selection,
    DUPLICATION: duplication,
    ELIMINATION: elimination,
    SKEW_DUPLICATION: skew_duplication,
}


def resized(root: Expression, sizes: Mapping[str, Dimension]) -> Expression:
    """The expression with names of dimensions replaced; MatdiffError if it no longer fits."""
    new: dict[Expression, Expression] = {}
    for node in postorder(root):
        new[node] = _resized(node, tuple(new[argument] for argument in node.arguments), sizes)
    return new[root]


def _resized(
    node: Expression, arguments: tuple[Expression, ...], sizes: Mapping[str, Dimension]
) -> Expression:
    operation = node.operation
    shape = node.rows.substitute(sizes), node.columns.substitute(sizes)
    if operation is SYMBOL:
        return symbol(symbol_name(node), *shape, symbol_properties(node))
    if not node.parameters:
        return reapply(node, arguments) if arguments else node
    parameters = tuple(
        p.substitute(sizes) if isinstance(p, Dimension) else p for p in node.parameters
    )
    constant = _CONSTANTS.get(operation)
    if constant is not None:
        return constant(*parameters)
    return make(operation, arguments, shape, parameters)
