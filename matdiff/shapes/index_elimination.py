"""From factors between labels to one matrix: the labels that are summed are eliminated.

Factors on one pair of labels multiply elementwise, vectors on one label likewise.  A summed label
that joins two others goes by M diag(v) N, one that joins a single other by M v, and what joins
nothing else becomes a scalar.  A label that joins three has no matrix notation.
"""

from __future__ import annotations

from functools import reduce

from matdiff.dimensions import Dimension
from matdiff.operations.algebra import (
    NUMBER_ONE,
    Expression,
    hadamard,
    inner,
    is_identity,
    is_ones,
    multiply,
    ones,
    scale,
)
from matdiff.operations.linear import DIAG, DIAGONAL, diag, diagonal, size, total, trace

Label = int
Factor = tuple[Expression, tuple[Label, ...]]  # a column over one label, a matrix over two


class NoNotation(Exception):
    """What the indices say cannot be said with matrices."""


def matrix(
    factors: tuple[Factor, ...], labels: tuple[Label, ...], sizes: tuple[Dimension, ...]
) -> Expression:
    """The product of the factors, all but the labels wanted summed out, over these labels."""
    net = _Net(_joined(list(factors), set(labels)))
    summed = {label for _, axes in net.factors for label in axes} - set(labels)
    while summed:
        label = min(sorted(summed), key=lambda k: len(net.neighbours(k)))
        summed.discard(label)
        net.eliminate(label, summed)
    return scale(net.coefficient, net.result(labels, sizes))


def _joined(factors: list[Factor], wanted: set[Label]) -> list[Factor]:
    """Diagonal matrices as vectors on one label, where one of their two labels is summed."""
    changed = True
    while changed:
        changed = False
        for at, (M, axes) in enumerate(factors):
            diagonal_one = is_identity(M) or M.operation is DIAG
            if len(axes) < 2 or not diagonal_one or axes[0] == axes[1]:
                continue
            kept, dropped = axes if axes[1] not in wanted else axes[::-1]
            if dropped in wanted:
                continue
            vector = ones(M.rows) if is_identity(M) else M.arguments[0]
            factors[at] = vector, (kept,)
            factors = [(N, tuple(kept if k == dropped else k for k in ks)) for N, ks in factors]
            changed = True
            break
    return factors


class _Net:
    """Vectors on labels and matrices between them; several on one place multiply elementwise."""

    __slots__ = ("coefficient", "factors", "matrices", "vectors")

    def __init__(self, factors: list[Factor]) -> None:
        self.factors = factors
        self.coefficient: Expression = NUMBER_ONE
        self.vectors: dict[Label, list[Expression]] = {}
        self.matrices: dict[tuple[Label, Label], list[Expression]] = {}
        for M, axes in factors:
            if len(axes) == 1:
                self._on(axes[0], M)
            else:
                self._between(axes[0], axes[1], M)

    def neighbours(self, label: Label) -> list[Label]:
        return [b if a == label else a for a, b in self.matrices if label in (a, b)]

    def eliminate(self, label: Label, summed: set[Label]) -> None:
        """Sum over a label; `summed` are those still to be summed, and may lose a second one."""
        others = self.neighbours(label)
        if len(others) > 2:
            raise NoNotation
        vectors = self._significant(label)
        if not others:
            alone = self.vectors.pop(label, [])
            self._scale(_sum_of(vectors) if vectors else size(alone[0].rows))
            return
        a = others[0]
        if len(others) == 1 and a in summed and self.neighbours(a) == [label]:
            summed.discard(a)
            self._sum_pair(label, a)
            return
        self.vectors.pop(label, None)
        M = _product(self._take(a, label))
        v = _product(vectors) if vectors else None
        if len(others) == 1:
            self._on(a, multiply(M, ones(M.columns) if v is None else v))
            return
        N = _product(self._take(label, others[1]))
        self._between(a, others[1], multiply(M if v is None else multiply(M, diag(v)), N))

    def result(self, labels: tuple[Label, ...], sizes: tuple[Dimension, ...]) -> Expression:
        """What is left over the labels wanted; a label that nothing hangs on is constant."""
        columns = [
            _product(found) if (found := self._significant(label)) else None for label in labels
        ]
        if not labels:
            return NUMBER_ONE
        if len(labels) == 1:
            return ones(sizes[0]) if columns[0] is None else columns[0]
        u, v = columns
        if not self.neighbours(labels[0]):
            left = ones(sizes[0]) if u is None else u
            return multiply(left, (ones(sizes[1]) if v is None else v).T)
        M = _product(self._take(*labels))
        M = M if u is None else multiply(diag(u), M)
        return M if v is None else multiply(M, diag(v))

    def _significant(self, label: Label) -> list[Expression]:
        return [v for v in self.vectors.get(label, []) if not is_ones(v)]

    def _sum_pair(self, a: Label, b: Label) -> None:
        """Sum over two labels that only join each other."""
        u, v, found = self._significant(a), self._significant(b), self._take(a, b)
        self.vectors.pop(a, None)
        self.vectors.pop(b, None)
        if not u and not v:
            last = found.pop()
            self._scale(inner(_product(found), last) if found else total(last))
            return
        M = _product(found)
        left = _product(u) if u else ones(M.rows)
        right = _product(v) if v else ones(M.columns)
        self._scale(multiply(multiply(left.T, M), right))

    def _scale(self, factor: Expression) -> None:
        self.coefficient = scale(factor, self.coefficient)

    def _on(self, label: Label, v: Expression) -> None:
        self.vectors.setdefault(label, []).append(v)

    def _between(self, a: Label, b: Label, M: Expression) -> None:
        if a == b:
            self._on(a, diagonal(M))
        else:
            self.matrices.setdefault((min(a, b), max(a, b)), []).append(M if a < b else M.T)

    def _take(self, a: Label, b: Label) -> list[Expression]:
        """The matrices with rows a and columns b, which leave the net."""
        found = self.matrices.pop((min(a, b), max(a, b)))
        return found if a < b else [M.T for M in found]


def _product(factors: list[Expression]) -> Expression:
    return reduce(hadamard, factors)


def _sum_of(vectors: list[Expression]) -> Expression:
    *others, last = vectors
    if others:
        return multiply(_product(others).T, last)
    return trace(last.arguments[0]) if last.operation is DIAGONAL else total(last)
