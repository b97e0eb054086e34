"""Functions of numpy as an expert writes them by hand, beside the questions that matdiff is asked.

Each is the fastest form that was found for its problem in plain numpy; it checks nothing.  The
arguments are the variables that occur in the derivative, in order of declaration.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

LAYERS = 10


class Problem:
    """A question, the best answer by hand, and the sizes at which both are timed.

    kind, expression, wrt, declared   the question
    by_hand    the function
    sizes      for each scale (10, 100, 1000) the dimensions, where the result fits in memory
    naive      the formula as one would type it in, for comparison
    """

    def __init__(
        self,
        name: str,
        kind: str,
        expression: str,
        wrt: str,
        declared: str,
        by_hand: Callable[..., Any],
        *,
        sizes: Mapping[int, Mapping[str, int]] | None = None,
        names: str = "n",
        scales: tuple[int, ...] = (10, 100, 1000),
        operator: bool = False,
        naive: Callable[..., Any] | None = None,
    ) -> None:
        self.name, self.kind, self.expression, self.wrt = name, kind, expression, wrt
        self.declared, self.by_hand, self.naive = declared, by_hand, naive
        self.operator = operator
        self.sizes = sizes or {scale: dict.fromkeys(names.split(), scale) for scale in scales}


def chain_gradient(A: Any, B: Any, C: Any, D: Any, E: Any, F: Any) -> Any:
    H = B.T @ (A[0][:, None] * E * F[:, 0])
    H *= D
    return (H @ C[0])[:, None]


def chain_jacobian(A: Any, B: Any, C: Any, D: Any, E: Any, F: Any) -> Any:
    M = (E * (F[:, 0] * C[0])) @ D.T
    M *= B
    return A @ M


def softmax_jacobian(x: Any) -> Any:
    p = np.exp(x - x.max())
    p /= p.sum()
    J = p[:, None] * -p
    J.flat[:: len(p) + 1] += p
    return J


def logistic_gradient(X: Any, w: Any, y: Any) -> Any:
    p = 0.5 * (1 + np.tanh(X @ w / 2))
    return X.T @ (p - y)


def logistic_hessian(X: Any, w: Any) -> Any:
    p = 0.5 * (1 + np.tanh(X @ w / 2))
    return X.T @ ((p - p * p)[:, None] * X)


def masked_gradient(M: Any, U: Any, V: Any, R: Any) -> Any:
    E = U @ V.T
    E -= R
    E *= M * M
    return E @ V


def masked_hessian(M: Any, V: Any) -> Any:
    m, (n, r) = len(M), V.shape
    pairs = (V[:, :, None] * V[:, None, :]).reshape(n, r * r)
    blocks = ((M * M) @ pairs).reshape(m, r, r)
    H = np.zeros((r, m, r, m))
    i = np.arange(m)
    H[:, i, :, i] = blocks
    return H.reshape(r * m, r * m)


def quadratic_gradient(A: Any, x: Any) -> Any:
    return A @ x + x @ A


def quadratic_hessian(A: Any) -> Any:
    return A + A.T


def square_hessian(A: Any, x: Any) -> Any:
    S = A + A.T
    g = S @ x
    q = x @ g  # 2 x'Ax
    S *= q
    S += (2 * g)[:, None] * g
    return S


def quartic_hessian(A: Any, x: Any) -> Any:
    S = A + A.T
    g = S @ x
    q = 0.5 * (x @ g)
    S *= 4 * q**3
    S += (12 * q * q * g)[:, None] * g
    return S


def gaussian_gradient(S: Any, x: Any) -> Any:
    P = np.linalg.inv(S)
    v = P @ x
    P *= -0.5
    P += (0.5 * v)[:, None] * v
    return P


def net_gradient(*arguments: Any) -> Any:
    *weights, x = arguments
    values = [x]
    for W in weights:
        values.append(np.tanh(W @ values[-1]))
    back = 1 - values[-1] * values[-1]
    for W, value in zip(weights[:0:-1], values[-2:0:-1], strict=True):
        back = (back @ W) * (1 - value * value)
    return back[:, None] * x


def kronecker_jacobian(A: Any, B: Any) -> Any:
    (m, n), (p, q) = A.shape, B.shape
    return (B.T[:, None, :, None] * A[:, None, :]).reshape(q * m, p * n)


def kronecker_operator(A: Any, B: Any, V: Any) -> Any:
    return A @ V @ B


def inverse_trace_gradient(X: Any, C: Any, A: Any) -> Any:
    CX = C @ X
    H = np.linalg.inv(X.T @ CX)
    HAH = H @ A @ H
    return -(CX @ HAH + (X.T @ C).T @ HAH.T)


def inverse_jacobian(X: Any) -> Any:
    n = len(X)
    P = np.linalg.inv(X)
    return (-P.T[:, None, :, None] * P[:, None, :]).reshape(n * n, n * n)


def logdet_gradient(X: Any) -> Any:
    return np.linalg.inv(X).T


def least_squares_gradient(X: Any, w: Any, y: Any) -> Any:
    r = X @ w
    r -= y
    r *= 2
    return X.T @ r


def mahalanobis_gradient(S: Any, x: Any) -> Any:
    return 2 * np.linalg.solve(S, x)


def scaled_trace_gradient(A: Any, B: Any) -> Any:
    return (A.T * B).sum(axis=1)


def _net(layers: int) -> tuple[str, str]:
    value = "x"
    for i in range(1, layers + 1):
        value = f"tanh(W_{i} {value})"
    return f"sum({value})", ", ".join(f"W_{i}: n×n" for i in range(1, layers + 1)) + ", x: n"


def _skinny(scales: tuple[int, ...] = (10, 100, 1000)) -> dict[int, dict[str, int]]:
    """m and n of the scale, and a small rank."""
    return {scale: {"m": scale, "n": scale, "r": min(8, scale)} for scale in scales}


CHAIN = "A: {}×a, B: a×b, X: b×1, C: 1×e, D: b×e, E: a×e, F: e×1"
MASKED = "M: m×n, U: m×r, V: n×r, R: m×n"
NET, NET_DECLARED = _net(LAYERS)
SMALL = (10, 30)

PROBLEMS = [
    Problem("Hadamard chain, gradient", "gradient", "(A(B(X C)∘D)∘E)F", "X", CHAIN.format(1),
            chain_gradient, names="a b e"),
    Problem("Hadamard chain, Jacobian", "jacobian", "(A(B(X C)∘D)∘E)F", "X", CHAIN.format("q"),
            chain_jacobian, names="q a b e"),
    Problem("softmax, Jacobian", "jacobian", "softmax(x)", "x", "x: n", softmax_jacobian),
    Problem("logistic loss, gradient", "gradient", "sum(softplus(X w)) - y'X w", "w",
            "X: m×n, w: n, y: m", logistic_gradient, names="m n"),
    Problem("logistic loss, Hessian", "hessian", "sum(softplus(X w)) - y'X w", "w",
            "X: m×n, w: n, y: m", logistic_hessian, names="m n"),
    Problem("masked factorisation, gradient", "gradient", "1/2 norm(M∘(U V' - R))^2", "U", MASKED,
            masked_gradient, sizes=_skinny()),
    Problem("masked factorisation, Hessian", "hessian", "1/2 norm(M∘(U V' - R))^2", "U", MASKED,
            masked_hessian,
            sizes=_skinny((10, 100)) | {400: {"m": 400, "n": 400, "r": 2}} | _skinny((1000,))),
    Problem("x'Ax, gradient", "gradient", "x'A x", "x", "A: n×n, x: n", quadratic_gradient),
    Problem("x'Ax, Hessian", "hessian", "x'A x", "x", "A: n×n, x: n", quadratic_hessian),
    Problem("(x'Ax)², Hessian", "hessian", "(x'A x)^2", "x", "A: n×n, x: n", square_hessian),
    Problem("(x'Ax)⁴, Hessian", "hessian", "(x'A x)^4", "x", "A: n×n, x: n", quartic_hessian),
    Problem("Gaussian likelihood, gradient", "gradient", "-1/2 logdet(S) - 1/2 x'S^-1 x", "S",
            "S: n×n spd, x: n", gaussian_gradient),
    Problem("tanh net of ten layers, gradient", "gradient", NET, "W_1", NET_DECLARED,
            net_gradient),
    Problem("A X B, Jacobian", "jacobian", "A X B", "X", "A: m×n, X: n×p, B: p×q",
            kronecker_jacobian, names="m n p q", scales=SMALL),
    Problem("A X B, J v", "jacobian", "A X B", "X", "A: m×n, X: n×p, B: p×q",
            kronecker_operator, names="m n p q", operator=True),
    Problem("tr((X'CX)⁻¹A), gradient", "gradient", "tr((X'C X)^-1 A)", "X",
            "X: m×n, C: m×m, A: n×n", inverse_trace_gradient, names="m n"),
    Problem("inverse, Jacobian", "jacobian", "X^-1", "X", "X: n×n", inverse_jacobian,
            scales=SMALL),
    Problem("log det, gradient", "gradient", "logdet(X)", "X", "X: n×n", logdet_gradient),
    Problem("least squares, gradient", "gradient", "norm(X w - y)^2", "w", "X: m×n, w: n, y: m",
            least_squares_gradient, names="m n"),
    Problem("x'S⁻¹x, gradient", "gradient", "x'S^-1 x", "x", "S: n×n spd, x: n",
            mahalanobis_gradient),
    Problem("tr(A diag(x) B), gradient", "gradient", "tr(A diag(x) B)", "x",
            "A: m×n, x: n, B: n×m", scaled_trace_gradient, names="m n"),
]  # fmt: skip
