"""What is linear in dX, put in order so that a person can follow it.

A differential comes out of the calculus as nested operations of two.  Here products are flat, what
does not move stands together, simplified, and scalar factors stand in front.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce

from matdiff.calculus.operators import UNCHANGED
from matdiff.calculus.readback import matrices
from matdiff.normal import shortest
from matdiff.operations.algebra import (
    ADD,
    HADAMARD,
    MULTIPLY,
    NUMBER_ONE,
    SCALE,
    ZERO,
    Expression,
    add,
    hadamard,
    identity,
    is_identity,
    is_ones,
    is_zero,
    make,
    postorder,
    reapply,
    rebuild,
    scale,
    substitute,
    symbol,
)
from matdiff.rendering.length import length

# a product with a sum is multiplied out with so few tokens, and so few terms of the sum
SHORT, MOST_TERMS = 2, 4
Weighted = tuple[Expression, Expression]  # a scalar that does not move, and what it stands before


def parted(node: Expression, i: int) -> tuple[tuple[Expression, ...], tuple[Expression, ...]]:
    """The arguments before and after the i-th."""
    return node.arguments[:i], node.arguments[i + 1 :]


def pulled(G: Expression, node: Expression, i: int) -> Expression:
    """P with G : node = P : (its i-th argument), by the move of its record; of an operation of
    many arguments that stands for nested ones of two, by those of the two."""
    operation, (before, after) = node.operation, parted(node, i)
    if operation is ADD:
        return G
    if len(node.arguments) <= len(operation.pullback):
        return operation.pullback[i](G, *node.arguments)  # type: ignore[no-any-return]
    joined = node.arguments[i]
    if after:
        joined = _nested(node, (joined, *after))
    if before:
        first = _nested(node, before)
        G = operation.pullback[1](G, first, joined)
    if after:
        G = operation.pullback[0](G, node.arguments[i], _nested(node, after))
    return G


def operator(node: Expression, i: int) -> Expression:
    """M with vec(node) = M vec(its i-th argument), the others fixed."""
    argument = node.arguments[i]
    if node.operation in UNCHANGED:
        return identity(argument.rows * argument.columns)
    part = symbol("part", *argument.shape)
    others = {}
    parts = list(node.arguments)
    for j, other in enumerate(node.arguments):
        parts[j] = symbol(f"part {j}", *other.shape)
        others[parts[j]] = other
    parts[i] = part
    value = _nested(node, tuple(parts)) if len(parts) > 1 else reapply(node, tuple(parts))
    return substitute(matrices(value, part, by_column=True)[0], others)


def _nested(node: Expression, arguments: tuple[Expression, ...]) -> Expression:
    """The node's operation on other arguments, two by two."""
    if len(arguments) == 1:
        return arguments[0]
    if node.parameters or not node.operation.associative:
        return reapply(node, arguments)
    return reduce(lambda A, B: reapply(node, (A, B)), arguments)


def in_twos(expression: Expression) -> Expression:
    """The expression with operations of two in place of those of many arguments."""
    return rebuild(expression, lambda node, new: (_nested if len(new) > 2 else reapply)(node, new))


def arranged(dY: Expression, dX: Expression, *, multiplied_out: bool = False) -> Expression:
    """dY put in order; equal to it, and linear in the symbol dX in the same way.

    `multiplied_out`: sums that the product rule has made are left within products no longer than
    they have to.
    """
    values = {dX: _Moving(NUMBER_ONE, dX)}
    for node in postorder(dY):
        moving = [i for i, argument in enumerate(node.arguments) if argument in values]
        if moving and node is not dX:
            if node.operation is ADD:
                values[node] = _sum([values[argument] for argument in node.arguments])
            else:
                inside = values[node.arguments[moving[0]]]
                values[node] = _product(node, moving[0], inside, multiplied_out)
    return values[dY].whole()


class _Moving:
    """What moves: a scalar `weight` that does not, before a `node` that does.

    place   if the node is a product, that of the argument that moves
    terms   if the node is a sum of few, what it is the sum of
    scaled  whether the node is a scalar that moves before what does not
    """

    __slots__ = ("node", "place", "scaled", "terms", "weight")

    def __init__(
        self,
        weight: Expression,
        node: Expression,
        place: int | None = None,
        terms: Sequence[_Moving] = (),
        *,
        scaled: bool = False,
    ) -> None:
        self.weight, self.node, self.place = weight, node, place
        self.terms, self.scaled = terms, scaled

    def times(self, weight: Expression) -> _Moving:
        """The same with another scalar before it."""
        weight = hadamard(weight, self.weight)
        return _Moving(weight, self.node, self.place, self.terms, scaled=self.scaled)

    def whole(self) -> Expression:
        return scale(shortest(self.weight), self.node)


def _sum(parts: list[_Moving]) -> _Moving:
    terms: list[Expression] = []
    parts = _gathered([term for part in parts for term in part.terms or (part,)])
    if len(parts) == 1:
        return parts[0]
    for part in parts:
        term = part.whole()
        if not is_zero(term):
            terms += term.arguments if term.operation is ADD else (term,)
    if not terms:  # b - b
        return _Moving(ZERO, parts[0].node)
    whole = terms[0] if len(terms) == 1 else make(ADD, tuple(terms), terms[0].shape)
    return _Moving(NUMBER_ONE, whole, None, parts if len(parts) <= MOST_TERMS else ())


def _gathered(parts: list[_Moving]) -> list[_Moving]:
    """The terms, those that are one but for the order of a commutative product added."""
    found: dict[object, _Moving] = {}
    for part in parts:
        node = part.node
        alike = node.operation.commutative and node.operation is not ADD
        key = (node.operation, tuple(sorted(map(id, node.arguments)))) if alike else node
        known = found.get(key)
        if known is None:
            found[key] = part
        else:
            weight = shortest(add(known.weight, part.weight))
            found[key] = _Moving(weight, known.node, known.place, scaled=known.scaled)
    return list(found.values())


def _product(node: Expression, i: int, inside: _Moving, multiplied_out: bool = False) -> _Moving:
    """A multilinear operation with what does not move simplified, and scalars in front."""
    operation, (before, after) = node.operation, parted(node, i)
    weight, moving = inside.weight, inside.node
    if inside.scaled and (moving.arguments[0].arguments or is_identity(moving.arguments[1])):
        return _with_scalar_in_front(node, i, inside)
    if multiplied_out and operation is MULTIPLY and _is_short(inside.terms, (*before, *after)):
        return _sum([_product(node, i, term.times(weight), True) for term in inside.terms])
    if operation is SCALE and i == 0:
        weight, (part,) = _apart(weight, [_still(after[0])])
        return _scaled(weight, reapply(node, (moving, part)))
    if operation is SCALE:
        return _Moving(hadamard(before[0], weight), moving, inside.place)
    if operation is HADAMARD and node.is_scalar:
        return _Moving(reduce(hadamard, (*before, *after), weight), moving, inside.place)
    if not operation.associative:
        weight, first = _apart(weight, [_still(part) for part in before])
        weight, last = _apart(weight, [_still(part) for part in after])
        return _Moving(weight, reapply(node, (*first, moving, *last)))
    if moving.operation is operation and inside.place is not None:
        left, right = parted(moving, inside.place)
        before, moving, after = (*before, *left), moving.arguments[inside.place], (*right, *after)
    if operation.commutative:
        before, after = ((*before, *after), ()) if before else ((), after)
    weight, first = _apart(weight, [_still(_nested(node, before))] if before else [])
    weight, last = _apart(weight, [_still(_nested(node, after))] if after else [])
    if operation.commutative:  # ones are no factor
        first, last = _without(is_ones, first), _without(is_ones, last)
    if operation is MULTIPLY:
        first, last = _without(is_identity, first), _without(is_identity, last)
    arguments = (*first, moving, *last)
    if len(arguments) == 1:
        return _Moving(weight, moving)
    if any(argument.is_scalar for argument in arguments):
        return _Moving(weight, _nested(node, arguments))
    return _Moving(weight, make(operation, arguments, node.shape, node.parameters), len(first))


def _is_short(terms: Sequence[_Moving], others: Sequence[Expression]) -> bool:
    """Whether a product with a sum of products stays short if it is multiplied out."""
    products = bool(terms) and all(term.place is not None for term in terms)
    return products and sum(map(length, others)) <= SHORT


def _with_scalar_in_front(node: Expression, i: int, inside: _Moving) -> _Moving:
    """A multilinear operation on (δ M), δ a scalar that moves: δ stands in front of it."""
    delta, part = inside.node.arguments
    before, after = parted(node, i)
    weight, (whole,) = _apart(inside.weight, [_still(reapply(node, (*before, part, *after)))])
    if whole.is_scalar:
        return _Moving(hadamard(weight, whole), delta)
    return _scaled(weight, scale(delta, whole))


def _scaled(weight: Expression, node: Expression) -> _Moving:
    """A scalar that moves before what does not, unless that is zero."""
    return _Moving(weight, node, scaled=node.operation is SCALE)


def _without(is_neutral: Callable[[Expression], bool], parts: list[Expression]) -> list[Expression]:
    return [part for part in parts if not is_neutral(part)]


def _still(part: Expression) -> Weighted:
    """What does not move, as short as can be, its scalar factor apart."""
    simple = shortest(part)
    return simple.arguments if simple.operation is SCALE else (NUMBER_ONE, simple)  # type: ignore


def _apart(weight: Expression, parts: list[Weighted]) -> tuple[Expression, list[Expression]]:
    """The parts without their scalar factors, and those with the weight."""
    return reduce(hadamard, (scalar for scalar, _ in parts), weight), [part for _, part in parts]
