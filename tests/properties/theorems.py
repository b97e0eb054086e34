"""Relations D: theorems that a derivative obeys because of what its function is.

The functions are built to have the property, as the expression of a case seldom has it: they are
made of the case's own by an argument (f(X'X) is invariant under rotations of X) or of pieces.
Source: Euler's theorem on homogeneous functions; Boyd & Vandenberghe, Convex Optimization, section
3.1; Davis & Rabinowitz for the quadrature.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from typing import Any

import numpy as np

from matdiff.dimensions import ONE
from matdiff.operations.algebra import (
    Expression,
    add,
    hadamard,
    identity,
    inner,
    is_zero,
    number,
    ones,
    substitute,
    symbol,
)
from matdiff.operations.elementwise import (
    ELEMENTWISE,
    apply,
    exp,
    log,
    power,
    reciprocal,
    root,
    square,
)
from matdiff.operations.linear import diag, diagonal, size, total, trace, unvec, vec
from matdiff.operations.nonlinear import LOGSUMEXP, SOFTMAX, det, inverse, logdet, norm
from matdiff.operations.norms import largest
from matdiff.operations.triangles import tril
from properties.cases import Array, Case, relation
from properties.typed import NAMES, POLYNOMIAL, SIDES, Typed, gram, n, named

Claims = Iterator[tuple[Expression, Expression]]
LARGEST_DEGREE = 12
ROUNDED = 1e-6  # of the largest number on the way: its rounding, as large as the tolerance


def _of_another(case: Case, X: Expression, off: frozenset[str] = frozenset()) -> Typed:
    return Typed(case.typed.random, X, case.typed.off | off)


@relation("D1", "f homogeneous of degree k: ⟨∇f, X⟩ = k f, H vec(X) = (k - 1) vec(∇f)", every=2)
def euler(case: Case) -> Claims:
    X, A, B = named("X", n, n), named("A", n, n), named("B", n, n)
    pieces = [
        (trace(A @ X), 1), (norm(X @ B), 1), (trace(X @ A @ X.T), 2), (det(X), n),
        (trace(X @ X @ X), 3), (trace(A @ inverse(X)), -1), (largest(X), 1),
        (root(square(trace(X)) + inner(X, A @ X)), 1), (reciprocal(trace(X @ B)), -1),
        (total(hadamard(X, X @ X)), 3), (trace(X), 1),
    ]  # fmt: skip
    chosen = case.typed.random.sample(pieces, 2)
    f = chosen[0][0] * chosen[1][0]
    degree = reduce(add, [size(k) if k is n else number(k) for _, k in chosen])
    yield inner(case.gradient(f, X), X), degree * f
    yield inner(case.gradient(logdet(gram(A) @ X @ X.T), X), X), number(2) * size(n)
    if case.typed.whole(0, 3) == 0:
        H = case.derivative("hessian", f, X)
        yield H @ vec(X), (degree - 1) * vec(case.gradient(f, X))


@relation("D2", "f(Q X) = f(X) for orthogonal Q: ∇f X' is symmetric; f(X Q) = f(X): X'∇f is")
def rotations(case: Case) -> Claims:
    Z = named("Z", r := case.typed.pick(SIDES), c := case.typed.pick(SIDES))
    W = symbol("W", c, c)
    f = substitute(_of_another(case, W).expression(ONE, ONE, case.typed.whole(3, 12)), {W: Z.T @ Z})
    product = case.gradient(f, Z) @ Z.T
    yield product, product.T
    W = symbol("W", r, r)
    f = substitute(_of_another(case, W).expression(ONE, ONE, case.typed.whole(3, 12)), {W: Z @ Z.T})
    product = Z.T @ case.gradient(f, Z)
    yield product, product.T


@relation("D3", "f(S X S^-1) = f(X): (∇f)'X = X(∇f)'", every=2)
def similarity(case: Case) -> Claims:
    X, t = named("X", n, n), symbol("t", ONE, ONE)
    invariants = (trace(X), trace(X @ X), trace(X @ X @ X), det(X), trace(inverse(X)),
                  logdet(identity(n) + X @ X))  # fmt: skip
    one, other = case.typed.random.sample(invariants, 2)
    f = apply(ELEMENTWISE["sin"], one) * other + t * square(other)
    G = case.gradient(f, X)
    yield G.T @ X, X @ G.T


@relation("D4", "logsumexp: 1'∇ = 1; softmax: J 1 = 0, 1'J = 0, J = J'", every=2)
def shifts(case: Case) -> Claims:
    z = named("Z", n, ONE)
    centred = z - reciprocal(size(n)) * (ones(n) @ (ones(n).T @ z))
    w = symbol("w", n, ONE)
    h = _of_another(case, w).expression(ONE, ONE, case.typed.whole(2, 9))
    f = apply(LOGSUMEXP, z) + substitute(h, {w: centred})
    yield ones(n).T @ case.gradient(f, z), number(1)
    J = case.jacobian(apply(SOFTMAX, z), z)
    yield J @ ones(n), number(0) * ones(n)
    yield ones(n).T @ J, (number(0) * ones(n)).T
    yield J, J.T


@relation("D5 separable", "f = Σ φ_i(x_i): the Hessian is diagonal", every=2)
def separable(case: Case) -> Claims:
    z, a, b = named("Z", n), named("A", n), named("B", n)
    smooth = ("exp", "sin", "cos", "tanh", "sigmoid", "softplus", "atan", "silu", "erf", "cosh")
    term = z
    for _ in range(case.typed.whole(1, 3)):
        phi = ELEMENTWISE[case.typed.pick(smooth)]
        term = hadamard(a, apply(phi, term)) + case.typed.pick((b, square(z), hadamard(b, z)))
    H = case.derivative("hessian", total(term), z)
    yield H, diag(diagonal(H))


@relation("D5 convex", "the Hessian of a convex function is positive semidefinite", every=2)
def convex(case: Case) -> Iterator[tuple[str, bool]]:
    z, A, b = named("Z", n), named("A", case.typed.pick(SIDES), n), named("B", n)
    pieces = (apply(LOGSUMEXP, A @ z), square(norm(A @ z)), total(exp(b + z)), norm(A @ z),
              total(apply(ELEMENTWISE["softplus"], A @ z)),
              log(1 + total(exp(A @ z))), root(1 + z.T @ z))  # fmt: skip
    f = case.typed.pick(pieces) + 2 * case.typed.pick(pieces)
    H = case.value(case.derivative("hessian", f, z))
    least = np.linalg.eigvalsh((H + H.T) / 2).min()
    yield f"least eigenvalue {least}", bool(least >= -1e-9 * np.abs(H).max())


def _polynomial(case: Case) -> Expression:
    """A scalar polynomial in the entries of the case's variable."""
    off = frozenset(NAMES) - POLYNOMIAL | {"properties", "scale"}
    return Typed(case.typed.random, case.X, off).expression(ONE, ONE, case.typed.whole(3, 14))


@relation("D6", "quadratic f: f(X+V) - 2 f(X) + f(X-V) = vec(V)'H vec(V), third derivative zero",
          every=2)  # fmt: skip
def quadratics(case: Case) -> Iterator[tuple[Any, Any]]:
    r, c = case.X.shape
    X, V, A, B = case.X, named("V", r, c), named("A", r, r), named("B", c, c)
    pieces = (inner(X, A @ X @ B), square(trace(named("C", c, r) @ X)), total(X @ X.T),
              total(hadamard(X, A @ X)), square(total(X @ B)))  # fmt: skip
    linear = inner(named("C", r, c), X)
    f = case.typed.pick(pieces) + case.typed.pick(pieces) + linear + number(3)
    H = case.derivative("hessian", f, X)
    there, back = (substitute(f, {X: Z}) for Z in (X + V, X - V))
    yield there - 2 * f + back, vec(V).T @ H @ vec(V)
    yield "a quadratic's third derivative", is_zero(case.jacobian(H, X))


@relation("D7", "f(X+V) - f(X) = ∫₀¹ ⟨∇f(X+tV), V⟩ dt, by Gauss and Legendre", every=2)
def fundamental_theorem(case: Case) -> Iterator[tuple[Array, Array]]:
    f, X = _polynomial(case), case.X
    G, V = case.gradient(f), case.direction() / 4
    case.value(f)
    if X not in case.point.values:
        case.value(X)
    at = case.point.values[X]
    nodes, weights = np.polynomial.legendre.leggauss(LARGEST_DEGREE)
    integral = 0.0
    values = []
    try:
        for node, weight in zip(nodes, weights, strict=True):
            case.point.values[X] = at + (node + 1) / 2 * V
            integral += weight / 2 * (case.value(G) * V).sum()
        for end in (at, at + V):
            case.point.values[X] = end
            values += [case.value(f).item(), ROUNDED * case.point.largest(f)]
    finally:
        case.point.values[X] = at
    # what cancels in the difference, or in f itself, cannot be asked of the integral
    scale = max(map(abs, values))
    yield np.array([integral + scale]), np.array([values[2] - values[0] + scale])


@relation("D8", "the Jacobians of a map and of its inverse multiply to the identity", every=2)
def inverse_functions(case: Case) -> Claims:
    X, z = named("X", n, n), named("Z", n)
    small = number(1) * reciprocal(number(2))
    pairs: tuple[tuple[Expression, Expression, Expression], ...] = (
        (X, inverse(X), inverse(X)),
        (X, X.T, X.T),
        (X, unvec(vec(X), n, n) @ named("A", n, n), X @ inverse(named("A", n, n))),
        (z, exp(z), log(z)),
        (z, apply(ELEMENTWISE["tan"], small * z), 2 * apply(ELEMENTWISE["atan"], z)),
        (z, apply(ELEMENTWISE["sin"], small * z), 2 * apply(ELEMENTWISE["asin"], z)),
        (z, square(exp(z)), small * log(z)),
        (z, power(exp(z), number(3)), power(number(3), number(-1)) * log(z)),
    )
    Z, forth, back = case.typed.pick(pairs)
    one, other = case.jacobian(forth, Z), case.jacobian(back, Z)
    yield substitute(other, {Z: forth}) @ one, identity(one.rows)


@relation("D9", "f even: ∇f is odd; f odd: ∇f is even", of="scalar")
def parity(case: Case) -> Claims:
    mirrored = substitute(case.Y, {case.X: -case.X})
    for sign in (1, -1):
        f = case.Y + number(sign) * mirrored
        G = case.gradient(f)
        yield substitute(G, {case.X: -case.X}), number(-sign) * G


@relation("D10", "f depends on A X only: the columns of ∇f lie in the range of A'", of="scalar")
def ranges(case: Case) -> Iterator[tuple[Array, Array]]:
    r, c = case.X.shape
    A, Z = named("A", r, n), named("Z", n, c)
    G = case.value(case.gradient(case.with_variable(A @ Z), Z))
    span = case.value(A).T
    yield span @ np.linalg.pinv(span) @ G, G


@relation("D11 assumption", "a property of another variable changes the form only", of="scalar")
def assumptions(case: Case) -> Claims:
    name = case.typed.pick(("symmetric", "spd", "diagonal", "orthogonal", "skew", "lower"))
    r = case.X.rows
    plain, special = named("N", r, r), named("N", r, r, name)
    f = case.with_variable(plain @ case.X)
    G = substitute(case.gradient(f), {plain: special})
    yield G, case.gradient(substitute(f, {plain: special}))


@relation(
    "D11 variable", "by a structured X the gradient is that by a free X, projected", of="scalar"
)
def structured_variables(case: Case) -> Claims:
    case.needs(case.X.rows is case.X.columns and not case.X.is_scalar)
    G, half = case.gradient(case.Y), power(number(2), number(-1))
    for name, project in (
        ("symmetric", lambda G: half * (G + G.T)), ("skew", lambda G: half * (G - G.T)),
        ("diagonal", lambda G: diag(diagonal(G))), ("lower", tril),
        ("upper", lambda G: tril(G.T).T),
    ):  # fmt: skip
        X = named("X", case.X.rows, case.X.rows, name)
        answer = case.gradient(substitute(case.Y, {case.X: X}), X)
        yield answer, project(substitute(G, {case.X: X}))
