"""A differential index by index, as a sentence: dY[i] = Σ_{j,k} A[i,j] B[j,k] dX[k]."""

from __future__ import annotations

from collections.abc import Iterable

from matdiff.calculus.networks import Axis, Network, NoMatrixForm, Term
from matdiff.operations.algebra import MINUS_ONE, NUMBER_ONE, Expression, is_ones
from matdiff.rendering import text

LETTERS = "ijklpqrstuvw"
LONGEST = 100  # characters of a sum that is still read with profit
OTHERWISE = "index by index: each sum over an index is a product, a Hadamard product or a diag"


def as_index_sum(dY: Expression, dX: Expression) -> str:
    """`entry [i] is Σ_{j,k} A[i,j] B[j,k] dX[k]`, for dY linear in the symbol dX."""
    try:
        network = Network(dY, dX)
    except NoMatrixForm:
        return OTHERWISE
    if len(network.terms) != 1:
        return OTHERWISE
    (term,) = network.terms
    factors = _factors(network, term, dY, dX)
    if any(len(axis) > 1 for _, *axes in factors for axis in axes):
        return OTHERWISE  # indices that stand in groups
    entry = (*term.rows, *term.columns)
    indices = dict.fromkeys((*entry, *(i for _, *axes in factors for axis in axes for i in axis)))
    if len(indices) > len(LETTERS):
        return OTHERWISE
    letters = dict(zip(indices, LETTERS, strict=False))
    summed = ",".join(letter for index, letter in letters.items() if index not in entry)
    sums = f"Σ_{{{summed}}} " if summed else ""
    product = " ".join(_written(factor) + _subscript(axes, letters) for factor, *axes in factors)
    weight = _weight(term.coefficient)
    written = f"entry {_subscript((entry,), letters)} is {weight}{sums}{product}"
    return written if len(written) <= LONGEST else OTHERWISE


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


def _written(factor: Expression) -> str:
    return f"({text(factor)})" if factor.arguments else text(factor)


def _weight(coefficient: Expression) -> str:
    if coefficient is MINUS_ONE:
        return "-"
    return "" if coefficient is NUMBER_ONE else f"{text(coefficient)} "


def _subscript(axes: Iterable[Axis], letters: dict[int, str]) -> str:
    inside = ",".join(letters[index] for axis in axes for index in axis)
    return f"[{inside}]" if inside else ""
