"""How a derivative is found, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from matdiff.derivations.derivation import derivation
from matdiff.derivations.repeated import repetition, steps_by_entries
from matdiff.derivations.rules import rules
from matdiff.derivations.steps import Partial, Step
from matdiff.derivatives import Derivative
from matdiff.operations.algebra import Expression, symbol_name

DIFFERENTIALS, RULES = "differentials", "rules"
WAYS = (DIFFERENTIALS, RULES)

__all__ = ["DIFFERENTIALS", "RULES", "WAYS", "Partial", "Step", "steps_of"]


def steps_of(
    way: str,
    derivative: Derivative,
    definitions: Mapping[str, Expression],
    taken: Iterable[str] = (),
) -> list[Step]:
    """The steps to a derivative, by differentials or by the rules of lecture notes.

    `definitions` are expressions that have a name; `taken` are names that parts must not be given.
    """
    name = symbol_name(derivative.wrt)
    repeated = repetition(name, definitions[name]) if name in definitions else None
    if repeated is not None:  # there is no way by differentials
        return steps_by_entries(derivative, repeated, definitions)
    if way == RULES:
        return rules(derivative, definitions)
    return derivation(derivative, taken)
