"""Reading a claim: in the names of the expression it is about, with definitions of its own."""

from __future__ import annotations

from collections.abc import Sequence

from matdiff.derivatives import Derivative
from matdiff.dimensions import ONE
from matdiff.errors import MatdiffError, ShapeProblem, UsageProblem
from matdiff.operations.algebra import SYMBOL, Expression, symbol_name, symbol_properties
from matdiff.operations.linear import diag
from matdiff.shapes import Environment, Reading, Variable, read
from matdiff.syntax.tree import Decomposition, Definition, Tree


def read_claim(
    derivative: Derivative,
    claimed: Tree,
    where: Sequence[Definition | Decomposition],
    environment: Environment,
    *,
    strict: bool = False,
) -> tuple[Reading, dict[Expression, Expression]]:
    """The claim as a formula of the derivative's shape if it can be read so, else as whatever it
    is; and what variables stand for in it, by a singular value decomposition.

    `environment` has the names of the expression; the definitions of `where` hold for the claim
    alone.  Raises what reading raises.
    """
    environment = environment.copy()
    given: dict[Expression, Expression] = {}
    change = derivative.change
    if change is not None:
        environment.add(Variable(symbol_name(change), change.shape))
    for part in where:
        if isinstance(part, Decomposition):
            given |= _decomposed(part, environment, strict)
        else:
            _define(part, environment, strict)
    try:
        return read(claimed, environment, expected=derivative.shape, strict=strict), given
    except ShapeProblem:
        return read(claimed, environment, strict=strict), given


def _define(part: Definition, environment: Environment, strict: bool) -> None:
    try:
        reading = read(part.expression, environment, strict=strict)
    except MatdiffError as problem:
        raise problem.located(part.span) from None
    known = environment.variables
    new = [v for name, v in reading.environment.variables.items() if name not in known]
    environment.define(part.name, reading.expression, variables=new, span=part.span)


def _decomposed(
    part: Decomposition, environment: Environment, strict: bool
) -> dict[Expression, Expression]:
    """U, s, V = svd(E): the names are declared, and E stands for U diag(s) V'.

    E is m×n, U m×m and orthogonal, s of length m and positive, V n×m: so every E is reached,
    whichever of its sides is longer.
    """
    E = read(part.argument, environment, strict=strict).expression
    if E.operation is not SYMBOL or symbol_properties(E):
        raise UsageProblem(
            "svd is taken of a variable without properties",
            hint="declare a variable for the matrix that is decomposed",
            span=part.argument.span,
            code="MX615",
        )
    U, s, V = part.names
    environment.add(Variable(U, (E.rows, E.rows), properties=["orthogonal"]), part.span)
    environment.add(Variable(s, (E.rows, ONE), is_vector=True, properties=["positive"]), part.span)
    environment.add(Variable(V, (E.columns, E.rows)), part.span)
    left, weights, right = (environment.variables[name].symbol for name in part.names)
    return {E: left @ diag(weights) @ right.T}
