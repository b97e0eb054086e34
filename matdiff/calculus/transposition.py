"""Reverse mode as the transpose of a linear map: from G : dY to (…) : dX.

The differential is linear in dX, so only multilinear operations lie between dX and dY.  Each one
moves its other factors across the colon, G : A B = A'G : B, last operation first; contributions
to a shared part are added before it is passed.  Linear in the number of nodes.
Source: Giles 2008, Collected matrix derivative results; Frostig et al. 2021 for the transposition.
"""

from __future__ import annotations

from matdiff.operations.algebra import Expression, add, postorder


def pull_back(dY: Expression, dX: Expression, G: Expression) -> Expression:
    """The matrix P of dX's shape with G : dY = P : dX, for dY linear in the symbol dX."""
    order = postorder(dY)
    linear = {dX}
    for node in order:
        if any(argument in linear for argument in node.arguments):
            linear.add(node)
    cotangent: dict[Expression, Expression] = {dY: G}
    for node in reversed(order):
        if node not in linear or node is dX or node not in cotangent:
            continue
        incoming = cotangent.pop(node)
        for i, argument in enumerate(node.arguments):
            if argument in linear:
                move = node.operation.pullback[i]
                contribution = move(incoming, *node.arguments)
                known = cotangent.get(argument)
                cotangent[argument] = contribution if known is None else add(known, contribution)
    return cotangent[dX]
