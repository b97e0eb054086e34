"""The lines that make a Python function's arguments arrays of one floating-point type.

The type is that of the arguments with axes: double precision if they hold integers, and single
precision stays what it is, whatever precision the scalars among the arguments have.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Sequence
from typing import Any

from matdiff.emission import numerics
from matdiff.emission.interface import LONGEST_LINE, wrapped
from matdiff.emission.statements import ARITHMETIC
from matdiff.emission.values import Value

_ARITHMETIC_OF_NUMBERS = frozenset({"number", "size", "negative", "power", *ARITHMETIC})


class Arguments:
    """The parameters of a function that are arrays and scalars, and the names its lines use."""

    __slots__ = ("arrays", "names", "scalars")

    def __init__(
        self, arrays: Sequence[str], scalars: Sequence[str], computed: Sequence[str]
    ) -> None:
        self.arrays, self.scalars = list(arrays), list(scalars)
        self.names = frozenset(re.findall(r"\w+", " ".join(computed)))

    @property
    def all(self) -> list[str]:
        """Those that decide the type come first."""
        return self.arrays + self.scalars


class Converted:
    """Lines before the shapes are checked and after, and the functions that they call."""

    __slots__ = ("after", "before", "helpers")

    def __init__(
        self,
        before: Sequence[str] = (),
        after: Sequence[str] = (),
        helpers: Sequence[Callable[..., Any]] = (),
    ) -> None:
        self.before, self.after, self.helpers = list(before), list(after), list(helpers)


def for_numpy(given: Arguments) -> Converted:
    """What is an array of numpy already, in double or single precision, is not looked at again."""
    if not given.arrays:
        scalars = [f"{name} = np.float64({name})" for name in given.scalars]
        return Converted(scalars, ["dtype = np.float64"] if "dtype" in given.names else [])
    first, *others = given.arrays
    kinds = [f"type({name})" for name in given.arrays]
    known = [f"{' is '.join(part)} is np.ndarray" for part in _parts(kinds)]
    dtypes = _parts([f"{name}.dtype" for name in others])
    known += [f"{first}.dtype is {' is '.join(part)}" for part in dtypes]
    known.append(f"{first}.dtype in _FLOATS")
    before = list(wrapped("if not (", known, " and ", "):"))
    before += _unpacked("_floating", "np", given.arrays, "    ")
    if given.scalars or "dtype" in given.names:
        before.append(f"dtype = {first}.dtype")
    before += [f"{name} = dtype.type({name})" for name in given.scalars]
    return Converted(before, helpers=[numerics._floating])


def for_jax(given: Arguments) -> Converted:
    """No value is looked at, so that tracers pass."""
    deciding = given.arrays or given.scalars
    if not deciding:
        return Converted(after=["dtype = float"] if "dtype" in given.names else [])
    lines = [f"dtype = jnp.result_type(float, {', '.join(deciding)})"]
    lines += [f"{name} = jnp.asarray({name}, dtype)" for name in given.all]
    return Converted(lines)


def for_torch(given: Arguments) -> Converted:
    """Numbers go to the device of the tensors."""
    if not given.all:
        names = {"dtype": "torch.get_default_dtype()", "device": "torch.get_default_device()"}
        return Converted(after=_attributes(given, names))
    first = given.all[0]
    return Converted(
        _unpacked("_tensors", "torch", given.all),
        _attributes(given, {name: f"{first}.{name}" for name in ("dtype", "device")}),
        [numerics._tensors],
    )


def for_array_api(given: Arguments) -> Converted:
    """The functions are those that go with the arguments; numpy's where there are none."""
    if not given.all:
        names = {"dtype": "xp.float64", "device": "None"}
        return Converted(["import numpy as xp", ""], _attributes(given, names))
    before = [f"xp = _namespace({', '.join(given.all)})"]
    helpers: list[Callable[..., Any]] = [numerics._namespace]
    first = given.all[0]
    names = {"dtype": f"{first}.dtype", "device": f"_device({first})"}
    like = ""
    if given.arrays:
        before += _unpacked("_converted", "xp", given.arrays)
        helpers.append(numerics._converted)
        like = f", {given.arrays[0]}"
    if given.scalars or "device" in given.names:
        helpers.append(numerics._device)
    if given.scalars:
        before += [f"{name} = _scalar(xp, {name}{like})" for name in given.scalars]
        helpers.append(numerics._scalar)
    return Converted(before, _attributes(given, names), helpers)


def _parts(words: Sequence[str]) -> list[Sequence[str]]:
    """Some to a line."""
    return [words[i : i + 3] for i in range(0, len(words), 3)]


def _attributes(given: Arguments, names: dict[str, str]) -> list[str]:
    """`dtype, device = A.dtype, A.device`, as far as they are used."""
    used = [name for name in names if name in given.names]
    return [f"{', '.join(used)} = {', '.join(names[name] for name in used)}"] if used else []


def _unpacked(function: str, first: str, names: Sequence[str], indent: str = "") -> list[str]:
    """`A, x = function(first, A, x)`, on several lines where that is too long."""
    listed = ", ".join(names) if len(names) > 1 else f"({names[0]},)"
    line = f"{indent}{listed} = {function}({first}, {', '.join(names)})"
    if len(line) <= LONGEST_LINE - 4:
        return [line]
    left, right = (
        textwrap.wrap(f"{', '.join(part)},", LONGEST_LINE - 12) for part in (names, [first, *names])
    )
    lines = ["(", *(f"    {part}" for part in left), f") = {function}("]
    return [f"{indent}{part}" for part in [*lines, *(f"    {part}" for part in right), ")"]]


def is_known(value: Value, *, functions: bool = False) -> bool:
    """Whether the value is a Python number: made of numbers and sizes alone, by arithmetic, and by
    functions too where these give Python numbers."""
    stack, seen = [value], {value}
    while stack:
        top = stack.pop()
        is_made = top.kernel in _ARITHMETIC_OF_NUMBERS or (functions and top.kernel == "map")
        if top.rank or not (is_made or _is_constant(top)):
            return False
        stack += [argument for argument in top.arguments if argument not in seen]
        seen.update(top.arguments)
    return True


def _is_constant(value: Value) -> bool:
    """A number with a name, as pi."""
    return value.kernel == "template" and len(value.data) == 1 and not value.arguments
