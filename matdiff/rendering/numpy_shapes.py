"""The first lines of an emitted function: arguments made arrays, sizes read and checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Protocol

from matdiff.dimensions import ONE, Dimension, Shape, at_least_one, shape_text
from matdiff.operations.algebra import Expression
from matdiff.operations.record import Operation
from matdiff.rendering.numpy_body import size_code
from matdiff.rendering.numpy_values import ATOM, Code


class Variable(Protocol):
    """A variable of a formula; a vector is passed as a one-dimensional array."""

    @property
    def name(self) -> str: ...
    @property
    def symbol(self) -> Expression: ...
    @property
    def is_vector(self) -> bool: ...


class Shapes:
    """What the arguments' shapes say of the sizes.

    `shown` are the names of dimensions that can be read from an argument.
    """

    __slots__ = ("_defining", "_dimensions", "_parameters", "_readings", "_used", "shown")

    def __init__(
        self,
        used: Sequence[Variable],
        parameters: Mapping[str, str],
        dimensions: Mapping[str, str],
    ) -> None:
        self._used, self._parameters, self._dimensions = used, parameters, dimensions
        self.shown: set[str] = set()
        self._readings: dict[str, str] = {}  # name of a dimension -> where its size is read
        self._defining: set[str] = set()  # the sides that cannot contradict, being read themselves
        axes = [
            (side, f"{parameters[v.name]}.shape[{axis}]")
            for v in used
            if not v.symbol.is_scalar
            for axis, side in enumerate(v.symbol.shape)
        ]
        # a name alone first, then n+1, 2*n and m*n with m known, as long as that gives new names
        known = -1
        while known < len(self.shown):
            known = len(self.shown)
            for side, length in sorted(axes, key=lambda axis: axis[0].name is None):
                self._read(side, length)

    def _read(self, side: Dimension, length: str) -> None:
        """Note how a size is found from a side in which it is the only one not known."""
        unknown = side.names() - self.shown
        if len(unknown) != 1 or side.denominator > 1:
            return
        (name,) = unknown
        factor, rest = Dimension.of(0), Dimension.of(0)
        for monomial, coefficient in side.terms:
            if monomial.count(name) > 1:
                return
            term = Dimension.of(coefficient)
            for other in monomial:
                term = term * Dimension.of(other) if other != name else term
            if name in monomial:
                factor = factor + term
            else:
                rest = rest + term
        code = Code(length)
        if rest.terms:
            code = Code(f"{length} - {self._size(rest)}", ATOM - 1)
        if factor is not ONE:
            code = Code(f"{code.at(ATOM)} // {self._size(factor)}")
        self.shown.add(name)
        self._readings[name] = code.text
        if side.name is not None:
            self._defining.add(length)

    def _size(self, size: Dimension) -> str:
        return size_code(size, self._dimensions).at(ATOM)

    def docstring(
        self, shape: Shape, result: str, functions: Mapping[Operation, str]
    ) -> Iterator[str]:
        """What goes in and what comes out."""
        yield '"""Arguments and result:'
        yield ""
        for variable in self._used:
            written = _described(variable.symbol.shape, variable.is_vector)
            yield f"    {self._parameters[variable.name]} : {written}"
        for operation, name in functions.items():
            assert operation.unknown is not None
            yield f"    {name} : {operation.unknown.values}"
        yield f"    returns {_described(shape, result == 'vector')}"
        yield '"""'

    def conversions(self, dtype_is_used: bool) -> Iterator[str]:
        """Arguments as floating-point arrays, single precision staying what it is."""
        arrays = [v for v in self._used if not v.symbol.is_scalar]
        names = [self._parameters[v.name] for v in arrays]
        for variable, name in zip(arrays, names, strict=True):
            sides = 1 if variable.is_vector else 2
            column = ".reshape(-1, 1)" if variable.is_vector else ""
            yield f"{name} = np.asarray({name})"
            yield f"if {name}.ndim != {sides}:"
            yield f'    raise ValueError(f"{name} has {{{name}.ndim}} axes, expected {sides}")'
            yield f"{name} = {name}.astype(np.result_type({name}, np.float16), copy=False){column}"
        for variable in self._used:
            if variable.symbol.is_scalar:
                name = self._parameters[variable.name]
                yield f"{name} = float({name})"
        if dtype_is_used:
            yield f"dtype = np.result_type({', '.join(names)})" if names else "dtype = float"

    def checks(self, mentioned: Set[str]) -> Iterator[str]:
        """Sizes from the shapes, and an error if two arguments contradict each other.

        `mentioned` are the sizes that the formula needs.
        """
        checked = [v for v in self._used if not v.symbol.is_scalar and not self._defines(v)]
        needed = set(mentioned).union(*(side.names() for v in checked for side in v.symbol.shape))
        for size, reading in self._readings.items():
            if size in needed:
                yield f"{self._dimensions[size]} = {reading}"
        for variable in checked:
            name = self._parameters[variable.name]
            shape = ", ".join(
                size_code(side, self._dimensions).text for side in variable.symbol.shape
            )
            described = _described(variable.symbol.shape, variable.is_vector)
            actual = f"len({name})" if variable.is_vector else f"{name}.shape"
            yield f"if {name}.shape != ({shape}):"
            yield f'    raise ValueError(f"{name} must be {described}, not {{{actual}}}")'

    def _defines(self, variable: Variable) -> bool:
        """Whether all sides of an argument are where their sizes are read."""
        name = self._parameters[variable.name]
        sides = [f"{name}.shape[0]"] + [f"{name}.shape[1]"] * (not variable.is_vector)
        return self._defining.issuperset(sides)


def _described(shape: Shape, is_vector: bool) -> str:
    if shape == (ONE, ONE):
        return "scalar"
    return str(shape[0]) if is_vector else shape_text(shape)


def demands(nodes: Iterable[Expression], dimensions: Mapping[str, str]) -> Iterator[str]:
    """An error for sizes that lack a part which is taken: numpy would cut slices off."""
    demanded = {
        dimension
        for node in nodes
        if node.operation.positive is not None
        for dimension in node.operation.positive(*node.parameters)
        if at_least_one(dimension) is None
    }
    for dimension in sorted(demanded, key=str):
        yield f"if {size_code(dimension, dimensions).text} < 1:"
        yield f'    raise ValueError("the formula is for {dimension} >= 1")'
