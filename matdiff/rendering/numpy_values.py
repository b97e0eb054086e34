"""Pieces of Python source with their strength, and matrix chains put in a cheap order.

A chain of products is bracketed by the classic dynamic programme over estimated sizes (every name
100, a vector 1), which multiplies by vectors first.  Two kinds of factors are never formed in a
chain: diag(d) scales rows or columns, an inverse solves.
Source: Cormen et al., Introduction to Algorithms, section 15.2.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matdiff.dimensions import ONE, Dimension

SUM, PRODUCT, POWER, ATOM = range(1, 5)  # how tightly Python binds a piece of source
PLAIN, DIAGONAL, INVERSE, SCALAR = "plain", "diagonal", "inverse", "scalar"

TYPICAL = 100  # the size a name of a dimension is taken to have
LONGEST_ORDERED = 12  # factors; a longer chain is multiplied from one end


class Code:
    """A Python expression and how tightly it binds."""

    __slots__ = ("strength", "text")

    def __init__(self, text: str, strength: int = ATOM) -> None:
        self.text, self.strength = text, strength

    def at(self, strength: int) -> str:
        """The text, in brackets if it binds less tightly than asked."""
        return self.text if self.strength >= strength else f"({self.text})"

    @property
    def T(self) -> Code:  # noqa: N802 - the usual name
        if self.strength == ATOM and self.text.endswith(".T"):
            return Code(self.text.removesuffix(".T"))
        return Code(self.at(ATOM) + ".T")


class Factor:
    """A factor of a chain: its code is of the matrix, of d for diag(d), of X for X^-1."""

    __slots__ = ("code", "columns", "kind", "rows")

    def __init__(self, code: Code, rows: Dimension, columns: Dimension, kind: str = PLAIN) -> None:
        self.code, self.rows, self.columns = code, rows, columns
        self.kind = SCALAR if rows is ONE and columns is ONE else kind

    def formed(self) -> Code:
        """The code of the matrix itself."""
        if self.kind == DIAGONAL:
            return Code(f"np.diagflat({self.code.text})")
        if self.kind == INVERSE:
            return Code(f"np.linalg.inv({self.code.text})")
        return self.code


Shorten = Callable[[Code], Code]  # gives a long piece of source a name of its own


def chain(factors: Sequence[Factor], shorten: Shorten) -> Factor:
    """The product of factors in a cheap order."""
    if len(factors) <= LONGEST_ORDERED:
        return _ordered(factors, shorten)
    ends_in_column = factors[-1].columns is ONE
    rest = list(factors) if ends_in_column else list(factors)[::-1]
    product = rest.pop()
    while rest:
        factor = rest.pop()
        product = _join(factor, product) if ends_in_column else _join(product, factor)
        product.code = shorten(product.code)
    return product


def _ordered(factors: Sequence[Factor], shorten: Shorten) -> Factor:
    count = len(factors)
    cost = {(i, i): 0.0 for i in range(count)}
    split: dict[tuple[int, int], int] = {}
    for width in range(2, count + 1):
        for first in range(count - width + 1):
            last = first + width - 1
            best = None
            splits = range(first, last)
            # of equals, A B x from the right and other products from the left
            for middle in splits if factors[last].columns is ONE else reversed(splits):
                total = cost[first, middle] + cost[middle + 1, last]
                total += _cost(factors, first, middle, last)
                if best is None or total < best:
                    best, split[first, last] = total, middle
            assert best is not None
            cost[first, last] = best

    def product(first: int, last: int) -> Factor:  # as deep as the chain has factors: few
        if first == last:
            return factors[first]
        middle = split[first, last]
        joined = _join(product(first, middle), product(middle + 1, last))
        joined.code = shorten(joined.code)
        return joined

    return product(0, count - 1)


def _cost(factors: Sequence[Factor], first: int, middle: int, last: int) -> float:
    """The multiplications of joining two parts of a chain."""
    rows, columns = estimate(factors[first].rows), estimate(factors[last].columns)
    inner = estimate(factors[middle].columns)
    alone = [factors[i].kind for i in (first, last) if i in (middle, middle + 1)]
    if first == middle and factors[first].kind == DIAGONAL:
        return rows * columns
    if last == middle + 1 and factors[last].kind == DIAGONAL:
        return rows * columns
    solving = inner**3 / 3 if INVERSE in alone else 0
    return rows * inner * columns + solving


def estimate(size: Dimension) -> float:
    """A dimension as a number, to compare costs."""
    total = 0.0
    for monomial, coefficient in size.terms:
        total += coefficient * TYPICAL ** len(monomial)
    return max(total, 1.0)


def _join(left: Factor, right: Factor) -> Factor:
    rows, columns = left.rows, right.columns
    a, b = left.code, right.code
    if left.kind == SCALAR or right.kind == SCALAR:
        whole = right if left.kind == SCALAR else left
        return Factor(times(left.formed(), right.formed()), whole.rows, whole.columns)
    if left.kind == DIAGONAL and right.kind == DIAGONAL:
        return Factor(times(a, b), rows, columns, DIAGONAL)
    if left.kind == DIAGONAL:
        return Factor(times(a, right.formed()), rows, columns)
    if right.kind == DIAGONAL:
        return Factor(times(left.formed(), b.T), rows, columns)
    if left.kind == INVERSE:
        return Factor(Code(f"np.linalg.solve({a.text}, {right.formed().text})"), rows, columns)
    if right.kind == INVERSE:
        return Factor(Code(f"np.linalg.solve({b.T.text}, {a.T.text}).T"), rows, columns)
    if rows is ONE and columns is ONE:
        row = a.T if a.text.endswith(".T") and a.strength == ATOM else a
        return Factor(Code(f"np.vdot({row.text}, {b.text})"), rows, columns)
    return Factor(Code(f"{a.at(PRODUCT)} @ {b.at(POWER)}", PRODUCT), rows, columns)


def times(a: Code, b: Code) -> Code:
    """a * b, elementwise or with a scalar."""
    return Code(f"{a.at(PRODUCT)} * {b.at(POWER)}", PRODUCT)


def over(a: Code, b: Code) -> Code:
    """a / b, elementwise or by a scalar."""
    return Code(f"{a.at(PRODUCT)} / {b.at(POWER)}", PRODUCT)


def negative(a: Code) -> Code:
    """-a; the minus is applied to a product's result, not to its first factor."""
    return Code(f"-{a.at(POWER)}", PRODUCT)
