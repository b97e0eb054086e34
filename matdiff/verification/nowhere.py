"""Whether it is certain, without a number, that an expression has a value nowhere.

log(-1 - x'x) has a derivative on paper, and that describes nothing.  The properties that follow
from what was declared tell it: 1 + x'x is positive.  What they do not tell is left to the samples
of a check, and nothing is said of it here.
"""

from __future__ import annotations

from matdiff.errors import DomainProblem
from matdiff.normal import normalise
from matdiff.normal.core import negative
from matdiff.normal.properties import has
from matdiff.operations.algebra import (
    ZERO,
    Expression,
    apply,
    number_value,
    postorder,
)
from matdiff.operations.elementwise import POWER
from matdiff.rendering import text

LONGEST = 60  # characters of a part that is quoted


def nowhere_defined(expression: Expression) -> str | None:
    """A sentence on the first part that has no real value for any value of the variables; None if
    there is none, as far as is known.  Linear in the nodes of the normal form, where it looks.

    >>> from matdiff.dimensions import ONE, Dimension
    >>> from matdiff.operations.algebra import symbol
    >>> from matdiff.operations.elementwise import log
    >>> x = symbol("x", Dimension.of("n"), ONE)
    >>> nowhere_defined(log(-(x.T @ x)))
    "log(-x'x) has no real value anywhere: -x'x is never positive"
    """
    for node in postorder(normalise(expression)):
        if _wants_positive(node) and _is_outside(node):
            part, argument = text(node), text(node.arguments[0])
            if len(part) > LONGEST:
                part, argument = f"a part, {node.operation.name},", "what it is taken of"
            return f"{part} has no real value anywhere: {argument} is never positive"
    return None


def _wants_positive(node: Expression) -> bool:
    """Whether the first argument must be positive, at least not negative: logarithms and roots."""
    if node.operation is POWER:
        exponent = number_value(node.arguments[1])
        return exponent is not None and not isinstance(exponent, int)
    return node.operation.domain == "positive"


def _is_outside(node: Expression) -> bool:
    """Whether no entry of the argument can be positive, nor zero where there is a value at zero."""
    X, *others = node.arguments
    opposite = negative(X)
    if has(opposite, "positive"):
        return True
    return has(opposite, "nonnegative") and _excludes_zero(node, others)


def _excludes_zero(node: Expression, others: list[Expression]) -> bool:
    try:
        normalise(apply(node.operation, ZERO, *others))
    except DomainProblem:
        return True
    return False
