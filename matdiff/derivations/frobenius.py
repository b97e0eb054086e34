"""A scalar's differential, moved across the colon until dY = G : dX."""

from __future__ import annotations

from functools import reduce

from matdiff.calculus import gradient
from matdiff.derivations.identities import frobenius_move, scalar_move
from matdiff.derivations.linear import pulled
from matdiff.derivations.lines import SIMPLIFIED, Lines, against
from matdiff.derivations.steps import MOST_MOVES, joined
from matdiff.derivations.walk import Walk
from matdiff.derivations.written import alike
from matdiff.normal import shortest
from matdiff.operations.algebra import MULTIPLY, NUMBER_ONE, Expression, add


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
        known = lines.used_in(term.weight for term in walk.terms)
        _name_weights(lines, walk)
        right = reduce(add, (against(term.weight, term.part) for term in walk.terms))
        moves = joined([frobenius_move(*way) for way in paths], MOST_MOVES)
        lines.go_on(left, right, joined([moves or scalar_move(lines.dX), known]))
    G = lines.collected(walk.collected())
    lines.go_on(left, against(G, lines.dX), "collected")
    aim = shortest(gradient(f, lines.X))
    if not alike(shortest(lines.parts.written_out(G)), aim):
        lines.rest = SIMPLIFIED
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
