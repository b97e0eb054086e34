"""Index sums: what each is in matrix notation, held against loops over its indices."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numerics import SIZES, close, draw, value

from matdiff.dimensions import shape_text
from matdiff.errors import MatdiffError
from matdiff.normal.normalise import normalise
from matdiff.rendering import text
from matdiff.shapes import Reading

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from corpus import FOLDER, Problem, attempt, environment, expression

PROBLEMS, REFUSED = (
    [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]
    for name in ("indexsum.jsonl", "indexsum_refused.jsonl")
)
DECLARED = "A: m×n, B: m×n, C: n×p, S: n×n, H: n×n, x: n, z: n, y: m, u: p, c: scalar, r: 1×n"


def _id(entry: dict[str, str]) -> str:
    return entry["id"]


@pytest.mark.parametrize("entry", PROBLEMS, ids=_id)
def test_a_problem_of_the_corpus_is_derived(entry: dict[str, str]) -> None:
    outcome = attempt(Problem("indexsum", dict(entry, expr=entry["indexed"])))
    assert outcome.verdict == "right", outcome.reason


@pytest.mark.parametrize("entry", PROBLEMS, ids=_id)
def test_a_problem_of_the_corpus_means_what_it_is_said_to(entry: dict[str, str]) -> None:
    problem = Problem("indexsum", dict(entry))
    known = environment(problem)
    found, meant = (expression(entry[key], known) for key in ("indexed", "expr"))
    if normalise(found) is not normalise(meant):
        for trial in range(2):
            values = {node: abs(drawn) for node, drawn in draw(found, meant, seed=trial).items()}
            assert close(value(found, values), value(meant, values))


def test_most_problems_have_the_normal_form_of_their_meaning() -> None:
    same = 0
    for entry in PROBLEMS:
        known = environment(Problem("indexsum", dict(entry)))
        found, meant = (expression(entry[key], known) for key in ("indexed", "expr"))
        same += normalise(found) is normalise(meant)
    assert same >= 0.7 * len(PROBLEMS)


@pytest.mark.parametrize("entry", REFUSED, ids=_id)
def test_what_has_no_matrix_notation_is_refused(entry: dict[str, str]) -> None:
    with pytest.raises(MatdiffError):
        problem = Problem("indexsum", dict(entry))
        expression(entry["indexed"], environment(problem))


# A sum, what it is in matrix notation, and the same by loops over single entries.
SUMS = [
    ("Σ_i x[i] z[i]", "x'z", "sum(x[i]*z[i] for i in N)"),
    ("Σ_{ij} S[i,j]", "sum(S)", "sum(S[i,j] for i in N for j in N)"),
    ("sum(i, x[i]^3)", "sum(x.^3)", "sum(x[i]**3 for i in N)"),
    ("Σ_i^n r[i] x[i]", "r x", "sum(r[i]*x[i] for i in N)"),
    ("Σ_i (x[i] + c)", "sum(x) + n*c", "sum(x[i] + c for i in N)"),
    ("Σ_i x[i] + c", "sum(x) + c", "sum(x[i] for i in N) + c"),
    ("1/2 Σ_i -x[i]/c", "-sum(x)/(2*c)", "-sum(x[i]/c for i in N)/2"),
    ("Σ_i S[i,i] x[i]", "diag(S)'x", "sum(S[i,i]*x[i] for i in N)"),
    ("Σ_{i,j} A[i,j]^2 B[i,j]", "(A.^2):B", "sum(A[i,j]**2*B[i,j] for i in M for j in N)"),
    ("Σ_i (Σ_j A[i,j])^2", "norm(A ones(n))^2", "sum(sum(A[i,j] for j in N)**2 for i in M)"),
    ("Σ_{i,j,k} S[i,j] H[j,k] S[k,i]", "tr(S H S)",
     "sum(S[i,j]*H[j,k]*S[k,i] for i in N for j in N for k in N)"),
    ("Σ_{i,j,k} x[i] S[i,j] H[j,k] S[k,i]", "tr(diag(x) S H S)",
     "sum(x[i]*S[i,j]*H[j,k]*S[k,i] for i in N for j in N for k in N)"),
    ("Σ_i (S H)[i,i]", "tr(S H)", "sum((S @ H)[i,i] for i in N)"),
    ("Σ_i tr(x[i] S)", "sum(x)*tr(S)", "sum(x[i]*np.trace(S) for i in N)"),
    ("Σ_{i,j} |x[i] - z[j]|", "sum(abs(x ones(n)' - ones(n) z'))",
     "sum(abs(x[i] - z[j]) for i in N for j in N)"),
    ("Σ_{i,j} exp(c x[i] z[j]) x[i]", "x'exp(c x z')ones(n)",
     "sum(np.exp(c*x[i]*z[j])*x[i] for i in N for j in N)"),
    ("Σ_i ‖A[i,:] - x'‖_1", "norm1(A - ones(m) x')",
     "sum(abs(A[i,j] - x[j]) for i in M for j in N)"),
    ("Σ_i norm(A[i,:])^2 y[i]", "y'(A∘A)ones(n)",
     "sum(A[i,j]**2*y[i] for i in M for j in N)"),
    ("Σ_i (A[i,:] : x')^2", "norm(A x)^2", "sum((A @ x)[i]**2 for i in M)"),
    ("Σ_i logsumexp(A[i,:]')", "sum(logsumexp(A, rows))",
     "sum(np.log(sum(np.exp(A[i,j]) for j in N)) for i in M)"),
    ("Σ_i y[i] (softmax(A[i,:]'))'x", "y'softmax(A, rows) x",
     "sum(y[i]*np.exp(A[i]) @ x/sum(np.exp(A[i])) for i in M)"),
    ("Σ_i Σ_j x[i] z[j]", "sum(x)*sum(z)", "sum(x[i]*z[j] for i in N for j in N)"),
    ("Σ_i x[i] A", "sum(x) A", "sum(x[i]*A for i in N)"),
    ("Σ_i A[:,i] A[:,i]'", "A A'", "sum(np.outer(A[:,i], A[:,i]) for i in N)"),
    ("Σ_k S[k,:]'H[k,:]", "S'H", "sum(np.outer(S[k], H[k]) for k in N)"),
    ("Σ_i y[i] A[i,:]", "y'A", "sum(y[i]*A[i] for i in M)[None]"),
    ("Σ_i e(i,n) x[i] z[i]", "x∘z", "(x*z)[:,None]"),
    ("Σ_j A[:,j]∘y", "(A ones(n))∘y", "(A.sum(1)*y)[:,None]"),
    ("Σ_{i,j} S[i,j] (x[i] - x[j])^2", "sum(S∘(x ones(n)' - ones(n) x').^2)",
     "sum(S[i,j]*(x[i] - x[j])**2 for i in N for j in N)"),
    ("Σ_i x[i]^2 / (1 + z[i]^2)", "(x.^2)'(ones(n)⊘(ones(n) + z.^2))",
     "sum(x[i]**2/(1 + z[i]**2) for i in N)"),
]  # fmt: skip


@pytest.mark.parametrize(("indexed", "meant", "loops"), SUMS, ids=[case[0] for case in SUMS])
def test_a_sum_is_its_matrix_notation(
    read_text: Callable[..., Reading], indexed: str, meant: str, loops: str
) -> None:
    found = read_text(indexed, DECLARED).expression
    written = read_text(meant, DECLARED).expression
    values = {node: abs(drawn) for node, drawn in draw(found, written).items()}
    named = {text(node): drawn.squeeze() for node, drawn in values.items()}
    names = {"np": np, "sum": sum, "N": range(SIZES["n"]), "M": range(SIZES["m"]), **named}
    by_loops = eval(loops, names)
    assert close(value(found, values), value(written, values))
    assert close(value(found, values), np.atleast_2d(by_loops))


def test_undeclared_names_take_their_shapes_from_their_indices(
    read_text: Callable[..., Reading],
) -> None:
    reading = read_text("Σ_i y[i] log(σ(X[i,:] w))")
    shapes = {name: shape_text(shape) for name, shape in reading.inferred.items()}
    assert text(reading.expression) == "y'log(sigmoid(X w))"
    assert shapes == {"y": "m×1", "X": "m×n", "w": "n×1"}
    assert len(reading.warnings) == 1 and reading.warnings[0].startswith("σ(…)")


def test_a_declared_name_is_no_sum(read_text: Callable[..., Reading]) -> None:
    assert text(read_text("Σ_x x", "Σ_x: n×n, x: n").expression) == "Σ_x x"


@pytest.mark.parametrize(
    ("indexed", "code", "said"),
    [
        ("Σ_i x[i] y[i]", "MX219", "i runs over n in x[i] and over m in y[i]"),
        ("sum_{i=1}^{m} x[i]", "MX219", "i runs over m in its upper bound and over n in x[i]"),
        ("Σ_i c", "MX219", "the range of i is not known"),
        ("Σ_i Σ_i x[i]", "MX220", "i is bound twice"),
        ("x[i]", "MX220", "write Σ_i before"),
        ("Σ_i x[i] + x[i]", "MX220", "Σ_i (x[i] + x[i])"),
        ("Σ_i x[i] + 2*(1 - z[i])", "MX220", "Σ_i (x[i] + 2*(1 - z[i]))"),
        ("x[k]", "MX220", "bound by no sum"),
        ("Σ_{i=1}^n (x_i - y_i)^2", "MX220", "write x[i]"),
        ("Σ_{i,j} A_ij x[i] x[j]", "MX220", "write A[i,j]"),
        ("Σ_i i x[i]", "MX221", "write k[i]"),
        ("Σ_i A[i]", "MX226", "its rows A[i,:]"),
        ("Σ_i A[i,:] y", "MX222", "n is not m"),
        ("Σ_{i,j,k} exp(x[i] + x[j] + x[k])", "MX218", "no matrix notation"),
        ("Σ_i logdet(x[i] S)", "MX218", "logdet(x[i] S)"),
        ("Σ_{i<j} x[i] x[j]", "MX114", "0/1 matrix"),
        ("Σ_i x[i+1]", "MX223", "`i+1`"),
        ("Σ_{i,i} x[i]", "MX114", "twice"),
        ("sum_{i=2}^{n} x[i]", "MX114", "a part of its range"),
        ("Σ_{i=1}^{n-1} x[i]", "MX114", "`n-1`"),
        ("Σ_i S[i,i,i]", "MX114", "a matrix has two"),
        ("Σ_i", "MX114", "what is summed"),
        ("(Σ_i) x", "MX114", "what is summed"),
        ("Σ_i' x", "MX114", "what is summed"),
        ("Σ_i x[i:n]", "MX223", "`i:n`"),
        ("Σ_i S[i,n+1] x[i]", "MX225", "beyond the dimension n"),
        ("Σ_{i≠j} x[i]", "MX102", "0/1 matrix"),
    ],
)
def test_a_sum_that_is_refused(
    refusal: Callable[..., MatdiffError], indexed: str, code: str, said: str
) -> None:
    problem = refusal(indexed, DECLARED)
    assert problem.code == code
    assert said in f"{problem.message}; {problem.hint}"


def test_depth_and_length_have_no_bad_effect(read_text: Callable[..., Reading]) -> None:
    deep = "Σ_i " + "(" * 190 + "x[i]" + ")" * 190
    assert text(read_text(deep, DECLARED).expression) == "sum(x)"
    long = "Σ_i (" + " + ".join(["x[i]"] * 500) + ")"
    assert text(normalise(read_text(long, DECLARED).expression)) == "500 sum(x)"
    turned = "Σ_i " + "x[i]" + "'" * 2000
    assert text(read_text(turned, DECLARED).expression) == "sum(x)"
