"""The Jacobian as a product of the operations' own matrices: always exists, seldom short.

vec(A Z) = (I⊗A) vec(Z), vec(Z B) = (B'⊗I) vec(Z), vec(A∘Z) = diag(vec(A)) vec(Z),
vec(Z') = K vec(Z), vec(A⊗Z) = (I⊗K⊗I)(vec(A)⊗I) vec(Z) …  Each of these matrices is read from the
network of one operation alone, which has no index that joins three.
Source: Magnus & Neudecker, chapters 2 and 3.
"""

from __future__ import annotations

from matdiff.calculus.networks import NoMatrixForm
from matdiff.calculus.readback import matrices
from matdiff.errors import DomainProblem
from matdiff.operations.algebra import (
    ADD,
    Expression,
    add,
    identity,
    postorder,
    reapply,
    substitute,
    symbol,
)
from matdiff.operations.linear import UNVEC, VEC

UNCHANGED = (ADD, VEC, UNVEC)  # vec of the result is vec of the argument


def operator_product(dY: Expression, dX: Expression) -> Expression:
    """d vec(Y) / d vec(X)', both column-major, for dY linear in the symbol dX."""
    values: dict[Expression, Expression] = {dX: identity(dX.rows * dX.columns)}
    for node in postorder(dY):
        total: Expression | None = None
        for i, argument in enumerate(node.arguments):
            if argument in values:
                J = values[argument]
                part = J if node.operation in UNCHANGED else _operator(node, i) @ J
                total = part if total is None else add(total, part)
        if total is not None:
            values[node] = total
    return values[dY]


def _operator(node: Expression, i: int) -> Expression:
    """M with vec of the node = M vec of its i-th argument, the others fixed.

    Symbols stand in for the others, so that the network has one factor for each, whole.
    """
    parts = [symbol(f"part {j}", *argument.shape) for j, argument in enumerate(node.arguments)]
    others = {
        part: a for j, (part, a) in enumerate(zip(parts, node.arguments, strict=True)) if j != i
    }
    try:
        M = matrices(reapply(node, tuple(parts)), parts[i], by_column=True)[0]
        return substitute(M, others)
    except NoMatrixForm:
        name = node.operation.name
        raise DomainProblem(f"the Jacobian of {name} is not known", code="MX251") from None
