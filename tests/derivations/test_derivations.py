"""Derivations of single problems: how they end, what they name, how long they are."""

from __future__ import annotations

import numpy as np
import pytest
from derivations.lines import direction, is_close, values_of

from matdiff.derivations.derivation import derivation
from matdiff.derivations.steps import Partial, Step
from matdiff.derivatives import derive
from matdiff.dimensions import shape_text
from matdiff.errors import NameProblem
from matdiff.operations.algebra import Expression
from matdiff.rendering import text
from matdiff.shapes import Environment, function_names, read
from matdiff.syntax import parse_declarations, parse_expression
from matdiff.verification.evaluation import evaluate

QUESTION = "(A(B(X C)∘D)∘E)F"
SHAPES = "B: a×b, X: b×1, C: 1×e, D: b×e, E: a×e, F: e×1"
SCALAR, VECTOR = f"A: 1×a, {SHAPES}", f"A: q×a, {SHAPES}"
SIZES = {name: size for size, name in enumerate("abeqmnp", 2)}


def known(declarations: str) -> Environment:
    environment = Environment()
    environment.declare(parse_declarations(declarations))
    return environment


def formula(source: str, names: Environment) -> Expression:
    tree = parse_expression(source, declared=names.names, functions=function_names(names))
    return read(tree, names).expression


def steps_of(
    kind: str, expression: str, wrt: str, declarations: str, **options: str
) -> tuple[list[Step], Environment]:
    names = known(declarations)
    X = names.variables[wrt].symbol
    return derivation(derive(kind, formula(expression, names), X, **options)), names


def left(step: Step) -> str:
    return "read off" if isinstance(step.left, Partial) else text(step.left)


def last_change(steps: list[Step]) -> str:
    return text([step for step in steps if not isinstance(step.left, Partial)][-1].right)


def parts(steps: list[Step]) -> list[tuple[str, str, str]]:
    return [
        (name, text(part), shape_text(part.shape)) for step in steps for name, part in step.where
    ]


def test_the_question() -> None:
    steps, _ = steps_of("gradient", QUESTION, "X", SCALAR)
    assert len(steps) <= 8
    assert [left(step) for step in steps] == ["Y", *["dY"] * (len(steps) - 2), "read off"]
    assert last_change(steps) == "K C' : dX"
    assert [(name, shape) for name, _, shape in parts(steps)] == [("H", "a×e"), ("K", "b×e")]
    assert "A : B C = B'A : C" in [step.reason for step in steps]
    assert text(steps[-1].right) == "(B'(A'F'∘E)∘D)C'"


def test_the_question_for_a_column() -> None:
    steps, _ = steps_of("jacobian", QUESTION, "X", VECTOR)
    assert last_change(steps) == "A(B∘H)dX"
    assert parts(steps) == [("H", "E diag(C'∘F) D'", "a×b")]
    assert text(steps[-1].right) == "A(B∘(E diag(C'∘F) D'))"
    assert {shape_text(step.right.shape) for step in steps} == {"q×1", "q×b"}
    assert "A[i,j] B[j,k] dX[k] C[l] D[k,l] E[j,l] F[l]" in steps[2].reason


@pytest.mark.parametrize(
    ("kind", "expression", "wrt", "declarations", "most"),
    [
        ("gradient", "x'A x", "x", "A: n×n, x: n", 5),
        ("gradient", "a'x", "x", "a: n, x: n", 4),
        ("gradient", "norm(A x - b)^2", "x", "A: m×n, x: n, b: m", 4),
        ("gradient", "logdet(X)", "X", "X: n×n posdet", 4),
        ("jacobian", "A X B", "X", "A: p×m, X: m×n, B: n×q", 4),
        ("jacobian", "sin(x)", "x", "x: n", 4),
        ("differential", "A X B", "X", "A: p×m, X: m×n, B: n×q", 2),
    ],
)
def test_short_problems_have_short_derivations(
    kind: str, expression: str, wrt: str, declarations: str, most: int
) -> None:
    steps, _ = steps_of(kind, expression, wrt, declarations)
    assert len(steps) <= most


@pytest.mark.parametrize(
    ("kind", "expression", "wrt", "declarations"),
    [
        ("gradient", QUESTION, "X", SCALAR),
        ("jacobian", QUESTION, "X", VECTOR),
        ("gradient", "sum(tanh(A tanh(B X)))", "X", "A: m×n, B: n×p, X: p×q"),
        ("gradient", "tr(expm(A X))", "X", "A: n×n, X: n×n"),
        ("gradient", "a'(X⊗B)c", "X", "a: m*p, X: m×n, B: p×q, c: n*q"),
        ("gradient", "sum(diag(X A))", "X", "X: m×n, A: n×m"),
        ("gradient", "norm([A x; x] - b)^2", "x", "A: m×n, x: n, b: m+n"),
        ("gradient", "X[1,2]^2 + x'X x", "X", "X: n×n, x: n"),
        ("gradient", "vec(X)'M vec(X)", "X", "X: m×n, M: m*n×m*n"),
        ("gradient", "t^2 norm(x)/t", "t", "t: scalar, x: n"),
        ("gradient", "3", "x", "x: n"),
        ("jacobian", "X'A X", "X", "X: m×n, A: m×m"),
        ("jacobian", "softmax(A x)", "x", "A: m×n, x: n"),
        ("jacobian", "norm(A x)", "x", "A: m×n, x: n"),
        ("jacobian", "x/norm(x)", "x", "x: n"),
        ("jacobian", "A∘(X X')", "X", "A: m×m, X: m×n"),
        ("jacobian", "A (X∘(B diag(C X'c)))D", "X", "A: p×m, X: m×n, B: m×n, C: n×n, c: m, D: n×q"),
        ("jacobian", "t^2 A", "t", "t: scalar, A: m×n"),
        ("jacobian", "cos(logsumexp(y)(B - B))", "y", "B: m×n, y: m"),
        ("gradient", "tr((s I + A)^-1)", "s", "s: scalar, A: n×n posdet"),
        ("jacobian", "x x'A x", "x", "A: n×n, x: n"),
        ("hessian", "x'A x + b'x", "x", "A: n×n, x: n, b: n"),
        ("hessian", "logdet(X)", "X", "X: n×n posdet"),
        ("hessian", "exp(-x'A x)", "x", "A: n×n, x: n"),
        ("hessian", "t^3 a'b", "t", "t: scalar, a: n, b: n"),
        ("differential", "X^-1 A X", "X", "X: n×n invertible, A: n×n"),
    ],
)  # fmt: skip
def test_lines_of_one_left_side_are_equal(
    kind: str, expression: str, wrt: str, declarations: str
) -> None:
    """At a random point, and the differential is that of differences of the function."""
    steps, names = steps_of(kind, expression, wrt, declarations)
    draw = np.random.default_rng(5)
    values: dict[Expression, np.ndarray] = {}
    for variable in names.variables.values():
        value = draw.uniform(0.1, 0.6, [side.at(SIZES) for side in variable.shape])
        if variable.properties:
            value = np.eye(len(value)) + 0.1 * value  # invertible, with a positive determinant
        values[variable.symbol] = value
    X = names.variables[wrt].symbol
    dX = direction(values[X].shape, expression)
    found = values_of(steps, names, values, SIZES, dX, X)
    for (first, value), (before, last) in zip(found[1:], found, strict=False):
        assert first != before or is_close(value, last), first
    f = steps[0].right
    ahead = evaluate(f, {**values, X: values[X] + 1e-6 * dX}, SIZES)
    behind = evaluate(f, {**values, X: values[X] - 1e-6 * dX}, SIZES)
    change = next(value for name, value in found if name.startswith(("d", "vec")))
    assert is_close(change, (ahead - behind) / 2e-6, 1e-5)


def test_structure_is_said_in_the_last_line() -> None:
    steps, _ = steps_of("gradient", "tr(A S)", "S", "A: n×n, S: n×n symmetric")
    assert last_change(steps) == "A':dS"
    assert text(steps[-1].right) == "(A + A')/2"
    assert "symmetric" in steps[-1].reason
    steps, _ = steps_of("jacobian", "A S", "S", "A: n×n, S: n×n symmetric", structure="entries")
    assert steps[-1].reason.endswith("by the independent entries, vec(S) = D(n) vech(S)")


def test_names_are_not_those_of_the_problem() -> None:
    steps, _ = steps_of("gradient", "H(K(Y L)∘Z)G", "Y",
                        "H: 1×m, K: m×n, Y: n×1, L: 1×p, Z: m×p, G: p×1")  # fmt: skip
    names = {name for name, _, _ in parts(steps)}
    assert left(steps[0]) == "F" and names and not names & set("HKYLZGF")


def test_a_variable_named_like_the_change_is_refused() -> None:
    with pytest.raises(NameProblem, match="dX is a variable"):
        steps_of("gradient", "dX'X", "X", "X: n, dX: n")


def test_long_derivations_are_grouped() -> None:
    layers = "x"
    for _ in range(30):
        layers = f"tanh(W {layers})"
    steps, _ = steps_of("gradient", f"c'{layers}", "x", "W: n×n, x: n, c: n")
    assert 10 < len(steps) <= 20
    named = [name for step in steps for name, _ in step.where]
    assert len(named) == len(set(named)) > 20


def test_no_part_is_called_like_a_constant_of_the_formula() -> None:
    steps, _ = steps_of("gradient", "a'K(m,n) diag(b) K(n,m) X", "X",
                        "a: m*n, b: m*n, X: m*n")  # fmt: skip
    assert "K" not in {name for name, _, _ in parts(steps)}


@pytest.mark.parametrize(
    ("kind", "expression", "wrt", "declarations", "reason"),
    [
        ("gradient", "x'A x", "x", "A: n×n symmetric, x: n", "A is symmetric"),
        ("gradient", "logdet(X'X)", "X", "X: m×n", "(X'X)^-1 is symmetric"),
        ("gradient", "det(A X B)", "X", "A: n×n, X: n×n, B: n×n", "det(A X B) = det(A B X)"),
        ("gradient", "log(1 + exp(a'x))", "x", "a: n, x: n", "log(1 + exp(α)) = softplus(α)"),
        ("gradient", "2 norm(X)", "X", "X: m×n", "α(B:C) = α B : C"),
        ("gradient", "tr((A⊗X)(C⊗D))", "X", "A: m×n, X: p×q, C: n×m, D: q×p",
         "A⊗B : C⊗D = tr(A C') B : D"),
        ("jacobian", "A'", "A", "A: m×n", "vec(A') = K(m,n) vec(A)"),
        ("jacobian", "X + Y", "X", "X: m×n, Y: m×n", "vec of both sides"),
        ("jacobian", "diag(x) A x", "x", "A: n×n, x: n",
         "entry [i] is dx[i] (A x)[i] + Σ_{j} dx[j] A[i,j] x[i]"),
        ("hessian", "logdet(X)", "X", "X: n×n spd", "X is symmetric"),
    ],
)  # fmt: skip
def test_reasons(kind: str, expression: str, wrt: str, declarations: str, reason: str) -> None:
    steps, _ = steps_of(kind, expression, wrt, declarations)
    told = [part for step in steps for part in step.reason.split("; ")]
    assert told.count(reason) == 1


def test_names_of_symmetric_parts_have_no_transposes() -> None:
    steps, _ = steps_of("gradient", "logdet(A A' + x x' + B)", "x",
                        "A: n×m, B: n×n symmetric, x: n")  # fmt: skip
    assert [name for name, _, _ in parts(steps)] == ["H"]
    assert last_change(steps) == "2 H x : dx"


def test_the_product_rule_leaves_flat_products() -> None:
    steps, _ = steps_of("gradient", "a'X'X b", "X", "X: m×n, a: n, b: n")
    assert text(steps[1].right) == "a'dX'X b + (X a)'dX b"
    steps, _ = steps_of("gradient", "logdet(X'X)", "X", "X: m×n")  # not if that repeats much
    assert text(steps[1].right) == "tr((X'X)^-1(dX'X + X'dX))"
