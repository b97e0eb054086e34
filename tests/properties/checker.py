"""Relations E: the checker that lets a build pass."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import reduce
from random import Random

from matdiff.derivatives import Derivative, derive
from matdiff.judging.damages import damaged
from matdiff.judging.identity import identity as compared
from matdiff.judging.suspects import altered
from matdiff.judging.verdicts import WRONG, Verdict, judge
from matdiff.operations.algebra import (
    CONSTRUCTORS,
    Expression,
    identity,
    is_zero,
    number,
    ones,
    reapply,
    rebuild,
)
from matdiff.operations.linear import trace
from matdiff.operations.nonlinear import det
from properties.cases import Case, relation
from properties.numbers import equal
from properties.rewriting import rewritten
from properties.typed import named

Told = Iterator[tuple[str, bool]]
SLIGHT = Fraction(1_000_000_001, 1_000_000_000)


def _derived(case: Case) -> Derivative:
    kind = "gradient" if case.Y.is_scalar else "jacobian"
    case.derivative(kind, case.Y, case.X)
    return derive(kind, case.Y, case.X)


def _nested(root: Expression) -> Expression:
    """The expression with sums and products of two each."""

    def change(node: Expression, arguments: tuple[Expression, ...]) -> Expression:
        constructor = CONSTRUCTORS.get(node.operation)
        if constructor is None or len(arguments) < 3:
            return reapply(node, arguments)
        return reduce(constructor, arguments)

    return rebuild(root, change)


def _judged(case: Case, derived: Derivative, claim: Expression) -> Verdict:
    return judge(derived, claim, seed=case.seed)


@relation(
    "E1", "a right claim with one thing changed fails, unless it is the same function", every=6
)
def soundness(case: Case) -> Told:
    derived = _derived(case)
    formula = derived.formula
    changes = [*altered(formula), *damaged(formula)]
    chosen = case.typed.random.sample(changes, min(1, len(changes)))
    if not is_zero(formula):
        factor = case.typed.pick((SLIGHT, -1, 2, Fraction(1, 2)))
        chosen.append((f"times {factor}", number(factor) * formula))
    for word, claim in chosen:
        if claim.shape == formula.shape:
            found = compared(formula, claim, (derived.expression,), seed=case.seed)
            same = found.holds and equal(formula, claim, case.point)
            yield f"{word}: {found.evidence}", same or not found.holds


@relation("E2", "a right claim written otherwise passes, or is inconclusive", every=6)
def completeness(case: Case) -> Told:
    derived = _derived(case)
    claim = rewritten(_nested(derived.formula), Random(case.seed))
    for each in (derived.formula, claim):
        verdict = _judged(case, derived, each)
        yield f"{verdict.outcome}: {verdict.evidence}", verdict.outcome != WRONG


@relation(
    "E4", "the verdict stays when one g is added to f and its derivative to the claim", every=6
)
def transport(case: Case) -> Told:
    derived, g = _derived(case), case.small(*case.Y.shape)
    more = derive(derived.kind, case.Y + g, case.X)
    claim = derived.formula + case.derivative(derived.kind, g, case.X)
    verdict = _judged(case, more, claim)
    yield f"{verdict.outcome}: {verdict.evidence}", verdict.outcome != WRONG


@relation("C7", "f and claim times 10^k: the verdict stays", every=6)
def scales(case: Case) -> Told:
    factor = number(Fraction(10) ** case.typed.pick((-300, -30, 30, 300)))
    derived = derive("gradient" if case.Y.is_scalar else "jacobian", factor * case.Y, case.X)
    right = factor * case.derivative(derived.kind, case.Y, case.X)
    wrong = right + factor * ones(*right.shape)
    verdict = _judged(case, derived, right)
    yield f"right: {verdict.outcome}, {verdict.evidence}", verdict.outcome != WRONG
    found = compared(derived.formula, wrong, (derived.expression,), seed=case.seed)
    yield f"wrong: {found.outcome}, {found.evidence}", not found.holds


@relation("E8", "what holds at one size only is not passed", every=6)
def sizes(case: Case) -> Told:
    A, X = named("A", case.X.rows, case.X.rows), named("X", case.X.rows, case.X.rows)
    case.needs(not X.is_scalar)
    derived = derive("gradient", trace(A @ X) * trace(X), X)
    # Cayley and Hamilton: zero at size two and at no other
    vanishing = X @ X - trace(X) * X + det(X) * identity(X.rows)
    found = compared(derived.formula, derived.formula + vanishing, seed=case.seed)
    yield f"{found.outcome}: {found.evidence}", not found.holds
