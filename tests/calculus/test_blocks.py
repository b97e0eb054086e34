"""Derivatives of blocks and slices against differences of the function's own values."""

from __future__ import annotations

import numpy as np
import pytest
from numerics import SIZES, close, differences, draw, value

from matdiff.calculus import gradient, hessian, jacobian
from matdiff.normal import normalise, shortest
from matdiff.operations.algebra import Expression
from matdiff.rendering import text
from matdiff.shapes import Environment, function_names, read
from matdiff.syntax import parse_declarations, parse_expression

DECLARED = (  # at sizes m = 2, n = 3, p = 4
    "A : m×n, B : m×p, C : p×n, D : p×p, M : n×n, x : n, y : p, w : n+1, T : (n+p)×n, t : scalar"
)
GRADIENTS = [
    ("norm([A, B])^2", "A", "2 A"),
    ("norm([A, B] [x; y])^2", "x", "2 A'(A x + B y)"),
    ("[x; 1]'w", "w", "[x; 1]"),
    ("[x; 1]'w", "x", "w[1:n]"),
    ("A[1,2]^2", "A", "2 A[1,2] e(1,m) e(2,n)'"),
    ("x[1] x[n]", "x", "x[1] e(n,n) + x[n] e(1,n)"),
    ("norm(x[1:2])^2", "x", "2 [x[1:2]; zeros(n-2)]"),
    ("sum(tanh([x; y]))", "x", "ones(n) - tanh(x).^2"),
    ("log(softmax(x)[2])", "x", "e(2,n) - softmax(x)"),
    ("tr([M, A'B; C, D])", "M", "I(n)"),
    ("tr([M, C'; C, D])", "C", "zeros(p,n)"),
    ("[x; y]'[M, C'; C, D] [x; y]", "x", "2 C'y + (M + M')x"),
    ("logdet([M, C'; C, D])", "M", None),
    ("det([M, x; x', t])", "x", None),
    ("det([M, x; x', t])", "t", None),
    ("norm(T[n+1:n+p,:] x)^2", "T", None),
    ("norm([A; C] x)^2 + sum((A M)[2,:])", "A", None),
    ("norm(M[:,2:3]∘A'[:,1:2])^2", "M", None),
    ("norm(inv([M, C'; C, D])[1:n,n+1:n+p])^2", "D", None),
    ("sum(A⊛M∘(A⊛M))", "A", None),
]  # fmt: skip
JACOBIANS = [
    ("[A x; y; x]", "x", "[A; zeros(p,n); I]"),
    ("[A; C] x", "x", "[A; C]"),
    ("x[2:n] - x[1:n-1]", "x", "I(n)[2:n,:] - I(n)[1:n-1,:]"),
    ("M[1,:]'", "M", None),
    ("[M, x; x', 1]", "x", None),
    ("[A M, B D]", "M", None),
    ("[A; C]'", "A", None),
    ("[A, B][:,2:n+1]", "B", None),
    ("(M M)[1:2,:]", "M", None),
    ("[x, x]⊗A", "x", None),
    ("diag([x; y])", "x", None),
    ("vec([A; C])", "C", None),
    ("A⊛M", "M", None),
    ("[x; t x]", "t", "[zeros(n); x]"),
]
HESSIANS = [
    ("x[1] x[2] + x[n]^2", "x"),
    ("[x; y]'[M, C'; C, D] [x; y]", "x"),
    ("norm(x[2:n] - x[1:n-1])^2", "x"),
    ("sum(exp([x; y] - [y; x]))", "y"),
    ("logdet([M, x; x', 9])", "x"),
    ("M[1,2] M[2,1]", "M"),
]


def expressions(*texts: str) -> list[Expression]:
    environment = Environment()
    environment.declare(parse_declarations(DECLARED))
    found = []
    for written in texts:
        tree = parse_expression(written, declared=environment.names, functions=function_names())
        found.append(read(tree, environment).expression)
    return found


@pytest.mark.parametrize(("written", "wrt", "formula"), GRADIENTS)
def test_gradient(written: str, wrt: str, formula: str | None) -> None:
    f, X = expressions(written, wrt)
    found = shortest(gradient(normalise(f), X))
    values = draw(f, X)
    expected = differences(f, X, values)
    got = value(found, values)
    assert got.shape == tuple(side.at(SIZES) for side in X.shape)
    assert close(got.ravel(order="F")[None, :], expected, 1e-5)
    assert formula is None or text(found) == formula


@pytest.mark.parametrize(("written", "wrt", "formula"), JACOBIANS)
@pytest.mark.parametrize("order", ["column", "row"])
def test_jacobian(written: str, wrt: str, formula: str | None, order: str) -> None:
    Y, X = expressions(written, wrt)
    values = draw(Y, X)
    found = shortest(jacobian(normalise(Y), X, vec_order=order))
    expected = differences(Y, X, values, "F" if order == "column" else "C")
    assert close(value(found, values), expected, 1e-5)
    turned = shortest(jacobian(normalise(Y), X, vec_order=order, layout="denominator"))
    assert close(value(turned, values), expected.T, 1e-5)
    assert formula is None or text(found) == formula


@pytest.mark.parametrize(("written", "wrt"), HESSIANS)
def test_hessian(written: str, wrt: str) -> None:
    f, X = expressions(written, wrt)
    values = draw(f, X)
    found = value(shortest(hessian(f, X)), values)
    assert close(found, differences(gradient(f, X), X, values), 1e-4)
    assert np.allclose(found, found.T)


def test_the_differential_of_blocks_is_written_as_blocks() -> None:
    from matdiff.derivatives import derive

    Y, X = expressions("[M, x; x', 1]", "x")
    assert text(derive("differential", Y, X).formula) == "[0, dx; dx', 0]"
