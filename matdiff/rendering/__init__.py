"""Formulas written out: the matdiff language, LaTeX, MathML, Typst.

One engine decides what a formula looks like and where brackets stand; a target is a table of how
each kind of form is spelled.  The others are loaded when they are first asked for: most
commands print text only.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from matdiff.rendering.length import length
from matdiff.rendering.text import text, tokens

if TYPE_CHECKING:
    from matdiff.rendering.markup import mathml
    from matdiff.rendering.tex import latex
    from matdiff.rendering.typst_math import typst

__all__ = ["latex", "length", "mathml", "text", "tokens", "typst"]
_LATER = {
    "latex": "matdiff.rendering.tex",
    "mathml": "matdiff.rendering.markup",
    "typst": "matdiff.rendering.typst_math",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    return getattr(import_module(_LATER[name]), name)
