"""Typst: names, strings from which nothing escapes, and formulas its compiler reads as meant."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
from rendering.test_mathml import environment_of
from typst_reading import as_mathml, assert_inert, in_words, pages

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from corpus import Problem, ask, environment, load, readable

from matdiff.derivatives import Derivative
from matdiff.dimensions import Dimension
from matdiff.errors import MatdiffError
from matdiff.normal.normalise import normalise
from matdiff.operations import REGISTRY
from matdiff.operations.algebra import Expression, symbol
from matdiff.rendering import text, typst
from matdiff.rendering.translation import SIGNS, SPACES
from matdiff.rendering.typst_math import in_ascii, name_typst, quoted
from matdiff.shapes import function_names, read
from matdiff.syntax import parse_expression

FORMULAS = {
    "S + S.T": "S + S^⊤",
    "(S + S.T) @ x": "(S + S^⊤) x",
    "HALF * (x.T @ x)": "frac(x^⊤ x, 2)",
    "norm(HALF * x)": "norm(frac(x, 2))",
    "apply(SIGMOID, σ * x)": 'op("sigmoid")(σ x)',
    "power(c, -s)": "c^(-s)",
    "power(A, number(2))": "A^(∘ 2)",
    "-kron(inverse(S).T, inverse(S))": "-S^(-⊤) ⊗ S^(-1)",
    "(commutation(n, n) + identity(n * n)) @ kron(identity(n), S)": "(K_(n, n) + I) (I_n ⊗ S)",
    "ones(n) @ ones(ONE, m)": "bold(1)_n bold(1)_m^⊤",
    "diag(x) @ S": 'op("diag")(x) thin S',
    "trace(S) * T": "tr(S) thin T",
    "logdet(S)": "log det(S)",
    "symbol('beta', ONE, ONE) * symbol('W1', n, n)": '"beta" "W1"',
}
HOSTILE = [
    '"', "\\", '\\"', '"#read("x")', "#panic()", "$ #x $", "$", "//", "/*", "a\nb", "\u2028", "`",
    "\x00\x1b[2J", "@x", "<x>", "{}", "]", ")", "a;b", "a,b", "\\u{41}", "\ud800", "é́", "~", "x^2",
]  # fmt: skip


@pytest.mark.parametrize(("formula", "written"), FORMULAS.items())
def test_typst(formula: str, written: str, v: SimpleNamespace) -> None:
    assert typst(eval(formula, globals(), vars(v))) == written


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("x", "x"), ("x_1", "x_1"), ("W1", '"W1"'), ("W_1", "W_1"), ("y_hat", "hat(y)"),
        ("x_bar_2", "macron(x)_2"), ("Sigma_ddot", 'dot.double("Sigma")'), ("σ", "σ"),
        ("x_ab", 'x_("ab")'), ("x_1_2", 'x_("1_2")'), ("x_", '"x_"'), ("β1", '"β1"'),
    ],
)  # fmt: skip
def test_names(name: str, written: str) -> None:
    assert name_typst(name) == written


def test_every_sign_of_a_record_is_known() -> None:
    """A command that is no sign is set as the name of a function."""
    functions = set("arccos arcsin arctan cos cosh det exp log max sin sinh tan tanh sigma".split())
    structure = set("begin end operatorname mathrm mathbf lVert rVert sqrt".split())
    for operation in REGISTRY:
        for command in re.findall(r"\\[A-Za-z]+|\\.", operation.notation.latex):
            known = command in SIGNS or command in SPACES or command in (r"\\", r"\_")
            assert known or command[1:] in functions | structure, command


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_nothing_leaves_a_string(name: str, v: SimpleNamespace) -> None:
    assert_inert(quoted(name))
    assert_inert(typst(v.S @ symbol(name, *v.S.shape) @ symbol(f"{name}_1", *v.S.shape)))


def test_ascii(v: SimpleNamespace) -> None:
    written = typst(v.kron(v.S, v.T), ascii=True)
    assert written == r"S \u{2297} T"
    assert in_ascii(quoted("β")) == r'"\u{3b2}"'


def test_a_deep_formula_is_no_trouble() -> None:
    n = Dimension.of("n")
    A, x = symbol("A", n, n), symbol("x", n, n)
    for _ in range(5000):
        x = (A @ x + A).T
    assert typst(x).endswith("^⊤")


def test_every_random_formula_is_inert(random_formula: Callable[[int], Expression]) -> None:
    for seed in range(300):
        assert_inert(typst(random_formula(seed)))


def test_every_random_formula_is_read_back(random_formula: Callable[[int], Expression]) -> None:
    """By way of the MathML that the compiler writes, which knows nothing of ours."""
    formulas = [random_formula(seed) for seed in range(200)]
    written = [typst(formula) for formula in formulas]
    kept = [
        (formula, source)
        for formula, source in zip(formulas, written, strict=True)
        if len(source) < 1000 and not re.search("unvec|softmax", source)
    ]
    assert len(kept) > 100
    for (formula, source), element in zip(kept, as_mathml([s for _, s in kept]), strict=True):
        environment = environment_of(formula)
        tree = parse_expression(
            in_words(element), declared=environment.names, functions=function_names()
        )
        assert text(read(tree, environment).expression) == text(formula), source


@pytest.fixture(scope="module")
def answers() -> list[tuple[Problem, Derivative]]:
    """What matdiff answers to the problems of the corpus."""
    found = []
    for problem in map(readable, load()):
        with suppress(MatdiffError):
            found.append((problem, ask(problem)))
    assert len(found) > 450
    return found


def test_every_answer_is_inert(answers: list[tuple[Problem, Derivative]]) -> None:
    for _, answer in answers:
        assert_inert(typst(answer.formula))
        for name, part in answer.where:
            assert_inert(f"{name_typst(name)} = {typst(part)}")


def test_every_answer_is_set_and_read_back(answers: list[tuple[Problem, Derivative]]) -> None:
    written = [typst(answer.formula) for _, answer in answers]
    pages("\n".join(f"$ {formula} $" for formula in written))
    failed = []
    for (problem, answer), element in zip(answers, as_mathml(written), strict=True):
        known, said = environment(problem), in_words(element)
        tree = parse_expression(said, declared=known.names, functions=function_names())
        again = read(tree, known, expected=answer.formula.shape).expression
        if normalise(again) is not normalise(answer.formula):
            failed.append(f"{problem.id}: {said}")
    assert failed == []


def test_hostile_names_are_set(v: SimpleNamespace) -> None:
    formulas = [typst(v.S @ symbol(name, *v.S.shape)) for name in HOSTILE]
    pages("\n".join(f"$ {formula} $" for formula in [*formulas, *map(in_ascii, formulas)]))
