"""What names stand for: declared variables with their shapes, functions, definitions, dimensions.

Names of variables and names of dimensions are separate spaces.  A dimension that no variable is
called by may also be used as a number, as in x'x/n.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from matdiff.dimensions import ONE, Dimension, Shape
from matdiff.errors import NameProblem, ShapeProblem
from matdiff.operations.algebra import SYMBOL, Expression, postorder, symbol, symbol_name
from matdiff.operations.record import Operation
from matdiff.operations.unknown import UnknownFunction
from matdiff.shapes.sizes import dimension_of
from matdiff.syntax.names import SIZED_CONSTANTS
from matdiff.syntax.tree import Declaration

# Called in ways of their own, as in I(n), sum(i, x[i]), softmax(A, rows), e^x: no function's names.
WRITTEN_OTHERWISE = SIZED_CONSTANTS | {"sum", "softmax", "logsumexp", "unvec", "norm", "e_to"}
# What these say of a matrix has a meaning only if it is square.
SQUARE_PROPERTIES = frozenset(
    ("symmetric", "spd", "skew", "orthogonal", "diagonal", "invertible", "posdet")
)


class Variable:
    """A name with a shape.

    `is_vector`: declared with one side (x : n), a column that code holds as a one-dimensional
    array.  `declared` is False for a name whose shape was inferred.
    """

    __slots__ = ("declared", "is_vector", "name", "properties", "symbol")

    def __init__(
        self,
        name: str,
        shape: Shape,
        *,
        is_vector: bool = False,
        properties: Iterable[str] = (),
        declared: bool = True,
    ) -> None:
        self.name, self.is_vector, self.declared = name, is_vector, declared
        self.properties = tuple(sorted(properties))
        self.symbol = symbol(name, *shape, self.properties)

    @property
    def shape(self) -> Shape:
        return self.symbol.shape

    def is_like(self, other: Variable) -> bool:
        """Whether the other says the same of the name."""
        return self.symbol is other.symbol and self.is_vector == other.is_vector

    def __repr__(self) -> str:
        return f"<variable {self.symbol!r}>"


class Environment:
    """Declared variables in order, unknown functions, definitions, and the names of dimensions.

    `names` are all that a text may use without their being inferred, functions aside: the parser
    wants them.
    """

    __slots__ = ("definitions", "dimensions", "functions", "names", "variables")

    def __init__(self) -> None:
        self.variables: dict[str, Variable] = {}
        self.functions: dict[str, UnknownFunction] = {}
        self.definitions: dict[str, Expression] = {}
        self.dimensions: set[str] = set()
        self.names: dict[str, Shape] = {}

    def declare(self, declarations: Declaration | Iterable[Declaration]) -> None:
        """Take the declarations over, one or several.

        Raises NameProblem (MX152) for a name that has another meaning already or (MX157) that no
        function can have, ShapeProblem (MX212) for a property that only a square matrix can have,
        LimitReached for an enormous size.
        """
        if isinstance(declarations, Declaration):
            declarations = (declarations,)
        for declaration in declarations:
            if declaration.form in ("elementwise", "function"):
                self.add_function(_function(declaration), declaration.span)
            else:
                self.add(_variable(declaration), declaration.span)

    def add(self, variable: Variable, span: tuple[int, int] | None = None) -> None:
        """Take a variable over; `span` is where a contradiction is to be shown."""
        name = variable.name
        known = self.variables.get(name)
        if known is None or not known.is_like(variable):
            self._refuse_second_meaning(name, self.variables, span)
        self.variables[name] = variable
        self.names[name] = variable.shape
        for dimension in variable.shape:
            self.dimensions |= dimension.names()

    def add_function(self, function: UnknownFunction, span: tuple[int, int] | None = None) -> None:
        """Take an unknown function over; `span` is where a contradiction is to be shown."""
        name = function.name
        known = self.functions.get(name)
        if known is None or not known.is_like(function):
            self._refuse_second_meaning(name, self.functions, span)
        self.functions[name] = function
        for dimension in (function.argument, function.value):
            self.dimensions |= dimension.names() if dimension is not None else set()

    def function_called(self, name: str) -> Operation | None:
        """The record of an unknown function or derivative: φ, φ'', jac[g]; None for other names."""
        base = name.rstrip("'").partition("[")
        function = self.functions.get(base[2].removesuffix("]") or base[0])
        return function.called(name) if function is not None else None

    def refuse_hidden(self, formula: Expression, span: tuple[int, int] | None = None) -> None:
        """Raise NameProblem (MX158) if a known function in it, or the change of a variable, has
        the name of a declared function: what is printed would mean something else."""
        for node in postorder(formula) if self.functions else ():
            operation = node.operation
            is_symbol = operation is SYMBOL
            name = symbol_name(node) if is_symbol else operation.notation.symbol
            if operation.unknown is None and name in self.functions:
                what = "variable" if is_symbol else "known function"
                raise NameProblem(
                    f"the {what} {name} occurs in the formula, where {name} would be taken for the "
                    "function declared",
                    hint=f"declare {name} under another name",
                    span=span,
                    code="MX158",
                )

    def define(
        self,
        name: str,
        expression: Expression,
        *,
        variables: Iterable[Variable] = (),
        span: tuple[int, int] | None = None,
    ) -> None:
        """Let a name stand for an expression; `variables` are those in it, inferred ones too."""
        for variable in variables:
            self.add(variable, span)
        if self.definitions.get(name) is not expression:
            self._refuse_second_meaning(name, self.definitions, span)
        self.definitions[name] = expression
        self.names[name] = expression.shape

    def copy(self) -> Environment:
        """An environment that can be added to without changing this one."""
        twin = Environment()
        twin.variables = dict(self.variables)
        twin.functions, twin.definitions = dict(self.functions), dict(self.definitions)
        twin.dimensions, twin.names = set(self.dimensions), dict(self.names)
        return twin

    def _refuse_second_meaning(
        self, name: str, space: Mapping[str, object], span: tuple[int, int] | None
    ) -> None:
        """Raise NameProblem if a name that is to stand in one of the spaces is in one already."""
        if name in self.definitions:
            message = f"{name} is already a definition"
        elif name in space:
            message = f"{name} is declared twice, and differently"
        elif name in self.variables or name in self.functions:
            kind = "variable" if name in self.variables else "function"
            message = f"{name} is already declared as a {kind}"
        else:
            return
        raise NameProblem(message, hint="give one of the two another name", span=span, code="MX152")


def _function(declaration: Declaration) -> UnknownFunction:
    name = declaration.name
    if name in WRITTEN_OTHERWISE:
        raise NameProblem(
            f"{name} cannot be declared as a function: {name}(…) has a meaning of its own",
            hint="give the function another name",
            span=declaration.span,
            code="MX157",
        )
    if declaration.rows is None or declaration.columns is None:
        return UnknownFunction(name)
    return UnknownFunction(name, dimension_of(declaration.columns), dimension_of(declaration.rows))


def declared_shape(declaration: Declaration) -> Shape:
    """The shape that a declaration of a variable, or a claim about a shape, states."""
    rows = dimension_of(declaration.rows) if declaration.rows is not None else ONE
    columns = dimension_of(declaration.columns) if declaration.columns is not None else ONE
    return rows, columns


def _variable(declaration: Declaration) -> Variable:
    shape = declared_shape(declaration)
    _refuse_oblong(declaration, *shape)
    return Variable(
        declaration.name,
        shape,
        is_vector=declaration.form == "vector",
        properties=declaration.properties,
    )


def _refuse_oblong(declaration: Declaration, rows: Dimension, columns: Dimension) -> None:
    if rows is columns:
        return
    for given in declaration.properties:
        if given in SQUARE_PROPERTIES:
            sides = "a column" if columns is ONE else f"{rows}×{columns}"
            raise ShapeProblem(
                f"{declaration.name} is {sides}; only a square matrix can be {given}",
                span=declaration.span,
                code="MX212",
            )
