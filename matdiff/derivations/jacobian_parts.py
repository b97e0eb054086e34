"""An expression taken apart into intermediate variables, each with its Jacobian by one rule.

Sums, transposes and scalar factors that do not move are passed in one go with what they stand
before; every other operation is a rule of its own, and what it takes gets a name.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

from matdiff.derivations.local_rules import Arrangement, local_jacobian, statement
from matdiff.derivations.steps import Reason
from matdiff.errors import DomainProblem
from matdiff.normal import shortest
from matdiff.operations.algebra import (
    ADD,
    NUMBER_ONE,
    TRANSPOSE,
    Expression,
    add,
    hadamard,
    identity,
    make,
    postorder,
    scale,
    substitute,
    symbol,
    symbol_name,
    zeros,
)


class Part:
    """An intermediate variable V, `symbol`, with its formula; J = ∂V/∂X is `jacobian` by `rules`.

    Formula and Jacobian are in X and in the symbols V and J of earlier parts.
    """

    __slots__ = ("J", "formula", "jacobian", "rules", "symbol")

    def __init__(
        self,
        stand_in: Expression,
        formula: Expression,
        J: Expression,
        jacobian: Expression,
        rules: tuple[Reason, ...],
    ) -> None:
        self.symbol, self.formula = stand_in, formula
        self.J, self.jacobian, self.rules = J, jacobian, rules


class Moving:
    """What is known of a node that depends on X.

    spelled   the node with the symbols of parts in it
    jacobian  ∂node/∂X in Jacobians of parts
    rules     those that led to it
    affine    whether it is a sum of multiples of parts, transposed or not
    """

    __slots__ = ("affine", "jacobian", "rules", "spelled")

    def __init__(
        self, spelled: Expression, jacobian: Expression, rules: tuple[Reason, ...], affine: bool
    ) -> None:
        self.spelled, self.jacobian = spelled, jacobian
        self.rules, self.affine = rules, affine


Values = dict[Expression, Moving | None]  # None: there is no rule for the node by itself


class Parts:
    """The parts found so far, for one variable X and one arrangement of Jacobians."""

    __slots__ = ("X", "_by_node", "_jacobians", "_new_name", "arrangement", "found")

    def __init__(
        self, X: Expression, arrangement: Arrangement, new_name: Callable[[Expression], str]
    ) -> None:
        self.X, self.arrangement, self._new_name = X, arrangement, new_name
        self.found: list[Part] = []
        self._by_node: dict[Expression, Part] = {}
        self._jacobians = {X: identity(X.rows * X.columns)}  # of X and the symbols of parts

    def define(self, stand_in: Expression, body: Expression) -> bool:
        """Let a symbol stand for a body; False if there is no rule for the body by itself."""
        moving = self.of(body)
        if moving is not None:
            self._keep(moving, stand_in)
        return moving is not None

    def of(self, body: Expression) -> Moving | None:
        """The Jacobian of an expression in X and symbols of parts, in those of its parts; None if
        there is no rule for it by itself."""
        values: Values = {}
        for node in postorder(body):
            if node in self._jacobians:
                values[node] = Moving(node, self._jacobians[node], (), True)
            elif any(argument in values for argument in node.arguments):
                values[node] = self._by_its_rule(node, values) or self._as_a_whole(node)
        return values[body] if body in values else self._at_rest(body)

    def _at_rest(self, body: Expression) -> Moving:
        """What does not depend on X, at least when it is simplified."""
        J = zeros(body.rows * body.columns, self.X.rows * self.X.columns)
        rule: Reason = ("it does not depend on ", self.X)
        return Moving(body, J if self.arrangement.numerator else J.T, (rule,), True)

    def _by_its_rule(self, node: Expression, values: Values) -> Moving | None:
        """By the rule for the node's operation; None where it or one of its arguments has none."""
        moving: dict[int, Moving] = {}
        for i, argument in enumerate(node.arguments):
            if argument in values:
                value = values[argument]
                if value is None:
                    return None
                moving[i] = value
        passed = self._passed(node, moving)
        if passed is not None:
            return passed
        named = {i: self._named(node.arguments[i], values) for i in moving}
        spelled = _spelled(node, named)
        terms: list[Expression] = []
        try:
            for i, value in named.items():
                L = local_jacobian(spelled, i, self.arrangement)
                terms.append(self.arrangement.chain(L, value.jacobian))
            rule = statement(spelled, tuple(moving), self.arrangement)
        except DomainProblem:
            return None
        return Moving(spelled, reduce(add, terms), (rule,) if rule else (), False)

    def _passed(self, node: Expression, moving: dict[int, Moving]) -> Moving | None:
        """Through a sum, a transpose or scalar factors; None for any other operation."""
        values = list(moving.values())
        if node.operation is ADD:
            J = reduce(add, (value.jacobian for value in values))
        elif node.operation is TRANSPOSE:
            turned = self.arrangement.of_transpose(node.arguments[0])
            J = self.arrangement.chain(turned, values[0].jacobian)
        elif _is_scaled(node, moving):
            others = (a for i, a in enumerate(node.arguments) if i not in moving)
            J = scale(reduce(hadamard, others, NUMBER_ONE), values[0].jacobian)
        else:
            return None
        rules = tuple(dict.fromkeys(rule for value in values for rule in value.rules))
        return Moving(_spelled(node, moving), J, rules, all(value.affine for value in values))

    def _as_a_whole(self, node: Expression) -> Moving | None:
        """By X at once, for an operation whose rule hangs on what it stands in or is made of."""
        expanded = node
        for part in reversed(self.found):
            expanded = substitute(expanded, {part.symbol: part.formula})
        try:
            J = shortest(*self.arrangement.jacobians(expanded, self.X))
        except DomainProblem:
            return None
        return Moving(node, J, (), False)

    def _named(self, argument: Expression, values: Values) -> Moving:
        """An argument of a rule by its name, which it gets now; an affine one as it is."""
        value = values[argument]
        assert value is not None
        if value.affine:
            return value
        inner = argument.arguments[0] if argument.operation is TRANSPOSE else argument
        part = self._by_node.get(inner)
        if part is None:
            known = values[inner]
            assert known is not None
            stand_in = symbol(self._new_name(inner), *inner.shape)
            part = self._by_node[inner] = self._keep(known, stand_in)
        leaf = Moving(part.symbol, part.J, (), True)
        if inner is argument:
            return leaf
        turned = self._passed(argument, {0: leaf})
        assert turned is not None
        return turned

    def _keep(self, moving: Moving, stand_in: Expression) -> Part:
        J = symbol(f"J_{symbol_name(stand_in)}", *moving.jacobian.shape)
        part = Part(stand_in, moving.spelled, J, moving.jacobian, moving.rules)
        self.found.append(part)
        self._jacobians[stand_in] = J
        return part


def _spelled(node: Expression, moving: dict[int, Moving]) -> Expression:
    """The node with other arguments in the places that move."""
    arguments = tuple(
        moving[i].spelled if i in moving else argument for i, argument in enumerate(node.arguments)
    )
    if node.operation is TRANSPOSE:
        return arguments[0].T
    return make(node.operation, arguments, node.shape, node.parameters)


def _is_scaled(node: Expression, moving: dict[int, Moving]) -> bool:
    """Whether a single argument moves, and the others are scalars in front of it."""
    if not node.operation.multilinear or len(moving) != 1:
        return False
    (at,) = moving
    others = [argument for i, argument in enumerate(node.arguments) if i != at]
    same = node.arguments[at].shape == node.shape
    return same and bool(others) and all(other.is_scalar for other in others)
