"""Arrays over indices: the values of the parts of an index sum.

An array is a sum of terms, a term a coefficient times factors that hang between labels, as in
Einstein notation.  A label is an index of the formula, one of the array's own axes (its rows and
columns), or summed already; a summed label is simply neither of the others, and stays until a
matrix is wanted.  A term that lacks an index is constant along it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matdiff.dimensions import ONE, Dimension
from matdiff.operations.algebra import (
    NUMBER_ONE,
    TWO,
    Expression,
    add,
    identity,
    scale,
)
from matdiff.operations.elementwise import power
from matdiff.operations.linear import size
from matdiff.shapes.index_elimination import Factor, Label, NoNotation, matrix
from matdiff.shapes.unify import Bindings

MOST_TERMS = 64


class Refined(Exception):
    """More became known about unknown dimensions: the evaluation starts again with it."""

    def __init__(self, bindings: Bindings) -> None:
        self.bindings = bindings


class Term:
    """coefficient · Π factors"""

    __slots__ = ("coefficient", "factors")

    def __init__(self, coefficient: Expression, factors: tuple[Factor, ...] = ()) -> None:
        self.coefficient, self.factors = coefficient, factors

    def labels(self) -> set[Label]:
        return {label for _, labels in self.factors for label in labels}

    def renamed(self, new: dict[Label, Label]) -> Term:
        factors = [(M, tuple(new.get(k, k) for k in labels)) for M, labels in self.factors]
        return Term(self.coefficient, tuple(factors))


class Array:
    """A sum of terms with the labels of its rows and columns, None where there is but one."""

    __slots__ = ("columns", "rows", "terms")

    def __init__(
        self, terms: Sequence[Term], rows: Label | None = None, columns: Label | None = None
    ) -> None:
        self.terms, self.rows, self.columns = tuple(terms), rows, columns

    @property
    def is_scalar(self) -> bool:
        return self.rows is None and self.columns is None

    @property
    def axes(self) -> tuple[Label | None, Label | None]:
        return self.rows, self.columns

    def turned(self) -> Array:
        return Array(self.terms, self.columns, self.rows)

    def renamed(self, new: dict[Label, Label]) -> Array:
        """The array with other labels; an axis that is renamed is none of its own any more."""
        rows, columns = (None if axis in new else axis for axis in self.axes)
        return Array([term.renamed(new) for term in self.terms], rows, columns)


class Board:
    """The labels in use with their dimensions, and the algebra of arrays over them."""

    __slots__ = ("bindings", "dimensions", "indices")

    def __init__(self, bindings: Bindings) -> None:
        self.bindings = bindings
        self.dimensions: list[Dimension | None] = []
        self.indices: set[Label] = set()  # of the formula, not summed yet

    def new(self, dimension: Dimension | None) -> Label:
        self.dimensions.append(dimension)
        return len(self.dimensions) - 1

    def size(self, label: Label | None) -> Dimension:
        """The dimension of a label; that of an index is known once it has been used."""
        dimension = ONE if label is None else self.dimensions[label]
        assert dimension is not None
        return dimension

    def same(self, left: Dimension, right: Dimension) -> bool:
        """Whether two dimensions are one; raises Refined if they can be made one."""
        if left is right:
            return True
        refined = self.bindings.unify(left, right)
        if refined is None or refined.resolve(left) is not refined.resolve(right):
            return False
        raise Refined(refined)

    def fits(self, one: Array, other: Array) -> bool:
        """Whether two arrays have one shape."""
        pairs = zip(one.axes, other.axes, strict=True)
        return all(self.same(self.size(a), self.size(b)) for a, b in pairs)

    def leaf(self, A: Expression) -> Array:
        """An expression as an array."""
        rows = None if A.rows is ONE else self.new(A.rows)
        columns = None if A.columns is ONE else self.new(A.columns)
        labels = tuple(axis for axis in (rows, columns) if axis is not None)
        if not labels:
            return Array([Term(A)])
        return Array([Term(NUMBER_ONE, ((A.T if rows is None else A, labels),))], rows, columns)

    def unit(self, index: Label, dimension: Dimension) -> Array:
        """The column that is one at the index and zero elsewhere."""
        rows = self.new(dimension)
        return Array([Term(NUMBER_ONE, ((identity(dimension), (rows, index)),))], rows)

    def taken(self, A: Array, side: int, selection: Expression) -> Array:
        """The part of an array along its rows (side 0) or columns that a selection takes."""
        axis = A.axes[side]
        assert axis is not None
        axes = list(A.axes)
        new = None if selection.columns is ONE else self.new(selection.columns)
        labels = (axis,) if new is None else (axis, new)
        axes[side] = new
        terms = [Term(term.coefficient, (*term.factors, (selection, labels))) for term in A.terms]
        return Array(terms, axes[0], axes[1])

    def scaled(self, factor: Expression, A: Array) -> Array:
        terms = [Term(scale(factor, term.coefficient), term.factors) for term in A.terms]
        return Array(terms, A.rows, A.columns)

    def plus(self, A: Array, B: Array) -> Array:
        """A + B for arrays of one shape."""
        return Array([*A.terms, *_aligned(A, B).terms], A.rows, A.columns)

    def times(self, A: Array, B: Array) -> Array:
        """The matrix product, or a scalar times an array; inner dimensions agree."""
        A, B = self.gathered(A), self.gathered(B)
        if A.is_scalar or B.is_scalar:
            return _products(A, B, A.rows if B.is_scalar else B.rows, A.columns or B.columns)
        if A.columns is not None and B.rows is not None:
            columns = B.columns
            B = B.renamed({B.rows: A.columns})
            return _products(A, B, A.rows, columns)
        return _products(A, B, A.rows, B.columns)

    def hadamard(self, A: Array, B: Array) -> Array:
        """The elementwise product of arrays of one shape."""
        A, B = self.gathered(A), self.gathered(B)
        return _products(A, _aligned(A, B), A.rows, A.columns)

    def outer(self, A: Array, B: Array) -> Array:
        """A⊗B where of two sides one is single, as of a column and a row."""
        both = (A.rows and B.rows) is not None or (A.columns and B.columns) is not None
        if both:
            raise NoNotation  # a side with two labels
        A, B = self.gathered(A), self.gathered(B)
        rows = B.rows if A.rows is None else A.rows
        return _products(A, B, rows, B.columns if A.columns is None else A.columns)

    def squared(self, A: Array) -> Array:
        """The square of every entry; multiplied out where every term lacks some index."""
        if not self._has_a_full_term(A):
            summed = {k for term in A.terms for k in term.labels()} - self._open(A)
            copy = {label: self.new(self.dimensions[label]) for label in summed}
            return self.hadamard(A, Array([t.renamed(copy) for t in A.terms], A.rows, A.columns))
        return self.entrywise(A, lambda M: power(M, TWO))

    def entrywise(self, A: Array, function: Callable[[Expression], Expression]) -> Array:
        """A function of every entry."""
        M, labels = self.settled(A)
        if not labels:
            return Array([Term(function(M))])
        return Array([Term(NUMBER_ONE, ((function(M), labels),))], A.rows, A.columns)

    def total(self, A: Array) -> Array:
        """The sum of all entries, for each value of the indices."""
        return Array(A.terms)

    def summed(self, A: Array, index: Label) -> Array:
        """The sum over an index: from here on its label is a summed one."""
        self.indices.discard(index)
        terms = []
        for term in A.terms:
            count = NUMBER_ONE if index in term.labels() else size(self.size(index))
            terms.append(Term(scale(count, term.coefficient), term.factors))
        return Array(terms, A.rows, A.columns)

    def gathered(self, A: Array) -> Array:
        """Several terms as one where ones at most fill up some of them; else as they are."""
        return A if len(A.terms) == 1 or not self._has_a_full_term(A) else self.one_factor(A)

    def one_factor(self, A: Array) -> Array:
        return self.entrywise(A, lambda M: M)

    def settled(
        self, A: Array, wanted: tuple[Label, ...] | None = None
    ) -> tuple[Expression, tuple[Label, ...]]:
        """The array as one scalar, column or matrix over its labels, in the order wanted."""
        opened = self._open(A)
        labels = wanted
        if labels is None:
            found = {label for term in A.terms for label in term.labels() & opened}
            labels = tuple(sorted(found))
            for _, axes in (factor for term in A.terms for factor in term.factors):
                if set(axes) == found:
                    labels = axes if len(axes) == len(found) else labels
                    break
        if len(labels) > 2:
            raise NoNotation
        sizes = tuple(self.size(label) for label in labels)
        result: Expression | None = None
        for term in A.terms:
            M = scale(term.coefficient, matrix(term.factors, labels, sizes))
            result = M if result is None else add(result, M)
        assert result is not None
        return result, labels

    def expression(self, A: Array) -> Expression:
        """The array as an expression of its shape; no index may be left."""
        labels = tuple(axis for axis in A.axes if axis is not None)
        M, _ = self.settled(A, labels)
        return M.T if A.rows is None else M

    def _open(self, A: Array) -> set[Label]:
        return self.indices | {axis for axis in A.axes if axis is not None}

    def _has_a_full_term(self, A: Array) -> bool:
        """Whether one term has all labels of the array, and a matrix can hold them."""
        opened = self._open(A)
        spans = [term.labels() & opened for term in A.terms]
        largest = max(spans, key=len)
        return len(largest) <= 2 and all(span <= largest for span in spans)


def _aligned(A: Array, B: Array) -> Array:
    """B over the axes of A."""
    pairs = zip(B.axes, A.axes, strict=True)
    return B.renamed({b: a for b, a in pairs if a is not None and b is not None and a != b})


def _products(A: Array, B: Array, rows: Label | None, columns: Label | None) -> Array:
    if len(A.terms) * len(B.terms) > MOST_TERMS:
        raise NoNotation
    terms = [
        Term(scale(one.coefficient, other.coefficient), one.factors + other.factors)
        for one in A.terms
        for other in B.terms
    ]
    return Array(terms, rows, columns)
