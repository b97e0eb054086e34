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
from matdiff.operations.algebra import (
    ADD,
    MULTIPLY,
    NUMBER_ONE,
    SCALE,
    TRANSPOSE,
    Expression,
    identity,
    is_identity,
    is_ones,
    ones,
    postorder,
    scale,
)
from matdiff.operations.linear import DIAG, KRONECKER

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
                terms = [
                    term if node.operation is ADD else applied(self, node, i, term)
                    for i in moving
                    for term in values[node.arguments[i]]
                ]
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


def applied(network: Network, node: Expression, i: int, term: Term) -> Term:
    """A multilinear operation applied to a term in place of its i-th argument.

    The letters of its signature are bound to axes: those of the i-th argument to the term's, and
    the other arguments hang on them as factors.  A letter that the result lacks is summed.
    """
    signature = node.operation.signature
    if signature is None or not node.operation.multilinear:
        raise NoMatrixForm
    board = _Board(network, term)
    for axes, argument in zip(
        (*signature.inputs, signature.output), (*node.arguments, node), strict=True
    ):
        for letters, dimension in zip(axes, argument.shape, strict=True):
            if len(letters) == 1:
                board.sizes[letters[0]] = dimension
    board.bind(signature.inputs[i], (term.rows, term.columns))
    for j, (rows, columns) in enumerate(signature.inputs):
        if j != i:
            board.hang(node.arguments[j], rows, columns)
    rows, columns = signature.output
    return Term(board.coefficient, tuple(board.factors), board.axis(rows), board.axis(columns))


class _Board:
    """The axes that labels stand for while one operation is applied, and the factors so far."""

    __slots__ = ("network", "coefficient", "factors", "bound", "sizes")

    def __init__(self, network: Network, term: Term) -> None:
        self.network, self.coefficient = network, term.coefficient
        self.factors = list(term.factors)
        self.bound: dict[str, Axis] = {}
        self.sizes: dict[str, Dimension] = {}

    def axis(self, labels: Labels) -> Axis:
        """The axis of one or several labels, the first slowest; new where one is not bound."""
        result: Axis = ()
        for label in labels:
            if label not in self.bound:
                self.bound[label] = self.network.axis(self.sizes[label])
            result += self.bound[label]
        return result

    def bind(self, inputs: tuple[Labels, Labels], axes: tuple[Axis, Axis]) -> None:
        """Let the labels of an argument stand for the axes of the term in its place."""
        for side in range(2):
            self.bound[_WHOLE[side]] = axes[side]
        for side, labels in enumerate(inputs):
            if len(labels) > 1:
                if not self._split(_WHOLE[side], labels):
                    raise NoMatrixForm
            elif labels and labels[0] in self.bound:
                self._join(labels[0], _WHOLE[side])
            elif labels:
                self.bound[labels[0]] = self.bound[_WHOLE[side]]

    def hang(self, A: Expression, rows: Labels, columns: Labels) -> None:
        """Add the factor A between two labelled axes; its structure is opened where it has one."""
        rows, columns = rows if A.rows is not ONE else (), columns if A.columns is not ONE else ()
        operation = A.operation
        if A.is_scalar:
            self.coefficient = scale(A, self.coefficient)
        elif operation is SCALE:
            self.coefficient = scale(A.arguments[0], self.coefficient)
            self.hang(A.arguments[1], rows, columns)
        elif operation is TRANSPOSE:
            self.hang(A.arguments[0], columns, rows)
        elif is_ones(A):
            # the factors of ones keep count of the indices, should they be summed later
            for labels, dimension in ((rows, A.rows), (columns, A.columns)):
                if labels and not self._all_bound(labels):
                    self.factors.append((ones(dimension), self._sized(labels, dimension), ()))
        elif (is_identity(A) or operation is DIAG) and len(rows) == len(columns) == 1:
            vector = A.arguments[0] if operation is DIAG else ones(A.rows)
            axis = self._shared(rows[0], columns[0], A.rows)  # may rename indices of all factors
            self.factors.append((vector, axis, ()))
        elif operation is MULTIPLY and _structured(A):
            self._hang_product(A, rows, columns)
        elif not (operation is KRONECKER and self._hang_kronecker(A, rows, columns)):
            left = self._sized(rows, A.rows)
            self.factors.append((A, left, self._sized(columns, A.columns)))

    def _all_bound(self, labels: Labels) -> bool:
        return all(label in self.bound for label in labels)

    def _sized(self, labels: Labels, dimension: Dimension) -> Axis:
        if len(labels) == 1:
            self.sizes[labels[0]] = dimension
        return self.axis(labels)

    def _shared(self, row: str, column: str, dimension: Dimension) -> Axis:
        """One axis for the rows and columns of a diagonal matrix."""
        if row in self.bound and column in self.bound:
            self._join(row, column)
        elif column in self.bound:
            self.bound[row] = self.bound[column]
        else:
            self.bound[column] = self._sized((row,), dimension)
        return self.bound[row]

    def _hang_product(self, A: Expression, rows: Labels, columns: Labels) -> None:
        """The factors of a product, one hung on the other from the side that is bound."""
        last = len(A.arguments) - 1
        between = [f"product {id(A)} {at}" for at in range(last)]
        order = range(last + 1) if self._all_bound(rows) else range(last, -1, -1)
        for at in order:
            left = (between[at - 1],) if at else rows
            right = (between[at],) if at < last else columns
            self.hang(A.arguments[at], left, right)

    def _hang_kronecker(self, A: Expression, rows: Labels, columns: Labels) -> bool:
        """A⊗B on an axis that is made of theirs; False if it is not."""
        if len(rows) != 1 or len(columns) != 1 or self._all_bound(rows + columns):
            return False
        sides: list[list[str]] = []
        for (label,), side in ((rows, 0), (columns, 1)):
            parts = [f"{label}.{at}" for at in range(len(A.arguments))]
            for part, argument in zip(parts, A.arguments, strict=True):
                self.sizes[part] = argument.shape[side]
            if label in self.bound and not self._split(label, tuple(parts)):
                return False
            sides.append(parts)
        for argument, row, column in zip(A.arguments, *sides, strict=True):
            self.hang(argument, (row,), (column,))
        for (label,), parts, side in ((rows, sides[0], 0), (columns, sides[1], 1)):
            if label not in self.bound:
                there = [
                    part
                    for part, argument in zip(parts, A.arguments, strict=True)
                    if argument.shape[side] is not ONE
                ]
                self.bound[label] = self.axis(tuple(there))
        return True

    def _split(self, whole: str, labels: Labels) -> bool:
        """Bind the labels to consecutive parts of an axis, cut by their sizes, if it can be cut."""
        axis, start = self.bound[whole], 0
        cuts: list[Axis] = []
        for label in labels:
            for stop in range(start, len(axis) + 1):
                if self.network.size(axis[start:stop]) is self.sizes[label]:
                    cuts.append(axis[start:stop])
                    start = stop
                    break
        if len(cuts) < len(labels) or start < len(axis):
            if len(axis) != 1 or axis[0] in self.network.inputs:
                return False
            cuts = [self.network.axis(self.sizes[label]) for label in labels]
            self._rename(axis[0], tuple(index for cut in cuts for index in cut))
        self.bound.update(zip(labels, cuts, strict=True))
        return True

    def _join(self, a: str, b: str) -> None:
        """Make the axes of two labels one: the diagonal."""
        if len(self.bound[a]) != len(self.bound[b]):
            raise NoMatrixForm
        for at in range(len(self.bound[a])):
            i, j = self.bound[a][at], self.bound[b][at]
            size, inputs = self.network.dimensions[i], self.network.inputs
            if size is not self.network.dimensions[j]:
                raise NoMatrixForm
            if i != j and i in inputs and j in inputs:
                self.factors.append((identity(size), (i,), (j,)))
            elif i != j:
                self._rename(*((j, (i,)) if i in inputs else (i, (j,))))

    def _rename(self, old: Index, new: Axis) -> None:
        """Replace an index by others of the same total dimension, wherever it stands."""

        def change(axis: Axis) -> Axis:
            return tuple(k for index in axis for k in (new if index == old else (index,)))

        self.factors = [(f, change(r), change(c)) for f, r, c in self.factors]
        self.bound = {label: change(axis) for label, axis in self.bound.items()}


Labels = tuple[str, ...]
_WHOLE = ("whole rows", "whole columns")  # labels of the term's own axes


def _structured(A: Expression) -> bool:
    """Whether a product shows a diagonal or Kronecker factor worth opening."""
    stack = [A]
    while stack:
        for factor in stack.pop().arguments:
            if factor.operation in (DIAG, KRONECKER):
                return True
            if factor.operation is MULTIPLY:
                stack.append(factor)
    return False
