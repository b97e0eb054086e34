"""matdiff: derivatives of matrix expressions, as formulas.

    from matdiff import gradient, jacobian, hessian, differential, check

The package is a pipeline, one folder a stage: `syntax` reads text, `shapes` settles what it means,
`calculus` differentiates, `normal` shortens, `derivatives` arranges the result in a layout,
`rendering` writes it, `verification` checks it against numbers, `judging` decides whether a formula
that was claimed is right, `derivations` shows the way, `documents` reads files and `cli` talks to
people.  `session` is the whole pipeline for one question, `api` its face in Python.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matdiff.api import Check, Formula, check, differential, gradient, hessian, jacobian
    from matdiff.errors import MatdiffError

__all__ = [
    "Check", "Formula", "MatdiffError", "check", "differential", "gradient", "hessian", "jacobian",
]  # fmt: skip
__version__ = "0.1.0"
_API = frozenset(__all__)


def __dir__() -> list[str]:
    return [*globals(), *__all__]


def __getattr__(name: str) -> Any:
    if name not in _API:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    # loaded when asked for: the command prints its version without reading a grammar
    return getattr(
        import_module("matdiff.errors" if name == "MatdiffError" else "matdiff.api"), name
    )
