"""Checking derivatives against numbers, independently of the rules that found them.

What checks is loaded when it is first asked for: most commands do not.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matdiff.verification.evaluation import evaluate
    from matdiff.verification.nowhere import nowhere_defined
    from matdiff.verification.numeric import Verification, verify

__all__ = ["Verification", "evaluate", "nowhere_defined", "verify"]
_LATER = {
    "Verification": "matdiff.verification.numeric",
    "evaluate": "matdiff.verification.evaluation",
    "nowhere_defined": "matdiff.verification.nowhere",
    "verify": "matdiff.verification.numeric",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    return getattr(import_module(_LATER[name]), name)
