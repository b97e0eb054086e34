"""What a claim about a derivative has to satisfy, and the verdict on it.

The claimed formula is compared with the derived one; and, since a rule may be wrong, also with the
differential of the expression itself: <G, dX> = df, J vec(dX) = vec(dY), vec(dX)'H vec(δX) = d²f.
That differential is the product rule carried forward node by node: neither its transposition nor
the index networks nor the normal form have any part in it.
"""

from __future__ import annotations

from collections.abc import Iterable

from matdiff.calculus.differential import differential
from matdiff.derivatives import Derivative
from matdiff.operations.algebra import (
    Expression,
    inner,
    substitute,
    symbol,
    symbol_name,
    zeros,
)
from matdiff.operations.linear import vec
from matdiff.operations.structures import structure_of
from matdiff.operations.triangles import tril

Equation = tuple[Expression, Expression]


def confirmation(derived: Derivative, claimed: Expression) -> Equation:
    """An equation that holds if the formula is the derivative.

    Along a structure it is asked of changes within; a Jacobian by entries is given theirs, and of a
    gradient by entries the lower triangle counts each once, or the upper one of an upper matrix.
    """
    Y, X = derived.expression, derived.wrt
    structure = structure_of(X)
    kept = [structure.name] if structure is not None and derived.structure != "free" else []
    dX = _change(X, "d ", kept)
    dY = _differential(Y, X, dX)
    if derived.kind == "gradient":
        return inner(claimed, _counted_once(derived, dX)), dY
    if derived.kind == "differential":
        assert derived.change is not None
        return substitute(claimed, {derived.change: dX}), dY
    matrix = claimed if derived.layout == "numerator" else claimed.T
    if derived.kind == "jacobian":
        return matrix @ _moved(derived, dX), _stacked(derived, dY)
    other = _change(X, "δ ", kept)
    return (
        _moved(derived, other).T @ matrix @ _moved(derived, dX),
        _differential(dY, X, other),
    )


def _counted_once(derived: Derivative, dX: Expression) -> Expression:
    """A change of the variable without what its independent entries repeat above the diagonal."""
    structure = structure_of(derived.wrt)
    if derived.structure != "entries" or structure is None or structure.name == "upper":
        return dX
    return tril(dX)


def _moved(derived: Derivative, dX: Expression) -> Expression:
    """What a Jacobian is applied to: a change of the variable, or of its independent entries."""
    structure = structure_of(derived.wrt)
    if derived.structure == "entries" and structure is not None:
        return structure.coordinates(dX)
    return _stacked(derived, dX)


def _stacked(derived: Derivative, A: Expression) -> Expression:
    return vec(A if derived.vec == "column" else A.T)


def _differential(Y: Expression, X: Expression, dX: Expression) -> Expression:
    dY = differential(Y, X, dX)
    return zeros(*Y.shape) if dY is None else dY


def _change(X: Expression, prefix: str, properties: Iterable[str]) -> Expression:
    """A symbol for a change of X within its structure: no text can name it."""
    return symbol(prefix + symbol_name(X), *X.shape, properties)
