"""A formula as a self-contained Python function that needs only numpy.

Parameters are the variables that occur, in order of declaration, under safe ASCII names; after them
come unknown functions and their derivatives, φ' as dphi, φ'' as d2phi, jac[g] as jac_g.  Sizes
are read from the arguments' shapes and checked; a size that no argument shows is a keyword
argument.  Inside, every matrix is two-dimensional and every 1×1 value a scalar.
"""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Collection, Iterable, Sequence

from matdiff.dimensions import ONE, Dimension
from matdiff.operations.algebra import SYMBOL, Expression, postorder, symbol_name
from matdiff.operations.matrix_numerics import source_of
from matdiff.operations.record import Operation
from matdiff.rendering.names import ascii_names
from matdiff.rendering.numpy_body import Statements
from matdiff.rendering.numpy_shapes import Shapes, Variable, demands
from matdiff.rendering.numpy_values import ATOM, Code

_RESERVED = frozenset((*keyword.kwlist, *keyword.softkwlist, *dir(builtins), "np", "math", "dtype"))


class SymbolVariable:
    """The variable that a symbol alone tells of: every column is a vector."""

    __slots__ = ("is_vector", "name", "symbol")

    def __init__(self, symbol: Expression) -> None:
        self.symbol, self.name = symbol, symbol_name(symbol)
        self.is_vector = symbol.columns is ONE and not symbol.is_scalar


def numpy_source(
    expression: Expression,
    *,
    name: str = "derivative",
    variables: Sequence[Variable] | None = None,
    result: str | None = None,
) -> tuple[str, dict[str, str]]:
    """The source of a module with one function, and what its parameters stand for.

    name       of the function
    variables  in order of declaration; those that do not occur are left out, and symbols that
               are not among them come last, in the order they occur, columns as vectors
    result     "scalar" (a float), "vector" (one-dimensional) or "matrix" (two-dimensional); by
               default what the shape says, a column being a vector unless all arguments that are
               columns are two-dimensional

    >>> from matdiff.operations.algebra import symbol
    >>> n = Dimension.of("n")
    >>> A, x = symbol("A", n, n), symbol("x", n, ONE)
    >>> source, arguments = numpy_source(A @ x, name="product")
    >>> print(source.splitlines()[-1], arguments)
        return (A @ x).ravel() {'A': 'A', 'x': 'x'}
    """
    order = postorder(expression)
    symbols = [node for node in order if node.operation is SYMBOL]
    used = _used(symbols, variables or ())
    parameters = ascii_names([v.name for v in used], _RESERVED | {name})
    mentioned = _size_names(
        p for node in order if node.operation is not SYMBOL for p in node.parameters
    )
    sizes = _size_names(side for v in used for side in v.symbol.shape)
    sizes += [size for size in mentioned if size not in sizes]
    taken = _RESERVED | {name} | set(parameters.values())
    dimensions = ascii_names(sizes, taken)
    taken |= set(dimensions.values())
    functions = _functions(order, taken)
    taken |= set(functions.values())

    body = Statements(parameters, functions, dimensions, set(taken))
    value = body.compute(expression)
    shapes = Shapes(used, parameters, dimensions)
    keywords = [dimensions[size] for size in sizes if size not in shapes.shown]
    signature = [*(parameters[v.name] for v in used), *functions.values()]
    signature += ["*", *keywords] if keywords else []
    if result is None:
        result = _result(expression, used)
    computed = [*body.lines, f"return {_returned(value, result)}"]
    uses_dtype = any("dtype=dtype" in line for line in computed)
    lines = [
        *shapes.docstring(expression.shape, result, functions),
        *shapes.conversions(uses_dtype),
        *shapes.checks(set(mentioned)),
        *demands(order, dimensions),
        *computed,
    ]
    indented = [f"    {line}" if line else "" for line in lines]
    imports = ["import math"] if any("math." in line for line in computed) else []
    helpers = dict.fromkeys(h for node in order for h in node.operation.notation.helpers)
    copied = [line for h in helpers for line in ("", "", *source_of(h).splitlines())]
    function = ["", "", f"def {name}({', '.join(signature)}):"]
    head = [*imports, "import numpy as np", *copied, *function]
    source = "\n".join([*head, *indented, ""])
    arguments = {parameters[v.name]: v.name for v in used}
    arguments |= {given: function.name for function, given in functions.items()}
    arguments |= {dimensions[size]: size for size in sizes if dimensions[size] in keywords}
    return source, arguments


def _used(symbols: Sequence[Expression], variables: Sequence[Variable]) -> list[Variable]:
    """The variables that occur, in the order given, then symbols that nobody described."""
    occurring = dict.fromkeys(map(symbol_name, symbols))
    used = [variable for variable in variables if variable.name in occurring]
    described = {variable.name for variable in used}
    for symbol in symbols:
        if symbol_name(symbol) not in described:
            described.add(symbol_name(symbol))
            used.append(SymbolVariable(symbol))
    return used


def _functions(order: Sequence[Expression], taken: Collection[str]) -> dict[Operation, str]:
    """The unknown functions that occur and their parameters, each before its derivatives."""
    found = {n.operation: n.operation.unknown for n in order if n.operation.unknown is not None}
    ordered = sorted(found.items(), key=lambda item: (item[1].name, item[1].order))
    spelled = ascii_names([unknown.parameter for _, unknown in ordered], taken)
    return {operation: spelled[unknown.parameter] for operation, unknown in ordered}


def _size_names(parameters: Iterable[object]) -> list[str]:
    """The names in dimensions among the parameters of nodes, in order of appearance."""
    found = [
        name
        for size in parameters
        if isinstance(size, Dimension)
        for monomial, _ in size.terms
        for name in monomial
    ]
    return list(dict.fromkeys(found))


def _result(expression: Expression, used: Sequence[Variable]) -> str:
    if expression.is_scalar:
        return "scalar"
    if expression.columns is not ONE:
        return "matrix"
    columns = [v.is_vector for v in used if v.symbol.columns is ONE and not v.symbol.is_scalar]
    return "vector" if any(columns) or not columns else "matrix"


def _returned(value: Code, result: str) -> str:
    if result == "scalar":
        return f"float({value.text})"
    return f"{value.at(ATOM)}.ravel()" if result == "vector" else value.text
