"""Sums with common factors taken out, greedily, the most costly factor first.

A B + A C = A(B + C), x⊗A + x⊗B = x⊗(A + B), diag(x) + diag(y) = diag(x + y), and so on for left,
right, scalar, Hadamard and Kronecker factors and for linear functions around the terms.  What is
gained is the factor's length for each further term it stands in.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm

from matdiff.normal.clearing import cleared, cleared_within, over_one_denominator
from matdiff.normal.common_factors import Candidate, Term, around, candidates, cost, without
from matdiff.normal.core import (
    exact,
    magnitude,
    plus,
    scaled,
    split,
    with_coefficient,
)
from matdiff.normal.normalise import each_rebuilt
from matdiff.operations.algebra import (
    ADD,
    HADAMARD,
    MULTIPLY,
    SCALE,
    Expression,
    Rational,
    identity,
    make,
    number,
    postorder,
)
from matdiff.rendering.length import length

MOST_TERMS = 64  # a longer sum is left as it is


def factor(root: Expression) -> Expression:
    """The normal form with common factors taken out of every sum in it, and fractions cleared.

    Scalars are multiplied into the sums that divide by them last: terms of a sum have to divide by
    the same to have it in common."""
    factored = each_rebuilt(root, _factored_node)
    if not any(_cleared_node(node) is not node for node in postorder(factored)):
        return factored
    return each_rebuilt(factored, lambda node: _cleared_node(_factored_node(node)))


def _factored_node(node: Expression) -> Expression:
    if node.operation is ADD:
        return factor_sum(node)
    return cleared(node) if node.operation is HADAMARD else node


def _cleared_node(node: Expression) -> Expression:
    return cleared_within(node) if node.operation is SCALE else node


def factor_sum(node: Expression) -> Expression:
    """A sum with the common factors of its terms taken out; not longer than before.

    Remembered: the same sum is met as it stands, multiplied out, and inside what was taken out.
    """
    if len(node.arguments) > MOST_TERMS:
        return node
    if node.memory is None:
        node.memory = {}
    if "factored" not in node.memory:
        node.memory["factored"] = _factored(list(node.arguments))
    factored: Expression = node.memory["factored"]
    return factored


def _factored(terms: list[Expression]) -> Expression:
    whole = make(ADD, tuple(terms), terms[0].shape)
    content = _content(whole)
    if content is not whole:  # a number does not stay in front of the sums that are left inside
        c, rest = split(content)
        short = factor_sum(rest)
        return with_coefficient(c, short) if short.operation is ADD else scaled(c, short)
    while len(terms) > 1:
        choice = _best([Term(term) for term in terms])
        if choice is None:
            break
        candidate, members = choice
        inside = [without(Term(terms[i]), candidate) for i in members]
        common = around(candidate, _sum(inside))
        place = members[0]
        terms = [t for i, t in enumerate(terms) if i not in members]
        terms.insert(place, common)
    total = plus(_regrouped(_multiples_collected(terms)))
    if total.operation is ADD:
        total = over_one_denominator(total)
    if total.operation is not ADD:
        return total
    content = _content(total)
    return _numbers_collected(total) if content is total else content


def _multiples_collected(terms: list[Expression]) -> list[Expression]:
    """s A + t A as (s + t)A for scalars s and t, unless that is longer."""
    members: dict[Expression, list[Expression]] = {}
    for whole in terms:
        if not whole.is_scalar:
            members.setdefault(Term(whole).body, []).append(whole)
    for body, several in members.items():
        if len(several) > 1:
            together = scaled(_sum([Term(whole).outside() for whole in several]), body)
            if length(together) <= length(make(ADD, tuple(several), body.shape)):
                terms = [t for t in terms if t not in several] + [together]
    return terms


def _regrouped(terms: list[Expression]) -> list[Expression]:
    """M(P + Q) - P - Q as (M - I)(P + Q): the other terms may be a multiple of a sum that stands
    at an end of one term."""
    for i, whole in enumerate(terms):
        inner = Term(whole).inner()
        if inner.operation is not MULTIPLY:
            continue
        for kind, end in (("right", inner.arguments[-1]), ("left", inner.arguments[0])):
            if end.operation is not ADD:
                continue
            multiple = _multiple_of(end, terms)
            if multiple is not None:
                c, used = multiple
                lone = scaled(number(c), identity(end.rows if kind == "right" else end.columns))
                inside = plus((without(Term(whole), (kind, end)), lone))
                rest = [t for j, t in enumerate(terms) if j != i and t not in used]
                return _regrouped([around((kind, end), inside), *rest])
    return terms


def _multiple_of(
    total: Expression, terms: list[Expression]
) -> tuple[Rational, list[Expression]] | None:
    """c and the terms that add up to c times the sum, if they are all there."""
    coefficients = {rest: c for c, rest in map(split, terms)}
    first, rest = split(total.arguments[0])
    if rest not in coefficients:
        return None
    c = exact(Fraction(coefficients[rest]) / first)
    used = [with_coefficient(exact(c * k), part) for k, part in map(split, total.arguments)]
    return (c, used) if all(term in terms for term in used) else None


def _sum(terms: list[Expression]) -> Expression:
    """The sum of what is left of some terms, its own common factors taken out, and a minus that
    all of them have."""
    total = plus(terms)
    if total.operation is ADD:
        total = factor_sum(total)
    all_minus = total.operation is ADD and all(split(term)[0] < 0 for term in total.arguments)
    return _divided_by(1, total) if all_minus else total


def _content(node: Expression) -> Expression:
    """c (A + B) for c A + c B, and c (A + 2 B) for c A + 2 c B where that is shorter; c < 0 where
    all terms have a minus."""
    sizes: set[Rational] = {magnitude(split(term)[0]) for term in node.arguments}
    if len(sizes) == 1:
        return node if sizes == {1} else _divided_by(sizes.pop(), node)
    above = gcd(*(Fraction(size).numerator for size in sizes))
    below = lcm(*(Fraction(size).denominator for size in sizes))
    choices = {Fraction(above), Fraction(1, below), Fraction(above, below)} - {1}
    return min((node, *(_divided_by(exact(c), node) for c in sorted(choices))), key=length)


def _divided_by(c: Rational, node: Expression) -> Expression:
    """c (A + B) for a sum c A + c B and a number c > 0, -c (A + B) for -c A - c B."""
    parts = [split(term) for term in node.arguments]
    if all(k < 0 for k, _ in parts):
        c = -c
    terms = tuple(with_coefficient(exact(Fraction(k) / c), rest) for k, rest in parts)
    return make(SCALE, (number(c), make(ADD, terms, node.shape)), node.shape)


def _numbers_collected(total: Expression) -> Expression:
    """c (A + B) + D for c A + c B + D with a number c, where that is shorter."""
    members: dict[Rational, list[Expression]] = {}
    for term in total.arguments:
        members.setdefault(magnitude(split(term)[0]), []).append(term)
    terms = list(total.arguments)
    for several in members.values():
        if len(several) > 1:
            apart = make(ADD, tuple(several), total.shape)
            together = _content(apart)
            if length(together) < length(apart):
                place = terms.index(several[0])
                terms = [term for term in terms if term not in several]
                terms.insert(place, together)
    return total if len(terms) == len(total.arguments) else make(ADD, tuple(terms), total.shape)


def _best(terms: list[Term]) -> tuple[Candidate, list[int]] | None:
    """The factor whose removal saves most, with the terms that have it."""
    found: dict[Candidate, list[int]] = {}
    for i, term in enumerate(terms):
        for candidate in candidates(term):
            members = found.setdefault(candidate, [])
            if not members or members[-1] != i:
                members.append(i)
    best: tuple[int, Candidate, list[int]] | None = None
    for candidate, members in found.items():
        if len(members) > 1:
            gain, gaining = _gain(candidate, {i: terms[i] for i in members})
            if gain > 0 and len(gaining) > 1 and (best is None or gain > best[0]):
                best = gain, candidate, gaining
    return None if best is None else (best[1], best[2])


def _gain(candidate: Candidate, terms: dict[int, Term]) -> tuple[int, list[int]]:
    """Tokens saved by taking the factor out of those of the terms that it does not make longer,
    and which these are."""
    saved = {i: length(term.whole) - length(without(term, candidate)) for i, term in terms.items()}
    gaining = [i for i, tokens in saved.items() if tokens >= 0]
    return sum(saved[i] for i in gaining) - cost(candidate), gaining
