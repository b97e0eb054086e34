"""Unknown functions from text to formula: right for every function that is put in for them.

The function emitted for a derivative is called with concrete functions and their derivatives in the
places of the unknown ones, and compared with central differences of the expression itself, which
is emitted in the same way.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from matdiff.documents.records import answer_record, latex_line
from matdiff.documents.statements import Document
from matdiff.emission import numpy_source
from matdiff.errors import MatdiffError
from matdiff.rendering import text
from matdiff.session import Answer, Session
from matdiff.settings import Settings

SIZES = {"m": 3, "n": 4, "p": 2, "k": 5}
RANDOM = np.random.default_rng(7)
B, C, d = RANDOM.normal(size=(3, 4)), RANDOM.normal(size=(2, 3)), RANDOM.normal(size=3)
DECLARED = (
    "φ : elementwise, ψ : elementwise, g : n → p, f : n → scalar, u : p → scalar, "
    "s : scalar → scalar, q : scalar → p, "
    "A : m×n, N : n×n, X : m×n, x : n, y : m, c : p, t : scalar"
)
# What is put in, under the names that stand for it in `arguments`: exp(z/2) + z² and the like.
FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "φ": lambda z: np.exp(z / 2) + z**2,
    "φ'": lambda z: np.exp(z / 2) / 2 + 2 * z,
    "φ''": lambda z: np.exp(z / 2) / 4 + 2,
    "φ'''": lambda z: np.exp(z / 2) / 8,
    "ψ": lambda z: np.sin(z),
    "ψ'": lambda z: np.cos(z),
    "ψ''": lambda z: -np.sin(z),
    "s": lambda z: np.sinh(z / 4),
    "s'": lambda z: np.cosh(z / 4) / 4,
    "s''": lambda z: np.sinh(z / 4) / 16,
    "q": lambda z: np.array([np.cos(z), z**3]),
    "q'": lambda z: np.array([-np.sin(z), 3 * z**2]),
    "q''": lambda z: np.array([-np.cos(z), 6 * z]),
    "f": lambda z: float(d @ np.tanh(B @ z)),
    "grad[f]": lambda z: B.T @ (d / np.cosh(B @ z) ** 2),
    "hess[f]": lambda z: B.T @ np.diag(-2 * d * np.tanh(B @ z) / np.cosh(B @ z) ** 2) @ B,
    "g": lambda z: C @ np.tanh(B @ z),
    "jac[g]": lambda z: C @ np.diag(1 / np.cosh(B @ z) ** 2) @ B,
    "u": lambda z: float(z @ z * z[0]),
    "grad[u]": lambda z: 2 * z * z[0] + (z @ z) * np.eye(2)[0],
    "hess[u]": lambda z: 2 * z[0] * np.eye(2) + 2 * np.outer(z, [1, 0]) + 2 * np.outer([1, 0], z),
}
QUESTIONS = [
    ("gradient", "y'φ(A x)", "x"),
    ("gradient", "sum(φ(A x))", "A"),
    ("gradient", "sum(φ(X∘A))", "X"),
    ("gradient", "tr(φ(X)'A)", "X"),
    ("gradient", "sum(φ(ψ(A x)))", "x"),
    ("gradient", "sum(φ'(A x))", "x"),
    ("gradient", "φ(x'x)", "x"),
    ("gradient", "φ(t)^2 + ψ(t)", "t"),
    ("gradient", "s(x'N x) t", "x"),
    ("gradient", "c'q(x'x)", "x"),
    ("gradient", "c'g(N x)", "x"),
    ("gradient", "f(N x)", "N"),
    ("gradient", "u(g(x))", "x"),
    ("gradient", "x'grad[f](x)", "x"),
    ("gradient", "f(t x)", "t"),
    ("gradient", "Σ_i x[i] φ(x[i])", "x"),
    ("gradient", "Σ_{i,j} ψ(A[i,j] x[j])", "x"),
    ("gradient", "logdet(N'N + diag(φ(x)))", "x"),
    ("jacobian", "φ(A x)", "x"),
    ("jacobian", "φ(X)A'", "X"),
    ("jacobian", "φ(X')", "X"),
    ("jacobian", "g(φ(x))", "x"),
    ("jacobian", "q(t)", "t"),
    ("jacobian", "q'(x'x)", "x"),
    ("jacobian", "grad[f](N x)", "x"),
    ("jacobian", "x f(x)", "x"),
    ("hessian", "sum(φ(A x))", "x"),
    ("hessian", "sum(φ'(x)∘x)", "x"),
    ("hessian", "f(N x)", "x"),
    ("hessian", "f(x)^2", "x"),
    ("hessian", "s(x'x)", "x"),
    ("hessian", "s(f(x))", "x"),
    ("hessian", "c'q(x'x)", "x"),
    ("hessian", "u(q(t))", "t"),
]
NAMES = [f"{kind} {expression} wrt {wrt}" for kind, expression, wrt in QUESTIONS]


def session_of(declared: str = DECLARED) -> Session:
    session = Session()
    session.declare(declared)
    return session


def answer_to(kind: str, expression: str, wrt: str, declared: str = DECLARED) -> Answer:
    session = session_of(declared)
    return session.differentiate(kind, session.parse(expression), wrt, Settings(seed=3))


def refusal(expression: str, declared: str, *, wrt: str = "x", kind: str = "gradient") -> str:
    with pytest.raises(MatdiffError) as caught:
        answer_to(kind, expression, wrt, declared)
    return f"{caught.value.code} {caught.value.message} | {caught.value.hint}"


def emitted(source: str, arguments: dict[str, str], name: str, values: dict[str, Any]) -> Any:
    """The value of an emitted function, with the concrete functions for the unknown ones."""
    space: dict[str, Any] = {}
    exec(compile(source, "emitted", "exec"), space)
    given = {parameter: values[said] for parameter, said in arguments.items()}
    return space[name](**given)


def values_of(declared: str = DECLARED) -> dict[str, Any]:
    """The concrete functions, sizes, and random values of the variables, as code takes them."""
    random = np.random.default_rng(5)
    values: dict[str, Any] = {**FUNCTIONS, **SIZES}
    for name, variable in session_of(declared).environment.variables.items():
        shape = tuple(side.at(SIZES) for side in variable.shape)
        drawn = 0.7 * random.normal(size=shape)
        values[name] = float(drawn[0, 0]) if drawn.size == 1 else drawn
        if variable.is_vector:
            values[name] = drawn.ravel()
    return values


def differences(f: Callable[[Any], Any], at: Any, step: float) -> Any:
    """d vec f / d vec' at a point, by central differences of fourth order."""
    columns = []
    for i in range(np.size(at)):
        change = np.zeros(np.size(at))
        change[i] = step
        move = change.reshape(np.shape(at), order="F") if np.ndim(at) else step
        ahead, behind, far, back = (f(at + factor * move) for factor in (1, -1, 2, -2))
        slope = 8 * (np.asarray(ahead) - np.asarray(behind)) - np.asarray(far) + np.asarray(back)
        columns.append(slope.ravel(order="F") / (12 * step))
    return np.array(columns).T


@pytest.mark.parametrize(("kind", "expression", "wrt"), QUESTIONS, ids=NAMES)
def test_a_derivative_is_right_for_functions_that_are_put_in(
    kind: str, expression: str, wrt: str
) -> None:
    answer = answer_to(kind, expression, wrt)
    record, values = answer_record(answer), values_of()
    found = np.asarray(emitted(record["numpy"], record["arguments"], kind, values))
    variables = list(answer.reading.environment.variables.values())
    source, arguments = numpy_source(answer.reading.expression, name="value", variables=variables)

    def function(at: Any) -> Any:
        return emitted(source, arguments, "value", {**values, wrt: at})

    def slope(at: Any) -> Any:
        return differences(function, at, 1e-3)

    if kind == "hessian":
        expected = differences(slope, values[wrt], 1e-3)
    else:
        expected = slope(values[wrt])
    if kind == "gradient":
        found = found.reshape(1, -1, order="F")
    assert np.allclose(found, expected.reshape(found.shape), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(("kind", "expression", "wrt"), QUESTIONS, ids=NAMES)
def test_a_derivative_is_verified(kind: str, expression: str, wrt: str) -> None:
    session = session_of()
    settings = Settings(verify=True, seed=11)
    answer = session.differentiate(kind, session.parse(expression), wrt, settings)
    assert answer.verification is not None and answer.verification.passed


def test_a_wrong_formula_is_found_out() -> None:
    from matdiff.verification import verify

    right = answer_to("gradient", "y'φ(A x)", "x").derivative
    wrong = answer_to("gradient", "y'φ'(A x)", "x").derivative
    assert right is not None and wrong is not None
    right.formula = wrong.formula
    assert verify(right, seed=1).passed is False


@pytest.mark.parametrize(("kind", "expression", "wrt"), QUESTIONS, ids=NAMES)
def test_what_is_printed_is_read_back(kind: str, expression: str, wrt: str) -> None:
    session = session_of()
    answer = answer_to(kind, expression, wrt)
    assert answer.derivative is not None
    formula = answer.derivative.formula
    for said in (text(formula), latex_line(answer)):
        again = session.shape(session.parse(said, latex=said != text(formula)), Settings())
        assert text(again.reading.expression) == text(formula), said
        assert not again.warnings


FORMULAS = [
    ("gradient", "y'φ(A x)", "x", "A'(y∘φ'(A x))"),
    ("hessian", "sum(φ(A x))", "x", "A'diag(φ''(A x)) A"),
    ("gradient", "u(g(x))", "x", "jac[g](x)'grad[u](g(x))"),
    ("hessian", "f(N x)", "x", "N'hess[f](N x) N"),
    ("gradient", "s(t)", "t", "s'(t)"),
    ("differential", "φ(X)", "X", "dX∘φ'(X)"),
]


@pytest.mark.parametrize(("kind", "expression", "wrt", "formula"), FORMULAS)
def test_formulas_are_a_textbook_s(kind: str, expression: str, wrt: str, formula: str) -> None:
    assert repr(text(answer_to(kind, expression, wrt).derivative.formula)) == repr(formula)  # type: ignore[union-attr]


def test_the_arguments_say_what_the_parameters_are() -> None:
    declared = "φ : elementwise, phi : n, g : n → m, f : m → scalar"
    answer = answer_to("gradient", "f(g(phi)) + sum(φ(phi))", "phi", declared)
    record = answer_record(answer)
    assert record["arguments"] == {
        "phi": "phi", "grad_f": "grad[f]", "g": "g", "jac_g": "jac[g]", "dphi": "φ'",
    }  # fmt: skip
    assert "    jac_g : n → m×n\n" in record["numpy"]
    assert "    dphi : a function of each entry\n" in record["numpy"]


def test_parameters_of_one_spelling_are_kept_apart() -> None:
    answer = answer_to("gradient", "dphi'φ(x)", "x", "φ : elementwise, dphi : n, x : n")
    assert answer_record(answer)["arguments"] == {"dphi": "dphi", "x": "x", "dphi_1": "φ'"}


REFUSED = [
    ("c'g(N x)", DECLARED, "hessian", "MX256 the second derivative of g is an array of three ind"),
    ("sum(hess[f](x))", DECLARED, "gradient", "MX256 the third derivative of f is an array of thr"),
    ("f(x)", "f : n → scalar, x : m", "gradient", "MX207 f takes a column n×1, x is m×1 | None"),
    ("f(x')", "f : n → scalar, x : n", "gradient",
     "MX207 f takes a column n×1, x' is 1×n | f(x) would fit"),
    ("f(x)", "f : scalar → scalar, x : n", "gradient",
     "MX207 f takes a scalar, x is n×1 | f : elementwise is a function of each entry"),
    ("f'(x)", "f : n → scalar, x : n", "gradient",
     "MX151 f' is not a known function | a derivative of f is written grad[f](…) or hess[f](…)"),
    ("sum(grad[φ](x))", "φ : elementwise, x : n", "gradient",
     "MX151 grad[φ] is not a known function | a derivative of φ is written φ'(…)"),
    ("sum(jac[h](x))", "x : n", "gradient",
     "MX151 jac[h] is not a known function | "
     "declare an unknown function by h : elementwise or h : n → m"),
    ("sum(φ)", "φ : elementwise, x : n", "gradient",
     "MX107 `φ` at column 5 is a function: its argument stands in brackets, φ(…) | None"),
    ("sum(φ(x, x))", "φ : elementwise, x : n", "gradient",
     "MX208 φ takes 1 argument, 2 given | None"),
    ("sum(foo(x))", "x : n", "gradient",
     "MX151 foo is not a known function | if foo is a variable, declare it, or write foo*(…); "
     "declare an unknown function by foo : elementwise or foo : n → m"),
    ("sum(sin(x))", "cos : elementwise, x : n", "gradient",
     "MX158 the known function cos occurs in the formula, where cos would be taken for the "
     "function declared | declare cos under another name"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "declared", "kind", "said"), REFUSED)
def test_what_is_refused(expression: str, declared: str, kind: str, said: str) -> None:
    assert refusal(expression, declared, kind=kind).startswith(said)


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ("φ : elementwise, φ : n", "MX152 φ is declared twice, and differently: first `φ : el"),
        ("K : elementwise", "MX157 K cannot be declared as a function: K(…) has a meaning of its"),
        ("g : n → m symmetric", "MX153 g is a function, and symmetric is a property of matrices"),
        ("g : m×n → p", "MX111 g maps vectors to vectors, so one dimension stands on each side of"),
    ],
)
def test_declarations_that_are_refused(declared: str, said: str) -> None:
    assert refusal("x'x", declared).startswith(said)


def test_a_name_has_one_meaning() -> None:
    session = session_of("φ : elementwise, x : n")
    session.declare("φ : elementwise")
    for declared in ("φ : n → m", "φ : n", "x : elementwise"):
        with pytest.raises(MatdiffError) as caught:
            session.declare(declared)
        assert caught.value.code == "MX152"
    with pytest.raises(MatdiffError, match="φ is a function, not a variable"):
        session.differentiate("gradient", session.parse("x'φ(x)"), "φ", Settings())


def test_a_known_function_may_be_declared_anew() -> None:
    answer = answer_to("gradient", "sum(tanh(x))", "x", "tanh : elementwise, x : n")
    assert text(answer.derivative.formula) == "tanh'(x)"  # type: ignore[union-attr]
    assert answer.warnings == ["tanh is the function declared, not the known one of that name"]
    answer = answer_to("gradient", r"\mathbf{1}_n^\top\sigma(x)", "x", "σ : elementwise, x : n")
    assert text(answer.derivative.formula) == "σ'(x)"  # type: ignore[union-attr]


def test_what_looks_like_a_call_of_an_undeclared_name_is_remarked_on() -> None:
    answer = answer_to("jacobian", "φ(A x)", "x", "A : m×n, x : n")
    assert answer.warnings == [
        "φ(…) is read as a product; if φ is a function, declare φ : elementwise or φ : n → m"
    ]
    assert not answer_to("gradient", "λ(x'x - 1)", "x", "x : n").warnings


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"\varphi(A x)", "φ(A x)"),
        (r"\phi'\left(A x\right)", "φ'(A x)"),
        (r"\varphi^{\prime\prime}(x)", "φ''(x)"),
        (r"\operatorname{foo}'(x)", "foo'(x)"),
        (r"\mathrm{foo}(x)", "foo(x)"),
        (r"J_g(x)^\top", "jac[g](x)'"),
        (r"J_{g_1}(x)", "jac[g_1](x)"),
        (r"\nabla f(x)^\top x", "grad[f](x)'x"),
        (r"\nabla^2 f(x)\mathbf{x}", "hess[f](x) x"),
        (r"g_1(x)", "g_1(x)"),
        (r"\log'(x)", "log'(x)"),
    ],
)
def test_latex(written: str, meant: str) -> None:
    session = session_of(
        "φ : elementwise, foo : elementwise, log : elementwise, f : n → scalar, g : n → m, "
        "g_1 : n → m, A : m×n, x : n"
    )
    answer = session.shape(session.parse(written, latex=True), Settings())
    assert text(answer.reading.expression) == meant


def test_a_file_declares_functions_and_another_one_otherwise() -> None:
    answers = []
    for declared in ("φ : elementwise", "φ : n → m", "φ : n → scalar"):
        document = Document(Settings())
        document.carry_out(f"x : n,  {declared}")
        answer = document.carry_out("jacobian φ(x) wrt x")
        assert isinstance(answer, Answer)
        answers.append(json.dumps(answer_record(answer)["formula"], ensure_ascii=False))
    assert answers == ['"diag(φ\'(x))"', '"jac[φ](x)"', '"grad[φ](x)\'"']


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("gradient y'φ(A x) wrt x == A'diag(y)φ'(A x)", "proved"),
        ("gradient y'φ(A x) wrt x == A'diag(y)φ(A x)", "wrong"),
        ("hessian f(x) wrt x == hess[f](x)'", "proved"),
        ("gradient c'g(x) wrt x == jac[g](x)'c", "proved"),
        ("gradient c'g(N x) wrt x == jac[g](N x)'c", "wrong"),
        ("gradient s(x'x) wrt x == 2 s'(x'x) x", "proved"),
        ("gradient s(x'x) wrt x == s'(x'x) x", "wrong"),
        ("check sum(ψ(2 x)) wrt x == 2 ψ'(2 x)", "proved"),
        ("check sum(ψ(x + x∘x)) wrt x == ψ'(x) + ψ'(x∘x)", "wrong"),
    ],
)
def test_claims(claim: str, verdict: str) -> None:
    document = Document(Settings())
    document.carry_out(DECLARED)
    answer = document.carry_out(claim)
    assert isinstance(answer, Answer) and answer.claim is not None
    assert answer.claim.verdict.outcome == verdict


def test_sums_do_not_depend_on_the_order_of_declarations() -> None:
    one = answer_to("gradient", "f(x) + h(x)", "x", "f : n → scalar, h : n → scalar")
    other = answer_to("gradient", "h(x) + f(x)", "x", "h : n → scalar, f : n → scalar")
    assert text(one.derivative.formula) == text(other.derivative.formula)  # type: ignore[union-attr]
