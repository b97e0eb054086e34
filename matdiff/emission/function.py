"""What a target makes a module of: one function's names, its arguments' shapes, its statements."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from matdiff.dimensions import Dimension
from matdiff.emission.code import Code
from matdiff.emission.interface import Interface, Variable
from matdiff.emission.statements import Spelling, Statements
from matdiff.emission.values import Value
from matdiff.operations.algebra import Expression
from matdiff.operations.record import Operation


class Returned:
    """One result: the formula, as what it is returned ("scalar", "vector" or "matrix"), the value
    that the program computed, and its source."""

    __slots__ = ("code", "form", "formula", "value")

    def __init__(self, formula: Expression, form: str, value: Value, code: Code) -> None:
        self.formula, self.form, self.value, self.code = formula, form, value, code


class Function:
    """A function before it is written down.

    summary     the first line of its description
    used        its variables, in the order of the parameters
    parameters  variable name -> parameter
    functions   unknown function -> parameter
    dimensions  dimension name -> local name
    keywords    dimensions that no argument shows, by their local names
    positive    dimensions that have to be at least one
    interface   how sizes are read from the arguments
    body        the statements, and the helpers that they call
    """

    __slots__ = (
        "body", "dimensions", "functions", "interface", "keywords", "name", "parameters",
        "positive", "results", "summary", "used",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        summary: str,
        used: Sequence[Variable],
        *,
        parameters: Mapping[str, str],
        functions: Mapping[Operation, str],
        dimensions: Mapping[str, str],
        keywords: Sequence[str],
        positive: Sequence[Dimension],
        interface: Interface,
        body: Statements,
        results: Sequence[Returned],
    ) -> None:
        self.name, self.summary, self.used = name, summary, used
        self.parameters, self.functions, self.dimensions = parameters, functions, dimensions
        self.keywords, self.positive = keywords, positive
        self.interface, self.body, self.results = interface, body, results

    @property
    def arrays(self) -> list[str]:
        """The parameters that are not scalars."""
        return [self.parameters[v.name] for v in self.used if not v.symbol.is_scalar]

    @property
    def scalars(self) -> list[str]:
        return [self.parameters[v.name] for v in self.used if v.symbol.is_scalar]


class Target(Spelling, Protocol):
    """A language, or a library of one: how values are written, and the module around them.

    reserved  names that mean something there, which no parameter may have
    quotient  a whole number divided by another without remainder, as a format of two
    """

    name: str
    quotient: str
    reserved: frozenset[str]

    def names(self, names: Iterable[str], reserved: Collection[str] = ()) -> dict[str, str]:
        """How names are spelled, none of them reserved and no two alike."""
        ...

    def module(self, function: Function) -> Iterator[str]:
        """The lines of the module."""
        ...
