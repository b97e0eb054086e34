"""Names for the parts that do not move, given as they arise.

What would have to stand in brackets in the next line, what is long, and what occurs again gets a
name, and keeps it to the end.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from matdiff.derivations.steps import Where
from matdiff.normal import normalise, shortest
from matdiff.normal.parts import Names
from matdiff.normal.properties import properties_of
from matdiff.operations.algebra import (
    ADD,
    SCALE,
    TRANSPOSE,
    Expression,
    make,
    postorder,
    scale,
    substitute,
    symbol,
    symbol_name,
    symbol_properties,
)
from matdiff.rendering.length import length

LONG = 9  # tokens of a part that gets a name wherever it stands
BRACKETED = 3  # of one that would need brackets
CALLED = ("K", "D", "e")  # names of constants that take sizes
TOLD = frozenset({"symmetric", "skew", "diagonal"})  # what a name tells of its part
REPEATED = 5  # of one that occurs twice in a line


class Parts:
    """The names given so far.

    `offered` are names that the printed derivative has for parts: those are taken if they come up.
    `given` are the names in use, `introduced` those of the line in the making.
    """

    __slots__ = ("given", "introduced", "known", "meaning", "names", "offered", "spelled")

    def __init__(self, taken: Iterable[str], where: Where = ()) -> None:
        self.names = Names(taken)
        self.offered: dict[Expression, str] = {}
        self.known: dict[Expression, Expression] = {}  # normal form -> its symbol
        self.meaning: dict[Expression, Expression] = {}  # symbol -> formula, written out
        self.spelled: dict[Expression, Expression] = {}  # formula as it was first seen -> symbol
        self.introduced: list[tuple[str, Expression]] = []
        self.given: set[str] = set()
        formulas: dict[Expression, Expression] = {}
        for name, part in where:
            whole = substitute(part, formulas)
            formulas[symbol(name, *part.shape)] = whole
            self.offered[normalise(whole)] = name

    def named(self, part: Expression, *, called: bool = False) -> Expression:
        """The symbol for a part that does not move, its scalar factor in front of it.

        `called`: it may come to stand before a bracket, where K would be the commutation matrix.
        """
        if part.operation is SCALE:
            return scale(part.arguments[0], self.named(part.arguments[1], called=called))
        if part.operation is TRANSPOSE:
            return self.named(part.arguments[0], called=called).T
        if not part.arguments:
            return part
        meaning = self.written_out(part)
        whole = normalise(meaning)
        found = self.known.get(whole)
        if found is None:
            name = self.offered.get(whole) or self.names.next(part)
            while called and name in CALLED:
                name = self.names.next(part)
            found = symbol(name, *part.shape, properties_of(whole) & TOLD)
            self.known[whole], self.meaning[found] = found, meaning
            self.introduced.append((name, part))
            self.given.add(name)
        self.spelled[part] = found
        return found

    def of_weight(self, weight: Expression, *, bracketed: bool) -> Expression:
        """A weight as it is to stand in a line: itself, or its name."""
        inside = weight.arguments[1] if weight.operation is SCALE else weight
        sums = inside.operation is ADD or inside.operation.commutative
        size = length(inside)
        if size >= LONG or (bracketed and sums and size >= BRACKETED):
            return self.named(weight)
        return weight

    def of_sum(self, part: Expression) -> Expression:
        """The name of what the sum over an index has given, unless it is short."""
        simple = shortest(part)
        return self.named(simple) if length(simple) >= REPEATED else simple

    def opened(self, expression: Expression) -> Expression:
        """The expression; if it is but a name of the line in the making, what that stands for."""
        bare = expression.T if expression.operation is TRANSPOSE else expression
        last = self.introduced[-1][:1] if self.introduced else None
        if bare.arguments or bare.parameters[:1] != last:
            return expression
        name, part = self.introduced.pop()
        self.given.discard(name)
        return shortest(part if bare is expression else part.T)

    def turned(self, expression: Expression) -> Expression:
        """The expression, with the new names that occur in it as transposes only given to those."""
        for place, (name, part) in enumerate(self.introduced):
            stood = self._symbol_of(name)
            later = [formula for _, formula in self.introduced[place + 1 :]]
            users = [n for n in postorder(expression, *later) if stood in n.arguments]
            if users and all(user.operation is TRANSPOSE for user in users):
                turned = symbol(name, part.columns, part.rows, symbol_properties(stood))
                self.introduced[place] = (name, shortest(part.T))
                self.meaning[turned] = shortest(self.meaning.pop(stood).T)
                self.known = {whole: s for whole, s in self.known.items() if s is not stood}
                self.spelled = {p: s for p, s in self.spelled.items() if s is not stood}
                values = {stood.T: turned}
                expression = _replaced(expression, values)
                rest = self.introduced[place + 1 :]
                self.introduced[place + 1 :] = [(n, _replaced(p, values)) for n, p in rest]
        return expression

    def _symbol_of(self, name: str) -> Expression:
        return next(s for s in self.meaning if symbol_name(s) == name)

    def with_names(self, expression: Expression) -> Expression:
        """The expression with their symbols for the parts that have a name."""
        return _replaced(expression, self.spelled) if self.spelled else expression

    def mark(self) -> tuple[Any, ...]:
        """What is known now, to come back to."""
        return (
            dict(self.known),
            dict(self.meaning),
            dict(self.spelled),
            set(self.given),
            list(self.introduced),
            Names(self.names.taken),
        )

    def reset(self, mark: tuple[Any, ...]) -> None:
        """Forget the names given since the mark."""
        self.known, self.meaning, self.spelled, self.given, self.introduced, self.names = mark

    def in_line(self, line: Expression, dX: Expression) -> Expression:
        """An expression linear in dX, with names for its long or repeated parts without dX."""
        moving: set[Expression] = set()
        count: dict[Expression, int] = {}
        for node in postorder(line):
            if node is dX or any(argument in moving for argument in node.arguments):
                moving.add(node)
                for argument in node.arguments:
                    if argument not in moving and argument.arguments:
                        count[argument] = count.get(argument, 0) + 1
        chosen = {
            part: self.named(part, called=True)
            for part, times in count.items()
            if length(part) >= LONG or (times > 1 and length(part) >= REPEATED)
        }
        return _replaced(line, chosen)

    def written_out(self, expression: Expression) -> Expression:
        """The expression with the formulas of all names in it."""
        return substitute(expression, self.meaning)

    def taken_up(self) -> list[tuple[str, Expression]]:
        """The names that are new since the last call."""
        new, self.introduced = self.introduced, []
        return new


def _replaced(root: Expression, values: dict[Expression, Expression]) -> Expression:
    """The expression with parts replaced, otherwise as it was."""
    new: dict[Expression, Expression] = {}
    for node in postorder(root):
        if node in values:
            new[node] = values[node]
            continue
        arguments = tuple(new[argument] for argument in node.arguments)
        same = all(a is b for a, b in zip(arguments, node.arguments, strict=True))
        new[node] = node if same else make(node.operation, arguments, node.shape, node.parameters)
    return new[root]


def is_known_symmetric(part: Expression) -> bool:
    """Whether a part with a name is a symmetric matrix, so that its name is written without '."""
    return not part.is_scalar and "symmetric" in properties_of(normalise(part))
