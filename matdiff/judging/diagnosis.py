"""What went wrong in a claim: found by trying, and told only if the claim so corrected is right.

The tries are cheap in floating point, where they are only looked for; what is told has passed the
same test as a claim.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from math import ceil, log10

from matdiff.derivatives import Derivative, derive
from matdiff.dimensions import ONE
from matdiff.errors import MatdiffError
from matdiff.judging.damages import damaged
from matdiff.judging.evaluation import defined
from matdiff.judging.exchanges import exchanged
from matdiff.judging.factors import factors, of_term
from matdiff.judging.nearness import in_pieces
from matdiff.judging.slips import forgotten, occurrence_terms
from matdiff.judging.special import one_sided, special_cases
from matdiff.judging.suspects import Suspect, altered
from matdiff.judging.trial import NEAR, Trial
from matdiff.normal import normalise
from matdiff.operations.algebra import (
    ADD,
    SYMBOL,
    Expression,
    commutation,
    is_zero,
    postorder,
    symbol_name,
)
from matdiff.rendering import text

MOST_TRIED = 400
MOST_TERMS = 12
MOST_VARIABLES = 8
EPSILON = 1e-15  # what floating point sees, relative
PLAIN = 1e-13  # relative, up to which floating point sees no difference
MOST_SENTENCES = 3
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


def diagnose(derived: Derivative, claimed: Expression, seed: int) -> list[str]:
    """Sentences on what is wrong with the claim, the most telling first; none if none was found."""
    import numpy as np

    try:
        with np.errstate(all="ignore"):
            return _Diagnosis(Trial(derived, claimed, seed)).sentences()
    except MatdiffError:
        return []  # a limit: the verdict stands without a diagnosis


class _Diagnosis:
    def __init__(self, trial: Trial) -> None:
        self.trial, self.derived, self.claimed = trial, trial.derived, trial.claimed

    def sentences(self) -> list[str]:
        """What is found by the tries, in their order; a plain slip needs no further reason."""
        if self.trial.truth is None or self.trial.said is None:
            return []
        for plain in (
            self._nothing,
            self._transposed,
            self._other_conventions,
            self._factor,
            self._other_variable,
        ):
            found = list(plain())
            if found:
                return found[:MOST_SENTENCES]
        found = [*self._occurrences(), *self._terms()]
        for look in (self._damaged, self._forgotten, self._altered, self._unfolded):
            found = found or list(look())[:1]
        return [*found, *self._special()][:MOST_SENTENCES] or list(self._rounded())

    # -- the tries

    def _nothing(self) -> Iterator[str]:
        if is_zero(self.claimed) and not is_zero(self.derived.formula):
            yield f"is zero, as if {symbol_name(self.derived.wrt)} did not occur"

    def _transposed(self) -> Iterator[str]:
        if self.claimed.shape == self.derived.shape[::-1] and self.trial.right(self.claimed.T):
            if self.derived.kind == "jacobian":
                other = "denominator" if self.derived.layout == "numerator" else "numerator"
                yield f"is the transpose of the derivative: it is in {other} layout"
            else:
                yield "is the transpose of the derivative"

    def _other_conventions(self) -> Iterator[str]:
        """The same derivative in another layout, order of vec, or treatment of structure."""
        derived = self.derived
        for layout in ("numerator", "denominator"):
            for vec in ("column", "row"):
                if derived.kind not in ("jacobian", "hessian"):
                    continue
                if vec != derived.vec and self.trial.matches(self._derived(layout=layout, vec=vec)):
                    yield f"is the derivative in {layout} layout with {vec}-wise vec"
        for structure, what in (
            ("projection", "the derivative projected onto the variable's structure"),
            ("free", "the derivative by free entries, the structure left aside"),
            ("entries", "the derivative by the independent entries"),
        ):
            if structure != derived.structure and derived.notes:
                if self.trial.matches(self._derived(structure=structure)):
                    yield f"is {what} (as {structure})"

    def _derived(self, wrt: Expression | None = None, **changes: str) -> Expression | None:
        derived = self.derived
        try:
            return derive(
                derived.kind,
                derived.expression,
                wrt or derived.wrt,
                layout=changes.get("layout", derived.layout),
                vec=changes.get("vec", derived.vec),
                structure=changes.get("structure", derived.structure),
            ).formula
        except MatdiffError:
            return None

    def _factor(self) -> Iterator[str]:
        yield from factors(self.trial)

    def _other_variable(self) -> Iterator[str]:
        """The derivative by another variable of the expression."""
        derived = self.derived
        others = [s for s in postorder(derived.expression) if s.operation is SYMBOL]
        for other in others[:MOST_VARIABLES]:
            if other is derived.wrt or not _fits(derived, other, self.claimed):
                continue
            if self.trial.matches(self._derived(wrt=other)):
                yield f"is the derivative with respect to {symbol_name(other)}"
                return

    def _occurrences(self) -> Iterator[str]:
        """Terms of the product rule that are missing, doubled or of the wrong sign."""
        if not self.trial.same_shape or self.derived.kind == "differential":
            return
        terms = occurrence_terms(self.derived)
        found = self.trial.combination(terms)
        if found is None:
            return
        name = symbol_name(self.derived.wrt)
        told = [
            of_term(c, f"the term from the {ORDINALS[i]} {name}")
            for i, c in enumerate(found)
            if c != 1
        ]
        yield " and ".join(told) + " (product rule)"

    def _terms(self) -> Iterator[str]:
        """Terms of the derivative as it is printed that are missing or of the wrong sign."""
        formula = self.derived.formula
        if not self.trial.same_shape or formula.operation is not ADD:
            return
        terms = list(formula.arguments)
        if len(terms) > MOST_TERMS:
            return
        found = self.trial.combination(terms)
        if found is not None:
            told = [
                of_term(c, f"the term `{text(term)}`")
                for term, c in zip(terms, found, strict=True)
                if c != 1
            ]
            yield " and ".join(told)

    def _damaged(self) -> Iterator[str]:
        """The right formula with something lost."""
        right = self.derived.formula
        for formula in dict.fromkeys((right, normalise(right))):
            yield from self._first(damaged(formula))

    def _forgotten(self) -> Iterator[str]:
        if self.trial.same_shape:
            yield from self._first(forgotten(self.derived))

    def _unfolded(self) -> Iterator[str]:
        """Something lost that only definitions show: what a softmax is divided by."""
        yield from self._first(damaged(*defined(self.derived.formula)))

    def _first(self, suspects: Iterator[Suspect]) -> Iterator[str]:
        """What is said of the first formula that was claimed."""
        tried = islice(suspects, MOST_TRIED)
        yield from islice((s for s, other in tried if self.trial.matches(other)), 1)

    def _altered(self) -> Iterator[str]:
        yield from islice((s for s, other in self._suspects() if self.trial.right(other)), 1)

    def _suspects(self) -> Iterator[Suspect]:
        if self.trial.same_shape:
            yield from self._commuted()
        yield from islice(altered(self.claimed), MOST_TRIED)
        yield from islice(exchanged(self.claimed), MOST_TRIED)

    def _commuted(self) -> Iterator[Suspect]:
        """The claim times the commutation matrices that fit."""
        sentence = "lacks a commutation matrix"
        for symbol in (self.derived.wrt, self.derived.expression):
            if ONE in symbol.shape:
                continue
            length = symbol.rows * symbol.columns
            K = commutation(*symbol.shape)
            for matrix in (K, K.T):
                if self.claimed.rows is length:
                    yield sentence, matrix @ self.claimed
                if self.claimed.columns is length:
                    yield sentence, self.claimed @ matrix

    def _special(self) -> Iterator[str]:
        """Assumptions under which the claim would hold."""
        if self.trial.same_shape:
            formula, seed = self.derived.formula, self.trial.seed
            beside = list(one_sided(formula, self.claimed, seed))
            yield from beside or special_cases(formula, self.claimed, seed)

    def _rounded(self) -> Iterator[str]:
        """What floating point sees of a difference that nothing else explains."""
        differences = self.trial.differences()
        near = sum(difference < NEAR for difference in differences)
        if near and near == len(differences):
            bound = 10.0 ** ceil(log10(max(*differences, EPSILON)))
            if bound <= PLAIN and any(
                map(in_pieces, postorder(self.derived.formula, self.claimed))
            ):
                yield "is right at random points: it fails farther out, beyond a kink or a branch"
            else:
                yield f"is within {bound:.0e} of the derivative: a number may be rounded"
        elif near:
            where = f"at {near} of {len(differences)} random points"
            yield f"is right only {where}: on one side of a kink, or for one sign of a root"


def _fits(derived: Derivative, variable: Expression, claimed: Expression) -> bool:
    """Whether the derivative by that variable has the shape of the claim."""
    length, (p, q) = variable.rows * variable.columns, derived.expression.shape
    if derived.kind == "gradient":
        return variable.shape == claimed.shape
    if derived.kind == "hessian":
        return claimed.shape == (length, length)
    shape = (p * q, length) if derived.layout == "numerator" else (length, p * q)
    return derived.kind == "jacobian" and claimed.shape == shape
