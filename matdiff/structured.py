"""A derivative by a variable with structure: free, projected, or by the independent entries.

With J the Jacobian by free entries, N the projector on the structure and B a basis of it,
J N answers to every direction as if it were projected first, and J B is the Jacobian by the
independent entries x, vec(X) = B x.  Of a Hessian these are N'H N and B'H B.  Stacked row by row
vec(X') stands for vec(X): N is that of the transposes, B is K B, and x stays what it is.

Source: Magnus & Neudecker, Matrix Differential Calculus, sections 3.8 and 10.
"""

from __future__ import annotations

from collections.abc import Callable

from matdiff.dimensions import ONE
from matdiff.normal import normalise
from matdiff.operations.algebra import (
    ADD,
    COMMUTATION,
    HADAMARD,
    IDENTITY,
    MULTIPLY,
    ONES,
    SCALE,
    TRANSPOSE,
    ZEROS,
    Expression,
    commutation,
    postorder,
    reapply,
    symbol_name,
    symbol_properties,
)
from matdiff.operations.linear import DIAG, KRONECKER, VEC, kron, vec
from matdiff.operations.record import Operation
from matdiff.operations.structures import BY_NAME, Structure, structure_of

FREE, PROJECTION, ENTRIES = "free", "projection", "entries"
WAYS = (PROJECTION, FREE, ENTRIES)
_CALLED = {"gradient": "gradient", "jacobian": "Jacobian", "hessian": "Hessian"}


def usual(kind: str) -> str:
    """What is done where nothing is asked for: gradients are projected, while Jacobians and
    Hessians are printed in the literature by free entries, to be multiplied by D or N."""
    return PROJECTION if kind == "gradient" else FREE


def structured(
    kind: str, formula: Expression, X: Expression, way: str, layout: str, vec_order: str
) -> list[Expression]:
    """Formulas, all equal, for the derivative that `formula` is by free entries.

    ShapeProblem if the independent entries are to be stacked of a matrix that has none, or of an
    oblong triangle.
    """
    structure = structure_of(X)
    if structure is None or way == FREE or kind not in _CALLED:
        return [formula]
    if kind == "gradient":
        return [(structure.project if way == PROJECTION else structure.by_entries)(formula)]
    M = _matrix(structure, X, way, vec_order)
    if kind == "jacobian":
        return [formula @ M if layout == "numerator" else M.T @ formula]
    candidates = [M.T @ formula @ M]
    if way == PROJECTION and structure.turned == structure.name and _commutes(formula, X):
        candidates.append(formula @ M)
    return candidates


def note_on(kind: str, X: Expression, way: str, *, asked: bool) -> str:
    """What was done with the structure; `asked` if somebody said what to do."""
    name, structure = symbol_name(X), structure_of(X)
    varied = f"the entries of {name} were varied independently"
    if way == FREE or structure is None or kind not in _CALLED:
        if structure is None and asked and way != FREE:
            given = " ".join(symbol_properties(X))
            return f"{varied}: {given} is no linear structure"
        offered = structure is not None and kind in _CALLED and not asked
        hint = " (projection or entries uses it)" if offered else ""
        return f"{varied}, its structure left aside{hint}"
    is_spd = structure.name == "symmetric" and "spd" in symbol_properties(X)
    begin = f"{name} is {'spd' if is_spd else structure.name}: this is the {_CALLED[kind]}"
    if way == PROJECTION:
        return f"{begin} projected onto that structure"
    entries = structure.entries.format(name)
    if kind == "gradient":
        entries = "those below the diagonal" if structure.name == "skew" else ""
    return f"{begin} by its independent entries{', ' if entries else ''}{entries}"


def _matrix(structure: Structure, X: Expression, way: str, vec_order: str) -> Expression:
    """N or B, by which a Jacobian is multiplied."""
    by_column = vec_order == "column"
    if way == PROJECTION:
        if by_column:
            return structure.projector(X.rows, X.columns)
        return BY_NAME[structure.turned].projector(X.columns, X.rows)
    B = structure.basis_of(X)
    return B if by_column else commutation(X.rows, X.rows) @ B


def _commutes(H: Expression, X: Expression) -> bool:
    """Whether K H K = H, so that N H N = H N; False where that is not seen."""
    turned = _commuted(normalise(H), X)
    return turned is not None and normalise(turned) is normalise(H)


def _commuted(H: Expression, X: Expression) -> Expression | None:
    """K H K for X n×n, by what that makes of the parts of H; None where it is not known."""
    n = X.rows
    sides = (n * n, ONE)
    turned: dict[Expression, Expression | None] = {}
    for node in postorder(H):
        inside = node.arguments
        parts = [part for part in (turned[argument] for argument in inside) if part is not None]
        rule = _TURNED.get(node.operation)
        if node.is_scalar:
            turned[node] = node
        elif node.rows not in sides or node.columns not in sides:
            turned[node] = None
        elif rule is not None:
            turned[node] = rule(*inside) if all(n is part.rows for part in inside) else None
        elif node.operation in _KEPT and len(parts) == len(inside):
            turned[node] = reapply(node, tuple(parts))
        else:
            turned[node] = None
    return turned[H]


# What becomes of the matrix of n×n matrices, and what passes through to the parts.
_TURNED: dict[Operation, Callable[..., Expression | None]] = {
    KRONECKER: lambda *factors: kron(factors[1], factors[0]) if len(factors) == 2 else None,
    VEC: lambda A: vec(A.T),
}
_KEPT = frozenset(
    (ADD, SCALE, MULTIPLY, HADAMARD, TRANSPOSE, DIAG, IDENTITY, ONES, ZEROS, COMMUTATION)
)
