"""LaTeX as papers type it, read as what it means; what is not read is refused by its name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

import json

import corpus
from corpus import Problem, ask, environment, objection

from matdiff.derivatives import derive
from matdiff.errors import MatdiffError
from matdiff.rendering import text
from matdiff.session import Session
from matdiff.settings import Settings
from matdiff.shapes import function_names, read
from matdiff.syntax import parse_expression, parse_statement
from matdiff.syntax.latex import from_latex
from matdiff.syntax.tree import Declaration, Definition, Query

PAPERS = [
    Problem("latex", json.loads(line))
    for line in (corpus.FOLDER / "latex.jsonl").read_text(encoding="utf-8").splitlines()
]

FORMULAS = [
    (
        r"\frac{1}{2n}\|X\beta-y\|_2^2+\frac{\lambda}{2}\beta^{\top}\beta",
        "(1/(2 n)) norm(X β - y)^2 + (λ/2) β'β",
        "X: n×p, β: p, y: n, λ: scalar",
    ),
    (r"(y-X\beta)^T(y-X\beta)", "(y - X β)'(y - X β)", "X: n×p, β: p, y: n"),
    (
        r"\bigl(\mathbf{y}-\mathbf{X}\boldsymbol{\beta}\bigr)^{\!\top}\boldsymbol{\Omega}^{-1}\bigl(\mathbf{y}-\mathbf{X}\boldsymbol{\beta}\bigr)",
        "(y - X β)'Ω^-1 (y - X β)",
        "X: n×p, β: p, y: n, Ω: n×n spd",
    ),
    (
        r"(\mathbf X^{\mathsf T}\mathbf X+\lambda\mathbf I_p)^{-1}\mathbf X^{\mathsf T}\mathbf y",
        "(X'X + λ I(p))^-1 X'y",
        "X: n×p, y: n, λ: scalar",
    ),
    (r"\left(X^{\prime}X\right)^{-1}X^{\prime}y.", "(X'X)^-1 X'y", "X: n×p, y: n"),
    (
        r"\mathbf{1}_n^{\top}\log\bigl(\mathbf{1}_n+\exp(-y\odot \mathbf{X}\mathbf{w})\bigr)",
        "ones(n)'log(ones(n) + exp(-(y∘(X w))))",
        "X: n×d, y: n, w: d",
    ),
    (r"\log\left(1+e^{-y\,w^{\top}x}\right)", "log(1 + exp(-y w'x))", "y: scalar, w: n, x: n"),
    (
        r"y\log\sigma(w^\top x)+(1-y)\log(1-\sigma(w^\top x))",
        "y log(sigmoid(w'x)) + (1 - y) log(1 - sigmoid(w'x))",
        "y: scalar, w: n, x: n",
    ),
    (
        r"-\tfrac{n}{2}\log(2\pi)-\tfrac12\log\det\Sigma-\tfrac12(x-\mu)^{T}\Sigma^{-1}(x-\mu)",
        "-(n/2) log(2 pi) - 1/2 logdet(Σ) - 1/2 (x - μ)'Σ^-1 (x - μ)",
        "x: n, μ: n, Σ: n×n spd",
    ),
    (
        r"\ln|\Sigma|+\operatorname{tr}(\Sigma^{-1}S)",
        "log(det(Σ)) + tr(Σ^-1 S)",
        "Σ: p×p spd, S: p×p",
    ),
    (
        r"\ln\lvert\Sigma\rvert+\operatorname{tr}\Sigma^{-1}S-\ln\lvert S\rvert-p",
        "log(det(Σ)) + tr(Σ^-1 S) - log(det(S)) - p",
        "Σ: p×p spd, S: p×p spd",
    ),
    (
        r"\frac{1}{\sqrt{|2\pi\Sigma|}}\exp\left\{-\frac12 x^\top\Sigma^{-1}x\right\}",
        "(1/sqrt(det(2 pi Σ))) exp(-1/2 x'Σ^-1 x)",
        "Σ: p×p spd, x: p",
    ),
    (
        r"\operatorname{softmax}\left(\frac{Kq}{\sqrt{d_k}}\right)^{\!\top}V",
        "softmax(K q/sqrt(d_k))'V",
        "K: m×n, q: n, V: m×p, d_k: scalar",
    ),
    (
        r"V^{\top}\mathrm{softmax}\bigl(K W_q x/\sqrt{d}\bigr)",
        "V'softmax(K W_q x/sqrt(d))",
        "K: m×d, W_q: d×n, x: n, V: m×p",
    ),
    (
        r"\tfrac{1}{2}\lVert M-UV^{\top}\rVert_{F}^{2}"
        r"+\tfrac{\lambda}{2}\bigl(\lVert U\rVert_{F}^{2}+\lVert V\rVert_{F}^{2}\bigr)",
        "1/2 norm(M - U V')^2 + (λ/2)(norm(U)^2 + norm(V)^2)",
        "M: m×n, U: m×k, V: n×k, λ: scalar",
    ),
    (
        r"\|\Omega\odot(M-UV^\top)\|_{\mathrm{F}}^2",
        "norm(Ω∘(M - U V'))^2",
        "M: m×n, U: m×k, V: n×k, Ω: m×n",
    ),
    (
        r"\left\lVert \mathbf{W}\circ\left(\mathbf{X}-\mathbf{A}\mathbf{B}\right)\right\rVert_F^2",
        "norm(W∘(X - A B))^2",
        "W: m×n, X: m×n, A: m×k, B: k×n",
    ),
    (r"(X'\Omega^{-1}X)^{-1}X'\Omega^{-1}y", "(X'Ω^-1 X)^-1 X'Ω^-1 y", "X: n×p, Ω: n×n spd, y: n"),
    (r"PH^\top\left(HPH^\top+R\right)^{-1}", "P H'(H P H' + R)^-1", "P: n×n, H: m×n, R: m×m"),
    (
        r"\operatorname{tr}\left[(I_n-KH)P(I_n-KH)^{T}+KRK^{T}\right]",
        "tr((I(n) - K H)P (I(n) - K H)' + K R K')",
        "P: n×n, H: m×n, R: m×m, K: n×m",
    ),
    (
        r"\hat{x}+K\left(z-H\hat{x}\right)",
        "x_hat + K (z - H x_hat)",
        "x_hat: n, K: n×m, z: m, H: m×n",
    ),
    (
        r"\mathbf{A}\big(\mathbf{B}(\mathbf{XC})\odot\mathbf{D}\big)",
        "A (B (X C)∘D)",
        "A: k×a, B: a×b, X: b×1, C: 1×e, D: b×e",
    ),
    (r"\mathbf{xx}^T", "x x'", "x: n"),
    (
        r"\operatorname{tr} A X^\top+\operatorname{tr}B",
        "tr(A X') + tr(B)",
        "A: m×n, X: m×n, B: n×n",
    ),
    (r"\langle A, X\rangle + \lambda\|X\|_1", "A : X + λ norm1(X)", "A: m×n, X: m×n, λ: scalar"),
    (r"\mathbf{1}^{\top}\max(0, Wx+b)", "ones'relu(W x + b)", "W: m×n, x: n, b: m"),
    (
        r"W^{(2)}\tanh\left(W^{(1)}x+b^{(1)}\right)+b^{(2)}",
        "W_2 tanh(W_1 x + b_1) + b_2",
        "W_1: h×n, W_2: m×h, x: n, b_1: h, b_2: m",
    ),
    (r"W^{[2]}\operatorname{ReLU}(W^{[1]}x)", "W_2 relu(W_1 x)", "W_1: h×n, W_2: m×h, x: n"),
    (r"\operatorname{diag}(\mathbf{d})^{-1}A", "diag(d)^-1 A", "d: n, A: n×m"),
    (r"x^{\circ 2}+\exp(x)^{\circ -1}", "x.^2 + exp(x).^(-1)", "x: n"),
    (r"\frac{x^\top A x}{x^\top x}", "(x'A x)/(x'x)", "A: n×n, x: n"),
    (r"\frac{\mathbf{a}\cdot c}{\|\mathbf{a}\|_2}", "(a*c)/norm(a)", "a: n, c: scalar"),
    (r"(A\otimes B)\operatorname{vec}(X)", "(A⊗B) vec(X)", "A: m×n, B: p×q, X: q×n"),
    (r"K_{m,n}\operatorname{vec}X", "K(m,n) vec(X)", "X: m×n"),
    (r"\sqrt{\mathbf w^\top\Sigma\mathbf w}", "sqrt(w'Σ w)", "w: n, Σ: n×n"),
    (r"\det\left(X^{\top}X\right)^{1/2}", "det(X'X)^(1/2)", "X: m×n"),
    (r"\log\left|\det W\right|", "log(abs(det(W)))", "W: n×n"),
    (
        r"\operatorname{tr}\mathbf{\Sigma}^{-1}\mathbf{S} - \log{a} b",
        "tr(Σ^-1 S) - log(a) b",
        "Σ: p×p, S: p×p, a: scalar, b: scalar",
    ),
    (
        r"\tfrac1n\sum_{i=1}^n\log\bigl(1+e^{-y_i w^\top x_i}\bigr)",
        "(1/n) Σ_{i=1}^{n} log(1 + exp(-y[i] w'X[i,:]'))",
        "X: n×d, y: n, w: d",
    ),
    (r"X^{-T}", "X^-T", "X: n×n"),
    (r"x^tAx", "x'A x", "A: n×n, x: n"),
    (r"a^2 + {\rm e}^{-a}\,,", "a^2 + exp(-a)", "a: scalar"),
    (r"{\bf w}^{\rm T}{\bf S}{\bf w}", "w'S w", "w: n, S: n×n"),
    (r"\theta^{T} x + \theta_0", "θ'x + θ_0", "θ: n, x: n, θ_0: scalar"),
    (
        r"\tilde{\mathbf{X}}_1\widehat{\boldsymbol\beta}",
        "X_tilde_1 β_hat",
        "X_tilde_1: n×p, β_hat: p",
    ),
    (r"\sin^2(a)+\cos^{2}a", "sin(a)^2 + cos(a)^2", "a: scalar"),
    (r"\sqrt a b\frac1ab", "sqrt(a) b (1/a) b", "a: scalar, b: scalar"),
    (r"\operatorname{tr}(X\log X)", "tr(X log(X))", "X: n×n"),
    (r"\varepsilon^\top\varepsilon", "ε'ε", "ε: n"),
    (r"\mathbf{0}_n^\top x + 0", "zeros(n)'x + 0", "x: n"),
    (r"A(BC\circ D)", "A (B C∘D)", "A: k×m, B: m×r, C: r×n, D: m×n"),
    (r"\mathrm{logsumexp}(Ax+b)", "logsumexp(A x + b)", "A: m×n, x: n, b: m"),
    (r"\frac{\lambda_{\max}}{2}\|w\|^2", "(λ_max/2) norm(w)^2", "λ_max: scalar, w: n"),
    (r"$$\|A\mathbf{x}-b\|^{2}$$", "norm(A x - b)^2", "A: m×n, x: n, b: m"),
    (r"\lambda_{\mathrm{max}} x", "λ_max x", "λ_max: scalar, x: n"),
]


def asked(formula: str, declarations: str) -> str:
    """How matdiff reads a formula in LaTeX."""
    session = Session()
    session.declare(declarations)
    return text(session.shape(session.parse(formula, latex=True), Settings()).reading.expression)


@pytest.mark.parametrize(("formula", "meant", "declared"), FORMULAS)
def test_a_formula_of_a_paper_is_read(formula: str, meant: str, declared: str) -> None:
    session = Session()
    session.declare(declared)
    found = session.shape(session.parse(formula, latex=True), Settings()).reading
    expected = session.shape(session.parse(meant), Settings()).reading
    assert text(found.expression) == text(expected.expression)
    assert not found.inferred


def outcome(problem: Problem) -> str:
    """`same` if LaTeX gives the derivative that its meaning gives, checked by differences."""
    known = environment(problem)
    try:
        tree = parse_expression(
            problem.entry["latex"], declared=known.names, functions=function_names(), latex=True
        )
        expression = read(tree, known).expression
    except MatdiffError as error:
        return error.code
    variable = known.variables[problem.entry["wrt"]].symbol
    found = derive(problem.kind, expression, variable, structure="free")
    if reason := objection(problem, found):
        return reason
    return "same" if text(found.formula) == text(ask(problem).formula) else text(found.formula)


@pytest.mark.parametrize("problem", PAPERS, ids=lambda problem: problem.id)
def test_a_problem_of_the_corpus_is_read(problem: Problem) -> None:
    assert outcome(problem) == "same"


@pytest.mark.parametrize(
    ("formula", "code", "said", "blamed"),
    [
        (r"x^\top \nabla x", "MX115", r"`\nabla` is not read", r"\nabla"),
        (r"A^{H}x", "MX115", "the superscript H is not read", "^{H}"),
        (r"x^{+}", "MX115", "may be a pseudo-inverse or the positive part", "^{+}"),
        (r"\begin{cases}a\end{cases}", "MX115", r"`\begin` is not read", r"\begin"),
        (r"\mathbb{E}[x]", "MX115", r"`\mathbb{E}` is not read", r"\mathbb{E}"),
        (r"x \text{ if so}", "MX115", "the text `if so` is not read", r"\text{ if so}"),
        (r"\hat{xy}", "MX115", "stands over one letter", r"\hat"),
        (r"x_{t+1}^\top x", "MX115", "cannot be part of a name", "_{t+1}"),
        (r"\log_2 x", "MX115", "with a subscript is not read", r"\log"),
        (r"\sigma'(x)", "MX151", "σ' is not a known function", r"\sigma"),
        (r"\max(x, 1)", "MX115", "is read only of 0 and x", r"\max"),
        (r"\sqrt[2p]{x}", "MX115", "has an index that is not one sign", r"\sqrt"),
        (r"(x + y)_{12}", "MX115", "with numbers", "_"),
        (r"\left. x\right|_1", "MX115", r"`\left.` is not read", r"\left."),
        (r"\frac{x}", "MX107", "has no argument", r"\frac"),
        (r"\exp", "MX107", "has no argument", r"\exp"),
        (r"\frac{x}{}", "MX105", "encloses nothing", "{"),
        (r"x^", "MX105", "has nothing after it", "^"),
        (r"^\top x", "MX105", "has nothing before it", "^"),
        (r"\frac{x + }{2}", "MX105", "the operator `+` at column 9 has no right operand", "+"),
        (r"x}\beta", "MX104", "closes no brace", "}"),
        (r"\left(x\right]", "MX104", "cannot close the ( at column 6", "]"),
        (r"\|x", "MX104", "is not closed", r"\|"),
        (r"\sum_{i<j} x_i", "MX109", "is no sum that is read", r"\sum_{i<j}"),
        (r"\Sigma = x x^\top", "MX110", "this is an equation", "="),
        (r"\operatorname{foo}(x)", "MX151", "foo is not a known function", r"\operatorname{foo}"),
    ],
)
def test_what_is_not_read_is_refused_at_its_place(
    formula: str, code: str, said: str, blamed: str
) -> None:
    with pytest.raises(MatdiffError) as caught:
        parse_expression(formula, declared={"x", "A"}, functions=function_names(), latex=True)
    error = caught.value
    assert error.code == code
    assert said in error.message
    assert error.span is not None
    assert formula[slice(*error.span)].startswith(blamed)


def test_a_backslash_is_enough_to_tell() -> None:
    declared = {"W", "x"}
    marked = parse_expression(r"Wx^\top", declared=declared, functions=function_names())
    said = parse_expression("Wx^T", declared=declared, functions=function_names(), latex=True)
    assert type(marked) is type(said)
    assert asked("Wx", "W: m×n, x: n") == "W x"


def test_in_a_file_latex_stands_between_dollars() -> None:
    session = Session()
    for line in (
        r"$\mathbf{X}$ : n×p, $\beta\in\mathbb{R}^{p}$, y : n, $W\in\mathbb{R}^{n\times n}$",
        r"$r = X\beta - y$",
    ):
        read_in = parse_statement(
            line, declared=session.environment.names, functions=function_names()
        )
        for statement in read_in if isinstance(read_in, list) else [read_in]:
            assert isinstance(statement, (Declaration, Definition))
            session.add(statement, Settings())
    query = parse_statement(
        r"gradient 2 $r^\top W r + 1$ wrt $\boldsymbol\beta$",
        declared=session.environment.names,
        functions=function_names(),
    )
    assert isinstance(query, Query)
    assert query.wrt == "β"
    reading = session.shape(query.expression, Settings()).reading
    assert text(reading.expression) == "2((X β - y)'W(X β - y) + 1)"


def test_an_error_between_dollars_has_its_place_in_the_line() -> None:
    line = r"gradient $x^\top \foo x$ wrt x"
    with pytest.raises(MatdiffError) as caught:
        parse_statement(line, declared={"x"}, functions=function_names())
    assert caught.value.span is not None
    assert line[slice(*caught.value.span)] == r"\foo"


def test_declared_names_come_first() -> None:
    assert asked(r"W1^\top \mathrm{beta}", "W1: m×n, beta: m") == "W1'beta"
    assert "sigmoid" not in asked(r"\sigma (a + 1)", "σ: scalar, a: scalar")
    assert asked(r"\sigma (a + 1)", "a: scalar") == "sigmoid(a + 1)"
    assert asked("e^2", "e: scalar") == "e^2"


def test_the_column_is_one_of_what_was_typed() -> None:
    with pytest.raises(MatdiffError) as caught:
        parse_expression(r"½ x^\top x + \exp", declared={"x"}, functions=function_names())
    assert "at column 14 " in caught.value.message
    assert caught.value.span == (13, 17)


def test_what_reads_latex_is_loaded_only_for_latex() -> None:
    program = (
        "import sys; from matdiff.session import Session; Session().parse('A x');"
        "print(any(name.startswith('matdiff.syntax.latex') for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "False\n", done.stderr


def test_deep_nesting_is_a_limit() -> None:
    with pytest.raises(MatdiffError) as caught:
        parse_expression(r"\sqrt{" * 90 + "x" + "}" * 90, functions=function_names())
    assert caught.value.code == "MX503"


_SCRAPS = st.sampled_from(
    r"\frac \sqrt { } ( ) [ ] | \| \left( \right) \left| \right| ^ _ ' \top T x A 1 0 + - , e \hat "
    r"\mathbf \mathrm{tr} \log \det \sum_i \odot \cdot \sigma \max \langle \rangle \mathbb{R} $ \, "
    r"\sum \bar \vec \text{x} I_n = . \circ".split(" ")
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_SCRAPS, max_size=14), st.booleans())
def test_scraps_of_latex_never_crash(scraps: list[str], dollars: bool) -> None:
    formula = " ".join(scraps)
    try:
        parse_expression(
            f"${formula}$" if dollars else formula,
            declared={"x", "A"},
            functions=function_names(),
            latex=not dollars,
        )
    except MatdiffError as error:
        assert error.span is None or 0 <= error.span[0] <= error.span[1] <= len(formula) + 2


def test_e_to_the_power_of_a_square_matrix_is_refused() -> None:
    session = Session()
    session.declare("A: n×n")
    with pytest.raises(MatdiffError, match="e to the power of a square matrix, n×n"):
        session.shape(session.parse(r"\operatorname{tr} e^{A}"), Settings())


def test_entries_counted_from_zero_are_names() -> None:
    notes = from_latex(r"\theta_0+\theta_1 x", {"θ": ("n", "1"), "x": ("1", "1")}, ()).notes
    assert notes == []
    assert from_latex(r"\theta_1 x", {"θ": ("n", "1"), "x": ("1", "1")}, ()).notes == [
        "θ_1 is read as the entry θ[1]"
    ]
    own = {"θ": ("n", "1"), "θ_1": ("1", "1"), "x": ("1", "1")}
    assert from_latex(r"\theta_1 x", own, ()).notes == []
