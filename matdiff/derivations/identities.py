"""Rules and moves as reasons, written out from the records that the calculus itself uses.

A reason shows the rule on letters of the same shapes as the parts it is used on: capitals for
matrices, small letters for columns, their transposes for rows, Greek letters for scalars.  Nothing
is written down here: `A : B C = B'A : C` is what the pullback of the product makes of A, B and C.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache

from matdiff.calculus.differential import differential
from matdiff.derivations.linear import arranged, operator, parted, pulled
from matdiff.dimensions import ONE, Shape
from matdiff.errors import MatdiffError
from matdiff.normal import shortest
from matdiff.operations.algebra import (
    ADD,
    NUMBER,
    NUMBER_ONE,
    Expression,
    inner,
    make,
    multiply,
    postorder,
    symbol,
    symbol_name,
    transpose,
)
from matdiff.operations.linear import trace, vec
from matdiff.rendering import text

CAPITALS, SMALL, GREEK = "ABCDEFGHPQRS", "abcdefghpqrs", "αβγδεζηθ"
LONGEST = 60  # characters; an identity longer than this explains nothing

Path = Sequence[tuple[Expression, int]]  # operations passed through, each with the argument taken


def rules_of(f: Expression, X: Expression) -> str:
    """The rules by which f was differentiated, outermost last, such as `product rule; d log(α) =
    dα/α`."""
    moving: set[Expression] = {X}
    products, rules = False, []
    for node in postorder(f):
        held = [argument for argument in node.arguments if argument in moving]
        if not held:
            continue
        moving.add(node)
        if not node.operation.multilinear:
            rules.append(_rule(node))
        elif len(held) > 1 and node.operation is not ADD:
            products = True
    named = dict.fromkeys(rule for rule in rules if rule)
    found = (["product rule"] if products else []) + list(named)
    name = symbol_name(X)
    return "; ".join(found) if found else f"linear: d{name} in the place of {name}"


def frobenius_move(path: Path, by_scalar: bool) -> str:
    """`A : B C = B'A : C` for the way through some operations; against 1 if `by_scalar`."""
    return _identity(path, None if by_scalar else inner, pulled, inner)


def vec_move(path: Path) -> str:
    """`vec(A B C) = (C'⊗A) vec(B)` for the way through some operations."""
    whole = [step for step in path if step[0].operation is not ADD]
    return _identity(whole, lambda _, value: vec(value), _operators, _applied)


def _operators(G: Expression | None, node: Expression, i: int) -> Expression:
    J = operator(node, i)
    return J if G is None else multiply(G, J)


def _applied(J: Expression, Z: Expression) -> Expression:
    return multiply(J, vec(Z))


def _identity(
    path: Path,
    against: Callable[[Expression, Expression], Expression] | None,
    move: Callable[..., Expression],
    applied: Callable[[Expression, Expression], Expression],
) -> str:
    """`left = right`: the operations of the path on letters, and what the moves make of it."""
    path = [step for step in path if _tells(*step)]
    if not path:
        return ""
    letters = _Letters()
    vectors = move is _operators
    G = None if against is None or vectors else letters.next(path[0][0].shape)
    fillings = _fillings(path, letters)
    value = fillings[-1][0]
    Z = value
    nodes: list[tuple[Expression, int]] = []
    for (node, _), (_, before, after) in zip(reversed(path), reversed(fillings), strict=True):
        arguments = (*before, value, *after)
        value = make(node.operation, arguments, node.shape, node.parameters)
        nodes.append((value, len(before)))
    weight: Expression | None = G if G is not None or vectors else NUMBER_ONE
    for node, i in reversed(nodes):
        weight = move(weight, node, i)
    assert weight is not None
    left = value if against is None else against(G if G is not None else value, value)
    right = applied(shortest(weight), Z)
    written = f"{text(left)} = {text(right)}"
    return written if text(left) != text(right) and len(written) <= LONGEST else ""


def _tells(node: Expression, i: int) -> bool:
    """Whether the step through the node is worth words: sums and numbers in front are not."""
    if node.operation is ADD:
        return False
    others = [argument for j, argument in enumerate(node.arguments) if j != i]
    return not others or not all(other.is_scalar for other in others)


def _fillings(
    path: Path, letters: _Letters
) -> list[tuple[Expression, tuple[Expression, ...], tuple[Expression, ...]]]:
    """For each operation the letters before and after what moves, in reading order; the first
    entry of the last is the letter that moves."""
    before: list[tuple[Expression, ...]] = []
    for node, i in path:
        first, _ = parted(node, i)
        before.append(tuple(letters.next(a.shape) for a in first))
    node, i = path[-1]
    Z = letters.next(node.arguments[i].shape)
    after: list[tuple[Expression, ...]] = []
    for node, i in reversed(path):
        _, last = parted(node, i)
        after.append(tuple(letters.next(a.shape) for a in last))
    after.reverse()
    return [(Z, b, a) for b, a in zip(before, after, strict=True)]


def _rule(node: Expression) -> str:
    """`d logdet(A) = tr(A^-1 dA)` for the node's operation."""
    letters = _Letters()
    arguments = [a if a.operation is NUMBER else letters.next(a.shape) for a in node.arguments]
    return _written_rule(make(node.operation, tuple(arguments), node.shape, node.parameters))


@cache
def _written_rule(value: Expression) -> str:
    A = next(a for a in value.arguments if a.operation is not NUMBER)
    if A.arguments:  # a row: its letter stands transposed
        A = A.arguments[0]
    dA = symbol(f"d{symbol_name(A)}", *A.shape)
    try:
        change = differential(value, A, dA)
    except MatdiffError:  # it has a closed form where a trace is taken of it
        slope = value.operation.spectral
        if slope is None:
            return ""
        value, change = trace(value), trace(multiply(slope(*value.arguments), dA))
    if change is None:
        return f"d {text(value)} = 0"
    return f"d {text(value)} = {text(arranged(change, dA))}"


class _Letters:
    """Symbols one after the other, each in the letters of its shape."""

    __slots__ = ("count",)

    def __init__(self) -> None:
        self.count = 0

    def next(self, shape: Shape) -> Expression:
        rows, columns = shape
        place = self.count
        self.count += 1
        if rows is ONE and columns is ONE:
            return symbol(GREEK[place % len(GREEK)], ONE, ONE)
        if columns is ONE:
            return symbol(SMALL[place % len(SMALL)], rows, ONE)
        if rows is ONE:
            return transpose(symbol(SMALL[place % len(SMALL)], columns, ONE))
        return symbol(CAPITALS[place % len(CAPITALS)], rows, columns)


def joined(reasons: Iterable[str], most: int = 2) -> str:
    """Some reasons, each once."""
    found = [reason for reason in dict.fromkeys(reasons) if reason]
    return "; ".join(found[:most])
