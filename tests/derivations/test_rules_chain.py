"""The rules as they are stated, definitions as intermediates, and where the chain rule fails."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from numerics import m, matrix, n, p
from rule_lines import ARRANGEMENTS, wrong_lines

from matdiff.derivations import steps_of
from matdiff.derivations.local_rules import Arrangement, statement
from matdiff.derivations.steps import Partial, Step, told
from matdiff.documents.statements import Document
from matdiff.errors import MatdiffError
from matdiff.operations.algebra import Expression, substitute, symbol
from matdiff.operations.linear import kron
from matdiff.rendering import text
from matdiff.session import Answer
from matdiff.settings import Settings
from matdiff.verification.evaluation import evaluate

# Columns made of two variables: the counterexample to a chain rule through dependent entries.
COUNTEREXAMPLE = """v : 2
X = [v[1]; v[1]; v[2]; v[2]]
Y = [v[1]; v[2]; v[1]; v[2]]
Z = [v[1]; v[2]; v[2]; v[1]]
"""
X_BY_Z = [[1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 1, 1], [1, 1, 0, 0]]
Y_BY_Z = [[1, 0, 1, 0], [0, 1, 0, 1], [0, 1, 0, 1], [1, 0, 1, 0]]
X_BY_Y = [[1, 1, 0, 0], [0, 0, 1, 1], [1, 1, 0, 0], [0, 0, 1, 1]]


def answers(lines: str, **settings: object) -> list[Answer]:
    document = Document(Settings(**settings))  # type: ignore[arg-type]
    found = [document.carry_out(line) for line in lines.splitlines() if line]
    return [answer for answer in found if isinstance(answer, Answer)]


def entries(formula: Expression) -> np.ndarray:
    return np.asarray(evaluate(formula, {}, {}))


@pytest.mark.parametrize(
    ("layout", "vec", "product", "hadamard"),
    [
        ("numerator", "column", "(B'⊗I(m))∂A + (I(p)⊗A)∂B", "diag(vec(B)) ∂A + diag(vec(A)) ∂B"),
        ("numerator", "row", "(I(m)⊗B')∂A + (A⊗I(p))∂B", "diag(vec(B')) ∂A + diag(vec(A')) ∂B"),
        ("denominator", "column", "∂A(B⊗I(m)) + ∂B(I(p)⊗A')",
         "∂A diag(vec(B)) + ∂B diag(vec(A))"),
        ("denominator", "row", "∂A(I(m)⊗B) + ∂B(A'⊗I(p))",
         "∂A diag(vec(B')) + ∂B diag(vec(A'))"),
    ],
)  # fmt: skip
def test_rules_are_stated_in_the_layout(layout: str, vec: str, product: str, hadamard: str) -> None:
    arrangement = Arrangement(layout, vec)
    of_product = matrix("Y", m, n) @ matrix("X", n, p)
    of_entries = matrix("Y", m, n) * matrix("X", m, n)
    assert told(statement(of_product, (0, 1), arrangement)) == f"product rule: ∂(A B) = {product}"
    assert told(statement(of_entries, (0, 1), arrangement)) == f"product rule: ∂(A∘B) = {hadamard}"


def test_the_kronecker_rule_has_commutation_matrices() -> None:
    product = kron(matrix("Y", m, n), matrix("X", p, n))
    rule = told(statement(product, (1,), Arrangement(*ARRANGEMENTS[0])))
    assert rule.startswith("∂(A⊗B) = ") and "K(" in rule and rule.endswith("∂B")


@pytest.mark.parametrize(("layout", "vec"), ARRANGEMENTS)
@pytest.mark.parametrize(
    ("declared", "definitions", "question"),
    [
        ("A: m×n, x: n, b: m", ["r = A x - b"], "gradient 1/2 r'r wrt x"),
        ("A: m×n, x: n, b: m", ["r = A x - b"], "hessian exp(r'r) wrt x"),
        ("X: n×n", ["S = X + X'", "T = S S'"], "jacobian tr(S) S + tr(T) X wrt X"),
        ("A: m×n", ["S = A'A"], "jacobian S^-1 wrt A"),
        ("A: m×n, B: n×n", ["S = A'A", "T = S B S"], "jacobian T S wrt A"),
        ("A: n×n", ["K = A - A'"], "jacobian K A K wrt A"),
        ("A: n×n", ["W = A - A'"], "jacobian W W wrt A"),
        ("W: k×n, x: n, V: q×k", ["h = tanh(W x)", "z = V h"], "jacobian softmax(z) wrt W"),
        ("X: n×n", ["E = expm(X)"], "gradient tr(E) wrt X"),
        ("S: n×n symmetric, A: n×n", ["T = A S A'"], "gradient logdet(T.^2) wrt S"),
        ("x: n", ["D = diag(x)"], "jacobian D D wrt x"),
    ],
)  # fmt: skip
def test_definitions_are_intermediates(
    declared: str, definitions: list[str], question: str, layout: str, vec: str
) -> None:
    document = Document(Settings(layout=layout, vec=vec))
    for line in (declared, *definitions):
        document.carry_out(line)
    answer = document.carry_out(question)
    assert isinstance(answer, Answer) and answer.derivative is not None
    known = document.session.environment.definitions
    assert wrong_lines(answer.derivative, definitions=known) == []


def structured_steps(definition: str, question: str, declared: str = "A: m×n") -> list[Step]:
    (answer,) = answers(f"{declared}\n{definition}\n{question}", steps="rules")
    assert answer.steps is not None
    return answer.steps


def test_the_product_by_entries_with_twins_differs() -> None:
    """Through S = A'A: the chain rule by vech(S) is right, that by all entries of S is not."""
    sizes = {"m": 4, "n": 3}
    steps = structured_steps("S = A'A", "jacobian S^-1 wrt A")
    A = symbol("A", *next(s for s in steps if s.where).where[0][1].arguments[-1].shape)
    meaning: dict[Expression, Expression] = {}
    values = {A: np.random.default_rng(0).normal(size=(4, 3))}
    found: dict[str, np.ndarray] = {}
    for step in steps:
        for name, formula in step.where:
            meaning[symbol(name, *formula.shape)] = substitute(formula, meaning)
        right = substitute(step.right, meaning)
        if not isinstance(step.left, Partial):
            meaning.setdefault(step.left, right)
        found[step.reason.split(":")[0]] = np.asarray(evaluate(right, values, sizes))
    right = found["chain rule through independent entries"]
    np.testing.assert_allclose(right, found["simplified"], rtol=1e-9, atol=1e-9)
    (wrong,) = (value for reason, value in found.items() if reason.startswith("not ∂"))
    assert np.abs(wrong - right).max() > 0.1 * np.abs(right).max()


@pytest.mark.parametrize("definition", ["D = diag(A x)", "T = tril(A A')", "B = A A'A"])
def test_no_warning_where_entries_are_independent(definition: str) -> None:
    name = definition[0]
    steps = structured_steps(definition, f"jacobian {name}∘{name} wrt A", "A: m×n, x: n")
    assert not any("not ∂" in step.reason for step in steps)


def test_counterexample() -> None:
    """All three matrices, and the product that is twice the right one."""
    lines = COUNTEREXAMPLE + (
        "jacobian X wrt Z as row, denominator\n"
        "jacobian Y wrt Z as row, denominator\n"
        "jacobian X wrt Y as row, denominator\n"
    )
    x_by_z, y_by_z, x_by_y = answers(lines, steps="rules", verify=True, seed=1)
    for answer, expected in ((x_by_z, X_BY_Z), (y_by_z, Y_BY_Z), (x_by_y, X_BY_Y)):
        assert answer.derivative is not None and answer.verification is not None
        np.testing.assert_array_equal(entries(answer.derivative.formula), expected)
        assert answer.verification.passed
    naive = np.array(Y_BY_Z) @ np.array(X_BY_Y)
    np.testing.assert_array_equal(naive, 2 * np.array(X_BY_Z))
    assert x_by_z.steps is not None
    np.testing.assert_array_equal(entries(x_by_z.steps[-1].right), naive)


def test_by_the_entries_of_a_function() -> None:
    """∂f(v)/∂Z where Z repeats v: the columns of ∂f/∂v, repeated."""
    lines = "v : 3\nA : 2×3\nZ = [v; v[1]]\nf = tanh(A v)\n"
    by_v, by_z = answers(lines + "jacobian f wrt v\njacobian f wrt Z", verify=True, seed=2)
    assert by_v.derivative is not None and by_z.derivative is not None
    assert by_z.verification is not None and by_z.verification.passed
    A, v = symbol("A", *by_v.reading.variables["A"].shape), by_v.derivative.wrt
    values = {A: np.array([[1.0, 2, 3], [4, 5, 6]]), v: np.array([[0.1], [0.2], [-0.3]])}
    J = evaluate(by_v.derivative.formula, values, {})
    np.testing.assert_allclose(evaluate(by_z.derivative.formula, values, {}), J[:, [0, 1, 2, 0]])


def test_other_definitions_are_no_variables() -> None:
    for definition in ("r = A x - b", "r = [x; 2 x]", "r = x + b", "r = x.^2"):
        with pytest.raises(MatdiffError, match="is a definition, not a variable"):
            answers(f"A: n×n, x: n, b: n\n{definition}\njacobian r wrt r")


def test_a_differential_has_no_rules() -> None:
    (answer,) = answers("x: n\ndifferential x'x wrt x")
    assert answer.derivative is not None
    with pytest.raises(MatdiffError) as refused:
        steps_of("rules", answer.derivative, {})
    assert refused.value.code == "MX618"


def test_a_rule_reads_as_text() -> None:
    (answer,) = answers("X: m×n\njacobian X'X wrt X as row, denominator", steps="rules")
    assert answer.steps is not None
    assert [text(step.right) for step in answer.steps][-1] == "K(m,n)(I(n)⊗X) + X⊗I(n)"
