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
from matdiff.operations.structures import narrowest, structure_of
from matdiff.verification.claims import Claim
from matdiff.verification.evaluation import Array, Sizes


def structure_name(properties: Collection[str]) -> str | None:
    """The name of the linear structure that these properties imply, None if there is none."""
    structure = narrowest(properties)
    return None if structure is None else structure.name


def project(np: Any, V: Array, structure: str | None) -> Array:
    """The orthogonal projection on a linear structure."""
    if structure == "symmetric":
        return (V + V.T) / 2
    return (V - V.T) / 2 if structure == "skew" else completed(np, V, structure)


def completed(np: Any, A: Array, structure: str | None) -> Array:
    """The matrix of a linear structure that has A's entries below the diagonal, of an upper
    triangle those above it, and on the diagonal where they are free."""
    if structure == "diagonal":
        return np.tril(np.triu(A))
    if structure == "symmetric":
        return np.tril(A) + np.tril(A, -1).T
    if structure == "skew":
        return np.tril(A, -1) - np.tril(A, -1).T
    if structure == "lower":
        return np.tril(A)
    return np.triu(A) if structure == "upper" else A


def direction_within(np: Any, claim: Claim, V: Array, sizes: Sizes) -> Array:
    """The change of the variable that a claim means by V: V itself, its projection, or what a
    change of the independent entries makes of all entries."""
    X = claim.wrt
    structure = structure_of(X)
    if structure is None or claim.structure == "free" or claim.kind == "differential":
        return V
    if claim.structure == "projection":
        return project(np, V, structure.name)
    if claim.kind == "gradient":
        return _where_they_stand(np, V, structure.name)
    return _unfolded(np, V, structure.name, X.rows.at(sizes))


def shape_of_direction(claim: Claim) -> Shape:
    """The shape of a change V: the variable's, or a column of its independent entries."""
    X = claim.wrt
    structure = structure_of(X)
    stacked = claim.structure == "entries" and claim.kind in ("jacobian", "hessian")
    if structure is None or not stacked:
        return X.shape
    return structure.basis_of(X).columns, ONE


def _where_they_stand(np: Any, V: Array, structure: str) -> Array:
    """V with each entry added, with its sign, to where the same independent entry stands."""
    if structure == "symmetric":
        return V + V.T - V * np.eye(len(V))
    return V - V.T if structure == "skew" else completed(np, V, structure)


def _unfolded(np: Any, v: Array, structure: str, n: int) -> Array:
    """The n×n matrix whose independent entries, on and below the diagonal column by column, are v;
    of an upper triangle they are those on and above it, row by row."""
    X = np.zeros((n, n), dtype=v.dtype)
    columns, rows = np.triu_indices(n, 1 if structure == "skew" else 0)
    if structure == "diagonal":
        columns, rows = np.diag_indices(n)
    elif structure == "upper":
        columns, rows = rows, columns
    X[rows, columns] = v[:, 0]
    return completed(np, X, structure)


def endow(np: Any, generator: Any, A: Array, properties: Collection[str]) -> Array:
    """A value with the properties, made from the entries of A.

    A "binary" variable has zeros and ones only, as M∘M = M may have been used.
    """
    m, n = A.shape
    if "positive" in properties:
        A = generator.uniform(0.5, 1.5, size=(m, n))
    if "unit" in properties:
        A = generator.uniform(-0.95, 0.95, size=(m, n))
    if "onehot" in properties:
        return _one_hot(np, generator, m, n)
    if "spd" in properties:
        A = A @ A.T / m + np.eye(m) * (0.5 if "positive" not in properties else 1.0)
    structure = structure_name(properties)
    A = project(np, A, structure)
    if "binary" in properties:
        A = project(np, _mask(np, A), structure)  # the mask of a symmetric matrix is symmetric
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
