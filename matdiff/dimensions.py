"""Dimensions: polynomials with integer coefficients in the names of sizes.

A matrix is m×n, vec of it mn×1, a block of two of them (m+p)×n.  Two dimensions are equal exactly
when their polynomials are, so dimensions are interned and compared with `is`.  Distinct names are
distinct unknowns and never made equal silently.
"""

from __future__ import annotations

from collections.abc import Mapping

Monomial = tuple[str, ...]  # names in order, repeated for powers; () is the constant one

_interned: dict[tuple[tuple[Monomial, int], ...], Dimension] = {}


class Dimension:
    """A size: an integer >= 1, a name, or a sum or product of those.

    Build with `Dimension.of`; equal dimensions are the same object.
    """

    __slots__ = ("terms",)
    terms: tuple[tuple[Monomial, int], ...]

    @staticmethod
    def of(value: int | str | Dimension) -> Dimension:
        """The dimension of an integer or of a name.

        >>> Dimension.of("m") * Dimension.of("n") is Dimension.of("n") * Dimension.of("m")
        True
        """
        if isinstance(value, Dimension):
            return value
        if isinstance(value, int):
            return _intern({(): value})
        return _intern({(value,): 1})

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
        terms: dict[Monomial, int] = {}
        for mine, a in self.terms:
            for yours, b in other.terms:
                monomial = tuple(sorted(mine + yours))
                terms[monomial] = terms.get(monomial, 0) + a * b
        return _intern(terms)

    @property
    def value(self) -> int | None:
        """The integer, if the dimension is one."""
        if not self.terms:
            return 0
        if len(self.terms) == 1 and self.terms[0][0] == ():
            return self.terms[0][1]
        return None

    @property
    def name(self) -> str | None:
        """The name, if the dimension is a single one."""
        if len(self.terms) == 1:
            monomial, coefficient = self.terms[0]
            if coefficient == 1 and len(monomial) == 1:
                return monomial[0]
        return None

    def names(self) -> set[str]:
        """The names that occur."""
        return {name for monomial, _ in self.terms for name in monomial}

    def at(self, sizes: Mapping[str, int]) -> int:
        """The integer for given sizes of the names; KeyError if one is missing."""
        total = 0
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
            product = Dimension.of(coefficient)
            for name in monomial:
                product = product * values.get(name, Dimension.of(name))
            total = total + product
        return total

    def __repr__(self) -> str:
        return f"Dimension({self})"

    def __str__(self) -> str:
        """As one writes it: `n`, `m*n`, `n+1`."""
        if not self.terms:
            return "0"
        text = ""
        for monomial, coefficient in self.terms:
            sign = "-" if coefficient < 0 else "+" if text else ""
            factors = [str(abs(coefficient))] if abs(coefficient) != 1 or not monomial else []
            text += sign + "*".join(factors + list(monomial))
        return text


def _intern(terms: dict[Monomial, int]) -> Dimension:
    # names before the constant, as in n+1
    key = tuple(sorted((t for t in terms.items() if t[1]), key=lambda t: (-len(t[0]), t[0])))
    found = _interned.get(key)
    if found is None:
        found = Dimension.__new__(Dimension)
        found.terms = key
        _interned[key] = found
    return found


ONE = Dimension.of(1)
Shape = tuple[Dimension, Dimension]


def shape_text(shape: Shape) -> str:
    """`m×n`, as messages and answers print a shape."""
    rows, columns = shape
    return f"{_side(rows)}×{_side(columns)}"


def _side(dimension: Dimension) -> str:
    text = str(dimension)
    return text if len(dimension.terms) <= 1 else f"({text})"
