"""How single nodes are spelled when the shortest formula is written: signs, squares, ones.

Each function takes a node and the spelling of its arguments and gives the node's own; all are
equal to the node, but no longer in normal form.
"""

from __future__ import annotations

from matdiff.dimensions import ONE
from matdiff.normal.commutative import base_and_exponent
from matdiff.normal.core import split, with_coefficient
from matdiff.operations.algebra import (
    ADD,
    HADAMARD,
    MULTIPLY,
    SCALE,
    Expression,
    is_ones,
    make,
    number,
    number_value,
    transpose,
)
from matdiff.operations.elementwise import POWER
from matdiff.operations.linear import KRONECKER, TOTAL
from matdiff.operations.nonlinear import DET, NORM
from matdiff.rendering.length import length


def factors_of(node: Expression) -> list[Expression]:
    """The factors of a product, or the node alone."""
    return list(node.arguments) if node.operation is MULTIPLY else [node]


def square_of_norm(base: Expression, exponent: Expression) -> Expression | None:
    """x'x for the norm of a column raised to an even power, where that is shorter."""
    value = number_value(exponent)
    if base.operation is not NORM or not isinstance(value, int) or value % 2:
        return None
    (x,) = base.arguments
    if x.columns is not ONE or length(x) > 1:
        return None
    return make(MULTIPLY, (transpose(x), x), base.shape)


def signed(node: Expression, arguments: list[Expression]) -> Expression:
    """-c A(b - x) as c A(x - b): a minus in front moves into a difference."""
    c, rest = split(node)
    if c < 0:
        inside = arguments[1]
        moved = _moved_sign(inside)
        if moved is not None:
            if arguments[0].operation is SCALE or rest.operation is SCALE:
                scalar = _negated(arguments[0])
                return make(SCALE, (scalar, moved), node.shape)
            return with_coefficient(-c, moved)
    return make(SCALE, tuple(arguments), node.shape)


def _negated(s: Expression) -> Expression:
    c, rest = split(s)
    return with_coefficient(-c, rest)


def _moved_sign(body: Expression) -> Expression | None:
    """The body with the first difference in it turned round; None if it has none."""
    if body.operation is ADD:
        return _turned(body)
    if body.operation in (MULTIPLY, HADAMARD, KRONECKER):
        for i, factor in enumerate(body.arguments):
            turned = _turned(factor) if factor.operation is ADD else None
            if turned is not None:
                inside = (*body.arguments[:i], turned, *body.arguments[i + 1 :])
                return make(body.operation, inside, body.shape)
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
    return make(HADAMARD, tuple(arguments), node.shape)


def _determinants(factor: Expression) -> list[Expression]:
    """The matrices whose determinants multiply to the factor: X, X for det(X)^2."""
    base, exponent = base_and_exponent(factor)
    value = number_value(exponent)
    if base.operation is DET and isinstance(value, int) and 0 < value <= 3:
        return [base.arguments[0]] * value
    return []


def _without_ones(arguments: list[Expression]) -> list[Expression]:
    """σ∘(1 - σ) as σ - σ∘σ, which needs no matrix of ones."""
    for i, total in enumerate(arguments):
        if total.operation is not ADD or len(total.arguments) != 2:
            continue
        ones_terms = [t for t in total.arguments if is_ones(split(t)[1])]
        others = [t for t in total.arguments if not is_ones(split(t)[1])]
        if len(ones_terms) != 1 or len(others) != 1:
            continue
        c, base = split(others[0])
        if base in arguments:
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
