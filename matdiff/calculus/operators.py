"""The Jacobian as a product of the operations' own matrices: always exists, seldom short.

vec(A Z) = (I⊗A) vec(Z), vec(Z B) = (B'⊗I) vec(Z), vec(A∘Z) = diag(vec(A)) vec(Z),
vec(Z') = K vec(Z), vec(A⊗Z) = (I⊗K⊗I)(vec(A)⊗I) vec(Z) …
Source: Magnus & Neudecker, chapters 2 and 3.
"""

from __future__ import annotations

from collections.abc import Callable

from matdiff.dimensions import ONE
from matdiff.errors import DomainProblem
from matdiff.operations import algebra, linear
from matdiff.operations.algebra import Expression, add, commutation, identity, ones, postorder
from matdiff.operations.linear import diag, kron, vec
from matdiff.operations.record import Operation


def operator_product(dY: Expression, dX: Expression) -> Expression:
    """d vec(Y) / d vec(X)', both column-major, for dY linear in the symbol dX."""
    values: dict[Expression, Expression] = {dX: identity(dX.rows * dX.columns)}
    for node in postorder(dY):
        total: Expression | None = None
        for i, argument in enumerate(node.arguments):
            if argument in values:
                rule = RULES.get(node.operation)
                if rule is None:
                    name = node.operation.name
                    raise DomainProblem(f"the Jacobian of {name} is not known", code="MX251")
                part = rule(node, i, values[argument])
                total = part if total is None else add(total, part)
        if total is not None:
            values[node] = total
    return values[dY]


def _multiply(node: Expression, i: int, J: Expression) -> Expression:
    A, B = node.arguments
    return kron(B.T, identity(A.rows)) @ J if i == 0 else kron(identity(B.columns), A) @ J


def _hadamard(node: Expression, i: int, J: Expression) -> Expression:
    return diag(vec(node.arguments[1 - i])) @ J


def _scale(node: Expression, i: int, J: Expression) -> Expression:
    s, A = node.arguments
    return vec(A) @ J if i == 0 else s * J


def _kron(node: Expression, i: int, J: Expression) -> Expression:
    A, B = node.arguments
    (m, n), (p, q) = A.shape, B.shape
    shuffle = kron(kron(identity(n), commutation(q, m)), identity(p))
    if i == 0:
        return shuffle @ (kron(identity(m * n), vec(B)) @ J)
    return shuffle @ (kron(vec(A), identity(p * q)) @ J)


def _diag(node: Expression, i: int, J: Expression) -> Expression:
    return _selection(node) @ J


def _diagonal(node: Expression, i: int, J: Expression) -> Expression:
    return _selection(node).T @ J


def _selection(node: Expression) -> Expression:
    """S of size n²×n with S x = vec(diag(x)) and S' vec(Z) = the diagonal of Z."""
    n = node.rows
    return algebra.hadamard(kron(identity(n), ones(n)), kron(ones(n), identity(n)))


RULES: dict[Operation, Callable[[Expression, int, Expression], Expression]] = {
    algebra.ADD: lambda node, i, J: J,
    algebra.MULTIPLY: _multiply,
    algebra.HADAMARD: _hadamard,
    algebra.SCALE: _scale,
    algebra.INNER: lambda node, i, J: vec(node.arguments[1 - i]).T @ J,
    algebra.TRANSPOSE: lambda node, i, J: commutation(*node.arguments[0].shape) @ J,
    linear.KRONECKER: _kron,
    linear.TRACE: lambda node, i, J: vec(identity(node.arguments[0].rows)).T @ J,
    linear.TOTAL: lambda node, i, J: ones(ONE, J.rows) @ J,
    linear.DIAG: _diag,
    linear.DIAGONAL: _diagonal,
    linear.VEC: lambda node, i, J: J,
    linear.UNVEC: lambda node, i, J: J,
}
