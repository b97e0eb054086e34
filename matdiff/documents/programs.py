"""Answers as programs: which functions are wanted, and their source.

A derivative is one function; with its value it is one that returns both and computes what they
share once.  As an operator it is the product with a direction: for a Jacobian J dX, in the shape of
the value, and J'dY, in the shape of the variable; for a Hessian H dX.  Structured, it is the
arrays that the dense matrix is made of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from matdiff.derivatives import derive
from matdiff.dimensions import ONE
from matdiff.emission import TARGETS, Result, source
from matdiff.emission.costs import TYPICAL
from matdiff.emission.structured import structured
from matdiff.errors import UsageProblem
from matdiff.normal import normalise
from matdiff.operations.algebra import Expression, inner, symbol, symbol_name
from matdiff.operations.structures import structure_of
from matdiff.rendering import text
from matdiff.session import Answer
from matdiff.shapes.environment import Variable
from matdiff.structured import ENTRIES, usual


class Wanted:
    """What program is wanted of an answer.

    target      "numpy", "array-api", "jax", "torch", "julia" or "matlab"
    with_value  the value too, before the derivative
    operator    the products with a direction instead of the Jacobian or Hessian
    structured  the parts of the Jacobian or Hessian instead of the dense matrix
    sizes       about how large dimensions are, by name
    """

    __slots__ = ("operator", "sizes", "structured", "target", "with_value")

    def __init__(
        self,
        target: str = "numpy",
        *,
        with_value: bool = False,
        operator: bool = False,
        structured: bool = False,
        sizes: Mapping[str, float] | None = None,
    ) -> None:
        if target not in TARGETS:
            raise UsageProblem(f"'{target}' is no target: {', '.join(TARGETS)}")
        self.target, self.with_value, self.operator = target, with_value, operator
        self.structured, self.sizes = structured, sizes


class Function:
    """A function to be written: its name, what it returns, and the first line of its docstring."""

    __slots__ = ("name", "results", "summary", "variables")

    def __init__(
        self, name: str, results: list[Result], summary: str, variables: list[Variable]
    ) -> None:
        self.name, self.results, self.summary = name, results, summary
        self.variables = variables


def program(answer: Answer, wanted: Wanted) -> tuple[str, dict[str, str]]:
    """The source of the functions wanted, and what the last one's parameters stand for."""
    texts: list[str] = []
    arguments: dict[str, str] = {}
    for function in functions_of(answer, wanted):
        written, arguments = source(
            function.results, target=wanted.target, name=function.name, summary=function.summary,
            variables=function.variables, sizes=wanted.sizes,
        )  # fmt: skip
        texts.append(written)
    return _joined(texts), arguments


_RELATION = re.compile(
    r"\s*(?P<left>[^\W\d]\w*)\s*"
    r"(?:(?P<sign>>>|<<|>|<)\s*(?P<right>[^\W\d]\w*)|=\s*(?P<value>[0-9]+))\s*"
)
_RATIOS = {">>": 100.0, ">": 3.0, "<": 1 / 3, "<<": 1 / 100}


def sizes_of(relations: Iterable[str]) -> dict[str, float]:
    """About how large dimensions are, from relations such as "m >> n", "m > n" and "r = 8".

    A name is first as large as any other; a relation moves the name on its left.  UsageProblem for
    what is not a relation, and for what cannot all hold.
    """
    sizes: dict[str, float] = {}
    values: dict[str, int] = {}
    above: dict[str, list[str]] = {}  # the larger sizes
    for relation in relations:
        found = _RELATION.fullmatch(relation)
        if found is None:
            raise UsageProblem(
                f"--assume {relation!r} is no relation between sizes",
                hint='write "m >> n", "m > n", "m < n", "m << n" or "m = 1000"',
            )
        left, sign, right = found["left"], found["sign"], found["right"]
        if sign is None:
            value = int(found["value"][:18])
            contradicted = values.setdefault(left, value) != value
            sizes[left] = float(value)
        else:
            small, large = (left, right) if sign[0] == "<" else (right, left)
            above.setdefault(small, []).append(large)
            contradicted = _reaches(above, large, small)
            sizes[left] = sizes.setdefault(right, TYPICAL) * _RATIOS[sign]
        if contradicted:
            raise UsageProblem(f"--assume {relation!r} contradicts what is assumed before it")
    return sizes


def _reaches(above: Mapping[str, list[str]], start: str, end: str) -> bool:
    """Whether the relations make one size at least as large as another."""
    waiting, seen = [start], {start}
    while waiting:
        name = waiting.pop()
        if name == end:
            return True
        new = [other for other in above.get(name, ()) if other not in seen]
        seen.update(new)
        waiting += new
    return False


def _joined(texts: Sequence[str]) -> str:
    """Several modules as one: imports and helpers, which stand two lines apart, only once."""
    if len(texts) == 1:
        return texts[0]
    imports: dict[str, None] = {}
    blocks: dict[str, None] = {}
    for written in texts:
        head, _, rest = written.strip("\n").partition("\n\n")
        if not all(line.startswith(("import ", "using ")) for line in head.splitlines()):
            head, rest = "", written
        imports |= dict.fromkeys(head.splitlines())
        blocks |= dict.fromkeys(rest.strip("\n").split("\n\n\n"))
    return "\n\n\n".join(["\n".join(imports), *blocks]).lstrip("\n") + "\n"


def functions_of(answer: Answer, wanted: Wanted) -> list[Function]:
    variables = dict(answer.reading.environment.variables)
    value = answer.reading.expression
    if answer.derivative is None or answer.wrt is None:
        results = [Result(normalise(value))]
        return [Function("value", results, f"{text(value)}.", list(variables.values()))]
    if wanted.operator and answer.kind in ("jacobian", "hessian"):
        functions = _operators(answer, variables)
    else:
        functions = [_derivative(answer, variables, wanted)]
    if wanted.with_value:
        form = "scalar" if value.is_scalar else None
        for function in functions:
            function.results.insert(0, Result(normalise(value), form))
            function.name = f"value_and_{function.name}"
    return functions


def _derivative(answer: Answer, variables: dict[str, Variable], wanted: Wanted) -> Function:
    derivative, wrt = answer.derivative, answer.wrt
    assert derivative is not None and wrt is not None
    formula, form = derivative.formula, None
    if derivative.change is not None:
        dX = _like(variables[wrt], symbol_name(derivative.change))
        variables[dX.name] = dX
    elif derivative.shape == (ONE, ONE):
        form = "scalar"
    else:
        is_vector = answer.kind == "gradient" and variables[wrt].is_vector
        form = "vector" if is_vector else "matrix"
    summary = f"The {answer.kind} of {text(derivative.expression)} with respect to {wrt}"
    if wanted.structured:
        taken = structured(formula, variables)
        results = [Result(part) for part in taken.parts.values()]
        summary += f": the parts {', '.join(taken.parts)} of {text(taken.formula)}."
    else:
        results = [Result(formula, form)]
        summary += f": {text(derivative.printed)}" if not derivative.where else ""
        summary += "."
    return Function(answer.kind, results, summary, list(variables.values()))


def _operators(answer: Answer, variables: dict[str, Variable]) -> list[Function]:
    """J dX and J'dY, or H dX."""
    wrt = answer.wrt
    assert wrt is not None and answer.derivative is not None
    X, Y = variables[wrt], answer.reading.expression
    name = text(answer.derivative.expression)
    way = answer.settings.structure or usual(answer.kind)
    if way == ENTRIES and structure_of(X.symbol) is not None:
        raise UsageProblem(
            f"the product with a direction takes a change of {wrt}, not of its independent entries",
            hint="leave --operator out, or ask for --structure projection or free",
        )
    if answer.kind == "hessian":
        gradient = derive("gradient", Y, X.symbol, structure=way).formula
        return [_along("hvp", gradient, X, variables, f"The Hessian of {name} times {{dX}}")]
    functions = [_along("jvp", Y, X, variables, f"The Jacobian of {name} times {{dX}}")]
    dY = symbol(_free("dY", variables), *Y.shape)
    pulled = derive("gradient", inner(dY, Y), X.symbol, structure=way)
    given = Variable(symbol_name(dY), Y.shape, is_vector=_as_vector(Y, X))
    functions.append(
        Function(
            "vjp",
            [Result(pulled.formula, _form(pulled.formula, X))],
            f"The transposed Jacobian of {name} times {symbol_name(dY)}, a change of the value: "
            f"{text(pulled.formula)}.",
            [*variables.values(), given],
        )
    )
    return functions


def _along(
    name: str, Y: Expression, X: Variable, variables: dict[str, Variable], summary: str
) -> Function:
    """The differential of Y along dX."""
    found = derive("differential", Y, X.symbol)
    assert found.change is not None
    dX = _like(X, symbol_name(found.change))
    form = _form(found.formula, X)
    told = summary.format(dX=f"{dX.name}, a change of {X.name}")
    return Function(
        name,
        [Result(found.formula, form)],
        f"{told}: {text(found.formula)}.",
        [*variables.values(), dX],
    )


def _like(X: Variable, name: str) -> Variable:
    return Variable(name, X.shape, is_vector=X.is_vector)


def _as_vector(Y: Expression, X: Variable) -> bool:
    """Whether a column is given with one axis: as the variable is, if that is a column."""
    return Y.columns is ONE and not Y.is_scalar and (X.is_vector or X.shape[1] is not ONE)


def _form(formula: Expression, X: Variable) -> str | None:
    if formula.is_scalar:
        return "scalar"
    return "vector" if _as_vector(formula, X) else "matrix"


def _free(name: str, variables: Mapping[str, Variable]) -> str:
    while name in variables:
        name += "_"
    return name
