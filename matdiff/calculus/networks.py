"""A Jacobian as a sum of index networks.

dY[o] = Σ T[o, c] dX[c]: each term T is a coefficient times factors that hang between indices,
as in Einstein notation where an index may occur more than twice (a hyperedge, from ∘ and diag).
`Network` turns an expression linear in dX into such terms; `elimination` sums out every index that
is neither of Y nor of X, always one that joins at most two others, so that each step is a
product, a Hadamard product or a diag scaling.  Where an index joins three, there is no such
order and `NoMatrixForm` is raised; the caller has a longer way that always works.
Source: Laue, Mitterreiter & Giesen 2018, 2020.
"""

from __future__ import annotations

from collections.abc import Sequence

from matdiff.dimensions import ONE, Dimension
from matdiff.operations import algebra, linear
from matdiff.operations.algebra import NUMBER_ONE, Expression, postorder, scale
from matdiff.operations.record import Operation

Index = int
Axis = tuple[Index, ...]  # of dimension the product of its indices', the first slowest
MOST_TERMS = 64


class NoMatrixForm(Exception):
    """The network has no order of elimination within matrices."""


class Term:
    """coefficient · Π factors[rows, columns], an array over the axes `rows` × `columns`."""

    __slots__ = ("coefficient", "factors", "rows", "columns")

    def __init__(
        self,
        coefficient: Expression,
        factors: tuple[tuple[Expression, Axis, Axis], ...],
        rows: Axis,
        columns: Axis,
    ) -> None:
        self.coefficient, self.factors = coefficient, factors
        self.rows, self.columns = rows, columns

    def on(self, rows: Axis, columns: Axis, *more: tuple[Expression, Axis, Axis]) -> Term:
        """The same term over other axes, with more factors."""
        kept = tuple(f for f in more if f[0] is not NUMBER_ONE)
        return Term(self.coefficient, self.factors + kept, rows, columns)

    def times(self, s: Expression) -> Term:
        return Term(scale(s, self.coefficient), self.factors, self.rows, self.columns)

    def renamed(self, old: Index, new: Axis) -> Term:
        """The term with an index replaced by others of the same total dimension."""

        def change(axis: Axis) -> Axis:
            if old not in axis:
                return axis
            at = axis.index(old)
            return axis[:at] + new + change(axis[at + 1 :])

        factors = tuple((f, change(r), change(c)) for f, r, c in self.factors)
        return Term(self.coefficient, factors, change(self.rows), change(self.columns))


class Network:
    """The terms of one Jacobian, their indices' dimensions, and the indices of X."""

    __slots__ = ("dimensions", "inputs", "terms", "input_axes")

    def __init__(self, dY: Expression, dX: Expression) -> None:
        self.dimensions: list[Dimension] = []
        rows, columns = self.axis(dX.rows), self.axis(dX.columns)
        self.input_axes = (rows, columns)
        self.inputs = frozenset(rows + columns)
        values = {dX: [Term(NUMBER_ONE, (), rows, columns)]}
        for node in postorder(dY):
            moving = [i for i, argument in enumerate(node.arguments) if argument in values]
            if moving:
                terms = [t for i in moving for t in self._apply(node, i, values[node.arguments[i]])]
                if len(terms) > MOST_TERMS:
                    raise NoMatrixForm
                values[node] = terms
        self.terms = values[dY]

    def axis(self, dimension: Dimension) -> Axis:
        """A new index of that dimension; none for dimension one."""
        if dimension is ONE:
            return ()
        self.dimensions.append(dimension)
        return (len(self.dimensions) - 1,)

    def size(self, axis: Sequence[Index]) -> Dimension:
        result = ONE
        for index in axis:
            result = result * self.dimensions[index]
        return result

    # -- building ------------------------------------------------------------------------------

    def _apply(self, node: Expression, i: int, terms: list[Term]) -> list[Term]:
        """The terms of a multilinear node whose i-th argument is linear in dX."""
        operation, others = node.operation, node.arguments
        if operation is algebra.ADD:
            return terms
        other = others[1 - i] if len(others) == 2 else None
        if operation is algebra.MULTIPLY:
            assert other is not None
            return [self._multiply(other, term, left=i == 1) for term in terms]
        if operation in (algebra.HADAMARD, algebra.INNER) or (
            operation is algebra.SCALE and i == 1
        ):
            assert other is not None
            return [self._weight(operation, other, term) for term in terms]
        if operation in (algebra.SCALE, linear.KRONECKER):
            assert other is not None
            return [self._kron(other, term, left=i == 1) for term in terms]
        if operation is algebra.TRANSPOSE:
            return [term.on(term.columns, term.rows) for term in terms]
        if operation is linear.VEC:
            return [term.on(term.columns + term.rows, ()) for term in terms]
        if operation is linear.UNVEC:
            return [self._unvec(node, term) for term in terms]
        if operation is linear.TOTAL:
            return [term.on((), ()) for term in terms]
        if operation is linear.DIAG:
            return [term.on(term.rows, term.rows) for term in terms]
        if operation in (linear.TRACE, linear.DIAGONAL):
            joined = [self._join(term) for term in terms]
            return [t.on(t.rows if operation is linear.DIAGONAL else (), ()) for t in joined]
        raise NoMatrixForm

    def _multiply(self, A: Expression, term: Term, *, left: bool) -> Term:
        if A.operation is algebra.SCALE:
            return self._multiply(A.arguments[1], term.times(A.arguments[0]), left=left)
        if A.operation is linear.DIAG:
            axis = term.rows if left else term.columns
            return term.on(term.rows, term.columns, (A.arguments[0], axis, ()))
        if A.operation is algebra.MULTIPLY and _structured(A):
            first, second = A.arguments if not left else reversed(A.arguments)
            return self._multiply(second, self._multiply(first, term, left=left), left=left)
        inner = term.rows if left else term.columns
        factors, outer = self._between(A if left else A.T, inner)
        if left:
            return term.on(outer, term.columns, *factors)
        turned = tuple((f.T, c, r) for f, r, c in factors)
        return term.on(term.rows, outer, *turned)

    def _between(
        self, A: Expression, inner: Axis
    ) -> tuple[tuple[tuple[Expression, Axis, Axis], ...], Axis]:
        """Factors of A whose columns hang on the axis `inner`, and the new axis of its rows."""
        if algebra.is_identity(A):
            return (), inner
        if A.operation is algebra.TRANSPOSE and A.arguments[0].operation is linear.KRONECKER:
            P, Q = A.arguments[0].arguments
            A = linear.kron(P.T, Q.T)
        if A.operation is linear.KRONECKER:
            P, Q = A.arguments
            for cut in range(len(inner) + 1):
                if self.size(inner[:cut]) is P.columns and self.size(inner[cut:]) is Q.columns:
                    first, rows = self._between(P, inner[:cut])
                    second, more = self._between(Q, inner[cut:])
                    return first + second, rows + more
        outer = self.axis(A.rows)
        return ((A, outer, inner),), outer

    def _weight(self, operation: Operation, A: Expression, term: Term) -> Term:
        """A∘Z, A:Z or A·Z for a scalar A."""
        if operation is algebra.SCALE or A.is_scalar:
            return term.times(A)
        if A.operation is algebra.SCALE:
            return self._weight(operation, A.arguments[1], term.times(A.arguments[0]))
        rows, columns = (term.rows, term.columns) if operation is algebra.HADAMARD else ((), ())
        if A.operation is linear.DIAG and not term.columns == term.rows:
            joined = self._join(term)
            vector = (A.arguments[0], joined.rows, ())
            kept = joined.rows if operation is algebra.HADAMARD else ()
            return joined.on(kept, kept, vector)
        if algebra.is_ones(A):
            return term.on(rows, columns)
        return term.on(rows, columns, (A, term.rows, term.columns))

    def _kron(self, A: Expression, term: Term, *, left: bool) -> Term:
        """A⊗Z (left) or Z⊗A; a scalar Z times A alike."""
        if A.operation is algebra.SCALE:
            return self._kron(A.arguments[1], term.times(A.arguments[0]), left=left)
        rows, columns = self.axis(A.rows), self.axis(A.columns)
        factor: tuple[tuple[Expression, Axis, Axis], ...]
        if algebra.is_identity(A):
            # the factor of ones keeps count of the index, should it be summed later
            factor, columns = ((algebra.ones(A.rows), rows, ()),), rows
        elif algebra.is_ones(A):
            axes = ((A.rows, rows), (A.columns, columns))
            factor = tuple((algebra.ones(n), axis, ()) for n, axis in axes)
        elif A.operation is linear.DIAG:
            factor, columns = ((A.arguments[0], rows, ()),), rows
        else:
            factor = ((A, rows, columns),)
        if left:
            return term.on(rows + term.rows, columns + term.columns, *factor)
        return term.on(term.rows + rows, term.columns + columns, *factor)

    def _unvec(self, node: Expression, term: Term) -> Term:
        m, n = node.parameters
        axis = term.rows
        for cut in range(len(axis) + 1):
            if self.size(axis[:cut]) is n and self.size(axis[cut:]) is m:
                return term.on(axis[cut:], axis[:cut])
        if len(axis) == 1 and axis[0] not in self.inputs:
            columns, rows = self.axis(n), self.axis(m)
            return term.renamed(axis[0], columns + rows).on(rows, columns)
        raise NoMatrixForm

    def _join(self, term: Term) -> Term:
        """The term with its row and column axes made one: the diagonal."""
        rows, columns = term.rows, term.columns
        if len(rows) != len(columns):
            raise NoMatrixForm
        for a, b in zip(rows, columns, strict=True):
            if self.dimensions[a] is not self.dimensions[b]:
                raise NoMatrixForm
            if a == b:
                continue
            if a in self.inputs and b in self.inputs:
                joint = algebra.identity(self.dimensions[a])
                term = term.on(rows, columns, (joint, (a,), (b,)))
            elif a in self.inputs:
                term = term.renamed(b, (a,))
            else:
                term = term.renamed(a, (b,))
            rows, columns = term.rows, term.columns
        return term.on(rows, rows)


def _structured(A: Expression) -> bool:
    """Whether a product shows a diagonal or Kronecker factor worth opening."""
    return any(
        B.operation in (linear.DIAG, linear.KRONECKER, algebra.MULTIPLY)
        and (B.operation is not algebra.MULTIPLY or _structured(B))
        for B in A.arguments
    )
