"""The verdict on a claimed derivative: proved, agrees, wrong or inconclusive, with the reason."""

from __future__ import annotations

from random import Random

from matdiff.derivatives import Derivative
from matdiff.dimensions import shape_text
from matdiff.errors import MatdiffError
from matdiff.judging.claims import confirmation
from matdiff.judging.diagnosis import diagnose
from matdiff.judging.identity import Identity, folded, identity, nowhere
from matdiff.judging.nearness import has_value
from matdiff.judging.resizing import resized
from matdiff.operations.algebra import Expression, substitute, symbol, symbol_name

PROVED, AGREES, WRONG, INCONCLUSIVE = "proved", "agrees", "wrong", "inconclusive"
_VERDICTS = {"proved": PROVED, "agrees": AGREES, "differs": WRONG, "undecided": INCONCLUSIVE}


class Verdict:
    """What was found about a claim.

    outcome    "proved", "agrees", "wrong" or "inconclusive"
    evidence   a phrase: what the outcome rests on
    diagnosis  sentences on what went wrong, each tested; empty if nothing was found
    seed       repeats the random points
    """

    __slots__ = ("diagnosis", "evidence", "outcome", "seed")

    def __init__(
        self, outcome: str, evidence: str, diagnosis: list[str] | None = None, seed: int = 0
    ) -> None:
        self.outcome, self.evidence = outcome, evidence
        self.diagnosis, self.seed = diagnosis or [], seed

    @property
    def passed(self) -> bool:
        """Whether a build may go on."""
        return self.outcome in (PROVED, AGREES)


def judge(
    derived: Derivative,
    claimed: Expression,
    given: dict[Expression, Expression] | None = None,
    *,
    seed: int | None = None,
) -> Verdict:
    """The verdict on a formula for the derivative that was derived.

    `given` has what variables stand for in the claim: the factors of a decomposition.
    """
    given = given or {}
    if claimed.shape != derived.shape:
        evidence = (
            f"the claim is {shape_text(claimed.shape)}, the derivative {shape_text(derived.shape)}"
        )
        return Verdict(WRONG, evidence, diagnose(derived, claimed, seed or 0))
    formula, claim = substitute(derived.formula, given), substitute(claimed, given)
    found = identity(formula, claim, (derived.expression,), seed=seed)
    outcome = _VERDICTS[found.outcome]
    if outcome == INCONCLUSIVE and _without_value(derived, claim, formula, found.seed):
        evidence = "the claim has no value at any point found where the derivative has one"
        return Verdict(WRONG, evidence, diagnose(derived, claimed, found.seed), found.seed)
    if found.holds:
        doubt = _doubt(derived, found)
        if doubt is not None:
            return Verdict(INCONCLUSIVE, doubt, seed=found.seed)
    if outcome == WRONG and given:
        return _with_orthonormal_columns(formula, claim, given, found)
    diagnosis = diagnose(derived, claimed, found.seed) if outcome == WRONG else []
    return Verdict(outcome, found.evidence, diagnosis, found.seed)


def _without_value(derived: Derivative, claim: Expression, formula: Expression, seed: int) -> bool:
    """Whether points of the domain were found, and the claim exists at none of them."""
    there = (derived.expression, formula)
    random = Random(seed)
    if nowhere(there, random) is not None or nowhere((*there, claim), random) is None:
        return False
    return not has_value(folded(claim), there, random)


def _with_orthonormal_columns(
    formula: Expression, claim: Expression, given: dict[Expression, Expression], found: Identity
) -> Verdict:
    """The verdict where a singular value decomposition was given and U'U = I did not do: for a
    square matrix V is orthogonal too."""
    for E, product in given.items():
        V = product.arguments[1].T
        if E.rows.name is None or E.columns.name is None:
            return Verdict(
                INCONCLUSIVE, "V'V = I is used only for sizes with names", [], found.seed
            )
        square = {E.columns.name: E.rows}
        formula, claim = resized(formula, square), resized(claim, square)
        old = resized(V, square)
        orthogonal = symbol(symbol_name(V), *old.shape, ["orthogonal"])
        formula, claim = (substitute(side, {old: orthogonal}) for side in (formula, claim))
    second = identity(formula, claim, seed=found.seed)
    if second.holds:
        names = " and ".join(symbol_name(E) for E in given)
        return Verdict(AGREES, f"{second.evidence}, for square {names}", [], found.seed)
    return Verdict(_VERDICTS[second.outcome], second.evidence, [], found.seed)


def _doubt(derived: Derivative, found: Identity) -> str | None:
    """Why the derivative found must not be relied on, None if the expression confirms it."""
    try:
        said, true = confirmation(derived, derived.formula)
        second = identity(said, true, (derived.expression,), seed=found.seed, algebra=False)
    except MatdiffError as problem:
        return problem.message
    if second.outcome == "differs":
        return f"the derived formula does not answer to the differential: {second.evidence}"
    return None


def judge_shape(expected: tuple[object, object], found: tuple[object, object]) -> Verdict:
    """The verdict on a claim about a shape."""
    if expected == found:
        return Verdict(PROVED, "by the rules of shapes")
    return Verdict(WRONG, "by the rules of shapes")
