"""The derivative by a definition whose entries are entries of one variable: Z = [v[1]; v[2]; v[2]].

An entry of Z is an entry of v, so the derivative by it is that by the entry of v.  With J_X and J_Z
the Jacobians by v, ∂X/∂Z = J_X J_Z' in numerator layout.  Where v has an entry twice in Z, these
are no Jacobians of functions of Z, and ∂X/∂Z = ∂X/∂Y ∂Y/∂Z fails through a Y of that kind: its
entries are not independent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matdiff.calculus import jacobian
from matdiff.derivations.definitions import name_of, names_in
from matdiff.derivations.local_rules import Arrangement
from matdiff.derivations.steps import Partial, Reason, Signs, Step
from matdiff.derivatives import Derivative
from matdiff.errors import MatdiffError
from matdiff.normal import normalise, shortest
from matdiff.normal.parts import Names, named_parts
from matdiff.normal.properties import has
from matdiff.operations.algebra import (
    SYMBOL,
    Expression,
    add,
    make,
    number,
    postorder,
    substitute,
    symbol,
    symbol_name,
    symbol_properties,
)
from matdiff.operations.blocks import ABOVE, BESIDE
from matdiff.operations.linear import unvec, vec
from matdiff.verification.evaluation import evaluate

MOST_ENTRIES = 64  # of a matrix that is written out in numbers


class Repetition:
    """A definition Z with vec(Z) = S vec(v) + a constant, each row of S one 1 and zeros."""

    __slots__ = ("name", "selection", "variable", "whole")

    def __init__(
        self, name: str, whole: Expression, variable: Expression, selection: Expression
    ) -> None:
        self.name, self.whole = name, whole
        self.variable, self.selection = variable, selection


def repetition(name: str, whole: Expression) -> Repetition | None:
    """What a definition repeats; None if it is anything else than entries of one variable."""
    symbols = [node for node in postorder(whole) if node.operation is SYMBOL]
    if len(symbols) != 1 or whole is symbols[0] or symbol_properties(symbols[0]):
        return None
    (v,) = symbols
    try:
        S = normalise(jacobian(normalise(whole), v))
    except MatdiffError:
        return None
    return Repetition(name, whole, v, S) if v not in postorder(S) and _selects(S) else None


def _selects(S: Expression) -> bool:
    """Whether every row of a constant matrix is known to be a row of the identity."""
    if has(S, "onehot"):
        return True
    values = _numbers(S)
    return values is not None and all(sorted(row) == [0] * (len(row) - 1) + [1] for row in values)


def _numbers(M: Expression) -> list[list[float]] | None:
    """The entries of a constant matrix of known and moderate size."""
    nodes = postorder(M)
    rows, columns = M.rows.value, M.columns.value
    if rows is None or columns is None or rows * columns > MOST_ENTRIES:
        return None
    if any(node.operation is SYMBOL or side.names() for node in nodes for side in node.shape):
        return None
    values: Any = evaluate(M, {}, {})
    return [[float(entry) for entry in row] for row in values]


def written_in_numbers(M: Expression) -> Expression:
    """A constant matrix of integers as its entries; any other as short as it gets."""
    values = _numbers(M)
    if values is None or any(entry != int(entry) for row in values for entry in row):
        return shortest(M)
    one = number(1).rows
    rows = [
        make(BESIDE, tuple(number(int(entry)) for entry in row), (one, M.columns))
        if len(row) > 1 else number(int(row[0]))
        for row in values
    ]  # fmt: skip
    return make(ABOVE, tuple(rows), M.shape) if len(rows) > 1 else rows[0]


def by_entries(
    X: Expression, Z: Repetition, layout: str, order: str, taken: frozenset[str]
) -> tuple[Derivative, Derivative]:
    """∂X/∂Z, and a derivative that it can be verified by: that of X at v + δ, where δ follows from
    a change of Z that is called Z."""
    arrangement, v = Arrangement(layout, order), Z.variable
    stand_in = symbol(Z.name, *Z.whole.shape)
    J = shortest(*arrangement.jacobians(normalise(X), v))
    selection = shortest(*arrangement.jacobians(normalise(Z.whole), v))
    formula = written_in_numbers(arrangement.chain(J, selection.T))
    name, of = Z.name, symbol_name(v)
    note = f"{name} consists of entries of {of}: this is the derivative by the entries of {of}"
    parts = named_parts(formula, X, names_in(X) | taken)
    found = Derivative("jacobian", layout, order, "free", X, stand_in, None, formula, parts, [note])
    moved = add(v, unvec(Z.selection.T @ vec(stand_in), *v.shape))
    shifted = {v: moved}
    there = substitute(formula, shifted)
    checked = Derivative(
        "jacobian", layout, order, "free", substitute(X, shifted), stand_in, None, there,
        (there, []), [],
    )  # fmt: skip
    return found, checked


def steps_by_entries(
    derivative: Derivative, Z: Repetition, definitions: Mapping[str, Expression]
) -> list[Step]:
    """The derivation of ∂X/∂Z, and the chain rule through every other definition that repeats
    entries of the same variable, which fails."""
    arrangement, v = Arrangement(derivative.layout, derivative.vec), Z.variable
    X, z, of = derivative.expression, Z.name, symbol_name(v)
    names = Names({*names_in(X, Z.whole), *definitions})
    x = name_of(X, definitions) or names.next(X)

    def by_v(name: str, whole: Expression) -> tuple[Expression, Expression]:
        J = written_in_numbers(shortest(*arrangement.jacobians(normalise(whole), v)))
        called = f"J_{name}"
        while called in names.taken:
            called += "_"
        return symbol(called, *J.shape), J

    (J_x, of_x), (J_z, of_z) = by_v(x, X), by_v(z, Z.whole)

    def meaning_of(J: Expression, name: str) -> Reason:
        return (J, Signs(" = "), Partial(name, of))

    left, stands_for_z = Partial(x, z), symbol(z, *Z.whole.shape)
    same = ("an entry of ", stands_for_z, " is an entry of ", v)
    lines = [
        Step(symbol(x, *X.shape), X, "the function"),
        Step(J_x, of_x, meaning_of(J_x, x)),
        Step(J_z, of_z, meaning_of(J_z, z), [(z, Z.whole)]),
        Step(left, arrangement.chain(J_x, J_z.T), same),
        Step(left, derivative.printed, "simplified", derivative.where),
    ]
    for name, whole in definitions.items():
        other = repetition(name, whole) if whole not in (X, Z.whole) else None
        if other is None or other.variable is not v or _is_permutation(other):
            continue
        J_y, of_y = by_v(name, whole)
        outer, inner = arrangement.chain(J_x, J_y.T), arrangement.chain(J_y, J_z.T)
        wrong = arrangement.chain(outer, inner)
        N = symbol(names.next(wrong), *wrong.shape)
        factors = [Partial(name, z), Partial(x, name)]
        first, last = factors[::-1] if arrangement.numerator else factors
        Y = symbol(name, *whole.shape)
        product: Reason = (first, Signs(" "), last)
        why = (*product, ": not ", left, ", as entries of ", Y, " depend on each other")
        meaning = {J_x: of_x, J_y: of_y, J_z: of_z}
        lines += [
            Step(J_y, of_y, meaning_of(J_y, name), [(name, whole)]),
            Step(N, wrong, why),
            Step(N, written_in_numbers(substitute(wrong, meaning)), "simplified"),
        ]
    return lines


def _is_permutation(Y: Repetition) -> bool:
    """Whether every entry of the variable stands in Y once, so that those of Y are independent."""
    return Y.whole.rows * Y.whole.columns is Y.variable.rows * Y.variable.columns and has(
        Y.selection, "orthogonal"
    )
