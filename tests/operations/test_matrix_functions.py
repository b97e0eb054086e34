"""Functions of matrices: their values, the closed forms there are, and the refusal of the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numerics import close, draw, matrix, n, value

from matdiff.calculus.differential import differential
from matdiff.dimensions import ONE
from matdiff.errors import DomainProblem, MatdiffError
from matdiff.normal import normalise
from matdiff.normal.properties import properties_of
from matdiff.operations.algebra import Expression, identity, scale
from matdiff.operations.commuting import commute
from matdiff.operations.linear import trace
from matdiff.operations.matrix_functions import expm, logm, powm, sqrtm
from matdiff.operations.matrix_numerics import _expm, _hadamard, _logm, _powm, _sqrtm
from matdiff.operations.nonlinear import inverse
from matdiff.session import Session
from matdiff.settings import Settings
from matdiff.verification.structure import endow

DECLARED = (
    "A : n×n, B : n×n, X : n×n, H : 4×4, R : m×n, S : n×n symmetric, x : n, y : n, "
    "t : scalar, k : scalar"
)


def answer(kind: str, expression: str, wrt: str) -> Any:
    session = Session()
    session.declare(DECLARED)
    settings = Settings(verify=True, seed=5)
    return session.differentiate(kind, session.parse(expression), wrt, settings)


def read(expression: str) -> Expression:
    session = Session()
    session.declare(DECLARED)
    return session.shape(session.parse(expression), Settings()).reading.expression


# -- values --------------------------------------------------------------------------------------


def rotation(angle: float) -> np.ndarray:
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


TURN = np.array([[0.0, -1.0], [1.0, 0.0]])


@pytest.mark.parametrize("angle", [0.0, 1e-9, 0.7, 3.0, -40.0])
def test_the_exponential_of_a_skew_matrix_is_a_rotation(angle: float) -> None:
    assert close(_expm(np, angle * TURN), rotation(angle), 1e-13)


def test_the_exponential_of_a_nilpotent_matrix_is_a_polynomial() -> None:
    N = np.diag([3.0, -2.0, 5.0], 1)
    assert close(_expm(np, N), np.eye(4) + N + N @ N / 2 + N @ N @ N / 6, 1e-15)


@pytest.mark.parametrize("size", [1e-3, 1.0, 30.0])
def test_functions_of_a_symmetric_matrix_act_on_its_eigenvalues(size: float) -> None:
    A = np.random.default_rng(1).normal(size=(5, 5))
    eigenvalues, Q = np.linalg.eigh(A + A.T)
    S = size * (Q * eigenvalues) @ Q.T
    assert close(_expm(np, S), (Q * np.exp(size * eigenvalues)) @ Q.T, 1e-12)
    P = size * (Q * eigenvalues**2) @ Q.T
    assert close(_logm(np, P), (Q * np.log(size * eigenvalues**2)) @ Q.T, 1e-11)
    assert close(_sqrtm(np, P), size**0.5 * (Q * abs(eigenvalues)) @ Q.T, 1e-12)
    k = np.array([[-1.7]])
    assert close(_powm(np, P, k), (Q * (size * eigenvalues**2) ** -1.7) @ Q.T, 1e-9)


def test_the_logarithm_of_a_rotation_is_its_angle() -> None:
    assert close(_logm(np, rotation(3.0)), 3.0 * TURN, 1e-12)
    assert close(_sqrtm(np, rotation(3.0)), rotation(1.5), 1e-13)


def test_a_power_with_a_whole_exponent_needs_no_logarithm() -> None:
    reflection = np.diag([-1.0, 1.0])
    assert close(_powm(np, reflection, np.array([[3.0]])), reflection)
    assert close(_powm(np, reflection, np.array([[-2.0]])), np.eye(2))


@pytest.mark.parametrize("A", [-np.eye(2), np.diag([1.0, -2.0]), np.zeros((2, 2))])
def test_what_has_no_principal_root_is_refused(A: np.ndarray) -> None:
    with pytest.raises(np.linalg.LinAlgError), np.errstate(all="ignore"):
        _sqrtm(np, A)


@pytest.mark.parametrize("f", [_expm, _sqrtm, _logm])
def test_a_complex_step_passes_with_its_digits(f: Any) -> None:
    random = np.random.default_rng(3)
    X, V = np.eye(4) + 0.2 * random.normal(size=(4, 4)), random.normal(size=(4, 4))
    slope = f(np, X + 1e-30j * V).imag / 1e-30
    # the derivative of f at X along V stands in the corner of f([[X, V], [0, X]])
    corner = f(np, np.block([[X, V], [np.zeros((4, 4)), X]]))[:4, 4:]
    assert close(slope, corner, 1e-12)


@pytest.mark.parametrize("order", [1, 2, 8, 64])
def test_hadamard_matrices(order: int) -> None:
    H = _hadamard(np, order)
    assert (abs(H) == 1).all() and (H == H.T).all()
    assert (H @ H == order * np.eye(order)).all()


# -- derivatives ---------------------------------------------------------------------------------

GRADIENTS = [
    ("tr(expm(X))", "X"), ("tr(logm(X))", "X"), ("tr(sqrtm(X))", "X"), ("tr(X^k)", "X"),
    ("tr(X expm(X))", "X"), ("tr(expm(A X B))", "X"), ("tr(logm(X)^2)", "X"),
    ("tr(A expm(X A) X)", "X"), ("det(logm(X))", "X"), ("logdet(I + expm(X))", "X"),
    ("tr(expm(A + x y'))", "x"), ("tr(X^k logm(X))", "X"), ("tr(sqrtm(X) X^3)", "X"),
    ("tr(inv(I + expm(2 X)))", "X"), ("exp(tr(expm(X)))", "X"), ("tr(expm(X + X'))", "X"),
    ("tr(expm(S) S)", "S"), ("tr((R'R)^k)", "R"), ("log(tr(expm(t A)))", "t"),
    ("tr(B expm(t A))", "t"), ("tr(expm(A + t B))", "t"), ("norm(expm(t A) x - y)^2", "t"),
    ("tr(A^t)", "t"), ("tr(B A^t)", "t"), ("tr(B (t^2 A)^k)", "t"), ("tr(A^k)", "k"),
    ("tr(B sqrtm(X))", "X"), ("norm(sqrtm(X) - A)^2", "X"), ("tr(B sqrtm(A + t X))", "t"),
    ("det(expm(X))", "X"), ("det(X^k)", "X"), ("tr(H hadamard(4) H hadamard(4))", "H"),
    ("tr(X^n)", "X"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "wrt"), GRADIENTS)
def test_closed_forms(expression: str, wrt: str) -> None:
    checked = answer("gradient", expression, wrt).verification
    assert checked.passed, checked.reason


@pytest.mark.parametrize(
    ("kind", "expression", "wrt"),
    [
        ("jacobian", "sqrtm(X)", "X"),
        ("jacobian", "X sqrtm(X'X + I)", "X"),
        ("jacobian", "expm(t A) x", "t"),
        ("jacobian", "expm(t*A*B)", "t"),
        ("jacobian", "tr(expm(X)) X", "X"),
        ("jacobian", "expm((x'y) A) x", "x"),
        ("differential", "tr(expm(X)) X", "X"),
        ("differential", "expm(t A)", "t"),
        ("hessian", "tr(logm(X))", "X"),
        ("hessian", "tr(sqrtm(X))", "X"),
        ("hessian", "tr(B expm(t^2 A))", "t"),
    ],
)
def test_other_derivatives(kind: str, expression: str, wrt: str) -> None:
    checked = answer(kind, expression, wrt).verification
    assert checked.passed, checked.reason


@pytest.mark.parametrize(
    ("kind", "expression", "wrt"),
    [
        ("gradient", "tr(A expm(X))", "X"),
        ("gradient", "tr(X'expm(X))", "X"),
        ("gradient", "norm(expm(X))^2", "X"),
        ("gradient", "norm(logm(X) - A)^2", "X"),
        ("gradient", "tr(A X^k)", "X"),
        ("gradient", "tr(A expm(x x'))", "x"),
        ("gradient", "tr(A expm(B + t X))", "t"),
        ("jacobian", "expm(X)", "X"),
        ("jacobian", "expm(t A + t^2 B)", "t"),
        ("differential", "logm(X)", "X"),
        ("hessian", "tr(expm(X))", "X"),
    ],
)
def test_what_has_no_closed_form_is_refused(kind: str, expression: str, wrt: str) -> None:
    with pytest.raises(DomainProblem) as caught:
        answer(kind, expression, wrt)
    assert caught.value.code == "MX258"
    assert caught.value.hint is not None and "tr(" in caught.value.hint


def test_the_refusal_in_full() -> None:
    with pytest.raises(DomainProblem) as caught:
        answer("gradient", "tr(A expm(X))", "X")
    refusal = caught.value
    assert refusal.message == "the derivative of expm(X) has no closed form in matrix notation here"
    assert refusal.hint == (
        "tr(expm(X)) has one, also with functions of X as factors, and expm(X) by t for X = t A"
    )


# -- identities ----------------------------------------------------------------------------------

IDENTITIES = [
    ("det(expm(X))", "exp(tr(X))"), ("logdet(expm(X))", "tr(X)"), ("tr(logm(X))", "logdet(X)"),
    ("logm(expm(X))", "X"), ("expm(logm(X))", "X"), ("sqrtm(X)^2", "X"), ("sqrtm(X) sqrtm(X)", "X"),
    ("inv(expm(X))", "expm(-X)"), ("expm(X) expm(-X)", "I(n)"), ("expm(X)'", "expm(X')"),
    ("expm(zeros(n,n))", "I(n)"), ("expm(diag(x))", "diag(exp(x))"), ("sqrtm(I(n))", "I(n)"),
    ("logm(diag(x))", "diag(log(x))"), ("sqrtm(2 diag(x))", "diag(sqrt(2 x))"),
    ("diag(x)^k", "diag(x.^k)"), ("logm(I(n))", "zeros(n,n)"), ("expm(t*I(n))", "exp(t) I(n)"),
    ("X^k X", "X^(k + 1)"), ("X^k X^-1", "X^(k - 1)"), ("X^k X^(1-k)", "X"), ("inv(X^k)", "X^(-k)"),
    ("inv(X)^k", "X^(-k)"), ("(X^k)'", "(X')^k"), ("det(X^k)", "det(X)^k"), ("X^(k-k)", "I(n)"),
    ("X^(1/2)", "sqrtm(X)"), ("X^-0.5", "inv(sqrtm(X))"),
    ("X^(1/2) X^(1/2)", "X"), ("t^(1/2)", "sqrt(t)"),
    ("logm(inv(X))", "-logm(X)"), ("logm(sqrtm(X))", "logm(X)/2"), ("X inv(sqrtm(X))", "sqrtm(X)"),
    ("sqrtm(inv(X))", "inv(sqrtm(X))"), ("det(sqrtm(X))", "sqrt(det(X))"),
    ("expm(t A) A", "A expm(t A)"), ("sqrtm(A) inv(A)", "inv(sqrtm(A))"),
    ("hadamard(4)'", "hadamard(4)"), ("hadamard(4) H hadamard(4) hadamard(4)", "4 hadamard(4) H"),
    ("inv(hadamard(4))", "hadamard(4)/4"),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right"), IDENTITIES)
def test_identities_hold_and_are_used(left: str, right: str) -> None:
    one, other = read(left), read(right)
    assert normalise(one) is normalise(other)
    values = draw(one, other, seed=2)
    for node, array in values.items():
        values[node] = abs(array)
        if node.rows is node.columns and not node.is_scalar:
            values[node] = array / 10 + np.eye(*array.shape)
    assert close(value(one, values), value(other, values), 1e-9)


# -- what commutes -------------------------------------------------------------------------------

P, Q, s = matrix("P", n, n), matrix("Q", n, n), matrix("s", ONE)


@pytest.mark.parametrize(
    ("A", "B"),
    [
        (P, P),
        (P @ P + 2 * P, inverse(P)),
        (identity(n), P),
        (scale(s, P), expm(P)),
        (logm(P @ Q), P @ Q @ P @ Q),
        (Q.T @ P.T, (P @ Q).T),
        (sqrtm(P).T, inverse(P.T)),
        (powm(P, s), P + identity(n)),
        (identity(n) + P, s * P),
    ],
)
def test_functions_of_one_matrix_commute(A: Expression, B: Expression) -> None:
    assert commute(A, B) and commute(B, A)
    values = draw(A, B)
    for node, array in values.items():
        values[node] = array / 10 + np.eye(*array.shape)
    product, turned = value(A @ B, values), value(B @ A, values)
    assert close(product, turned, 1e-9)


@pytest.mark.parametrize(
    ("A", "B"), [(P, Q), (P, P.T), (P @ Q, Q @ P), (P + Q, P), (expm(P), P.T), (P @ Q, P)]
)
def test_what_need_not_commute_is_not_said_to(A: Expression, B: Expression) -> None:
    assert not commute(A, B) and not commute(B, A)


# -- reading -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "code", "message", "hint"),
    [
        ("R^k", "MX206", "a matrix power needs a square matrix, R is m×n",
         "the power of every entry is R.^k"),
        ("X^0.2", "MX209", "the exponent of a matrix is a whole number, a half or a name, not 0.2",
         "the power of every entry is X.^0.2"),
        ("X^100", "MX509", "the exponent 100 of a matrix power is beyond 64, the limit", None),
        ("X^x", "MX209", "the exponent after ^ is a scalar, x is n×1",
         "an exponent for every entry is written exp(x∘log(X))"),
        ("hadamard(6)", "MX228",
         "hadamard(6) is not a matrix that is known: the order is a power of two, at most 4096",
         "write the order as a number, hadamard(4)"),
        ("hadamard(n)", "MX228",
         "hadamard(n) is not a matrix that is known: the order is a power of two, at most 4096",
         "write the order as a number, hadamard(4)"),
    ],
)  # fmt: skip
def test_refused_readings(expression: str, code: str, message: str, hint: str | None) -> None:
    with pytest.raises(MatdiffError) as caught:
        read(expression)
    assert (caught.value.code, caught.value.message) == (code, message)
    assert caught.value.hint == hint


def test_a_power_of_numbers_that_is_too_high_is_refused_once_it_is_known() -> None:
    with pytest.raises(MatdiffError) as caught:
        answer("gradient", "tr(X^(50 + 50))", "X")
    assert caught.value.code == "MX509"


# -- properties ----------------------------------------------------------------------------------

HOLDS: dict[str, Callable[[np.ndarray], bool]] = {
    "symmetric": lambda A: close(A, A.T, 1e-10),
    "skew": lambda A: close(A, -A.T, 1e-10),
    "spd": lambda A: close(A, A.T, 1e-10) and np.linalg.eigvalsh(A).min() > 0,
    "orthogonal": lambda A: close(A @ A.T, np.eye(len(A)), 1e-10),
    "posdet": lambda A: np.linalg.det(A) > 0,
    "upper": lambda A: close(A, np.triu(A), 1e-10),
}


@pytest.mark.parametrize(
    ("function", "given", "expected"),
    [
        (expm, "skew", "orthogonal"),
        (expm, "symmetric", "spd"),
        (expm, "invertible", "posdet"),
        (expm, "upper", "upper"),
        (logm, "spd", "symmetric"),
        (logm, "orthogonal", "skew"),
        (sqrtm, "spd", "spd"),
        (sqrtm, "orthogonal", "orthogonal"),
        (lambda X: powm(X, s), "spd", "spd"),
        (lambda X: powm(X, s), "orthogonal", "orthogonal"),
    ],
)
def test_properties_follow_and_are_true(
    function: Callable[[Expression], Expression], given: str, expected: str
) -> None:
    X = matrix("X", n, n, given)
    Y = function(X)
    assert expected in properties_of(Y)
    random = np.random.default_rng(8)
    values = {X: endow(np, random, random.normal(size=(3, 3)), (given,)), s: np.array([[0.7]])}
    if given == "orthogonal":  # near the identity, away from the eigenvalue -1
        values[X] = _expm(np, values[X] - values[X].T)
    assert HOLDS[expected](value(Y, values))


def test_functions_nested_deeply_take_no_recursion() -> None:
    Y = P
    for _ in range(300):
        Y = expm(scale(s, Y))
    assert commute(Y, P)
    assert differential(trace(Y), P, Q) is not None
