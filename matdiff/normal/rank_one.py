"""The identity changed by a product of a column and a row: det(I + u v') = 1 + v'u and
(I + u v')⁻¹u = u/(1 + v'u).

Source: Petersen & Pedersen, The Matrix Cookbook, sections 3.2.4 and 10.2.
"""

from __future__ import annotations

from matdiff.dimensions import ONE
from matdiff.normal.core import build, flip, plus, scaled, times
from matdiff.normal.hadamard import is_outer, outer_parts
from matdiff.normal.projections import factors_of
from matdiff.operations.algebra import (
    ADD,
    MINUS_ONE,
    NUMBER_ONE,
    SCALE,
    Expression,
    is_identity,
)
from matdiff.operations.elementwise import POWER
from matdiff.operations.nonlinear import INVERSE

Change = tuple[Expression, Expression, Expression]


def determinant_of_change(X: Expression) -> Expression | None:
    """1 + s v'u if the matrix is I + s u v'."""
    change = _change(X)
    if change is None:
        return None
    s, u, v = change
    return plus((NUMBER_ONE, scaled(s, times(flip(v), u))))


def _change(X: Expression) -> Change | None:
    """(s, u, v) for I + s u v', the scalar s and columns u and v."""
    if X.operation is not ADD or len(X.arguments) != 2:
        return None
    for one, term in (X.arguments, X.arguments[::-1]):
        if is_identity(one):
            s, body = term.arguments if term.operation is SCALE else (NUMBER_ONE, term)
            return (s, *outer_parts(body)) if is_outer(body) else None
    return None


def inverse_left(chain: list[Expression]) -> Expression | None:
    """Drop an inverse of I + s u v' before u or after v' at the end of a product; the scalar
    1/(1 + s v'u) that this leaves, or None if nothing is dropped."""
    last = chain[-1]
    if last.operation is INVERSE and last.arguments[0].operation is ADD:
        change = _change(last.arguments[0])
        if change is not None:
            row = factors_of(flip(change[2]))
            if tuple(chain[-1 - len(row) : -1]) == row:
                del chain[-1]
                return _reciprocal(last)
    if last.columns is not ONE:
        return None
    for at in range(len(chain) - 2, -1, -1):
        inverse = chain[at]
        if inverse.operation is INVERSE:
            change = _change(inverse.arguments[0])
            if change is None or tuple(chain[at + 1 :]) != factors_of(change[1]):
                return None
            del chain[at]
            return _reciprocal(inverse)
    return None


def _reciprocal(inverse: Expression) -> Expression:
    determinant = determinant_of_change(inverse.arguments[0])
    assert determinant is not None
    return build(POWER, determinant, MINUS_ONE)
