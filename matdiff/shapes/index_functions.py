"""Functions of arrays that take more than single entries: norms, sums, softmax of each row."""

from __future__ import annotations

from collections.abc import Callable

from matdiff.operations.algebra import HALF, NUMBER_ONE, Expression, apply, identity
from matdiff.operations.elementwise import ABS, exp, power
from matdiff.operations.nonlinear import LOGSUMEXP_ROWS, SOFTMAX_ROWS
from matdiff.shapes.index_arrays import Array, Board, Term
from matdiff.shapes.index_elimination import Label, NoNotation
from matdiff.syntax.tree import Call, Fence, Group, Tree


def norm_inside(tree: Tree) -> Tree | None:
    """What a 2-norm or Frobenius norm is of, None for anything else."""
    while isinstance(tree, Group):
        tree = tree.inner
    if isinstance(tree, Fence) and tree.bars == 2 and tree.subscript in ("", "2", "F"):
        return tree.inner
    return tree.arguments[0] if isinstance(tree, Call) and tree.function == "norm" else None


def _norm(board: Board, A: Array) -> Array:
    return board.entrywise(board.total(board.squared(A)), lambda M: power(M, HALF))


def _norm1(board: Board, A: Array) -> Array:
    return board.total(board.entrywise(A, lambda M: apply(ABS, M)))


def _trace(_: Board, A: Array) -> Array:
    if A.rows is None or A.columns is None:
        return A
    return Array(A.renamed({A.rows: A.columns}).terms)


def _diag(board: Board, A: Array) -> Array:
    """The diagonal matrix of a column, the column of a matrix's diagonal."""
    if A.rows is not None and A.columns is not None:
        return A.renamed({A.columns: A.rows})
    if A.rows is None:
        raise NoNotation
    unit = board.leaf(identity(board.size(A.rows)))
    along = A.renamed({A.rows: unit.rows}) if unit.rows is not None else A
    terms = [Term(term.coefficient, term.factors + unit.terms[0].factors) for term in along.terms]
    return Array(terms, unit.rows, unit.columns)


def _by_rows(board: Board, A: Array) -> tuple[Expression, Label, Label]:
    """A column for each value of one index, as the rows of a matrix; the index and its rows."""
    M, labels = board.settled(A)
    if A.rows is None or A.columns is not None or len(labels) != 2:
        raise NoNotation
    index = labels[0] if labels[1] == A.rows else labels[1]
    return (M if labels[0] == index else M.T), index, A.rows


def _softmax(board: Board, A: Array) -> Array:
    M, index, rows = _by_rows(board, A)
    return Array([Term(NUMBER_ONE, ((apply(SOFTMAX_ROWS, M), (index, rows)),))], rows)


def _logsumexp(board: Board, A: Array) -> Array:
    M, index, _ = _by_rows(board, A)
    return Array([Term(NUMBER_ONE, ((apply(LOGSUMEXP_ROWS, M), (index,)),))])


def _power_of_e(board: Board, A: Array) -> Array:
    if A.rows is not None and A.columns is not None:
        raise NoNotation  # of a matrix: entry by entry, or its exponential?
    return board.entrywise(A, exp)


REDUCTIONS: dict[str, Callable[[Board, Array], Array]] = {
    "norm": _norm,
    "norm1": _norm1,
    "sum": lambda board, A: board.total(A),
    "tr": _trace,
    "diag": _diag,
    "softmax": _softmax,
    "e_to": _power_of_e,
    "logsumexp": _logsumexp,
}
