"""Singular value decompositions that a claim names, for every order of the sides of the matrix.

E = U diag(s) V' for E m×p and k = min(m, p), with U m×k, s of length k and positive, V p×k, and
U'U = V'V = I.  U U' = I only where k = m and V V' = I only where k = p, so a claim has as many
cases as there are orders of m and p: it has to hold in each.  A matrix n×k with orthonormal columns
is Q or the first k columns of Q, for Q orthogonal: so every one of them is reached, with its signs
and in each order of the singular values.

Source: Golub & Van Loan, Matrix Computations, section 2.4 (the thin decomposition).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from matdiff.dimensions import ONE, Dimension, Shape, at_least_one
from matdiff.errors import LimitReached
from matdiff.judging.resizing import resized
from matdiff.operations.algebra import Expression, substitute, symbol, symbol_name
from matdiff.operations.blocks import selection
from matdiff.operations.linear import diag

MOST_CASES = 27  # of three decompositions
ENUMERATED = 5  # up to this number the sizes below it are taken one by one
NONE = Dimension.of(0)

Sizes = dict[str, Dimension]


class Triplets:
    """The symbols of one decomposition: E m×p, U m×k, s k×1, V p×k."""

    __slots__ = ("E", "U", "V", "s")

    def __init__(self, E: Expression, U: Expression, s: Expression, V: Expression) -> None:
        self.E, self.U, self.s, self.V = E, U, s, V


class Case:
    """One order of the sizes.

    words   the order, as `m > p`; empty where the sizes leave no other
    sizes   what names of dimensions stand for in it, m for p and a name that only this case has
    values  what the symbols, at these sizes, stand for
    """

    __slots__ = ("sizes", "values", "words")

    def __init__(self, words: str, sizes: Sizes, values: dict[Expression, Expression]) -> None:
        self.words, self.sizes, self.values = words, sizes, values

    @property
    def declared(self) -> Sizes:
        """The sizes that people gave a name."""
        return {name: size for name, size in self.sizes.items() if name.isidentifier()}

    def of(self, expression: Expression) -> Expression:
        """The expression in this case; MatdiffError where it does not fit the sizes."""
        return substitute(resized(expression, self.sizes), self.values)


def least(m: Dimension, p: Dimension) -> Dimension:
    """min(m, p): one of the two, or a name that no text can give to another size."""
    if at_least_one(p - m + ONE):
        return m
    return p if at_least_one(m - p + ONE) else Dimension.of(f"min({m},{p})")


def cases(decompositions: Sequence[Triplets]) -> list[Case]:
    """All orders of the sizes of what is decomposed; LimitReached if they are not found."""
    orders: list[tuple[list[str], Sizes]] = [([], {})]
    for triplets in decompositions:
        orders = [
            ([*words, word] if word else words, _composed(sizes, more))
            for words, sizes in orders
            for word, more in _orders(triplets, sizes)
        ]
        if len(orders) > MOST_CASES:
            raise LimitReached(f"the sizes have more than {MOST_CASES} orders")
    return [
        Case(" and ".join(words), sizes, _values(decompositions, sizes)) for words, sizes in orders
    ]


def _composed(first: Sizes, then: Sizes) -> Sizes:
    return {name: side.substitute(then) for name, side in first.items()} | then


def _values(decompositions: Sequence[Triplets], sizes: Sizes) -> dict[Expression, Expression]:
    values: dict[Expression, Expression] = {}
    for triplets in decompositions:
        E, U, s, V = (resized(A, sizes) for A in (triplets.E, triplets.U, triplets.s, triplets.V))
        values[U], values[V] = _orthonormal(U), _orthonormal(V)
        values[E] = values[U] @ diag(s) @ values[V].T
    return values


def _orthonormal(A: Expression) -> Expression:
    """Orthonormal columns: an orthogonal matrix, or the first columns of one."""
    orthogonal = symbol(symbol_name(A), A.rows, A.rows, ["orthogonal"])
    return orthogonal @ selection(A.rows, NONE, A.columns)


def _orders(triplets: Triplets, sizes: Sizes) -> Iterator[tuple[str, Sizes]]:
    """m > p, m = p and m < p as far as they can be, in words and as sizes."""
    m, p = (side.substitute(sizes) for side in triplets.E.shape)
    length, gap = triplets.s.rows.name, m - p
    if at_least_one(gap) or at_least_one(p - m) or gap is NONE:  # one order for all sizes
        k = p if at_least_one(gap) else m
        yield "", {} if length is None else {length: k}
        return
    for sign, k in ((1, p), (0, m), (-1, m)):
        for word, chosen in _with_sign(triplets.E.shape, gap, sign):
            named = {} if length is None else {length: k.substitute(chosen)}
            yield word, named | chosen


def _with_sign(shape: Shape, gap: Dimension, sign: int) -> Iterator[tuple[str, Sizes]]:
    """Sizes that give m - p a sign, all that there are, in words and as sizes; none if there are
    none."""
    m, p = shape if sign >= 0 else shape[::-1]
    distance = Dimension.of(f"{m}-{p}")  # a name that no text has
    name, size = _solved(gap, distance * Dimension.of(sign))
    number = (size + distance).value
    if sign and number is not None and number <= ENUMERATED:
        yield from ((f"{name} = {n}", {name: Dimension.of(n)}) for n in range(1, number))
    elif at_least_one(size) is not False:
        yield _words(*shape, sign), {name: size}


def _words(m: Dimension, p: Dimension, sign: int) -> str:
    """`m > p`; a number stands on the right."""
    if m.value is not None:
        m, p, sign = p, m, -sign
    return f"{m} {'=><'[sign]} {p}"


def _solved(gap: Dimension, value: Dimension) -> tuple[str, Dimension]:
    """A name and its size for which a polynomial has a value, positive whatever the other sizes
    are if there is such a name; LimitReached if none can be solved for."""
    found: list[tuple[str, Dimension]] = []
    for monomial, coefficient in gap.terms:
        if len(monomial) != 1 or coefficient not in (1, -1):
            continue
        rest = gap - Dimension.of(coefficient) * Dimension.of(monomial[0])
        if monomial[0] not in rest.names():
            found.append((monomial[0], (value - rest) * Dimension.of(coefficient)))
    found.sort(key=lambda pair: not at_least_one(pair[1]))
    if not found:
        raise LimitReached(f"which sizes make {gap} positive was not found")
    return found[0]


def said_of(case_words: Sequence[str]) -> str:
    """`m > p, m = p and m < p`."""
    *most, last = case_words
    return f"{', '.join(most)} and {last}" if most else last
