"""Relations C9 for code: what an emitted function returns against the formula's own value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from matdiff.dimensions import ONE
from matdiff.emission import Result, source
from matdiff.emission.structured import structured
from matdiff.errors import DomainProblem
from matdiff.operations.algebra import (
    SYMBOL,
    Expression,
    inner,
    postorder,
    substitute,
    symbol_name,
)
from matdiff.rendering import text
from properties.cases import Array, Case, relation
from properties.numbers import Outside, distance
from properties.typed import named

RELATIVE, ROUNDING = 1e-6, 1e-11  # of the value, and of the largest number on the way to it
Told = Iterator[tuple[str, bool]]


def _returned(case: Case, formulas: list[Expression], target: str = "numpy") -> list[Array]:
    """What the emitted function of the formulas returns at the case's point, as matrices."""
    values = [case.value(formula) for formula in formulas]
    written, arguments = source([Result(formula) for formula in formulas], target=target)
    space: dict[str, Any] = {}
    exec(compile(written, "emitted", "exec"), space)
    symbols = {symbol_name(n): n for n in postorder(*formulas) if n.operation is SYMBOL}
    passed = {
        parameter: _argument(case.value(symbols[meant]))
        if meant in symbols
        else case.point.sizes[meant]
        for parameter, meant in arguments.items()
    }
    try:
        with np.errstate(all="ignore"):
            found = space["derivative"](**passed)
    except np.linalg.LinAlgError as singular:
        raise Outside from singular
    results = found if len(formulas) > 1 else (found,)
    for formula, result in zip(formulas, results, strict=True):
        assert np.ndim(result) == (0 if formula.is_scalar else 1 if formula.columns is ONE else 2)
    return [np.reshape(r, v.shape) for r, v in zip(results, values, strict=True)]


def _argument(value: Array) -> Array | float:
    if value.shape == (1, 1):
        return float(value[0, 0])
    return value[:, 0] if value.shape[1] == 1 else value


def _agree(case: Case, formulas: list[Expression], target: str = "numpy") -> Told:
    """Whether what is returned is the formulas' value."""
    for formula, found in zip(formulas, _returned(case, formulas, target), strict=True):
        expected = case.value(formula)
        floor = ROUNDING * case.point.largest(formula)
        close = distance(found, expected) <= RELATIVE or np.max(np.abs(found - expected)) <= floor
        if not close and case.point.is_rounding(formula):
            raise Outside
        yield f"{target}: {text(formula)} is {expected}, not {found}", bool(close)


@relation("C9 code", "the function in numpy and by the arrays' own library: the formula's value")
def code(case: Case) -> Told:
    kind = "gradient" if case.Y.is_scalar else "jacobian"
    for formula in (case.Y, case.derivative(kind, case.Y, case.X)):
        yield from _agree(case, [formula])
        try:
            source([Result(formula)], target="array-api")
        except DomainProblem:  # it has no expm, for one
            continue
        yield from _agree(case, [formula], "array-api")


@relation("C9 shared", "value and gradient in one function: the values of both", of="scalar")
def shared(case: Case) -> Told:
    yield from _agree(case, [case.Y, case.gradient(case.Y)])


@relation("C9 operator", "the functions for J dX and J'dY: their formulas' values")
def operator(case: Case) -> Told:
    yield from _agree(case, [case.derivative("differential", case.Y, case.X)])
    yield from _agree(case, [case.gradient(inner(named("W", *case.Y.shape), case.Y))])


@relation("C9 structured", "the parts of a Jacobian in place of their names: the Jacobian")
def parts(case: Case) -> Iterator[Any]:
    J = case.jacobian(case.Y)
    taken = structured(J, ())
    symbols = [node for node in postorder(taken.formula) if node.operation is SYMBOL]
    given = {s: taken.parts[symbol_name(s)] for s in symbols if symbol_name(s) in taken.parts}
    yield substitute(taken.formula, given), J
    yield from _agree(case, list(taken.parts.values()))
