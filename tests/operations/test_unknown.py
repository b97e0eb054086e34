"""Records of unknown functions: one for each declaration, derivatives that belong together."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable

import numpy as np
import pytest
from numerics import close, differences, draw, m, matrix, n, value

from matdiff.dimensions import ONE, Dimension
from matdiff.errors import DomainProblem
from matdiff.operations.algebra import Expression, apply
from matdiff.operations.unknown import UnknownFunction
from matdiff.verification.differences import complex_step

DECLARED = {
    "φ": (UnknownFunction("φ"), matrix("X", m, n)),
    "s": (UnknownFunction("s", ONE, ONE), matrix("t", ONE)),
    "c": (UnknownFunction("c", ONE, m), matrix("t", ONE)),
    "f": (UnknownFunction("f", n, ONE), matrix("x", n)),
    "g": (UnknownFunction("g", n, m), matrix("x", n)),
}
ORDERS = {
    "φ": ("φ", "φ'", "φ''", "φ'''", "φ''''"),
    "s": ("s", "s'", "s''", "s'''"),
    "c": ("c", "c'", "c''", "c'''"),
    "f": ("f", "grad[f]", "hess[f]"),
    "g": ("g", "jac[g]"),
}


def called(name: str, written: str) -> Expression:
    function, X = DECLARED[name]
    record = function.called(written)
    assert record is not None
    return apply(record, X)


def defined(name: str, written: str) -> Expression:
    node = called(name, written)
    assert node.operation.definition is not None
    definition: Expression = node.operation.definition(*node.arguments)
    assert definition.shape == node.shape
    return definition


@pytest.mark.parametrize("stand_in", [called, defined])
@pytest.mark.parametrize("name", DECLARED)
def test_each_derivative_is_the_derivative_of_the_one_before(
    name: str, stand_in: Callable[[str, str], Expression]
) -> None:
    _, X = DECLARED[name]
    for written, following in zip(ORDERS[name], ORDERS[name][1:], strict=False):
        Y, derivative = stand_in(name, written), stand_in(name, following)
        values = draw(Y)
        found, slope = differences(Y, X, values), value(derivative, values)
        if name == "φ":
            slope = np.diag(slope.ravel(order="F"))
        elif written == "f":
            slope = slope.T
        assert close(slope, found), (written, following)


@pytest.mark.parametrize("name", DECLARED)
def test_the_functions_are_analytic(name: str) -> None:
    _, X = DECLARED[name]
    Y = called(name, name)
    values = draw(Y)
    change = np.ones_like(values[X])
    along = complex_step(lambda A: value(Y, {**values, X: A}), values[X], change)
    assert close(along.ravel(order="F"), differences(Y, X, values) @ change.ravel())


def test_a_hessian_and_a_jacobian_have_full_rank() -> None:
    for node in (called("f", "hess[f]"), called("g", "jac[g]"), defined("f", "hess[f]")):
        found = value(node, draw(node))
        assert np.linalg.matrix_rank(found) == min(found.shape)


def test_a_hessian_is_symmetric() -> None:
    H = called("f", "hess[f]")
    assert H.T is H
    found = value(H, draw(H))
    assert close(found, found.T, 1e-14)


@pytest.mark.parametrize(("name", "written"), [("f", "hess[f]"), ("g", "jac[g]")])
def test_arrays_of_three_indices_are_refused(name: str, written: str) -> None:
    X = DECLARED[name][1]
    (rule,) = called(name, written).operation.differential
    assert rule is not None
    with pytest.raises(DomainProblem, match="array of three indices"):
        rule(X, X)


def test_equal_declarations_are_one_record_and_others_are_not() -> None:
    assert UnknownFunction("g", n, m).record is DECLARED["g"][0].record
    assert UnknownFunction("g", n, m).called("jac[g]") is DECLARED["g"][0].called("jac[g]")
    assert UnknownFunction("g", n, n).record is not DECLARED["g"][0].record
    assert UnknownFunction("g").record is not DECLARED["g"][0].record
    assert UnknownFunction("h", n, m).record is not DECLARED["g"][0].record


def test_names_of_other_functions_are_none_of_its_own() -> None:
    for name, strange in (("φ", "jac[φ]"), ("g", "g'"), ("g", "grad[g]"), ("f", "f'"), ("s", "t'")):
        assert DECLARED[name][0].called(strange) is None


def test_a_record_goes_when_nothing_knows_it_any_more() -> None:
    size = Dimension.of("forgotten")
    function = UnknownFunction("forgotten", size, m)
    known = weakref.ref(function.record)
    assert function.called("jac[forgotten]") is not None
    del function
    gc.collect()
    assert known() is None


def test_values_do_not_depend_on_what_was_computed_before() -> None:
    Y, derivative = called("g", "g"), called("g", "jac[g]")
    values = draw(Y)
    first = value(Y, values)
    value(derivative, values)
    assert np.array_equal(value(Y, values), first)
