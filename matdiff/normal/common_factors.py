"""What terms of a sum may have in common: a factor on the left or right, a scalar, a Hadamard or
Kronecker factor, or a linear function around them.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from matdiff.dimensions import ONE
from matdiff.normal.core import (
    build,
    entrywise,
    exact,
    flip,
    plus,
    scaled,
    split,
    times,
    with_coefficient,
)
from matdiff.normal.monomials import base_and_exponent
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
)
from matdiff.operations.elementwise import POWER
from matdiff.operations.linear import (
    DIAG,
    DIAGONAL,
    KRONECKER,
    TOTAL,
    TRACE,
    UNVEC,
    VEC,
    diag,
    unvec,
)
from matdiff.operations.record import Operation
from matdiff.rendering.length import length, size_length

AT_ENDS = (DIAG, ONES)
LINEAR = (DIAG, DIAGONAL, TRACE, TOTAL, VEC, UNVEC)
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
Candidate = tuple[str, Expression]  # what kind of factor, and the factor


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


def candidates(term: Term) -> list[Candidate]:
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
            found += [("left", diag(v)) for v in _entrywise_in(chain[0], DIAG)]
            found += [("right", diag(v)) for v in _entrywise_in(chain[-1], DIAG)]
            if inner.columns is ONE:
                found += [("right", v) for v in _entrywise_in(chain[-1], HADAMARD)]
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


def _entrywise_in(end: Expression, operation: Operation) -> list[Expression]:
    """u and v, where the end of a product is diag(u∘v), or u∘v that may be read as diag(u) v."""
    body = end.arguments[0] if end.operation is operation is DIAG else end
    if end.operation is not operation or body.operation is not HADAMARD:
        return []
    return [factor for factor in body.arguments if factor.operation is not POWER]


def _without_entry(end: Expression, part: Expression) -> Expression:
    """diag(u) where the end is diag(u∘v) and the part diag(v), or the end u∘v and the part v."""
    body, v = (end.arguments[0], part.arguments[0]) if end.operation is DIAG else (end, part)
    return build(DIAG, entrywise(*(factor for factor in body.arguments if factor is not v)))


def _marker(inner: Expression) -> Expression:
    """A stand-in that is the same for all terms a linear function of one argument shape."""
    m, n = inner.parameters or inner.arguments[0].shape
    return make(inner.operation, (), inner.shape, (m, n))


def cost(candidate: Candidate) -> int:
    """The tokens of the factor, and of what joins it to the rest."""
    kind, part = candidate
    if part.operation is UNVEC:
        return 1 + sum(map(size_length, part.shape))
    return 1 if kind.startswith("around") else length(part) + SIGNS.get(kind, 0)


def without(term: Term, candidate: Candidate) -> Expression:
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
        absorbs = any(last is part for _, _, last in term.absorbed())
        if kind == "right" and chain[-1] is not part and absorbs:
            scalar, chain = next((s, w) for s, w, last in term.absorbed() if last is part)
            others = [s for s in term.scalars if s is not scalar]
            outside = entrywise(number(term.coefficient), *others)
        rest = chain[1:] if kind == "left" else chain[:-1]
        end = chain[0] if kind == "left" else chain[-1]
        if end is not part and end.operation in (DIAG, HADAMARD):
            kept = _without_entry(end, part)
            return scaled(outside, times(*((kept, *rest) if kind == "left" else (*rest, kept))))
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


def around(candidate: Candidate, inside: Expression) -> Expression:
    """The factor put back around what is left of the terms."""
    kind, part = candidate
    if kind in EXPONENT:
        return scaled(build(POWER, part, number(EXPONENT[kind])), inside)
    if kind.startswith("around"):
        if part.operation is UNVEC:  # its normal form is a sum again
            c, rest = split(inside)
            return with_coefficient(c, unvec(rest, *part.shape))
        return build(part.operation, inside)
    if kind in ("entrywise", "under"):
        return entrywise(part if kind == "entrywise" else build(POWER, part, number(-1)), inside)
    if part.operation is DIAG and kind in ("left", "right"):
        diagonal = _sum_of_diagonals(inside)
        if diagonal is not None:  # diag(u)(I + diag(v)) = diag(u∘(1 + v))
            return build(DIAG, entrywise(part.arguments[0], diagonal))
    if kind == "left":
        return times(part, inside)
    if kind == "right":
        return times(inside, part)
    if kind == "kron left":
        return build(KRONECKER, part, inside)
    return build(KRONECKER, inside, part)


def _sum_of_diagonals(inside: Expression) -> Expression | None:
    """The diagonal of a sum of diagonal matrices, None if there is another among them."""
    if inside.operation is not ADD:
        return None
    terms = (Term(term) for term in inside.arguments)
    if any(term.body.operation is not DIAG and not is_identity(term.body) for term in terms):
        return None
    return plus(build(DIAGONAL, term) for term in inside.arguments)
