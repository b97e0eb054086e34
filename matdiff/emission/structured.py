"""A formula taken apart: the arrays that a Jacobian or Hessian is made of, instead of itself.

(V'⊗I(m)) diag(vec(M.^2)) (V⊗I(m)) has n²m² entries, and all that it holds is in V and M.^2.  What
stands in a Kronecker product, in diag, or in a product of a column and a row is a part; the formula
in terms of the parts says how they belong together.
"""

from __future__ import annotations

from collections.abc import Collection

from matdiff.dimensions import ONE
from matdiff.operations import algebra
from matdiff.operations.algebra import Expression, make, postorder, symbol, symbol_name
from matdiff.operations.linear import DIAG, KRONECKER, VEC

_SPREADING = (KRONECKER, DIAG, algebra.IDENTITY, algebra.COMMUTATION)
_JOINING = (algebra.ADD, algebra.SCALE, algebra.MULTIPLY, algebra.TRANSPOSE)


class Structured:
    """The formula in terms of its parts, and the parts by their names, in order of appearance."""

    __slots__ = ("formula", "parts")

    def __init__(self, formula: Expression, parts: dict[str, Expression]) -> None:
        self.formula, self.parts = formula, parts


def structured(formula: Expression, taken: Collection[str]) -> Structured:
    """The parts of a formula; one part, the formula itself, if nothing in it is spread out, or all
    of it, as in 2 K(m,n)."""
    spread = _spread(formula)
    names: dict[Expression, Expression] = {}
    used = {*taken, *(symbol_name(n) for n in postorder(formula) if n.operation is algebra.SYMBOL)}

    def part(node: Expression) -> Expression:
        if node.operation is VEC:
            return make(VEC, (part(node.arguments[0]),), node.shape)
        if node not in names:
            number = len(names) + 1
            while f"P_{number}" in used:
                number += 1
            used.add(f"P_{number}")
            names[node] = symbol(f"P_{number}", *node.shape)
        return names[node]

    changed: dict[Expression, Expression] = {}
    for node in postorder(formula):
        if node not in spread:
            continue
        if node.operation in (algebra.IDENTITY, algebra.COMMUTATION):
            changed[node] = node
            continue
        arguments = tuple(
            changed[a] if a in spread else a if a.is_scalar and _is_number(a) else part(a)
            for a in node.arguments
        )
        changed[node] = make(node.operation, arguments, node.shape, node.parameters)
    whole = changed[formula] if formula in spread and names else part(formula)
    return Structured(whole, {symbol_name(name): node for node, name in names.items()})


def _is_number(node: Expression) -> bool:
    return node.operation is algebra.NUMBER


def _spread(formula: Expression) -> set[Expression]:
    """The nodes whose entries are fewer, or simpler, than their number says."""
    spread: set[Expression] = set()
    for node in postorder(formula):
        if node.operation in _SPREADING:
            spread.add(node)
        elif node.operation in _JOINING and any(a in spread for a in node.arguments):
            spread.add(node)
        elif node.operation is algebra.MULTIPLY and any(a.columns is ONE for a in node.arguments):
            if not (node.rows is ONE or node.columns is ONE):
                spread.add(node)
    return spread
