"""Formulas that between them use every kernel, and their values by the records' own evaluation."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import numpy as np

from matdiff.dimensions import ONE
from matdiff.emission.costs import Sizes
from matdiff.emission.lowering import lower
from matdiff.emission.values import order_of
from matdiff.operations.algebra import SYMBOL, Expression, postorder, symbol_name
from matdiff.session import Session
from matdiff.settings import Settings
from matdiff.verification.evaluation import evaluate

SIZES = {"m": 2, "n": 3, "p": 4, "q": 5, "k": 2}
DECLARED = (
    "A: m×n, B: m×n, C: n×p, E: p×q, S: n×n, T: n×n spd, V: q×n, x: n, y: n, z: m, w: p, v: n*q,"
    "c: scalar, s: scalar, r: 1×n, W: m*n×p, Z: n*q×p, d: n*p, u: q, P: n*p×k"
)
_FORMULAS = """
   c S + 2 T - I   S + diag(x)   S∘T - c I   diag(x) S diag(y)   x y' + c ones(n, n)
   ones(n) y' + x ones(1, n) - S   x'S   r S + x'   (x'S)'   S'x - y   x'S y   c / s   A'./B'
   x ./ (y∘y)   -(A + B)'   2/3 A   A.^3/7   abs(x).^c   abs(A).^(1/3)   sum(A)   A ones(n)
   max(A)   max(x)   norm1(A)   norm(A)^2   A:B   tr(S)   tr(A C C'A')   diag(S T)   diag(S)
   diag(c x)   inv(S) x   x'inv(S)   inv(S')C   inv(T) C   inv(T)   inv(S) + S   logdet(S)
   logdet(S'S + I)   logdet(T) + c   log(det(T))   kron(A, C)   (A⊗C) diag(d)   I(m)⊗S   S⊗I(m)
   (A⊗E') kron(x, w)   (A ⊗ I(p)) kron(x, w)   (I(q)⊗S) Z   (S⊗E) kron(x, u)   (C'⊗A) vec(S)
   (E'⊗S) P   (E'⊗S) kron(w, x)   K(m, n) vec(A)   K(m, n) W   W'K(n, m)   K(m, n)   vec(A)
   vec(A')   vec(A S)   unvec(v, n, q)   unvec(v, q, n)S   (A⊗E') diag(d) (A'⊗E)
   (I(n)⊗E') diag(d) (I(n)⊗E)   (S⊗I(q)) diag(v) (T⊗I(q))   A ⊛ S   x ⊛ y   [A, B; S, T]
   [A, z]   [A; r]   [x; w]   [c, r]   [A, B]   A[1, 2]   A[:, 1]   A[2, :]
   A[:, 1:2] S[1:2, :]   x[2:3]   x[1] A   (S + T)[:, 2]   (S T)[2, :]   e_1'S   softmax(x)
   softmax(A, rows)   logsumexp(x)   logsumexp(A, rows)   hardmax(A)   log(ones(n) + exp(x))
   log(ones(n) + x∘x)   exp(-abs(A)) + relu(A)   step(A) + sigmoid(B)
   softplus(100 x) + silu(x)   sqrt(abs(x)) + sign(y)   sqrt(2) A   exp(1) c   pi x   n A / m
   x / n   ones(m, n)   zeros(n)   3 ones(n, p)   I(n)   c I(n)   r   x'   x x'   A'   A   c
   2   n   expm(S/9)   sqrtm(T) + logm(T)   T^c   polar(A) + pinv(A')   nuclear(A)   tril(A)
   vech(S)   D(n)   L_vech(n)   D_skew(n)   hadamard(4)   hadamard(1)
   tan(x/2) + asin(x/9) + acos(x/9) + atan(x)   sinh(c) cosh(s) tanh(c)   tr(A B')   sum(A∘B)
   (A⊗E') diag(d) (C⊗C')   (I(n)⊗E') diag(d) (I(n)⊗C')   (S⊗I(q)) diag(v) (C⊗I(q))   A ⊛ C'
   (S⊗E') P   logsumexp(1000 A, rows)   logsumexp(A, columns)   ones(1, m) A   max(A')
   [x', c; S, y]   S^3   x'T x / (1 + x'x)   (x y')∘S   r (I(n)⊗z')   (x⊗z) r   c (r⊗A)
   (x⊗z) r (I(n)⊗w')   (c r'⊗A) S   (r + c x')⊗A   (S⊗A) vec(diag(x))   softmax(diag(x), rows)
   unvec((S⊗A) vec(diag(x)), m, n)   (I(m)⊗u')(A⊗E')   (c x)⊗(x y')   (z⊗x)'(A⊗S)
"""
FORMULAS = re.split(r"\s{3,}", _FORMULAS.strip())


def reads(declared: str, formula: str) -> Expression:
    """A formula as a node."""
    session = Session()
    session.declare(declared)
    return session.shape(session.parse(formula), Settings()).reading.expression


@cache
def expressions() -> dict[str, Expression]:
    """The formulas as nodes."""
    return {formula: reads(DECLARED, formula) for formula in FORMULAS}


def arrays(node: Expression, seed: int = 0) -> dict[str, np.ndarray]:
    """A value for each symbol, with two axes; what is declared spd is."""
    draw = np.random.default_rng(seed)
    found = {}
    for each in postorder(node):
        if each.operation is SYMBOL:
            sides = [side.at(SIZES) for side in each.shape]
            value = draw.uniform(-1, 1, sides)
            is_spd = "spd" in each.parameters[1:] or symbol_name(each) == "T"
            found[symbol_name(each)] = value @ value.T + np.eye(*sides) if is_spd else value
    return found


def expected(node: Expression, given: dict[str, np.ndarray]) -> np.ndarray:
    symbols = {
        each: given[symbol_name(each)] for each in postorder(node) if each.operation is SYMBOL
    }
    return np.asarray(evaluate(node, symbols, SIZES))


def argument(node: Expression, meant: str, given: dict[str, np.ndarray]) -> Any:
    """What is passed for a variable, columns as vectors, or for the name of a size."""
    if meant not in given:
        return SIZES[meant]
    value = given[meant]
    if value.shape == (1, 1):
        return float(value[0, 0])
    return value[:, 0] if value.shape[1] == 1 else value


def kernels(node: Expression) -> set[str]:
    """The kernels that compute a formula."""
    by_factor = ("logdet_spd", "solve_spd", "inverse_spd")
    program = lower([node], sizes=Sizes(), by_factor=by_factor)
    return {value.kernel for value in order_of(program.roots)}


def is_vector(node: Expression) -> bool:
    return node.columns is ONE and node.rows is not ONE
