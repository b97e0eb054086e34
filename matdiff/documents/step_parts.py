"""What the lines of a derivation are made of, for formats that typeset them."""

from __future__ import annotations

from matdiff.derivations.steps import Partial, Reason, Step
from matdiff.operations.algebra import SYMBOL, Expression, postorder, symbol_name


def changes_of(steps: list[Step]) -> set[str]:
    """The names dX, dY … that stand for a change and not for a variable of the function."""
    known = _names(steps[0].right)
    formulas = [step.right for step in steps]
    formulas += [step.left for step in steps if not isinstance(step.left, Partial)]
    return {name for name in _names(*formulas) if is_change(name) and name not in known}


def changes_in(piece: Expression) -> set[str]:
    """The names of a formula in a reason that stand for changes: rules speak of A, dA, B, dB."""
    return {name for name in _names(piece) if is_change(name)}


def is_change(name: str) -> bool:
    return len(name) > 1 and name[0] in "d∂"


def separated(why: Reason) -> list[Reason]:
    """The reasons of a line, between which semicolons stand."""
    found: list[Reason] = [()]
    for piece in why:
        if piece == "; ":
            found.append(())
        else:
            found[-1] += (piece,)
    return found


def _names(*formulas: Expression) -> set[str]:
    return {symbol_name(n) for n in postorder(*formulas) if n.operation is SYMBOL}
