"""The shortest formula found for an expression.

Candidates are the normal form as it stands and the one with products of sums multiplied out, with
and without those in scalars, each with common factors taken out again; the one that prints in the
fewest tokens is taken.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress

from matdiff.normal.display import display
from matdiff.normal.division import divided, divides
from matdiff.normal.factor import factor
from matdiff.normal.normalise import TooLarge, distributes, expand, normalise
from matdiff.operations.algebra import Expression, postorder
from matdiff.rendering.length import length

LONGEST_EXPANDED = 400  # tokens beyond which multiplying out is not tried


def shortest(*candidates: Expression, settled: Collection[Expression] = ()) -> Expression:
    """The shortest spelling of any of some equal expressions; `settled` are nodes known to be in
    normal form."""
    forms = (normalise(candidate, settled) for candidate in candidates)
    versions = (version for form in forms for version in _versions(form))
    spelled = map(display, dict.fromkeys(map(factor, versions)))
    return min(spelled, key=length)


def _versions(form: Expression) -> list[Expression]:
    """The form, those with products of sums multiplied out where there are any, and these with
    inverses divided out."""
    if length(form) > LONGEST_EXPANDED:
        return [form]
    versions = [form]
    with suppress(TooLarge):
        if distributes(form):
            versions.append(expand(form))
            if not form.is_scalar and any(n.is_scalar and distributes(n) for n in postorder(form)):
                versions.append(expand(form, scalars=False))  # (x - y)'M(x - y) stays what it is
    return versions + [divided(version) for version in versions if divides(version)]
