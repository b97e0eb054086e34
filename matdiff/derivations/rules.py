"""A derivation by rules: product rule, Hadamard rule, chain rule, in the layout asked for.

The expression is taken apart into intermediate variables: the definitions of the file, and of what
remains each operation whose arguments depend on the variable.  Each has its Jacobian J_V = ∂V/∂X by
one rule from those of its parts; in the end they are put in, which is the chain rule.
"""

from __future__ import annotations

from collections.abc import Mapping

from matdiff.calculus import gradient
from matdiff.derivations.chain_rule import through_independent_entries
from matdiff.derivations.definitions import name_of, names_in, split
from matdiff.derivations.jacobian_parts import Moving, Part, Parts
from matdiff.derivations.local_rules import Arrangement
from matdiff.derivations.steps import Left, Partial, Reason, Signs, Step, Where, joined
from matdiff.derivatives import Derivative, freed
from matdiff.errors import UsageProblem
from matdiff.normal import normalise, shortest
from matdiff.normal.parts import Names
from matdiff.operations.algebra import (
    Expression,
    postorder,
    substitute,
    symbol,
    symbol_name,
)
from matdiff.operations.linear import unvec
from matdiff.rendering import text
from matdiff.rendering.length import length

VALUES = ("Y", "F", "Z", "V", "W", "y", "f")  # what a function without a name may be called
LONGEST_PUT_IN = 80  # tokens of a Jacobian in which those of all parts are put in


def rules(derivative: Derivative, definitions: Mapping[str, Expression]) -> list[Step]:
    """The derivation of a gradient, Jacobian or Hessian by rules.

    `definitions` are expressions that have a name, in the order in which they were defined.
    UsageProblem for a differential, which has no layout.
    """
    if derivative.kind == "differential":
        raise UsageProblem(
            "the rules lead to a Jacobian, not to a differential",
            hint="--steps derives the differential, and jacobian … --steps rules uses the rules",
            code="MX618",
        )
    return _Derivation(derivative, definitions).steps()


class _Derivation:
    """One derivation: the names it gives, the parts it finds, and its lines."""

    __slots__ = (
        "X", "arrangement", "definitions", "derivative", "expression", "lines", "names", "parts",
        "value",
    )  # fmt: skip

    def __init__(self, derivative: Derivative, definitions: Mapping[str, Expression]) -> None:
        self.derivative = derivative
        self.X, self.expression = freed(derivative.wrt, derivative.expression)
        free = {derivative.wrt: self.X}
        self.definitions = {name: substitute(whole, free) for name, whole in definitions.items()}
        formulas = (part for _, part in derivative.where)
        taken = names_in(derivative.expression, derivative.printed, *formulas)
        taken.update(definitions, (name for name, _ in derivative.where))
        self.names = Names(taken)
        known = name_of(self.expression, self.definitions)
        self.value = known or next(name for name in VALUES if self._is_free(name))
        self.names.taken.add(self.value)
        self.arrangement = Arrangement(derivative.layout, derivative.vec)
        self.parts = Parts(self.X, self.arrangement, self._new_name)
        self.lines: list[Step] = []

    def steps(self) -> list[Step]:
        """All lines: the function, its parts, the whole, and the result."""
        derivative, X = self.derivative, self.derivative.wrt
        result = Partial(self.value, symbol_name(X), 2 if derivative.kind == "hessian" else 1)
        root = self.expression
        self._add(symbol(self.value, *root.shape), derivative.expression, "the function")
        if derivative.kind == "hessian":
            root = gradient(root, self.X)
            first = Partial(self.value, symbol_name(X))
            self._add(first, shortest(root), "the gradient, of the shape of the variable")
        is_gradient, is_free = derivative.kind == "gradient", self.X is X
        last = self._whole(root, result if is_free and not is_gradient else None)
        if is_gradient:
            shaped = self._shaped(last)
            left = result if is_free else symbol(self._new_name(shaped), *shaped.shape)
            self._add(left, shaped, "the same in the shape of the variable")
        reason = "simplified" if is_free else derivative.notes[0]
        self._add(result, derivative.printed, reason, derivative.where)
        return self.lines

    def _whole(self, root: Expression, left: Left | None) -> Expression:
        """The lines that lead to the Jacobian of the root, and what the last of them says."""
        moving = self._taken_apart(root)
        if left is None:
            of_value = self.derivative.kind != "hessian"
            name = f"J_{self.value}" if of_value else self._new_name(moving.jacobian)
            left = symbol(name, *moving.jacobian.shape)
        meaning: dict[Expression, Expression] = {}  # of the J of a part, in X and parts
        for part in _used(self.parts.found, moving.jacobian):
            name = symbol_name(part.symbol)
            means = (part.J, Signs(" = "), Partial(name, symbol_name(self.X)))
            said = () if meaning else (means,)
            where = [(name, part.formula)]
            J = self._by_rules(part.J, part.jacobian, (*said, *part.rules), where)
            meaning[part.J] = substitute(J, meaning)
        if not meaning:
            self._add(left, moving.jacobian, _told(moving.rules))
            return moving.jacobian
        J = self._by_rules(left, moving.jacobian, moving.rules)
        put_in = substitute(J, meaning)
        if put_in is not J and length(put_in) <= LONGEST_PUT_IN:
            self._add(left, put_in, "chain rule: the Jacobians of the parts put in")
        self._through_definitions(root, left)
        return put_in

    def _through_definitions(self, root: Expression, left: Left) -> None:
        """The chain rule through definitions whose entries are not independent."""
        body, definitions = split(root, self.definitions, self.X)
        for each in definitions:
            others = {other.symbol: other.body for other in definitions if other is not each}
            in_V = body
            for _ in others:
                in_V = substitute(in_V, others)
            for step in through_independent_entries(
                in_V, each, self.X, self.arrangement, self.value, left, self._new_name
            ):
                self._add(step.left, step.right, step.why, step.where)

    def _taken_apart(self, root: Expression) -> Moving:
        """The root in parts: first the definitions that it uses, then its own operations."""
        body, definitions = split(root, self.definitions, self.X)
        unnamed: dict[Expression, Expression] = {}  # definitions without a rule by themselves
        for each in definitions:
            formula = normalise(substitute(each.body, unnamed))
            if not self.parts.define(each.symbol, formula):
                unnamed[each.symbol] = formula
        moving = self.parts.of(normalise(substitute(body, unnamed)))
        if moving is None:  # only the whole has a closed form
            whole = self.arrangement.jacobians(normalise(root), self.X)
            return Moving(root, shortest(*whole), (), False)
        return moving

    def _by_rules(
        self, left: Left, J: Expression, rules: tuple[Reason, ...], where: Where = ()
    ) -> Expression:
        """A Jacobian as the rules give it, then shorter if it can be."""
        self._add(left, J, _told(rules), where)
        short = shortest(J)
        if length(short) >= length(J):
            return J
        self._add(left, short, "collected")
        return short

    def _shaped(self, row: Expression) -> Expression:
        """A row, or in denominator layout a column, of derivatives in the shape of X."""
        m, n = self.X.shape
        column = row.T if self.arrangement.numerator else row
        return unvec(column, m, n) if self.arrangement.by_column else unvec(column, n, m).T

    def _add(self, left: Left, right: Expression, reason: str | Reason, where: Where = ()) -> None:
        """A line, unless it says what the one before says."""
        free = {self.X: self.derivative.wrt}
        right = substitute(right, free)
        where = [(name, substitute(part, free)) for name, part in where]
        last = self.lines[-1] if self.lines else None
        if last is None or last.left != left or text(last.right) != text(right) or where:
            self.lines.append(Step(left, right, reason, where))

    def _new_name(self, part: Expression) -> str:
        """A name for a part, such that J with that name for an index is free, too."""
        name = self.names.next(part)
        while f"J_{name}" in self.names.taken:
            name = self.names.next(part)
        self.names.taken.add(f"J_{name}")
        return name

    def _is_free(self, name: str) -> bool:
        return name not in self.names.taken and f"J_{name}" not in self.names.taken


def _told(rules: tuple[Reason, ...]) -> Reason:
    return joined(rules) or ("term by term",)


def _used(parts: list[Part], J: Expression) -> list[Part]:
    """The parts that a Jacobian is made of, directly or not."""
    wanted = set(postorder(J))
    used: list[Part] = []
    for part in reversed(parts):
        if part.J in wanted or part.symbol in wanted:
            used.append(part)
            wanted.update(postorder(part.jacobian, part.formula))
    return used[::-1]
