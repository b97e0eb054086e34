"""Formulas written out: the matdiff language, LaTeX, numpy.

One engine decides what a formula looks like and where brackets stand; a target is a table of how
each kind of form is spelled.
"""

from matdiff.rendering.latex import latex
from matdiff.rendering.length import length
from matdiff.rendering.numpy_code import numpy_source
from matdiff.rendering.text import text, tokens

__all__ = ["latex", "length", "numpy_source", "text", "tokens"]
