"""x_i beside x: an entry that no sum binds is refused, an iterate or sample is a name."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from matdiff.errors import MatdiffError
from matdiff.shapes import Environment, Reading, read
from matdiff.syntax.tree import Tree

Read = Callable[..., Reading]
Refusal = Callable[..., MatdiffError]
DECLARED = "x : n, z : n, A : m×n, S : n×n, c : scalar"


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        (r"\sum_j A_{ij} x_j", "A_ij"),
        (r"-z_y+\log\sum_j e^{z_j}", "z_y"),
        (r"\sum_j x_j^2 - x_i", "x_i"),
        (r"\frac{e^{x_i}}{\sum_j e^{x_j}}", "x_i"),
        ("x_i x_j S_ij", "x_i"),
        ("logsumexp(z) - z_y", "z_y"),
        ("exp(x_i)/Σ_j exp(x[j])", "x_i"),
        ("x_i^2", "x_i"),
        ("Σ_k S_ik S_kj", "S_ik"),
    ],
)
def test_an_entry_that_no_sum_binds_is_refused(refusal: Refusal, text: str, entry: str) -> None:
    problem = refusal(text, DECLARED)
    assert problem.code == "MX220"
    assert entry in problem.message
    assert f"declare {entry}" in (problem.hint or "")


def test_what_is_read_by_entries_need_not_be_declared(refusal: Refusal) -> None:
    assert refusal(r"\sum_j x_j^2 - x_i").code == "MX220"
    assert refusal("Σ_j A_ij x[j]").code == "MX220"


def test_the_variable_need_not_be_declared(tree_of: Callable[[str, Environment], Tree]) -> None:
    environment = Environment()
    tree = tree_of("logsumexp(z) - z_y", environment)
    with pytest.raises(MatdiffError, match="z_y is an entry of z"):
        read(tree, environment, wrt="z")
    assert set(read(tree, environment, wrt="z_y").inferred) == {"z", "z_y"}


@pytest.mark.parametrize(
    ("text", "declared"),
    [
        ("norm(x - x_k)^2", "x : n"),  # an iterate
        ("x'x_i + x_j'x", "x : n"),  # samples
        ("tr((A - A_k)'(A - A_k))", "A : m×n"),
        ("x_i^2 + x'x", "x : n, x_i : scalar"),
        ("tr(W) + W_in : B", "W : n×n, B : n×k"),
        ("x'x + c_k", "x : n, c : scalar"),
        ("x'x + x_new'b", "x : n"),
        ("Σ_i W_in x[i]", "x : n"),
    ],
)
def test_a_name_of_its_own_stays_one(read_text: Read, text: str, declared: str) -> None:
    assert any("_" in name for name in read_text(text, declared).variables)


@pytest.mark.parametrize(
    "text", [r"\sum_i \|x_i - W W^T x_i\|^2", r"\sum_i \|x_i - c\|^2", r"\sum_i x_i^\top B x_i"]
)
def test_a_row_is_no_scalar(refusal: Refusal, text: str) -> None:
    problem = refusal(text)
    assert problem.code == "MX231"
    assert "declare X : N×d" in (problem.hint or "")


def test_an_entry_may_scale_a_column(read_text: Read) -> None:
    assert set(read_text(r"\sum_i \|x_i a - b\|^2").inferred) == {"x", "a", "b"}
