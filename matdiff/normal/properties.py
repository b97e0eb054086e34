"""The properties of an expression in normal form, remembered on its nodes.

What the rules in the operations' records give, with all that this implies.  Whether one argument
is the transpose of another is seen from their normal forms, so an expression that is not in
normal form may have more properties than are found.
"""

from __future__ import annotations

from matdiff.normal.core import flip, leading_sign, negative, remembered, sum_order
from matdiff.operations.algebra import Expression
from matdiff.operations.implications import Properties, closed
from matdiff.operations.properties import NONE, Names

MEMORY = "properties"


def properties_of(node: Expression) -> Properties:
    """What is known to hold for every value of the node."""
    memory = node.memory
    if memory is not None and MEMORY in memory:
        found: Properties = memory[MEMORY]
        return found
    found = remembered(node, MEMORY, _follow)
    return found


def has(node: Expression, *names: str) -> bool:
    """Whether the node is known to have all these properties."""
    return properties_of(node).issuperset(names)


def _follow(node: Expression) -> Properties:
    """The properties by the node's rule; those of its arguments are known already."""
    operation = node.operation
    names: Names = NONE
    if operation.properties is not None:
        given = [properties_of(argument) for argument in node.arguments]
        names = operation.properties(node, given, mirrors)
    if operation.symmetric:
        names = {*names, "symmetric"}
    return closed(names, node.is_scalar)


def mirrors(A: Expression, B: Expression) -> int:
    """1 if B is A', -1 if it is -A', 0 if neither is seen.

    Only what holds the same names is transposed to find out."""
    if A.rows is not B.columns or A.columns is not B.rows or sum_order(A)[0] != sum_order(B)[0]:
        return 0
    turned = flip(A)
    if turned is B:
        return 1
    return -1 if leading_sign(turned) != leading_sign(B) and negative(turned) is B else 0
