"""Dimensions: polynomials in the names of sizes.

A matrix is m×n, vec of it mn×1, a block of two of them (m+p)×n, and half a symmetric matrix has
n(n+1)/2 entries: coefficients are rational.  Two dimensions are equal exactly when their
polynomials are, so dimensions are interned and compared with `is`.  Distinct names are distinct
unknowns and never made equal silently.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import product
from math import lcm, prod

Monomial = tuple[str, ...]  # names in order, repeated for powers; () is the constant one
Coefficient = int | Fraction  # a Fraction only where it is no whole number

MOST_TRIED = 4096  # points at which a polynomial is tried for whole numbers

_interned: dict[tuple[tuple[Monomial, Coefficient], ...], Dimension] = {}


class Dimension:
    """A size: an integer >= 1, a name, or a sum, product or whole part of those.

    Build with `Dimension.of`; equal dimensions are the same object.
    """

    __slots__ = ("terms",)
    terms: tuple[tuple[Monomial, Coefficient], ...]

    @staticmethod
    def of(value: Coefficient | str | Dimension) -> Dimension:
        """The dimension of a number or of a name.

        >>> Dimension.of("m") * Dimension.of("n") is Dimension.of("n") * Dimension.of("m")
        True
        """
        if isinstance(value, Dimension):
            return value
        if isinstance(value, str):
            return _intern({(value,): 1})
        return _intern({(): value})

    def __add__(self, other: Dimension) -> Dimension:
        terms = dict(self.terms)
        for monomial, coefficient in other.terms:
            terms[monomial] = terms.get(monomial, 0) + coefficient
        return _intern(terms)

    def __sub__(self, other: Dimension) -> Dimension:
        return self + other * Dimension.of(-1)

    def __mul__(self, other: Dimension) -> Dimension:
        if self is ONE:
            return other
        if other is ONE:
            return self
        terms: dict[Monomial, Coefficient] = {}
        for mine, a in self.terms:
            for yours, b in other.terms:
                monomial = tuple(sorted(mine + yours))
                terms[monomial] = terms.get(monomial, 0) + a * b
        return _intern(terms)

    def __truediv__(self, divisor: int) -> Dimension:
        """The polynomial divided by a number; `is_whole` tells whether that is a size.

        >>> n = Dimension.of("n")
        >>> str(n * (n + ONE) / 2), (n * (n + ONE) / 2).is_whole, (n / 2).is_whole
        ('n*(n+1)/2', True, False)
        """
        return _intern({monomial: Fraction(c) / divisor for monomial, c in self.terms})

    @property
    def value(self) -> int | None:
        """The integer, if the dimension is one."""
        if not self.terms:
            return 0
        if len(self.terms) == 1 and self.terms[0][0] == ():
            coefficient = self.terms[0][1]
            return coefficient if isinstance(coefficient, int) else None
        return None

    @property
    def denominator(self) -> int:
        """The least number whose multiple of the polynomial has whole coefficients."""
        return lcm(*(coefficient.denominator for _, coefficient in self.terms))

    @property
    def is_whole(self) -> bool:
        """Whether it is a whole number at all whole numbers, as n(n+1)/2 is; so far as is tried.

        A polynomial of degrees d_i is, if it is one at the points 0 … d_i (Newton's differences).
        """
        if self.denominator == 1:
            return True
        names = sorted(self.names())
        ranges = [range(1 + max(m.count(name) for m, _ in self.terms)) for name in names]
        if prod(map(len, ranges)) > MOST_TRIED:
            return False
        points = (dict(zip(names, point, strict=True)) for point in product(*ranges))
        return all(self._at(point).denominator == 1 for point in points)

    @property
    def name(self) -> str | None:
        """The name, if the dimension is a single one."""
        if len(self.terms) == 1:
            monomial, coefficient = self.terms[0]
            if coefficient == 1 and len(monomial) == 1:
                return monomial[0]
        return None

    @property
    def written(self) -> list[tuple[Monomial, Coefficient]]:
        """The terms in the order they are written: none with a minus before one without."""
        return sorted(self.terms, key=lambda term: term[1] < 0)

    def names(self) -> set[str]:
        """The names that occur."""
        return {name for monomial, _ in self.terms for name in monomial}

    def at(self, sizes: Mapping[str, int]) -> int:
        """The integer for given sizes of the names; KeyError if one is missing."""
        return int(self._at(sizes))

    def _at(self, sizes: Mapping[str, int]) -> Coefficient:
        total: Coefficient = 0
        for monomial, coefficient in self.terms:
            for name in monomial:
                coefficient *= sizes[name]
            total += coefficient
        return total

    def substitute(self, values: Mapping[str, Dimension]) -> Dimension:
        """The polynomial with some names replaced by dimensions."""
        if not any(name in values for name in self.names()):
            return self
        total = Dimension.of(0)
        for monomial, coefficient in self.terms:
            term = Dimension.of(coefficient)
            for name in monomial:
                term = term * values.get(name, Dimension.of(name))
            total = total + term
        return total

    def __repr__(self) -> str:
        return f"Dimension({self})"

    def __str__(self) -> str:
        """As one writes it: `n`, `m*n`, `n+1`, `p-n`, `n*(n+1)/2`."""
        return self.spelled()

    def spelled(
        self,
        name: Callable[[str], str] = str,
        *,
        times: str = "*",
        over: str = "/",
        between: str = "",
    ) -> str:
        """The polynomial in some language: how names, products and quotients are written there,
        and what stands around the signs of a sum."""
        if not self.terms:
            return "0"
        divisor = self.denominator
        if divisor == 1:
            return self._spelled_sum(name, times, between)
        shared, rest = _factored(self * Dimension.of(divisor))
        factors = [name(each) for each in shared]
        if rest is not ONE or not factors:
            written = rest._spelled_sum(name, times, between)
            factors.append(f"({written})" if len(rest.terms) > 1 else written)
        return f"{times.join(factors)}{over}{divisor}"

    def _spelled_sum(self, name: Callable[[str], str], times: str, between: str) -> str:
        text = ""
        for monomial, coefficient in self.written:
            sign = "-" if coefficient < 0 else ""
            if text:
                sign = f"{between}{sign or '+'}{between}"
            number = [str(abs(coefficient))] if abs(coefficient) != 1 or not monomial else []
            text += sign + times.join([*number, *map(name, monomial)])
        return text


def _intern(terms: Mapping[Monomial, Coefficient]) -> Dimension:
    # names before the constant, as in n+1
    key = tuple(sorted((t for t in terms.items() if t[1]), key=lambda t: (-len(t[0]), t[0])))
    found = _interned.get(key)
    if found is None:
        found = Dimension.__new__(Dimension)
        found.terms = tuple((m, c if c.denominator > 1 else int(c)) for m, c in key)
        _interned[key] = found
    return found


def _factored(polynomial: Dimension) -> tuple[list[str], Dimension]:
    """The names that all terms have in common, and what is left: n n + n is n (n + 1)."""
    shared: list[str] = []
    for name in dict.fromkeys(polynomial.terms[0][0]):
        shared += [name] * min(monomial.count(name) for monomial, _ in polynomial.terms)
    rest: dict[Monomial, Coefficient] = {}
    for monomial, coefficient in polynomial.terms:
        names = list(monomial)
        for name in shared:
            names.remove(name)
        rest[tuple(names)] = coefficient
    return shared, _intern(rest)


def at_least_one(dimension: Dimension) -> bool | None:
    """Whether a polynomial is at least one wherever all names are; None if it depends on them.

    >>> n = Dimension.of("n")
    >>> at_least_one(n + ONE), at_least_one(ONE - n), at_least_one(n - ONE)
    (True, False, None)
    """
    bound = sum(coefficient for _, coefficient in dimension.terms)  # the value where all are one
    varying = [coefficient for monomial, coefficient in dimension.terms if monomial]
    if all(coefficient > 0 for coefficient in varying) and bound >= 1:
        return True
    return False if all(coefficient < 0 for coefficient in varying) and bound < 1 else None


ONE = Dimension.of(1)
Shape = tuple[Dimension, Dimension]


def shape_text(shape: Shape) -> str:
    """`m×n`, as messages and answers print a shape."""
    rows, columns = shape
    return f"{_side(rows)}×{_side(columns)}"


def _side(dimension: Dimension) -> str:
    text = str(dimension)
    is_sum = len(dimension.terms) > 1 and dimension.denominator == 1
    return f"({text})" if is_sum else text
