"""What makes a line simpler, as a reason.

A rule for matrices, a function for what it is defined as, a value written in another way.
"""

from __future__ import annotations

from matdiff.derivations.identities import LONGEST
from matdiff.derivations.letters import Letters
from matdiff.derivations.steps import Reason, Signs, joined, told
from matdiff.derivations.written import READ, alike
from matdiff.dimensions import Dimension
from matdiff.normal import shortest
from matdiff.operations.algebra import (
    COMMUTATION,
    MULTIPLY,
    Expression,
    apply,
    commutation,
    multiply,
    postorder,
    reapply,
    symbol,
)
from matdiff.operations.linear import KRONECKER
from matdiff.operations.record import Operation
from matdiff.rendering.length import length


def simplification(*whole: Expression, has_names: bool = False) -> Reason:
    """The rule that made a product of such matrices shorter, if it is known which; `has_names`:
    names of parts are put in as well."""
    operations = {node.operation for node in postorder(*whole)}
    if KRONECKER not in operations:
        return ()
    m, n, p, q = (Dimension.of(name) for name in "mnpq")
    A, B = symbol("A", m, n), symbol("B", p, q)
    both = apply(KRONECKER, A, B)
    if COMMUTATION in operations:
        left = multiply(commutation(p, m), both)
        right = multiply(apply(KRONECKER, B, A), commutation(q, n))
        sizes = (" for ", A, " ", Signs("m×n"), ", ", B, " ", Signs("p×q"))
        return (left, Signs(" = "), right, *sizes)
    if MULTIPLY in operations and not has_names:
        C, D = symbol("C", n, m), symbol("D", q, p)
        left = multiply(both, apply(KRONECKER, C, D))
        return (left, Signs(" = "), apply(KRONECKER, multiply(A, C), multiply(B, D)))
    return ()


def functions(expression: Expression) -> set[Operation]:
    """The functions in it that have a name."""
    return {n.operation for n in postorder(expression) if n.operation.notation.form == "function"}


def respelled(before: Expression, after: Expression, dX: Expression) -> Reason:
    """`det(A X B) = det(A B X)` for a value without dX that the second formula writes in another
    way."""
    here, there = _values(before, dX), _values(after, dX)
    for value in there:
        for old in here if value not in here else ():
            equation = (old, Signs(" = "), value)
            is_new = old.operation is value.operation and old not in there
            if is_new and alike(shortest(old), value) and len(told(equation)) <= LONGEST:
                return equation
    return ()


def _values(expression: Expression, dX: Expression) -> dict[Expression, None]:
    """The scalar values of functions in it that do not hold dX, as they stand."""
    found: dict[Expression, None] = {}
    moving = {dX}
    for node in postorder(expression):
        if any(argument in moving for argument in node.arguments):
            moving.add(node)
        elif node.is_scalar and node.operation.notation.form == "function":
            found[node] = None
    return found


def by_definition(before: Expression, after: Expression) -> Reason:
    """`log(1 + exp(α)) = softplus(α)` for the functions that only the second formula has."""
    old = functions(before)
    found = {n.operation: n for n in postorder(after) if n.operation not in old}
    return joined([_definition(n) for n in found.values() if n.operation.definition is not None])


def by_new_function(formula: Expression) -> Reason:
    """`A∘I = diag(diag(A))` for the smallest part that is simplified to a function it lacks."""
    for node in postorder(formula) if length(formula) <= READ else ():
        short = shortest(node)
        if functions(short) - functions(node):
            equation = (node, Signs(" = "), short)
            return equation if len(told(equation)) <= LONGEST else ()
    return ()


def _definition(node: Expression) -> Reason:
    letters = Letters()
    value = reapply(node, tuple(letters.next(argument.shape) for argument in node.arguments))
    assert node.operation.definition is not None
    return (node.operation.definition(*value.arguments), Signs(" = "), value)
