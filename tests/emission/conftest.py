"""Variables to build formulas of, and random formulas of them."""

from formula_fixtures import random_formula, v

__all__ = ["random_formula", "v"]
