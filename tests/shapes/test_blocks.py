"""Blocks, entries and slices: what they are read as, and what is said where they do not fit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from matdiff.operations.algebra import symbol_name
from matdiff.rendering import text
from matdiff.shapes import Reading
from matdiff.verification import evaluate

SIZES = {"m": 4, "n": 5, "p": 3, "k": 8}
DECLARED = "A : m×n, B : m×p, C : p×n, D : p×p, x : n, y : p, M : n×n, z : k, r : 1×n"
READINGS = [
    ("[A, B]", "np.hstack([A, B])"),
    ("[A; C]", "np.vstack([A, C])"),
    ("[A, B; C, D]", "np.block([[A, B], [C, D]])"),
    ("[A, B] [x; y]", "A @ x + B @ y"),
    ("[A, B][x; y]", "A @ x + B @ y"),
    ("A [x, x]", "A @ np.hstack([x, x])"),
    ("[A, 0; 0, D]", "np.block([[A, np.zeros((4, 3))], [np.zeros((3, 5)), D]])"),
    ("[M, x; x', 1]", "np.block([[M, x], [x.T, np.ones((1, 1))]])"),
    ("[I, x; 0, 1]", "np.block([[np.eye(5), x], [np.zeros((1, 5)), np.ones((1, 1))]])"),
    ("[x; 0; -1]", "np.vstack([x, [[0]], [[-1]]])"),
    ("[x[2], x[1]; 3, 4]", "np.array([[x[1, 0], x[0, 0]], [3, 4]])"),
    ("A[1,2]", "A[:1, 1:2]"),
    ("x[n]", "x[-1:]"),
    ("r[2]", "r[:, 1:2]"),
    ("A[2,:]", "A[1:2]"),
    ("A[:,n]", "A[:, -1:]"),
    ("A[2:3,1:n-1]", "A[1:3, :4]"),
    ("x[2:]", "x[1:]"),
    ("x[:3]", "x[:3]"),
    ("x[2:n] - x[1:n-1]", "x[1:] - x[:-1]"),
    ("[x; y][n+1:n+p]", "y"),
    ("(A x)[2]", "(A @ x)[1:2]"),
    ("softmax(x)[1]", "(np.exp(x)/np.exp(x).sum())[:1]"),
    ("A'[1,:]", "A.T[:1]"),
    ("e(2,n)", "np.eye(5)[:, 1:2]"),
    ("x'e(n,n)", "x[-1:]"),
    ("Σ_i A[i,1] B[i,2]", "A[:, :1].T @ B[:, 1:2]"),
    ("Σ_i A[i,2:3] B[i,1]", "B[:, :1].T @ A[:, 1:3]"),
    ("Σ_i x[1] x[i] y[2]", "x[0] * x.sum() * y[1]"),
    ("C⊛A", "np.vstack([np.kron(c, a) for c, a in zip(C.T, A.T)]).T"),
    ("C⊛A M", "np.vstack([np.kron(c, a) for c, a in zip(C.T, (A @ M).T)]).T"),
]


def drawn(reading: Reading) -> dict[str, Any]:
    random = np.random.default_rng(3)
    found = {}
    for name, variable in reading.variables.items():
        found[name] = random.normal(size=[side.at(SIZES) for side in variable.shape])
    return found


@pytest.mark.parametrize(("written", "expected"), READINGS, ids=lambda value: str(value)[:24])
def test_its_value(read_text: Callable[..., Reading], written: str, expected: str) -> None:
    reading = read_text(written, DECLARED)
    arrays = drawn(reading)
    symbols = {variable.symbol: arrays[name] for name, variable in reading.variables.items()}
    assert {symbol_name(s) for s in symbols} == set(arrays)
    got = evaluate(reading.expression, symbols, SIZES)
    wanted = np.atleast_2d(eval(expected, {"np": np, **arrays}))
    assert got.shape == wanted.shape
    assert np.allclose(got, wanted)


@pytest.mark.parametrize(
    ("written", "shapes"),
    [
        ("[P, Q; R, S] u", {"P": "m×n", "Q": "m×p", "R": "q×n", "S": "q×p", "u": "(n+p)×1"}),
        ("[u; 1]'w", {"u": "n×1", "w": "(n+1)×1"}),
        ("X[1,2] + u[3]", {"X": "m×n", "u": "p×1"}),
        ("P [Q, R]", {"P": "m×n", "Q": "n×p", "R": "n×q"}),
    ],
)
def test_inferred_shapes(
    read_text: Callable[..., Reading], written: str, shapes: dict[str, str]
) -> None:
    from matdiff.dimensions import shape_text

    inferred = read_text(written).inferred
    assert {name: shape_text(shape) for name, shape in inferred.items()} == shapes


@pytest.mark.parametrize(
    ("written", "code", "message"),
    [
        ("[A, C]", "MX224", "blocks beside each other have as many rows: A is m×n, C is p×n"),
        ("[A; B]", "MX224", "blocks above each other have as many columns: A is m×n, B is m×p"),
        ("[A, B; C]", "MX224",
         "blocks above each other have as many columns: [A, B] is m×(n+p), C is p×n"),
        ("[A, 0]", "MX210", "the size of this 0 is not fixed by anything: write zeros(m,n)"),
        ("x[n+1]", "MX225", "the index n+1 is beyond the dimension n of x"),
        ("A[3:2,1]", "MX225", "the range 3:2 of A ends before it begins"),
        ("A[1:m+1,1]", "MX225", "the range 1:m+1 reaches beyond the dimension m of A"),
        ("A[1]", "MX226", "A is a matrix: its entries are A[i,j], its rows A[i,:]"),
        ("x[j]", "MX220", "the index j of x[j] is bound by no sum"),
        ("x[0]", "MX109", "the index 0 names no entry"),
        ("x[1.5]", "MX211", "`1.5` is no dimension"),
        ("e(4,3)", "MX227", "e(i,n) is the column i of I(n): 4 is beyond 3"),
        ("A⊛B", "MX203", "`⊛` needs two operands with as many columns: A is m×n, B is m×p"),
    ],
)  # fmt: skip
def test_what_does_not_fit(
    refusal: Callable[..., Any], written: str, code: str, message: str
) -> None:
    problem = refusal(written, DECLARED)
    assert (problem.code, problem.message[: len(message)]) == (code, message)


def test_what_is_assumed_of_sizes_is_told(read_text: Callable[..., Reading]) -> None:
    assert read_text("x[3] + A[1,1]", DECLARED).warnings == ["x[3] is read for n >= 3"]
    assert read_text("x[1:n-1]", DECLARED).warnings == ["x[1:n-1] is read for n >= 2"]
    assert read_text("z[n+1:n+m] + A[:,1]", DECLARED).warnings == [
        "z[n+1:n+m] is read for k >= m+n"
    ]
    assert read_text("x[1] + z[2]", "x : n, z : 3").warnings == []


def test_zeros_and_identities_in_a_grid_are_written_without_sizes(
    read_text: Callable[..., Reading],
) -> None:
    for written in ("[A, 0; 0, D]", "[M, 0; 0, 1]", "[I, A'; zeros(m,n), I]"):
        assert text(read_text(written, DECLARED).expression) == written
