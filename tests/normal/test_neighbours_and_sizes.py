"""What meets in products, sums and functions: sizes, sums of rows, rank-one changes, multiples of
ones, inverses in a sum beside what they divide by.

Every formula is held against the value of what it came from, by numbers.
"""

from __future__ import annotations

import pytest
from numerics import close, draw, value

from matdiff.derivatives import derive
from matdiff.normal import normalise, shortest
from matdiff.operations.algebra import Expression
from matdiff.rendering import text
from matdiff.session import Session
from matdiff.settings import Settings
from matdiff.verification import verify

DECLARED = (
    "A: n×n, B: n×n, C: n×n, P: n×p, X: m×n, Y: m×n, Q: m×p, x: n, y: n, c: m, s: scalar, "
    "O: m×n onehot, V: m*n×m*n"
)


def expression(formula: str) -> Expression:
    session = Session()
    session.declare(DECLARED)
    return session.shape(session.parse(formula), Settings()).reading.expression


SHORTER = [
    # sizes are polynomials of names
    ("mean(X) m*n", "sum(X)"),
    ("mean(X) m*n - sum(X')", "0"),
    ("sum(exp(X')) - sum(exp(X))", "0"),
    # sums of rows and of columns
    ("log(exp(X) ones(n))", "logsumexp_rows(X)"),
    ("log(ones(m)'exp(X))", "logsumexp_rows(X')'"),
    ("diag(ones(m)⊘(exp(X) ones(n)))exp(X)", "softmax_rows(X)"),
    ("diag(c⊘(exp(X) ones(n)).^2)exp(X)", "diag(c⊘exp(X) ones(n)) softmax_rows(X)"),
    ("exp(X)diag(ones(n)⊘(exp(X)'ones(m)))", "softmax_rows(X')'"),
    ("log(exp(X)⊘(exp(X) ones(n) ones(n)'))", "X - logsumexp_rows(X) ones(n)'"),
    ("O ones(n)", "ones(m)"),
    ("diag(O ones(n))X", "X"),
    # a Khatri-Rao product by rows
    ("(B⊗ones(p)')∘(ones(n)'⊗P)", "(B'⊛P')'"),
    # one unvec
    ("unvec(V vec(X),m,n) + unvec(V'vec(X),m,n)", "unvec((V + V')vec(X),m,n)"),
    # the identity changed by a product of rank one
    ("det(I(n) + x*y')", "1 + x'y"),
    ("det(s*A*x*y' + I(n))", "1 + s y'A x"),
    ("(I(n) + x*y')^-1*x", "x/(1 + x'y)"),
    ("y'(I(n) - 2 x*y')^-1*A", "y'A/(1 - 2 x'y)"),
    ("(I(n) + A*x*y')^-1*A*x", "A x/(1 + y'A x)"),
    # a multiple of ones
    ("cos((x'y)*ones(n))∘y", "cos(x'y) y"),
    ("exp(s*ones(n) + ones(n))", "exp(1 + s) ones(n)"),
    ("(s*ones(n) - 2*ones(n)).^2", "(2 - s)^2 ones(n)"),
    # pseudoinverses
    ("pinv(X)'pinv(X)X", "pinv(X)'"),
    ("X*pinv(X)*pinv(X)'", "pinv(X)'"),
    # inverses in a sum
    ("(B^-1 + C)B", "I + C B"),
    ("B(2*B^-1*A - C)", "2 A - B C"),
    ("(A^-1 + B)^-1*A^-1", "(I + A B)^-1"),
    ("B^-1*(A^-1 + B^-1)^-1*A^-1", "(A + B)^-1"),
    # the root of a square
    ("sqrt(tr((A - B)'(A - B)))", "norm(A - B)"),
    ("A/sqrt(tr(A A'))", "A/norm(A)"),
    # common factors and numbers
    ("2*A - 2/3*B", "2(A - B/3)"),
    ("-A*B/2 - C/2", "-(A B + C)/2"),
    ("A*x + s*x + A'x", "(A + A')x + s x"),
    ("diag(x) + diag(x∘y∘y)", "diag(y.^2∘x + x)"),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "shorter"), SHORTER)
def test_what_meets_is_equal_and_short(formula: str, shorter: str) -> None:
    given = expression(formula)
    found = shortest(given)
    form = normalise(given)
    assert normalise(form) is form
    values = draw(given)
    for symbol in values:
        if symbol.parameters[0] == "O":
            values[symbol] = 1.0 * (values[symbol] == values[symbol].max(1, keepdims=True))
    assert close(value(found, values), value(given, values), 1e-9)
    assert text(found) == shorter


DERIVATIVES = [
    # what stands in a formula twice is one part of it, whatever its sign and transpose
    ("gradient", "1/2 norm(X - relu(X A + ones(m) x')A')^2", "A", "relu(H) A' - X)'relu(H)"),
    ("jacobian", "(x - mean(x) ones(n))/sqrt(norm(x - mean(x) ones(n))^2 + s)", "x", "u u'/"),
    # numbers and signs that all terms have
    ("hessian", "x'(A + A')x/(x'x)", "x", "2 γ("),
    # one diagonal
    ("jacobian", "x∘sigmoid(x)", "x", "diag((sigmoid(x) - sigmoid(x).^2)∘x + sigmoid(x))"),
    # the mask of the upper triangle
    ("gradient", "sum(triu(A)∘B)", "A", "triu(B)"),
    ("gradient", "sum(triu(A))", "A", "triu(ones(n,n))"),
    ("gradient", "sum(triu(B A)∘C)", "A", "B'triu(C)"),
]


@pytest.mark.parametrize(("kind", "formula", "wrt", "holds"), DERIVATIVES)
def test_a_derivative_is_spelled_by_its_parts(
    kind: str, formula: str, wrt: str, holds: str
) -> None:
    given = expression(formula)
    symbol = next(s for s in draw(given) if s.parameters[0] == wrt)
    found = derive(kind, given, symbol)
    written = text(found.printed)
    assert holds in written
    assert verify(found, seed=1).passed
