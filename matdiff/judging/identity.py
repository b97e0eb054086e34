"""Whether two expressions are equal as functions: by algebra, exactly at random, or to 50 digits.

1. The same normal form: equal for every size.
2. Equal at random points over a prime field: a wrong identity passes with a probability that is
   computed and told.
3. Equal to fifty digits, where functions such as exp stand in relations that the exact test does
   not know.  A relative difference beyond 1e-50 that is no rounding tells two
   functions apart.
Nothing is concluded where no point lies in the domain, or an operation cannot be computed.
Source for the sizes: Procesi 1976, no identity of degree d in matrices, transposes and traces holds
at sizes from d on.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from random import Random, SystemRandom

from matdiff.dimensions import Dimension
from matdiff.errors import LimitReached
from matdiff.judging.exact import ExactTest, exact_test
from matdiff.judging.farther import farther
from matdiff.judging.nearness import Nearness, nearness, unscaled
from matdiff.normal import normalise
from matdiff.normal.core import negative, plus
from matdiff.normal.normalise import TooLarge, expand
from matdiff.operations.algebra import (
    ADD,
    Expression,
    is_zero,
    number,
    number_value,
    postorder,
    reapply,
    rebuild,
    zeros,
)
from matdiff.operations.elementwise import POWER
from matdiff.verification.samples import Sampler

LARGEST_FOLDED = 2000  # exponent


class Identity:
    """What is known of an equation.

    outcome   "proved", "agrees", "differs" or "undecided"
    evidence  a phrase that says why
    sizes     the sizes at which it was tried
    missed    those at which it was to be tried, and no point was found
    seed      that repeats the random points
    """

    __slots__ = ("evidence", "missed", "outcome", "seed", "sizes")

    def __init__(
        self, outcome: str, evidence: str, sizes: list[dict[str, int]] | None = None, seed: int = 0
    ) -> None:
        self.outcome, self.evidence = outcome, evidence
        self.sizes, self.seed = sizes or [], seed
        self.missed: list[dict[str, int]] = []

    @property
    def holds(self) -> bool:
        return self.outcome in ("proved", "agrees")


def identity(
    left: Expression,
    right: Expression,
    demanding: tuple[Expression, ...] = (),
    *,
    seed: int | None = None,
    algebra: bool = True,
    named: Mapping[str, Dimension] | None = None,
) -> Identity:
    """Whether left = right, two expressions of one shape, wherever the `demanding` ones exist.

    With `algebra` False only values count, for a second opinion on the algebra itself.  `named` are
    sizes to be told beside those that occur, m = p + d for one.
    """
    seed = SystemRandom().getrandbits(32) if seed is None else seed
    random = Random(seed)
    left, right = folded(left), folded(right)
    try:
        if algebra and same_form(left, right):
            objection = nowhere(demanding + (left, right), random)
            if objection is not None:
                return Identity("undecided", objection, seed=seed)
            return Identity("proved", "equal by algebra, for all sizes", seed=seed)
        exact = exact_test(left, right, random)
        if exact.equal or exact.certain:
            exact.sizes = _with_names(exact.sizes, named)
        if exact.equal is False and exact.certain:
            return Identity("differs", _told_apart(exact), exact.sizes, seed)
        if exact.equal:
            objection = nowhere(demanding + (left, right), random)
            if objection is None:
                agreed = Identity("agrees", _agreed(exact), exact.sizes, seed)
                agreed.missed = exact.missed
                return agreed
            return Identity("undecided", objection, seed=seed)
        if algebra:
            demanding, (left, right) = (*demanding, left, right), _remaining(left, right)
        near = nearness(left, right, demanding, random)
        if near.equal:
            differing = exact.sizes[-1:] if exact.equal is False else []
            near = farther(near, (left, right, *demanding), differing, random)
        near.sizes = _with_names(near.sizes, named)
        by_digits = _by_digits(near, seed)
        by_digits.missed = near.missed
        return by_digits
    except LimitReached as limit:
        return Identity("undecided", limit.message, seed=seed)


def _agreed(exact: ExactTest) -> str:
    digits = int(-exact.error * 0.30103)
    points = exact.trials
    scope = "for all sizes" if exact.general else sizes_text(exact.sizes)
    return f"exact test at {points} random points over a prime field, error < 1e-{digits}, {scope}"


def _told_apart(exact: ExactTest) -> str:
    return f"exact test over a prime field, {sizes_text(exact.sizes[-1:])}"


def _by_digits(near: Nearness, seed: int) -> Identity:
    if near.equal is None:
        return Identity("undecided", near.reason, seed=seed)
    if near.equal:
        evidence = f"equal to 50 digits at {len(near.sizes)} points, {sizes_text(near.sizes)}"
        return Identity("agrees", evidence, near.sizes, seed)
    evidence = "a relative difference above 1e-50"
    return Identity("differs", evidence, near.sizes, seed)


def _with_names(
    tried: list[dict[str, int]], named: Mapping[str, Dimension] | None
) -> list[dict[str, int]]:
    """The sizes by the names that people gave them, for those that stand for others."""
    if named is None:
        return tried
    found = []
    for sizes in tried:
        others = {name: side.at(sizes) for name, side in named.items() if side.names() <= {*sizes}}
        known = {name: size for name, size in sizes.items() if name.isidentifier()} | others
        found.append(dict(sorted(known.items())))
    return found


def sizes_text(sizes: list[dict[str, int]]) -> str:
    """`for the sizes tried: m = 3, n = 5; m = n = 4`."""
    told = []
    for each in sizes:
        if not each:
            continue
        if len(each) > 1 and len(set(each.values())) == 1:
            told.append(" = ".join(each) + f" = {next(iter(each.values()))}")
        else:
            told.append(", ".join(f"{name} = {size}" for name, size in each.items()))
    unique = list(dict.fromkeys(told))
    return "for the sizes tried: " + "; ".join(unique) if unique else "for the sizes declared"


def same_form(left: Expression, right: Expression) -> bool:
    """Whether the difference of two expressions is zero in normal form."""
    if left is right:
        return True
    difference = normalise(left - right)
    if is_zero(difference):
        return True
    try:
        return is_zero(normalise(expand(difference)))
    except TooLarge:
        return False


def folded(root: Expression) -> Expression:
    """The expression with whole powers of numbers worked out: 10^-300 is lost in floating point,
    beside 10^300 for one."""
    return rebuild(root, _with_number)


def _with_number(node: Expression, arguments: tuple[Expression, ...]) -> Expression:
    if node.operation is POWER:
        base, exponent = map(number_value, arguments)
        if base and exponent is not None and Fraction(exponent).denominator == 1:
            whole = int(exponent)
            if abs(whole) <= LARGEST_FOLDED:
                return number(Fraction(base) ** whole)
    return reapply(node, arguments)


def _remaining(left: Expression, right: Expression) -> tuple[Expression, Expression]:
    """The two sides without the terms they share: fifty digits do not see 1 beside exp(1000)."""
    difference = normalise(left - right)
    first, *others = difference.arguments if difference.operation is ADD else (difference,)
    return first, negative(plus(others)) if others else zeros(*first.shape)


def nowhere(expressions: tuple[Expression, ...], random: Random) -> str | None:
    """Why there is no real point at which all the expressions exist, None if there is one."""
    if all(not node.arguments or node.operation.multilinear for node in postorder(*expressions)):
        return None
    plain = [unscaled(expression)[0] for expression in expressions]
    sampler = Sampler(plain, [], random.getrandbits(32))
    if sampler.draw() is None:
        return f"no sample inside the domain was found: {sampler.objection}"
    return None
