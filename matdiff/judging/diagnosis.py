"""What went wrong in a claim: found by trying, and told only if the claim so corrected is right.

The tries are cheap in floating point, where they are only looked for; what is told has passed the
same test as a claim.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice

from matdiff.derivatives import Derivative, derive
from matdiff.dimensions import ONE
from matdiff.errors import MatdiffError
from matdiff.judging.damages import damaged
from matdiff.judging.slips import forgotten, occurrence_terms
from matdiff.judging.special import special_cases
from matdiff.judging.suspects import Suspect, altered
from matdiff.judging.trial import LARGEST_DENOMINATOR, NEAR, Trial, rational
from matdiff.normal import normalise
from matdiff.operations.algebra import (
    ADD,
    Expression,
    commutation,
    is_zero,
    number,
    postorder,
    scale,
    symbol_name,
)
from matdiff.operations.elementwise import power
from matdiff.rendering import text

MOST_TRIED = 400
MOST_TERMS = 12
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
        for plain in (self._nothing, self._transposed, self._other_conventions, self._factor):
            found = list(plain())
            if found:
                return found[:MOST_SENTENCES]
        found = [*self._occurrences(), *self._terms()]
        for look in (self._damaged, self._forgotten, self._altered):
            if not found:
                found = list(look())
        return [*found, *self._special()][:MOST_SENTENCES]

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

    def _derived(self, **changes: str) -> Expression | None:
        derived = self.derived
        try:
            return derive(
                derived.kind,
                derived.expression,
                derived.wrt,
                layout=changes.get("layout", derived.layout),
                vec=changes.get("vec", derived.vec),
                structure=changes.get("structure", derived.structure),
            ).formula
        except MatdiffError:
            return None

    def _factor(self) -> Iterator[str]:
        """A number, or a scalar that occurs in the derivative, too many or too few."""
        known = self.trial.ratios()
        if known is None:
            return
        constant = rational(known)
        if constant is not None and constant != 1:
            if self.trial.right(scale(number(1 / constant), self.claimed)):
                yield _of_factor(constant)
            return
        for node in postorder(self.derived.formula):
            if node.is_scalar and node.arguments:
                for exponent in (1, -1):
                    yield from self._scalar_factor(node, exponent, known)

    def _scalar_factor(self, node: Expression, exponent: int, ratios: list[float]) -> Iterator[str]:
        values = self.trial.values(node)
        if values is None:
            return
        for value, ratio in zip(values, ratios, strict=True):
            if not abs(value[0, 0] ** exponent - ratio) <= NEAR * abs(ratio):
                return
        other = power(node, number(-exponent))
        if self.trial.right(scale(other, self.claimed)):
            factor = f"the factor `{text(node)}`"
            yield f"has {factor} too many" if exponent == 1 else f"lacks {factor}"

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
            _of_term(c, f"the term from the {ORDINALS[i]} {name}")
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
                _of_term(c, f"the term `{text(term)}`")
                for term, c in zip(terms, found, strict=True)
                if c != 1
            ]
            yield " and ".join(told)

    def _damaged(self) -> Iterator[str]:
        """The right formula with something lost."""
        for formula in dict.fromkeys((self.derived.formula, normalise(self.derived.formula))):
            for sentence, other in islice(damaged(formula), MOST_TRIED):
                if self.trial.matches(other):
                    yield sentence
                    return

    def _forgotten(self) -> Iterator[str]:
        if self.trial.same_shape:
            for sentence, other in forgotten(self.derived):
                if self.trial.matches(other):
                    yield sentence
                    return

    def _altered(self) -> Iterator[str]:
        yield from islice((s for s, other in self._suspects() if self.trial.right(other)), 1)

    def _suspects(self) -> Iterator[Suspect]:
        if self.trial.same_shape:
            yield from self._commuted()
        yield from islice(altered(self.claimed), MOST_TRIED)

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
            yield from special_cases(self.derived.formula, self.claimed, self.trial.seed)


def _of_factor(c: Fraction) -> str:
    """The sentence for claim = c · derivative."""
    if c == -1:
        return "has the wrong sign"
    sign = " and has the wrong sign" if c < 0 else ""
    c = abs(c)
    if c.numerator == 1:
        return f"misses a factor {c.denominator}{sign}"
    if c.denominator == 1:
        return f"has a factor {c.numerator} too many{sign}"
    written = f"{float(c):.12g}" if c.denominator > LARGEST_DENOMINATOR else str(c)
    return f"is {written} times the derivative{sign}"


def _of_term(c: Fraction, term: str) -> str:
    if c == 0:
        return f"lacks {term}"
    if c == -1:
        return f"has {term} with the wrong sign"
    if c == 2:
        return f"counts {term} twice"
    return f"has {term} {c} times"
