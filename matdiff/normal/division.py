"""Products with inverses divided out: M S^-1 = c I + r S^-1 for M = c S + r I.

With S = N + r I this is N S^-1 = I - r S^-1, and (I + A)(I - A)^-1 = 2(I - A)^-1 - I.  It is done
throughout or not at all: the result is a candidate for the shortest formula, no normal form.
"""

from __future__ import annotations

from collections.abc import Iterator

from matdiff.normal.core import build, entrywise, negative, plus, remembered, scaled, times
from matdiff.normal.normalise import each_rebuilt
from matdiff.operations.algebra import (
    ADD,
    MINUS_ONE,
    MULTIPLY,
    NUMBER_ONE,
    SCALE,
    ZERO,
    Expression,
    identity,
    is_identity,
    is_zero,
)
from matdiff.operations.elementwise import POWER
from matdiff.operations.nonlinear import INVERSE

LONGEST_DIVIDEND = 4  # factors
MOST_TERMS = 64  # of what a product becomes


def divides(root: Expression) -> bool:
    """Whether an inverse of a sum with a multiple of I in it stands in a product."""
    return bool(remembered(root, "divides", _divides))


def _divides(node: Expression) -> bool:
    if node.operation is MULTIPLY and any(_divisor(f) is not None for f in node.arguments):
        return True
    return any(map(divides, node.arguments))


def _divisor(factor: Expression) -> Expression | None:
    """N + r I, if the factor is its inverse."""
    if factor.operation is not INVERSE or factor.arguments[0].operation is not ADD:
        return None
    (S,) = factor.arguments
    return S if any(is_identity(_parted(term)[1]) for term in S.arguments) else None


def divided(root: Expression) -> Expression:
    """The normal form with all such divisions carried out."""
    return each_rebuilt(root, lambda node: _divided(node) if node.operation is MULTIPLY else node)


def _divided(product: Expression) -> Expression:
    """The product as a sum in which nothing is left to divide; each step shortens a product."""
    done: list[Expression] = []
    waiting = [product]
    while waiting:
        term = waiting.pop()
        s, body = _parted(term)
        parts = _quotient_and_rest(list(body.arguments)) if body.operation is MULTIPLY else None
        if parts is None:
            done.append(term)
        elif len(done) + len(waiting) > MOST_TERMS:
            return product
        else:
            waiting += [scaled(s, part) for part in parts]
    return plus(done)


def _quotient_and_rest(chain: list[Expression]) -> tuple[Expression, Expression] | None:
    """P M S^-1 Q as c P Q and r P S^-1 Q, for the first inverse that divides what is beside it."""
    for at, inverse in enumerate(chain):
        S = _divisor(inverse)
        if S is None:
            continue
        for start, stop in _beside(chain, at):
            found = _multiple_and_rest(times(*chain[start:stop]), S)
            if found is not None:
                c, r = found
                before, after = chain[: min(start, at)], chain[max(stop, at + 1) :]
                one = identity(S.rows)
                return (
                    scaled(c, times(*before, one, *after)),
                    scaled(r, times(*before, inverse, *after)),
                )
    return None


def _beside(chain: list[Expression], at: int) -> Iterator[tuple[int, int]]:
    """The runs of factors that end or begin beside the inverse and are as large as it."""
    side = chain[at].rows
    for start in range(at - 1, max(-1, at - 1 - LONGEST_DIVIDEND), -1):
        if chain[start].rows is side:
            yield start, at
    for stop in range(at + 2, min(len(chain), at + 1 + LONGEST_DIVIDEND) + 1):
        if chain[stop - 1].columns is side:
            yield at + 1, stop


def _multiple_and_rest(M: Expression, S: Expression) -> tuple[Expression, Expression] | None:
    """Scalars c and r with M = c S + r I, by the first term of M that is not a multiple of I."""
    terms = M.arguments if M.operation is ADD else (M,)
    ours = {body: s for s, body in map(_parted, S.arguments)}
    for s, body in map(_parted, terms):
        if is_identity(body):
            continue
        if body not in ours:
            return None
        c = entrywise(s, build(POWER, ours[body], MINUS_ONE))
        rest = plus((M, negative(scaled(c, S))))
        if is_zero(rest):
            return c, ZERO
        r, one = _parted(rest)
        return (c, r) if is_identity(one) else None
    return None


def _parted(term: Expression) -> tuple[Expression, Expression]:
    """s and A with term = s A, A without a scalar."""
    if term.operation is SCALE:
        return term.arguments[0], term.arguments[1]
    return NUMBER_ONE, term
