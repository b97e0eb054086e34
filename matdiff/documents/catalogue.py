"""The operations as a table, straight from their records.

Nothing is written down twice: shapes come from the signature, the differential from the rule that
every derivative uses, applied to symbols of those shapes.
"""

from __future__ import annotations

from functools import reduce

from matdiff.calculus.differential import differential
from matdiff.dimensions import ONE, Dimension, Shape, shape_text
from matdiff.errors import DomainProblem
from matdiff.operations import REGISTRY
from matdiff.operations.algebra import CONSTRUCTORS, Expression, add, apply, symbol
from matdiff.operations.linear import trace
from matdiff.operations.record import Axis, Operation
from matdiff.rendering import text

COLUMNS = ("name", "written", "shapes", "differential", "meaning")

_PLAIN = str.maketrans({"×": "x", "→": "->", "…": "..."})
_SIZES = dict(zip("ijkl", map(Dimension.of, "mnpq"), strict=True))


def catalogue(*, ascii_only: bool = False) -> list[tuple[str, str, str, str, str]]:
    """A row of COLUMNS for each operation that can be written."""
    rows = [_row(operation, ascii_only) for operation in REGISTRY]
    return [row for row in rows if row is not None]


def _row(operation: Operation, ascii_only: bool) -> tuple[str, str, str, str, str] | None:
    arguments = _arguments(operation)
    value = _value(operation, arguments)
    if value is None:
        return None
    given = ", ".join(_sides(argument.shape) for argument in arguments)
    shapes = f"{given} → {_sides(value.shape)}" if arguments else _sides(value.shape)
    change = _change(value, arguments, ascii_only)
    written = text(value, ascii=ascii_only)
    signs = _PLAIN if ascii_only else {}
    return (
        operation.name,
        written,
        shapes.translate(signs),
        change,
        operation.summary.partition(":")[0].translate(signs),
    )


def _arguments(operation: Operation) -> list[Expression]:
    """Symbols of the operation's shapes: A, B matrices, x, y columns, s, a scalars."""
    if operation.signature is None:
        return []
    spare = {"matrix": iter("ABC"), "column": iter("xyz"), "scalar": iter("sa")}
    arguments: list[Expression] = []
    for rows, columns in operation.signature.inputs:
        shape = _size(rows), _size(columns)
        form = "matrix" if columns else "column" if rows else "scalar"
        if form != "scalar" or len(operation.signature.inputs) > 1:
            arguments.append(symbol(next(spare[form]), *shape))
    return arguments


def _value(operation: Operation, arguments: list[Expression]) -> Expression | None:
    """The operation on these arguments; None for what no text can name."""
    if operation.example is not None:
        return CONSTRUCTORS[operation](*operation.example(_SIZES["i"], _SIZES["j"]))
    if operation.signature is None:
        return None
    sizes = [_SIZES[letter] for letter in operation.signature.parameters]
    return CONSTRUCTORS[operation](*arguments, *sizes) if sizes else apply(operation, *arguments)


def _change(value: Expression, arguments: list[Expression], ascii_only: bool) -> str:
    """The differential as text; that of the trace where only it has a closed form."""
    try:
        change = _differential(value, arguments)
        return "0" if change is None else text(change, ascii=ascii_only)
    except DomainProblem:
        slope = value.operation.spectral
        if slope is None:
            return "no closed form"
    traced = trace(slope(*arguments) @ symbol(f"d{text(arguments[0])}", *arguments[0].shape))
    return f"of the trace: {text(traced, ascii=ascii_only)}"


def _differential(value: Expression, arguments: list[Expression]) -> Expression | None:
    parts = (
        differential(value, argument, symbol(f"d{text(argument)}", *argument.shape))
        for argument in arguments
    )
    known = [part for part in parts if part is not None]
    return reduce(add, known) if known else None


def _size(axis: Axis) -> Dimension:
    return reduce(Dimension.__mul__, (_SIZES[letter] for letter in axis), ONE)


def _sides(shape: Shape) -> str:
    return "scalar" if shape == (ONE, ONE) else shape_text(shape)
