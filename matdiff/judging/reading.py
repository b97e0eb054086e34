"""Reading a claim: in the names of the expression it is about, with definitions of its own."""

from __future__ import annotations

from collections.abc import Sequence

from matdiff.derivatives import Derivative
from matdiff.dimensions import ONE
from matdiff.errors import MatdiffError, ShapeProblem, UsageProblem
from matdiff.judging.decompositions import Triplets, least
from matdiff.operations.algebra import SYMBOL, symbol_name, symbol_properties
from matdiff.shapes import Environment, Reading, Variable, read
from matdiff.syntax.tree import Decomposition, Definition, Tree


def read_claim(
    derivative: Derivative,
    claimed: Tree,
    where: Sequence[Definition | Decomposition],
    environment: Environment,
    *,
    strict: bool = False,
) -> tuple[Reading, list[Triplets]]:
    """The claim as a formula of the derivative's shape if it can be read so, else as whatever it
    is; and the singular value decompositions that it names.

    `environment` has the names of the expression; the definitions of `where` hold for the claim
    alone.  Raises what reading raises.
    """
    environment = environment.copy()
    decompositions: list[Triplets] = []
    change = derivative.change
    if change is not None:
        environment.add(Variable(symbol_name(change), change.shape))
    for part in where:
        if isinstance(part, Decomposition):
            found = _decomposed(part, environment, strict)
            if any(found.E is other.E for other in decompositions):
                raise UsageProblem(
                    f"the decomposition of {symbol_name(found.E)} has names already",
                    hint="use these names, U, s, V of one svd",
                    span=part.span,
                    code="MX615",
                )
            decompositions.append(found)
        else:
            _define(part, environment, strict)
    try:
        return read(claimed, environment, expected=derivative.shape, strict=strict), decompositions
    except ShapeProblem:
        return read(claimed, environment, strict=strict), decompositions


def _define(part: Definition, environment: Environment, strict: bool) -> None:
    try:
        reading = read(part.expression, environment, strict=strict)
    except MatdiffError as problem:
        raise problem.located(part.span) from None
    known = environment.variables
    new = [v for name, v in reading.environment.variables.items() if name not in known]
    environment.define(part.name, reading.expression, variables=new, span=part.span)


def _decomposed(part: Decomposition, environment: Environment, strict: bool) -> Triplets:
    """U, s, V = svd(E): the names are declared, for E m×p and k = min(m, p) with U m×k, s of length
    k and positive, V p×k."""
    E = read(part.argument, environment, strict=strict).expression
    if E.operation is not SYMBOL or symbol_properties(E):
        raise UsageProblem(
            "svd is taken of a variable without properties",
            hint="declare a variable for the matrix that is decomposed",
            span=part.argument.span,
            code="MX615",
        )
    k = least(*E.shape)
    U, s, V = part.names
    for name in part.names:
        if name in environment.variables:  # of the same shape or not, it is something else
            raise UsageProblem(
                f"{name} is already declared as a variable",
                hint="give the singular vectors and values other names",
                span=part.span,
                code="MX615",
            )
    environment.add(Variable(U, (E.rows, k)), part.span)
    environment.add(Variable(s, (k, ONE), is_vector=True, properties=["positive"]), part.span)
    environment.add(Variable(V, (E.columns, k)), part.span)
    return Triplets(E, *(environment.variables[name].symbol for name in part.names))
