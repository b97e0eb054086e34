"""The definitions of a file as intermediate variables of an expression that uses them."""

from __future__ import annotations

from collections.abc import Mapping

from matdiff.operations import REGISTRY
from matdiff.operations.algebra import SYMBOL, Expression, postorder, substitute, symbol


class Intermediate:
    """A definition that an expression uses: V stands for `body`, which may use earlier ones;
    `whole` is the same in variables only."""

    __slots__ = ("body", "name", "symbol", "whole")

    def __init__(self, name: str, body: Expression, whole: Expression) -> None:
        self.name, self.body, self.whole = name, body, whole
        self.symbol = symbol(name, *whole.shape)


def split(
    expression: Expression, definitions: Mapping[str, Expression], X: Expression
) -> tuple[Expression, list[Intermediate]]:
    """The expression with symbols for the definitions in it that depend on X, and these in the
    order in which they use each other.

    A definition that is the whole expression, or a mere variable, is no intermediate.
    """
    known: dict[Expression, Expression] = {}
    found: dict[Expression, Intermediate] = {}
    for name, whole in definitions.items():
        if whole is not expression and whole not in known and _depends(whole, X):
            each = Intermediate(name, substitute(whole, known), whole)
            known[whole], found[each.symbol] = each.symbol, each
    body = substitute(expression, known)
    wanted: set[Expression] = set(postorder(body))
    used: list[Intermediate] = []
    for each in reversed(found.values()):
        if each.symbol in wanted:
            used.append(each)
            wanted.update(postorder(each.body))
    return body, used[::-1]


def _depends(whole: Expression, X: Expression) -> bool:
    return bool(whole.arguments) and X in postorder(whole)


def name_of(expression: Expression, definitions: Mapping[str, Expression]) -> str | None:
    """The name that the expression itself was defined with."""
    return next((name for name, whole in definitions.items() if whole is expression), None)


def names_in(*expressions: Expression) -> set[str]:
    """Names that stand in expressions, of variables and sizes, and those of all constants, since
    the Jacobians of parts may hold constants that the expressions lack."""
    found = {record.notation.symbol for record in REGISTRY if record.notation.form == "atom"}
    for node in postorder(*expressions):
        found.update(str(parameter) for parameter in node.parameters)
        for side in node.shape:
            found |= side.names()
        if node.operation is SYMBOL:
            found.add(str(node.parameters[0]))
    return found
