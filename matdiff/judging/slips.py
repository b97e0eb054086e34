"""What goes wrong in a derivation, replayed: derivatives with one rule left out.

A term of the product rule is the derivative by one occurrence of the variable, the others held
constant; a missing inner derivative is the derivative by what stands inside; a forgotten φ' is the
derivative with φ taken for its argument.
"""

from __future__ import annotations

from collections.abc import Iterator

from matdiff.calculus import gradient, jacobians
from matdiff.derivatives import Derivative, freed
from matdiff.errors import MatdiffError
from matdiff.operations.algebra import (
    Expression,
    postorder,
    reapply,
    substitute,
    symbol,
    symbol_name,
    symbol_properties,
)
from matdiff.rendering import text

MOST_OCCURRENCES = 8
MOST_NODES = 60


def occurrence_terms(derived: Derivative) -> list[Expression]:
    """The derivatives by the first, second … occurrence of the variable, or none if there is only
    one, or too many.  Their sum is the derivative."""
    X, Y = freed(derived.wrt, derived.expression)
    if derived.kind == "hessian":
        Y = gradient(Y, X)
    split = _split(Y, X)
    if split is None:
        return []
    divided, symbols = split
    return [
        substitute(each, dict.fromkeys(symbols, X))
        for each in (_derivative(derived, divided, one) for one in symbols)
    ]


def _split(Y: Expression, X: Expression) -> tuple[Expression, list[Expression]] | None:
    """Y with a symbol of its own for each occurrence of X, in the order they are written."""
    count: dict[Expression, int] = {}
    order = postorder(Y)
    for node in order:
        own = 1 if node is X else 0
        count[node] = own + sum(count[argument] for argument in node.arguments)
    if not 2 <= count[Y] <= MOST_OCCURRENCES:
        return None
    symbols = [
        symbol(f"{symbol_name(X)} #{i}", *X.shape, symbol_properties(X)) for i in range(count[Y])
    ]
    return _with_symbols(Y, X, count, symbols), symbols


def _with_symbols(
    Y: Expression, X: Expression, count: dict[Expression, int], symbols: list[Expression]
) -> Expression:
    """Y with the k-th occurrence of X replaced by the k-th symbol.

    A node with its first occurrence at k becomes one node for each k, at most as many as there
    are symbols.
    """
    made: dict[tuple[Expression, int], Expression] = {}
    stack = [(Y, 0)]
    while stack:
        node, first = stack[-1]
        if (node, first) in made:
            stack.pop()
        elif node is X:
            made[stack.pop()] = symbols[first]
        elif not count[node]:
            made[stack.pop()] = node
        else:
            places, at = [], first
            for argument in node.arguments:
                places.append((argument, at))
                at += count[argument]
            missing = [place for place in places if place not in made]
            if missing:
                stack.extend(missing)
            else:
                made[stack.pop()] = reapply(node, tuple(made[place] for place in places))
    return made[Y, 0]


def _derivative(derived: Derivative, Y: Expression, X: Expression) -> Expression:
    if derived.kind == "gradient":
        return gradient(Y, X)
    return jacobians(Y, X, layout=derived.layout, vec_order=derived.vec)[0]


def forgotten(derived: Derivative) -> Iterator[tuple[str, Expression]]:
    """Derivatives in which one operation's own derivative, or all that stands inside, is left
    out."""
    X, Y = freed(derived.wrt, derived.expression)
    if derived.kind == "hessian":
        Y = gradient(Y, X)
    order = postorder(Y)
    if derived.kind == "differential" or len(order) > MOST_NODES:
        return
    moving = {X}
    for node in order:
        if not moving.isdisjoint(node.arguments):
            moving.add(node)
    for node in order:
        if node not in moving or node is X:
            continue
        try:
            if node.shape == X.shape and node is not Y:
                U = symbol("u #", *node.shape)
                outer = _derivative(derived, substitute(Y, {node: U}), U)
                yield (
                    f"lacks the inner derivative, of `{text(node)}` by {text(X)}",
                    substitute(outer, {U: node}),
                )
            if not node.operation.multilinear and node.arguments[0].shape == node.shape:
                rest = symbol("c #", *node.shape)
                linear = substitute(Y, {node: rest + node.arguments[0]})
                found = _derivative(derived, linear, X)
                yield (
                    f"lacks the derivative of `{text(node)}` by its argument",
                    substitute(found, {rest: node - node.arguments[0]}),
                )
        except MatdiffError:
            continue
