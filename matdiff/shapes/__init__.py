"""Shapes: from what was typed to expressions in which every shape agrees.

Trees are flat where authors disagree about precedence; here shapes decide.  `read` turns a tree
into an expression, infers what was not declared, and says how it read what can be read in several
ways.  The codes of its refusals stand in messages.py.
"""

from matdiff.shapes.environment import Environment, Variable
from matdiff.shapes.functions import function_names
from matdiff.shapes.reader import Reading, read, read_together

__all__ = ["Environment", "Reading", "Variable", "function_names", "read", "read_together"]
