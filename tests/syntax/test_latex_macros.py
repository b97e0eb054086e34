r"""Macros of a document, before the formula or beside it: put in, with limits, at their places."""

from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matdiff.errors import LimitReached, MatdiffError, SyntaxProblem
from matdiff.normal import normalise
from matdiff.session import Session
from matdiff.settings import Settings
from matdiff.shapes import function_names
from matdiff.syntax import parse_expression, parse_statement
from matdiff.syntax.latex import Macros, from_latex, read_macros
from matdiff.syntax.tree import Query

SHAPES = "x: n, b: m, A: m×n, X: n×m, S: n×n, c: scalar, ε: scalar, φ: scalar"

READ = [
    (r"\newcommand{\vx}{\mathbf{x}}\newcommand{\T}{^{\mathsf{T}}} \vx\T S\vx", "x'S x"),
    (r"\newcommand\vx{\bm x}\vx^\top\vx", "x'x"),
    (
        r"\newcommand{\nrm}[2][2]{\left\lVert #2\right\rVert_{#1}} \nrm{Ax-b}^2+\nrm[1]{x}",
        "norm(A x - b)^2 + norm1(x)",
    ),
    (r"\renewcommand*{\vec}[1]{\boldsymbol{#1}} \vec x^\top\vec{x}", "x'x"),
    (r"\DeclareMathOperator{\Trace}{Tr}\Trace(AX)", "tr(A X)"),
    (r"\DeclareMathOperator*{\Vect}{vec}\Vect(X)^\top\Vect(X)", "vec(X)'vec(X)"),
    (r"\def\m#1{\mathbf{#1}}\def\quad#1#2{#1^\top#2#1} \quad{\m x}{\m S}", "x'S x"),
    (
        r"\DeclarePairedDelimiter{\nrm}{\lVert}{\rVert} \nrm*{Ax}^2+\nrm[\big]{x}^2",
        "norm(A x)^2 + norm(x)^2",
    ),
    (r"\DeclarePairedDelimiter\ip{\langle}{\rangle}\ip{x,x}", "x:x"),
    (r"\DeclarePairedDelimiterX\ip[2]{\langle}{\rangle}{#1,#2}\ip*{x}{x}", "x:x"),
    (r"\NewDocumentCommand{\nrm}{O{2} m}{\|#2\|_{#1}}\nrm{x}+\nrm[1]{x}", "norm(x) + norm1(x)"),
    (r"\DeclareDocumentCommand\q{m m}{#1^\top#2#1}\q{x}{S}", "x'S x"),
    (
        r"\let\eps\varepsilon\let\oldphi=\phi\renewcommand{\phi}{\varphi} \eps\phi+\oldphi",
        "ε φ + φ",
    ),
    (r"\newcommand{\a}{\b\b}\newcommand{\b}{c} \a", "c c"),
    (r"\newcommand{\half}{\frac12} \half x^\top x", "1/2 x'x"),
    (r"\newcommand{\e}{\varepsilon}\e c", "ε c"),
    (r"% \newcommand{\x}{A}" + "\n" + r"\newcommand{\x}{x}\x^\top\x", "x'x"),
    (r"\norm{Ax-b}_2^2+\abs{c}", "norm(A x - b)^2 + abs(c)"),
    (r"\ensuremath{x^\top x}", "x'x"),
]


def read(formula: str, *, latex: bool, macros: Macros | None = None) -> object:
    session = Session()
    session.declare(SHAPES)
    tree = session.parse(formula, latex=latex, macros=macros)
    return normalise(session.shape(tree, Settings()).reading.expression)


@pytest.mark.parametrize(("formula", "meant"), READ)
def test_macros_are_put_in(formula: str, meant: str) -> None:
    assert read(formula, latex=True) is read(meant, latex=False)


def test_macros_are_given_beside_the_formula() -> None:
    preamble = r"""
    \documentclass{article} \usepackage{amsmath,bm}
    \newcommand{\vx}{\bm{x}} % \newcommand{\vx}{A}
    \newcommand{\quadratic}[2]{#1^{\top} #2 #1}
    \DeclareMathOperator{\Tr}{Tr}
    \newcommand{\unused}{\csname x\endcsname} \newenvironment{proof}{}{}
    \begin{document} text with \emph{commands}
    """
    macros = read_macros(preamble)
    assert read(r"\quadratic{\vx}{S}", latex=True, macros=macros) is read("x'S x", latex=False)
    later = read_macros(r"\renewcommand{\vx}{b}", macros)
    assert read(r"\vx^\top\vx", latex=True, macros=later) is read("b'b", latex=False)
    assert read(r"\vx^\top\vx", latex=True, macros=macros) is read("x'x", latex=False)


def test_a_statement_takes_macros_from_its_own_dollars() -> None:
    line = r"gradient $\def\v{x} \v^\top\v$ wrt x"
    query = parse_statement(line, declared={"x"}, functions=function_names())
    assert isinstance(query, Query)
    assert query.wrt == "x"


@pytest.mark.parametrize(
    ("formula", "said", "blamed"),
    [
        (r"\newcommand{\a}{\b}\newcommand{\b}{\a} c + \a", r"\a calls itself", r"\a"),
        (r"\newcommand{\x}{\x^2} \x", r"\x calls itself", r"\x"),
        (r"\newcommand{\v}[1]{\oops #1} c + \v y", r"`\oops` is not read", r"\v"),
        (r"\newcommand{\v}[1]{\mathbf{#1}} \v x^\top \foo", r"`\foo` is not read", r"\foo"),
        (r"\newcommand{\v}[1]{\mathbf{#1}} \v{\foo}", r"`\foo` is not read", r"\foo"),
        (r"\newcommand{\v}{\def\w{x}} \v", r"it calls \def", r"\v"),
        (r"\newcommand{\v}{\csname x\endcsname} \v", r"it calls \csname", r"\v"),
        (r"\def\a#1.{#1}\a x.", "takes arguments in a form", r"\a x"),
        (r"\edef\a{x}\a", r"defined by \edef", r"\a"),
        (r"\newcommand{\v}[2]{#1#2} \v{x}", "wants 2 arguments", r"\v{x}"),
        (r"\newcommand{\v}", "the definition", r"\newcommand"),
        (r"\def\v{x", "the definition", r"\def"),
        (r"\newcommand{v}{x} x", "the definition", r"\newcommand"),
    ],
)
def test_a_macro_that_is_not_put_in_is_refused_at_its_place(
    formula: str, said: str, blamed: str
) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        parse_expression(formula, declared={"x"}, functions=function_names(), latex=True)
    error = caught.value
    assert error.code == "MX115"
    assert said in error.message
    assert error.span is not None
    start = error.span[0]
    assert formula.startswith(blamed, start)
    assert start == formula.rindex(blamed) or blamed in (r"\newcommand", r"\def")


@pytest.mark.parametrize(
    ("formula", "code"),
    [
        (r"\newcommand{\a}[1]{#1#1}" + r"\a{" * 30 + "x" + "}" * 30, "MX503"),
        (
            "".join(
                rf"\newcommand{{\{a}}}{{\{b}\{b}}}"
                for a, b in zip("abcdefghijkl", "bcdefghijklm", strict=True)
            )
            + rf"\newcommand{{\m}}{{{'x ' * 200}}} \a",
            "MX501",
        ),
        (
            "".join(rf"\newcommand{{\v{a}}}{{\v{a}a}}" for a in ("a" * i for i in range(1, 40)))
            + r"\va",
            "MX503",
        ),
    ],
)
def test_growth_is_limited(formula: str, code: str) -> None:
    begin = perf_counter()
    with pytest.raises(LimitReached) as caught:
        parse_expression(formula, declared={"x"}, functions=function_names(), latex=True)
    assert caught.value.code == code
    assert perf_counter() - begin < 2


def test_a_letter_after_a_macro_does_not_join_its_command() -> None:
    assert from_latex(r"\newcommand{\a}{\alpha}\a x", (), ()).folded.split() == ["α", "x"]


_SCRAPS = st.sampled_from(
    r"\newcommand \renewcommand* \def \let \DeclareMathOperator \DeclarePairedDelimiter { } [ ] # "
    r"#1 #2 {\a} {\b} \a \b [1] [2] {x} {#1^2} x A + = \norm \abs * % $ \over _ ^ ' | \left| "
    r"\right| \| \dagger ^+ \cdot \\ & \sum_i _i ^{(i)} ( ) \sum_{i=1}^n".split(" ")
)


@settings(max_examples=400, deadline=None)
@given(st.lists(_SCRAPS, max_size=16), st.booleans())
def test_scraps_of_definitions_never_crash(scraps: list[str], blanks: bool) -> None:
    formula = (" " if blanks else "").join(scraps)
    try:
        parse_expression(formula, declared={"x", "A"}, functions=function_names(), latex=True)
    except MatdiffError as error:
        assert error.span is None or 0 <= error.span[0] <= error.span[1] <= len(formula) + 2
