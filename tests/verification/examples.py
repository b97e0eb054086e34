"""Symbols and claims that the tests of verification share."""

from __future__ import annotations

from matdiff.dimensions import ONE, Dimension
from matdiff.operations.algebra import Expression, symbol

M, N, P = (Dimension.of(name) for name in "mnp")
X = symbol("X", M, N)
S = symbol("S", N, N)
A = symbol("A", N, N)
B = symbol("B", M, N)
x = symbol("x", N, ONE)
b = symbol("b", M, ONE)
t = symbol("t", ONE, ONE)


class Stated:
    """A formula somebody states for a derivative."""

    def __init__(
        self,
        kind: str,
        expression: Expression,
        wrt: Expression,
        formula: Expression,
        *,
        layout: str = "numerator",
        vec: str = "column",
        structure: str = "free",
        change: Expression | None = None,
    ) -> None:
        self.kind, self.expression, self.wrt, self.formula = kind, expression, wrt, formula
        self.layout, self.vec, self.structure, self.change = layout, vec, structure, change
