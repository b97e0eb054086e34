"""Sums, Frobenius products, transposes and groups."""

from __future__ import annotations

from collections.abc import Sequence

from matdiff.dimensions import ONE
from matdiff.operations.algebra import (
    MINUS_ONE,
    Expression,
    add,
    inner,
    number,
    number_value,
    scale,
    transpose,
)
from matdiff.shapes.candidates import Build, Candidate, Plan, best_of
from matdiff.shapes.messages import clash, first_text
from matdiff.shapes.scope import Scope, span_between
from matdiff.shapes.unify import Bindings
from matdiff.shapes.writing import text_of
from matdiff.syntax.tree import Frobenius, Group, Sum, Transpose


def read_sum(scope: Scope, tree: Sum, lists: list[list[Candidate]]) -> list[Candidate]:
    """A sum: all terms have one shape."""
    (sign, first), current = tree.terms[0], lists[0]
    if sign < 0:
        current = [_changed(candidate, _negative) for candidate in current]
    for i, ((sign, term), candidates) in enumerate(
        zip(tree.terms[1:], lists[1:], strict=True), start=1
    ):
        build = _difference if sign < 0 else _sum
        found = _of_one_shape(scope, build, current, candidates)
        if not found:
            before = text_of(first) if i == 1 else first_text(tree, i)
            raise clash(
                scope,
                "-" if sign < 0 else "+",
                (before, current[0]),
                (text_of(term), candidates[0]),
                span_between(first, term),
            )
        current = found
    return current


def read_frobenius(scope: Scope, tree: Frobenius, lists: list[list[Candidate]]) -> list[Candidate]:
    """A : B, the sum of the entries of A∘B."""
    left, right = lists
    found = _of_one_shape(scope, _inner, left, right)
    if not found:
        raise clash(
            scope, ":", (text_of(tree.left), left[0]), (text_of(tree.right), right[0]), tree.span
        )
    for candidate in found:
        candidate.rows = candidate.columns = ONE
    return best_of(found)


def read_transpose(scope: Scope, tree: Transpose, lists: list[list[Candidate]]) -> list[Candidate]:
    """A' of each candidate."""
    found = []
    for candidate in lists[0]:
        turned = _changed(candidate, _telling_letter(scope, tree) if tree.letter else _transpose)
        turned.rows, turned.columns = candidate.columns, candidate.rows
        found.append(turned)
    return found


def read_group(_: Scope, __: Group, lists: list[list[Candidate]]) -> list[Candidate]:
    """A bracket hands all its readings outwards."""
    return lists[0]


def negative(A: Expression) -> Expression:
    """-A, a number as one number."""
    value = number_value(A)
    return scale(MINUS_ONE, A) if value is None else number(-value)


def _of_one_shape(
    scope: Scope, build: Build, left: list[Candidate], right: list[Candidate]
) -> list[Candidate]:
    found = []
    for one in left:
        for other in right:
            bindings = one.bindings.merge(other.bindings)
            if bindings is not None:
                bindings = bindings.unify(one.rows, other.rows)
            if bindings is not None:
                bindings = bindings.unify(one.columns, other.columns)
            if bindings is None:
                continue
            rows, columns = one.under(bindings)
            meaning = 0
            if one.meaning or other.meaning:
                meaning = scope.meaning((one.meaning, other.meaning))
            plan = Plan(build, (one.plan, other.plan))
            bend = one.bend + other.bend
            found.append(Candidate(rows, columns, plan, bindings, bend, meaning))
    return best_of(found)


def _changed(candidate: Candidate, build: Build) -> Candidate:
    return Candidate(
        candidate.rows,
        candidate.columns,
        Plan(build, (candidate.plan,)),
        candidate.bindings,
        candidate.bend,
        candidate.meaning,
    )


def _telling_letter(scope: Scope, tree: Transpose) -> Build:
    """A^T is the transpose even where T is a name; the person should know."""
    environment = scope.environment
    if "T" not in environment.names and "T" not in environment.dimensions:
        return _transpose
    text = text_of(tree)

    def build(parts: Sequence[Expression], _: Bindings) -> Expression:
        scope.notes.append(f"{text} is a transpose, although T is a name here")
        return transpose(parts[0])

    return build


def _sum(parts: Sequence[Expression], _: Bindings) -> Expression:
    return add(parts[0], parts[1])


def _difference(parts: Sequence[Expression], _: Bindings) -> Expression:
    return add(parts[0], negative(parts[1]))


def _negative(parts: Sequence[Expression], _: Bindings) -> Expression:
    return negative(parts[0])


def _inner(parts: Sequence[Expression], _: Bindings) -> Expression:
    return inner(parts[0], parts[1])


def _transpose(parts: Sequence[Expression], _: Bindings) -> Expression:
    return transpose(parts[0])
