"""Summing indices out of a term of a network, within matrices.

Factors on one pair of indices multiply elementwise, vectors on one index likewise; a summed index
that joins at most two others goes by M diag(v) N.  What is left hangs between the indices of Y and
of X.  Source: Laue, Mitterreiter & Giesen 2018, 2020.
"""

from __future__ import annotations

from collections.abc import Callable

from matdiff.calculus.networks import Axis, Index, Network, NoMatrixForm, Term
from matdiff.operations import algebra, linear
from matdiff.operations.algebra import Expression, hadamard, scale


class Reduced:
    """A term whose indices are all of Y or X: vectors on indices, matrices between them."""

    __slots__ = ("coefficient", "vectors", "matrices", "rows", "columns")

    def __init__(self, coefficient: Expression, rows: Axis, columns: Axis) -> None:
        self.coefficient, self.rows, self.columns = coefficient, rows, columns
        self.vectors: dict[Index, Expression] = {}
        self.matrices: dict[
            tuple[Index, Index], Expression
        ] = {}  # (a, b): rows a, columns b; a < b

    def copy(self) -> Reduced:
        other = Reduced(self.coefficient, self.rows, self.columns)
        other.vectors, other.matrices = dict(self.vectors), dict(self.matrices)
        return other

    def add_vector(self, a: Index, v: Expression) -> None:
        self.vectors[a] = hadamard(self.vectors[a], v) if a in self.vectors else v

    def add_matrix(self, a: Index, b: Index, M: Expression) -> None:
        if a == b:
            self.add_vector(a, linear.diagonal(M))
            return
        if a > b:
            a, b, M = b, a, M.T
        self.matrices[a, b] = hadamard(self.matrices[a, b], M) if (a, b) in self.matrices else M

    def between(self, a: Index, b: Index) -> Expression:
        """The matrix with rows a and columns b."""
        return self.matrices[a, b] if a < b else self.matrices[b, a].T


Change = Callable[[Expression], Expression]


def unchanged(M: Expression) -> Expression:
    return M


def eliminate(network: Network, term: Term, named: Change = unchanged) -> Reduced:
    """The term with every index summed out that is neither of Y nor of X.

    `named` may put a symbol in the place of what a sum has given.
    """
    term = _merge_groups(network, term)
    reduced = Reduced(term.coefficient, term.rows, term.columns)
    for factor, rows, columns in term.factors:
        if len(rows) > 1 or len(columns) > 1:
            raise NoMatrixForm
        if rows and columns:
            reduced.add_matrix(rows[0], columns[0], factor)
        elif rows or columns:
            reduced.add_vector((rows or columns)[0], factor if rows else factor.T)
        else:
            reduced.coefficient = scale(factor, reduced.coefficient)
    free = network.inputs.union(term.rows, term.columns)
    used = {i for _, r, c in term.factors for i in r + c}
    summed = sorted(used - free)
    while summed:
        index = min(summed, key=lambda s: len(_neighbours(reduced, s)))
        summed.remove(index)
        _sum_out(network, reduced, index, named)
    return reduced


def _neighbours(reduced: Reduced, index: Index) -> list[Index]:
    return [b if a == index else a for a, b in reduced.matrices if index in (a, b)]


def _sum_out(network: Network, reduced: Reduced, index: Index, named: Change) -> None:
    """Remove one index that at most two matrices join: Σ_s M[a,s] v[s] N[s,b] = M diag(v) N."""
    neighbours = _neighbours(reduced, index)
    if len(neighbours) > 2:
        raise NoMatrixForm
    vector = reduced.vectors.pop(index, None)
    if vector is not None and algebra.is_ones(vector):
        vector = None
    dimension = network.dimensions[index]
    if not neighbours:
        weight = linear.size(dimension) if vector is None else linear.total(vector)
        reduced.coefficient = scale(weight, reduced.coefficient)
        return
    a = neighbours[0]
    M = reduced.between(a, index)
    if len(neighbours) == 1:
        del reduced.matrices[min(a, index), max(a, index)]
        reduced.add_vector(a, named(M @ (algebra.ones(dimension) if vector is None else vector)))
        return
    b = neighbours[1]
    N = reduced.between(index, b)
    del reduced.matrices[min(a, index), max(a, index)]
    del reduced.matrices[min(b, index), max(b, index)]
    reduced.add_matrix(a, b, named(M @ N if vector is None else M @ linear.diag(vector) @ N))


def _merge_groups(network: Network, term: Term) -> Term:
    """Indices that only ever occur together, as (r, s) in every factor, made one index."""
    groups = {axis for _, r, c in term.factors for axis in (r, c) if len(axis) > 1}
    for group in groups:
        axes = [axis for _, r, c in term.factors for axis in (r, c)]
        if any(network.inputs.intersection(group)) or len(set(group)) != len(group):
            raise NoMatrixForm
        for axis in axes:
            if axis != group and set(axis) & set(group):
                raise NoMatrixForm
        whole = network.axis(network.size(group))
        rows, columns = _replace(term.rows, group, whole), _replace(term.columns, group, whole)
        if set(rows + columns) & set(group):
            raise NoMatrixForm  # a part of the group is an index of Y on its own
        factors = tuple(
            (f, _replace(r, group, whole), _replace(c, group, whole)) for f, r, c in term.factors
        )
        term = Term(term.coefficient, factors, rows, columns)
    return term


def _replace(axis: Axis, group: Axis, whole: Axis) -> Axis:
    """The axis with every run equal to `group` replaced."""
    result: list[Index] = []
    at = 0
    while at < len(axis):
        if axis[at : at + len(group)] == group:
            result.extend(whole)
            at += len(group)
        else:
            result.append(axis[at])
            at += 1
    return tuple(result)
