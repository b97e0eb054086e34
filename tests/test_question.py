"""The question matdiff began with, in all its spellings, and the other promises of the README.

Each answer is held against central differences, its length against the expert's formula, and its
spelling is read back.
"""

from __future__ import annotations

import numpy as np
import pytest

from matdiff.derivatives import Derivative, derive
from matdiff.operations.algebra import SYMBOL, postorder
from matdiff.operations.linear import KRONECKER
from matdiff.rendering import text, tokens
from matdiff.shapes import Environment, function_names, read
from matdiff.syntax import parse_declarations, parse_expression
from matdiff.verification import verify

PARTS = "B: a×b, X: b×1, C: 1×e, D: b×e, E: a×e, F: e×1"
SCALAR = f"A: 1×a, {PARTS}"
VECTOR = f"A: q×a, {PARTS}"
SMALL = "a: a, B: a×b, x: b, c: e, D: b×e, E: a×e, f: e"


def ask(kind: str, formula: str, wrt: str, declarations: str, **layout: str) -> Derivative:
    known = Environment()
    known.declare(parse_declarations(declarations))
    tree = parse_expression(formula, declared=known.names, functions=function_names())
    reading = read(tree, known, strict=True)  # one reading, silently
    variable = reading.environment.variables[wrt].symbol
    return derive(kind, reading.expression, variable, **layout)


@pytest.mark.parametrize(
    "formula, wrt, declarations",
    [
        ("(A(B(XC)∘D)∘E)F", "X", SCALAR),
        ("A(B(X C)∘D∘E)F", "X", SCALAR),
        ("A((B((X C)∘D))∘E)F", "X", SCALAR),
        ("a'(B(x c'∘D)∘E)f", "x", SMALL),
    ],
)
def test_the_gradient_is_the_experts(formula: str, wrt: str, declarations: str) -> None:
    answer = ask("gradient", formula, wrt, declarations)
    assert [str(side) for side in answer.shape] == ["b", "1"]
    assert not answer.where
    assert tokens(text(answer.formula)) <= 12
    assert verify(answer, seed=1).passed is True


def test_the_jacobian_of_the_vector_has_no_kronecker_product() -> None:
    answer = ask("jacobian", "(A(B(XC)∘D)∘E)F", "X", VECTOR)
    assert [str(side) for side in answer.shape] == ["q", "b"]
    assert tokens(text(answer.formula)) <= 11
    assert KRONECKER not in {node.operation for node in postorder(answer.formula)}
    assert verify(answer, seed=1).passed is True


@pytest.mark.parametrize(
    "formula, wrt, declarations, expected",
    [
        # gradients that a widely used algebra system gets wrong without a word
        ("logdet(X'X)", "X", "X: m×n", "2 X(X'X)^-1"),
        ("exp(tr(X))", "X", "X: n×n", "exp(tr(X)) I"),
        ("tr(X'X) + s tr(X'A)", "X", "X: m×n, A: m×n, s: scalar", "2 X + s A"),
        ("tr(X)/tr(X'X)", "X", "X: n×n", "I/tr(X'X) - 2 tr(X) X/tr(X'X)^2"),
        ("norm(A - U V)^2 + norm(U)^2", "U", "A: m×n, U: m×k, V: k×n", "2 U - 2(A - U V)V'"),
        ("tr(E)^2 + 1", "E", "E: 3×3", "2 tr(E) I"),
    ],
)
def test_where_others_are_silently_wrong(
    formula: str, wrt: str, declarations: str, expected: str
) -> None:
    answer = ask("gradient", formula, wrt, declarations)
    assert verify(answer, seed=1).passed is True
    known = Environment()
    known.declare(parse_declarations(declarations))
    tree = parse_expression(expected, declared=known.names, functions=function_names())
    claim = read(tree, known, expected=answer.shape).expression
    answer.formula = claim  # the formula from the books, judged as ours is
    assert verify(answer, seed=1).passed is True


TABLE = [
    ("gradient", "(A(B((XC)∘D)∘E))F", "X", SCALAR, "(D∘B'(E∘A'F'))C'"),
    ("jacobian", "(A(B(XC)∘D)∘E)F", "X", VECTOR, "A(B∘(E diag(C'∘F)D'))"),
    ("jacobian", "(A X B)∘C", "X", "A: p×m, X: m×n, B: n×q, C: p×q", "diag(vec(C))(B'⊗A)"),
    ("jacobian", "X'X", "X", "X: m×n", "(K(n,n) + I(n*n))(I(n)⊗X')"),
    ("jacobian", "X^-1", "X", "X: n×n", "-(X^-T⊗X^-1)"),
    ("jacobian", "x x'", "x", "x: n", "x⊗I(n) + I(n)⊗x"),
    ("jacobian", "A⊗X", "X", "A: m×n, X: q×p", "(K(n,q)⊗I(m*p))(I(p)⊗vec(A)⊗I(q))"),
    ("jacobian", "X⊗X", "X", "X: q×p", "(I(p)⊗K(p,q)⊗I(q))(I(p*q)⊗vec(X) + vec(X)⊗I(p*q))"),
    ("jacobian", "softmax(W x + b)", "x", "W: m×n, x: n, b: m",
     "(diag(softmax(W x + b)) - softmax(W x + b) softmax(W x + b)')W"),
    ("hessian", "norm(A x - b)^2", "x", "A: m×n, x: n, b: m", "2 A'A"),
    ("hessian", "logdet(X)", "X", "X: n×n invertible", "-(X^-1⊗X^-T) K(n,n)"),
    ("hessian", "tr(X'A X B)", "X", "X: m×n, A: m×m, B: n×n", "B⊗A' + B'⊗A"),
    ("hessian", "sum(softplus(X w)) - y'X w", "w", "X: m×n, y: m, w: n",
     "X'diag(sigmoid(X w) - sigmoid(X w).^2)X"),
]  # fmt: skip


@pytest.mark.parametrize("kind, formula, wrt, declarations, expert", TABLE)
def test_no_longer_than_the_expert(
    kind: str, formula: str, wrt: str, declarations: str, expert: str
) -> None:
    answer = ask(kind, formula, wrt, declarations)
    written = sum(tokens(text(part)) for part in (answer.printed, *dict(answer.where).values()))
    assert written <= tokens(expert)
    assert verify(answer, seed=1).passed is True


LECTURE = {"layout": "denominator", "vec": "row"}
OF_Z = "Z: m×n, A: p×m, B: n×r, C: r×n, G: m×q, H: p×r"


def value(answer: Derivative, seed: int = 3) -> np.ndarray:
    """The formula's value at a point that depends on the names alone."""
    from matdiff.verification import evaluate

    sizes = {"m": 2, "n": 3, "p": 4, "q": 2, "r": 3}
    values = {}
    for node in postorder(answer.formula):
        if node.operation is SYMBOL:
            random = np.random.default_rng([seed, *map(ord, str(node.parameters[0]))])
            values[node] = random.normal(size=tuple(side.at(sizes) for side in node.shape))
    return np.asarray(evaluate(answer.formula, values, sizes))


def lecture(formula: str) -> np.ndarray:
    answer = ask("jacobian", formula, "Z", OF_Z, **LECTURE)
    assert verify(answer, seed=2).passed is True
    return value(answer)


def constant(formula: str) -> np.ndarray:
    """The value of an expression without derivative, at the same point."""
    answer = ask("differential", formula, "Z", OF_Z)
    answer.formula = answer.expression
    return value(answer)


def test_the_product_rule_of_the_lecture_notes() -> None:
    Y, X = "A Z B", "C Z'G"  # p×r and r×q
    left = lecture(f"({Y})({X})")
    product = lecture(Y) @ np.kron(np.eye(4), constant(X)) + lecture(X) @ np.kron(
        constant(Y).T, np.eye(2)
    )
    assert left.shape == (6, 8)
    np.testing.assert_allclose(left, product, rtol=1e-12, atol=1e-12)


def test_the_hadamard_rule_of_the_lecture_notes() -> None:
    Y, X = "A Z B", "sin(A Z C')"

    def scaling(formula: str) -> np.ndarray:
        return np.diag(constant(formula).ravel())  # row by row

    rule = lecture(Y) @ scaling(X) + lecture(X) @ scaling(Y)
    np.testing.assert_allclose(lecture(f"({Y})∘{X}"), rule, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("formula", ["Z⊗B", "B⊗Z", "Z⊗Z", "(A Z)⊗(Z B)"])
def test_kronecker_products_in_the_layout_of_the_lecture_notes(formula: str) -> None:
    assert lecture(formula).shape[0] == 6  # a row for each entry of Z, row by row


@pytest.mark.parametrize(
    "kind, formula, wrt, declarations",
    [
        # B∘B is B for a binary matrix, but not while its entries are varied
        ("gradient", "norm((B∘B)x)", "B", "B: m×n binary, x: n"),
        ("jacobian", "softmax(y)", "y", "y: n onehot"),
        # transposing twice gives another form of the same where P' is -P
        ("hessian", "logdet(I + softplus(P b(x' + a')) softplus(P b(x' + a'))')", "a",
         "P: m×m skew, b: m, x: n, a: n"),
    ],
)  # fmt: skip
def test_properties_are_not_used_where_they_do_not_hold(
    kind: str, formula: str, wrt: str, declarations: str
) -> None:
    answer = ask(kind, formula, wrt, declarations)
    assert verify(answer, seed=5).passed is True
