"""Fences: |A| is the determinant of a square matrix and the absolute value of a scalar; ‖x‖ a norm.

‖A‖ and ‖A‖_F are the Frobenius norm, ‖x‖_2 the length of a column, ‖A‖_* the nuclear norm; ‖A‖_1
is the sum of all absolute values and ‖A‖_∞ the largest.  Norms that are not supported are refused,
never taken for another.
"""

from __future__ import annotations

from collections.abc import Callable

from matdiff.dimensions import ONE
from matdiff.errors import ShapeProblem
from matdiff.operations.algebra import Expression, apply
from matdiff.operations.elementwise import ABS
from matdiff.operations.nonlinear import NORM1, det, norm
from matdiff.operations.norms import largest, nuclear
from matdiff.shapes.candidates import Build, Candidate, Plan
from matdiff.shapes.messages import inside
from matdiff.shapes.scope import Scope
from matdiff.shapes.unify import Bindings
from matdiff.syntax.tree import Fence

_NORMS: dict[str, Callable[[Expression], Expression]] = {
    "1": lambda A: apply(NORM1, A),
    "∞": lambda A: largest(apply(ABS, A)),
    "*": nuclear,
}
_ENTRYWISE = {"1": "sum of the absolute values", "∞": "largest absolute value"}


def read_fence(scope: Scope, tree: Fence, lists: list[list[Candidate]]) -> list[Candidate]:
    """All readings of a fence."""
    found = []
    for candidate in lists[0]:
        bindings = _fitting(tree, candidate)
        if bindings is not None:
            plan = Plan(_build(scope, tree, candidate, bindings), (candidate.plan,))
            found.append(Candidate(ONE, ONE, plan, bindings, candidate.bend, candidate.meaning))
    if found:
        return found
    raise _problem(scope, tree, lists[0][0])


def _fitting(tree: Fence, candidate: Candidate) -> Bindings | None:
    """The bindings under which what stands in the fence has a shape it takes."""
    bindings, rows, columns = candidate.bindings, candidate.rows, candidate.columns
    if tree.bars == 1:
        return bindings.unify(rows, columns)
    if tree.subscript == "2" and rows is not ONE:
        return bindings.unify(columns, ONE)
    return bindings


def _build(scope: Scope, tree: Fence, candidate: Candidate, bindings: Bindings) -> Build:
    if tree.bars == 1:
        return lambda parts, _: _absolute(parts[0])
    build = _NORMS.get(tree.subscript, norm)
    if tree.subscript in _ENTRYWISE and ONE not in candidate.under(bindings):
        return lambda parts, _: _entrywise(scope, tree, build(parts[0]))
    return lambda parts, _: build(parts[0])


def _absolute(A: Expression) -> Expression:
    return apply(ABS, A) if A.is_scalar else det(A)


def _entrywise(scope: Scope, tree: Fence, value: Expression) -> Expression:
    text, meaning = inside(tree.inner), _ENTRYWISE[tree.subscript]
    scope.notes.append(f"‖{text}‖_{tree.subscript} is the {meaning} of all entries")
    return value


def _problem(scope: Scope, tree: Fence, candidate: Candidate) -> ShapeProblem:
    text, shape = inside(tree.inner), scope.describe(candidate)
    if tree.bars == 2:
        return ShapeProblem(
            f"‖…‖_2 is the length of a column, {text} is {shape}; the spectral norm is not "
            "supported yet",
            hint=f"the Frobenius norm is written ‖{text}‖_F",
            span=tree.span,
            code="MX207",
        )
    what = "the norm" if ONE in (candidate.rows, candidate.columns) else "the Frobenius norm"
    return ShapeProblem(
        "|…| is the absolute value of a scalar or the determinant of a square matrix, "
        f"{text} is {shape}",
        hint=f"{what} is written ‖{text}‖ or norm({text}), absolute values of all entries "
        f"abs({text})",
        span=tree.span,
        code="MX207",
    )
