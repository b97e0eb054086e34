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
from matdiff.operations.linear import SIZE

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

    found: dict[Expression, Array] = {}
    for node in order:
        if node in values:
            found[node] = values[node]
            continue
        arguments = [found[argument] for argument in node.arguments]
        value = _value(np, node, arguments, sizes)
        found[node] = value if disturb is None or not arguments else disturb(value)
    return found


def _value(np: Any, node: Expression, arguments: list[Array], sizes: Sizes) -> Array:
    operation, parameters = node.operation, node.parameters
    if operation is SYMBOL:
        raise DomainProblem(f"{symbol_name(node)} has no value")
    if operation is NUMBER:
        return np.full((1, 1), _float(parameters[0]))
    if operation is SIZE:
        return np.full((1, 1), float(parameters[0].at(sizes)))
    if operation.evaluate is None:
        raise DomainProblem(f"{operation.name} has no numeric value")
    fixed = operation.signature.sizes.values() if operation.signature is not None else ()
    given = [p.at(sizes) if isinstance(p, Dimension) else p for p in (*fixed, *parameters)]
    return operation.evaluate(np, *arguments, *given)


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
