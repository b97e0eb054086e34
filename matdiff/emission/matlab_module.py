"""The function around emitted MATLAB: its help text, arguments checked and converted.

All of it is ASCII, for older versions read files in the encoding of the system.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from matdiff.dimensions import ONE, Dimension
from matdiff.emission.interface import LONGEST_LINE
from matdiff.emission.statements import size_code
from matdiff.emission.templates import listed
from matdiff.operations.algebra import symbol_properties
from matdiff.rendering.names import GREEK

if TYPE_CHECKING:
    from matdiff.emission.function import Function
from matdiff.emission.interface import Variable

OVER = " / "
_WORDS = {"×": "-by-", "→": "->", "∘": ".*", "⊘": "./", "⊗": "(x)", "⊛": "(*)", "²": "^2",
          **GREEK}  # fmt: skip


def module(function: Function) -> Iterator[str]:
    """The lines of a file with the name of the function."""
    outputs = ["result"]
    if len(function.results) > 1:
        outputs = [f"result{i}" for i in range(1, len(function.results) + 1)]
    yield from _signature(function, outputs)
    yield from _help(function)
    yield ""
    lines = [*_sizes(function), *_checks(function), *_conversions(function), *function.body.lines]
    for output, result in zip(outputs, function.results, strict=True):
        is_row = result.form == "matrix" and result.formula.rows is ONE
        is_row = is_row and result.formula.columns is not ONE
        turned = f"{result.code.at(5)}.'"
        lines.append(f"{output} = {turned if is_row else result.code.text};")
    for line in lines:
        yield f"    {line}"
    yield "end"
    yield ""


def _signature(function: Function, outputs: Sequence[str]) -> Iterator[str]:
    names = [*function.parameters.values(), *function.functions.values(), *function.keywords]
    given = outputs[0] if len(outputs) == 1 else f"[{', '.join(outputs)}]"
    yield from listed(f"function {given} = {function.name}(", names, ")", after=" ...")


def _help(function: Function) -> Iterator[str]:
    told = f"%{function.name.upper()} {_ascii(function.summary)}"
    yield from textwrap.wrap(
        told, LONGEST_LINE, break_on_hyphens=False, break_long_words=False, subsequent_indent="% "
    )
    yield "%"
    for variable in function.used:
        shape = _described(function, variable)
        told = " ".join([shape, *symbol_properties(variable.symbol)])
        yield f"%   {function.parameters[variable.name]} : {told}"
    for operation, name in function.functions.items():
        assert operation.unknown is not None
        given = "of every entry" if operation.elementwise else _ascii(operation.unknown.values)
        yield f"%   {name} : handle of a function {given}"
    for name in function.keywords:
        yield f"%   {name} : a size"
    results = [
        _sides(function, result.formula.shape, is_vector=False) for result in function.results
    ]
    yield f"%   returns {', '.join(results)}"


def _ascii(text: str) -> str:
    """Text of a comment: names in Greek letters by the names of these, other signs as words."""
    return "".join(_WORDS.get(sign, sign if sign.isascii() else "?") for sign in text)


def _described(function: Function, variable: Variable) -> str:
    return _sides(function, variable.symbol.shape, is_vector=variable.is_vector)


def _sides(function: Function, shape: Sequence[Dimension], *, is_vector: bool) -> str:
    if all(side is ONE for side in shape) and not is_vector:
        return "scalar"
    return "-by-".join(
        side.spelled(lambda name: function.dimensions.get(name, _ascii(name)), over="/")
        for side in shape
    )


def _sizes(function: Function) -> Iterator[str]:
    """Sizes from the shapes."""
    interface = function.interface
    for parameter, axes in interface.axes.items():
        for i, axis in enumerate(axes, 1):
            is_new = size_code(axis.side, function.dimensions).text == axis.name
            if is_new or any(axis.name in reading for _, reading in interface.readings):
                yield f"{axis.name} = size({parameter}, {i});"
    for name, reading in interface.readings:
        yield f"{name} = {reading};"


def _checks(function: Function) -> Iterator[str]:
    """An error if two arguments contradict each other, or if a size is too small."""
    conditions = []
    for variable in function.used:
        name = function.parameters[variable.name]
        if variable.symbol.is_scalar:
            conditions.append(f"isscalar({name})")
            continue
        sides = [
            size_code(side, function.dimensions, over=OVER).text for side in variable.symbol.shape
        ]
        conditions.append(f"isequal(size({name}), [{', '.join(sides)}])")
    if conditions:
        yield from _condition(conditions)
        yield from _error(function)
        yield "end"
    for dimension in function.positive:
        size = size_code(dimension, function.dimensions, over=OVER).text
        yield f"if {size} < 1"
        yield f"    error('matdiff:shape', 'the formula is for {size} >= 1');"
        yield "end"


def _condition(conditions: Sequence[str]) -> Iterator[str]:
    if len(conditions) == 1:
        yield f"if ~{conditions[0]}"
        return
    line = f"if ~({conditions[0]}"
    for condition in conditions[1:]:
        if len(line) + len(condition) > LONGEST_LINE - 8:
            yield f"{line} ..."
            line = f"        && {condition}"
        else:
            line += f" && {condition}"
    yield f"{line})"


def _error(function: Function) -> Iterator[str]:
    names = [function.parameters[variable.name] for variable in function.used]
    expected = [
        f"{name}: {_described(function, variable)}"
        for name, variable in zip(names, function.used, strict=True)
    ]
    pieces = [f"expected {expected[0]}", *(f", {piece}" for piece in expected[1:])]
    pieces += [f"; got {names[0]}: %s", *(f", {name}: %s" for name in names[1:])]
    yield "    error('matdiff:shape', ..."
    lines = [""]
    for piece in pieces:
        if len(lines[-1]) + len(piece) > LONGEST_LINE - 20:
            lines.append("")
        lines[-1] += piece
    if len(lines) == 1:
        yield f"        '{lines[0]}', ..."
    else:
        yield f"        ['{lines[0]}' ..."
        yield from (f"         '{line}' ..." for line in lines[1:-1])
        yield f"         '{lines[-1]}'], ..."
    sizes = [f"mat2str(size({name}))" for name in names]
    yield from listed("        ", sizes, ");", after=" ...", indent="        ")


def _conversions(function: Function) -> Iterator[str]:
    """Whole and logical numbers as floating point, rows as columns."""
    for variable in function.used:
        name = function.parameters[variable.name]
        yield f"if ~isfloat({name}), {name} = double({name}); end"
        rows, columns = variable.symbol.shape
        if rows is ONE and columns is not ONE:
            yield f"{name} = {name}.';"
