"""The identities of blocks and selections in the normal form, each held by numbers too."""

from __future__ import annotations

import pytest
from numerics import close, draw, value

from matdiff.normal import normalise, shortest
from matdiff.operations.algebra import Expression
from matdiff.rendering import text
from matdiff.shapes import Environment, function_names, read
from matdiff.syntax import parse_declarations, parse_expression

DECLARED = "A : m×n, B : m×p, C : p×n, D : p×p, M : n×n, N : n×n, x : n, y : p, z : n, c : scalar"
IDENTITIES = [
    ("[A, B][:,1:n]", "A"),
    ("[A, B][:,n+1:n+p]", "B"),
    ("[A, B][:,2:n]", "A[:,2:n]"),
    ("[A; C][m+1:m+p,1]", "C[:,1]"),
    ("[A, B, A][:,1:n+p]", "[A, B]"),
    ("[A, B] [M; C]", "A M + B C"),
    ("[M, C'; C, D] [x; y]", "[C'y + M x; C x + D y]"),
    ("[A, B]'", "[A, B]'"),
    ("[A', C']'", "[A; C]"),
    ("[A M, A N]", "A [M, N]"),
    ("[c A, c B]", "c [A, B]"),
    ("[[A; C], [B; D]]", "[A, B; C, D]"),
    ("[A[:,1:2], A[:,3:n]]", "A"),
    ("[A, zeros(m,p)] [x; y]", "A x"),
    ("[A, zeros(m,p)]", "[A, zeros(m,p)]"),
    ("[zeros(m,n), zeros(m,p)]", "zeros(m,n+p)"),
    ("[I(n), zeros(n,p)] [x; y]", "x"),
    ("[M, zeros(n,p)] + [zeros(n,n), C']", "[M, C']"),
    ("[x; y] + [z; y]", "[x + z; 2 y]"),
    ("[A, B] - [A, B]", "zeros(m,n+p)"),
    ("tr([M, C'; C, D])", "tr(D) + tr(M)"),
    ("sum([A, B])", "sum(A) + sum(B)"),
    ("exp([x; y])[1:n]", "exp(x)"),
    ("([x; y] + [z; y])[n+1:n+p]", "2 y"),
    ("([x; y]∘[z; y])[1:n]", "x∘z"),
    ("diag([x; y])[:,1:n]", "[diag(x); zeros(p,n)]"),
    ("[x; y]'[z; y]", "x'z + y'y"),
    ("x[2:n][1:2]", "x[2:3]"),
    ("(A x)[1]", "A[1,:] x"),
    ("(A M)[1,2]", "(A M)[1,2]"),
    ("e(1,n)'e(2,n)", "0"),
    ("e(2,n)'e(2,n)", "1"),
    ("I(n)[1:2,:] I(n)[:,1:2]", "I(2)"),
    ("I(n)[1:2,:] I(n)[:,3:n]", "zeros(2,n-2)"),
    ("e(2,n)∘x", "x[2] e(2,n)"),
    ("M∘(e(1,n) e(2,n)')", "M[1,2] e(1,n) e(2,n)'"),
    ("ones(n)'e(2,n)", "1"),
    ("tr(M e(1,n) e(2,n)')", "M[2,1]"),
]


@pytest.mark.parametrize(("written", "expected"), IDENTITIES)
def test_identity(written: str, expected: str) -> None:
    one, other = expression(written), expression(expected)
    values = draw(one, other)
    assert close(value(one, values), value(other, values), 1e-12)
    assert text(shortest(one)) == expected
    assert normalise(one) is normalise(other)


def expression(written: str) -> Expression:
    environment = Environment()
    environment.declare(parse_declarations(DECLARED))
    tree = parse_expression(written, declared=environment.names, functions=function_names())
    return read(tree, environment).expression
