"""The change of a function of a square matrix, f(X), where it has a closed form.

Df(X)[dX] = f'(X) dX if dX commutes with X; and against a G that commutes with X',
G : Df(X)[dX] = f'(X)'G : dX, whatever dX is.  Which of the two holds shows only once all that f(X)
stands in has been differentiated.  Until then the change is a node of its own, linear in dX, whose
pullback decides; what stays of it in the end follows the record's own rule, often a refusal.

Source: Higham, Functions of Matrices (2008), section 3.2.
"""

from __future__ import annotations

from functools import cache

from matdiff.calculus.transposition import pull_back
from matdiff.operations.algebra import (
    NUMBER_ONE,
    Expression,
    inner,
    make,
    multiply,
    reapply,
    rebuild,
    symbol,
)
from matdiff.operations.commuting import commute
from matdiff.operations.record import Operation

_records: dict[Operation, Operation] = {}  # of the change of f, the record of f


def change_of_function(node: Expression, dX: Expression) -> Expression:
    """Df(X)[dX] for the node f(X): f'(X) dX if that is right, else a node that waits."""
    slope = node.operation.spectral
    assert slope is not None
    if commute(dX, node.arguments[0]):
        return multiply(slope(*node.arguments), dX)
    return make(_change(node.operation), (*node.arguments, dX), node.shape)


def is_waiting(node: Expression) -> bool:
    """Whether the node is a change that has no closed form yet."""
    return node.operation in _records


def of_scalar(dy: Expression, dX: Expression) -> Expression:
    """The differential of a scalar without waiting changes: G : dX."""
    return inner(pull_back(dy, dX, NUMBER_ONE), dX)


def settled(dY: Expression) -> Expression:
    """dY with the record's rule in place of every waiting change; DomainProblem if it refuses."""

    def settle(node: Expression, arguments: tuple[Expression, ...]) -> Expression:
        record = _records.get(node.operation)
        if record is None:
            return reapply(node, arguments)
        rule = record.differential[0]
        assert rule is not None
        result: Expression = rule(*arguments)
        return result

    return rebuild(dY, settle)


@cache
def _change(record: Operation) -> Operation:
    """The operation (*arguments, dX) -> Df(X)[dX], linear in dX."""
    assert record.signature is not None and record.spectral is not None
    slope, rule = record.spectral, record.differential[0]
    assert rule is not None

    def move(G: Expression, *parts: Expression) -> Expression:
        *arguments, _ = parts
        X = arguments[0]
        if commute(G, X.T):
            return multiply(slope(*arguments).T, G)
        change = symbol("change", *X.shape)
        return pull_back(rule(*arguments, change), change, G)

    inputs, output = record.signature.text.split("->")
    change = Operation(
        f"change of {record.name}",
        signature=f"{inputs},{inputs.split(',')[0]}->{output}",
        pullback=(*[_not_linear] * len(record.signature.inputs), move),
        notation=record.notation,
    )
    _records[change] = record
    return change


def _not_linear(*_: Expression) -> Expression:
    raise AssertionError("a change is linear in its last argument alone")
