"""One rule of differentiation: the Jacobian of one operation by one of its arguments.

For Y = op(A, B, …) whose arguments depend on Z the chain rule gives, in numerator layout,
∂Y/∂Z = L_A ∂A/∂Z + L_B ∂B/∂Z + …, where L_A is the Jacobian of the operation by A alone.  In
denominator layout all is transposed: ∂Y/∂Z = ∂A/∂Z L_A' + ∂B/∂Z L_B' + ….  The product rule, the
Hadamard rule, the Kronecker rule and the diag(φ') of elementwise functions are this with L read
from the operation's record: from its signature where it is multilinear, else from its differential.

Source: Magnus & Neudecker, chapters 5 and 9.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import groupby

from matdiff.calculus import jacobians
from matdiff.derivations.letters import Letters
from matdiff.derivations.steps import Reason, Signs, told
from matdiff.dimensions import Dimension
from matdiff.normal import shortest
from matdiff.operations.algebra import (
    NUMBER,
    SYMBOL,
    Expression,
    add,
    commutation,
    is_identity,
    make,
    reapply,
    substitute,
    symbol,
)
from matdiff.rendering import text

SOME = Dimension.of("z")  # entries of what a rule differentiates by
LONGEST = 100  # characters; a longer rule explains nothing


class Arrangement:
    """The layout of Jacobians and the order of vec: how a chain of them is multiplied."""

    __slots__ = ("by_column", "layout", "numerator", "vec")

    def __init__(self, layout: str, vec: str) -> None:
        self.layout, self.vec = layout, vec
        self.numerator, self.by_column = layout == "numerator", vec == "column"

    def chain(self, outer: Expression, inner: Expression) -> Expression:
        """∂Y/∂Z from ∂Y/∂A and ∂A/∂Z."""
        left, right = (outer, inner) if self.numerator else (inner, outer)
        if is_identity(left):
            return right
        return left if is_identity(right) else left @ right

    def jacobians(self, Y: Expression, X: Expression) -> list[Expression]:
        """Equal formulas for ∂Y/∂X."""
        return jacobians(Y, X, layout=self.layout, vec_order=self.vec)

    def of_transpose(self, A: Expression) -> Expression:
        """∂A'/∂A, a commutation matrix."""
        m, n = A.shape
        turned = commutation(m, n) if self.by_column else commutation(n, m)
        return turned if self.numerator else turned.T


def local_jacobian(node: Expression, i: int, arrangement: Arrangement) -> Expression:
    """The Jacobian of an operation by its i-th argument, the others kept as they are.

    DomainProblem if the operation's derivative has no closed form.
    """
    moving = node.arguments[i]
    stand_in = symbol(f"part {i}", *moving.shape)
    local = reapply(node, (*node.arguments[:i], stand_in, *node.arguments[i + 1 :]))
    found = arrangement.jacobians(local, stand_in)
    return shortest(*(substitute(J, {stand_in: moving}) for J in found))


def statement(node: Expression, moving: Sequence[int], arrangement: Arrangement) -> Reason:
    """The rule that an operation follows, on letters of the sizes that it has here:
    `∂(A B C) = (C'⊗A)∂B`.  Neighbours that stay as they are share a letter.

    Empty where the rule is too long to explain anything.
    """
    lettered, moved = _lettered(node, set(moving))
    total: Expression | None = None
    for i in moved:
        letter = lettered.arguments[i]
        named = letter if letter.operation is SYMBOL else letter.arguments[0]
        entries = named.rows * named.columns
        sides = (entries, SOME) if arrangement.numerator else (SOME, entries)
        change = symbol(f"∂{text(named)}", *sides)
        term = arrangement.chain(local_jacobian(lettered, i, arrangement), change)
        total = term if total is None else add(total, term)
    if total is None:
        return ()
    rule = (Signs("∂("), lettered, Signs(") = "), total)
    if len(told(rule)) > LONGEST:
        return ()
    return ("product rule: ", *rule) if len(moved) > 1 else rule


def _lettered(node: Expression, moving: set[int]) -> tuple[Expression, list[int]]:
    """The operation on letters, and which of its arguments now move."""
    letters = Letters()
    arguments: list[Expression] = []
    moved: list[int] = []
    for moves, group in groupby(range(len(node.arguments)), key=moving.__contains__):
        parts = [node.arguments[i] for i in group]
        if not moves and node.operation.associative:
            parts = [reduce(lambda A, B: reapply(node, (A, B)), parts)]
        for part in parts:
            moved += [len(arguments)] if moves else []
            arguments.append(part if part.operation is NUMBER else letters.next(part.shape))
    if node.operation.associative:
        return make(node.operation, tuple(arguments), node.shape), moved
    return reapply(node, tuple(arguments)), moved
