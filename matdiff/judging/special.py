"""Assumptions under which a wrong claim would be right: symmetric, diagonal, commuting, n = 1."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from matdiff.dimensions import Dimension
from matdiff.errors import MatdiffError
from matdiff.judging.identity import identity
from matdiff.judging.resizing import resized
from matdiff.judging.suspects import quoted
from matdiff.normal import normalise
from matdiff.operations.algebra import (
    SYMBOL,
    Expression,
    postorder,
    reapply,
    substitute,
    symbol,
    symbol_name,
    symbol_properties,
)
from matdiff.verification.domain import KINKS

MOST_MATRICES = 6
MOST_SIZES = 4
OTHER_SIZES = range(1, 7)  # tried before "only" is said of one
_STRUCTURED = frozenset(("symmetric", "spd", "diagonal", "skew", "orthogonal"))


def special_cases(right: Expression, claimed: Expression, seed: int) -> Iterator[str]:
    """Sentences on when the two formulas are equal, the least restrictive first; at most one."""
    free = [
        node
        for node in postorder(right, claimed)
        if node.operation is SYMBOL
        and node.rows is node.columns
        and not node.is_scalar
        and _STRUCTURED.isdisjoint(symbol_properties(node))
    ][:MOST_MATRICES]
    for names, values, words in _assumptions(free):
        try:
            one, other = substitute(right, values), substitute(claimed, values)
            if identity(one, other, seed=seed).holds:
                yield f"holds only if {' and '.join(names)} {words}"
                return
        except MatdiffError:
            continue
    yield from _of_size(right, claimed, seed)


def one_sided(right: Expression, claimed: Expression, seed: int) -> Iterator[str]:
    """Whether the claim leaves out what happens on the other side of a kink; at most one sentence.

    What a function is on one side follows from its value at a symbol that is positive there.
    """
    for node in postorder(right):
        operation = node.operation
        if not operation.elementwise or operation.smooth or operation.domain not in KINKS:
            continue
        u = node.arguments[0]
        positive = symbol("u #", *u.shape, ["positive"])
        for factor, word in ((1, "positive"), (-1, "negative")):
            side = normalise(reapply(node, (factor * positive,)))
            there = substitute(right, {node: substitute(side, {positive: factor * u})})
            if operation not in {n.operation for n in postorder(side)} and there is not right:
                if identity(there, claimed, seed=seed).holds:
                    yield f"holds only where {quoted(u)} is {word}"
                    return


def _of_size(right: Expression, claimed: Expression, seed: int) -> Iterator[str]:
    """Whether the two are equal where two sizes are the same, one is 1, 2 or 3, or all are one."""

    def equal(sizes: dict[str, Dimension]) -> bool:
        try:
            return identity(resized(right, sizes), resized(claimed, sizes), seed=seed).holds
        except MatdiffError:
            return False

    sides = {side for node in postorder(right, claimed) for side in node.shape}
    names = sorted(set().union(*(side.names() for side in sides)))
    for one, other in combinations(names[:MOST_SIZES], 2):
        if equal({other: Dimension.of(one)}):
            yield f"holds for {one} = {other}, not for all sizes"
            return
    for value in (1, 2, 3):
        for name in names[:MOST_SIZES]:
            if equal({name: Dimension.of(value)}):
                good = [n for n in OTHER_SIZES if n == value or equal({name: Dimension.of(n)})]
                sizes = " and ".join(f"{name} = {n}" for n in good)
                yield f"holds {'only if' if len(good) == 1 else 'for'} {sizes}" + (
                    "" if len(good) == 1 else f", not for all {name}"
                )
                return
    if equal(dict.fromkeys(names, Dimension.of(1))):
        yield f"holds only if {' = '.join(names)} = 1"


def _assumptions(
    free: list[Expression],
) -> Iterator[tuple[list[str], dict[Expression, Expression], str]]:
    for word in ("symmetric", "diagonal"):
        for count in range(1, min(len(free), 2) + 1):
            for chosen in combinations(free, count):
                values = {node: _with(node, word) for node in chosen}
                verb = "is" if count == 1 else "are"
                yield [symbol_name(node) for node in chosen], values, f"{verb} {word}"
        if len(free) > 2:
            values = {node: _with(node, word) for node in free}
            yield [symbol_name(node) for node in free], values, f"are {word}"
    for A, B in combinations(free, 2):
        if A.shape == B.shape:
            values = {B: A @ A - 3 * A}  # what commutes with A and is not A
            yield [symbol_name(A), symbol_name(B)], values, "commute"


def _with(node: Expression, word: str) -> Expression:
    return symbol(symbol_name(node), *node.shape, (*symbol_properties(node), word))
