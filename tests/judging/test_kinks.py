"""Claims that hold on one side of a kink only, or for one sign of a root, are wrong, whatever the
points drawn."""

from __future__ import annotations

import pytest

from matdiff.judging.identity import identity
from matdiff.operations.algebra import Expression
from matdiff.session import Session
from matdiff.settings import Settings

DECLARED = "w : n, x : n, a : n, t : scalar, X : m×n, S : n×n"
ONE_SIDED = [  # equal where the argument of the kink is positive
    ("relu(t - w'x)", "t - w'x"),
    ("step(t - w'x)*x", "x"),
    ("abs(w'x)*exp(t)", "w'x*exp(t)"),
    ("sign(w'x)*relu(a'x)*x", "relu(a'x)*x"),
    ("relu(w'x)*relu(a'x)", "w'x*a'x"),
    ("max(x)", "norm_inf(x)"),
]

ONE_SIGN = [  # equal where t > 0, or where a sine or cosine is on its first branch
    ("norm(t*x)", "t*norm(x)"),
    ("exp(t)*norm(t*x)", "t*exp(t)*norm(x)"),
    ("sum(sqrt(x))*norm(t*x)", "t*sum(sqrt(x))*norm(x)"),
    ("sum(sqrt(x))*abs(t)", "t*sum(sqrt(x))"),
    ("exp(t)*sqrt(t^4)^(1/2)", "t*exp(t)"),
    ("exp(log(t^2)/2)*x", "t*x"),
    ("exp(t)*exp(logdet(S'S)/2)", "exp(t)*det(S)"),
    ("cos(w'x)", "sqrt(1 - sin(w'x)^2)"),
    ("w'x", "asin(sin(w'x))"),
    ("exp(t)*t", "exp(t)*t + relu(t - 3)"),  # the kink far from where points lie
]


def expression(text: str) -> Expression:
    session = Session()
    session.declare(DECLARED)
    return session.shape(session.parse(text), Settings()).reading.expression


@pytest.mark.parametrize(("text", "claimed"), ONE_SIDED)
def test_a_claim_that_holds_on_one_side_never_passes(text: str, claimed: str) -> None:
    right, wrong = expression(text), expression(claimed)
    outcomes = {identity(right, wrong, seed=seed).outcome for seed in range(25)}
    assert outcomes == {"differs"}


@pytest.mark.parametrize(("text", "claimed"), ONE_SIGN)
def test_a_claim_that_holds_for_one_sign_never_passes(text: str, claimed: str) -> None:
    right, wrong = expression(text), expression(claimed)
    outcomes = {identity(right, wrong, seed=seed).outcome for seed in range(25)}
    assert outcomes == {"differs"}


def test_what_holds_for_both_signs_passes() -> None:
    for one, other in (
        ("norm(t*x)", "abs(t)*norm(x)"),
        ("exp(w'x)*norm(t*x)", "exp(w'x)*sqrt(t^2)*norm(x)"),
        ("tanh(t)^2 + exp(a'x)*norm(t*w)", "1 - 1/cosh(t)^2 + exp(a'x)*abs(t)*norm(w)"),
    ):
        assert identity(expression(one), expression(other), seed=1, algebra=False).holds


def test_what_holds_on_all_sides_passes() -> None:
    left = expression("relu(w'x) - relu(-w'x) + exp(t)*abs(a'x)")
    right = expression("w'x + exp(t)*a'x*sign(a'x)")
    assert identity(left, right, seed=1, algebra=False).holds
