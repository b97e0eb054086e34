"""Gradients, Jacobians and differentials against central differences of the function itself."""

from __future__ import annotations

import numpy as np
import pytest
from expressions import GRADIENTS, JACOBIANS, A, Q, W, X, Z, x, y
from numerics import close, differences, draw, value

from matdiff.calculus import differential_of, gradient, hessian, jacobian, jacobians
from matdiff.calculus.differential import differential
from matdiff.calculus.operators import operator_product
from matdiff.errors import DomainProblem, NameProblem
from matdiff.operations.algebra import Expression, add, make, zeros
from matdiff.operations.linear import trace
from matdiff.operations.nonlinear import logdet
from matdiff.operations.record import Notation, Operation


def reference(
    f: Expression, variable: Expression, values: dict, layout: str, vec: str
) -> np.ndarray:
    J = differences(f, variable, values, "F" if vec == "column" else "C")
    return J if layout == "numerator" else J.T


@pytest.mark.parametrize("vec", ["column", "row"])
@pytest.mark.parametrize("layout", ["numerator", "denominator"])
@pytest.mark.parametrize("name", JACOBIANS)
def test_jacobian_in_every_layout(name: str, layout: str, vec: str) -> None:
    f, variable = JACOBIANS[name]
    values = draw(f, variable)
    expected = reference(f, variable, values, layout, vec)
    for formula in jacobians(f, variable, layout=layout, vec_order=vec):
        assert close(value(formula, values), expected)


@pytest.mark.parametrize("name", JACOBIANS)
def test_operators_and_networks_agree(name: str) -> None:
    f, variable = JACOBIANS[name]
    dY, dX = differential_of(f, variable)
    if not dX.is_scalar:
        values = draw(f, variable)
        expected = differences(f, variable, values)
        assert close(value(operator_product(dY, dX), values), expected)


@pytest.mark.parametrize("name", GRADIENTS)
def test_gradient(name: str) -> None:
    f, variable = GRADIENTS[name]
    values = draw(f)
    expected = differences(f, variable, values).reshape(values[variable].shape, order="F")
    assert close(value(gradient(f, variable), values), expected, 1e-5)


@pytest.mark.parametrize("name", GRADIENTS)
def test_differential_is_the_gradient_read_along_a_direction(name: str) -> None:
    f, variable = GRADIENTS[name]
    df, change = differential_of(f, variable)
    values = draw(f, change)
    slope = differences(f, variable, values) @ values[change].reshape(-1, 1, order="F")
    assert close(value(df, values), slope, 1e-5)


@pytest.mark.parametrize(
    "f, variable",
    [
        (trace(Z @ Z @ Z @ Q), Z),
        (logdet(X @ X.T), X),
        ((x.T @ Q @ x) * (x.T @ x), x),
        (trace(X.T @ A.T @ A @ X @ Q), X),
    ],
)
def test_hessian_is_the_jacobian_of_the_gradient(f: Expression, variable: Expression) -> None:
    values = draw(f)
    H = value(hessian(f, variable), values)
    assert close(H, differences(gradient(f, variable), variable, values), 1e-5)
    assert close(H, H.T)


def test_a_constant_has_the_zero_derivative_of_its_full_shape() -> None:
    assert gradient(trace(Q), x) is zeros(*x.shape)
    assert jacobian(Q @ x, y) is zeros(x.rows, y.rows)
    assert jacobian(Q @ x, y, layout="denominator") is zeros(y.rows, x.rows)


def test_what_has_no_rule_is_refused_and_not_taken_for_a_constant() -> None:
    unknown = Operation("unknown", signature="ij->ij", notation=Notation("function", "unknown"))
    node = make(unknown, (W,), W.shape)
    with pytest.raises(DomainProblem, match="the derivative of unknown is not known"):
        differential(add(node, W), W, X)


def test_a_variable_named_like_the_change_is_kept_apart() -> None:
    from numerics import m, matrix, n

    dX = matrix("dX", m, n)
    f = trace(X.T @ dX)
    assert close(value(gradient(f, X), draw(f)), draw(f)[dX])
    with pytest.raises(NameProblem, match="dX is a variable of the expression"):
        differential_of(f, X)


def test_ten_thousand_nested_functions() -> None:
    from matdiff.operations.elementwise import TANH, apply
    from matdiff.operations.linear import total

    value_of = x
    for _ in range(10_000):
        value_of = apply(TANH, Q @ value_of)
    assert gradient(total(value_of), x).shape == x.shape
