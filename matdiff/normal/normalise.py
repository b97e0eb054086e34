"""From raw expressions to normal form, and from a normal form to its fully expanded one.

One pass over the nodes, children first.  A sum or product that only one other of its kind uses is
not normalised by itself but gathered there, so that a chain of n products costs n and not n².
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from operator import is_

from matdiff.normal import (  # each registers its constructors
    blocks,
    functions,
    inverses,
    kronecker,
    matrix_functions,
    monomials,
    norms,
    products,
    reductions,
    signs,
    sums,
    transposes,
)
from matdiff.normal.core import build, plus, remembered
from matdiff.normal.sizes import size_of
from matdiff.operations.algebra import (
    ADD,
    HADAMARD,
    MULTIPLY,
    SCALE,
    Expression,
    make,
    postorder,
)
from matdiff.operations.blocks import ABOVE, BESIDE
from matdiff.operations.linear import DIAG, DIAGONAL, KRONECKER, SIZE, UNVEC, VEC

_REGISTERED = (
    blocks, functions, inverses, kronecker, matrix_functions, monomials, norms, products,
    reductions, signs, sums, transposes,
)  # fmt: skip
GATHERED = frozenset((ADD, MULTIPLY, HADAMARD, BESIDE, ABOVE))
MOST_EXPANDED = 200  # terms of one product multiplied out


def normalise(root: Expression, settled: Collection[Expression] = ()) -> Expression:
    """The normal form of an expression; `settled` are nodes known to be in normal form."""
    order = postorder(root, leaves=settled)
    users: dict[Expression, set[Expression]] = {}
    for node in order:
        for argument in node.arguments:
            if argument.operation in GATHERED:
                users.setdefault(argument, set()).add(node)
    value: dict[Expression, Expression] = {}
    for node in order:
        leaves: Sequence[Expression] = node.arguments
        if not leaves or node in settled:
            value[node] = size_of(*node.parameters) if node.operation is SIZE else node
            continue
        if node.operation in GATHERED:
            if _inlined(node, users.get(node)):
                continue
            leaves = _leaves(node, value)
        value[node] = rebuilt(node, [value[leaf] for leaf in leaves])
    return value[root]


def _inlined(node: Expression, users: set[Expression] | None) -> bool:
    """Whether the node's only use is by a node of its own operation that occurs once."""
    if users is None or len(users) != 1:
        return False
    (user,) = users
    return user.operation is node.operation and user.arguments.count(node) == 1


def _leaves(node: Expression, done: dict[Expression, Expression]) -> list[Expression]:
    """The arguments, with inlined nodes of the same operation replaced by theirs."""
    leaves: list[Expression] = []
    stack = list(reversed(node.arguments))
    while stack:
        top = stack.pop()
        if top in done:
            leaves.append(top)
        else:
            stack.extend(reversed(top.arguments))
    return leaves


def each_rebuilt(root: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """The expression with each node changed after its arguments."""
    value: dict[Expression, Expression] = {}
    for node in postorder(root):
        new = node
        if any(value[a] is not a for a in node.arguments):
            new = rebuilt(node, [value[a] for a in node.arguments])
        value[node] = change(new)
    return value[root]


def rebuilt(node: Expression, arguments: list[Expression]) -> Expression:
    operation = node.operation
    if operation is UNVEC:
        return kronecker.unvec_normal(arguments[0], node)
    if not node.arguments:
        return node
    if node.parameters:
        return make(operation, tuple(arguments), node.shape, node.parameters)
    return build(operation, *arguments)


class TooLarge(Exception):
    """Multiplying out would give more terms than is worth it."""


def expand(root: Expression, *, scalars: bool = True) -> Expression:
    """The normal form with every product of sums multiplied out, in its scalar factors only if
    asked; TooLarge if that explodes."""
    value: dict[Expression, Expression] = {}
    for node in postorder(root):
        if node.is_scalar and not scalars:
            value[node] = node
            continue
        arguments = [value[argument] for argument in node.arguments]
        if node.operation in DISTRIBUTIVE and any(a.operation is ADD for a in arguments):
            value[node] = _distribute(node, arguments)
        elif all(map(is_, arguments, node.arguments)):
            value[node] = node
        else:
            value[node] = rebuilt(node, arguments)
    return value[root]


DISTRIBUTIVE = (MULTIPLY, HADAMARD, SCALE, KRONECKER, DIAG, DIAGONAL, VEC)


def distributes(node: Expression) -> bool:
    """Whether there is a product of sums to multiply out anywhere in the normal form."""
    return bool(remembered(node, "distributes", _distributes))


def _distributes(node: Expression) -> bool:
    if node.operation in DISTRIBUTIVE and any(a.operation is ADD for a in node.arguments):
        return True
    return any(map(distributes, node.arguments))


def _distribute(node: Expression, arguments: list[Expression]) -> Expression:
    partial: list[tuple[Expression, ...]] = [()]
    for argument in arguments:
        choices = argument.arguments if argument.operation is ADD else (argument,)
        if len(partial) * len(choices) > MOST_EXPANDED:
            raise TooLarge
        partial = [(*done, choice) for done in partial for choice in choices]
    return plus(rebuilt(node, list(term)) for term in partial)
