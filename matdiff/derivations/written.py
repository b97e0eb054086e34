"""Formulas compared as they are written."""

from __future__ import annotations

from matdiff.operations.algebra import Expression
from matdiff.rendering import text
from matdiff.rendering.length import length

READ = 250  # tokens of a line that is compared with the one before as it is written


def alike(A: Expression, B: Expression) -> bool:
    """Whether two expressions are written alike, as far as they are short enough to compare."""
    return A is B or (length(A) == length(B) <= READ and text(A) == text(B))
