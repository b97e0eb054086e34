"""A differential index by index, as a sentence: dY[i] = Σ_{j,k} A[i,j] B[j,k] dX[k]."""

from __future__ import annotations

from collections.abc import Iterable

from matdiff.calculus.networks import Axis, Network, NoMatrixForm, Term
from matdiff.derivations.steps import Reason, Signs, told
from matdiff.operations.algebra import MINUS_ONE, NUMBER_ONE, Expression, is_ones

LETTERS = "ijklpqrstuvw"
LONGEST = 100  # characters of a sum that is still read with profit
OTHERWISE: Reason = ("entry by entry, the sums over indices in matrix notation",)


def as_index_sum(dY: Expression, dX: Expression) -> Reason:
    """`entry [i] is Σ_{j,k} A[i,j] B[j,k] dX[k]`, for dY linear in the symbol dX."""
    try:
        network = Network(dY, dX)
    except NoMatrixForm:
        return OTHERWISE
    terms = [_term(network, term, dY, dX) for term in network.terms]
    if not terms or () in terms:
        return OTHERWISE
    rows, columns = network.terms[0].rows, network.terms[0].columns
    if len(rows) > 1 or len(columns) > 1:  # indices that stand in groups
        return OTHERWISE
    entry = _subscript((rows, columns), dict(zip((*rows, *columns), LETTERS, strict=False)))
    written: Reason = ("entry ", entry, " is ", *terms[0])
    for term in terms[1:]:
        negative = term[0] == "-"
        written += (Signs(" - " if negative else " + "), *term[negative:])
    return written if len(told(written)) <= LONGEST else OTHERWISE


def _term(network: Network, term: Term, dY: Expression, dX: Expression) -> Reason:
    """`-Σ_{j} A[i,j] dX[j]`; empty if there are too many indices, or they stand in groups."""
    factors = _factors(network, term, dY, dX)
    if any(len(axis) > 1 for _, *axes in factors for axis in axes):
        return ()
    entry = (*term.rows, *term.columns)
    indices = dict.fromkeys((*entry, *(i for _, *axes in factors for axis in axes for i in axis)))
    if len(indices) > len(LETTERS):
        return ()
    letters = dict(zip(indices, LETTERS, strict=False))
    written = _weight(term.coefficient)
    summed = ",".join(letter for index, letter in letters.items() if index not in entry)
    written += (Signs(f"Σ_{{{summed}}} "),) if summed else ()
    for factor, *axes in factors:
        written += (*_bracketed(factor), _subscript(axes, letters), Signs(" "))
    return written[:-1]


def _factors(
    network: Network, term: Term, dY: Expression, dX: Expression
) -> list[tuple[Expression, Axis, Axis]]:
    """The factors and dX, as they follow each other in dY."""
    place: dict[Expression, int] = {}
    stack = [dY]
    while stack:
        node = stack.pop()
        if node not in place:
            place[node] = len(place)
            stack.extend(reversed(node.arguments))
    factors = [factor for factor in term.factors if not is_ones(factor[0])]
    factors.append((dX, *network.input_axes))
    return sorted(factors, key=lambda factor: place.get(factor[0], 0))


def _bracketed(factor: Expression) -> Reason:
    return (Signs("("), factor, Signs(")")) if factor.arguments else (factor,)


def _weight(coefficient: Expression) -> Reason:
    if coefficient is MINUS_ONE:
        return (Signs("-"),)
    return () if coefficient is NUMBER_ONE else (coefficient, Signs(" "))


def _subscript(axes: Iterable[Axis], letters: dict[int, str]) -> Signs:
    inside = ",".join(letters[index] for axis in axes for index in axis)
    return Signs(f"[{inside}]" if inside else "")
