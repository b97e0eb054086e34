"""The linear structures of a matrix: symmetric, skew, diagonal, lower and upper triangular.

Each is a linear space of matrices.  A derivative by a matrix X in one is G, J or H of independent
entries in three ways: as it is (free); composed with the orthogonal projection onto the space; or
by the independent entries of X, which are the coordinates of vec(X) in a basis B of the space,
vec(X) = B x.  Orthogonal matrices are no linear space, and positive or invertible ones fill a space
or a part of it.

Source: Magnus, Linear Structures (1988); Magnus & Neudecker, sections 3.8 and 10.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from matdiff.dimensions import Dimension
from matdiff.errors import ShapeProblem
from matdiff.operations.algebra import (
    HALF,
    Expression,
    commutation,
    hadamard,
    identity,
    symbol_name,
    symbol_properties,
)
from matdiff.operations.implications import closed
from matdiff.operations.linear import diag, diagonal, khatri_rao, vec
from matdiff.operations.triangles import (
    duplication,
    elimination,
    lower_mask,
    skew_duplication,
    tril,
    vech,
)

Map = Callable[[Expression], Expression]


class Structure:
    """One linear space of matrices.

    name        the property that a variable declares
    turned      the name of the space of the transposes
    project     G -> its orthogonal projection onto the space
    by_entries  G -> the derivatives by the independent entries, laid out in the shape of X
    projector   (m, n) -> the matrix of the projection, N vec(X) = vec(project(X)) for X m×n
    basis       n -> B with vec(X) = B x for X n×n, x its independent entries
    coordinates X -> x, for X in the space
    entries     what x is, with {} for the name of X
    """

    __slots__ = (
        "basis", "by_entries", "coordinates", "entries", "name", "project", "projector", "turned",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        *,
        turned: str,
        project: Map,
        by_entries: Map,
        projector: Callable[[Dimension, Dimension], Expression],
        basis: Callable[[Dimension], Expression],
        coordinates: Map,
        entries: str,
    ) -> None:
        self.name, self.turned, self.entries = name, turned, entries
        self.coordinates = coordinates
        self.project, self.by_entries = project, by_entries
        self.projector, self.basis = projector, basis

    def basis_of(self, X: Expression) -> Expression:
        """B with vec(X) = B x; ShapeProblem for an oblong triangle, which is not stacked."""
        if X.rows is not X.columns:
            raise ShapeProblem(
                f"the independent entries of {symbol_name(X)} are stacked only if it is square",
                hint="ask for the projection, or for free entries",
                code="MX230",
            )
        return self.basis(X.rows)


def _mirror(m: Dimension, n: Dimension, sign: int) -> Expression:
    return (identity(m * n) + sign * commutation(m, n)) * HALF


def _on_diagonal(G: Expression) -> Expression:
    return hadamard(G, identity(G.rows))


def _upper_part(G: Expression) -> Expression:
    return tril(G.T).T


STRUCTURES: tuple[Structure, ...] = (  # the narrowest first
    Structure(
        "diagonal", turned="diagonal",
        project=_on_diagonal,
        by_entries=_on_diagonal,
        projector=lambda m, n: diag(vec(identity(n))),
        basis=lambda n: khatri_rao(identity(n), identity(n)),
        coordinates=diagonal,
        entries="diag({})",
    ),
    Structure(
        "symmetric", turned="symmetric",
        project=lambda G: (G + G.T) * HALF,
        by_entries=lambda G: G + G.T - _on_diagonal(G),
        projector=lambda m, n: _mirror(m, n, 1),
        basis=duplication,
        coordinates=vech,
        entries="vech({})",
    ),
    Structure(
        "skew", turned="skew",
        project=lambda G: (G - G.T) * HALF,
        by_entries=lambda G: G - G.T,
        projector=lambda m, n: _mirror(m, n, -1),
        basis=skew_duplication,
        coordinates=lambda X: skew_duplication(X.rows).T @ vec(X) * HALF,
        entries="those below the diagonal, column by column",
    ),
    Structure(
        "lower", turned="upper",
        project=tril,
        by_entries=tril,
        projector=lambda m, n: diag(vec(lower_mask(m, n))),
        basis=lambda n: elimination(n).T,
        coordinates=vech,
        entries="vech({})",
    ),
    Structure(
        "upper", turned="lower",
        project=_upper_part,
        by_entries=_upper_part,
        projector=lambda m, n: diag(vec(lower_mask(n, m).T)),
        basis=lambda n: commutation(n, n) @ elimination(n).T,
        coordinates=lambda X: vech(X.T),
        entries="vech({}')",
    ),
)  # fmt: skip
BY_NAME = {structure.name: structure for structure in STRUCTURES}


def structure_of(X: Expression) -> Structure | None:
    """The linear structure that a variable was declared with, None if there is none.

    An orthogonal matrix that is symmetric too does not vary within the symmetric ones.
    """
    properties = symbol_properties(X)
    structure = narrowest(properties)
    bent = "orthogonal" in properties and (structure is None or structure.name != "diagonal")
    return None if bent else structure


def narrowest(properties: Iterable[str]) -> Structure | None:
    """The least space that all matrices with these properties lie in, None if there is none."""
    known = closed(properties, scalar=False)
    return next((structure for structure in STRUCTURES if structure.name in known), None)
