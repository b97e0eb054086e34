"""A scalar's differential, moved across the colon until dY = G : dX."""

from __future__ import annotations

from functools import reduce

from matdiff.calculus import gradient
from matdiff.derivations.identities import frobenius_move, joined
from matdiff.derivations.linear import pulled
from matdiff.derivations.lines import Lines, against
from matdiff.derivations.walk import Walk
from matdiff.normal import shortest
from matdiff.operations.algebra import MULTIPLY, NUMBER_ONE, Expression, add

APART = "terms and scalars apart"


def by_frobenius(lines: Lines, value: str, f: Expression) -> Expression | None:
    """The lines from dY to dY = G : dX for a scalar f; G, or None if X is not in f."""
    found = lines.differentiate(value, f)
    if found is None:
        return None
    left, line = found
    if lines.X.is_scalar:
        lines.take_out(left, line)
        return None
    walk = Walk(line, lines.dX, NUMBER_ONE, pulled)
    while not walk.arrived:
        paths = walk.advance()
        _name_weights(lines, walk)
        right = reduce(add, (against(term.weight, term.part) for term in walk.terms))
        reasons = [frobenius_move(path, path[0][0].is_scalar) for path in paths]
        lines.go_on(left, right, joined(reasons) or APART)
    G = lines.collected(walk.collected())
    lines.go_on(left, against(G, lines.dX), "collected")
    aim = shortest(gradient(f, lines.X))
    if shortest(lines.parts.written_out(G)) is not aim:
        lines.go_on(left, against(aim, lines.dX), "names put in, and simplified")
        G = aim
    return G


def _name_weights(lines: Lines, walk: Walk) -> None:
    """Weights as they are to stand in the line: short, or a name."""
    for term in walk.terms:
        term.weight = shortest(term.weight)
        if term.part is not lines.dX and not term.part.is_scalar:
            bracketed = term.part.operation is MULTIPLY
            term.weight = lines.parts.of_weight(term.weight, bracketed=bracketed)
    for term in walk.terms:
        term.weight = lines.parts.with_names(term.weight)
