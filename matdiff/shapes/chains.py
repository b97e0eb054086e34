"""Chains of products, read by their shapes.

A chain is a flat list of operands and operators.  `/` binds one operand and is settled first.  A
run of one operator is folded; a mixed run is searched for all bracketings whose shapes agree.
"""

from __future__ import annotations

from matdiff.errors import ShapeProblem
from matdiff.shapes.bracketings import has_unknowns, longest_searched, search
from matdiff.shapes.candidates import Candidate
from matdiff.shapes.joining import Operand, conventional, fold
from matdiff.shapes.quotients import settle_quotients
from matdiff.shapes.scope import Scope
from matdiff.syntax.tree import Chain


def read_chain(scope: Scope, tree: Chain, lists: list[list[Candidate]]) -> list[Candidate]:
    """All readings of a chain whose operands have these candidates; ShapeProblem if none."""
    if "⊛" in tree.operators:
        raise ShapeProblem(
            "the column-wise Kronecker product ⊛ is not supported yet",
            span=tree.operator_spans[tree.operators.index("⊛")],
            code="MX214",
        )
    operands: list[Operand] = list(zip(tree.operands, lists, strict=True))
    signs = tree.operators
    if "/" in signs:
        operands, signs = settle_quotients(scope, tree, operands)
        if len(operands) == 1:
            return operands[0][1]
    operators = ["" if sign == "*" else sign for sign in signs]
    if operators[0] != "⊘" and all(operator == operators[0] for operator in operators):
        found = fold(scope, operands, operators[0], signs)
        single = all(len(candidates) == 1 for _, candidates in operands)
        if single and isinstance(found, Candidate) and not found.bindings.doubt:
            return [found]
        if single and not has_unknowns(operands) and isinstance(found, ShapeProblem):
            raise found
    else:
        found = conventional(scope, operands, operators, signs)
    if len(operands) <= longest_searched(operands):
        readings = search(scope, tree, operands, operators)
        if readings:
            return readings
    if isinstance(found, ShapeProblem):
        raise found
    return [found]
