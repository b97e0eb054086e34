"""The exact test: two expressions at random points over a prime field.

Sizes: distinct ones, all the same, and where the expressions are polynomials in matrices so large
that no identity can hold there by accident.
"""

from __future__ import annotations

from math import log2
from random import Random

from matdiff.judging.degrees import degrees, of_difference
from matdiff.judging.evaluation import defined, values_of
from matdiff.judging.fields import Array, NotComputable, OutsideDomain
from matdiff.judging.orders import any_sizes, other_orders
from matdiff.judging.points import LARGEST_EXPONENT, exponents_in, random_value
from matdiff.judging.primes import PrimeField, random_prime
from matdiff.operations.algebra import (
    ADD,
    IDENTITY,
    INNER,
    MULTIPLY,
    NUMBER,
    SCALE,
    SYMBOL,
    TRANSPOSE,
    ZEROS,
    Expression,
    is_identity,
    postorder,
    symbol_properties,
)
from matdiff.operations.linear import TRACE
from matdiff.verification.sizes import Sizes

TRIALS = 3
# where a sign or a root takes part, or a variable of few values: a mask, an exponent
CHOPPED_TRIALS = 64
# of one of them that a trial shows a difference: a sign is drawn in half of the attempts at least
CHOPPED_CHANCE = 0.25
MOST_TURNED = 3  # orthogonal matrices of which all choices of determinants are tried
ATTEMPTS = 40  # points tried for one trial: half of all elements are no squares
LARGEST_ARRAY = 4000  # entries
SMALLEST, LARGEST = 3, 7
ALIKE = 4  # the size, where all are the same
LARGEST_POLYNOMIAL = 24  # matrices in a product, up to where all sizes are settled at once
_POLYNOMIAL = frozenset(
    (ADD, MULTIPLY, SCALE, TRANSPOSE, TRACE, INNER, NUMBER, SYMBOL, IDENTITY, ZEROS)
)
_FEW_VALUES = frozenset(("binary", "onehot"))


class ExactTest:
    """What the test found.

    equal     whether the two agreed at every point; None if they could not be compared
    certain   whether a disagreement proves them different
    error     the probability that different functions agree so, as a power of two (negative)
    trials    at how many points they were compared
    sizes     those tried
    missed    those at which no point was found
    general   whether they stand for all sizes
    reason    why nothing was found
    """

    __slots__ = ("certain", "equal", "error", "general", "missed", "reason", "sizes", "trials")

    def __init__(self) -> None:
        self.equal: bool | None = None
        self.certain = True
        self.error = 0.0
        self.trials = 0
        self.sizes: list[dict[str, int]] = []
        self.missed: list[dict[str, int]] = []
        self.general = False
        self.reason = ""


def exact_test(left: Expression, right: Expression, random: Random) -> ExactTest:
    """Compare two expressions of one shape at random points."""
    return _Exact(left, right, random).outcome()


class _Exact:
    def __init__(self, left: Expression, right: Expression, random: Random) -> None:
        self.random = random
        self.sizing = Random(0)  # sizes are told, and are to be the same each time
        self.p = random_prime(random)
        self.left, self.right = defined(left, right)
        self.order = postorder(self.left, self.right)
        self.symbols = [node for node in self.order if node.operation is SYMBOL]
        self.exponents = exponents_in(self.order)
        self.available = Sizes(self.order)
        self.turned = [s for s in self.symbols if "orthogonal" in symbol_properties(s)]
        self.turn = 0  # which choice of their determinants is tried
        self.chopped = (
            bool(self.exponents)
            or len(self.turned) > MOST_TURNED
            or any(_FEW_VALUES.intersection(symbol_properties(s)) for s in self.symbols)
        )
        self.beyond = False  # an operation was met that the field does not know
        self.test = ExactTest()

    def outcome(self) -> ExactTest:
        test, degree = self.test, self._polynomial_degree()
        planned = self._planned(degree)
        each = len(planned) << min(len(self.turned), MOST_TURNED)
        for number in range(max(each, CHOPPED_TRIALS)):
            if number >= each and not self.chopped:
                break
            self.turn, place = divmod(number, len(planned))
            compared = self._at_some_point(planned[place])
            if compared is None:
                if test.equal is None or self.beyond:
                    test.equal = None
                    return test
                continue
            test.equal, tried = compared
            test.trials += 1
            if tried not in test.sizes:
                test.sizes.append(tried)
            if degree is not None and all(size >= degree for size in tried.values()):
                test.general = True
            if not test.equal:
                break
        test.missed = [sizes for sizes in planned if sizes not in test.sizes]
        if self.chopped:  # what shows for half of the signs or exponents was missed each time
            test.error = max(test.error, CHOPPED_TRIALS * log2(1 - CHOPPED_CHANCE))
        return test

    def _polynomial_degree(self) -> int | None:
        """The degree, if both are polynomials in matrices, transposes and traces of few."""
        found: dict[Expression, int] = {}
        for node in self.order:
            if node.operation not in _POLYNOMIAL and not is_identity(node):
                return None
            inside = [found[argument] for argument in node.arguments]
            own = 1 if node.operation is SYMBOL else 0
            found[node] = own + (max(inside) if node.operation is ADD else sum(inside))
        degree = max(found[self.left], found[self.right])
        return degree if degree <= LARGEST_POLYNOMIAL else None

    def _planned(self, degree: int | None) -> list[dict[str, int]]:
        """Sizes to try: large ones, if they settle a polynomial, distinct ones, all alike, and
        others so that each matrix was tall once and wide once."""
        names = self.available.names
        planned = []
        if degree is not None:
            least = max(degree, SMALLEST)
            chosen = self.random.sample(range(least, least + len(names)), len(names))
            many = dict(zip(names, chosen, strict=True))
            planned = [many if self._affordable(many) else self._distinct()]
        alike = dict.fromkeys(names, ALIKE)
        planned += [self._distinct(), alike if self._affordable(alike) else self._distinct()]
        if degree is None:
            two = dict.fromkeys(names, 2)  # where a matrix of low rank is not singular
            planned += [two] if names and self._affordable(two) else []
            planned += other_orders(self.order, planned, self._affordable, self.sizing)
            planned += any_sizes(self.order, names, self._affordable, self.random)
        return planned + [self._distinct() for _ in range(TRIALS - len(planned))]

    def _affordable(self, sizes: dict[str, int]) -> bool:
        return self.available.affordable(sizes, LARGEST_ARRAY)

    def _distinct(self) -> dict[str, int]:
        names = self.available.names
        # an identity may hold at size 2 alone, so 3 is worth a large array
        for smallest, largest, entries in (
            (SMALLEST, LARGEST, LARGEST_ARRAY),
            (SMALLEST, 2 + len(names), LARGEST_ARRAY * 20),
            (2, 5, LARGEST_ARRAY),
            (2, 3, LARGEST_ARRAY),
        ):
            pool = range(smallest, max(largest + 1, smallest + len(names)))
            for _ in range(6):
                sizes = dict(zip(names, self.sizing.sample(pool, len(names)), strict=True))
                if self.available.affordable(sizes, entries):
                    return sizes
        return self.available.draw(self.sizing)

    def _at_some_point(self, sizes: dict[str, int]) -> tuple[bool, dict[str, int]] | None:
        """Whether the two are equal at a point where both exist, and its sizes."""
        for attempt in range(ATTEMPTS):
            field = PrimeField(self.p, self.random)
            if attempt and attempt % 8 == 0:
                sizes = self._distinct()  # X'X has an inverse only where X is tall
            try:
                found = self._values(field, sizes, squares=attempt % 2 == 1)
            except OutsideDomain as problem:
                self.test.reason = str(problem)
                continue
            except NotComputable as problem:
                self.test.reason, self.beyond = str(problem), True
                return None
            self.test.certain = self.test.certain and not field.loose
            self.chopped = self.chopped or field.signed
            self._bound(field, sizes)
            difference = field.reduced(found[self.left] - found[self.right])
            return not difference.any(), sizes
        return None

    def _values(
        self, field: PrimeField, sizes: dict[str, int], *, squares: bool
    ) -> dict[Expression, Array]:
        values: dict[Expression, Array] = {}
        for symbol in self.symbols:
            shape = symbol.rows.at(sizes), symbol.columns.at(sizes)
            if symbol in self.exponents and shape == (1, 1):
                values[symbol] = field.array([[self.random.randrange(2, LARGEST_EXPONENT)]])
            else:
                # not of all variables at once: what holds for c > 0 alone has to be seen
                positive = squares and self.random.randrange(2) == 0
                properties = symbol_properties(symbol)
                values[symbol] = random_value(
                    field,
                    self.random,
                    shape,
                    properties,
                    squares=positive,
                    determinant=self._determinant(symbol),
                )
        return values_of(self.order, field, values, sizes)

    def _determinant(self, symbol: Expression) -> int | None:
        """That of an orthogonal matrix: every choice of them has its turn."""
        if symbol not in self.turned[:MOST_TURNED]:
            return None
        return -1 if self.turn >> self.turned.index(symbol) & 1 else 1

    def _bound(self, field: PrimeField, sizes: dict[str, int]) -> None:
        """Add what this trial says to the probability of error: D/(p - D), of functions' random
        values also that two different arguments coincide."""
        found = degrees(self.order, sizes, field.exponent)
        above = of_difference(found[self.left], found[self.right])[0]
        largest = max(above, *(sum(pair) for pair in found.values()))
        degree = field.roots * (above + largest * field.arguments**2)
        self.test.error += min(0.0, log2(max(1, degree)) - log2(self.p))
