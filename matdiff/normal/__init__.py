"""The normal form of expressions, and the shortest formula found from it."""

from matdiff.normal.normalise import normalise
from matdiff.normal.shortest import shortest

__all__ = ["normalise", "shortest"]
