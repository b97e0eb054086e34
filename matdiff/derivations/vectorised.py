"""A column's or matrix's differential, until vec(dY) = J vec(dX).

Operation by operation, vec(A Z B) = (B'⊗A) vec(Z); where what that gives is not the short formula,
index by index instead: what the sum over an index gives is a part with a name.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from functools import reduce

from matdiff.calculus import jacobians
from matdiff.calculus.networks import NoMatrixForm
from matdiff.calculus.readback import matrices
from matdiff.derivations.identities import vec_move
from matdiff.derivations.index_sums import OTHERWISE, as_index_sum
from matdiff.derivations.linear import in_twos, operator
from matdiff.derivations.lines import SIMPLIFIED, Lines, times
from matdiff.derivations.simplifications import simplification
from matdiff.derivations.steps import MOST_MOVES, joined
from matdiff.derivations.walk import Walk
from matdiff.derivations.written import alike
from matdiff.normal import shortest
from matdiff.operations.algebra import (
    TRANSPOSE,
    Expression,
    add,
    identity,
    multiply,
)
from matdiff.operations.linear import VEC, vec
from matdiff.rendering.length import length

Way = Callable[[Lines, Expression, Expression], Expression]
MOST = 2  # times the derivative is what is still read
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
    best = _Attempt(lines, _by_operations, left, line, aim)
    if not best.arrives:
        other = _Attempt(lines, _by_indices, left, line, aim)
        best = min(best, other, key=lambda attempt: attempt.rank)
    best.take_up(lines)
    if best.arrives:
        return
    if best.J is None:
        lines.go_on(left, times(aim, lines.dX), OTHERWISE)
    elif best.rule:
        lines.go_on(left, times(aim, lines.dX), best.rule)
    else:
        lines.rest = SIMPLIFIED


class _Rank(IntEnum):
    """How well an attempt explains the derivative, the best first."""

    ARRIVES = 1  # operation by operation, perhaps with one rule at the end
    INDICES_ARRIVE = 2
    SHORT = 3  # a formula not much longer than the derivative
    INDICES = 4
    READABLE = 5
    UNTOLD_INDICES = 6  # the sum is too long to be told
    LONG = 7
    NOWHERE = 8


class _Attempt:
    """The lines of one way to vec(dY) = J vec(dX); what it told and named is forgotten again.

    J        what it leads to, in the names that it gives; None if it leads nowhere
    arrives  whether that is the derivative as it is to be written, the `aim`
    rule     what makes the aim of J, if it is one rule
    """

    __slots__ = ("J", "_mark", "_steps", "_told", "arrives", "rank", "rule")

    def __init__(
        self, lines: Lines, way: Way, left: Expression, line: Expression, aim: Expression
    ) -> None:
        before, start, told = lines.steps, lines.parts.mark(), set(lines.known.told)
        lines.steps = before[-1:]
        self.J: Expression | None = None
        try:
            self.J = way(lines, left, line)
        except NoMatrixForm:
            lines.parts.taken_up()
        self._steps, self._mark, self._told = lines.steps[1:], lines.parts.mark(), lines.known.told
        whole = None if self.J is None else shortest(lines.parts.written_out(self.J))
        self.arrives = whole is not None and alike(whole, aim)
        names = self.J is not None and lines.parts.written_out(self.J) is not self.J
        self.rule = () if self.J is None else simplification(self.J, has_names=names)
        self.rank = self._rank(whole, aim, way is _by_operations)
        lines.steps, lines.known.told = before, told
        lines.parts.reset(start)

    def take_up(self, lines: Lines) -> None:
        """Let the lines go on with this attempt."""
        lines.steps = lines.steps + self._steps
        lines.known.told = self._told
        lines.parts.reset(self._mark)

    def _rank(self, whole: Expression | None, aim: Expression, by_operations: bool) -> _Rank:
        if whole is None:
            return _Rank.NOWHERE
        if not by_operations:
            is_told = bool(self._steps) and self._steps[0].why != OTHERWISE
            told = _Rank.INDICES_ARRIVE if self.arrives else _Rank.INDICES
            return told if is_told else _Rank.UNTOLD_INDICES
        is_short = length(whole) <= length(aim) + MUCH
        if self.arrives or (is_short and self.rule):
            return _Rank.ARRIVES
        if is_short:
            return _Rank.SHORT
        return _Rank.READABLE if length(whole) <= MOST * length(aim) else _Rank.LONG


def _by_operations(lines: Lines, left: Expression, line: Expression) -> Expression:
    walk = Walk(line, lines.dX, identity(line.rows * line.columns), _through)
    moved = False
    while not walk.arrived:
        paths, moved = walk.advance(), True
        known = lines.used_in(term.weight for term in walk.terms)
        for term in walk.terms:
            term.weight = lines.parts.with_names(shortest(term.weight))
        right = reduce(add, (times(term.weight, term.part) for term in walk.terms))
        reason = joined([vec_move(path) for _, path in paths], MOST_MOVES) or (_apart(left),)
        lines.go_on(left, right, joined([reason, known]))
    J = lines.collected(walk.collected())
    lines.go_on(left, times(J, lines.dX), "collected" if moved else _apart(left))
    return J


def _apart(left: Expression) -> str:
    """What is done where no operation is passed: vec of both sides, or terms are multiplied out."""
    if left.operation is VEC:
        return "vec of both sides"
    return "transposed" if left.operation is TRANSPOSE else "multiplied out"


def _by_indices(lines: Lines, left: Expression, line: Expression) -> Expression:
    """One line: the sum over the indices, what each gives with a name.

    NoMatrixForm if there is none."""
    line = in_twos(line)
    found = matrices(line, lines.dX, by_column=True, named=lines.parts.of_sum)
    J = lines.parts.turned(lines.parts.opened(min(map(shortest, found), key=length)))
    lines.go_on(left, times(J, lines.dX), as_index_sum(line, lines.dX))
    return J


def _through(M: Expression, node: Expression, i: int) -> Expression:
    return multiply(M, operator(node, i))
