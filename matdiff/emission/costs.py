"""What products cost, and the cheapest order of a chain of them.

The cost of a program is estimated in multiplications, from sizes that are names: every name is
taken to be 100 unless relations between names say otherwise.  A chain is bracketed by the classic
dynamic programme over its intervals (Cormen et al., Introduction to Algorithms, section 15.2), in
which a factor need not be a plain matrix: diag(d) scales, an inverse solves, a Kronecker product
is applied factor by factor, a commutation matrix permutes, and none of them is formed unless
nothing else is left to do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from matdiff.dimensions import ONE, Dimension, Shape

TYPICAL = 100.0  # the size a name of a dimension is taken to have
LONGEST_ORDERED = 12  # factors; a longer chain is multiplied from one end

PLAIN, DIAGONAL, INVERSE, KRONECKER, COMMUTATION, SCALED_KRONECKER, SELECTION = range(7)


class Sizes:
    """Dimensions as numbers, to compare costs.

    sizes  the estimates of names for which something is known
    """

    __slots__ = ("_found", "_sizes")

    def __init__(self, sizes: Mapping[str, float] | None = None) -> None:
        self._sizes, self._found = dict(sizes or {}), dict[Dimension, float]()

    def of(self, size: Dimension) -> float:
        found = self._found.get(size)
        if found is None:
            found = 0.0
            for monomial, coefficient in size.terms:
                term = float(coefficient)
                for name in monomial:
                    term *= self._sizes.get(name, TYPICAL)
                found += term
            found = self._found[size] = max(found, 1.0)
        return found

    def entries(self, shape: Sequence[Dimension]) -> float:
        product = 1.0
        for side in shape:
            product *= self.of(side)
        return product


class Link:
    """A factor of a chain, or the product of some: its kind and its shape.

    parts  of a Kronecker product A⊗B: the shapes of A and B
    eyes   which of the two are identities, with which nothing is multiplied
    """

    __slots__ = ("eyes", "kind", "parts", "shape")

    def __init__(
        self,
        kind: int,
        shape: Shape,
        parts: tuple[Shape, ...] = (),
        eyes: tuple[bool, ...] = (),
    ) -> None:
        self.kind, self.shape, self.parts, self.eyes = kind, shape, parts, eyes


class Bracketing:
    """The cheapest order of a chain: `split[i, j]` is the last factor on the left of i … j."""

    __slots__ = ("cost", "split")

    def __init__(self, cost: float, split: Mapping[tuple[int, int], int]) -> None:
        self.cost, self.split = cost, split


def bracketing(
    links: Sequence[Link],
    sizes: Sizes,
    *,
    as_written: bool = False,
    uses: Callable[[int, int], int] = lambda first, last: 1,
) -> Bracketing:
    """The cheapest order of at most LONGEST_ORDERED factors.

    as_written  from the left, whatever it costs
    uses        how often the product of factors first … last is wanted: each pays its part
    """
    count = len(links)
    best = {(i, i): (0.0, link) for i, link in enumerate(links)}
    split: dict[tuple[int, int], int] = {}
    for width in range(2, count + 1):
        for first in range(count - width + 1):
            last = first + width - 1
            splits = range(first, last)
            # of equals, A B x from the right and other products from the left
            ordered = splits if links[last].shape[1] is ONE else reversed(splits)
            for middle in [last - 1] if as_written else ordered:
                left_cost, left = best[first, middle]
                right_cost, right = best[middle + 1, last]
                work, joined = join(left, right, sizes)
                total = (left_cost + right_cost + work) / uses(first, last)
                if (first, last) not in best or total < best[first, last][0]:
                    best[first, last], split[first, last] = (total, joined), middle
    total, whole = best[0, count - 1]
    return Bracketing(total + forming(whole, sizes), split)


def join(left: Link, right: Link, sizes: Sizes) -> tuple[float, Link]:
    """The work of a product of two, and what comes out."""
    shape = (left.shape[0], right.shape[1])
    rows, columns = map(sizes.of, shape)
    plain = Link(PLAIN, shape)
    kinds = (left.kind, right.kind)
    if kinds == (DIAGONAL, DIAGONAL):
        return rows, Link(DIAGONAL, shape)
    if kinds == (KRONECKER, KRONECKER) and _fit(left, right):
        return _kronecker_products(left, right, sizes, shape)
    if kinds == (KRONECKER, DIAGONAL):
        return 0.0, Link(SCALED_KRONECKER, shape, left.parts, left.eyes)
    if kinds == (SCALED_KRONECKER, KRONECKER) and _fit(left, right) and left.eyes == right.eyes:
        return _sandwich(left, right, sizes), plain
    if DIAGONAL in kinds or COMMUTATION in kinds:
        other = right if left.kind in (DIAGONAL, COMMUTATION) else left
        return forming(other, sizes) + rows * columns, plain
    if left.kind in (KRONECKER, SCALED_KRONECKER):
        return forming(right, sizes) + _applied(left, columns, sizes), plain
    if right.kind == KRONECKER:
        return forming(left, sizes) + _applied(right, rows, sizes), plain
    if SELECTION in kinds:  # rows or columns between zeros
        other = right if left.kind == SELECTION else left
        return forming(other, sizes) + rows * columns, plain
    inner = sizes.of(left.shape[1])
    if left.kind == INVERSE:
        return forming(right, sizes) + inner**3 / 3 + rows * inner * columns, plain
    if right.kind == INVERSE:
        return inner**3 / 3 + rows * inner * columns, plain
    return rows * inner * columns, plain


def forming(link: Link, sizes: Sizes) -> float:
    """The work of the matrix itself."""
    if link.kind == INVERSE:
        return sizes.of(link.shape[0]) ** 3 * 4 / 3
    return 0.0 if link.kind == PLAIN else sizes.entries(link.shape)


def _fit(left: Link, right: Link) -> bool:
    return all(a[1] is b[0] for a, b in zip(left.parts, right.parts, strict=True))


def _kronecker_products(left: Link, right: Link, sizes: Sizes, shape: Shape) -> tuple[float, Link]:
    """(A⊗B)(C⊗D) = AC⊗BD."""
    work = 0.0
    for i in range(2):
        if not left.eyes[i] and not right.eyes[i]:
            work += sizes.entries(left.parts[i]) * sizes.of(right.parts[i][1])
    parts = tuple((a[0], b[1]) for a, b in zip(left.parts, right.parts, strict=True))
    eyes = tuple(a and b for a, b in zip(left.eyes, right.eyes, strict=True))
    return work, Link(KRONECKER, shape, parts, eyes)


def _applied(link: Link, times: float, sizes: Sizes) -> float:
    """(A⊗B) vec(V) = vec(B V A'), for `times` columns; the result is written once more."""
    (m, q), (p, n) = (map(sizes.of, part) for part in link.parts)
    work = m * p
    if not link.eyes[1]:
        work += p * n * q
    if not link.eyes[0]:
        work += p * q * m
    return times * work


def _sandwich(left: Link, right: Link, sizes: Sizes) -> float:
    """(A⊗C) diag(vec M) (B⊗D): sums over i of C_ci M_ij D_id, then over j with A_kj B_jl; where
    both matrices of a place are the identity, nothing is summed and only a diagonal stands."""
    (k, j), (c, i) = (map(sizes.of, part) for part in left.parts)
    m, d = (sizes.of(part[1]) for part in right.parts)
    blocks = 1.0 if left.eyes[1] else c * d
    inside = j * i * blocks
    outside = 0.0 if left.eyes[0] else k * m * j * (i if left.eyes[1] else blocks)
    return inside + outside + k * c * m * d
