"""The shortest formula found for an expression.

Candidates are the normal form as it stands and the one with products of sums multiplied out, each
with common factors taken out again; the one that prints in the fewest tokens is taken.
"""

from __future__ import annotations

from matdiff.normal.display import display
from matdiff.normal.factor import factor
from matdiff.normal.normalise import TooLarge, expand, normalise
from matdiff.operations.algebra import Expression
from matdiff.rendering.length import length

LONGEST_EXPANDED = 400  # tokens beyond which multiplying out is not tried


def shortest(*candidates: Expression) -> Expression:
    """The shortest spelling of any of some equal expressions."""
    best: Expression | None = None
    for candidate in candidates:
        form = normalise(candidate)
        for version in _versions(form):
            spelled = display(factor(version))
            if best is None or length(spelled) < length(best):
                best = spelled
    assert best is not None
    return best


def _versions(form: Expression) -> list[Expression]:
    versions = [form]
    if length(form) <= LONGEST_EXPANDED:
        try:
            expanded = expand(form)
        except TooLarge:
            return versions
        if expanded is not form:
            versions.append(expanded)
    return versions
