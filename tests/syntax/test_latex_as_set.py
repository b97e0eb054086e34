r"""LaTeX is read as TeX sets it, or refused: \over, sums, arrows, digits, powers, macros."""

from __future__ import annotations

import pytest

from matdiff.errors import MatdiffError
from matdiff.normal import normalise
from matdiff.session import Session
from matdiff.settings import Settings
from matdiff.shapes import Reading


def reading(
    formula: str, declarations: str, *, latex: bool = True, strict: bool = False
) -> Reading:
    session = Session()
    session.declare(declarations)
    return session.shape(session.parse(formula, latex=latex), Settings(strict=strict)).reading


@pytest.mark.parametrize(
    ("formula", "meant", "declarations"),
    [
        # \over divides all of its group: the formula, braces, what stands between \left and \right
        (r"1\over 2c", "1/(2 c)", "c: scalar"),
        (r"x^\top x\over 2", "(x'x)/2", "x: n"),
        (r"1+\left(c\over 2\right)c", "1 + (c/2) c", "c: scalar"),
        (r"\left|c\over t\right|", "abs(c/t)", "c: scalar, t: scalar"),
        # a sum takes the rest of the chain, below a logarithm too
        (r"\log\sum_k c_k\exp(a^Tx)", "log(sum(c) exp(a'x))", "c: K, a: d, x: d"),
        (r"\log\sum_i x_i\sin(t)+c", "log(sum(x) sin(t)) + c", "x: n, t: scalar, c: scalar"),
        (r"\log\frac1n\sum_i x_i\sin(t)", "log(1/n sum(x) sin(t))", "x: n, t: scalar"),
        (r"\log\sum_k\pi_k\exp(x^T\mu_k)", "log(π'exp(μ x))", "π: K, μ: K×d, x: d"),
        (r"\log x\sin y", "log(x) sin(y)", "x: scalar, y: scalar"),
        (r"\sum_i^n x_i^2", "x'x", "x: n"),
        ("∑_{i=1}^n x_i^2", "x'x", "x: n"),
        # an arrow over a name, and the function
        (r"\vec{x}^TA\vec y", "x'A y", "x: n, A: n×m, y: m"),
        (r"\vec{r}_1\vec{\mathbf{r}_2}^T", "r_1 r_2'", "r_1: n, r_2: n"),
        (r"\vec{\mu_1}^T\hat{x_2}", "μ_1'x_hat_2", "μ_1: n, x_hat_2: n"),
        (r"\operatorname{vec}(X)^T\vec(X)", "vec(X)'vec(X)", "X: n×m"),
        (r"\vec{XY}+\vec\left(XY\right)", "2 vec(X Y)", "X: n×m, Y: m×p"),
        (r"\vec XY", "vec(X Y)", "X: n×m, Y: m×p"),
        (r"\max_i x_i+\min_{j=1}^{n}x_j", "max(x) + min(x)", "x: n"),
        (r"A^{-1T}+A^{-1\top}", "2 A^-T", "A: n×n"),
        (r"{e^{c}}^2", "exp(c)^2", "c: scalar"),
        (r"\sqrt2\sqrt{12}\frac12", "sqrt(2) sqrt(12)/2", "c: scalar"),
    ],
)
def test_a_formula_is_read_as_it_is_set(formula: str, meant: str, declarations: str) -> None:
    found = reading(formula, declarations)
    expected = reading(meant, declarations, latex=False)
    assert normalise(found.expression) is normalise(expected.expression)


@pytest.mark.parametrize(
    ("formula", "code", "said", "advice", "blamed"),
    [
        ("e^c^2", "MX108", "a second power in a row", "e^{a^{b}}", "^2"),
        ("e^{c}^{2}", "MX108", "a second power in a row", "e^{a^{b}}", "^{2}"),
        ("c^t^2", "MX108", "two powers in a row", "write", "^2"),
        (r"\sqrt12c", "MX115", "more than one sign", "{12}", "12c"),
        (r"\frac123", "MX115", "more than one sign", "{23}", "23"),
        (r"(c\over 2)", "MX105", "no fraction", r"\frac{a}{b}", r"\over"),
        (r"\max_i x_i^2", "MX115", r"`\max` at column 1", r"\max(x)", r"\max"),
        (r"\max_{i=1}^m x_i", "MX115", "only of the entries", r"\max(x)", r"\max"),
        (r"\max_w c", "MX115", r"`\max` is not read", "maximum", r"\max"),
        (r"\left(c\right.", "MX115", r"`\right.` is a bracket", "leave both out", r"\right."),
        (r"\newcommand{\a}[1]{#2}\a c", "MX115", "#2 in the definition", "1 argument", r"\a c"),
        (r"\newcommand{\a}[1]{#1}\a", "MX115", r"\a wants 1 argument", "stands for", r"\a"),
        (r"\operatorname{}c", "MX115", "of a name are empty", "tr", r"\operatorname{}"),
        (r"\Sigma_i x_i", "MX115", "a letter in LaTeX", r"\sum_i", r"\Sigma_i"),
        (
            r"\sum_i(x_{i+1}-x_i)^2",
            "MX115",
            "cannot be part of a name",
            "x_{[2:n]}-x_{[1:n-1]}",
            "_{i+1}",
        ),
    ],
)
def test_what_tex_sets_otherwise_is_refused(
    formula: str, code: str, said: str, advice: str, blamed: str
) -> None:
    with pytest.raises(MatdiffError) as caught:
        reading(formula, "c: scalar, t: scalar, w: n, x: n")
    error = caught.value
    assert error.code == code
    assert said in error.message
    assert advice in (error.hint or "")
    assert error.span is not None
    assert formula[error.span[0] :].startswith(blamed)


def test_the_slices_that_a_shifted_index_is_told_to_be_are_read() -> None:
    found = reading("x_{[2:n]}-x_{[1:n-1]}", "x: n").expression
    assert found is reading("x[2:n] - x[1:n-1]", "x: n", latex=False).expression


def test_a_power_after_a_function_set_apart_has_two_readings() -> None:
    taken = reading(r"\log (x^Tx)^2", "x: n")
    assert any(r"write \log((…)^2)" in warning for warning in taken.warnings)
    with pytest.raises(MatdiffError, match=r"for the other reading"):
        reading(r"\log (x^Tx)^2", "x: n", strict=True)
    for clear in (
        r"(\log(x^Tx))^2",
        r"\log^2(x^Tx)",
        r"\log(x^Tx)^{2}",
    ):  # the last as it is written
        assert reading(clear, "x: n").warnings == []
        assert normalise(reading(clear, "x: n").expression) is normalise(taken.expression)


def test_a_row_transposed_twice_is_told_without_primes() -> None:
    with pytest.raises(MatdiffError) as caught:
        reading(r"\sum_i y_i x_i^T\beta-c(x_i^T\beta)", "X: n×p, y: n, β: p, c: scalar")
    assert "''" not in (caught.value.hint or "")


def test_in_plain_text_a_transpose_within_an_exponent_is_refused() -> None:
    for formula in ("A^{-1T}", "A^(-1T)"):
        with pytest.raises(MatdiffError, match="a factor of the exponent") as caught:
            reading(formula, "A: n×n", latex=False)
        assert caught.value.code == "MX109"
        assert caught.value.hint == "write A^-T"
