"""Checking derivatives against numbers, independently of the rules that found them."""

from matdiff.verification.evaluation import evaluate
from matdiff.verification.numeric import Verification, verify

__all__ = ["Verification", "evaluate", "verify"]
