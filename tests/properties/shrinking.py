"""The smallest expression found for which a relation still does not hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from random import Random

from matdiff.operations.algebra import Expression, make, postorder, rebuild
from matdiff.rendering import text
from properties.cases import Case, Relation, Violation, hold
from properties.typed import Typed, named

ATTEMPTS = 300


def smallest(case: Case, stated: Relation) -> str:
    """Its text; parts are replaced by smaller ones as long as the relation fails."""
    Y, tried, found = case.Y, 0, True
    while found:
        found = False
        for smaller in _smaller(Y, case.X):
            tried += 1
            if tried > ATTEMPTS:
                break
            if _fails(case, smaller, stated):
                Y, found = smaller, True
                break
    return text(Y)


def _smaller(Y: Expression, X: Expression) -> Iterator[Expression]:
    """The expression with one part replaced by something of its shape, large parts first."""
    for node in reversed(postorder(Y)):
        if not node.arguments:
            continue
        inside = [n for n in postorder(node) if n is not node and n.shape == node.shape]
        for part in (*inside, named("N", *node.shape)):
            new = _replaced(Y, node, part)
            if X in postorder(new):
                yield new


def _replaced(Y: Expression, old: Expression, new: Expression) -> Expression:
    def change(node: Expression, arguments: tuple[Expression, ...]) -> Expression:
        if node is old:
            return new
        return make(node.operation, arguments, node.shape, node.parameters)

    return rebuild(Y, change)


def _fails(case: Case, Y: Expression, stated: Relation) -> bool:
    """Whether the relation fails for Y, with all that is drawn beside it drawn again."""
    typed = Typed(Random(case.seed), case.X, case.typed.off)
    try:
        hold(Case(typed, Y, case.seed), stated, Counter())
    except Violation:
        return True
    except Exception:  # an expression that fails in another way is another failure
        return False
    return False
