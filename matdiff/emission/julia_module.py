"""The function around emitted Julia: signature, docstring, arguments checked and converted."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from matdiff.dimensions import ONE
from matdiff.emission.code import ATOM
from matdiff.emission.interface import LONGEST_LINE, described, wrapped
from matdiff.emission.statements import size_code
from matdiff.emission.templates import listed
from matdiff.operations.algebra import symbol_properties

if TYPE_CHECKING:
    from matdiff.emission.function import Function, Returned
from matdiff.emission.interface import Variable

OVER = " ÷ "


def module(function: Function) -> Iterator[str]:
    """The lines of a file: the import and the documented function."""
    yield "using LinearAlgebra"
    yield ""
    yield from _docstring(function)
    yield from _signature(function)
    returned = ", ".join(_returned(result) for result in function.results)
    lines = [*function.body.lines, f"return {returned}"]
    for line in (*_sizes(function), *_checks(function), *_conversions(function, lines), *lines):
        yield f"    {line}"
    yield "end"
    yield ""


def _docstring(function: Function) -> Iterator[str]:
    names = [*function.parameters.values(), *function.functions.values()]
    keywords = f"; {', '.join(function.keywords)}" if function.keywords else ""
    yield '"""'
    yield f"    {function.name}({', '.join(names)}{keywords})"
    yield ""
    yield from textwrap.wrap(
        _escaped(function.summary), LONGEST_LINE, break_on_hyphens=False, break_long_words=False
    )
    yield ""
    for variable in function.used:
        told = " ".join([f"`{_described(variable)}`", *symbol_properties(variable.symbol)])
        yield f"- `{function.parameters[variable.name]}`: {told}"
    for operation, name in function.functions.items():
        assert operation.unknown is not None
        given = "scalar → scalar" if operation.elementwise else operation.unknown.values
        yield f"- `{name}`: a function {given}"
    results = [f"`{described(r.formula.shape, r.form == 'vector')}`" for r in function.results]
    yield f"- returns {', '.join(results)}"
    yield '"""'


def _escaped(text: str) -> str:
    """A line inside of a string in triple quotes."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$")


def _described(variable: Variable) -> str:
    return described(variable.symbol.shape, variable.is_vector)


def _signature(function: Function) -> Iterator[str]:
    listed = [
        f"{function.parameters[variable.name]}::{_type(variable)}" for variable in function.used
    ]
    listed += function.functions.values()
    keywords = [f"{name}::Integer" for name in function.keywords]
    if keywords:
        keywords[0] = f"; {keywords[0]}"
    line = f"function {function.name}({', '.join(listed)}{', '.join(keywords)})"
    if len(line) <= LONGEST_LINE:
        yield line
        return
    yield f"function {function.name}("
    for i, part in enumerate([*listed, *keywords]):
        is_last = i + 1 == len(listed) + len(keywords)
        before_keywords = i + 1 == len(listed)
        yield f"    {part}{'' if is_last or before_keywords else ','}"
    yield ")"


def _type(variable: Variable) -> str:
    if variable.symbol.is_scalar:
        return "Real"
    return "AbstractVector{<:Real}" if variable.is_vector else "AbstractMatrix{<:Real}"


def _sizes(function: Function) -> Iterator[str]:
    """Sizes from the shapes."""
    interface = function.interface
    for parameter, axes in interface.axes.items():
        fresh = [size_code(axis.side, function.dimensions).text == axis.name for axis in axes]
        read = {reading for _, reading in interface.readings}
        wanted = [
            is_new or any(axis.name in reading for reading in read)
            for axis, is_new in zip(axes, fresh, strict=True)
        ]
        if all(wanted) and len(axes) == 2:
            yield f"{axes[0].name}, {axes[1].name} = size({parameter})"
            continue
        for i, (axis, is_wanted) in enumerate(zip(axes, wanted, strict=True), 1):
            if is_wanted and len(axes) == 1:
                yield f"{axis.name} = length({parameter})"
            elif is_wanted:
                yield f"{axis.name} = size({parameter}, {i})"
    for name, reading in interface.readings:
        yield f"{name} = {reading}"


def _checks(function: Function) -> Iterator[str]:
    """An error if two arguments contradict each other, or if a size is too small."""
    conditions = []
    for parameter, axes in function.interface.axes.items():
        expected = [size_code(axis.side, function.dimensions, over=OVER).text for axis in axes]
        if expected != [axis.name for axis in axes]:
            comma = "," if len(axes) == 1 else ""
            conditions.append(f"size({parameter}) == ({', '.join(expected)}{comma})")
    if conditions:
        yield from wrapped("if !(", conditions, " && ", ")")
        *pieces, last = _message(function)
        if not pieces and len(last) <= LONGEST_LINE - 36:
            yield f"    throw(DimensionMismatch({last}))"
        else:
            yield "    throw(DimensionMismatch("
            yield from (f"        {piece} *" for piece in pieces)
            yield f"        {last}"
            yield "    ))"
        yield "end"
    for dimension in function.positive:
        size = size_code(dimension, function.dimensions, over=OVER).text
        message = f'"the formula is for {dimension} >= 1"'
        yield f"{size} >= 1 || throw(DimensionMismatch({message}))"


def _message(function: Function) -> list[str]:
    """What shapes were expected and which were given, in strings that fit on a line each."""
    arrays = [variable for variable in function.used if not variable.symbol.is_scalar]
    names = [function.parameters[variable.name] for variable in arrays]
    expected = [f"{name}: {_described(v)}" for name, v in zip(names, arrays, strict=True)]
    got = [f"{name}: $(size({name}))" for name in names]
    pieces = [f"expected {expected[0]}", *(f", {piece}" for piece in expected[1:])]
    pieces += [f"; got {got[0]}", *(f", {piece}" for piece in got[1:])]
    lines = [""]
    for piece in pieces:
        if len(lines[-1]) + len(piece) > LONGEST_LINE - 16:
            lines.append("")
        lines[-1] += piece
    return [f'"{line}"' for line in lines]


def _conversions(function: Function, lines: Sequence[str]) -> Iterator[str]:
    """Arguments as floating point of one type, that of the arrays; columns and rows as vectors."""
    types = [f"eltype({name})" for name in function.arrays]
    types = types or [f"typeof({name})" for name in function.scalars]
    if types:
        yield from listed("Float = float(promote_type(", types, "))")
    elif any("Float" in line for line in lines):
        yield "Float = Float64"
    for variable in function.used:
        name = function.parameters[variable.name]
        if variable.symbol.is_scalar:
            yield f"{name} = Float({name})"
            continue
        converted = f"convert({_type(variable).replace('<:Real', 'Float')}, {name})"
        is_flat = not variable.is_vector and ONE in variable.symbol.shape
        yield f"{name} = {f'vec({converted})' if is_flat else converted}"


def _returned(result: Returned) -> str:
    """A result as a number, a Vector or a Matrix that is no lazy transpose."""
    code, formula, form = result.code, result.formula, result.form
    if result.value.kernel == "number":
        return code.text if "Float" in code.text else f"Float({code.text})"
    if form == "matrix" and formula.columns is ONE:
        return f"reshape({code.text}, :, 1)"
    if form == "matrix" and formula.rows is ONE:
        return f"reshape({code.text}, 1, :)"
    if code.strength == ATOM and code.text.endswith("'"):
        return f"permutedims({code.text[:-1]})"
    is_lazy = result.value.kernel in ("transpose", "rows_of") and code.text.isidentifier()
    return f"Matrix({code.text})" if is_lazy else code.text
