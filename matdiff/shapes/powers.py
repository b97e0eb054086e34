"""Powers: A^k of a square matrix for a whole number, a half or a name, s^a of a scalar, A.^a of
entries."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import log10

from matdiff.dimensions import ONE
from matdiff.errors import LimitReached, ShapeProblem
from matdiff.limits import POWER as LARGEST_POWER
from matdiff.operations.algebra import Expression, number_value
from matdiff.operations.elementwise import power
from matdiff.operations.matrix_functions import HALF_OF_ONE, powm
from matdiff.operations.nonlinear import inverse, matrix_power
from matdiff.shapes.candidates import Build, Candidate, Plan, best_of
from matdiff.shapes.messages import bracketed, inside
from matdiff.shapes.scope import Scope
from matdiff.shapes.unify import Bindings
from matdiff.shapes.writing import number_text, text_of
from matdiff.syntax.tree import Name, Number, Power

LARGEST_NUMBER = 1000  # digits of a power of numbers


def read_power(scope: Scope, tree: Power, lists: list[list[Candidate]]) -> list[Candidate]:
    """All readings of a power."""
    bases, exponents = lists
    found = []
    for base in bases:
        for exponent in exponents:
            candidate = _power(scope, tree, base, exponent)
            if candidate is not None:
                found.append(candidate)
    if found:
        return best_of(found)
    raise _problem(scope, tree, bases[0], exponents[0])


def _power(scope: Scope, tree: Power, base: Candidate, exponent: Candidate) -> Candidate | None:
    bindings = base.bindings.merge(exponent.bindings)
    for side in (exponent.rows, exponent.columns):
        if bindings is not None:
            bindings = bindings.unify(side, ONE)
    if bindings is None:
        return None
    rows, columns = base.under(bindings)
    build: Build = _entrywise(tree)
    if not tree.elementwise and not (rows is ONE and columns is ONE):
        if isinstance(tree.exponent, Number) and not _has_meaning(tree.exponent.value):
            return None
        bindings = bindings.unify(rows, columns)
        if bindings is None:
            return None
        rows, columns = base.under(bindings)
        build = _of_matrix(tree)
    meaning = 0
    if base.meaning or exponent.meaning:
        meaning = scope.meaning((base.meaning, exponent.meaning))
    plan = Plan(build, (base.plan, exponent.plan))
    return Candidate(rows, columns, plan, bindings, base.bend + exponent.bend, meaning)


def _entrywise(tree: Power) -> Build:
    def build(parts: Sequence[Expression], _: Bindings) -> Expression:
        base, exponent = parts
        one, other = number_value(base), number_value(exponent)
        if one is not None and other is not None:
            _refuse_enormous(tree, Fraction(one), Fraction(other))
        return power(base, exponent)

    return build


def _of_matrix(tree: Power) -> Build:
    """A product for a whole number, a root for a half, a power that stays one for a name or what is
    made of names."""
    if not isinstance(tree.exponent, Number):
        return lambda parts, _: _by_name(tree, *parts)
    if abs(tree.exponent.value) == HALF_OF_ONE:
        return lambda parts, _: powm(parts[0], parts[1])
    exponent = int(tree.exponent.value)
    if abs(exponent) > LARGEST_POWER:
        shown = str(exponent)
        raise LimitReached(
            f"the exponent {shown if len(shown) <= 20 else shown[:19] + '…'} of a matrix power is "
            f"beyond {LARGEST_POWER}, the limit",
            span=tree.exponent.span,
            code="MX509",
        )
    if exponent == -1:
        return lambda parts, _: inverse(parts[0])
    return lambda parts, _: matrix_power(parts[0], exponent)


def _has_meaning(exponent: Fraction) -> bool:
    """Whether a matrix has a power with this number."""
    return exponent.denominator == 1 or abs(exponent) == HALF_OF_ONE


def _by_name(tree: Power, base: Expression, exponent: Expression) -> Expression:
    value = number_value(exponent)
    if value is None or _has_meaning(Fraction(value)):
        return powm(base, exponent)
    raise _not_whole(tree, Fraction(value))


def _refuse_enormous(tree: Power, base: Fraction, exponent: Fraction) -> None:
    """Raise LimitReached before a power such as 9^(9^9) is worked out, here or later."""
    size = max(abs(base.numerator), base.denominator)
    digits = (size.bit_length() - 1) * log10(2) * abs(exponent)
    if digits > LARGEST_NUMBER:
        raise LimitReached(
            f"the number {text_of(tree)} has more than {LARGEST_NUMBER} digits, the limit",
            span=tree.span,
            code="MX509",
        )


def _problem(scope: Scope, tree: Power, base: Candidate, exponent: Candidate) -> ShapeProblem:
    sign = ".^" if tree.elementwise else "^"
    text = inside(tree.base)
    shape = scope.describe(base)
    if not exponent.is_scalar:
        by_entries = tree.elementwise or exponent.columns is ONE
        return ShapeProblem(
            f"the exponent after {sign} is a scalar, {inside(tree.exponent)} is "
            f"{scope.describe(exponent)}",
            hint=_by_logarithm(tree, base) if by_entries else None,
            span=tree.exponent.span,
            code="MX209",
        )
    elementwise = f"{bracketed(tree.base)}.^{_exponent_text(tree)}"
    value = tree.exponent.value if isinstance(tree.exponent, Number) else None
    if value is not None and not _has_meaning(value):
        return _not_whole(tree, value)
    what = "the inverse" if value == -1 else "a matrix power"
    hint = f"the power of every entry is {elementwise}"
    if value == 2 and ONE in (base.rows, base.columns):
        hint += f", the square of the length norm({text})^2"
    return ShapeProblem(
        f"{what} needs a square matrix, {text} is {shape}",
        hint=hint,
        span=tree.span,
        code="MX206",
    )


def _by_logarithm(tree: Power, base: Candidate) -> str:
    """How a power with an exponent for every entry is written."""
    exponent, logarithm = bracketed(tree.exponent), f"log({inside(tree.base)})"
    product = f"{logarithm} {exponent}" if base.is_scalar else f"{exponent}∘{logarithm}"
    return f"an exponent for every entry is written exp({product})"


def _not_whole(tree: Power, value: Fraction) -> ShapeProblem:
    elementwise = f"{bracketed(tree.base)}.^{_exponent_text(tree)}"
    return ShapeProblem(
        f"the exponent of a matrix is a whole number, a half or a name, not {number_text(value)}",
        hint=f"the power of every entry is {elementwise}",
        span=tree.exponent.span,
        code="MX209",
    )


def _exponent_text(tree: Power) -> str:
    text = inside(tree.exponent)
    plain = isinstance(tree.exponent, (Name, Number)) and "/" not in text
    return text if plain else f"({text})"
