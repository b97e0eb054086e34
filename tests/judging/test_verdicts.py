"""Verdicts: answers of people pass, wrong ones are caught, and what is said of them holds."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from corpus import Problem, ask, environment, expression, load, readable

from matdiff.derivatives import Derivative
from matdiff.errors import ShapeProblem
from matdiff.judging.verdicts import Verdict, judge
from matdiff.operations.algebra import Expression
from matdiff.session import Session
from matdiff.settings import Settings

Solved = list[tuple[Problem, Derivative]]


@pytest.fixture(scope="module")
def solved() -> Solved:
    return [(problem, ask(problem)) for problem in map(readable, load())]


def claimed(problem: Problem, derivative: Derivative, answer: str) -> Expression:
    names = environment(problem)
    try:
        return expression(answer, names, derivative.shape)
    except ShapeProblem:
        return expression(answer, names, None)


def wrong_answers(solved: Solved) -> Iterator[tuple[Problem, str, str, Verdict]]:
    for problem, derivative in solved:
        for wrong in problem.entry.get("wrong", []):
            formula = claimed(problem, derivative, wrong["answer"])
            yield problem, wrong["answer"], wrong["why"], judge(derivative, formula, seed=1)


def test_answers_of_people_pass_and_most_are_proved(solved: Solved) -> None:
    found = [
        (problem.id, judge(d, claimed(problem, d, problem.entry["answer"]), seed=1))
        for problem, d in solved
    ]
    assert [(name, v.evidence) for name, v in found if not v.passed] == []
    assert sum(v.outcome == "proved" for _, v in found) >= 0.9 * len(found)


# words of the corpus for which there is one thing to say
SAID = {
    "transposed": "transpose",
    "factor 2 missing": "misses a factor 2",
    "sign": "wrong sign",
    "product rule term missing": "lacks the",
    "denominator layout": "layout",
}
LEAST_AGREEING = 0.85  # two words for one thing: a factor 2 and two equal terms


def test_wrong_answers_are_caught_and_most_are_explained(solved: Solved) -> None:
    found = list(wrong_answers(solved))
    assert len(found) > 700
    assert [(p.id, text) for p, text, _, verdict in found if verdict.passed] == []
    assert [(p.id, t) for p, t, _, v in found if v.outcome != "wrong"] == []
    assert sum(bool(v.diagnosis) for *_, v in found) >= 0.85 * len(found)
    for why, words in SAID.items():
        explained = [v.diagnosis for *_, reason, v in found if reason == why and v.diagnosis]
        agreeing = sum(words in "; ".join(sentences) for sentences in explained)
        assert agreeing >= LEAST_AGREEING * len(explained), (why, explained)


def verdict(question: str, wrt: str, claim: str, declared: str, kind: str = "check") -> Verdict:
    session = Session()
    session.declare(declared)
    answer = session.check(
        kind, session.parse(question), wrt, session.parse(claim), Settings(seed=1)
    )
    assert answer.claim is not None
    return answer.claim.verdict


@pytest.mark.parametrize(
    ("question", "wrt", "claim", "sentence"),
    [
        ("norm(A x - b)^2", "x", "2(A x - b)'A", "is the transpose of the derivative"),
        ("norm(A x - b)^2", "x", "A'(A x - b)", "misses a factor 2"),
        ("norm(A x - b)^2", "x", "4 A'(A x - b)", "has a factor 2 too many"),
        ("norm(A x - b)^2", "x", "2 A'(b - A x)", "has the wrong sign"),
        ("norm(A x - b)^2", "x", "2.00000001 A'(A x - b)", "is 1.000000005 times the derivative"),
        ("x'S x", "x", "S x", "lacks the term from the second x (product rule)"),
        ("x'S x", "x", "2 S x", "holds only if S is symmetric"),
        ("x'S x", "x", "zeros(n)", "is zero, as if x did not occur"),
        ("A x", "x", "A'", "is the transpose of the derivative: it is in denominator layout"),
        ("tanh(S x)", "x", "S", "lacks the term `-diag(tanh(S x).^2) S`"),
        ("logdet(S)", "S", "S^-1", "is the transpose of the derivative"),
        ("tr(S T)", "S", "T", "is the transpose of the derivative"),
        ("sum(S∘T)", "S", "S", "is the derivative with respect to T"),
        ("sum(exp(x))", "x", "1.000000000001 exp(x)", "is 1.000000000001 times the derivative"),
        (
            "sum(exp(x))",
            "x",
            "2.718281828459045 exp(x - ones(n))",
            "is within 1e-15 of the derivative: a number may be rounded",
        ),
        ("b'A x/(x'x)", "x", "A'b/(x'x) - 2 b'A x/(x'x)*x", "lacks the factor `1/(x'x)`"),
        (
            "(x'S x)/(x'x)",
            "x",
            "((x'x)*(S + S')x - 2 (x'S x)*x)/(x'x)",
            "lacks the factor `1/(x'x)`",
        ),
        ("exp(-x'x/c)", "x", "-2 exp(-x'x/c)*x", "lacks the factor `1/c`"),
        ("sum(sin(S x))", "x", "S'sin(S x)", "should have `cos(S x)` in place of `sin(S x)`"),
        ("logsumexp(A x) - b'A x", "x", "A'(exp(A x) - b)", "lacks the factor `1/sum(exp(A x))`"),
        ("A X'", "X", "(I(q)⊗A)K(n,q)", "should have `K(q,n)` in place of `K(n,q)`"),
        ("det(S)", "S", "tr(S)*I - S'", "holds only if n = 2"),
        ("sum(abs(A x))", "x", "A'ones(m)", "holds only where `A x` is positive"),
        ("norm(A x)^2/m", "x", "2 A'A x/n", "should have `m` in place of `n`"),
        ("tr(expm(S'S))", "S", "2 S exp(S'S)", "should have `expm(S'S)` in place of `exp(S'S)`"),
        ("[A x; x'x]", "x", "[A; x']", "lacks the factor `2` of `2 x'`"),
        ("norm(x)", "x", "x", "lacks the factor `1/norm(x)`"),
        ("exp(-x'x)", "x", "-2 x", "lacks the factor `exp(-x'x)`"),
        ("x'S x + b'A x", "x", "(S + S')x", "lacks the term `A'b`"),
        ("x'S x + b'A x", "x", "(S + S')x - A'b", "has the term `A'b` with the wrong sign"),
    ],
)
def test_what_is_said_of_a_wrong_claim(question: str, wrt: str, claim: str, sentence: str) -> None:
    declared = "A: m×n, x: n, b: m, S: n×n, T: n×n, X: q×n, c: scalar"
    found = verdict(question, wrt, claim, declared)
    assert found.outcome == "wrong"
    assert sentence in found.diagnosis


def test_a_structured_variable_is_told_by_its_convention() -> None:
    declared = "S: n×n symmetric, A: n×n"
    assert verdict("tr(A S)", "S", "(A + A')/2", declared).outcome == "proved"
    free = verdict("tr(A S)", "S", "A'", declared)
    assert free.outcome == "wrong"
    assert "is the derivative by free entries, the structure left aside (as free)" in free.diagnosis


def test_a_claim_that_exists_nowhere_is_wrong() -> None:
    found = verdict("sum(log(x))", "x", "ones(n)⊘x + log(-exp(x))", "x: n positive")
    assert found.outcome == "wrong"


def test_numbers_beyond_floating_point_are_numbers() -> None:
    right = ("1e-300*sum(exp(A x))", "x", "10^-300*A'exp(A x)", "A: m×n, x: n")
    assert verdict(*right).passed
    nothing = ("sum(exp(A x))", "x", "exp(-900)*exp(900)*A'exp(A x)", "A: m×n, x: n")
    assert verdict(*nothing).outcome != "wrong"  # floats have no exp(900)


def test_a_function_that_exists_nowhere_decides_nothing() -> None:
    assert verdict("sum(log(-exp(x)))", "x", "7 x", "x: n").outcome == "inconclusive"
    assert verdict("sum(log(-exp(x)))", "x", "ones(n)", "x: n").outcome == "inconclusive"


def test_a_hessian_and_a_differential() -> None:
    declared = "A: n×n, x: n, X: n×n"
    assert verdict("x'A x", "x", "A + A'", declared, "hessian").outcome == "proved"
    assert verdict("x'A x", "x", "2 A", declared, "hessian").outcome == "wrong"
    assert verdict("X^-1", "X", "-X^-1 dX X^-1", declared, "differential").outcome == "proved"
    assert verdict("X^-1", "X", "-X^-2 dX", declared, "differential").outcome == "wrong"


def test_both_answers_of_the_question_are_right() -> None:
    """Kc for a row A, and the sum over the singular triplets of E for a matrix A."""
    from matdiff.documents.statements import Document

    document = Document(Settings(seed=1))
    document.carry_out("A: q×a, B: a×b, X: b×1, C: 1×e, D: b×e, E: a×e, F: e×1, r: 1×a")
    one = document.carry_out(
        "check (r(B(X C)∘D)∘E)F wrt X == K c where H = B'(E∘r'F'), K = H∘D, c = C'"
    )
    several = document.carry_out(
        "check (A(B(X C)∘D)∘E)F wrt X == Σ_k ((D diag(C') diag(V[:,k]) F)'⊗ones(q))"
        "∘(1⊗(A diag(s[k] U[:,k]) B)) where U, s, V = svd(E)"
    )
    for answer in (one, several):
        assert answer.claim.verdict.outcome == "proved"  # type: ignore[union-attr]


def test_a_wrong_rule_does_not_confirm_itself() -> None:
    """The derived formula is held against the differential, which the rule had no part in."""
    session = Session()
    session.declare("A: n×n, x: n")
    answer = session.differentiate("gradient", session.parse("x'A x"), "x", Settings())
    derived = answer.derivative
    assert derived is not None
    derived.formula = derived.formula + derived.formula
    found = judge(derived, derived.formula, seed=1)
    assert found.outcome == "inconclusive"
    assert "does not answer to the differential" in found.evidence


def test_a_build_goes_on_only_if_something_was_shown() -> None:
    passing = {o for o in ("proved", "agrees", "wrong", "inconclusive") if Verdict(o, "").passed}
    assert passing == {"proved", "agrees"}
    assert not verdict("sum(log(-exp(x)))", "x", "ones(n)", "x: n").passed


@pytest.mark.parametrize(
    ("question", "wrt", "claim"),
    [
        ("b log(b^2)", "b", "2 log(b) + 2"),  # no logarithm of a negative number
        ("log(abs(b))", "b", "sqrt(1/b)^2"),
        ("(b^2)^(1/4)", "b", "1/2/sqrt(b)"),
        ("sum(x.^3)", "x", "3 x.^(5/2)./x.^(1/2)"),
        ("tr(S) logdet(S'S)", "S", "2 logdet(S) I + 2 tr(S) S^-T"),  # det(S) < 0 for half of all S
    ],
)
def test_a_right_claim_tells_where_it_has_no_value(question: str, wrt: str, claim: str) -> None:
    found = verdict(question, wrt, claim, "b : scalar, x : n, S : n×n")
    assert found.passed
    assert "the claim has no value at" in found.evidence


@pytest.mark.parametrize(
    ("question", "wrt", "claim"),
    [
        ("b log(b)", "b", "log(b) + 1"),
        ("log(b^3)", "b", "3/b"),
        ("b^2 sqrt(b^2)", "b", "3 b sqrt(b^2)"),
        ("tr(S) logdet(S'S)", "S", "logdet(S'S) I + 2 tr(S) S^-T"),
        ("norm(x)", "x", "x/sqrt(x'x)"),
        ("logdet(X'X)", "X", "2 X (X'X)^-1"),
    ],
)
def test_a_claim_with_a_value_wherever_there_is_one_says_nothing_of_it(
    question: str, wrt: str, claim: str
) -> None:
    found = verdict(question, wrt, claim, "b : scalar, x : n, S : n×n, X : m×n")
    assert found.passed
    assert "no value" not in found.evidence
