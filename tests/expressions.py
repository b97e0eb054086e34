"""Expressions that between them use every multilinear operation in every position."""

from __future__ import annotations

from numerics import m, matrix, n, p, q

from matdiff.dimensions import ONE
from matdiff.operations.algebra import Expression, hadamard, identity, number, ones
from matdiff.operations.elementwise import TANH, apply, exp, log, power, reciprocal
from matdiff.operations.linear import KHATRI_RAO, diag, diagonal, kron, total, trace, unvec, vec
from matdiff.operations.nonlinear import (
    LOGSUMEXP,
    LOGSUMEXP_ROWS,
    PSEUDOINVERSE,
    SOFTMAX,
    SOFTMAX_ROWS,
    det,
    inverse,
    logdet,
    norm,
)

A, B, C, W = matrix("A", p, m), matrix("B", n, q), matrix("C", p, q), matrix("W", m, n)
P, Q, X, Z = matrix("P", m, m), matrix("Q", n, n), matrix("X", m, n), matrix("Z", n, n)
x, y, t = matrix("x", n), matrix("y", m), matrix("t", ONE)

JACOBIANS: dict[str, tuple[Expression, Expression]] = {
    "AXB": (A @ X @ B, X),
    "AXB∘C": (hadamard(A @ X @ B, C), X),
    "X'X": (X.T @ X, X),
    "Z^-1": (inverse(Z), Z),
    "x x'": (x @ x.T, x),
    "A⊗X": (kron(A, X), X),
    "X⊗A": (kron(X, A), X),
    "X⊗X": (kron(X, X), X),
    "softmax by x": (apply(SOFTMAX, W @ x + y), x),
    "softmax by W": (apply(SOFTMAX, W @ x + y), W),
    "tanh(AX)": (apply(TANH, A @ X), X),
    "diag(x)": (diag(x), x),
    "diag(x) Q diag(x)": (diag(x) @ Q @ diag(x), x),
    "diagonal": (diagonal(Z @ Q), Z),
    "tr(Z) Z": (trace(Z) * Z, Z),
    "vec(AXB)": (vec(A @ X @ B), X),
    "X x": (X @ x, X),
    "(y'W)∘(y'W)": (power((y.T @ W).T, number(2)), W),
    "x/‖x‖": (x * reciprocal(norm(x)), x),
    "Z Q Z^-1": (Z @ Q @ inverse(Z), Z),
    "det(Z) Z^-1": (det(Z) * inverse(Z), Z),
    "vec(I⊗X)": (vec(kron(identity(n), X)), X),
    "tr(Z⊗Q) Z": (trace(kron(Z, Q)) * Z, Z),
    "(W⊗X) 1 + y⊗y": (kron(W, X) @ ones(n * n) + kron(y, y), X),
    "(X'PW)∘(W'X)": (hadamard(X.T @ P @ W, W.T @ X), X),
    "Z^3": (Z @ Z @ Z, Z),
    "three joined": (hadamard(hadamard(A @ X @ B, C), A @ X @ B), X),
    "diag of diagonal": (diag(diagonal(Z)), Z),
    "t X": (t * X, X),
    "t^2 X B": (t * t * (X @ B), t),
    "unvec(x⊗y) Q": (unvec(kron(x, y), m, n) @ Q, x),
    "unvec((Q⊗P) vec(X))": (unvec(kron(Q, P) @ vec(X), m, n), X),
    "softmax of the rows": (apply(SOFTMAX_ROWS, A @ X), X),
    "Khatri-Rao from the left": (apply(KHATRI_RAO, X, W), X),
    "Khatri-Rao from the right": (apply(KHATRI_RAO, W, X), X),
    "no order of elimination": (A @ hadamard(X, W @ diag(Q @ X.T @ y)) @ B, X),
}
GRADIENTS: dict[str, tuple[Expression, Expression]] = {
    **{f"sum of squares of {name}": (total(Y * Y), v) for name, (Y, v) in JACOBIANS.items()
       if not Y.is_scalar},
    "logdet(X'X)": (logdet(X @ X.T), X),
    "quotient": (trace(Z) * reciprocal(trace(Z.T @ Z)), Z),
    "exp of a trace": (exp(trace(Z)), Z),
    "logsumexp": (apply(LOGSUMEXP, W @ x + y), W),
    "log of a quadratic": (log(1 + x.T @ x), x),
    "attention": (trace(C.T @ apply(SOFTMAX_ROWS, A @ X @ Q) @ B), X),
    "logsumexp of the rows": (total(apply(LOGSUMEXP_ROWS, A @ X)), X),
    "pseudoinverse": (trace(apply(PSEUDOINVERSE, X) @ W), X),
    "by a scalar": (logdet(identity(n) + t * t * (X.T @ X)), t),
}  # fmt: skip
