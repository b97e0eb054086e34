"""An expression at other sizes: n := 1, or e := a, with everything that depends on them."""

from __future__ import annotations

from collections.abc import Mapping

from matdiff.dimensions import Dimension
from matdiff.operations.algebra import CONSTRUCTORS, Expression, make, reapply, rebuild


def resized(root: Expression, sizes: Mapping[str, Dimension]) -> Expression:
    """The expression with names of dimensions replaced; MatdiffError if it no longer fits."""
    return rebuild(root, lambda node, arguments: _resized(node, arguments, sizes))


def _resized(
    node: Expression, arguments: tuple[Expression, ...], sizes: Mapping[str, Dimension]
) -> Expression:
    if not node.parameters:
        return reapply(node, arguments)
    parameters = tuple(
        p.substitute(sizes) if isinstance(p, Dimension) else p for p in node.parameters
    )
    constructor = CONSTRUCTORS.get(node.operation)
    if constructor is not None:
        return constructor(*arguments, *parameters)
    shape = node.rows.substitute(sizes), node.columns.substitute(sizes)
    return make(node.operation, arguments, shape, parameters)  # a symbol or a number
