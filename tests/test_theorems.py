"""Theorems on the Hadamard product, each by numbers; and what the normal form makes of them.

The numbers are numpy's own; expressions are only compared with each other as nodes.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from matdiff.normal import normalise, shortest
from matdiff.normal.properties import properties_of
from matdiff.operations.algebra import Expression
from matdiff.session import Session
from matdiff.settings import Settings
from matdiff.verification.evaluation import evaluate

SIZES = {"m": 3, "n": 4}
DECLARED = (
    "A: m×n, B: m×n, C: m×n, S: n×n, T: n×n, P: n×n spd, Q: n×n spd, x: n, y: n, z: m,"
    "M: n×n positive"
)
# Two sides that are equal; whether the normal form makes one node of them.
IDENTITIES = {
    "commutative": ("A∘B", "B∘A", True),
    "associative": ("A∘(B∘C)", "(A∘B)∘C", True),
    "distributive": ("A∘(B + C)", "A∘B + A∘C", True),
    "the identity is ones": ("A∘ones(m,n)", "A", True),
    "not the identity matrix": ("S∘I", "diag(diag(S))", True),
    "the inverse is elementwise": ("M∘M.^-1", "ones(n,n)", True),
    "sums of rows": ("(A∘B) ones(n)", "diag(A B')", True),
    "sums of columns": ("ones(m)'(A∘B)", "diag(A'B)'", True),
    "sum of all entries": ("sum(A∘B)", "tr(A B')", True),
    "weighted sums of rows": ("(A∘B) x", "diag(A diag(x) B')", False),
    "of three, sums of rows": ("(A∘B∘C) ones(n)", "diag((A∘B) C')", True),
    "bilinear form": ("x'(S∘T) y", "tr(diag(x) S diag(y) T')", False),
    "part of the Kronecker product": ("(I(m)⊛I(m))'(A⊗B) (I(n)⊛I(n))", "A∘B", True),
    "of two products of rank one": ("(x x')∘(y y')", "(x∘y)(x∘y)'", True),
    "by a product of rank one": ("A∘(z x')", "diag(z) A diag(x)", False),
    "Gram matrix of ⊛": ("(A⊛B)'(A⊛C)", "(A'A)∘(B'C)", True),
    "transpose": ("(A∘B)'", "A'∘B'", True),
    "rows of Hadamard matrices": ("hadamard(8) hadamard(8)'", "8 I(8)", True),
    "symmetric": ("hadamard(8)'", "hadamard(8)", True),
    "inverse of Hadamard matrices": ("hadamard(8)^-1", "hadamard(8)/8", True),
    "Sylvester's construction": ("hadamard(2)⊗hadamard(4)", "hadamard(8)", True),
    "in blocks": (
        "[hadamard(4), hadamard(4); hadamard(4), -hadamard(4)]", "hadamard(8)", False,
    ),
    "Hadamard's bound is reached": ("abs(det(hadamard(8)))", "4096", True),
}  # fmt: skip


def read(formula: str) -> Expression:
    session = Session()
    session.declare(DECLARED)
    return session.shape(session.parse(formula), Settings()).reading.expression


def drawn(seed: int) -> dict[Expression, np.ndarray]:
    random = np.random.default_rng(seed)
    values: dict[Expression, np.ndarray] = {}
    for name in "ABCSTPQxyzM":
        symbol = read(name)
        shape = (symbol.rows.at(SIZES), symbol.columns.at(SIZES))
        A = random.normal(size=shape)
        values[symbol] = A @ A.T + np.eye(4) if name in "PQ" else A
    values[read("M")] = np.exp(values[read("M")])
    return values


@pytest.mark.parametrize("name", IDENTITIES)
def test_identities_hold(name: str) -> None:
    left, right = (read(side) for side in IDENTITIES[name][:2])
    for seed in range(3):
        values = drawn(seed)
        expected = evaluate(right, values, SIZES)
        np.testing.assert_allclose(evaluate(left, values, SIZES), expected, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(
            evaluate(shortest(left), values, SIZES), expected, rtol=1e-9, atol=1e-9
        )


@pytest.mark.parametrize("name", [name for name, (*_, one) in IDENTITIES.items() if one])
def test_the_normal_form_knows_them(name: str) -> None:
    left, right = (read(side) for side in IDENTITIES[name][:2])
    assert shortest(left) is shortest(right)


def test_selected_rows_and_columns_of_the_kronecker_product() -> None:
    """A∘B is what A⊗B has in the rows 1, m+2, 2m+3, … and the columns of the same numbers."""
    values = drawn(0)
    A, B = values[read("A")], values[read("B")]
    (m, n), S = A.shape, np.kron(A, B)
    chosen = S[np.ix_([i * m + i for i in range(m)], [j * n + j for j in range(n)])]
    np.testing.assert_allclose(chosen, A * B)


def test_schur_product_theorem() -> None:
    """The Hadamard product of psd matrices is psd, that of spd ones spd."""
    assert {"psd", "spd", "symmetric"} <= properties_of(normalise(read("P∘Q")))
    semidefinite = properties_of(normalise(read("(A'A)∘(S'S)")))
    assert "psd" in semidefinite and "spd" not in semidefinite
    for seed in range(5):
        values = drawn(seed)
        spd = evaluate(read("P∘Q"), values, SIZES)
        psd = evaluate(read("(A'A)∘(S'S)"), values, SIZES)
        assert np.linalg.eigvalsh(spd).min() > 0
        assert np.linalg.eigvalsh(psd).min() > -1e-12


def test_schur_product_of_products_of_rank_one() -> None:
    """Why it is true: with M = Σ u_i m_i m_i', N = Σ v_j n_j n_j', M∘N sums psd matrices
    u_i v_j (m_i∘n_j)(m_i∘n_j)'."""
    values = drawn(1)
    (u, M), (v, N) = (np.linalg.eigh(values[read(name)]) for name in "PQ")
    total = sum(
        u[i] * v[j] * np.outer(M[:, i] * N[:, j], M[:, i] * N[:, j])
        for i, j in product(range(4), repeat=2)
    )
    np.testing.assert_allclose(total, values[read("P")] * values[read("Q")])


@pytest.mark.parametrize("order", [2, 4, 8, 16])
def test_hadamard_matrices(order: int) -> None:
    H = evaluate(read(f"hadamard({order})"), {}, {})
    assert set(H.ravel()) == {1, -1}
    np.testing.assert_array_equal(H @ H.T, order * np.eye(order))
    assert np.isclose(np.linalg.det(H), evaluate(shortest(read(f"det(hadamard({order}))")), {}, {}))
    np.testing.assert_allclose(abs(np.linalg.det(H)), order ** (order / 2))


def test_hadamards_bound() -> None:
    """|det A| <= n^(n/2) for entries in [-1, 1]; of order 2 no sign pattern does better, of order 3
    none reaches it."""
    random = np.random.default_rng(0)
    for n in (2, 3, 4, 5):
        determinants = np.abs(np.linalg.det(random.uniform(-1, 1, size=(2000, n, n))))
        assert determinants.max() <= n ** (n / 2)
    for n, largest in ((2, 2), (3, 4)):
        signs = np.array(list(product((-1, 1), repeat=n * n))).reshape(-1, n, n)
        assert round(np.abs(np.linalg.det(signs)).max()) == largest
