"""What a name, a number or a sized constant stands for.

A declared name comes first and shadows constants; then definitions, constants, names of dimensions
(which are numbers here), and last the names that nobody declared.
"""

from __future__ import annotations

from fractions import Fraction

from matdiff.dimensions import ONE, Dimension, at_least_one
from matdiff.errors import ShapeProblem
from matdiff.operations.algebra import (
    Expression,
    apply,
    commutation,
    identity,
    number,
    ones,
    symbol,
    zeros,
)
from matdiff.operations.blocks import unit
from matdiff.operations.elementwise import PI
from matdiff.operations.linear import size
from matdiff.operations.matrix_functions import sylvester
from matdiff.operations.triangles import duplication, elimination, skew_duplication
from matdiff.shapes.candidates import Candidate, Plan
from matdiff.shapes.conventions import shape_of
from matdiff.shapes.messages import wrong_count
from matdiff.shapes.scope import Scope
from matdiff.shapes.sizes import dimension_of, inequality, product
from matdiff.shapes.unify import Bindings, unknowns
from matdiff.syntax.tree import Call, Name, Number, Tree

CONSTANTS = frozenset(("I", "ones", "zeros", "pi"))
_OF_ONE_SIZE = {
    "I": identity,
    "hadamard": sylvester,
    "D": duplication,
    "L_vech": elimination,
    "D_skew": skew_duplication,
}
# fewest and most sizes
SIZED = dict.fromkeys(_OF_ONE_SIZE, (1, 1)) | {
    "ones": (1, 2), "zeros": (1, 2), "K": (2, 2), "e": (2, 2),
}  # fmt: skip
SIZED_CALLS = frozenset(SIZED)  # their arguments are sizes, no expressions
_IDENTITY_DOUBT = 3  # I beside a scalar is not the number one
_COLUMN_DOUBTS = (1, 0)  # ones is a column rather than a row


def is_undeclared(scope: Scope, name: str) -> bool:
    """Whether the meaning of the name has to be inferred."""
    environment = scope.environment
    return (
        name not in environment.variables
        and name not in environment.definitions
        and name not in CONSTANTS
        and name not in environment.dimensions
    )


def read_name(scope: Scope, tree: Name, _: list[list[Candidate]]) -> list[Candidate]:
    """The candidates of a name."""
    name, environment = tree.text, scope.environment
    variable = environment.variables.get(name)
    if variable is not None:
        if name in CONSTANTS:
            scope.notes.append(f"{name} is the variable declared, not the constant of that name")
        return [_ready(variable.symbol)]
    defined = environment.definitions.get(name)
    if defined is not None:
        return [_ready(defined)]
    if name == "pi":
        return [_ready(apply(PI))]
    if name in CONSTANTS:
        return [_unsized(scope, tree)]
    if name in environment.dimensions:
        return [_ready(size(Dimension.of(name)))]
    rows, columns = shape_of(name, scope.kinds[name])

    def build(_: object, bindings: Bindings) -> Expression:
        return symbol(name, bindings.resolve(rows), bindings.resolve(columns))

    return [Candidate(rows, columns, Plan(build))]


def read_number(scope: Scope, tree: Number, _: list[list[Candidate]]) -> list[Candidate]:
    """The candidate of a number: a scalar."""
    return [_ready(number(Fraction(tree.value)))]


def read_sized(scope: Scope, tree: Call) -> list[Candidate]:
    """I(n), ones(n), ones(m,n), zeros(…), K(m,n), D(n), e(i,n): constants whose size is written
    out."""
    name, arguments = tree.function, tree.arguments
    fewest, most = SIZED[name]
    if not fewest <= len(arguments) <= most:
        raise wrong_count(tree, fewest, most)
    sizes = [dimension_of(argument) for argument in arguments]
    if name in _OF_ONE_SIZE:
        return [_ready(_OF_ONE_SIZE[name](sizes[0]))]
    first, second = sizes[0], sizes[1] if len(sizes) == 2 else ONE
    if name == "e":
        _check_unit(scope, tree, first, second)
        return [_ready(unit(first, second))]
    if name == "K":
        product(first, second)
        return [_ready(commutation(first, second))]
    return [_ready((ones if name == "ones" else zeros)(first, second))]


def _check_unit(scope: Scope, tree: Call, i: Dimension, n: Dimension) -> None:
    """Refuse e(i,n) with i beyond n; tell where that hangs on the sizes."""
    room = at_least_one(n - i + ONE)
    if room is False:
        raise ShapeProblem(
            f"e(i,n) is the column i of I(n): {i} is beyond {n}", span=tree.span, code="MX227"
        )
    if room is None:
        scope.notes.append(f"e({i},{n}) is read for {inequality(n - i)}")


def zero_of_any_size(scope: Scope, tree: Tree) -> list[Candidate]:
    """The number 0 as zeros, which it stands for among blocks: [A, 0; 0, B]."""
    if not isinstance(tree, Number) or tree.value:
        return []
    rows, columns = scope.sizes_of_constant("zeros", tree, (0, 0))

    def build(_: object, bindings: Bindings) -> Expression:
        shape = bindings.resolve(rows), bindings.resolve(columns)
        if any(map(unknowns, shape)):
            raise ShapeProblem(
                "the size of this 0 is not fixed by anything: write zeros(m,n)",
                span=tree.span,
                code="MX210",
            )
        return zeros(*shape)

    return [Candidate(rows, columns, Plan(build), bend=1)]  # the number where that fits as well


def _ready(expression: Expression) -> Candidate:
    return Candidate(expression.rows, expression.columns, Plan(lambda _, __: expression))


def _unsized(scope: Scope, tree: Name) -> Candidate:
    """I, ones or zeros, whose size is to follow from what stands around it."""
    if tree.text == "I":
        (rows,) = scope.sizes_of_constant(tree.text, tree, (_IDENTITY_DOUBT,))
        columns = rows
    else:
        rows, columns = scope.sizes_of_constant(tree.text, tree, _COLUMN_DOUBTS)

    def build(_: object, bindings: Bindings) -> Expression:
        first, second = bindings.resolve(rows), bindings.resolve(columns)
        if tree.text == "I":
            return identity(first)
        return (ones if tree.text == "ones" else zeros)(first, second)

    scope.constants[id(tree)] = tree, (rows, columns)
    return Candidate(rows, columns, Plan(build))
