"""The operations as a table, straight from their records.

Nothing is written down twice: shapes come from the signature, the differential from the rule that
every derivative uses, applied to symbols of those shapes.
"""

from __future__ import annotations

from functools import reduce

from matdiff.calculus.differential import differential
from matdiff.dimensions import ONE, Dimension, Shape, shape_text
from matdiff.operations import REGISTRY
from matdiff.operations.algebra import (
    COMMUTATION,
    IDENTITY,
    ONES,
    ZEROS,
    Expression,
    add,
    apply,
    commutation,
    identity,
    ones,
    symbol,
    zeros,
)
from matdiff.operations.linear import UNVEC, unvec
from matdiff.operations.record import Axis, Operation
from matdiff.rendering import text

COLUMNS = ("name", "written", "shapes", "differential", "meaning")

_PLAIN = str.maketrans({"×": "x", "→": "->", "…": "..."})
_SIZES = dict(zip("ijkl", map(Dimension.of, "mnpq"), strict=True))
_CONSTANTS = {
    IDENTITY: identity(_SIZES["j"]),
    ONES: ones(_SIZES["i"], _SIZES["j"]),
    ZEROS: zeros(_SIZES["i"], _SIZES["j"]),
    COMMUTATION: commutation(_SIZES["i"], _SIZES["j"]),
}


def catalogue(*, ascii_only: bool = False) -> list[tuple[str, str, str, str, str]]:
    """A row of COLUMNS for each operation that can be written."""
    rows = [_row(operation, ascii_only) for operation in REGISTRY]
    return [row for row in rows if row is not None]


def _row(operation: Operation, ascii_only: bool) -> tuple[str, str, str, str, str] | None:
    arguments = _arguments(operation)
    value = _CONSTANTS[operation] if operation in _CONSTANTS else _applied(operation, arguments)
    if value is None:
        return None
    given = ", ".join(_sides(argument.shape) for argument in arguments)
    shapes = f"{given} → {_sides(value.shape)}" if arguments else _sides(value.shape)
    change = _differential(value, arguments)
    written = text(value, ascii=ascii_only)
    signs = _PLAIN if ascii_only else {}
    return (
        operation.name,
        written,
        shapes.translate(signs),
        "0" if change is None else text(change, ascii=ascii_only),
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


def _applied(operation: Operation, arguments: list[Expression]) -> Expression | None:
    if operation is UNVEC:  # its result's sides are parameters, not to be read off an argument
        return unvec(arguments[0], _SIZES["i"], _SIZES["j"])
    return None if operation.signature is None else apply(operation, *arguments)


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
