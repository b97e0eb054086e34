"""Equations between dimensions, solved as far as they can be.

An unknown dimension is a name that begins with `?`; every other name is rigid: it stands for a size
that is given, and two different ones are never made equal.  An equation between two polynomials is
solved when it is linear in one unknown and the division goes through without remainder, as in
?1 n = m n or ?1 + 1 = n + 1.  Any other equation waits until more is known.

The digit after the `?` says how doubtful it is that the unknown is one: 0 not at all (ones may well
be a row), 9 impossible (a column that has one entry is read as a scalar instead).  The sum of
these doubts ranks readings.

Bindings are never changed, only extended: the readings of a text share what they have in common.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache
from math import isqrt

from matdiff.dimensions import ONE, Dimension

IMPOSSIBLE = 9
LARGEST_SOLVED = 10**6  # an equation for a number beyond it waits
Equation = tuple[Dimension, Dimension]

_NONE: tuple[str, ...] = ()
_unknowns: dict[Dimension, tuple[str, ...]] = {}


def unknown(doubt: int, label: str) -> Dimension:
    """The unknown dimension of this label; `doubt` is what it costs to be one."""
    return Dimension.of(f"?{doubt}{label}")


def doubt_of(name: str) -> int:
    """What it costs the unknown to be one."""
    return int(name[1])


def unknowns(dimension: Dimension) -> tuple[str, ...]:
    """The unknowns in a dimension, in order of their names."""
    found = _unknowns.get(dimension)
    if found is None:
        found = tuple(sorted(name for name in dimension.names() if name.startswith("?"))) or _NONE
        _unknowns[dimension] = found
    return found


class Bindings:
    """What is known of the unknowns: values of some, and equations that wait for more."""

    __slots__ = ("doubt", "values", "waiting")

    def __init__(
        self, values: dict[str, Dimension], waiting: tuple[Equation, ...], doubt: int
    ) -> None:
        self.values, self.waiting, self.doubt = values, waiting, doubt

    def resolve(self, dimension: Dimension) -> Dimension:
        """The dimension with all that is known put in."""
        values = self.values
        while values and any(name in values for name in unknowns(dimension)):
            dimension = dimension.substitute(values)
        return dimension

    def unify(self, left: Dimension, right: Dimension) -> Bindings | None:
        """The bindings under which the two are equal, None if there are none."""
        if left is right:
            return self
        left, right = self.resolve(left), self.resolve(right)
        if left is right:
            return self
        names = unknowns(left) + unknowns(right)
        if not names:
            return None
        one, other = left.name, right.name
        if one in names and other in names:
            assert one is not None and other is not None
            # the more doubtful one stays, so that its doubt is not forgotten; else the left one,
            # which has met more: chains of bindings stay short
            if doubt_of(other) > doubt_of(one):
                return self._bind(one, right)
            return self._bind(other, left)
        # an unknown beside a sum of others is that sum: the rows of C in [A, B] C
        if one in names and one not in unknowns(right) and len(right.terms) > 1:
            return self._bind(one, right)
        if other in names and other not in unknowns(left) and len(left.terms) > 1:
            return self._bind(other, left)
        solved = _solved(left, right)
        if solved is None:
            return None
        name, solution = solved
        if solution is not None:
            return self._bind(name, solution)
        return Bindings(self.values, (*self.waiting, (left, right)), self.doubt)

    def merge(self, other: Bindings) -> Bindings | None:
        """What holds if both hold, None if they contradict each other."""
        if self is other or not (other.values or other.waiting):
            return self
        if not (self.values or self.waiting):
            return other
        large, small = (self, other) if len(self.values) >= len(other.values) else (other, self)
        merged: Bindings | None = large
        for name, value in small.values.items():
            if large.values.get(name) is not value:
                assert merged is not None
                merged = merged.unify(Dimension.of(name), value)
                if merged is None:
                    return None
        for left, right in small.waiting:
            assert merged is not None
            if (left, right) not in merged.waiting:
                merged = merged.unify(left, right)
                if merged is None:
                    return None
        return merged

    def settled(self) -> Bindings | None:
        """The bindings with the waiting equations solved factor by factor, None if that fails.

        r c = p q is taken as r = p and c = q where all four are unknown, r c = n n as r = c = n:
        what else would satisfy it could not be written down.
        """
        settled: Bindings | None = Bindings(self.values, (), self.doubt)
        for left, right in self.waiting:
            assert settled is not None
            left, right = settled.resolve(left), settled.resolve(right)
            pairs = _factors_in_pairs(left, right)
            if pairs is None:
                return None
            for one, other in pairs:
                settled = settled.unify(Dimension.of(one), Dimension.of(other))
                if settled is None:
                    return None
        assert settled is not None
        return None if settled.waiting else settled

    def _bind(self, name: str, value: Dimension) -> Bindings | None:
        doubt = self.doubt
        if value is ONE:
            cost = doubt_of(name)
            if cost == IMPOSSIBLE:
                return None
            doubt += cost
        bound: Bindings | None = Bindings({**self.values, name: value}, (), doubt)
        for left, right in self.waiting:
            bound = bound.unify(left, right) if bound is not None else None
        return bound


NOTHING_BOUND = Bindings({}, (), 0)


@lru_cache(maxsize=4096)  # what waits is tried again whenever something becomes known
def _solved(left: Dimension, right: Dimension) -> tuple[str, Dimension | None] | None:
    """An unknown and its value, or no value if the equation must wait; None if it cannot hold."""
    difference = left - right
    names = unknowns(difference)
    for name in names:
        solution = _solve(difference, name)
        if solution is not None:
            value = solution.value
            return (name, solution) if value is None or value >= 1 else None
    if not names or (len(names) == 1 and _degree(difference, names[0]) == 1):
        return None
    return _grown(left, right) or _grown(right, left) or (names[0], None)


def _grown(left: Dimension, right: Dimension) -> tuple[str, Dimension] | None:
    """The value of the one unknown of `left` where that is `right` with a name or number put in,
    as in ?1(?1+1)/2 = n(n+1)/2; without minus signs the polynomial grows, so there is no other."""
    names = unknowns(left)
    if len(names) != 1 or unknowns(right) or any(c < 0 for _, c in left.terms):
        return None
    value = right.value
    sizes: Iterable[str | int] = sorted(right.names())
    if value is not None:
        sizes = range(1, isqrt(2 * value) + 2 if 0 < value <= LARGEST_SOLVED else 1)
    for size in map(Dimension.of, sizes):
        if left.substitute({names[0]: size}) is right:
            return names[0], size
    return None


def _degree(polynomial: Dimension, name: str) -> int:
    return max((monomial.count(name) for monomial, _ in polynomial.terms), default=0)


def _solve(polynomial: Dimension, name: str) -> Dimension | None:
    """The value of `name` for which the polynomial is zero, if it is linear in it and divides."""
    factor, rest = Dimension.of(0), Dimension.of(0)
    for monomial, coefficient in polynomial.terms:
        count = monomial.count(name)
        if count > 1:
            return None
        term = Dimension.of(coefficient)
        for part in monomial:
            if part != name:
                term = term * Dimension.of(part)
        if count:
            factor = factor + term
        else:
            rest = rest - term
    if not factor.terms or unknowns(factor):
        return None
    solution = _quotient(rest, factor)
    return solution if solution is not None and solution.is_whole else None


def _quotient(dividend: Dimension, divisor: Dimension) -> Dimension | None:
    """The polynomial dividend/divisor, None if there is a remainder."""
    if divisor is ONE:
        return dividend
    lead, coefficient = divisor.terms[0]
    result = Dimension.of(0)
    while dividend.terms:
        monomial, dividend_coefficient = dividend.terms[0]
        names = list(monomial)
        for name in lead:
            if name not in names:
                return None
            names.remove(name)
        term = Dimension.of(Fraction(dividend_coefficient) / coefficient)
        for name in names:
            term = term * Dimension.of(name)
        result = result + term
        dividend = dividend - term * divisor
    return result


def _factors_in_pairs(left: Dimension, right: Dimension) -> list[tuple[str, str]] | None:
    if left is right:
        return []
    if len(left.terms) != 1 or len(right.terms) != 1:
        return None
    (one, first), (other, second) = left.terms[0], right.terms[0]
    if first != second or len(one) != len(other):
        return None
    free = [all(name.startswith("?") for name in side) for side in (one, other)]
    alike = [len(set(side)) == 1 for side in (one, other)]
    if not (free[0] and (free[1] or alike[1])) and not (free[1] and alike[0]):
        return None
    return list(zip(one, other, strict=True))
