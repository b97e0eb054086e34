"""The differential dY as an expression linear in dX.

Forward, children first: a multilinear operation follows the product rule, d(A B) = dA B + A dB; a
nonlinear one states its own differential.  What has neither rule is refused: it is never taken
for a constant.  A function of a matrix waits to be differentiated until a scalar is made of it
(`spectral`).  Source: Magnus & Neudecker, Matrix Differential Calculus, part two.
"""

from __future__ import annotations

from functools import reduce

from matdiff.calculus.spectral import change_of_function, is_waiting, of_scalar, settled
from matdiff.errors import DomainProblem
from matdiff.operations.algebra import ADD, Expression, add, postorder, reapply


def differential(Y: Expression, X: Expression, dX: Expression) -> Expression | None:
    """dY for a change dX of the symbol X; None if Y does not depend on X.

    The result is linear in dX, and every node on a path to dX is multilinear: `transposition` and
    `networks` rely on it.
    """
    tangent: dict[Expression, Expression] = {X: dX}
    waiting: set[Expression] = set()  # nodes in whose change a function of a matrix waits
    for node in postorder(Y):
        if not node.arguments or node in tangent:
            continue
        moving = [i for i, argument in enumerate(node.arguments) if argument in tangent]
        if moving:
            terms = [_partial(node, i, tangent[node.arguments[i]]) for i in moving]
            known = [term for term in terms if term is not None]
            if known:
                change = reduce(add, known)
                if any(map(is_waiting, known)) or any(node.arguments[i] in waiting for i in moving):
                    if node.is_scalar:
                        change = of_scalar(change, dX)
                    else:
                        waiting.add(node)
                tangent[node] = change
    return settled(tangent[Y]) if Y in waiting else tangent.get(Y)


def _partial(node: Expression, i: int, change: Expression) -> Expression | None:
    """The part of the node's differential that comes from a change of its i-th argument."""
    operation, arguments = node.operation, node.arguments
    if operation.multilinear:
        if operation is ADD:
            return change
        return reapply(node, (*arguments[:i], change, *arguments[i + 1 :]))
    if operation.associative and len(arguments) > 2:
        return _partial_of_nested(node, i, change)
    if operation.spectral is not None and i == 0:
        return change_of_function(node, change)
    if i >= len(operation.differential):
        raise DomainProblem(f"the derivative of {operation.name} is not known", code="MX251")
    rule = operation.differential[i]
    result: Expression | None = rule(*arguments, change) if rule is not None else None
    return result


def _partial_of_nested(node: Expression, i: int, change: Expression) -> Expression | None:
    """The same for an operation of many arguments that stands for nested ones of two."""

    def nested(A: Expression, B: Expression) -> Expression:
        return reapply(node, (A, B))

    before, joined, after = node.arguments[:i], node.arguments[i], node.arguments[i + 1 :]
    partial: Expression | None = change
    if before:
        joined = nested(reduce(nested, before), joined)
        partial = _partial(joined, 1, change)
    if after and partial is not None:
        partial = _partial(nested(joined, reduce(nested, after)), 0, partial)
    return partial
