"""Programs: a formula, or several at once, as a function of numpy, JAX, torch, Julia, MATLAB.

    formula ── stable, by_parts ──▶ formula ── lowering ──▶ values ── statements, target ──▶ source

`lowering` decides with one cost model what is computed by which kernel and in which order; `rules`
names what it knows.  A target says how each kernel is written.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matdiff.emission.module import Result, numpy_source, source

__all__ = ["TARGETS", "Result", "numpy_source", "source"]

TARGETS = ("numpy", "array-api", "jax", "torch", "julia", "matlab")  # by name; see `targets`


def __getattr__(name: str) -> Any:
    """Loaded when first asked for: most commands print text only."""
    if name not in __all__:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    return getattr(import_module("matdiff.emission.module"), name)
