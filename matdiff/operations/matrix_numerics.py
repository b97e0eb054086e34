"""Functions of matrices in numpy alone, as they are evaluated and as they are emitted.

Each takes numpy as `np`, so that its source stands on its own in an emitted module.  All are built
of products, solutions and sums: a complex step of 1e-30 passes through every one of them with its
digits, which it would not through eigenvectors.
Source: Higham, Functions of Matrices (2008), chapters 6, 8, 10 and 11.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any


def _expm(np: Any, X: Any) -> Any:
    # the exponential of a square matrix: the power series of X / 2^s, squared s times
    size = np.max(np.sum(np.abs(X.real), axis=0))
    if not np.isfinite(size):
        return np.full_like(X, np.nan)
    squarings = max(0, int(np.ceil(np.log2(size))) + 1) if size > 0 else 0
    scaled = X * 0.5**squarings
    result = term = np.eye(len(X), dtype=X.dtype)
    for k in range(1, 19):
        term = term @ scaled / k
        result = result + term
    for _ in range(squarings):
        result = result @ result
    return result


def _sqrtm(np: Any, X: Any) -> Any:
    # the principal square root of a square matrix, by the iteration of Denman and Beavers
    size = float(np.max(np.sum(np.abs(X.real), axis=0))) or 1.0
    Y, Z = X / size, np.eye(len(X), dtype=X.dtype)
    left = 100
    while left:
        last = Y
        Y, Z = (Y + np.linalg.inv(Z)) / 2, (Z + np.linalg.inv(Y)) / 2
        left -= 1
        if left > 3 and np.max(np.abs(Y - last)) < 1e-4 * np.max(np.abs(Y)):
            left = 3  # the digits double with each step from here
        elif left == 3:
            raise np.linalg.LinAlgError("the matrix has no principal square root")
    return Y * size**0.5


def _logm(np: Any, X: Any) -> Any:
    # the principal logarithm of a square matrix: square roots until X is near I, then
    # log X = 2 artanh((X - I)(X + I)^-1)
    one = np.eye(len(X), dtype=X.dtype)
    roots = 0
    while np.max(np.sum(np.abs((X - one).real), axis=0)) > 0.25:
        X = _sqrtm(np, X)
        roots += 1
    term = total = np.linalg.solve(X + one, X - one)
    square = term @ term
    for k in range(3, 27, 2):
        term = term @ square
        total = total + term / k
    return total * 2.0 ** (roots + 1)


def _powm(np: Any, X: Any, k: Any) -> Any:
    # X^k of a square matrix: a product for a whole k, expm(k logm(X)) for any other
    k = k[0, 0]
    if k.imag == 0 and k.real == np.floor(k.real):
        return np.linalg.matrix_power(X, int(k.real))
    return _expm(np, k * _logm(np, X))


def _polar(np: Any, X: Any) -> Any:
    # the orthogonal factor U V' of X = U S V'
    U, _, V = np.linalg.svd(X, full_matrices=False)
    return U @ V


def _hadamard(np: Any, n: Any) -> Any:
    # Sylvester's Hadamard matrix of order n, a power of two
    H = np.ones((1, 1))
    while len(H) < n:
        H = np.block([[H, H], [H, -H]])
    return H


@cache
def source_of(helper: Callable[..., Any]) -> str:
    """The source of one of these functions, without annotations."""
    import inspect  # slow to load, and wanted only where code is emitted

    source = inspect.getsource(helper).replace(": Any = ", "=")
    return re.sub(r"(: | -> )Any", "", source).rstrip()
