"""What is known only when a whole program is: how often a matrix is inverted, solved, factored.

An inverse that is only multiplied, by one matrix or two vectors, solves instead; one that is wanted
anyway serves the equations with its matrix too.  Where a target has functions that take the
Cholesky factor of a matrix, it is computed once for its determinant and all equations.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from matdiff.emission.values import Kernels, Value, order_of

INVERSES = ("inverse", "inverse_spd")


def solving(kernels: Kernels, roots: Sequence[Value]) -> list[Value]:
    """The program with solutions for inverses that are only multiplied, and the other way round."""
    users: dict[Value, list[Value]] = {}
    for value in order_of(roots):
        for argument in value.arguments:
            users.setdefault(argument, []).append(value)

    apart: set[Value] = set()
    kept: dict[Value, Value] = {}
    for value in order_of(roots):
        if value.kernel in INVERSES:
            uses = _products_with(value, roots, users)
            if uses is not None and _is_cheap(uses):
                apart.add(value)
            else:
                kept[value.arguments[0]] = value

    def change(value: Value, given: Sequence[Value]) -> Value:
        if value.kernel == "matmul":
            for place in range(2):
                if _untransposed(value.arguments[place]) in apart:
                    return _solved(kernels, given, place)
        if value.kernel in ("solve", "solve_spd"):
            A = value.arguments[0]
            inverse = kept.get(_untransposed(A))
            if inverse is not None:
                made = kernels.inverse(_untransposed(given[0]), spd=inverse.kernel == "inverse_spd")
                is_turned = A.kernel == "transpose"
                return kernels.matmul(kernels.transpose(made) if is_turned else made, given[1])
        return kernels.make(value.kernel, *given, shape=value.shape, data=value.data)

    return rebuilt(roots, change)


def _products_with(
    inverse: Value, roots: Sequence[Value], users: Mapping[Value, Sequence[Value]]
) -> list[Value] | None:
    """The products with an inverse or its transpose; None if it is used otherwise."""
    turned = [user for user in users.get(inverse, []) if user.kernel == "transpose"]
    uses = [user for each in (inverse, *turned) for user in users.get(each, [])]
    products = [user for user in uses if user not in turned]
    for user in products:
        if user.kernel != "matmul" or user.arguments[0] is user.arguments[1]:
            return None
    return None if any(each in roots for each in (inverse, *turned)) else products


def _is_cheap(products: Sequence[Value]) -> bool:
    """Whether solutions cost less than the inverse.  Each factors the matrix anew: two of matrices
    take up to 1.4 times as long (n = 100), two of vectors half as long."""
    return len(products) == 1 or (len(products) == 2 and all(p.rank == 1 for p in products))


def _untransposed(value: Value) -> Value:
    return value.arguments[0] if value.kernel == "transpose" else value


def _solved(kernels: Kernels, factors: Sequence[Value], place: int) -> Value:
    """A product of which one factor is an inverse or its transpose: A^-1 B, or B A^-1, which is
    the transpose of A'^-1 B'."""
    inverse, other = _untransposed(factors[place]), factors[1 - place]
    A, spd = inverse.arguments[0], inverse.kernel == "inverse_spd"
    is_turned = factors[place].kernel == "transpose"
    if not spd and is_turned is (place == 0):
        A = kernels.transpose(A)
    if place == 0:
        return kernels.solve(A, other, spd=spd)
    return kernels.transpose(kernels.solve(A, kernels.transpose(other), spd=spd))


def factored(kernels: Kernels, roots: Sequence[Value], by_factor: Collection[str]) -> list[Value]:
    """The program with Cholesky's factor given to those kernels that take it."""

    def change(value: Value, given: Sequence[Value]) -> Value:
        if value.kernel in by_factor:
            A, *others = given
            given = [kernels.make("cholesky", A, shape=A.shape), *others]
        return kernels.make(value.kernel, *given, shape=value.shape, data=value.data)

    return rebuilt(roots, change)


def rebuilt(
    roots: Sequence[Value], change: Callable[[Value, Sequence[Value]], Value]
) -> list[Value]:
    """The roots with `change(value, new arguments)` in place of each value, arguments first."""
    new: dict[Value, Value] = {}
    for value in order_of(roots):
        new[value] = change(value, [new[argument] for argument in value.arguments])
    return [new[root] for root in roots]
