"""What went wrong in a claim: found by trying, and told only if the claim so corrected is right.

The tries are cheap in floating point, where they are only looked for; what is told has passed the
same test as a claim.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from random import Random
from typing import Any

from matdiff.derivatives import Derivative, derive
from matdiff.dimensions import ONE
from matdiff.errors import MatdiffError
from matdiff.judging.damages import damaged
from matdiff.judging.identity import identity
from matdiff.judging.slips import forgotten, occurrence_terms
from matdiff.judging.special import special_cases
from matdiff.judging.suspects import Suspect, altered
from matdiff.normal import normalise
from matdiff.operations.algebra import (
    ADD,
    Expression,
    add,
    commutation,
    is_zero,
    number,
    postorder,
    scale,
    symbol_name,
    zeros,
)
from matdiff.rendering import text
from matdiff.verification.evaluation import Array, evaluate
from matdiff.verification.samples import Point, Sampler

POINTS = 2
NEAR = 1e-7  # relative, in floating point: near enough to be tried in earnest
MOST_TRIED = 400
MOST_TERMS = 12
MOST_SENTENCES = 3
LARGEST_DENOMINATOR = 12
DIGITS_TYPED = 13  # of a decimal number in a claim, at most
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


def diagnose(derived: Derivative, claimed: Expression, seed: int) -> list[str]:
    """Sentences on what is wrong with the claim, the most telling first; none if none was found."""
    try:
        return _Diagnosis(derived, claimed, seed).sentences()
    except MatdiffError:
        return []  # a limit: the verdict stands without a diagnosis


class _Diagnosis:
    def __init__(self, derived: Derivative, claimed: Expression, seed: int) -> None:
        self.derived, self.claimed, self.seed = derived, claimed, seed
        self.points: list[Point] = []
        expressions = [derived.formula, claimed, derived.expression]
        sampler = Sampler(expressions, [derived.wrt], Random(seed).getrandbits(32))
        for _ in range(POINTS):
            point = sampler.draw()
            if point is not None:
                self.points.append(point)
        self.truth = self._values(derived.formula)
        self.said = self._values(claimed)

    def sentences(self) -> list[str]:
        """What is found by the tries, in their order; a plain slip needs no further reason."""
        if self.truth is None or self.said is None:
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
        if self.claimed.shape == self.derived.shape[::-1] and self._right(self.claimed.T):
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
                if vec != derived.vec and self._matches(self._derived(layout=layout, vec=vec)):
                    yield f"is the derivative in {layout} layout with {vec}-wise vec"
        for structure, what in (
            ("projection", "the derivative projected onto the variable's structure"),
            ("free", "the derivative by free entries, the structure left aside"),
            ("entries", "the derivative by the independent entries"),
        ):
            if structure != derived.structure and derived.notes:
                if self._matches(self._derived(structure=structure)):
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
        if not self._same_shape() or self.truth is None or self.said is None:
            return
        ratios = [_ratio(said, true) for said, true in zip(self.said, self.truth, strict=True)]
        known = [ratio for ratio in ratios if ratio is not None]
        if len(known) < len(ratios) or not known:
            return
        constant = _rational(known)
        if constant is not None and constant != 1:
            if self._right(scale(number(1 / constant), self.claimed)):
                yield _of_factor(constant)
            return
        for node in postorder(self.derived.formula):
            if node.is_scalar and node.arguments:
                for exponent, sentence in ((1, "too many"), (-1, "too few")):
                    yield from self._scalar_factor(node, exponent, sentence, known)

    def _scalar_factor(
        self, node: Expression, exponent: int, sentence: str, ratios: list[float]
    ) -> Iterator[str]:
        from matdiff.operations.elementwise import power

        values = self._values(node)
        if values is None:
            return
        for value, ratio in zip(values, ratios, strict=True):
            if not abs(value[0, 0] ** exponent - ratio) <= NEAR * abs(ratio):
                return
        other = power(node, number(-exponent))
        if self._right(scale(other, self.claimed)):
            word = "has" if exponent == 1 else "lacks"
            yield f"{word} the factor `{text(node)}`" + (" too many" if exponent == 1 else "")

    def _occurrences(self) -> Iterator[str]:
        """Terms of the product rule that are missing, doubled or of the wrong sign."""
        if not self._same_shape() or self.derived.kind == "differential":
            return
        terms = occurrence_terms(self.derived)
        found = self._combination(terms)
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
        if not self._same_shape() or formula.operation is not ADD:
            return
        terms = list(formula.arguments)
        if len(terms) > MOST_TERMS:
            return
        found = self._combination(terms)
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
                if self._matches(other):
                    yield sentence
                    return

    def _forgotten(self) -> Iterator[str]:
        if self._same_shape():
            for sentence, other in forgotten(self.derived):
                if self._matches(other):
                    yield sentence
                    return

    def _altered(self) -> Iterator[str]:
        yield from islice((s for s, other in self._suspects() if self._right(other)), 1)

    def _suspects(self) -> Iterator[Suspect]:
        if self._same_shape():
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
        if self._same_shape():
            yield from special_cases(self.derived.formula, self.claimed, self.seed)

    # -- testing

    def _same_shape(self) -> bool:
        return self.claimed.shape == self.derived.shape

    def _values(self, expression: Expression) -> list[Array] | None:
        import numpy as np

        values = []
        for point in self.points:
            try:
                with np.errstate(all="ignore"):
                    values.append(evaluate(expression, point.values, point.sizes))
            except (MatdiffError, ArithmeticError, np.linalg.LinAlgError, ValueError):
                return None
        return values or None

    def _right(self, formula: Expression) -> bool:
        """Whether a formula is the derivative."""
        return self._near(formula, self.truth) and self._equal(formula, self.derived.formula)

    def _matches(self, formula: Expression | None) -> bool:
        """Whether a formula is what was claimed."""
        if formula is None or formula.shape != self.claimed.shape:
            return False
        return self._near(formula, self.said) and self._equal(formula, self.claimed)

    def _equal(self, one: Expression, other: Expression) -> bool:
        return identity(one, other, (self.derived.expression,), seed=self.seed).holds

    def _near(self, formula: Expression, wanted: list[Array] | None) -> bool:
        values = self._values(formula)
        if values is None or wanted is None:
            return False
        return all(_close(a, b) for a, b in zip(values, wanted, strict=True))

    def _combination(self, terms: list[Expression]) -> list[Fraction] | None:
        """The coefficients, not all one, with which the terms add up to the claim."""
        import numpy as np

        columns = [self._values(term) for term in terms]
        if len(terms) < 2 or self.said is None or any(c is None for c in columns):
            return None
        A = np.stack([np.concatenate([v.ravel() for v in c or []]) for c in columns], axis=1)
        b = np.concatenate([v.ravel() for v in self.said])
        if not (np.all(np.isfinite(A)) and np.all(np.isfinite(b))):
            return None
        solution, _, rank, _ = np.linalg.lstsq(A, b, rcond=1e-9)
        if rank < len(terms) or not _close(A @ solution, b):
            return None
        found = [Fraction(float(c)).limit_denominator(LARGEST_DENOMINATOR) for c in solution]
        if any(abs(float(c) - value) > 1e-6 for c, value in zip(found, solution, strict=True)):
            return None
        if all(c == 1 for c in found) or not any(found):
            return None
        total = zeros(*self.claimed.shape)
        for c, term in zip(found, terms, strict=True):
            total = add(total, scale(number(c), term))
        return found if self._equal(total, self.claimed) else None


def _close(a: Any, b: Any) -> bool:
    largest = float(max(abs(b).max(), abs(a).max()))
    return bool(a.shape == b.shape and abs(a - b).max() <= NEAR * largest) and largest > 0


def _ratio(said: Array, true: Array) -> float | None:
    """c with said = c true, if there is one."""
    size = float((true * true).sum())
    if not size > 0:
        return None
    c = float((said * true).sum()) / size
    return c if c and _close(said, c * true) else None


def _rational(ratios: list[float]) -> Fraction | None:
    """The simple fraction that all the ratios are."""
    simple = Fraction(ratios[0]).limit_denominator(LARGEST_DENOMINATOR)
    for c in (simple, Fraction(f"{ratios[0]:.{DIGITS_TYPED}g}")):
        if c and all(abs(ratio - float(c)) <= 1e-12 * abs(ratio) for ratio in ratios):
            return c
    return None


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
