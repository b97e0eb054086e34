"""Sums with common factors taken out, greedily, the most costly factor first.

A B + A C = A(B + C), x⊗A + x⊗B = x⊗(A + B), diag(x) + diag(y) = diag(x + y), and so on for left,
right, scalar, Hadamard and Kronecker factors and for linear functions around the terms.  What is
gained is the factor's length for each further term it stands in.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from matdiff.dimensions import ONE
from matdiff.normal.clearing import cleared
from matdiff.normal.commutative import base_and_exponent
from matdiff.normal.core import (
    build,
    entrywise,
    exact,
    flip,
    magnitude,
    plus,
    scaled,
    split,
    times,
    with_coefficient,
)
from matdiff.normal.normalise import rebuilt
from matdiff.operations.algebra import (
    ADD,
    HADAMARD,
    MULTIPLY,
    NUMBER_ONE,
    ONES,
    SCALE,
    Expression,
    Rational,
    identity,
    is_identity,
    is_ones,
    make,
    number,
    number_value,
    ones,
    postorder,
)
from matdiff.operations.elementwise import POWER
from matdiff.operations.linear import DIAG, DIAGONAL, KRONECKER, TOTAL, TRACE, VEC
from matdiff.rendering.length import length

MOST_TERMS = 64  # a longer sum is left as it is
AT_ENDS = (DIAG, ONES)
LINEAR = (DIAG, DIAGONAL, TRACE, TOTAL, VEC)


def factor(root: Expression) -> Expression:
    """The normal form with common factors taken out of every sum in it."""
    value: dict[Expression, Expression] = {}
    for node in postorder(root):
        new = node
        if any(value[a] is not a for a in node.arguments):
            new = rebuilt(node, [value[a] for a in node.arguments])
        if new.operation is ADD:
            new = factor_sum(new)
        elif new.operation is HADAMARD and new.is_scalar:
            new = cleared(new)
        value[node] = new
    return value[root]


class Term:
    """c · s₁^a₁ s₂^a₂ … · body, the parts of one term of a sum that may be common."""

    __slots__ = ("body", "coefficient", "front", "scalars", "whole")

    def __init__(self, whole: Expression) -> None:
        self.whole = whole
        self.front: Expression | None = None  # what `outside` found
        self.coefficient, rest = split(whole)
        if whole.is_scalar:
            factors = rest.arguments if rest.operation is HADAMARD else (rest,)
            self.scalars = [f for f in factors if f is not NUMBER_ONE]
            self.body = NUMBER_ONE
        elif rest.operation is SCALE:
            s, self.body = rest.arguments
            self.scalars = list(s.arguments if s.operation is HADAMARD else (s,))
        else:
            self.scalars, self.body = [], rest

    def absorbed(self) -> list[tuple[Expression, tuple[Expression, ...], Expression]]:
        """The ways to draw a scalar x'M y beside a column w into one product, w x'M y, as
        (scalar, product, its last factor): common factors on the right may appear."""
        body = self.body
        if self.whole.is_scalar or body.columns is not ONE:
            return []
        front = body.arguments if body.operation is MULTIPLY else (body,)
        found = []
        for s in self.scalars:
            if s.operation is MULTIPLY:
                for word in (s.arguments, tuple(flip(f) for f in reversed(s.arguments))):
                    found.append((s, (*front, *word), word[-1]))
        return found

    def inner(self) -> Expression:
        """What a matrix factor may be taken from: the body, or a lone scalar's own product."""
        if self.whole.is_scalar and len(self.scalars) == 1:
            return self.scalars[0]
        return self.body

    def outside(self) -> Expression:
        """The scalar in front of `inner`."""
        if self.front is None:
            lone = self.whole.is_scalar and len(self.scalars) == 1
            self.front = entrywise(number(self.coefficient), *([] if lone else self.scalars))
        return self.front


Candidate = tuple[str, Expression]  # what kind of factor, and the factor


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
        inside = [_without(Term(terms[i]), candidate) for i in members]
        common = _around(candidate, _sum(inside))
        place = members[0]
        terms = [t for i, t in enumerate(terms) if i not in members]
        terms.insert(place, common)
    total = plus(_regrouped(terms))
    return _content(total) if total.operation is ADD else total


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
                inside = plus((_without(Term(whole), (kind, end)), lone))
                rest = [t for j, t in enumerate(terms) if j != i and t not in used]
                return _regrouped([_around((kind, end), inside), *rest])
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
    """The sum of what is left of some terms, its own common factors taken out."""
    total = plus(terms)
    return factor_sum(total) if total.operation is ADD else total


def _content(node: Expression) -> Expression:
    """c (A + B) for c A + c B."""
    sizes: set[Rational] = {magnitude(split(term)[0]) for term in node.arguments}
    if len(sizes) != 1 or sizes == {1}:
        return node
    (c,) = sizes
    parts = [split(term) for term in node.arguments]
    terms = tuple(with_coefficient(exact(Fraction(k) / c), rest) for k, rest in parts)
    return make(SCALE, (number(c), make(ADD, terms, node.shape)), node.shape)


def _best(terms: list[Term]) -> tuple[Candidate, list[int]] | None:
    """The factor whose removal saves most, with the terms that have it."""
    found: dict[Candidate, list[int]] = {}
    for i, term in enumerate(terms):
        for candidate in _candidates(term):
            members = found.setdefault(candidate, [])
            if not members or members[-1] != i:
                members.append(i)
    best: tuple[int, Candidate, list[int]] | None = None
    for candidate, members in found.items():
        if len(members) > 1:
            gain = _gain(candidate, [terms[i] for i in members])
            if gain > 0 and (best is None or gain > best[0]):
                best = gain, candidate, members
    return None if best is None else (best[1], best[2])


def _candidates(term: Term) -> list[Candidate]:
    """The factors that could be taken out of a term."""
    found: list[Candidate] = []
    for s in term.scalars:
        base, exponent = base_and_exponent(s)
        value = number_value(exponent)
        if value is None:
            found.append(("scalar", s))
        elif isinstance(value, int):
            found.append(("scalar" if value > 0 else "divisor", base))
        elif value.denominator == 2:
            found.append(("root" if value > 0 else "root below", base))
        else:
            found.append(("scalar", s))
    inner = term.inner()
    if inner is NUMBER_ONE:
        return found
    if not inner.is_scalar or inner.operation is MULTIPLY:
        chain = inner.arguments if inner.operation is MULTIPLY else (inner,)
        if not is_identity(inner):
            found += [("left", chain[0]), ("right", chain[-1])]
            found += [("right", last) for _, _, last in term.absorbed()]
    if not inner.is_scalar and not is_ones(inner):
        for part in inner.arguments if inner.operation is HADAMARD else (inner,):
            base, exponent = base_and_exponent(part)
            value = number_value(exponent)
            found.append(("under" if value is not None and value < 0 else "entrywise", base))
    if inner.operation is KRONECKER:
        found += [("kron left", inner.arguments[0]), ("kron right", inner.arguments[-1])]
    if inner.operation in LINEAR:
        found.append((f"around {inner.operation.name}", _marker(inner)))
    return found


def _marker(inner: Expression) -> Expression:
    """A stand-in that is the same for all terms a linear function of one argument shape."""
    m, n = inner.arguments[0].shape
    return make(inner.operation, (), inner.shape, (m, n))


HALF = Fraction(1, 2)
SIGNS = {  # tokens that a factor costs besides its own
    "divisor": 1, "root": 1, "root below": 2,
    "entrywise": 1, "under": 1, "kron left": 1, "kron right": 1,
}  # fmt: skip
EXPONENT: dict[str, Rational] = {  # with which a scalar factor is taken out
    "scalar": 1,
    "divisor": -1,
    "root": HALF,
    "root below": -HALF,
}


def _gain(candidate: Candidate, terms: list[Term]) -> int:
    """Tokens saved by taking the factor out of all these terms."""
    kind, part = candidate
    around = 1 if kind.startswith("around") else length(part) + SIGNS.get(kind, 0)
    before = sum(length(term.whole) for term in terms)
    return before - around - sum(length(_without(term, candidate)) for term in terms)


def _without(term: Term, candidate: Candidate) -> Expression:
    """The term with one factor removed."""
    kind, part = candidate
    if kind in EXPONENT:
        lowered = _lowered(term.scalars, part, EXPONENT[kind])
        s = entrywise(number(term.coefficient), *lowered)
        return s if term.whole.is_scalar else scaled(s, term.body)
    inner, outside = term.inner(), term.outside()
    if kind.startswith("around"):
        return scaled(outside, inner.arguments[0])
    if kind in ("entrywise", "under"):
        factors = inner.arguments if inner.operation is HADAMARD else (inner,)
        lowered = _lowered(factors, part, 1 if kind == "entrywise" else -1)
        return scaled(outside, entrywise(ones(*inner.shape), *lowered))
    if kind in ("left", "right"):
        chain = inner.arguments if inner.operation is MULTIPLY else (inner,)
        if kind == "right" and chain[-1] is not part:
            scalar, chain = next((s, w) for s, w, last in term.absorbed() if last is part)
            others = [s for s in term.scalars if s is not scalar]
            outside = entrywise(number(term.coefficient), *others)
        rest = chain[1:] if kind == "left" else chain[:-1]
        if not rest:
            from_identity = part.columns if kind == "left" else part.rows
            return scaled(outside, identity(from_identity))
        return scaled(outside, _part_of_chain(rest))
    rest = inner.arguments[1:] if kind == "kron left" else inner.arguments[:-1]
    return scaled(outside, build(KRONECKER, *rest))


def _part_of_chain(factors: tuple[Expression, ...]) -> Expression:
    """Neighbours from a product in normal form, which are one themselves: only what combines with
    the ends of a chain has to be looked at again."""
    if len(factors) == 1:
        return factors[0]
    if any(f.operation in AT_ENDS for f in factors):
        return times(*factors)
    return make(MULTIPLY, factors, (factors[0].rows, factors[-1].columns))


def _lowered(factors: Iterable[Expression], base: Expression, by: Rational) -> list[Expression]:
    """The factors of a monomial with the exponent of one base lowered."""
    result: list[Expression] = []
    for factor in factors:
        own, exponent = base_and_exponent(factor)
        value = number_value(exponent)
        if own is base and value is not None:
            result.append(build(POWER, base, number(exact(value - by))))
        elif factor is not base:
            result.append(factor)
    return result


def _around(candidate: Candidate, inside: Expression) -> Expression:
    """The factor put back around what is left of the terms."""
    kind, part = candidate
    if kind in EXPONENT:
        return scaled(build(POWER, part, number(EXPONENT[kind])), inside)
    if kind.startswith("around"):
        return build(part.operation, inside)
    if kind in ("entrywise", "under"):
        return entrywise(part if kind == "entrywise" else build(POWER, part, number(-1)), inside)
    if kind == "left":
        return times(part, inside)
    if kind == "right":
        return times(inside, part)
    if kind == "kron left":
        return build(KRONECKER, part, inside)
    return build(KRONECKER, inside, part)
