"""Products with sums, multiplied out where that is cheaper.

(diag(p) - pp')v costs n² where p∘v - p(p'v) costs n, and S (c I + 3 x x'S) costs n³ where
c S + 3 (S x)(x'S) costs n².  Sums of dense matrices stay together: (A + B)v is one product.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from matdiff.dimensions import ONE
from matdiff.emission.costs import LONGEST_ORDERED, bracketing
from matdiff.emission.operands import operands
from matdiff.emission.plans import Making, times
from matdiff.operations.algebra import (
    ADD,
    MULTIPLY,
    NUMBER_ONE,
    ONES,
    SCALE,
    TRANSPOSE,
    Expression,
    add,
    apply,
    hadamard,
    is_identity,
    multiply,
    ones,
    postorder,
    reapply,
    rebuild,
    scale,
)
from matdiff.operations.linear import DIAGONAL, TRACE

MOST_TERMS = 8  # of a sum that is multiplied out


def by_parts(root: Expression, making: Making) -> Expression:
    """The expression with products of sums multiplied out where that is less work."""

    def change(node: Expression, arguments: tuple[Expression, ...]) -> Expression:
        node = reapply(node, arguments)
        if node.operation is MULTIPLY:
            return _expanded(node, making)
        return _of_each_term(node, making) if node.operation in (TRACE, DIAGONAL) else node

    return rebuild(root, change)


def _expanded(node: Expression, making: Making) -> Expression:
    """A product with its sums multiplied out, one after the other, while that is less work."""
    done: list[Expression] = []
    stack = [(NUMBER_ONE, node)]
    while stack:
        coefficient, product = stack.pop()
        found = None
        if product.operation is MULTIPLY and len(done) + len(stack) < MOST_TERMS:
            found = _multiplied_out(product, making)
        if found is None:
            done.append(times(coefficient, product))
        else:
            stack += [(_times(coefficient, c), product) for c, product in reversed(found)]
    return node if len(done) == 1 else reduce(add, done)


def _multiplied_out(node: Expression, making: Making) -> list[tuple[Expression, Expression]] | None:
    """The terms, each a scalar and a product, if one of the factors is a sum that is better
    multiplied out."""
    factors = making.flat(node)
    if len(factors) > LONGEST_ORDERED:
        return None
    for at, factor in enumerate(factors):
        coefficient, terms = _terms(factor, making)
        if not 2 <= len(terms) <= MOST_TERMS:
            continue
        left, right = factors[:at], factors[at + 1 :]
        products = [(c, [*left, *inside, *right]) for c, inside in terms]
        apart = _apart([chain for _, chain in products], node, making)
        formed = 0.0 if factor in making.shared else _forming(terms, factor, making)
        if apart < formed + _work(factors, making):
            return [(_times(coefficient, c), _joined(chain)) for c, chain in products]
    return None


def _joined(factors: Sequence[Expression]) -> Expression:
    """The product, with ones bracketed where a column meets a row: 1 (1'A) for 1 1'A, so that no
    matrix of equal rows is what two chains share, and is formed for that."""
    if all(factor.operation is not ONES for factor in factors):
        return reduce(multiply, factors)
    parts: list[Expression] = []
    start = 0
    for at, factor in enumerate(factors, 1):
        if factor.columns is ONE or at == len(factors):
            parts.append(reduce(multiply, factors[start:at]))
            start = at
    scalars = [part for part in parts if part.is_scalar]
    arrays = [part for part in parts if not part.is_scalar]
    product = reduce(multiply, arrays) if arrays else scalars.pop()
    if arrays and all(part.operation is ONES for part in arrays):
        product = ones(arrays[0].rows, arrays[-1].columns)
    return reduce(lambda whole, scalar: scale(scalar, whole), scalars, product)


def _times(a: Expression, b: Expression) -> Expression:
    """The product of two scalars."""
    return b if a is NUMBER_ONE else a if b is NUMBER_ONE else hadamard(a, b)


def _of_each_term(node: Expression, making: Making) -> Expression:
    """tr(A B + C) is tr(A B) + tr(C), so that no product is formed for its diagonal."""
    (inside,) = node.arguments
    if inside.operation is not ADD or inside in making.shared:
        return node
    terms = making.flat(inside)
    parts = [_unscaled(term) for term in terms]
    if len(terms) > MOST_TERMS or all(base.operation is not MULTIPLY for _, base in parts):
        return node
    return reduce(add, [times(scalar, apply(node.operation, base)) for scalar, base in parts])


def _unscaled(term: Expression) -> tuple[Expression, Expression]:
    """A term as its scalar factor and the rest."""
    scalar = NUMBER_ONE
    while term.operation is SCALE:
        scalar, term = _times(scalar, term.arguments[0]), term.arguments[1]
    return scalar, term


def _apart(chains: Sequence[list[Expression]], node: Expression, making: Making) -> float:
    """The work of a sum of products; a term that is one matrix serves the other terms too."""
    alone = {chain[0] for chain in chains if len(chain) == 1}
    formed = making.supposing(formed=alone)
    size = making.sizes.entries(node.shape)
    work = (len(chains) - 1) * size + sum(_work([factor], making) for factor in alone)
    return work + sum(_work(chain, formed) for chain in chains if len(chain) > 1)


def _terms(
    factor: Expression, making: Making
) -> tuple[Expression, list[tuple[Expression, list[Expression]]]]:
    """A sum as its scalar factor and its terms, each a scalar and the factors of a product."""
    coefficient, factor = _unscaled(factor)
    if factor.operation is not ADD:
        return coefficient, []
    found: list[tuple[Expression, list[Expression]]] = []
    for term in making.flat(factor):
        scalar, base = _unscaled(term)
        if is_identity(base):
            found.append((scalar, []))
        else:
            found.append((scalar, making.factors(base)))
    return coefficient, found


def _work(factors: Sequence[Expression], making: Making) -> float:
    if len(factors) > LONGEST_ORDERED:
        return float("inf")
    return bracketing([o.link() for o in operands(factors, making)], making.sizes).cost


def _forming(
    terms: Sequence[tuple[Expression, list[Expression]]], factor: Expression, making: Making
) -> float:
    size = making.sizes.entries(factor.shape)
    return sum(size + (_work(inside, making) if inside else 0.0) for _, inside in terms)


def worth_forming(
    roots: Sequence[Expression], shared: set[Expression], making: Making
) -> set[Expression]:
    """The shared nodes without the products that are cheaper as factors of each chain: with vectors
    on their sides, A B is never formed for A(B x) and B'(A'y)."""
    order = postorder(*roots)
    users: dict[Expression, list[Expression]] = {}
    others: set[Expression] = set(roots)
    for node in order:
        for argument in node.arguments:
            inside = argument.arguments[0] if argument.operation is TRANSPOSE else argument
            if node.operation is MULTIPLY:
                users.setdefault(inside, []).append(node)
            elif node.operation is not TRANSPOSE:
                others.add(inside)
    formed = set(shared)
    for product in reversed(order):
        uses = users.get(product, [])
        if product.operation is not MULTIPLY or product in others or product not in formed:
            continue
        if 1 <= len(uses) <= MOST_TERMS and _cheaper_apart(product, uses, making):
            formed.discard(product)
    return formed


def _cheaper_apart(product: Expression, uses: Sequence[Expression], making: Making) -> bool:
    """Whether the chains that a product stands in cost less with its factors in its place."""
    apart = making.supposing(apart=(product,))
    together = _work(making.flat(product), making)
    together += sum(_work(making.flat(user), making) for user in uses)
    return sum(_work(apart.flat(user), apart) for user in uses) < together
