"""What the lines of one derivation have in common: the variable, its change, the names given."""

from __future__ import annotations

from collections.abc import Iterable

from matdiff.calculus import differential_of
from matdiff.derivations.identities import PRODUCT_RULE, rules_of
from matdiff.derivations.known import Known
from matdiff.derivations.linear import arranged
from matdiff.derivations.names import Parts
from matdiff.derivations.simplifications import (
    by_definition,
    by_new_function,
    functions,
    respelled,
)
from matdiff.derivations.steps import Left, Reason, Step, joined
from matdiff.derivations.written import READ, alike
from matdiff.normal import shortest
from matdiff.operations.algebra import (
    ADD,
    MINUS_ONE,
    NUMBER_ONE,
    SCALE,
    SYMBOL,
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
from matdiff.rendering.length import length

SIMPLIFIED: Reason = ("simplified",)


class Lines:
    """The lines so far, of a derivation with respect to the symbol X."""

    __slots__ = ("X", "dX", "known", "parts", "rest", "steps")

    def __init__(self, X: Expression, parts: Parts) -> None:
        self.X, self.dX = X, symbol("d" + symbol_name(X), *X.shape)
        self.parts, self.known = parts, Known()
        self.steps: list[Step] = []
        self.rest: Reason = ()  # what is still to be done when the derivative is read off

    def say(self, left: Left, right: Expression, reason: str | Reason) -> None:
        """A line; it introduces the names given since the last one."""
        self.steps.append(Step(left, right, reason, self.parts.taken_up()))

    def go_on(self, left: Left, right: Expression, reason: str | Reason) -> None:
        """A line, unless it says what the one before says."""
        if not alike(right, self.steps[-1].right):
            self.say(left, right, reason)

    def differentiate(self, value: str, f: Expression) -> tuple[Expression, Expression] | None:
        """The line dY = …, with the rules used in it: its two sides; None if X is not in it."""
        left = symbol("d" + value, *f.shape)
        dY, dX = differential_of(f, self.X)
        rules = rules_of(f, self.X)
        by_products = rules[0] == PRODUCT_RULE
        change = arranged(dY, dX, multiplied_out=by_products) if dX in postorder(dY) else dY
        if dX not in postorder(change):
            self.say(left, zeros(*f.shape), (self.X, " has no part in it"))
            return None
        other = respelled(dY, change, dX)
        right = self.parts.in_line(change, dX)
        if functions(change) - functions(dY) and length(dY) <= READ:
            introduced, self.parts.introduced = self.parts.introduced, []
            self.say(left, dY, rules)
            self.parts.introduced = introduced
            rules = by_definition(dY, change) or by_new_function(dY)
            if not rules and not other:
                rules = ("simplified",)
        self.go_on(left, right, joined([rules, other]))
        return left, right

    def used_in(self, formulas: Iterable[Expression]) -> Reason:
        """What is known of variables and used when the formulas are simplified."""
        return self.known.used_in(formulas, self.parts.meaning)

    def read_off(self, reason: Reason, formula: Expression) -> Reason:
        """The reason for a formula that is read off the last line, whose names it may lack."""
        last = _names(self.steps[-1].right) & self.parts.given
        rest: list[Reason] = [("names put in",)] if last - _names(formula) else []
        rest += [self.rest] if self.rest else []
        self.rest = ()
        return joined([reason, *rest])

    def take_out(self, left: Expression, line: Expression) -> None:
        """The last line by a scalar variable: what stands before dt."""
        slope = self.collected(substitute(line, {self.dX: NUMBER_ONE}))
        whole = slope * self.dX if slope.is_scalar else scale(self.dX, slope)
        if length(whole) < length(line) or not self._is_in_front(line):
            self.go_on(left, whole, (self.dX, " taken out"))

    def _is_in_front(self, line: Expression) -> bool:
        """Whether a line is dt times something."""
        while line.operation is SCALE and self.dX not in line.arguments:
            line = line.arguments[1]
        return self.dX in line.arguments and line.operation is not ADD

    def collected(self, weight: Expression) -> Expression:
        """A sum of weights as short as it gets, with the names given or without."""
        whole = shortest(self.parts.written_out(weight))
        named = shortest(weight)
        return min(whole, named, key=length)


def _names(expression: Expression) -> set[str]:
    return {symbol_name(n) for n in postorder(expression) if n.operation is SYMBOL}


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
