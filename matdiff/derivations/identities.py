"""Rules and moves as reasons, written out from the records that the calculus itself uses.

A reason shows the rule on letters of the same shapes as the parts it is used on: capitals for
matrices, small letters for columns, their transposes for rows, Greek letters for scalars.  Nothing
is written down here: `A : B C = B'A : C` is what the pullback of the product makes of A, B and C.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from matdiff.calculus.differential import differential
from matdiff.derivations.letters import Letters
from matdiff.derivations.linear import arranged, operator, parted, pulled
from matdiff.derivations.steps import Reason, Signs, joined, told
from matdiff.errors import MatdiffError
from matdiff.normal import normalise, shortest
from matdiff.operations.algebra import (
    ADD,
    NUMBER,
    NUMBER_ONE,
    SCALE,
    Expression,
    hadamard,
    inner,
    make,
    multiply,
    postorder,
    reapply,
    scale,
    symbol,
    symbol_name,
)
from matdiff.operations.linear import trace, vec
from matdiff.rendering import text

PRODUCT_RULE = "product rule"
LONG = 45  # characters of an identity for which a shorter one is looked for
LONGEST = 60  # characters; an identity longer than this explains nothing

Path = Sequence[tuple[Expression, int]]  # operations passed through, each with the argument taken


def rules_of(f: Expression, X: Expression) -> Reason:
    """The rules by which f was differentiated, outermost last, such as `product rule; d log(α) =
    dα/α`."""
    moving: set[Expression] = {X}
    products = False
    rules: list[Reason] = []
    for node in postorder(f):
        held = [argument for argument in node.arguments if argument in moving]
        if not held:
            continue
        moving.add(node)
        if not node.operation.multilinear:
            rules.append(_rule(node))
        elif len(held) > 1 and node.operation is not ADD:
            products = True
    found = joined([(PRODUCT_RULE,) if products else (), *rules])
    change = symbol(f"d{symbol_name(X)}", *X.shape)
    return found or ("linear: ", change, " in the place of ", symbol(symbol_name(X), *X.shape))


def frobenius_move(weight: Expression, path: Path) -> Reason:
    """`A : B C = B'A : C` for the way through some operations, a scalar being against 1.

    Where that is long and the weight is of the same operation, so is its letter:
    `A⊗B : C⊗D = (B:D)A : C`.
    """
    node = path[0][0]
    if node.is_scalar:
        return _identity(path, None, pulled, inner)
    plain = _identity(path, inner, pulled, inner)
    if plain and len(told(plain)) <= LONG:
        return plain
    weight = normalise(weight)
    if weight.operation is SCALE:
        weight = weight.arguments[1]
    alike = len(path) == 1 and weight.operation is node.operation
    return (_identity(path, inner, pulled, inner, weight) if alike else ()) or plain


def scalar_move(dX: Expression) -> Reason:
    """`α(B:C) = α B : C` for matrices of the shape of dX."""
    letters = Letters()
    alpha, B, C = (letters.next(shape) for shape in (NUMBER_ONE.shape, dX.shape, dX.shape))
    return (hadamard(alpha, inner(B, C)), Signs(" = "), inner(scale(alpha, B), C))


def vec_move(path: Path) -> Reason:
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
    weight_like: Expression | None = None,
) -> Reason:
    """`left = right`: the operations of the path on letters, and what the moves make of it."""
    path = [step for step in path if _tells(*step)]
    if not path:
        return ()
    letters = Letters()
    vectors = move is _operators
    G = None
    if weight_like is not None:
        parts = tuple(letters.next(argument.shape) for argument in weight_like.arguments)
        G = reapply(weight_like, parts)
    elif against is not None and not vectors:
        G = letters.next(path[0][0].shape)
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
    equation = (left, Signs(" = "), right)
    return equation if text(left) != text(right) and len(told(equation)) <= LONGEST else ()


def _tells(node: Expression, i: int) -> bool:
    """Whether the step through the node is worth words: sums and numbers in front are not."""
    if node.operation is ADD:
        return False
    others = [argument for j, argument in enumerate(node.arguments) if j != i]
    return not others or not all(other.is_scalar for other in others)


def _fillings(
    path: Path, letters: Letters
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


def _rule(node: Expression) -> Reason:
    """`d logdet(A) = tr(A^-1 dA)` for the node's operation."""
    letters = Letters()
    arguments = [a if a.operation is NUMBER else letters.next(a.shape) for a in node.arguments]
    return _written_rule(make(node.operation, tuple(arguments), node.shape, node.parameters))


@cache
def _written_rule(value: Expression) -> Reason:
    A = next(a for a in value.arguments if a.operation is not NUMBER)
    if A.arguments:  # a row: its letter stands transposed
        A = A.arguments[0]
    dA = symbol(f"d{symbol_name(A)}", *A.shape)
    try:
        change = differential(value, A, dA)
    except MatdiffError:  # it has a closed form where a trace is taken of it
        slope = value.operation.spectral
        if slope is None:
            return ()
        value, change = trace(value), trace(multiply(slope(*value.arguments), dA))
    if change is None:
        return (Signs("d "), value, Signs(" = 0"))
    return (Signs("d "), value, Signs(" = "), arranged(change, dA))
