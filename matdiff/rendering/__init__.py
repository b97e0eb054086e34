"""Formulas written out: the matdiff language, LaTeX, numpy.

One engine decides what a formula looks like and where brackets stand; a target is a table of how
each kind of form is spelled.
"""

from matdiff.rendering.length import length
from matdiff.rendering.text import text, tokens

__all__ = ["length", "text", "tokens"]
