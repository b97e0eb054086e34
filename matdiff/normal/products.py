"""Matrix products in normal form.

A product is one flat chain without scalars; 1×1 pieces of it, x'A y, leave it as scalars.  What
neighbours become is in `neighbours`.
"""

from __future__ import annotations

from matdiff.dimensions import ONE, Shape
from matdiff.errors import LimitReached
from matdiff.normal.core import (
    LONGEST_FLATTENED,
    build,
    entrywise,
    flip,
    key,
    normal,
    primitive,
    scaled,
    times,
)
from matdiff.normal.diagonals import sorted_diagonals
from matdiff.normal.matrix_functions import exchanged
from matdiff.normal.monomials import base_and_exponent
from matdiff.normal.neighbours import combine
from matdiff.normal.projections import drop_projected, factors_of
from matdiff.normal.rank_one import inverse_left
from matdiff.operations.algebra import (
    ADD,
    HADAMARD,
    MULTIPLY,
    ONES,
    SCALE,
    Expression,
    Rational,
    identity,
    is_identity,
    is_ones,
    is_zero,
    make,
    number,
    ones,
    zeros,
)
from matdiff.operations.blocks import selected
from matdiff.operations.elementwise import POWER
from matdiff.operations.linear import DIAG, TOTAL
from matdiff.operations.nonlinear import INVERSE, PSEUDOINVERSE

LONGEST_PRODUCT = 5000  # its derivative has that many terms of that many factors


@normal(MULTIPLY)
def product_of(factors: tuple[Expression, ...]) -> Expression:
    """The chain: flat, neighbours combined, scalars in front."""
    rows, columns = _outer_shape(factors)
    scalars: list[Expression] = []
    chain: list[Expression] = []
    stack = list(reversed(factors))
    while stack:
        factor = stack.pop()
        if factor.is_scalar:
            scalars.append(factor)
        elif is_zero(factor):
            return zeros(rows, columns)
        elif factor.operation is SCALE:
            scalars.append(factor.arguments[0])
            stack.append(factor.arguments[1])
        elif factor.operation is MULTIPLY and len(factor.arguments) <= LONGEST_FLATTENED:
            stack.extend(reversed(factor.arguments))
        elif factor.operation is ADD and (common := primitive(factor))[0] != 1:
            scalars.append(number(common[0]))
            stack.append(common[1])
        elif factor.operation is ONES and ONE not in factor.shape:
            stack.extend((ones(ONE, factor.columns), ones(factor.rows)))
        elif not is_identity(factor):
            combined = _neighbours(chain[-1], factor) if chain else None
            if combined is None:
                chain.append(factor)
                _cancel(chain)
                while len(chain) > 1 and (scalar := inverse_left(chain)) is not None:
                    scalars.append(scalar)
            else:
                chain.pop()
                stack.extend(reversed(combined))
    if len(chain) > LONGEST_PRODUCT:
        raise LimitReached(
            f"a product of {len(chain)} factors is beyond the limit of {LONGEST_PRODUCT} factors",
            code="MX512",
        )
    ordered = sorted_diagonals(chain)
    if len(ordered) < len(chain):
        return times(*scalars, *(ordered or [identity(rows)]))
    chain = _without_scalars(ordered, scalars)
    if any(factor.operation is DIAG for factor in chain):
        chain = _entrywise_ends(chain)
    if chain:
        body = make(MULTIPLY, tuple(chain), (rows, columns)) if len(chain) > 1 else chain[0]
        if len(chain) == 2 and chain[0].operation is ONES and chain[1].operation is ONES:
            body = ones(rows, columns)
    else:
        body = identity(rows)
    return scaled(entrywise(*scalars), body) if scalars else body


def _cancel(chain: list[Expression]) -> None:
    """Drop M⁻¹ and the factors of M beside each other at the end of the chain, and what is there
    twice of M M⁺ M or M⁺ M M⁺."""
    last = chain[-1]
    if last.operation is INVERSE and last.arguments[0].operation is MULTIPLY:
        inside = list(last.arguments[0].arguments)
        if chain[-1 - len(inside) : -1] == inside:
            del chain[-1 - len(inside) :]
            return
    for at in range(len(chain) - 3, -1, -1):
        inverse = chain[at]
        if inverse.operation is INVERSE and inverse.arguments[0].operation is MULTIPLY:
            if chain[at + 1 :] == list(inverse.arguments[0].arguments):
                del chain[at:]
                return
        elif inverse.operation is PSEUDOINVERSE and last is inverse:
            if chain[at + 1 : -1] == list(factors_of(inverse.arguments[0])):
                del chain[at + 1 :]
                return
    drop_projected(chain)


def _outer_shape(factors: tuple[Expression, ...]) -> Shape:
    proper = [factor for factor in factors if not factor.is_scalar]
    if not proper:
        return ONE, ONE
    return proper[0].rows, proper[-1].columns


def _entrywise_ends(chain: list[Expression]) -> list[Expression]:
    """diag(v) before a column is a Hadamard product, so is diag(v) after a row."""
    if chain[-1].columns is ONE:
        at = max(i for i, factor in enumerate(chain) if factor.operation is DIAG)
        if at + 1 < len(chain):
            column = entrywise(chain[at].arguments[0], times(*chain[at + 1 :]))
            return list(factors_of(times(*chain[:at], column)))
    elif chain[0].rows is ONE:
        at = min(i for i, factor in enumerate(chain) if factor.operation is DIAG)
        if at > 0:
            column = entrywise(flip(times(*chain[:at])), chain[at].arguments[0])
            return list(factors_of(times(flip(column), *chain[at + 1 :])))
    return chain


def _without_scalars(chain: list[Expression], scalars: list[Expression]) -> list[Expression]:
    """The chain without its 1×1 pieces, which join `scalars`: x (y'z) w' is (y'z) x w'."""
    kept: list[Expression] = []
    start: int | None = None  # where in `kept` a row stands that may begin a scalar
    for factor in chain:
        kept.append(factor)
        if factor.rows is ONE:
            start = len(kept) - 1
        if factor.columns is ONE and start is not None:
            scalars.append(_scalar_product(kept[start:]))
            del kept[start:]
            start = None
    return kept


def _scalar_product(chain: list[Expression]) -> Expression:
    """A row times … times a column, 1×1, the same for the chain and its transpose."""
    first, last = chain[0], chain[-1]
    if is_ones(first):
        return build(TOTAL, times(*chain[1:]))
    if is_ones(last):
        return build(TOTAL, times(*chain[:-1]))
    if len(chain) == 2:
        column = flip(first)
        is_entry = selected(first) is not None or selected(last) is not None
        if not is_entry and {HADAMARD, POWER} & {column.operation, last.operation}:
            return build(TOTAL, entrywise(column, last))
    elif (joint := _met(flip(first), chain[1:]) or _met(last, chain[:-1])) is not None:
        return build(TOTAL, joint)
    sign, turned = reversal(chain)
    if sign < 0 and turned == chain:  # x'K x of a skew K
        return number(0)
    forward = make(MULTIPLY, tuple(chain), (ONE, ONE))
    backward = make(MULTIPLY, tuple(turned), (ONE, ONE))
    first = min(forward, backward, key=lambda e: (key(e).count("'"), key(e)))
    return first if first is forward else scaled(sign, backward)


def _met(column: Expression, others: list[Expression]) -> Expression | None:
    """The column times, entry by entry, the rest of a scalar product if that is one of its bases:
    (c⊘A x)'A x = sum(c)."""
    if column.operation is not HADAMARD and column.operation is not POWER:
        return None
    rest = times(*others)
    if rest.rows is ONE:
        rest = flip(rest)
    factors = column.arguments if column.operation is HADAMARD else (column,)
    if any(base_and_exponent(factor)[0] is rest for factor in factors):
        return entrywise(column, rest)
    return None


def reversal(chain: list[Expression]) -> tuple[Rational, list[Expression]]:
    """The transpose of a product as a sign and its factors."""
    sign: Rational = 1
    turned: list[Expression] = []
    for factor in reversed(chain):
        c, body = primitive(flip(factor))
        sign *= c
        turned.append(body)
    return sign, sorted_diagonals(turned)


def _neighbours(A: Expression, B: Expression) -> list[Expression] | None:
    """What two neighbours become, or their better order, or None."""
    combined = combine(A, B)
    return exchanged(A, B) if combined is None else combined
