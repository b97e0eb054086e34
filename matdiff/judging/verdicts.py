"""The verdict on a claimed derivative: proved, agrees, wrong or inconclusive, with the reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random, SystemRandom

from matdiff.derivatives import Derivative
from matdiff.dimensions import Dimension, shape_text
from matdiff.errors import MatdiffError
from matdiff.judging.claims import confirmation
from matdiff.judging.decompositions import Triplets, cases, said_of
from matdiff.judging.diagnosis import diagnose
from matdiff.judging.extent import narrower
from matdiff.judging.identity import Identity, folded, identity, nowhere, sizes_text
from matdiff.judging.nearness import has_value
from matdiff.judging.resizing import resized
from matdiff.operations.algebra import Expression

PROVED, AGREES, WRONG, INCONCLUSIVE = "proved", "agrees", "wrong", "inconclusive"
_VERDICTS = {"proved": PROVED, "agrees": AGREES, "differs": WRONG, "undecided": INCONCLUSIVE}
_BEST_FIRST = (PROVED, AGREES, INCONCLUSIVE, WRONG)


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
    decompositions: Sequence[Triplets] = (),
    *,
    seed: int | None = None,
) -> Verdict:
    """The verdict on a formula for the derivative that was derived.

    `decompositions` are those that the claim names the factors of.
    """
    if claimed.shape != derived.shape:
        evidence = (
            f"the claim is {shape_text(claimed.shape)}, the derivative {shape_text(derived.shape)}"
        )
        return Verdict(WRONG, evidence, diagnose(derived, claimed, seed or 0))
    if decompositions:
        verdict = _in_all_cases(derived, claimed, decompositions, seed)
    else:
        verdict = _compared(derived.expression, derived.formula, claimed, seed)
        if verdict.outcome == WRONG:
            verdict.diagnosis = diagnose(derived, claimed, verdict.seed)
    doubt = _doubt(derived, verdict.seed) if verdict.passed else None
    return verdict if doubt is None else Verdict(INCONCLUSIVE, doubt, seed=verdict.seed)


def _compared(
    expression: Expression,
    formula: Expression,
    claim: Expression,
    seed: int | None,
    named: Mapping[str, Dimension] | None = None,
) -> Verdict:
    """The verdict on a formula for the derivative of an expression, by the right one."""
    found = identity(formula, claim, (expression,), seed=seed, named=named)
    outcome, evidence = _VERDICTS[found.outcome], found.evidence
    if outcome == INCONCLUSIVE and _without_value(expression, formula, claim, found.seed):
        outcome = WRONG
        evidence = "the claim has no value at any point found where the derivative has one"
    if found.holds:
        objection = _elsewhere(expression, formula, claim, found)
        if objection is None:
            caveat = narrower((expression, formula), claim, found.seed)
            evidence = "; ".join(filter(None, (evidence, caveat)))
        else:
            outcome, evidence = WRONG, objection
    return Verdict(outcome, evidence, seed=found.seed)


def _elsewhere(
    expression: Expression, formula: Expression, claim: Expression, found: Identity
) -> str | None:
    """How a claim fails at sizes at which it could not be compared, though the expression has
    values there; None if it is not known to."""
    for sizes in found.missed:
        values = {name: Dimension.of(size) for name, size in sizes.items()}
        try:
            f, right, claimed = (resized(each, values) for each in (expression, formula, claim))
            if nowhere((f, right), Random(found.seed)) is None:
                verdict = _compared(f, right, claimed, found.seed)
                if verdict.outcome == WRONG:
                    return f"{verdict.evidence}, {sizes_text([sizes])}"
        except MatdiffError:
            continue
    return None


def _without_value(
    expression: Expression, formula: Expression, claim: Expression, seed: int
) -> bool:
    """Whether points of the domain were found, and the claim exists at none of them."""
    there = (expression, formula)
    random = Random(seed)
    if nowhere(there, random) is not None or nowhere((*there, claim), random) is None:
        return False
    return not has_value(folded(claim), there, random)


def _in_all_cases(
    derived: Derivative, claimed: Expression, decompositions: Sequence[Triplets], seed: int | None
) -> Verdict:
    """The worst of the verdicts for m > p, m = p and m < p, as far as the sizes allow them.

    A case in which the expression has no value, as logdet(X'X) has none of a wide X, says nothing.
    """
    seed = SystemRandom().getrandbits(32) if seed is None else seed
    found: list[tuple[str, Verdict]] = []
    try:
        for case in cases(decompositions):
            expression, formula = case.of(derived.expression), case.of(derived.formula)
            objection = nowhere((expression,), Random(seed))
            if objection is None:
                claim = case.of(claimed)
                verdict = _compared(expression, formula, claim, seed, case.declared)
                found.append((case.words, verdict))
    except MatdiffError as problem:
        return Verdict(INCONCLUSIVE, problem.message, seed=seed)
    if not found:
        return Verdict(INCONCLUSIVE, "no sample inside the domain was found", seed=seed)
    return _worst(found, seed)


def _worst(found: list[tuple[str, Verdict]], seed: int) -> Verdict:
    """One verdict for several cases, each with its words."""
    outcome = max((verdict.outcome for _, verdict in found), key=_BEST_FIRST.index)
    deciding = [(words, v) for words, v in found if v.outcome == outcome or outcome == AGREES]
    diagnosis: list[str] = []
    if outcome == WRONG:
        if len(deciding) < len(found):
            diagnosis = [f"fails for {said_of([words for words, _ in deciding])}"]
        del deciding[1:]  # one is enough
    grounds: dict[str, list[str]] = {}
    for words, verdict in deciding:
        grounds.setdefault(verdict.evidence, []).append(words)
    told = [
        f"for {said_of(words)}: {evidence}" if words[0] else evidence
        for evidence, words in grounds.items()
    ]
    return Verdict(outcome, "; ".join(told), diagnosis, seed)


def _doubt(derived: Derivative, seed: int) -> str | None:
    """Why the derivative found must not be relied on, None if the expression confirms it."""
    try:
        said, true = confirmation(derived, derived.formula)
        second = identity(said, true, (derived.expression,), seed=seed, algebra=False)
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
