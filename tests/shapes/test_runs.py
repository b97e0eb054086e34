"""Runs of letters that nobody declared: products of what is known, names, or refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from matdiff import check, gradient, jacobian
from matdiff.errors import MatdiffError, ShapeProblem
from matdiff.shapes import Environment, Reading, read
from matdiff.syntax.tree import Tree

Read = Callable[..., Reading]
Named = Callable[[str], Environment]
Parsed = Callable[[str, Environment], Tree]


@pytest.fixture
def read_by(environment_of: Named, tree_of: Parsed) -> Callable[..., Reading]:
    def reading(text: str, wrt: str, declarations: str = "") -> Reading:
        environment = environment_of(declarations)
        return read(tree_of(text, environment), environment, wrt=wrt)

    return reading


@pytest.mark.parametrize(
    ("text", "wrt", "declared", "spaced", "note"),
    [
        ("x'Ax + b'x", "x", "A : n×n", "x'A x + b'x", "Ax is read as A x"),
        ("x'Ax + tr(A)", "x", "", "x'A x + tr(A)", "Ax is read as A x"),
        ("tr(XX')", "X", "", "tr(X X')", "XX is read as X X"),
        ("tr(AXB)", "X", "A : m×n, B : p×m", "tr(A X B)", "AXB is read as A X B"),
        ("sum(exp(W1x + b))", "x", "W1 : m×n", "sum(exp(W1 x + b))", "W1x is read as W1 x"),
        ("norm(Ax_1)", "x_1", "A : m×n", "norm(A x_1)", "Ax_1 is read as A x_1"),
        ("norm(Xβ - y)^2", "β", "X : m×n", "norm(X β - y)^2", "Xβ is read as X β"),
        ("x^Tx", "x", "", "x'x", "x^Tx is read as x^T x"),
        ("x^TAx", "x", "A : n×n", "x'A x", "x^TAx is read as x^T A x"),
        ("tr(A^TAx x')", "x", "A : n×n", "tr(A'A x x')", "A^TAx is read as A^T A x"),
    ],
)
def test_a_run_of_known_names_is_their_product(
    read_by: Read, text: str, wrt: str, declared: str, spaced: str, note: str
) -> None:
    reading = read_by(text, wrt, declared)
    assert reading.expression is read_by(spaced, wrt, declared).expression
    assert reading.warnings == [note]


@pytest.mark.parametrize(
    ("text", "wrt", "declared", "run", "meant"),
    [
        ("x'Ax + b'x + c", "x", "", "Ax", "A x"),
        ("norm(Ax - b)^2 + x'x", "x", "", "Ax", "A x"),
        ("norm(Ax - b)^2", "A", "", "Ax", "A x"),
        ("sum(exp(Wx + b)) + sum(W)", "W", "", "Wx", "W x"),
        ("tr(X'LX)", "X", "", "LX", "L X"),
        ("tr(AXB)", "X", "", "AXB", "A X B"),
        ("tr(AXBXC)", "X", "B : n×n", "AXBXC", "A X B X C"),
        ("xTAx + x'x", "x", "", "xTAx", "x'A x"),
        ("x^TAx", "x", "", "TAx", "x^T A x"),
        ("y'x^TA", "y", "", "TA", "x^T A"),
        ("x^(TAx)", "x", "", "TAx", "T A x"),
        ("log(detA) + tr(A)", "A", "", "detA", "det(A)"),
        ("trAX + tr(X)", "X", "", "trAX", "tr(A X)"),
        ("norm(Xbeta - y)^2", "beta", "", "Xbeta", "X beta"),
        ("c'Ax_1 + x_1'x_1", "x_1", "", "Ax_1", "A x_1"),
        ("A_1x", "x", "", "A_1x", "A_1 x"),
        ("y'φx", "x", "φ : elementwise", "φx", "φ x"),
    ],
)
def test_a_run_with_the_variable_is_never_taken_for_a_constant(
    read_by: Read, text: str, wrt: str, declared: str, run: str, meant: str
) -> None:
    try:
        read_by(text, wrt, declared)
    except ShapeProblem as problem:
        assert problem.code == "MX232"
        assert problem.message == f"{run} is not declared: does it mean {meant}?"
        assert problem.hint == f"write {meant}, or declare {run}, as in {run} : m×n"
        assert problem.span is not None
    else:
        pytest.fail("read as a name")


@pytest.mark.parametrize(
    ("text", "wrt", "declared"),
    [
        ("x'xhat + exp_x'x + x0'x + x_1'x", "x", ""),
        ("norm(yhat - y)^2", "y", ""),
        ("x'mu + mu'mu", "mu", ""),  # Greek letters written out
        ("beta'x + b'x + e'x", "e", ""),
        ("w'Sb w", "w", ""),  # without the variable it is a constant whatever it means
        ("S_xy'x + S_x'y", "x", ""),
        ("ones(nx)'x", "x", ""),  # a size
        ("x'Ax", "x", "Ax : n"),
        ("x^T A x", "x", ""),
        ("b^Tmax x'x", "x", "b : scalar"),
    ],
)
def test_words_are_names(read_by: Read, text: str, wrt: str, declared: str) -> None:
    reading = read_by(text, wrt, declared)
    assert not any("is read as" in warning for warning in reading.warnings)


def test_without_a_variable_only_known_names_are_split(read_text: Read) -> None:
    assert list(read_text("x'Ax").inferred) == ["x", "Ax"]
    assert list(read_text("x'Ax + tr(A)").inferred) == ["x", "A"]


def test_from_question_to_claim() -> None:
    declared = "A : n×n"
    assert str(gradient("x'Ax + b'x", wrt="x", declare=declared)) == "(A + A')x + b"
    assert str(jacobian("Ax", wrt="x", declare="A : m×n, x : n")) == "A"
    assert check("x'Ax + b'x", wrt="x", claim="(A+A')x + b", declare=declared).passed
    assert check("norm(Xw-y)^2", wrt="w", claim="2X'(Xw-y)", declare="X : m×n").passed
    with pytest.raises(MatdiffError, match="Ax is not declared"):
        check("x'Ax + b'x", wrt="x", claim="(A+A')x + b")


def test_a_definition_hides_no_variable(read_text: Read, tree_of: Parsed) -> None:
    residual = read_text("Ax - b")
    environment = Environment()
    variables = residual.environment.variables.values()
    environment.define("r", residual.expression, variables=variables)
    with pytest.raises(ShapeProblem) as refused:
        read(tree_of("r'r + x'x", environment), environment, wrt="x")
    assert refused.value.message == (
        "Ax, in the definition of r, is not declared: does it mean A x?"
    )
    assert refused.value.span == (0, 1)
    assert read(tree_of("r'r + y'y", environment), environment, wrt="y").warnings == []
