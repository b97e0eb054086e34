"""What the lines of one derivation have in common: the variable, its change, the names given."""

from __future__ import annotations

from matdiff.calculus import differential_of
from matdiff.derivations.identities import rules_of
from matdiff.derivations.linear import arranged
from matdiff.derivations.names import Parts
from matdiff.derivations.steps import Left, Step
from matdiff.normal import shortest
from matdiff.operations.algebra import (
    MINUS_ONE,
    NUMBER_ONE,
    SCALE,
    Expression,
    inner,
    multiply,
    postorder,
    scale,
    substitute,
    symbol,
    symbol_name,
    zeros,
)
from matdiff.operations.linear import vec
from matdiff.operations.record import Operation
from matdiff.rendering import text
from matdiff.rendering.length import length

READ = 250  # tokens of a line that is compared with the one before as it is written


class Lines:
    """The lines so far, of a derivation with respect to the symbol X."""

    __slots__ = ("X", "dX", "parts", "steps")

    def __init__(self, X: Expression, parts: Parts) -> None:
        self.X, self.dX = X, symbol("d" + symbol_name(X), *X.shape)
        self.parts = parts
        self.steps: list[Step] = []

    def say(self, left: Left, right: Expression, reason: str) -> None:
        """A line; it introduces the names given since the last one."""
        self.steps.append(Step(left, right, reason, self.parts.taken_up()))

    def go_on(self, left: Left, right: Expression, reason: str) -> None:
        """A line, unless it says what the one before says."""
        last = self.steps[-1].right
        if right is last:
            return
        if length(right) != length(last) or length(right) > READ or text(right) != text(last):
            self.say(left, right, reason)

    def differentiate(self, value: str, f: Expression) -> tuple[Expression, Expression] | None:
        """The line dY = …, with the rules used in it: its two sides; None if X is not in it."""
        left = symbol("d" + value, *f.shape)
        dY, dX = differential_of(f, self.X)
        change = arranged(dY, dX) if dX in postorder(dY) else dY
        if dX not in postorder(change):
            self.say(left, zeros(*f.shape), f"{symbol_name(self.X)} has no part in it")
            return None
        rules = rules_of(f, self.X)
        if _functions(change) - _functions(dY) and length(dY) <= READ:
            self.say(left, dY, rules)
            rules = "simplified"
        right = self.parts.in_line(change, dX)
        self.go_on(left, right, rules)
        return left, right

    def take_out(self, left: Expression, line: Expression) -> None:
        """The last line by a scalar variable: what stands before dt."""
        slope = self.collected(substitute(line, {self.dX: NUMBER_ONE}))
        whole = slope * self.dX if slope.is_scalar else scale(self.dX, slope)
        self.go_on(left, whole, f"{symbol_name(self.dX)} taken out")

    def collected(self, weight: Expression) -> Expression:
        """A sum of weights as short as it gets, with the names given or without."""
        whole = shortest(self.parts.written_out(weight))
        named = shortest(weight)
        return min(whole, named, key=length)


def _functions(expression: Expression) -> set[Operation]:
    """The functions in it that have a name."""
    return {n.operation for n in postorder(expression) if n.operation.notation.form == "function"}


def against(weight: Expression, part: Expression) -> Expression:
    """weight : part, a minus in front."""
    opposite = shortest(scale(MINUS_ONE, weight))
    if not part.is_scalar and length(opposite) < length(weight):
        return scale(MINUS_ONE, inner(opposite, part))
    return inner(weight, part)


def times(weight: Expression, part: Expression) -> Expression:
    """weight vec(part), a scalar in front."""
    if weight.operation is SCALE:
        return scale(weight.arguments[0], multiply(weight.arguments[1], vec(part)))
    return multiply(weight, vec(part))
