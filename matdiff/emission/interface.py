"""The first lines of an emitted function in Python: its arguments described, converted, checked.

Sizes are read from the arguments' shapes, and one message says what was expected where they do not
fit.  Columns and rows that are given with two axes lose one, for the program stores neither so.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from matdiff.dimensions import ONE, Dimension, Shape, at_least_one, shape_text
from matdiff.emission.code import ATOM, Code
from matdiff.emission.statements import size_code
from matdiff.operations.algebra import Expression, symbol_properties
from matdiff.operations.record import Operation

LONGEST_LINE = 96


class Variable(Protocol):
    """A variable of a formula; a vector is passed as a one-dimensional array."""

    @property
    def name(self) -> str: ...
    @property
    def symbol(self) -> Expression: ...
    @property
    def is_vector(self) -> bool: ...


class Axis:
    """One axis of an argument: its dimension, and the local name its length is unpacked into."""

    __slots__ = ("name", "side")

    def __init__(self, side: Dimension, name: str) -> None:
        self.side, self.name = side, name


class Interface:
    """What the arguments' shapes say of the sizes.

    shown     the names of dimensions that can be read from an argument
    axes      of each parameter that is an array
    readings  local names of dimensions that follow from a length, each with how
    """

    __slots__ = ("_dimensions", "_parameters", "_quotient", "_used", "axes", "readings", "shown")

    def __init__(
        self,
        used: Sequence[Variable],
        parameters: Mapping[str, str],
        dimensions: Mapping[str, str],
        taken: set[str],
        quotient: str = "{} // {}",
    ) -> None:
        self._used, self._parameters, self._dimensions = used, parameters, dimensions
        self._quotient = quotient
        self.shown: set[str] = set()
        self.readings: list[tuple[str, str]] = []
        self.axes: dict[str, list[Axis]] = {}
        for variable in self.arrays():
            parameter = parameters[variable.name]
            self.axes[parameter] = [
                self._axis(side, f"{parameter}_{i + 1}", taken)
                for i, side in enumerate(self._sides(variable))
            ]
        axes = [axis for found in self.axes.values() for axis in found]
        known = -1
        while known < len(self.shown):  # n+1, 2*n and m*n, as long as that gives new names
            known = len(self.shown)
            for axis in axes:
                self._read(axis)

    def arrays(self) -> list[Variable]:
        return [variable for variable in self._used if not variable.symbol.is_scalar]

    def _sides(self, variable: Variable) -> Sequence[Dimension]:
        return variable.symbol.shape[: 1 if variable.is_vector else 2]

    def _axis(self, side: Dimension, name: str, taken: set[str]) -> Axis:
        """The first axis of length n is where n is read."""
        if side.name is not None and side.name not in self.shown:
            self.shown.add(side.name)
            return Axis(side, self._dimensions[side.name])
        while name in taken:
            name += "_"
        taken.add(name)
        return Axis(side, name)

    def _read(self, axis: Axis) -> None:
        """Note how a size is found from a side in which it is the only one not known."""
        unknown = axis.side.names() - self.shown
        if len(unknown) != 1 or axis.side.denominator > 1:
            return
        (name,) = unknown
        factor, rest = Dimension.of(0), Dimension.of(0)
        for monomial, coefficient in axis.side.terms:
            if monomial.count(name) > 1:
                return
            term = Dimension.of(coefficient)
            for other in monomial:
                term = term * Dimension.of(other) if other != name else term
            if name in monomial:
                factor = factor + term
            else:
                rest = rest + term
        code = Code(axis.name)
        if rest.terms:
            code = Code(f"{axis.name} - {self._size(rest)}", ATOM - 1)
        if factor is not ONE:
            code = Code(self._quotient.format(code.at(ATOM), self._size(factor)))
        self.shown.add(name)
        self.readings.append((self._dimensions[name], code.text))

    def _size(self, size: Dimension) -> str:
        return size_code(size, self._dimensions).at(ATOM)

    def docstring(
        self,
        summary: str,
        results: Sequence[str],
        functions: Mapping[Operation, str],
    ) -> Iterator[str]:
        """What goes in and what comes out."""
        told = summary.replace("\\", r"\\").replace('"""', "'''")
        yield from textwrap.wrap(f'"""{told}', LONGEST_LINE, break_on_hyphens=False)
        yield ""
        for variable in self._used:
            shape = described(variable.symbol.shape, variable.is_vector)
            written = " ".join([shape, *symbol_properties(variable.symbol)])
            yield f"    {self._parameters[variable.name]} : {written}"
        for operation, name in functions.items():
            assert operation.unknown is not None
            yield f"    {name} : {operation.unknown.values}"
        yield f"    returns {', '.join(results)}"
        yield '"""'

    def checks(self) -> Iterator[str]:
        """Sizes from the shapes, and an error if two arguments contradict each other."""
        scalars = [v for v in self._used if v.symbol.is_scalar]
        conditions = [f"{self._parameters[v.name]}.shape != ()" for v in scalars]
        if not self.axes:
            if conditions:
                yield from wrapped("if ", conditions, " or ", ":")
                yield from self._message("")
            return
        yield "try:"
        for parameter, axes in self.axes.items():
            names = ", ".join(axis.name for axis in axes)
            yield f"    {names if len(axes) > 1 else f'({names},)'} = {parameter}.shape"
        for name, reading in self.readings:
            yield f"    {name} = {reading}"
        for axis in [axis for axes in self.axes.values() for axis in axes]:
            expected = size_code(axis.side, self._dimensions).text
            if axis.name != expected:
                conditions.append(f"{axis.name} != {expected}")
        if conditions:
            for line in wrapped("if ", conditions, " or ", ":", LONGEST_LINE - 8):
                yield f"    {line}"
            yield "        raise ValueError"
        yield "except ValueError:"
        yield from self._message(" from None")

    def _message(self, cause: str) -> Iterator[str]:
        """What shapes were expected and which were given."""
        given = [self._parameters[variable.name] for variable in self._used]
        expected = [
            f"{name}: {described(v.symbol.shape, v.is_vector)}"
            for name, v in zip(given, self._used, strict=True)
        ]
        pieces = [f"expected {', '.join(expected)}; "]
        pieces.append("got " + ", ".join(f"{name}: {{{name}.shape}}" for name in given))
        whole = f'    raise ValueError(f"{"".join(pieces)}"){cause}'
        if len(whole) <= LONGEST_LINE - 4:
            yield whole
            return
        lines = [line for piece in pieces for line in _folded(piece)]
        yield "    raise ValueError("
        for line in lines:
            yield f'        {"f" if "{" in line else ""}"{line}"'
        yield f"    ){cause}"

    def columns(self) -> Iterator[str]:
        """Columns and rows with two axes made vectors."""
        for variable in self.arrays():
            name = self._parameters[variable.name]
            rows, columns = variable.symbol.shape
            if not variable.is_vector and columns is ONE:
                yield f"{name} = {name}[:, 0]"
            elif rows is ONE:
                yield f"{name} = {name}[0, :]"


def wrapped(
    head: str, parts: Sequence[str], between: str, tail: str, longest: int = LONGEST_LINE - 4
) -> Iterator[str]:
    """A condition on one line where it fits, else in brackets with a line for each part."""
    line = f"{head}{between.join(parts)}{tail}"
    if len(line) <= longest:
        yield line
        return
    bracketed = head.endswith("(")
    yield head if bracketed else f"{head}("
    for i, part in enumerate(parts):
        yield f"    {between.lstrip() if i else ''}{part}"
    yield tail if bracketed else f"){tail}"


def _folded(text: str) -> Iterator[str]:
    """A long message in pieces, broken after commas."""
    line = ""
    for part in text.split(", "):
        if line and len(line) + len(part) > LONGEST_LINE - 24:
            yield line + ", "
            line = part
        else:
            line = f"{line}, {part}" if line else part
    yield line


def described(shape: Shape, is_vector: bool) -> str:
    if shape == (ONE, ONE):
        return "scalar"
    return str(shape[0]) if is_vector else shape_text(shape)


def demanded(nodes: Iterable[Expression]) -> list[Dimension]:
    """The dimensions that have to be at least one: slices of what is empty would be cut off."""
    found = {
        dimension
        for node in nodes
        if node.operation.positive is not None
        for dimension in node.operation.positive(*node.parameters)
        if at_least_one(dimension) is None
    }
    return sorted(found, key=str)
