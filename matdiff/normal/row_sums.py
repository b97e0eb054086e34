"""Rows that add up to one, and exponentials divided by the sums of their rows.

softmax_rows(Z) 1 = 1 and Y 1 = 1 where each row of Y holds a single 1; with r = exp(Z) 1,
diag(1⊘r) exp(Z) = softmax_rows(Z) and log r = logsumexp_rows(Z).  All of this holds by columns too,
for the transposes.  Source: Boyd & Vandenberghe, Convex Optimization, section 3.1.5.
"""

from __future__ import annotations

from matdiff.dimensions import ONE
from matdiff.normal.core import build, entrywise, flip
from matdiff.normal.properties import has
from matdiff.operations.algebra import (
    HADAMARD,
    MULTIPLY,
    Expression,
    is_ones,
    number_value,
    ones,
)
from matdiff.operations.elementwise import EXP, POWER
from matdiff.operations.linear import DIAG
from matdiff.operations.nonlinear import LOGSUMEXP_ROWS, SOFTMAX_ROWS


def combine_rows(A: Expression, B: Expression) -> list[Expression] | None:
    """What two neighbours in a product become by the sums of rows or columns, or None."""
    if is_ones(B) and B.columns is ONE:
        return [ones(A.rows)] if _rows_add_to_one(A) else None
    if is_ones(A) and A.rows is ONE:
        return [ones(ONE, B.columns)] if _rows_add_to_one(flip(B)) else None
    if A.operation is DIAG:
        return _divided_rows(A, B)
    if B.operation is DIAG:
        turned = _divided_rows(B, flip(A))
        return turned and [flip(factor) for factor in reversed(turned)]
    return None


def _rows_add_to_one(A: Expression) -> bool:
    return A.columns is not ONE and (A.operation is SOFTMAX_ROWS or has(A, "onehot"))


def _divided_rows(D: Expression, M: Expression) -> list[Expression] | None:
    """diag(v⊘r)(exp(Z)∘M) as diag(v)(softmax_rows(Z)∘M) where r = exp(Z) 1."""
    factors = M.arguments if M.operation is HADAMARD else (M,)
    exponentials = [factor for factor in factors if factor.operation is EXP]
    if not exponentials:
        return None
    v = D.arguments[0]
    for divisor in v.arguments if v.operation is HADAMARD else (v,):
        exponent = number_value(divisor.arguments[1]) if divisor.operation is POWER else None
        if not isinstance(exponent, int) or exponent >= 0:
            continue
        sums = divisor.arguments[0]
        Z = _exponents_summed(sums)
        found = next((factor for factor in exponentials if factor.arguments[0] is Z), None)
        if Z is not None and found is not None:
            rest = (factor for factor in factors if factor is not found)
            softmax = entrywise(build(SOFTMAX_ROWS, Z), *rest)
            return [build(DIAG, entrywise(v, sums)), softmax]
    return None


def _exponents_summed(column: Expression) -> Expression | None:
    """Z if the column is exp(Z) 1."""
    if column.operation is MULTIPLY and len(column.arguments) == 2 and column.columns is ONE:
        E, one = column.arguments
        if E.operation is EXP and is_ones(one):
            return E.arguments[0]
    return None


def logarithm_of_sums(X: Expression) -> Expression | None:
    """logsumexp_rows(Z) for exp(Z) 1, and its transpose for the row of sums."""
    if (Z := _exponents_summed(X)) is not None:
        return build(LOGSUMEXP_ROWS, Z)
    if X.operation is MULTIPLY and X.rows is ONE and (Z := _exponents_summed(flip(X))) is not None:
        return flip(build(LOGSUMEXP_ROWS, Z))
    return None
