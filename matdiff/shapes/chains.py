"""Chains of products, read by their shapes.

A chain is a flat list of operands and operators.  `/` binds one operand and is settled first.  A
run of one operator is folded; a mixed run is searched for all bracketings whose shapes agree.
"""

from __future__ import annotations

from collections.abc import Sequence

from matdiff.errors import ShapeProblem
from matdiff.operations.algebra import Expression
from matdiff.shapes.bracketings import has_unknowns, longest_searched, search
from matdiff.shapes.candidates import Build, Candidate, Plan
from matdiff.shapes.dots import DOT, read_dots
from matdiff.shapes.joining import Operand, conventional, fold
from matdiff.shapes.quotients import settle_quotients
from matdiff.shapes.scope import Scope
from matdiff.shapes.unify import Bindings
from matdiff.shapes.writing import text_of
from matdiff.syntax.tree import Chain


def read_chain(scope: Scope, tree: Chain, lists: list[list[Candidate]]) -> list[Candidate]:
    """All readings of a chain whose operands have these candidates; ShapeProblem if none."""
    if DOT in tree.operators:
        return read_dots(scope, tree, lists, read_chain)
    operands: list[Operand] = list(zip(tree.operands, lists, strict=True))
    signs, ends = tree.operators, list(range(len(operands)))
    if "/" in signs:
        operands, signs, ends = settle_quotients(scope, tree, operands)
        if len(operands) == 1:
            return operands[0][1]
    operators = ["" if sign == "*" else sign for sign in signs]
    if operators[0] != "⊘" and _is_uniform(operators):
        found = fold(scope, operands, operators[0], signs)
        single = all(len(candidates) == 1 for _, candidates in operands)
        if single and isinstance(found, Candidate) and not found.bindings.doubt:
            return [found]
        if single and not has_unknowns(operands) and isinstance(found, ShapeProblem):
            raise found
    else:
        found = conventional(scope, operands, operators, signs)
    longest = longest_searched(operands)
    if len(operands) <= longest:
        readings = search(scope, tree, operands, operators, ends)
        if readings:
            return readings
    if isinstance(found, ShapeProblem):
        raise found
    if len(operands) > longest and not _is_uniform(operators):
        found.plan = Plan(_telling(scope, tree, longest), (found.plan,))
    return [found]


def _is_uniform(operators: list[str]) -> bool:
    return all(operator == operators[0] for operator in operators)


def _telling(scope: Scope, tree: Chain, longest: int) -> Build:
    """The build of a chain too long to be searched, which says so."""

    def build(parts: Sequence[Expression], _: Bindings) -> Expression:
        scope.forks.append(
            f"the chain {text_of(tree)} has more than {longest} operands, so only the usual "
            "reading was tried: products first, then from the left"
        )
        return parts[0]

    return build
