"""Exact arithmetic modulo a prime of 61 bits: an identity test without a tolerance.

A polynomial identity that is wrong holds at a random point with probability at most its degree
divided by p (Schwartz 1980, Zippel 1979).  The prime is drawn anew, so that no formula can be
written to vanish modulo it.

p is 3 modulo 4: -1 is no square, so each square has one root that is a square itself.  That root
plays the part of the positive one, and the squares the part of the positive numbers: products of
them are squares again, √a √b = √(ab), and sign(a) is whether a is a square.  A function such as
exp gets a random value for each distinct argument; what exp(-a), sin² + cos² and log(1/a) have to
satisfy is kept.  So agreement is sound; disagreement is, unless such a function or a sign was met
(`loose`), for then it may rest on a relation that the random values do not know.
"""

from __future__ import annotations

from collections.abc import Hashable
from fractions import Fraction
from random import Random
from typing import Any

from matdiff.judging.fields import Array, Field, OutsideDomain
from matdiff.operations.algebra import Expression
from matdiff.verification.evaluation import Sizes

BITS = 61
LARGEST_EXPONENT = 1 << 21
DENOMINATORS = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12)
_WITNESSES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)  # enough below 3.3e24


def random_prime(random: Random) -> int:
    """A prime of 61 bits that is 3 modulo 4 and 2 modulo 3, so that cube roots exist too."""
    while True:
        candidate = random.getrandbits(BITS) | (1 << (BITS - 1)) | 3
        if candidate % 3 == 2 and candidate % 5 > 1 and candidate % 7 > 1 and _is_prime(candidate):
            return candidate


def _is_prime(n: int) -> bool:
    """Whether n, above 37, is prime: Miller and Rabin's test with fixed witnesses."""
    odd, twos = n - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for witness in _WITNESSES:
        x = pow(witness, odd, n)
        if x in (1, n - 1):
            continue
        for _ in range(twos - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


class PrimeField(Field):
    """The integers modulo p, and one choice of values for the functions met.

    loose     whether a value was given whose relations are not all kept, that of a function or a
              sign: then only agreement says something
    signed    whether a sign was met, or a root, that of s² being s or -s: it has but two values
    roots     the product of the orders of the roots taken, each once: it multiplies the degree
    exponent  the largest whole power taken
    """

    __slots__ = ("_random", "_values", "exponent", "loose", "p", "roots", "signed")

    def __init__(self, p: int, random: Random) -> None:
        self.p = p
        self.loose = False
        self.signed = False
        self.roots = 1
        self.exponent = 1
        self._random = random
        self._values: dict[Any, Any] = {}

    @property
    def arguments(self) -> int:
        """At how many distinct arguments a random value was given."""
        return len(self._values)

    def element(self) -> int:
        """A random element."""
        return self._random.randrange(self.p)

    def rational(self, value: Fraction) -> int:
        if value.denominator == 1:
            return value.numerator % self.p
        below = value.denominator % self.p
        if not below:
            raise OutsideDomain("a denominator is a multiple of the prime")
        return value.numerator * pow(below, -1, self.p) % self.p

    def reduced(self, values: Array) -> Array:
        return values % self.p

    def reciprocal(self, element: int) -> int:
        if not element % self.p:
            raise OutsideDomain("a divisor is zero")
        return pow(element, -1, self.p)

    def pivot(self, column: Array, negligible: int = 0) -> int | None:
        return next((row for row, element in enumerate(column) if element % self.p), None)

    def negligible(self, X: Array) -> int:
        return 0

    def is_square(self, element: int) -> bool:
        """Whether the element is a nonzero square: Euler's criterion."""
        return pow(element, (self.p - 1) // 2, self.p) == 1

    def powered(self, element: int, exponent: int) -> int:
        fraction = self._small_fraction(exponent)
        if fraction is None:
            return self._given("power", element, exponent)
        if not element and fraction < 0:
            raise OutsideDomain("a divisor is zero")
        order, power = fraction.denominator, fraction.numerator
        self.exponent = max(self.exponent, abs(power))
        while order % 2 == 0:
            if element and not self.is_square(element):
                raise OutsideDomain("a root of what is no square")
            # this root is itself a square, so the next one exists
            element = pow(element, (self.p + 1) // 4, self.p)
            self.signed = True
            order //= 2
            self.roots *= 2
        if order > 1:
            element = pow(element, pow(order, -1, self.p - 1), self.p)
            self.roots *= order
        return pow(element, power, self.p)

    def _small_fraction(self, exponent: int) -> Fraction | None:
        """The fraction with a small numerator and denominator that an element stands for."""
        for below in DENOMINATORS:
            above = exponent * below % self.p
            if above > self.p // 2:
                above -= self.p
            if abs(above) < LARGEST_EXPONENT:
                return Fraction(above, below)
        return None

    def opaque(self, node: Expression, arguments: list[Array], sizes: Sizes) -> Array:
        """Random entries, the same for the same arguments."""
        name = node.operation.name
        if node.operation.elementwise:
            return self.each(arguments[0], lambda element: self._given(name, element))
        shape = node.rows.at(sizes), node.columns.at(sizes)
        return self._unrelated((name, node.parameters), shape, *arguments)

    def pi(self) -> Array:
        return self._matrix("pi", (1, 1))

    def exp(self, element: int) -> int:
        """A square, as exp is positive, with exp(-a) = 1/exp(a)."""
        if not element:
            return 1
        root = self._given("exp", min(element, self.p - element)) or 1
        value = root * root % self.p
        return value if element <= self.p - element else pow(value, -1, self.p)

    def log(self, element: int) -> int:
        """With log(1/a) = -log(a)."""
        if not element:
            raise OutsideDomain("the logarithm of zero")
        other = pow(element, -1, self.p)
        if element == other:
            return 0 if element == 1 else self._given("log", element)
        value = self._given("log", min(element, other))
        return value if element < other else -value % self.p

    def sin(self, element: int) -> int:
        """2t/(1 + t²) for t the tangent of half the angle, so that sin² + cos² = 1."""
        t = self._odd("tangent", element)
        return 2 * t * self.reciprocal((1 + t * t) % self.p) % self.p

    def cos(self, element: int) -> int:
        """(1 - t²)/(1 + t²)."""
        t = self._odd("tangent", element)
        return (1 - t * t) * self.reciprocal((1 + t * t) % self.p) % self.p

    def asin(self, element: int) -> int:
        return self._odd("asin", element)

    def atan(self, element: int) -> int:
        return self._odd("atan", element)

    def erf(self, element: int) -> int:
        return self._odd("erf", element)

    def sign(self, element: int) -> int:
        """Whether the element is a square."""
        self.loose = self.signed = True
        return 0 if not element else 1 if self.is_square(element) else self.p - 1

    def expm(self, X: Array) -> Array:
        return self._unrelated("expm", X.shape, X)

    def logm(self, X: Array) -> Array:
        return self._unrelated("logm", X.shape, X)

    def sqrtm(self, X: Array) -> Array:
        return self._unrelated("sqrtm", X.shape, X)

    def matrix_power(self, X: Array, exponent: Array) -> Array:
        return self._unrelated("power", X.shape, X, exponent)

    def polar(self, X: Array) -> Array:
        return self._unrelated("polar", X.shape, X)

    def _odd(self, name: str, element: int) -> int:
        """The value of a function with f(-a) = -f(a)."""
        if not element:
            return 0
        value = self._given(name, min(element, self.p - element))
        return value if element <= self.p - element else -value % self.p

    def _given(self, name: str, *arguments: int) -> int:
        """A random element, the same for the same arguments."""
        self.loose = True
        key = name, *arguments
        if key not in self._values:
            self._values[key] = self.element()
        value: int = self._values[key]
        return value

    def _unrelated(self, name: Hashable, shape: tuple[int, int], *arguments: Array) -> Array:
        """A random matrix, of which no relation is known but that it is the same for the same
        arguments; x and x' have the same entries and are two."""
        self.loose = True
        given = ((argument.shape, *argument.flat) for argument in arguments)
        return self._matrix((name, *given), shape)

    def _matrix(self, key: Hashable, shape: tuple[int, int]) -> Array:
        import numpy as np

        if key not in self._values:
            values = np.empty(shape, dtype=object)
            for place in np.ndindex(*shape):
                values[place] = self.element()
            self._values[key] = values
        return self._values[key]
