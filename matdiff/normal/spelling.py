"""How single nodes are spelled when the shortest formula is written: signs, squares, ones.

Each function takes a node and the spelling of its arguments and gives the node's own; all are
equal to the node, but no longer in normal form.
"""

from __future__ import annotations

from collections import Counter

from matdiff.dimensions import ONE
from matdiff.normal.core import split, with_coefficient
from matdiff.normal.functions import ODD
from matdiff.normal.monomials import base_and_exponent
from matdiff.operations.algebra import (
    ADD,
    HADAMARD,
    MULTIPLY,
    SCALE,
    TRANSPOSE,
    Expression,
    is_ones,
    make,
    number,
    number_value,
    transpose,
    zeros,
)
from matdiff.operations.blocks import ABOVE, BESIDE, NONE, SELECTION, selected
from matdiff.operations.elementwise import POWER
from matdiff.operations.linear import KRONECKER, TOTAL
from matdiff.operations.matrix_functions import HALF_OF_ONE
from matdiff.operations.nonlinear import DET, NORM
from matdiff.operations.record import Operation
from matdiff.rendering.length import length

FARTHEST_SIGN = 64  # nodes looked at for a difference that a minus can move into


def factors_of(node: Expression) -> list[Expression]:
    """The factors of a product, or the node alone."""
    return list(node.arguments) if node.operation is MULTIPLY else [node]


def with_zeros(node: Expression) -> Expression:
    """A product with a selection at an end as blocks with zeros, S A = [A; 0], where shorter."""
    factors = node.arguments if node.operation is MULTIPLY else ()
    if len(factors) < 2:
        return node
    if factors[0].operation is SELECTION:
        inside = with_zeros(chain_of(factors[1:]))
        n, start, size = factors[0].parameters
        ends = start, n - start - size
        padded = _padded(ABOVE, inside, [zeros(k, inside.columns) for k in ends])
    elif factors[-1].operation is TRANSPOSE and (taken := selected(factors[-1])) is not None:
        inside = with_zeros(chain_of(factors[:-1]))
        n, start, size = taken
        ends = start, n - start - size
        padded = _padded(BESIDE, inside, [zeros(inside.rows, k) for k in ends])
    else:
        return node
    return padded if length(padded) <= length(node) else node


def _padded(operation: Operation, inside: Expression, ends: list[Expression]) -> Expression:
    """A block between two of zeros, which are left out where they have no size."""
    before, after = ends
    blocks = [b for b in (before, inside, after) if NONE not in b.shape]
    side = 0 if operation is ABOVE else 1
    total = sum((b.shape[side] for b in blocks[1:]), blocks[0].shape[side])
    shape = (total, inside.columns) if operation is ABOVE else (inside.rows, total)
    return make(operation, tuple(blocks), shape)


def square_of_norm(base: Expression, exponent: Expression) -> Expression | None:
    """x'x for the norm of a column raised to an even power, where that is shorter."""
    value = number_value(exponent)
    if base.operation is not NORM or not isinstance(value, int) or value % 2:
        return None
    (x,) = base.arguments
    if x.columns is not ONE or length(x) > 1:
        return None
    return make(MULTIPLY, (transpose(x), x), base.shape)


def signed(node: Expression, arguments: list[Expression], in_sum: bool) -> Expression:
    """-c A(b - x) as c A(x - b): a minus in front moves into a difference."""
    c, rest = split(node)
    if c < 0:
        inside = arguments[1]
        moved = _moved_sign(inside, in_sum)
        if moved is not None:
            if arguments[0].operation is SCALE or rest.operation is SCALE:
                scalar = _negated(arguments[0])
                return make(SCALE, (scalar, moved), node.shape)
            return with_coefficient(-c, moved)
    return make(SCALE, tuple(arguments), node.shape)


def _negated(s: Expression) -> Expression:
    c, rest = split(s)
    return with_coefficient(-c, rest)


def _moved_sign(body: Expression, in_sum: bool) -> Expression | None:
    """The body with the difference nearest to the outside turned round, through products and
    other multilinear operations and odd functions; None if it has none.

    Of a term in a sum, where a minus costs nothing, a difference that stands twice, s s', is left:
    its copies would be different parts."""
    paths: list[tuple[Expression, tuple[tuple[Expression, int], ...]]] = [(body, ())]
    for node, path in paths:  # grows while it is walked: the nearest first
        if node.operation in ODD or (node.operation.multilinear and node.operation is not ADD):
            if len(paths) < FARTHEST_SIGN:
                paths += [(a, (*path, (node, i))) for i, a in enumerate(node.arguments)]
    sums = Counter(node for node, _ in paths if node.operation is ADD)
    for node, path in paths:
        turned = _turned(node) if sums[node] == 1 or (sums[node] and not in_sum) else None
        if turned is not None:
            for outer, at in reversed(path):
                inside = (*outer.arguments[:at], turned, *outer.arguments[at + 1 :])
                turned = make(outer.operation, inside, outer.shape, outer.parameters)
            return turned
    return None


def _turned(total: Expression) -> Expression | None:
    """-(a - b) as b - a, if the sum has terms of both signs."""
    signs = [split(term)[0] < 0 for term in total.arguments]
    if not any(signs) or all(signs):
        return None
    terms = []
    for term in total.arguments:
        c, rest = split(term)
        terms.append(with_coefficient(-c, rest))
    return make(ADD, tuple(terms), total.shape)


def dot(node: Expression, inside: Expression) -> Expression:
    """sum(u∘v∘w) of columns as u'(v∘w)."""
    if inside.operation is HADAMARD and inside.columns is ONE:
        plain = [f for f in inside.arguments if f.operation is not POWER]
        if plain:
            first = min(plain, key=length)
            rest = tuple(f for f in inside.arguments if f is not first)
            other = rest[0] if len(rest) == 1 else make(HADAMARD, rest, inside.shape)
            return make(MULTIPLY, (transpose(first), other), node.shape)
    return make(TOTAL, (inside,), node.shape)


def monomial(node: Expression, arguments: list[Expression]) -> Expression:
    """A Hadamard product; of scalars, det A det B is det(A B)."""
    if node.is_scalar:
        dets = [_determinants(a) for a in arguments]
        joint = [X for found in dets for X in found]
        if sum(map(bool, dets)) > 1 and len({X.shape for X in joint}) == 1:
            inner = chain_of(tuple(f for X in joint for f in factors_of(X)))
            rest = [a for a, found in zip(arguments, dets, strict=True) if not found]
            arguments = [*rest, make(DET, (inner,), node.shape)]
            if len(arguments) == 1:
                return arguments[0]
    else:
        arguments = _without_ones(arguments)
        if len(arguments) == 1:
            return arguments[0]
    spelled = make(HADAMARD, tuple(arguments), node.shape)
    rooted = _one_root(arguments, node)
    return rooted if rooted is not None and length(rooted) < length(spelled) else spelled


def kron_of_outer(node: Expression, arguments: list[Expression]) -> Expression:
    """u⊗(v x')⊗y' of columns as (u x')⊗(v y')."""
    parts = list(arguments)
    for i in range(len(parts) - 2):
        u, inner, y = parts[i : i + 3]
        if u.columns is not ONE or y.rows is not ONE or inner.operation is not MULTIPLY:
            continue
        at = next((k for k, f in enumerate(inner.arguments, 1) if f.columns is ONE), None)
        if at is not None:
            v, x = chain_of(inner.arguments[:at]), chain_of(inner.arguments[at:])
            parts[i : i + 3] = [chain_of((u, x)), chain_of((v, y))]
            return parts[0] if len(parts) == 1 else make(KRONECKER, tuple(parts), node.shape)
    return make(KRONECKER, tuple(parts), node.shape)


def _one_root(arguments: list[Expression], node: Expression) -> Expression | None:
    """√a √b as √(a b) and √a/√b as √(a/b): where the left sides exist they are equal."""
    roots = [f for f in arguments if abs(number_value(base_and_exponent(f)[1]) or 0) == HALF_OF_ONE]
    if len(roots) < 2:
        return None
    above = any(number_value(base_and_exponent(f)[1]) == HALF_OF_ONE for f in roots)
    inside = []
    for factor in roots:
        base, exponent = base_and_exponent(factor)
        below = above and number_value(exponent) != HALF_OF_ONE
        inside.append(make(POWER, (base, number(-1)), base.shape) if below else base)
    body = make(HADAMARD, tuple(inside), node.shape)
    root = make(POWER, (body, number(HALF_OF_ONE if above else -HALF_OF_ONE)), node.shape)
    rest = [f for f in arguments if f not in roots]
    return make(HADAMARD, (*rest, root), node.shape) if rest else root


def _determinants(factor: Expression) -> list[Expression]:
    """The matrices whose determinants multiply to the factor: X, X for det(X)^2."""
    base, exponent = base_and_exponent(factor)
    value = number_value(exponent)
    if base.operation is DET and isinstance(value, int) and 0 < value <= 3:
        return [base.arguments[0]] * value
    return []


def _without_ones(arguments: list[Expression]) -> list[Expression]:
    """σ∘(1 - σ) as σ - σ∘σ, which needs no matrix of ones."""
    factors = frozenset(arguments)  # a deep function has thousands
    for i, total in enumerate(arguments):
        if total.operation is not ADD or len(total.arguments) != 2:
            continue
        ones_terms = [t for t in total.arguments if is_ones(split(t)[1])]
        others = [t for t in total.arguments if not is_ones(split(t)[1])]
        if len(ones_terms) != 1 or len(others) != 1:
            continue
        c, base = split(others[0])
        if base in factors:
            k = split(ones_terms[0])[0]
            square = make(POWER, (base, number(2)), base.shape)
            difference = make(
                ADD, (with_coefficient(k, base), with_coefficient(c, square)), base.shape
            )
            rest = [a for j, a in enumerate(arguments) if j != i and a is not base]
            spelled = make(HADAMARD, (base, total), base.shape)
            if length(difference) < length(spelled):
                return [*rest, difference]
    return arguments


def chain_of(factors: tuple[Expression, ...]) -> Expression:
    if len(factors) == 1:
        return factors[0]
    return make(MULTIPLY, factors, (factors[0].rows, factors[-1].columns))
