"""A column's or matrix's differential, until vec(dY) = J vec(dX).

Operation by operation, vec(A Z B) = (B'⊗A) vec(Z); where what that gives is not the short formula,
index by index instead: what the sum over an index gives is a part with a name.
"""

from __future__ import annotations

from functools import reduce

from matdiff.calculus import jacobians
from matdiff.calculus.networks import NoMatrixForm
from matdiff.calculus.readback import matrices
from matdiff.derivations.identities import joined, vec_move
from matdiff.derivations.index_sums import OTHERWISE, as_index_sum
from matdiff.derivations.linear import in_twos, operator
from matdiff.derivations.lines import Lines, times
from matdiff.derivations.walk import Walk
from matdiff.normal import shortest
from matdiff.operations.algebra import (
    COMMUTATION,
    Expression,
    add,
    identity,
    multiply,
    postorder,
)
from matdiff.operations.linear import KRONECKER, vec
from matdiff.rendering.length import length

APART = "terms and scalars apart"
MUCH = 4  # tokens by which what the operations give may be longer than the derivative


def by_vec(lines: Lines, value: str, f: Expression) -> None:
    """The lines from dY to vec(dY) = J vec(dX)."""
    found = lines.differentiate(value, f)
    if found is None:
        return
    left, line = found
    if lines.X.is_scalar:
        lines.take_out(left, line)
        return
    left = vec(left)
    aim = shortest(*jacobians(f, lines.X))
    mark = lines.parts.mark()
    steps = lines.steps
    lines.steps = [steps[-1]]
    try:
        J: Expression | None = _by_operations(lines, left, line)
    except NoMatrixForm:
        J = None
    if J is None or not _serves(lines, shortest(lines.parts.written_out(J)), aim, line):
        lines.parts.reset(mark)
        lines.steps = [steps[-1]]
        J = _by_indices(lines, left, line)
    if J is None or shortest(lines.parts.written_out(J)) is not aim:
        lines.go_on(left, times(aim, lines.dX), _last_reason(J))
    lines.steps = steps + lines.steps[1:]


def _last_reason(J: Expression | None) -> str:
    """What the last step does: commutation matrices change sides, or names are put in."""
    operations = {node.operation for node in postorder(J)} if J is not None else set()
    if operations >= {COMMUTATION, KRONECKER}:
        return "K(p,m)(A⊗B) = (B⊗A)K(q,n) for A m×n, B p×q"
    return "names put in, and simplified"


def _serves(lines: Lines, J: Expression, aim: Expression, line: Expression) -> bool:
    """Whether what the operations give is to be kept: it is the short formula, or it is not much
    longer and there is no one sum over indices that would lead there."""
    if J is aim:
        return True
    is_sum = as_index_sum(in_twos(line), lines.dX) != OTHERWISE
    return not is_sum and length(J) <= length(aim) + MUCH


def _by_operations(lines: Lines, left: Expression, line: Expression) -> Expression:
    walk = Walk(line, lines.dX, identity(line.rows * line.columns), _through)
    while not walk.arrived:
        paths = walk.advance()
        for term in walk.terms:
            term.weight = lines.parts.with_names(shortest(term.weight))
        right = reduce(add, (times(term.weight, term.part) for term in walk.terms))
        lines.go_on(left, right, joined([vec_move(path) for path in paths]) or APART)
    J = lines.collected(walk.collected())
    lines.go_on(left, times(J, lines.dX), "collected")
    return J


def _by_indices(lines: Lines, left: Expression, line: Expression) -> Expression | None:
    """One line: the sum over the indices, what each gives with a name; None if there is none."""
    line = in_twos(line)
    try:
        found = matrices(line, lines.dX, by_column=True, named=lines.parts.of_sum)
    except NoMatrixForm:
        lines.parts.taken_up()
        return None
    J = lines.parts.turned(lines.parts.opened(min(map(shortest, found), key=length)))
    lines.go_on(left, times(J, lines.dX), as_index_sum(line, lines.dX))
    return J


def _through(M: Expression, node: Expression, i: int) -> Expression:
    return multiply(M, operator(node, i))
