"""Properties of variables: values that have them, and directions that keep them.

The symmetric, skew, triangular and diagonal matrices are linear spaces; the projection P on one is
orthogonal in the Frobenius product, so <PG, V> = <G, PV> and a projected gradient answers to every
direction.  So does one by the independent entries, to the direction that has the change of an entry
wherever it stands; and Jacobians by them are given changes of these entries alone.  Open conditions
(spd, invertible, positive …) restrict no direction of their own.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from matdiff.dimensions import ONE, Shape
from matdiff.operations.implications import closed
from matdiff.operations.structures import structure_of
from matdiff.verification.claims import Claim
from matdiff.verification.evaluation import Array


def project(np: Any, V: Array, properties: Collection[str]) -> Array:
    """The orthogonal projection of a direction on the linear structure of these properties."""
    implied = closed(properties, scalar=False)
    if "diagonal" in implied:
        return V * np.eye(*V.shape)
    if "symmetric" in implied:
        return (V + V.T) / 2
    if "skew" in implied:
        return (V - V.T) / 2
    if "lower" in implied:
        return np.tril(V)
    return np.triu(V) if "upper" in implied else V


def direction_within(np: Any, claim: Claim, V: Array) -> Array:
    """The change of the variable that a claim means by V: V itself, its projection, or what a
    change of the independent entries makes of all entries."""
    structure = structure_of(claim.wrt)
    if structure is None or claim.structure == "free" or claim.kind == "differential":
        return V
    if claim.structure == "projection":
        return project(np, V, (structure.name,))
    if claim.kind == "gradient":
        return _where_they_stand(np, V, structure.name)
    return _unfolded(np, V, structure.name)


def shape_of_direction(claim: Claim) -> Shape:
    """The shape of a change V: the variable's, or a column of its independent entries."""
    X = claim.wrt
    structure = structure_of(X)
    stacked = claim.structure == "entries" and claim.kind in ("jacobian", "hessian")
    if structure is None or not stacked:
        return X.shape
    n = X.rows
    counts = {"diagonal": n, "skew": n * (n - ONE) / 2}
    return counts.get(structure.name, n * (n + ONE) / 2), ONE


def _where_they_stand(np: Any, V: Array, structure: str) -> Array:
    """V with each entry added, with its sign, to where the same independent entry stands."""
    if structure == "symmetric":
        return V + V.T - V * np.eye(len(V))
    return V - V.T if structure == "skew" else project(np, V, (structure,))


def _unfolded(np: Any, v: Array, structure: str) -> Array:
    """The matrix whose independent entries, on and below the diagonal column by column, are v; of
    an upper triangle they are those on and above it, row by row."""
    n = _order(len(v), structure)
    X = np.zeros((n, n), dtype=v.dtype)
    places = [(j, i) for i in range(n) for j in range(i, n)]
    if structure == "diagonal":
        places = [(i, i) for i in range(n)]
    elif structure == "skew":
        places = [(i, j) for i, j in places if i != j]
    for (i, j), value in zip(places, v[:, 0], strict=True):
        X[i, j] = value
    if structure == "symmetric":
        return X + X.T - X * np.eye(n)
    if structure == "skew":
        return X - X.T
    return X.T if structure == "upper" else X


def _order(count: int, structure: str) -> int:
    """The order of the matrix that has so many independent entries."""
    n = 1
    while count > {"diagonal": n, "skew": n * (n - 1) // 2}.get(structure, n * (n + 1) // 2):
        n += 1
    return n


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
    if "spd" in properties:
        A = A @ A.T / m + np.eye(m) * (0.5 if "positive" not in properties else 1.0)
    A = project(np, A, properties)
    if "binary" in properties:
        A = project(np, _mask(np, A), properties)  # the mask of a symmetric matrix is symmetric
    if "orthogonal" in properties:
        U, _, Vt = np.linalg.svd(A)
        return U @ Vt  # the polar factor, which keeps symmetric, skew and diagonal matrices so
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
