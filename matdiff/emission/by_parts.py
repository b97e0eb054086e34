"""Products with sums, multiplied out where that is cheaper.

(diag(p) - pp')v costs n² where p∘v - p(p'v) costs n, and S (c I + 3 x x'S) costs n³ where
c S + 3 (S x)(x'S) costs n².  Sums of dense matrices stay together: (A + B)v is one product.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from matdiff.emission.costs import LONGEST_ORDERED, bracketing
from matdiff.emission.operands import operands
from matdiff.emission.plans import Making, times
from matdiff.operations.algebra import (
    ADD,
    MULTIPLY,
    NUMBER_ONE,
    SCALE,
    TRANSPOSE,
    Expression,
    is_identity,
    multiply,
    postorder,
    reapply,
    rebuild,
)

MOST_TERMS = 8  # of a sum that is multiplied out


def by_parts(root: Expression, making: Making) -> Expression:
    """The expression with products of sums multiplied out where that is less work."""

    def change(node: Expression, arguments: tuple[Expression, ...]) -> Expression:
        node = reapply(node, arguments)
        return _expanded(node, making) if node.operation is MULTIPLY else node

    return rebuild(root, change)


def _expanded(node: Expression, making: Making) -> Expression:
    factors = making.flat(node)
    if len(factors) > LONGEST_ORDERED:
        return node
    for at, factor in enumerate(factors):
        coefficient, terms = _terms(factor, making)
        if not 2 <= len(terms) <= MOST_TERMS:
            continue
        left, right = factors[:at], factors[at + 1 :]
        products = [(c, [*left, *inside, *right]) for c, inside in terms]
        apart = _apart([chain for _, chain in products], node, making)
        formed = 0.0 if factor in making.shared else _forming(terms, factor, making)
        if apart < formed + _work(factors, making):
            total = reduce(lambda a, b: a + b, [_product(c, chain) for c, chain in products])
            return times(coefficient, total)
    return node


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
    coefficient = NUMBER_ONE
    if factor.operation is SCALE:
        coefficient, factor = factor.arguments
    if factor.operation is not ADD:
        return coefficient, []
    found: list[tuple[Expression, list[Expression]]] = []
    for term in making.flat(factor):
        scalar, base = term.arguments if term.operation is SCALE else (NUMBER_ONE, term)
        if is_identity(base):
            found.append((scalar, []))
        else:
            found.append((scalar, making.flat(base) if base.operation is MULTIPLY else [base]))
    return coefficient, found


def _product(c: Expression, factors: Sequence[Expression]) -> Expression:
    return times(c, reduce(multiply, factors))


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
