"""What formulas look like, sign by sign."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace

import pytest

from matdiff.dimensions import ONE, Dimension
from matdiff.errors import LimitReached
from matdiff.operations.algebra import (
    MINUS_ONE,
    Expression,
    apply,
    identity,
    inner,
    multiply,
    number,
    ones,
    scale,
    symbol,
    transpose,
    zeros,
)
from matdiff.operations.elementwise import EXP, power
from matdiff.operations.linear import diag, size, trace
from matdiff.operations.nonlinear import inverse
from matdiff.rendering.text import text


def frac(above: int, below: int) -> Expression:
    return number(Fraction(above, below))


def over(s: Expression) -> Expression:
    return power(s, MINUS_ONE)


# Formulas as Python over the variables of the fixture `v`, with the text they are to have.
SUMS = {
    "S + S.T": "S + S'",
    "S - T": "S - T",
    "-S - T": "-S - T",
    "-S + T": "T - S",
    "-(S + T)": "-(S + T)",
    "S - (T - S)": "S - (T - S)",
    "S + (T + S)": "S + T + S",
    "S + identity(n)": "S + I",
    "S - 2*identity(n)": "S - 2 I",
    "identity(n) - S": "I - S",
    "-identity(n) + S": "S - I",
    "identity(n) + c*identity(n)": "I(n) + c I(n)",
    "identity(n)": "I(n)",
    "2*identity(n)": "2 I(n)",
    "(commutation(n,n) + identity(n*n)) @ kron(identity(n), S.T)": "(K(n,n) + I)(I(n)⊗S')",
    "inner(A,B) + inner(B,A)": "A:B + B:A",
    "c - inner(A,B)": "c - A:B",
    "1 - c": "1 - c",
}
PRODUCTS = {
    "S @ T @ S": "S T S",
    "S @ (T @ S)": "S T S",
    "A.T @ B": "A'B",
    "A @ E": "A E",
    "(S + T) @ x": "(S + T)x",
    "S @ (x + y)": "S(x + y)",
    "(S + T) @ (x + y)": "(S + T)(x + y)",
    "2 * A.T @ (A @ x - z)": "2 A'(A x - z)",
    "-S @ x": "-S x",
    "S @ (-x)": "-S x",
    "S @ (2 * x)": "2 S x",
    "trace(S) * T": "tr(S) T",
    "2 * (trace(S) * T)": "2 tr(S) T",
    "(c + s) * T": "(c + s)T",
    "x.T @ y * c": "c x'y",
    "(x.T @ y) * (y.T @ x)": "x'y y'x",
    "(x.T @ S @ x) * S": "x'S x S",
    "inverse(S) @ x": "S^-1 x",
    "diag(x) @ S": "diag(x) S",
    "diag(x) @ (S + T)": "diag(x)(S + T)",
    "-kron(inverse(S).T, inverse(S))": "-S^-T⊗S^-1",
    "2 * kron(S, T)": "2(S⊗T)",
    "kron(S, T) @ kron(T, S)": "(S⊗T)(T⊗S)",
    "kron(S @ T, T)": "(S T)⊗T",
    "kron(S, kron(T, S))": "S⊗T⊗S",
    "2 * inner(A, B)": "2(A:B)",
    "inner(A @ E, B @ E)": "A E : B E",
    "symbol('e', ONE, ONE) * (S + T)": "(e)(S + T)",
    "symbol('D', n, n) @ (S + T)": "(D)(S + T)",
    "symbol('D', n, n) @ S": "D S",
}
DIVISIONS = {
    "HALF * S": "S/2",
    "-HALF * S": "-S/2",
    "frac(3, 2) * S": "3 S/2",
    "frac(-3, 2) * (S + T)": "-3(S + T)/2",
    "frac(1, 2)": "1/2",
    "frac(-1, 2)": "-1/2",
    "over(c)": "1/c",
    "over(c) * S": "S/c",
    "over(c) * (S @ x)": "S x/c",
    "over(c) * over(s)": "1/(c s)",
    "over(c) * (over(s) * S)": "S/(c s)",
    "HALF * (over(c) * S)": "S/(2 c)",
    "over(norm(x)) * x": "x/norm(x)",
    "over(x.T @ x) * S": "S/(x'x)",
    "power(norm(x), number(-3)) * (x @ x.T)": "x x'/norm(x)^3",
    "power(c, number(-2))": "c^-2",
    "-power(c, number(-2))": "-c^-2",
    "power(c, frac(-1, 2))": "1/sqrt(c)",
    "over(size(n)) * S": "S/n",
    "over(size(n + ONE)) * S": "S/(n + 1)",
    "size(m * n) * S": "m n S",
    "size(n * n + n)": "n^2 + n",
}
POWERS = {
    "power(c, number(2))": "c^2",
    "power(c, s)": "c^s",
    "power(c, -s)": "c^(-s)",
    "power(c, c + s)": "c^(c + s)",
    "power(c, symbol('T', ONE, ONE))": "c^(T)",
    "power(c, frac(3, 2))": "c^(3/2)",
    "power(c, HALF)": "sqrt(c)",
    "power(c + s, number(2))": "(c + s)^2",
    "power(x.T @ y, number(2))": "(x'y)^2",
    "power(c, s) * (S + T)": "c^s (S + T)",
    "power(c, number(2)) * (S + T)": "c^2(S + T)",
    "power(S, number(2))": "S.^2",
    "power(S, HALF)": "sqrt(S)",
    "power(S, number(-2))": "S.^-2",
    "power(S, c)": "S.^c",
    "over(A)": "ones(m,n)⊘A",
    "over(x)": "ones(n)⊘x",
    "S @ S": "S^2",
    "S @ S @ T @ T @ T": "S^2 T^3",
    "inverse(S) @ inverse(S)": "S^-2",
    "S.T @ S.T": "(S')^2",
    "(S + T) @ (S + T)": "(S + T)^2",
    "matrix_power(S, 64) @ S": "S^64 S",
    "inverse(S.T)": "S^-T",
    "transpose(inverse(S))": "S^-T",
    "inverse(S @ T)": "(S T)^-1",
    "transpose(S @ S)": "(S^2)'",
    "transpose(S + T)": "(S + T)'",
    "transpose(vec(A))": "vec(A)'",
}
ELEMENTWISE = {
    "A * B": "A∘B",
    "A * B * A": "A∘B∘A",
    "A * over(B)": "A⊘B",
    "A * B * over(A) * over(B)": "(A∘B)⊘(A∘B)",
    "A * power(B, number(-2))": "A⊘B.^2",
    "S * identity(n)": "S∘I",
    "2 * (A * B)": "2(A∘B)",
    "A @ (E * F)": "A(E∘F)",
    "hadamard(A, A @ S)": "A∘(A S)",
    "hadamard(A, z @ x.T)": "A∘z x'",
    "hadamard(z @ x.T, A)": "z x'∘A",
    "hadamard(A, B @ S @ T)": "A∘(B S T)",
    "hadamard(A, A + B)": "A∘(A + B)",
    "hadamard(A, 2 * B)": "A∘(2 B)",
    "hadamard(kron(S, T), kron(T, S))": "(S⊗T)∘(T⊗S)",
}
CONSTANTS = {
    "ones(n)": "ones(n)",
    "ones(ONE, n)": "ones(n)'",
    "ones(m, n)": "ones(m,n)",
    "zeros(m, n)": "zeros(m,n)",
    "zeros(n)": "zeros(n)",
    "commutation(m, n + ONE)": "K(m,n+1)",
    "apply(EXP, -x)": "exp(-x)",
    "apply(LOG, c)": "log(c)",
    "diag(diagonal(S))": "diag(diag(S))",
    "unvec(symbol('w', m * n, ONE), m, n)": "unvec(w,m,n)",
}


def evaluated(formula: str, v: SimpleNamespace) -> Expression:
    expression = eval(formula, globals(), vars(v))
    assert isinstance(expression, Expression)
    return expression


@pytest.mark.parametrize(
    ("formula", "written"),
    (SUMS | PRODUCTS | DIVISIONS | POWERS | ELEMENTWISE | CONSTANTS).items(),
)
def test_text(formula: str, written: str, v: SimpleNamespace) -> None:
    assert text(evaluated(formula, v)) == written


@pytest.mark.parametrize(
    ("formula", "written"),
    [
        ("hadamard(A, z @ x.T)", "A.*z x'"),
        ("A * over(B)", "A./B"),
        ("kron(S, kron(T, S)) @ kron(S, kron(T, S))", "kron(S,kron(T,S))^2"),
        ("2 * kron(S @ T, T)", "2 kron(S T,T)"),
        ("σ * S", "sigma S"),
        ("σ * symbol('sigma', ONE, ONE)", "sigma_1 sigma"),
        ("symbol('π', ONE, ONE) * S", "pi_1 S"),
        ("symbol('β_1', ONE, ONE) * S", "beta_1 S"),
    ],
)
def test_ascii(formula: str, written: str, v: SimpleNamespace) -> None:
    assert text(evaluated(formula, v), ascii=True) == written


def test_the_question() -> None:
    a, b, e, q = (Dimension.of(name) for name in "abeq")
    A, B, C = symbol("A", q, a), symbol("B", a, b), symbol("C", ONE, e)
    D, E, F = symbol("D", b, e), symbol("E", a, e), symbol("F", e, ONE)
    row = symbol("A", ONE, a)
    gradient = (B.T @ (E * (row.T @ F.T)) * D) @ C.T
    assert text(gradient) == "(B'(E∘A'F')∘D)C'"
    jacobian = A @ (B * (E @ diag(F * C.T) @ D.T))
    assert text(jacobian) == "A(B∘(E diag(F∘C') D'))"


def test_deep_and_long_formulas(v: SimpleNamespace) -> None:
    deep = v.c
    for _ in range(10_000):
        deep = apply(EXP, deep + v.s)
    assert text(deep).startswith("exp(exp(") and text(deep).count("(") == 10_000
    long = v.S
    for _ in range(10_000):
        long = multiply(long, v.T.T) + v.S
    assert text(long).count("T'") == 10_000


def test_a_formula_that_doubles_is_refused(v: SimpleNamespace) -> None:
    doubled = v.S
    for _ in range(100):
        doubled = apply(EXP, doubled) @ doubled
    with pytest.raises(LimitReached) as refused:
        text(doubled)
    assert refused.value.message == (
        "the formula has more than 200000 names, numbers and operators when it is written out, "
        "which is the limit"
    )


def test_scalars_and_columns_of_ones_are_told_apart() -> None:
    n = Dimension.of("n")
    assert text(scale(number(3), ones(n))) == "3 ones(n)"
    assert text(zeros(n, n) if n is ONE else transpose(symbol("x", n, ONE))) == "x'"
    assert text(inner(symbol("x", n, ONE), symbol("y", n, ONE))) == "x:y"
    assert text(trace(identity(n) @ symbol("S", n, n))) == "tr(S)"
    assert text(size(n) * inverse(symbol("S", n, n))) == "n S^-1"
