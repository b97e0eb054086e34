"""What is known of variables and parts and has been used in a line: `A is symmetric`."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from matdiff.derivations.names import is_known_symmetric
from matdiff.derivations.steps import Reason, joined
from matdiff.normal import shortest
from matdiff.normal.properties import has
from matdiff.operations.algebra import (
    SYMBOL,
    TRANSPOSE,
    Expression,
    postorder,
    substitute,
    symbol,
    symbol_name,
    symbol_properties,
)
from matdiff.rendering import text
from matdiff.rendering.length import length

LONGEST = 12  # tokens of a part of which something is said
READ = 100  # of a formula that is looked through


class Known:
    """What has been told in the lines so far, besides what names say of their parts."""

    __slots__ = ("told",)

    def __init__(self) -> None:
        self.told: set[Expression] = set()

    def used_in(self, formulas: Iterable[Expression], named: Collection[Expression]) -> Reason:
        """What is used, and has not been told, when these are simplified; `named` are symbols that
        tell of themselves."""
        short = [formula for formula in formulas if length(formula) <= READ]
        found: list[Reason] = []
        for node in postorder(*short):
            if node in self.told or node in named:
                continue
            reason: Reason = ()
            if node.operation is SYMBOL and symbol_properties(node):
                reason = (node, " is ", _named(node)) if _matters(node, short) else ()
            elif node.operation is TRANSPOSE and node.arguments[0] not in self.told:
                (node,) = node.arguments
                reason = (node, " is symmetric") if _is_symmetric_part(node) else ()
            if reason:
                self.told.add(node)
                found.append(reason)
        return joined(found)


def _named(variable: Expression) -> str:
    """`symmetric`; of other properties the one that was declared."""
    properties = symbol_properties(variable)
    return "symmetric" if "spd" in properties or "symmetric" in properties else properties[0]


def _matters(variable: Expression, formulas: list[Expression]) -> bool:
    """Whether a formula would be longer, or another, if nothing were known of the variable."""
    bare = symbol(symbol_name(variable), *variable.shape)
    holding = [formula for formula in formulas if variable in postorder(formula)]
    unknown = [substitute(formula, {variable: bare}) for formula in holding]
    return any(differs(formula, {bare: variable}) for formula in unknown)


def differs(formula: Expression, known: dict[Expression, Expression]) -> bool:
    """Whether a formula is simplified to another if more is known of its variables."""
    return text(shortest(formula)) != text(shortest(substitute(formula, known)))


def still(line: Expression, dX: Expression) -> list[Expression]:
    """The parts of a line that stand beside what holds dX; the line itself where nothing does."""
    found: list[Expression] = []
    moving = {dX}
    for node in postorder(line):
        if any(argument in moving for argument in node.arguments):
            moving.add(node)
            found += (argument for argument in node.arguments if argument not in moving)
    return found or [line]


def _is_symmetric_part(part: Expression) -> bool:
    if not part.arguments or length(part) > LONGEST or has(part, "diagonal"):
        return False
    return is_known_symmetric(part) and text(shortest(part)) == text(part)
