"""Trace, sum, diag and vec in normal form.

A trace is rotated to one representative, a trace of a rank-one
product is a scalar product, sum(A∘B) is tr(A'B).  Source: Magnus & Neudecker, chapters 1 and 2.
"""

from __future__ import annotations

from matdiff.dimensions import ONE, Shape
from matdiff.normal.blocks import diagonal_blocks
from matdiff.normal.core import (
    build,
    entrywise,
    flip,
    key,
    normal,
    plus,
    scaled,
    split,
    times,
    with_coefficient,
)
from matdiff.normal.diagonals import sorted_diagonals
from matdiff.normal.hadamard import cancelled, is_outer, outer_parts
from matdiff.normal.inverses import logdet_of, untransposed
from matdiff.normal.neighbours import combine
from matdiff.normal.products import reversal
from matdiff.normal.properties import has, properties_of
from matdiff.normal.sizes import size_of
from matdiff.operations.algebra import (
    ADD,
    HADAMARD,
    IDENTITY,
    INNER,
    MULTIPLY,
    NUMBER_ONE,
    SCALE,
    TRANSPOSE,
    Expression,
    is_identity,
    is_ones,
    is_zero,
    make,
    number,
    number_value,
    ones,
    zeros,
)
from matdiff.operations.blocks import ABOVE, BESIDE, SELECTION
from matdiff.operations.elementwise import POWER
from matdiff.operations.linear import (
    DIAG,
    DIAGONAL,
    KRONECKER,
    TOTAL,
    TRACE,
    UNVEC,
    VEC,
    diag,
    vec,
)
from matdiff.operations.matrix_functions import LOGM
from matdiff.operations.nonlinear import SOFTMAX
from matdiff.operations.record import Operation
from matdiff.operations.triangles import TRIL


@normal(INNER)
def inner_of(arguments: tuple[Expression, ...]) -> Expression:
    """A : B = tr(A'B), or the sum of a Hadamard product where one is there already."""
    A, B = arguments
    if A.columns is ONE:
        return times(flip(A), B)
    if HADAMARD in (A.operation, B.operation):
        return build(TOTAL, entrywise(A, B))
    return build(TRACE, times(flip(A), B))


@normal(TRACE)
def trace_of(arguments: tuple[Expression, ...]) -> Expression:
    """tr(X): linear, cyclic, blind to transposes."""
    (X,) = arguments
    if X.is_scalar:
        return X
    if has(X, "skew"):
        return number(0)
    operation = X.operation
    if operation is TRANSPOSE:
        return trace_of(X.arguments)
    if operation is ADD:
        return plus(trace_of((term,)) for term in X.arguments)
    if operation is SCALE:
        return entrywise(X.arguments[0], trace_of((X.arguments[1],)))
    if is_zero(X):
        return number(0)
    if operation is IDENTITY:
        return size_of(X.rows)
    if is_ones(X):
        return size_of(X.rows)
    if operation is DIAG:
        return build(TOTAL, X.arguments[0])
    if operation is KRONECKER and all(f.rows is f.columns for f in X.arguments):
        return entrywise(*(trace_of((f,)) for f in X.arguments))
    if operation is MULTIPLY:
        return _trace_of_product(list(X.arguments))
    if operation is HADAMARD:
        return build(TOTAL, build(DIAGONAL, X))
    if operation is LOGM:
        return logdet_of(X.arguments)
    if operation is TRIL:
        return trace_of(X.arguments)
    on_diagonal = diagonal_blocks(X)
    if on_diagonal is not None:
        return plus(trace_of((block,)) for block in on_diagonal)
    return _either_way(TRACE, X)


def _trace_of_product(chain: list[Expression]) -> Expression:
    for i, factor in enumerate(chain):
        if factor.columns is ONE:  # tr(x y'A) = y'A x
            return times(*chain[i + 1 :], *chain[: i + 1])
    if combine(chain[-1], chain[0]) is not None:
        return trace_of((times(*chain[-1:], *chain[:-1]),))
    for i, factor in enumerate(chain):
        if factor.operation is DIAG:  # tr(diag(x) A) = x'diag(A)
            rest = times(*chain[i + 1 :], *chain[:i])
            return times(flip(factor.arguments[0]), build(DIAGONAL, rest))
    if len(chain) == 2:
        A, B = chain
        if HADAMARD in (A.operation, B.operation):
            return build(TOTAL, entrywise(flip(A), B))
    sign, transposed = reversal(chain)
    words, turned = _rotations(chain), _rotations(transposed)
    shorter = next((word for word in words if len(word) < len(chain)), None)
    if shorter is not None:  # tr(D A D⁻¹) of a diagonal D
        return trace_of((times(*shorter),))
    if sign < 0 and turned[0] in words:  # tr(S K) of a symmetric and a skew matrix
        return number(0)
    best = min(words + turned, key=_word_key)
    shape = (best[0].rows, best[-1].columns)
    found = make(TRACE, (make(MULTIPLY, tuple(best), shape),), (ONE, ONE))
    return found if best in words else scaled(sign, found)


def _rotations(word: list[Expression]) -> list[list[Expression]]:
    """The word from each of its factors round to the one before, runs of diagonals unparted."""
    diagonal = [has(factor, "diagonal") for factor in word]
    starts = [i for i in range(len(word)) if not (diagonal[i - 1] and diagonal[i])] or [0]
    return [sorted_diagonals(word[i:] + word[:i]) for i in starts]


def _word_key(word: list[Expression]) -> tuple[int, list[str]]:
    keys = [key(factor) for factor in word]
    return sum(k.count("'") for k in keys), keys


@normal(TOTAL)
def total_of(arguments: tuple[Expression, ...]) -> Expression:
    """The sum of all entries: 1'X 1, with scalar products and traces recognised."""
    (X,) = arguments
    if X.is_scalar:
        return X
    if X.rows is ONE:
        X = flip(X)
    operation, inside, names = X.operation, X.arguments, properties_of(X)
    if is_zero(X) or "skew" in names:
        return number(0)
    if is_ones(X):
        return entrywise(size_of(X.rows), size_of(X.columns))
    if "onehot" in names:
        return NUMBER_ONE if X.columns is ONE else size_of(X.rows)
    if operation is ADD:
        return plus(total_of((term,)) for term in inside)
    if operation is SCALE:
        return entrywise(inside[0], total_of((inside[1],)))
    if operation in (DIAG, VEC, UNVEC):
        return total_of((inside[0],))
    if operation in (BESIDE, ABOVE):
        return plus(total_of((block,)) for block in inside)
    if operation is SOFTMAX:
        return NUMBER_ONE
    if operation is DIAGONAL:
        return build(TRACE, inside[0])
    if operation is KRONECKER:
        return entrywise(*(total_of((f,)) for f in inside))
    if operation is MULTIPLY:
        return _total_of_product(X)
    if operation is POWER and number_value(inside[1]) == 2:
        return inner_of((inside[0], inside[0]))
    if operation is HADAMARD:
        if len(inside) == 2 and POWER not in (inside[0].operation, inside[1].operation):
            A, B = inside
            if A.columns is ONE and HADAMARD not in (A.operation, B.operation):
                return _dot(A, B)
            return build(TRACE, times(flip(A), B))
        outer = next((f for f in inside if is_outer(f)), None)
        if outer is not None:  # sum((u v')∘M) = u'M v
            u, v = outer_parts(outer)
            return times(flip(u), entrywise(*(f for f in inside if f is not outer)), v)
        products = [f for f in inside if f.operation is MULTIPLY]
        if X.columns is ONE and len(products) == 1:  # sum((A x)∘y∘z) = x'A'(y∘z)
            (product,) = products
            return times(flip(product), entrywise(*(f for f in inside if f is not product)))
    return make(TOTAL, (X if X.columns is ONE else untransposed(X),), (ONE, ONE))


def _dot(u: Expression, v: Expression) -> Expression:
    return times(flip(u), v)


def _total_of_product(X: Expression) -> Expression:
    """1'A…B 1: ones at the ends are dropped, rank-one products are scalars."""
    chain = X.arguments
    if X.is_scalar:
        return X
    if any(f.columns is ONE for f in chain[:-1]):
        left, right = outer_parts(X)
        return entrywise(total_of((left,)), total_of((right,)))
    start = 1 if is_ones(chain[0]) and chain[0].rows is ONE else 0
    stop = len(chain) - 1 if is_ones(chain[-1]) and chain[-1].columns is ONE else len(chain)
    if start or stop < len(chain):
        return total_of((times(*chain[start:stop]),))
    if chain[0].operation is DIAG:
        return times(flip(chain[0].arguments[0]), *chain[1:], ones(X.columns))
    if chain[-1].operation is DIAG:
        return times(ones(ONE, X.rows), *chain[:-1], chain[-1].arguments[0])
    return _either_way(TOTAL, X)


@normal(DIAG)
def diag_of(arguments: tuple[Expression, ...]) -> Expression:
    """The diagonal matrix of a column."""
    (x,) = arguments
    if x.is_scalar:
        return x
    if is_ones(x):
        return make(IDENTITY, (), (x.rows, x.rows), (x.rows,))
    if is_zero(x):
        return zeros(x.rows, x.rows)
    if x.operation is SCALE:
        return scaled(x.arguments[0], diag_of((x.arguments[1],)))
    if x.operation is KRONECKER:
        return build(KRONECKER, *(diag_of((f,)) for f in x.arguments))
    if x.operation is SELECTION:  # diag(e_i) = e_i e_i'
        return times(x, flip(x))
    if x.operation is DIAGONAL and has(x.arguments[0], "diagonal"):
        return x.arguments[0]
    return diag(x)


@normal(DIAGONAL)
def diagonal_of(arguments: tuple[Expression, ...]) -> Expression:
    """The column of the diagonal."""
    (X,) = arguments
    if X.is_scalar:
        return X
    operation, inside = X.operation, X.arguments
    if is_identity(X) or is_ones(X):
        return ones(X.rows)
    if is_zero(X) or has(X, "skew"):
        return zeros(X.rows)
    if operation is SCALE:
        return scaled(inside[0], diagonal_of((inside[1],)))
    if operation is DIAG:
        return inside[0]
    if operation in (TRIL, TRANSPOSE):
        return diagonal_of(inside)
    if operation is HADAMARD:
        return entrywise(*(diagonal_of((f,)) for f in inside))
    if operation is POWER:
        return build(POWER, diagonal_of((inside[0],)), inside[1])
    if operation is KRONECKER and all(f.rows is f.columns for f in inside):
        return build(KRONECKER, *(diagonal_of((f,)) for f in inside))
    if operation is MULTIPLY:
        if is_outer(X):
            u, v = outer_parts(X)
            return entrywise(u, v)
        if inside[0].operation is DIAG:
            return entrywise(inside[0].arguments[0], diagonal_of((times(*inside[1:]),)))
        if inside[-1].operation is DIAG:
            return entrywise(diagonal_of((times(*inside[:-1]),)), inside[-1].arguments[0])
        if len(inside) == 2 and (joint := cancelled(inside[0], flip(inside[1]))) is not None:
            return times(joint, ones(joint.columns))
    return _either_way(DIAGONAL, X, (X.rows, ONE))


def _either_way(operation: Operation, X: Expression, shape: Shape = (ONE, ONE)) -> Expression:
    """A linear function that does not see the transpose, with a number taken out."""
    coefficient, rest = split(untransposed(X))
    return with_coefficient(coefficient, make(operation, (rest,), shape))


@normal(VEC)
def vec_of(arguments: tuple[Expression, ...]) -> Expression:
    """vec(X); vec of u v' is v⊗u."""
    (X,) = arguments
    if X.columns is ONE:
        return X
    if X.rows is ONE:
        return flip(X)
    if is_zero(X):
        return zeros(X.rows * X.columns)
    if is_ones(X):
        return ones(X.rows * X.columns)
    if X.operation is SCALE:
        return scaled(X.arguments[0], vec_of((X.arguments[1],)))
    if X.operation is UNVEC:
        return X.arguments[0]
    if X.operation is MULTIPLY and is_outer(X):
        u, v = outer_parts(X)
        return build(KRONECKER, v, u)
    return vec(X)
