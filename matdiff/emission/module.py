"""A formula as a self-contained function.

Parameters are the variables that occur, in order of declaration, under safe ASCII names; after them
come unknown functions and their derivatives, φ' as dphi, φ'' as d2phi, jac[g] as jac_g.  Sizes
are read from the arguments' shapes and checked; a size that no argument shows is a keyword
argument.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from matdiff.dimensions import ONE, Dimension
from matdiff.emission.costs import Sizes
from matdiff.emission.function import Function, Returned, Target
from matdiff.emission.interface import Interface, Variable, demanded
from matdiff.emission.lowering import lower
from matdiff.emission.rules import IN_PLACE, Rule
from matdiff.emission.statements import Statements
from matdiff.emission.targets import TARGETS
from matdiff.operations.algebra import SYMBOL, Expression, postorder, symbol_name
from matdiff.operations.record import Operation


class SymbolVariable:
    """The variable that a symbol alone tells of: every column is a vector."""

    __slots__ = ("is_vector", "name", "symbol")

    def __init__(self, symbol: Expression) -> None:
        self.symbol, self.name = symbol, symbol_name(symbol)
        self.is_vector = symbol.columns is ONE and not symbol.is_scalar


class Result:
    """What a function returns: a formula, and as what.

    form  "scalar" (a float), "vector" (one-dimensional) or "matrix" (two-dimensional); None for
          what the shape says, a column being a vector unless all arguments that are columns are
          two-dimensional
    """

    __slots__ = ("form", "formula")

    def __init__(self, formula: Expression, form: str | None = None) -> None:
        self.formula, self.form = formula, form


def source(
    results: Sequence[Result],
    *,
    target: str = "numpy",
    name: str = "derivative",
    summary: str = "Arguments and result:",
    variables: Sequence[Variable] = (),
    sizes: Mapping[str, float] | None = None,
    left_out: Collection[Rule] = (),
) -> tuple[str, dict[str, str]]:
    """The source of a module with one function, and what its parameters stand for.

    results    the formulas that the function returns, as a tuple if there are several
    target     "numpy", "array-api", "jax", "torch", "julia", "matlab"
    name       of the function
    summary    the first line of its docstring
    variables  in order of declaration; those that do not occur are left out, and symbols that
               are not among them come last, in the order they occur, columns as vectors
    sizes      about how large dimensions are, by name, to choose the order of products
    left_out   rules that are not used (see `rules`)

    DomainProblem if the target has no way to compute an operation that occurs.

    >>> from matdiff.operations.algebra import symbol
    >>> n = Dimension.of("n")
    >>> A, x = symbol("A", n, n), symbol("x", n, ONE)
    >>> text, arguments = source([Result(A @ x)], name="product")
    >>> print(text.splitlines()[-1], arguments)
        return A @ x {'A': 'A', 'x': 'x'}
    """
    spelling = TARGETS[target]
    formulas = [result.formula for result in results]
    order = postorder(*formulas)
    symbols = [node for node in order if node.operation is SYMBOL]
    used = _used(symbols, variables)
    parameters = spelling.names([v.name for v in used], spelling.reserved | {name})
    mentioned = _size_names(
        p for node in order if node.operation is not SYMBOL for p in node.parameters
    )
    names = _size_names(side for v in used for side in v.symbol.shape)
    names += [size for size in mentioned if size not in names]
    taken = set(spelling.reserved) | {name} | set(parameters.values())
    dimensions = spelling.names(names, taken)
    taken |= set(dimensions.values())
    functions = _functions(order, spelling, taken)
    taken |= set(functions.values())
    interface = Interface(used, parameters, dimensions, taken, spelling.quotient)

    program = lower(formulas, sizes=Sizes(sizes), left_out=left_out, by_factor=spelling.by_factor)
    body = Statements(
        spelling, parameters, functions, dimensions, taken, in_place=IN_PLACE not in left_out
    )
    codes = body.compute(program.roots)
    returned = [
        Returned(result.formula, result.form or _form(result.formula, used), value, code)
        for result, value, code in zip(results, program.roots, codes, strict=True)
    ]
    keywords = [dimensions[size] for size in names if size not in interface.shown]
    function = Function(
        name, summary, used, parameters=parameters, functions=functions, dimensions=dimensions,
        keywords=keywords, positive=demanded(order), interface=interface, body=body,
        results=returned,
    )  # fmt: skip
    text = "\n".join(spelling.module(function))
    arguments = {parameters[v.name]: v.name for v in used}
    arguments |= {given: function.name for function, given in functions.items()}
    arguments |= {dimensions[size]: size for size in names if dimensions[size] in keywords}
    return text, arguments


def numpy_source(
    expression: Expression,
    *,
    name: str = "derivative",
    variables: Sequence[Variable] | None = None,
    result: str | None = None,
) -> tuple[str, dict[str, str]]:
    """The function for numpy of one formula; see `source`."""
    return source([Result(expression, result)], name=name, variables=variables or ())


def _used(symbols: Sequence[Expression], variables: Sequence[Variable]) -> list[Variable]:
    """The variables that occur, in the order given, then symbols that nobody described."""
    occurring = dict.fromkeys(map(symbol_name, symbols))
    used = [variable for variable in variables if variable.name in occurring]
    named = {variable.name for variable in used}
    for symbol in symbols:
        if symbol_name(symbol) not in named:
            named.add(symbol_name(symbol))
            used.append(SymbolVariable(symbol))
    return used


def _functions(
    order: Sequence[Expression], target: Target, taken: Collection[str]
) -> dict[Operation, str]:
    """The unknown functions that occur and their parameters, each before its derivatives."""
    found = {n.operation: n.operation.unknown for n in order if n.operation.unknown is not None}
    ordered = sorted(found.items(), key=lambda item: (item[1].name, item[1].order))
    spelled = target.names([unknown.parameter for _, unknown in ordered], taken)
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


def _form(expression: Expression, used: Sequence[Variable]) -> str:
    if expression.is_scalar:
        return "scalar"
    if expression.columns is not ONE:
        return "matrix"
    columns = [v.is_vector for v in used if v.symbol.columns is ONE and not v.symbol.is_scalar]
    return "vector" if any(columns) or not columns else "matrix"
