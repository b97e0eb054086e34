"""The formulas of an answer in MathML, for pages."""

from __future__ import annotations

from matdiff.rendering import length, mathml
from matdiff.rendering.markup import equation
from matdiff.session import Answer

LONGEST = 2000  # tokens: a longer formula is read as text, if at all


def typeset(answer: Answer) -> dict[str, str]:
    """`question` the expression asked about, `claim` what was claimed, `derived` the derivative,
    `where` its named parts, `step 0`, `step 1` … the right sides of its derivation.

    What is longer than LONGEST, or no formula, is left out.
    """
    formulas = {
        "question": answer.reading.expression,
        "derived": None if answer.derivative is None else answer.derivative.printed,
        "claim": None if answer.claim is None else answer.claim.formula,
    }
    found = {
        name: mathml(formula)
        for name, formula in formulas.items()
        if formula is not None and length(formula) <= LONGEST
    }
    if answer.derivative is not None and all(
        length(part) <= LONGEST for _, part in answer.derivative.where
    ):
        found["where"] = "".join(equation(name, part) for name, part in answer.derivative.where)
    for number, step in enumerate(answer.steps or []):
        if length(step.right) <= LONGEST:
            found[f"step {number}"] = mathml(step.right)
    return found
