"""LaTeX: the same brackets, balanced braces, and names that are told apart."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from matdiff.operations import REGISTRY
from matdiff.operations.algebra import (
    Expression,
)
from matdiff.rendering.tex import escape, latex, name_latex
from matdiff.shapes import function_names
from matdiff.syntax.latex import from_latex

FORMULAS = {
    "S + S.T": r"S + S^{\top}",
    "(S + S.T) @ x": r"(S + S^{\top}) x",
    "2 * A.T @ (A @ x - z)": r"2 A^{\top} (A x - z)",
    "HALF * (x.T @ x)": r"\frac{x^{\top} x}{2}",
    "norm(HALF * x)": r"\left\lVert \frac{x}{2} \right\rVert",
    "apply(EXP, power(c, MINUS_ONE) * x)": r"\exp\left(\frac{x}{c}\right)",
    "apply(SIGMOID, σ * x)": r"\operatorname{sigmoid}(\sigma x)",
    "apply(SIGMOID, x)": r"\sigma(x)",
    "power(norm(x), MINUS_ONE) * x": r"\frac{x}{\lVert x \rVert}",
    "apply(NORM1, x)": r"\lVert x \rVert_1",
    "power(power(c, MINUS_ONE), s)": r"\left(\frac{1}{c}\right)^{s}",
    "power(c, HALF)": r"\sqrt{c}",
    "power(c, -s)": r"c^{-s}",
    "power(A, number(2))": r"A^{\circ 2}",
    "power(HALF * c, s)": r"\left(\frac{c}{2}\right)^{s}",
    "A * B": r"A \circ B",
    "A * power(B, MINUS_ONE)": r"A \oslash B",
    "-kron(inverse(S).T, inverse(S))": r"-S^{-\top} \otimes S^{-1}",
    "(commutation(n, n) + identity(n * n)) @ kron(identity(n), S)": (
        r"(K_{n,n} + I) (I_{n} \otimes S)"
    ),
    "ones(n) @ ones(ONE, m)": r"\mathbf{1}_{n} \mathbf{1}_{m}^{\top}",
    "diag(x) @ S": r"\operatorname{diag}(x)\,S",
    "diag(x) @ (S + T)": r"\operatorname{diag}(x) (S + T)",
    "trace(S) * T": r"\operatorname{tr}(S)\,T",
    "logdet(S)": r"\log\det(S)",
    "unvec(vec(A) + vec(B), m, n)": (
        r"\operatorname{unvec}_{m,n}(\operatorname{vec}(A)"
        r" + \operatorname{vec}(B))"
    ),
    "apply(EXP, σ * x)": r"\exp(\sigma x)",
    "symbol('beta', ONE, ONE) * symbol('W1', n, n)": r"\mathrm{beta}\,\mathrm{W1}",
    "size(m * n + ONE) * c": r"(m n + 1) c",
}
COMMANDS = set(
    "left right top frac sqrt lVert rVert circ oslash otimes mathrm mathbf operatorname times "
    "exp log det sin tanh sigma".split()
)


@pytest.mark.parametrize(("formula", "written"), FORMULAS.items())
def test_latex(formula: str, written: str, v: SimpleNamespace) -> None:
    assert latex(eval(formula, globals(), vars(v))) == written


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("x", "x"),
        ("x_1", "x_{1}"),
        ("W1", r"\mathrm{W1}"),
        ("W_1", "W_{1}"),
        ("y_hat", r"\hat{y}"),
        ("x_bar_2", r"\bar{x}_{2}"),
        ("Sigma_hat", r"\hat{\mathrm{Sigma}}"),
        ("Σ_tilde", r"\tilde{\Sigma}"),
        ("σ", r"\sigma"),
        ("x_α", r"x_{\alpha}"),
        ("x_ab", r"x_{\mathrm{ab}}"),
        ("x_1_2", r"x_{\mathrm{1\_2}}"),
        ("x_", r"\mathrm{x\_}"),
        ("x__1", r"\mathrm{x\_\_1}"),
        ("A_1m", r"A_{\mathrm{1m}}"),
        ("β1", r"\mathrm{\beta 1}"),
    ],
)
def test_names(name: str, written: str) -> None:
    assert name_latex(name) == written


def test_escaping() -> None:
    assert escape(r"50%_{x}\$#&") == r"50\%\_\{x\}\backslash \$\#\&"
    assert escape("~^") == r"\sim \hat{\ }"


def test_braces_and_brackets_balance(random_formula: Callable[[int], Expression]) -> None:
    for seed in range(300):
        written = latex(random_formula(seed))
        assert written.count(r"\left(") == written.count(r"\right)")
        depth = 0
        for brace in re.findall(r"(?<!\\)[{}]", written):
            depth += 1 if brace == "{" else -1
            assert depth >= 0
        assert depth == 0
        assert set(re.findall(r"\\([A-Za-z]+)", written)) <= COMMANDS


def test_every_operation_has_a_notation() -> None:
    for operation in REGISTRY:
        assert operation.notation.latex or operation.name in ("size",)


@pytest.mark.parametrize(
    "name",
    "A_1m A_1_2m x_ x_1_ D__ A_hat_ A_1_hat tr_1 sum_1 exp_1 α1 αβ x_1α I_1x W_2x βΣ_a x_dot "
    "a_ddot A1_2b Σ_7e0 step_2a w_star x__1".split(),
)
def test_every_name_is_read_back(name: str) -> None:
    read = from_latex(name_latex(name), {name: ("m", "n")}, function_names())
    assert read.folded.split() == [name]
