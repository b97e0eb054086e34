"""Claims with U, s, V = svd(E): what numpy's decompositions say of them, for each order of m, p."""

from __future__ import annotations

import numpy as np
import pytest

from matdiff.dimensions import ONE, Dimension
from matdiff.documents.statements import Document
from matdiff.errors import MatdiffError
from matdiff.judging.decompositions import Triplets, cases, least
from matdiff.judging.verdicts import Verdict
from matdiff.operations.algebra import symbol
from matdiff.session import Session
from matdiff.settings import Settings
from matdiff.verification import evaluate
from matdiff.verification.evaluation import Array

SHAPES = {"m > p": (5, 3), "m = p": (3, 3), "m < p": (3, 5)}
STEP = 1e-5
CLAIMS = [
    ("tr(M'X)", "M"),
    ("tr(M'X)", "U U'M"),
    ("tr(M'X)", "M V V'"),
    ("tr(M'X)", "U U'M V V'"),
    ("tr(M'X)", "U U'M + M V V' - U U'M V V'"),
    ("tr(X'X)", "2 U diag(s) V'"),
    ("tr(X'X)", "2 U diag(s) V' + ({m}-{p}) M"),
    ("tr(X'X)", "2 U U'X V V'"),
    ("tr(X'X)", "U U'X + X V V'"),
    ("tr(X'X)", "2 U diag(s) V' + M (I - V V')"),
    ("tr(X'X)", "2 U diag(s) V' + (I - U U')M"),
    ("tr(X'X)", "Σ_k 2 s[k] U[:,k] V[:,k]'"),
    ("tr(X'X)", "2 U diag(s) V' + (s[1] - s[2]) M"),
    ("tr(X'X)", "2 U diag(s) V' + sum(U) M"),
    ("tr(X'X)", "2 U diag(s) V' + (sum(U)^2 - sum(V)^2) M"),
    ("nuclear(X)", "U V'"),
    ("nuclear(X)", "U V' + ({m}-{p}) M"),
    ("nuclear(X)^2", "2 sum(s) U V'"),
    ("nuclear(X)^2", "2 norm(s) U V'"),
    ("norm(X)", "U diag(s) V'/norm(s)"),
    ("tr(X'X X'X)", "4 U diag(s.^3) V'"),
    ("tr(X'X X'X)", "4 U diag(s)^3 V'"),
    ("tr(X'X X'X)", "4 U diag(s.^2) V'"),
]


def verdict(declared: str, claim: str) -> Verdict:
    document = Document(Settings(seed=1))
    document.carry_out(declared)
    answer = document.carry_out(claim)
    return answer.claim.verdict  # type: ignore[union-attr]


def decomposed(X: Array, generator: np.random.Generator) -> dict[str, Array]:
    """The thin decomposition, with signs and in an order at random."""
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    order, signs = generator.permutation(len(s)), generator.choice([-1.0, 1.0], len(s))
    return {"U": U[:, order] * signs, "s": s[order, None], "V": Vt.T[:, order] * signs}


def is_true(question: str, claim: str, m: int, p: int) -> bool:
    """Whether the claim is the gradient by differences, at random points of these sizes."""
    generator = np.random.default_rng([m, p])
    k = min(m, p)
    session = Session()
    session.declare(f"X: {m}×{p}, M: {m}×{p}, U: {m}×{k}, s: {k}, V: {p}×{k}")

    def value(text: str, values: dict[str, Array]) -> Array:
        expression = session.shape(session.parse(text), Settings()).reading.expression
        variables = session.environment.variables
        return evaluate(expression, {variables[n].symbol: v for n, v in values.items()}, {})

    for _ in range(3):
        X, M = generator.normal(size=(2, m, p))
        found = np.empty((m, p))
        for place in np.ndindex(m, p):
            change = np.zeros((m, p))
            change[place] = STEP
            above, below = (value(question, {"X": X + d, "M": M}) for d in (change, -change))
            found[place] = (above - below)[0, 0] / (2 * STEP)
        said = value(claim, {"X": X, "M": M, **decomposed(X, generator)})
        if abs(said - found).max() > 1e-6 * max(1, abs(found).max()):
            return False
    return True


@pytest.mark.parametrize(("question", "claim"), CLAIMS)
def test_a_claim_passes_where_numpy_says_so(question: str, claim: str) -> None:
    truth = {
        words: is_true(question, claim.format(m=m, p=p), m, p) for words, (m, p) in SHAPES.items()
    }
    where = "where U, s, V = svd(X)"
    for words, (m, p) in SHAPES.items():
        said = claim.format(m=m, p=p)
        found = verdict(f"X: {m}×{p}, M: {m}×{p}", f"check {question} wrt X == {said} {where}")
        assert found.outcome in (("proved", "agrees") if truth[words] else ("wrong",))
    said = claim.format(m="m", p="p")
    found = verdict("X: m×p, M: m×p", f"check {question} wrt X == {said} {where}")
    failing = [words for words in SHAPES if not truth[words]]
    assert found.outcome in (("wrong",) if failing else ("proved", "agrees"))
    if 0 < len(failing) < len(SHAPES):
        assert found.diagnosis == [f"fails for {' and '.join(failing)}"]
    if failing:
        assert found.evidence.startswith(f"for {failing[0]}: ")


def test_an_order_in_which_the_function_has_no_value_says_nothing() -> None:
    """logdet(X'X) needs X'X to be invertible."""
    claim = "check logdet(X'X) wrt X == 2 U diag(s)^-1 V' where U, s, V = svd(X)"
    found = verdict("X: m×p", claim)
    assert found.outcome == "proved"
    assert found.evidence.startswith("for m > p and m = p: ")
    assert verdict("X: 3×5", claim).outcome == "inconclusive"


def test_two_decompositions() -> None:
    where = "where U, s, V = svd(A), P, t, Q = svd(B)"
    declared = "A: m×p, B: p×q, H: m×m"
    right = "U diag(s) V'P diag(t.^2) P'V diag(s) U'"
    question = "check tr(H A B B'A') wrt H =="
    assert verdict(declared, f"{question} {right} {where}").outcome == "proved"
    found = verdict(declared, f"{question} {right} + (m-p)*(p-q) H {where}")
    assert found.diagnosis == [
        "fails for m > p and p > q, m > p and p < q, m < p and p > q and m < p and p < q"
    ]
    other = "U diag(s) V'P diag(t) P'V diag(s) U'"
    assert verdict(declared, f"{question} {other} {where}").outcome == "wrong"


@pytest.mark.parametrize(
    "where",
    [
        "M, s, V = svd(X)",  # M is another matrix
        "U, s, V = svd(X), P, t, Q = svd(X)",
        "U, s, V = svd(X + M)",
    ],
)
def test_names_and_matrices_that_are_refused(where: str) -> None:
    with pytest.raises(MatdiffError):
        verdict("X: m×p, M: m×p", f"check tr(M'X) wrt X == M where {where}")


def orders(m: Dimension, p: Dimension) -> list[str]:
    k = least(m, p)
    E, U, V = symbol("E", m, p), symbol("U", m, k), symbol("V", p, k)
    return [case.words for case in cases([Triplets(E, U, symbol("s", k, ONE, ["positive"]), V)])]


def test_the_orders_that_sizes_allow() -> None:
    m, p, three = Dimension.of("m"), Dimension.of("p"), Dimension.of(3)
    assert orders(m, p) == ["m > p", "m = p", "m < p"]
    assert orders(m, m) == orders(m + p, m) == orders(three, Dimension.of(5)) == [""]
    assert orders(three, p) == ["p = 1", "p = 2", "p = 3", "p > 3"]
    assert orders(m, ONE) == ["m > 1", "m = 1"]
    assert orders(m + m, p) == ["2*m > p", "2*m = p", "2*m < p"]
    with pytest.raises(MatdiffError):
        orders(m + m, p + p + p)
