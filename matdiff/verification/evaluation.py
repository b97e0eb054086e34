"""The value of an expression in floating point: one loop over its nodes, arguments first.

Every value is a two-dimensional array.  Complex input passes through, so that a function is
differentiated by evaluating it beside the real axis.  What occurs twice is computed once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import inf
from typing import Any

from matdiff.dimensions import Dimension
from matdiff.errors import DomainProblem
from matdiff.operations.algebra import NUMBER, SYMBOL, Expression, postorder, symbol_name

Array = Any  # numpy.ndarray; numpy is loaded only where values are computed
Values = Mapping[Expression, Array]
Sizes = Mapping[str, int]


def evaluate(expression: Expression, values: Values, sizes: Sizes) -> Array:
    """The value, a 2-D array, for arrays in place of symbols and integers in place of dimensions.

    Raises DomainProblem for a symbol without value or an operation that cannot be computed,
    ZeroDivisionError, OverflowError or numpy's LinAlgError where the value does not exist;
    elsewhere what does not exist is NaN or infinite.

    >>> from matdiff.dimensions import ONE, Dimension
    >>> from matdiff.operations.algebra import ones
    >>> n = Dimension.of("n")
    >>> evaluate(ones(n).T @ ones(n), {}, {"n": 5})
    array([[5.]])
    """
    return evaluate_nodes(postorder(expression), values, sizes)[expression]


def evaluate_nodes(
    order: list[Expression],
    values: Values,
    sizes: Sizes,
    disturb: Callable[[Array], Array] | None = None,
) -> dict[Expression, Array]:
    """The value of each node of a postorder; `disturb` changes every computed value on its way."""
    import numpy as np

    def value_of(node: Expression, arguments: list[Array]) -> Array:
        value = _value(np, node, arguments, sizes)
        return value if disturb is None or not arguments else disturb(value)

    return computed(order, values, value_of)


def computed(
    order: list[Expression],
    values: Values,
    value_of: Callable[[Expression, list[Array]], Array],
) -> dict[Expression, Array]:
    """The value of each node of a postorder: the one that is given, or `value_of` the node and the
    values of its arguments."""
    found: dict[Expression, Array] = {}
    for node in order:
        if node in values:
            found[node] = values[node]
        elif node.operation is SYMBOL:
            raise DomainProblem(f"{symbol_name(node)} has no value")
        else:
            found[node] = value_of(node, [found[argument] for argument in node.arguments])
    return found


def sizes_given(node: Expression, sizes: Sizes) -> list[Any]:
    """The sizes that a record's `evaluate` gets after the arrays: those that the signature fixes,
    then those among the node's parameters."""
    signature = node.operation.signature
    fixed = signature.sizes.values() if signature is not None else ()
    return [p.at(sizes) if isinstance(p, Dimension) else p for p in (*fixed, *node.parameters)]


def _value(np: Any, node: Expression, arguments: list[Array], sizes: Sizes) -> Array:
    operation = node.operation
    if operation is NUMBER:
        return np.full((1, 1), _float(node.parameters[0]))
    if operation.evaluate is None:
        raise DomainProblem(f"{operation.name} has no numeric value")
    return operation.evaluate(np, *arguments, *sizes_given(node, sizes))


def _float(value: int | Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return inf if value > 0 else -inf


def dependent_nodes(order: list[Expression], variable: Expression) -> set[Expression]:
    """The nodes of a postorder in which the variable occurs."""
    found = {variable}
    for node in order:
        if not found.isdisjoint(node.arguments):
            found.add(node)
    return found
