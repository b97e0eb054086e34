"""Properties of variables: values that have them, and directions that keep them.

The symmetric, skew, triangular and diagonal matrices are linear spaces; the projection P on one is
orthogonal in the Frobenius product, so <PG, V> = <G, PV> and a projected gradient answers to every
direction.  Open conditions (spd, invertible, positive …) restrict no direction of their own.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from matdiff.verification.evaluation import Array


def project(np: Any, V: Array, properties: Collection[str]) -> Array:
    """The orthogonal projection of a direction on the linear structure of these properties."""
    if "diagonal" in properties:
        return V * np.eye(*V.shape)
    if "symmetric" in properties or "spd" in properties:
        return (V + V.T) / 2
    if "skew" in properties:
        return (V - V.T) / 2
    if "lower" in properties:
        return np.tril(V)
    return np.triu(V) if "upper" in properties else V


def direction_of_gradient(np: Any, V: Array, properties: Collection[str]) -> Array:
    """PV for the structures that a gradient is projected on; V itself for the others."""
    varied_freely = not {"lower", "upper", "orthogonal"}.isdisjoint(properties)
    return V if varied_freely and "diagonal" not in properties else project(np, V, properties)


def endow(np: Any, generator: Any, A: Array, properties: Collection[str]) -> Array:
    """A value with the properties, made from the entries of A.

    A "binary" variable has zeros and ones only, as M∘M = M may have been used.
    """
    m, n = A.shape
    if "positive" in properties:
        A = generator.uniform(0.5, 1.5, size=(m, n))
    if "unit" in properties:
        A = generator.uniform(-0.8, 0.8, size=(m, n))
    if "onehot" in properties:
        return _one_hot(np, generator, m, n)
    if "binary" in properties:
        A = _mask(np, A)
    if "spd" in properties:
        A = A @ A.T / m + np.eye(m) * (0.5 if "positive" not in properties else 1.0)
    A = project(np, A, properties)
    if "orthogonal" in properties:
        return np.linalg.qr(A)[0]
    if "skew" not in properties and not {"invertible", "posdet"}.isdisjoint(properties):
        A = A + np.where(np.diag(A) < 0, -1.0, 1.0) * np.eye(m)
    while "posdet" in properties and np.linalg.slogdet(A)[0] <= 0:
        A = A + np.eye(m)  # keeps symmetry, triangles and signs
    return A


def _one_hot(np: Any, generator: Any, m: int, n: int) -> Array:
    """A column with a single one, or a matrix with one in each row."""
    if n == 1:
        return np.eye(m)[:, [generator.integers(m)]]
    return np.eye(n)[generator.integers(n, size=m)]


def _mask(np: Any, A: Array) -> Array:
    """Zeros, and ones where an entry of A is above the median: both occur, but in a scalar."""
    threshold = np.median(A) if A.size > 1 else 0.0
    return (A > threshold).astype(float)
