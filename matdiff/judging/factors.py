"""A claim that is the derivative times a number, or times a scalar that occurs in either."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from matdiff.judging.trial import DIGITS_TYPED, LARGEST_DENOMINATOR, NEAR, Trial, rational
from matdiff.operations.algebra import (
    HADAMARD,
    MULTIPLY,
    NUMBER,
    SCALE,
    Expression,
    number,
    postorder,
    scale,
)
from matdiff.operations.elementwise import POWER, power
from matdiff.rendering import text

SHOWN = 6  # digits of a number that has no short form


def factors(trial: Trial) -> Iterator[str]:
    """What the claim has too many or too few, at most one sentence."""
    ratios = trial.ratios()
    if not ratios:
        return
    constant = rational(ratios)
    if constant == 1:
        return  # as far as floating point can tell
    if constant is not None and trial.right(scale(number(1 / constant), trial.claimed)):
        yield of_factor(constant)
        return
    for node in dict.fromkeys(postorder(trial.derived.formula, trial.claimed)):
        if node.is_scalar and node.operation not in (NUMBER, POWER):
            for exponent in (Fraction(1), Fraction(1, 2), Fraction(2)):
                for sign in (1, -1):
                    if _explains(trial, node, sign * exponent, ratios):
                        yield _of_scalar(trial.claimed, power(node, number(exponent)), sign)
                        return
    if constant is not None and abs(abs(ratios[0]) - 1) > NEAR:
        yield f"is about {ratios[0]:.{SHOWN}g} times the derivative"


def _explains(trial: Trial, node: Expression, exponent: Fraction, ratios: list[float]) -> bool:
    """Whether claim = node^exponent · derivative."""
    values = trial.values(node)
    if values is None:
        return False
    for value, ratio in zip(values, ratios, strict=True):
        base = float(value[0, 0])
        if not base > 0 and exponent.denominator > 1:
            return False
        if not base or not abs(base ** float(exponent) - ratio) <= NEAR * abs(ratio):
            return False
    return trial.right(scale(power(node, number(-exponent)), trial.claimed))


def _of_scalar(claimed: Expression, factor: Expression, sign: int) -> str:
    """Too many if the claim is written with it as a factor, else its reciprocal is lacking."""
    reciprocal = power(factor, number(-1))
    extra, lost = (factor, reciprocal) if sign > 0 else (reciprocal, factor)
    if extra in _outer_factors(claimed):
        return f"has the factor `{text(extra)}` too many"
    return f"lacks the factor `{text(lost)}`"


def _outer_factors(formula: Expression) -> set[Expression]:
    """The factors of a product, down to what is no product."""
    found, stack = set(), [formula]
    while stack:
        node = stack.pop()
        if node.operation in (SCALE, MULTIPLY, HADAMARD):
            stack.extend(node.arguments)
        found.add(node)
    return found


def of_factor(c: Fraction) -> str:
    """The sentence for claim = c · derivative."""
    if c == -1:
        return "has the wrong sign"
    sign = " and has the wrong sign" if c < 0 else ""
    c = abs(c)
    if c.numerator == 1:
        return f"misses a factor {c.denominator}{sign}"
    if c.denominator == 1:
        return f"has a factor {c.numerator} too many{sign}"
    short = c.denominator <= LARGEST_DENOMINATOR
    written = str(c) if short else f"{float(c):.{DIGITS_TYPED}g}"
    return f"is {written} times the derivative{sign}"


def of_term(c: Fraction, term: str) -> str:
    """The sentence for a claim that has c times one term of the derivative."""
    if c == 0:
        return f"lacks {term}"
    if c == -1:
        return f"has {term} with the wrong sign"
    if c == 2:
        return f"counts {term} twice"
    return f"has {term} {c} times"
