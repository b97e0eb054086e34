"""What the search for the shortest formula finds beyond common factors: quotients over one
denominator, inverses divided out, sums of softmax rows, roots joined, diag(u)x for u∘x.

Every formula is held against the value of what it came from, by numbers.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numerics import close, draw, m, matrix, n, value

from matdiff.normal import normalise, shortest
from matdiff.normal.division import divided
from matdiff.normal.factor import factor
from matdiff.normal.normalise import TooLarge, expand
from matdiff.operations.algebra import Expression, hadamard, identity, multiply, number, ones
from matdiff.operations.elementwise import ABS, SIGN, apply, power, root
from matdiff.operations.linear import diag, diagonal, kron, total
from matdiff.operations.nonlinear import SOFTMAX_ROWS, inverse
from matdiff.rendering import text
from matdiff.rendering.length import length
from matdiff.session import Session
from matdiff.settings import Settings

DECLARED = (
    "A: n×n, B: n×n, S: n×n spd, X: m×n, Y: m×n, C: m×n, a: n, b: n, u: n, v: n, x: n, y: n, "
    "c: m, d: m, p: n positive, q: n positive, s: scalar, t: scalar"
)


def expression(formula: str) -> Expression:
    session = Session()
    session.declare(DECLARED)
    return session.shape(session.parse(formula), Settings()).reading.expression


SHORTER = [
    # sums of rows: of Kronecker products, of softmaxes, of quotients
    ("(diag(x)⊗diag(c))ones(m*n)", "x⊗c"),
    ("softmax(X, rows)ones(n)", "ones(m)"),
    ("ones(m)'softmax(X, columns)", "ones(n)'"),
    ("log(softmax(X, rows))", "X - logsumexp_rows(X) ones(n)'"),
    ("diag((C⊘X)X')", "C ones(n)"),
    ("(c⊘(X x))'X x", "sum(c)"),
    ("x'X'(c⊘(X x).^2)", "c'(ones(m)⊘X x)"),
    ("(ones(n)'⊗I(n))diag(vec(A))", "(A'⊛I(n))'"),
    # roots and absolute values
    ("abs(x)∘abs(x)", "x.^2"),
    ("abs(x)∘abs(x)∘sign(x)", "abs(x)∘x"),
    ("x∘x∘sign(x)", "abs(x)∘x"),
    ("2/sqrt(2)*x", "sqrt(2) x"),
    ("sqrt(2)/2*x", "x/sqrt(2)"),
    ("x/(sqrt(2) sqrt(pi))", "x/sqrt(2 pi)"),
    ("sqrt(p)⊘sqrt(q)", "sqrt(p⊘q)"),
    # columns and rows
    ("(a⊗b)(u⊗v)'", "(a u')⊗(b v')"),
    ("A'(x∘y) + y∘(A x)", "(A'diag(x) + diag(A x))y"),
    ("diag(c)X + diag(c∘d)Y", "diag(c)(X + diag(d) Y)"),
    ("X diag(u) + Y diag(u∘v)", "(X + Y diag(v))diag(u)"),
    # one denominator
    ("X'((ones(m,n) - Y⊘X)⊘X)", "X'((X - Y)⊘X.^2)"),
    ("ones(n)⊘u + ones(n)⊘(ones(n) - u)", "ones(n)⊘((ones(n) - u)∘u)"),
    ("1 - s/(s + t)", "t/(s + t)"),
    ("x - s/(s + t)*x", "t x/(s + t)"),
    ("(I + X X'/s)^-1 X/s", "(s I + X X')^-1 X"),
    ("3 X'(c⊘(ones(m) + c.^2/s^2))/s^2", "3 X'(c⊘(s^2 ones(m) + c.^2))"),
    # inverses divided out
    ("I + (I + A)(I - A)^-1", "2(I - A)^-1"),
    ("X'c - X'X (X'X + s*I)^-1 X'c", "s(s I + X'X)^-1 X'c"),
    ("s*A(s A + I)^-1 + (s A + I)^-1", "I(n)"),
    ("(A + 2*I)^-1 A x - x", "-2(2 I + A)^-1 x"),
    # the projections X X⁺ and X⁺X
    ("(I - X pinv(X))'(I - X pinv(X))c", "c - X pinv(X) c"),
    ("pinv(X)X pinv(X)X X'c", "X'c"),
    ("X'X pinv(X)c", "X'c"),
    ("(pinv(X)X)' - pinv(X)X pinv(X)X", "zeros(n,n)"),
    # powers of one sum, whole and half
    ("sqrt(ones(n) + x.^2) - x.^2⊘sqrt(ones(n) + x.^2)", "(ones(n) + x.^2).^(-1/2)"),
    ("(ones(m) - 2 c.^2⊘(s^2*ones(m) + c.^2))⊘(s^2*ones(m) + c.^2)",
     "(s^2 ones(m) - c.^2)⊘(s^2 ones(m) + c.^2).^2"),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "shorter"), SHORTER)
def test_what_is_found_is_equal_and_short(formula: str, shorter: str) -> None:
    given = expression(formula)
    found = shortest(given)
    values = draw(given)
    for symbol in values:
        if str(symbol.parameters[0]) in "pq":
            values[symbol] = abs(values[symbol])
    assert close(value(found, values), value(given, values), 1e-9)
    assert text(found) == shorter


def test_a_gradient_within_a_structure_keeps_its_differences() -> None:
    """(x - y)'S^-1(x - y) is not multiplied out, though the sum with the transpose has to be."""
    G = expression("S^-1 - S^-1(x - y)(x - y)'S^-1/(1 + (x - y)'S^-1(x - y))")
    both = shortest(G + G.T)
    assert close(value(both, draw(G)), 2 * value(G, draw(G)), 1e-9)
    assert length(both) <= length(shortest(G)) + 1


X, Y, x, y = matrix("X", m, n), matrix("Y", m, n), matrix("x", n), matrix("y", n)
A, s, t = matrix("A", n, n), matrix("s", x.columns), matrix("t", x.columns)
COLUMNS = [x, y, A @ x, diagonal(A), ones(n)]
COLUMNS += [apply(f, v) for f in (ABS, SIGN) for v in (x, hadamard(x, A @ x))]
SCALARS = [s, t, total(y), 1 + s * s, root(number(2))]
MATRICES = [A, A.T, identity(n), inverse(A), diag(x), x @ y.T, X.T @ apply(SOFTMAX_ROWS, Y)]


def quotients(columns: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    """Columns of sums, quotients, scaled and multiplied columns."""
    pairs = st.tuples(columns, columns)
    squares = columns.map(lambda v: ones(n) + hadamard(v, v))
    scalars = st.sampled_from(SCALARS)
    matrices = st.sampled_from(MATRICES)
    return st.one_of(
        pairs.map(lambda uv: uv[0] - uv[1]),
        pairs.map(lambda uv: hadamard(*uv)),
        st.tuples(columns, squares).map(lambda uv: hadamard(uv[0], power(uv[1], number(-1)))),
        squares.map(root),
        st.tuples(scalars, columns).map(lambda sv: sv[0] * sv[1]),
        st.tuples(scalars, columns).map(lambda sv: power(1 + sv[0] * sv[0], number(-1)) * sv[1]),
        st.tuples(matrices, columns).map(lambda Mv: multiply(*Mv)),
        st.tuples(matrices, columns).map(
            lambda Mv: inverse(Mv[0] @ Mv[0].T + (1 + t * t) * identity(n)) @ Mv[0] @ Mv[1]
        ),
        columns.map(lambda v: diagonal(kron(v, y.T) @ A)),
    )


@settings(max_examples=150, deadline=None)
@given(st.recursive(st.sampled_from(COLUMNS), quotients, max_leaves=6))
def test_random_quotients_keep_their_value(formula: Expression) -> None:
    values = draw(formula)
    with np.errstate(all="ignore"):
        expected = value(formula, values)
    form = normalise(formula)
    assert normalise(form) is form
    versions = [form, divided(form), factor(form), shortest(formula)]
    try:
        versions += [expand(form), expand(form, scalars=False), divided(expand(form))]
    except TooLarge:
        pass
    for version in versions:
        assert close(value(version, values), expected, 1e-7)


@pytest.mark.parametrize(
    ("formula", "shorter"),
    [
        ("A(x - y) - 2 x + 2 y", "(A - 2*I)(x - y)"),
        ("A(3 x - 2 y) + 3 x - 2 y", "(A + I)(3 x - 2 y)"),
        ("A(2 x - 3 y) - 6 y + 4 x", "(A + 2*I)(2 x - 3 y)"),
        ("(u - v)'A + 3 u' - 3 v'", "(u - v)'(A + 3*I)"),
    ],
)
def test_terms_that_are_a_multiple_of_a_sum_beside_a_factor(formula: str, shorter: str) -> None:
    """Without multiplying out, which would find it too but is not tried in long formulas."""
    form = normalise(expression(formula))
    found = factor(form)
    assert length(found) <= length(expression(shorter)) + 1  # a sign in front
    values = draw(form, found)
    assert close(value(form, values), value(found, values))
