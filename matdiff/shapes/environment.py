"""What names stand for: declared variables with their shapes, definitions, dimensions.

Names of variables and names of dimensions are separate spaces.  A dimension that no variable is
called by may also be used as a number, as in x'x/n.
"""

from __future__ import annotations

from collections.abc import Iterable

from matdiff.dimensions import ONE, Dimension, Shape
from matdiff.errors import NameProblem, ShapeProblem
from matdiff.operations.algebra import Expression, symbol
from matdiff.shapes.sizes import dimension_of
from matdiff.syntax.tree import Declaration

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
    """Declared variables in order, definitions, and the names of dimensions.

    `names` are all that a text may use without their being inferred: the parser wants them.
    """

    __slots__ = ("definitions", "dimensions", "names", "variables")

    def __init__(self) -> None:
        self.variables: dict[str, Variable] = {}
        self.definitions: dict[str, Expression] = {}
        self.dimensions: set[str] = set()
        self.names: set[str] = set()

    def declare(self, declarations: Declaration | Iterable[Declaration]) -> None:
        """Take the declarations over, one or several.

        Raises NameProblem (MX152) for a name that has another meaning already, ShapeProblem (MX212)
        for a property that only a square matrix can have, LimitReached for an enormous size.
        """
        if isinstance(declarations, Declaration):
            declarations = (declarations,)
        for declaration in declarations:
            self.add(_variable(declaration), declaration.span)

    def add(self, variable: Variable, span: tuple[int, int] | None = None) -> None:
        """Take a variable over; `span` is where a contradiction is to be shown."""
        name = variable.name
        self._refuse_second_meaning(name, self.variables.get(name), variable, span)
        self.variables[name] = variable
        self.names.add(name)
        for dimension in variable.shape:
            self.dimensions |= dimension.names()

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
            self._refuse_second_meaning(name, None, None, span)
        self.definitions[name] = expression
        self.names.add(name)

    def copy(self) -> Environment:
        """An environment that can be added to without changing this one."""
        twin = Environment()
        twin.variables = dict(self.variables)
        twin.definitions = dict(self.definitions)
        twin.dimensions, twin.names = set(self.dimensions), set(self.names)
        return twin

    def _refuse_second_meaning(
        self,
        name: str,
        known: Variable | None,
        variable: Variable | None,
        span: tuple[int, int] | None,
    ) -> None:
        if name in self.definitions or (name in self.variables and variable is None):
            meaning = "a definition" if name in self.definitions else "declared as a variable"
            message = f"{name} is already {meaning}"
        elif known is not None and variable is not None and not known.is_like(variable):
            message = f"{name} is declared twice, and differently"
        else:
            return
        raise NameProblem(message, hint="give one of the two another name", span=span, code="MX152")


def _variable(declaration: Declaration) -> Variable:
    if declaration.form in ("elementwise", "function"):
        raise NameProblem(
            f"{declaration.name}: functions of unknown form are not supported yet",
            hint="declare a matrix (A : m×n), a column (x : n) or a scalar (c : scalar)",
            span=declaration.span,
            code="MX214",
        )
    rows = dimension_of(declaration.rows) if declaration.rows is not None else ONE
    columns = dimension_of(declaration.columns) if declaration.columns is not None else ONE
    _refuse_oblong(declaration, rows, columns)
    return Variable(
        declaration.name,
        (rows, columns),
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
