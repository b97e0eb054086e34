"""Index sums read into matrix notation: Σ_{i,j} A[i,j] x[i] x[j] is x'A x.

What holds none of the sum's indices is read as anywhere else.  The rest is evaluated in index
notation (index_evaluation), which gives one expression without indices.  That is done twice: with
symbols for the parts, which settles the shapes, and with the parts themselves.

| code | refused |
| --- | --- |
| MX218 | a sum that has no matrix notation |
| MX219 | an index over two dimensions, or over none |
| MX220 | an index bound by no sum, or by two |
| MX221 | an index in place of a number |
| MX222 | parts whose shapes do not fit, within a sum |
| MX223 | a shifted index, or a range that hangs on an index |
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from itertools import product as combinations

from matdiff.errors import ShapeProblem
from matdiff.operations.algebra import Expression, symbol
from matdiff.shapes.candidates import Candidate, Plan, best_of
from matdiff.shapes.index_arrays import Board, Refined
from matdiff.shapes.index_evaluation import Evaluation
from matdiff.shapes.index_scopes import plain_parts
from matdiff.shapes.scope import Scope
from matdiff.shapes.unify import NOTHING_BOUND, Bindings
from matdiff.syntax.tree import IndexSum, Tree

MOST_COMBINATIONS = 24  # of the readings of the parts


def read_index_sum(scope: Scope, tree: IndexSum, lists: list[list[Candidate]]) -> list[Candidate]:
    """All readings of an index sum."""
    parts = plain_parts(tree)
    found: list[Candidate] = []
    problem: ShapeProblem | None = None
    for chosen in islice(combinations(*lists), MOST_COMBINATIONS):
        try:
            candidate = _reading(scope, tree, parts, chosen)
        except ShapeProblem as refused:
            problem = problem or refused
            continue
        if candidate is not None:
            found.append(candidate)
    if not found:
        raise problem or ShapeProblem(
            "the parts of the sum do not fit together", span=tree.span, code="MX222"
        )
    return best_of(found)


def _reading(
    scope: Scope, tree: IndexSum, parts: list[Tree], chosen: Sequence[Candidate]
) -> Candidate | None:
    bindings: Bindings | None = NOTHING_BOUND
    for candidate in chosen:
        bindings = bindings.merge(candidate.bindings) if bindings is not None else None
    if bindings is None:
        return None
    while True:
        values = [
            symbol(f"{at}", *candidate.under(bindings)) for at, candidate in enumerate(chosen)
        ]
        try:
            rows, columns = _evaluated(scope, tree, parts, values, bindings).shape
            break
        except Refined as refined:
            bindings = refined.bindings

    def build(expressions: Sequence[Expression], settled: Bindings) -> Expression:
        return _evaluated(scope, tree, parts, expressions, settled)

    meanings = tuple(candidate.meaning for candidate in chosen)
    return Candidate(
        rows,
        columns,
        Plan(build, tuple(candidate.plan for candidate in chosen)),
        bindings,
        sum(candidate.bend for candidate in chosen),
        scope.meaning(meanings) if any(meanings) else 0,
    )


def _evaluated(
    scope: Scope,
    tree: IndexSum,
    parts: list[Tree],
    values: Sequence[Expression],
    bindings: Bindings,
) -> Expression:
    plain = {id(part): value for part, value in zip(parts, values, strict=True)}
    return Evaluation(scope, Board(bindings), plain).expression(tree)
