"""From an index network without summed indices to a matrix formula of the Jacobian.

Rows of the Jacobian run over the indices of vec(Y), columns over those of vec(X), slowest first.
A matrix between two row indices scales rows (a left diag(vec(…))), one between two column indices
columns; one between a row and a column index is a factor of a Kronecker product.  Where a row
index meets several column indices, the Kronecker products of one matching each are multiplied
elementwise.  Orders that cross are mended by commutation matrices, all on one side.
"""

from __future__ import annotations

from collections.abc import Sequence

from matdiff.calculus.elimination import Change, Reduced, eliminate, unchanged
from matdiff.calculus.networks import Axis, Index, Network
from matdiff.dimensions import ONE, Dimension
from matdiff.operations import algebra, linear
from matdiff.operations.algebra import Expression, add, hadamard, identity, ones, scale

Pair = tuple[Index, Index]
Block = tuple[tuple[Index, ...], tuple[Index, ...], Expression]  # rows, columns, matrix


def matrices(
    dY: Expression, dX: Expression, *, by_column: bool, named: Change = unchanged
) -> list[Expression]:
    """Equal matrices M with vec(dY) = M vec(dX), for dY linear in the symbol dX; they differ in
    the side that commutation matrices stand on.  `by_column` is the order of both vec; `named` may
    put a symbol in the place of what the sum over an index has given.

    NoMatrixForm if an index cannot be eliminated within matrices.
    """
    network = Network(dY, dX)
    reduced = [eliminate(network, term, named) for term in network.terms]
    columns = _stacked(*network.input_axes, by_column)
    found: list[Expression] = []
    for side in ("right", "left"):
        total: Expression | None = None
        for term in reduced:
            rows = _stacked(term.rows, term.columns, by_column)
            part = scale(term.coefficient, _Reader(network, term, rows, columns, side).matrix())
            total = part if total is None else add(total, part)
        assert total is not None
        if total not in found:
            found.append(total)
    return found


def _stacked(rows: Axis, columns: Axis, by_column: bool) -> Axis:
    """The index order of vec, slowest first."""
    return columns + rows if by_column else rows + columns


class _Reader:
    __slots__ = ("network", "reduced", "rows", "columns", "permute")

    def __init__(
        self, network: Network, reduced: Reduced, rows: Axis, columns: Axis, permute: str
    ) -> None:
        self.network, self.reduced = network, reduced.copy()
        self.columns, self.permute = columns, permute
        self.rows = self._distinct(rows)

    def _distinct(self, rows: Axis) -> Axis:
        """Row indices that stand twice (diag) get a twin, tied to the first by an identity."""
        fresh: list[Index] = []
        for index in rows:
            if index in fresh:
                (twin,) = self.network.axis(self.network.dimensions[index])
                tie = identity(self.network.dimensions[index])
                self.reduced.add_matrix(index, twin, tie)
                index = twin
            fresh.append(index)
        return tuple(fresh)

    def matrix(self) -> Expression:
        row_side, column_side, crossing = self._sides()
        layers = self._layers(crossing)
        lone_rows = self._lone_pairs(row_side, {row for row, _, _ in crossing})
        lone_columns = self._lone_pairs(column_side, {column for _, column, _ in crossing})
        blocks: list[Block] = [((row,), (column,), M) for row, column, M in layers[0]]
        for pair in lone_rows:
            rows = _sorted(pair, self.rows)
            blocks.append((rows, (), self._column(*rows)))
        for pair in lone_columns:
            columns = _sorted(pair, self.columns)
            blocks.append(((), columns, self._column(*columns).T))
        result = self._layer(blocks, self.reduced.vectors)
        for layer in layers[1:]:
            blocks = [((row,), (column,), M) for row, column, M in layer]
            result = hadamard(result, self._layer(blocks, {}))
        left = self._scaling(self.rows, [pair for pair in row_side if pair not in lone_rows])
        right = self._scaling(
            self.columns, [pair for pair in column_side if pair not in lone_columns]
        )
        if left is not None:
            result = linear.diag(left) @ result
        if right is not None:
            result = result @ linear.diag(right)
        return result

    def _sides(
        self,
    ) -> tuple[list[Pair], list[Pair], list[tuple[Index, Index, Expression]]]:
        """Pairs of rows, pairs of columns, and matrices from a row to a column index."""
        row_side: list[Pair] = []
        column_side: list[Pair] = []
        crossing: list[tuple[Index, Index, Expression]] = []
        for index in self.rows:
            if index in self.columns:
                crossing.append((index, index, identity(self.network.dimensions[index])))
        for a, b in self.reduced.matrices:
            if a in self.rows and b in self.rows:
                row_side.append((a, b))
            elif a in self.columns and b in self.columns:
                column_side.append((a, b))
            else:
                row, column = (a, b) if a in self.rows else (b, a)
                crossing.append((row, column, self.reduced.between(row, column)))
        return row_side, column_side, crossing

    def _layers(
        self, crossing: list[tuple[Index, Index, Expression]]
    ) -> list[list[tuple[Index, Index, Expression]]]:
        """Crossing matrices split into matchings: each index at most once in a layer."""
        layers: list[list[tuple[Index, Index, Expression]]] = [[]]
        for edge in crossing:
            for layer in layers:
                if all(edge[0] != row and edge[1] != column for row, column, _ in layer):
                    layer.append(edge)
                    break
            else:
                layers.append([edge])
        return layers

    def _lone_pairs(self, pairs: list[Pair], crossed: set[Index]) -> list[Pair]:
        """Pairs that nothing else touches: they stand in the Kronecker product as a vec."""
        return [
            pair
            for pair in pairs
            if not crossed.intersection(pair)
            and all(other == pair or not set(other) & set(pair) for other in pairs)
        ]

    def _column(self, a: Index, b: Index) -> Expression:
        """The matrix between a and b as a column over (a, b), weighted by its vectors."""
        M = self.reduced.between(a, b)
        vectors = self.reduced.vectors
        if a in vectors:
            M = linear.diag(vectors[a]) @ M
        if b in vectors:
            M = M @ linear.diag(vectors[b])
        return linear.vec(M.T)

    def _layer(self, blocks: list[Block], vectors: dict[Index, Expression]) -> Expression:
        """One Kronecker product with its rows and columns scaled by the vectors on them, and
        with commutations where the orders cross."""
        ordered = self._ordered(blocks)
        parts: list[Expression] = []
        for rows, columns, M in ordered:
            if len(rows) <= 1 and len(columns) <= 1:
                if rows and rows[0] in vectors:
                    M = linear.diag(vectors[rows[0]]) @ M
                if columns and columns[0] in vectors and columns != rows:
                    M = M @ linear.diag(vectors[columns[0]])
            parts.append(M)
        result = _kron_all(parts)
        have_rows = [row for rows, _, _ in ordered for row in rows]
        have_columns = [column for _, columns, _ in ordered for column in columns]
        for shuffle in _swaps(have_rows, self.rows, self.network.dimensions):
            result = shuffle @ result
        for shuffle in _swaps(have_columns, self.columns, self.network.dimensions):
            result = result @ shuffle.T
        return result

    def _ordered(self, blocks: list[Block]) -> list[Block]:
        """All blocks, those of ones for what is missing included, in the order of the columns
        (or of the rows).  A block that has none there stands where the other side has it, a vec
        first or last, so that the commutations of X⊗X are the same for both of its terms."""
        size = self.network.dimensions
        done_rows = {row for rows, _, _ in blocks for row in rows}
        done_columns = {column for _, columns, _ in blocks for column in columns}
        lone_rows = [row for row in self.rows if row not in done_rows]
        lone_columns = [column for column in self.columns if column not in done_columns]
        blocks = list(blocks)
        for row in list(lone_rows):
            # u⊗…⊗v' as (u v')⊗… where the sizes agree: both then stand in one place
            same = [c for c in lone_columns if size[c] is size[row]]
            if same:
                lone_rows.remove(row)
                lone_columns.remove(same[-1])
                blocks.append(((row,), (same[-1],), ones(size[row], size[row])))
        blocks += [((row,), (), ones(size[row])) for row in lone_rows]
        blocks += [((), (column,), ones(ONE, size[column])) for column in lone_columns]
        by_column = self.permute == "left"

        def places(block: Block) -> tuple[int | None, int | None]:
            """Where the block starts on the ordering side and on the other, None if nowhere."""
            row = self.rows.index(block[0][0]) if block[0] else None
            column = self.columns.index(block[1][0]) if block[1] else None
            return (column, row) if by_column else (row, column)

        ordered = sorted((b for b in blocks if places(b)[0] is not None), key=places)
        rest = sorted((b for b in blocks if places(b)[0] is None), key=lambda b: places(b)[1] or 0)
        for block in rest:
            place = places(block)[1] or 0
            at = len(ordered) if len(block[0]) + len(block[1]) > 1 and place else 0
            while at < len(ordered) and (places(ordered[at])[1] or 0) <= place:
                at += 1
            ordered.insert(at, block)
        return ordered

    def _scaling(self, axis: Axis, pairs: list[Pair]) -> Expression | None:
        """The column over `axis` of all matrices within it, multiplied; None if there are none."""
        result: Expression | None = None
        for a, b in pairs:
            column = self._spread(axis, a, b, self.reduced.between(a, b))
            result = column if result is None else hadamard(result, column)
        return result

    def _spread(self, axis: Axis, a: Index, b: Index, M: Expression) -> Expression:
        """M over the axis as a column: vec(M) where a and b are neighbours."""
        i, j = axis.index(a), axis.index(b)
        if i > j:
            i, j, M = j, i, M.T
        size = self.network.dimensions
        rest = [k for k in axis if k not in (a, b)]
        # M has rows axis[i], the slower index: vec runs over columns slowest, so take M'
        column = _kron_all([linear.vec(M.T), *(ones(size[k]) for k in rest)])
        have = [axis[i], axis[j], *rest]
        for shuffle in _swaps(have, axis, size):
            column = shuffle @ column
        return column


def _sorted(pair: Pair, axis: Axis) -> Pair:
    """The pair in the order of the axis."""
    a, b = pair
    return pair if axis.index(a) < axis.index(b) else (b, a)


def _kron_all(parts: list[Expression]) -> Expression:
    result = algebra.NUMBER_ONE  # of a scalar by a scalar there are none
    for part in parts:
        result = linear.kron(result, part)
    return result


def _swaps(
    have: Sequence[Index], want: Sequence[Index], sizes: Sequence[Dimension]
) -> list[Expression]:
    """Matrices I⊗K⊗I that, applied in turn, reorder a column over `have` to one over `want`."""
    order = list(have)
    result: list[Expression] = []
    for at, index in enumerate(want):
        start = order.index(index)
        if start == at:
            continue
        # carry along what follows in both orders, so that one commutation moves a whole block
        stop = start + 1
        while (
            stop < len(order)
            and at + stop - start < len(want)
            and want[at + stop - start] == order[stop]
        ):
            stop += 1
        before, block = _size(order[at:start], sizes), _size(order[start:stop], sizes)
        outer, inner = _size(order[:at], sizes), _size(order[stop:], sizes)
        # a column over (before, block) is vec of block×before; K turns it into (block, before)
        swap = algebra.commutation(block, before)
        result.append(linear.kron(linear.kron(identity(outer), swap), identity(inner)))
        order[at:stop] = order[start:stop] + order[at:start]
    return result


def _size(indices: Sequence[Index], sizes: Sequence[Dimension]) -> Dimension:
    total = ONE
    for index in indices:
        total = total * sizes[index]
    return total
