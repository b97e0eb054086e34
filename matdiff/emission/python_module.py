"""The module around an emitted function in Python: imports, helpers, arguments made arrays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from matdiff.dimensions import ONE
from matdiff.emission.code import ATOM
from matdiff.emission.conversion import Arguments, is_known
from matdiff.emission.interface import LONGEST_LINE, described
from matdiff.emission.statements import size_code
from matdiff.operations.algebra import postorder
from matdiff.operations.matrix_numerics import source_of
from matdiff.rendering import text

LONGEST_TOLD = 500  # nodes of formulas that are written into a docstring

if TYPE_CHECKING:
    from matdiff.emission.function import Function, Returned
    from matdiff.emission.python import Python


def module(target: Python, function: Function) -> Iterator[str]:
    """The lines of the module."""
    returned = ", ".join(_returned(result, target) for result in function.results)
    computed = [*function.body.lines, f"return {returned}"]
    converted = target.convert(Arguments(function.arrays, function.scalars, computed))
    described_results = [described(r.formula.shape, r.form == "vector") for r in function.results]
    interface = function.interface
    lines = [
        *interface.docstring(_summary(function), described_results, function.functions),
        *converted.before,
        *interface.checks(),
        *interface.columns(),
        *converted.after,
        *_demands(function),
        *computed,
    ]
    helpers = dict.fromkeys([*converted.helpers, *function.body.helpers])
    sources = [source_of(helper) for helper in helpers]
    head = "\n".join(_imports(target, "\n".join([*sources, *lines])))
    body = "\n".join([*_signature(function), *(f"    {line}" if line else "" for line in lines)])
    yield "\n\n\n".join([part for part in (head, *sources, body) if part])
    yield ""


def _summary(function: Function) -> str:
    """The first line of the docstring; the formulas themselves if none was given."""
    formulas = [result.formula for result in function.results]
    if function.summary or len(postorder(*formulas)) > LONGEST_TOLD:
        return function.summary or "A long formula."
    return f"{', '.join(map(text, formulas))}."


def _imports(target: Python, code: str) -> Iterator[str]:
    """The lines that bring in what the code uses, and the constant that numpy's checks use."""
    modules = dict(target.imports)
    if "np" not in modules and re.search(r"\bnp\b", code):  # in what is constant
        modules = {"np": "import numpy as np", **modules}
    yield from (line for name, line in modules.items() if re.search(rf"\b{name}\b", code))
    if "_FLOATS" in code:
        yield from ("", "_FLOATS = (np.dtype(np.float64), np.dtype(np.float32))")


def _signature(function: Function) -> Iterator[str]:
    names = [*function.parameters.values(), *function.functions.values()]
    names += ["*", *function.keywords] if function.keywords else []
    line = f"def {function.name}({', '.join(names)}):"
    if len(line) <= LONGEST_LINE:
        yield line
        return
    yield f"def {function.name}("
    yield from (f"    {name}," for name in names)
    yield "):"


def _demands(function: Function) -> Iterator[str]:
    """An error for sizes that lack a part which is taken: slices would be cut off."""
    for dimension in function.positive:
        yield f"if {size_code(dimension, function.dimensions).text} < 1:"
        yield f'    raise ValueError("the formula is for {dimension} >= 1")'


def _returned(result: Returned, target: Python) -> str:
    code, formula, form = result.code, result.formula, result.form
    if form == "scalar":
        template = target.constant if is_known(result.value) else "{0}"
        return target.returned.format(template.format(code.text))
    if form == "matrix" and formula.columns is ONE:
        return f"{code.at(ATOM)}[:, None]"
    if form == "matrix" and formula.rows is ONE:
        return f"{code.at(ATOM)}[None, :]"
    return code.text
