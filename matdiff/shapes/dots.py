r"""The dot of papers, \cdot: a product where that fits, of two columns their inner product.

It binds looser than the other products, so that in y x·w the column y x is multiplied by w.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matdiff.dimensions import ONE
from matdiff.errors import ShapeProblem
from matdiff.operations.algebra import Expression, multiply, transpose
from matdiff.shapes.candidates import Build, Candidate, Plan, best_of
from matdiff.shapes.joining import join
from matdiff.shapes.scope import Scope
from matdiff.shapes.unify import Bindings
from matdiff.shapes.writing import text_of
from matdiff.syntax.tree import Chain, Tree

DOT = "·"
Reader = Callable[[Scope, Chain, list[list[Candidate]]], list[Candidate]]


def read_dots(
    scope: Scope, tree: Chain, lists: list[list[Candidate]], read: Reader
) -> list[Candidate]:
    """All readings of a chain with dots; `read` reads one without."""
    signs = ["*" if sign == DOT else sign for sign in tree.operators]
    problem: ShapeProblem | None = None
    try:
        found = read(scope, Chain(tree.operands, signs, tree.operator_spans, tree.span), lists)
    except ShapeProblem as refused:
        found, problem = [], refused
    found = found + _inner_products(scope, tree, lists, read)
    if problem is not None and not found:
        raise problem
    return best_of(found)


def between_dots(tree: Chain) -> list[tuple[int, int]]:
    """The first operand of each part between dots, and the one after its last."""
    cuts = [i + 1 for i, sign in enumerate(tree.operators) if sign == DOT]
    return list(zip([0, *cuts], [*cuts, len(tree.operands)], strict=True))


def part_of(tree: Chain, first: int, end: int) -> Tree:
    """The operands from one up to another as a tree of their own."""
    operands = tree.operands[first:end]
    if len(operands) == 1:
        return operands[0]
    span = operands[0].span[0], operands[-1].span[1]
    signs, places = tree.operators[first : end - 1], tree.operator_spans[first : end - 1]
    return Chain(operands, signs, places, span)


def _inner_products(
    scope: Scope, tree: Chain, lists: list[list[Candidate]], read: Reader
) -> list[Candidate]:
    """The readings in which at least one dot is an inner product."""
    found: list[tuple[Candidate, bool]] = []
    for first, end in between_dots(tree):
        part = part_of(tree, first, end)
        try:
            single = end - first == 1
            candidates = lists[first] if single else read(scope, part, lists[first:end])  # type: ignore[arg-type]
        except ShapeProblem:
            return []
        if not first:
            found = [(candidate, False) for candidate in candidates]
            continue
        left = part_of(tree, 0, first)
        joined: list[tuple[Candidate, bool]] = []
        for before, dotted in found:
            for after in candidates:
                if (inner := _inner(scope, left, part, before, after)) is not None:
                    joined.append((inner, True))
                if (product := join("", before, after)) is not None:
                    joined.append((product, dotted))
        found = joined
    return [candidate for candidate, dotted in found if dotted]


def _inner(
    scope: Scope, left: Tree, right: Tree, before: Candidate, after: Candidate
) -> Candidate | None:
    bindings = before.bindings.merge(after.bindings)
    for side, other in (
        (before.columns, ONE),
        (after.columns, ONE),
        (before.rows, after.rows),
    ):
        bindings = bindings.unify(side, other) if bindings is not None else None
    if bindings is None or bindings.resolve(before.rows) is ONE:
        return None
    plan = Plan(_telling(scope, left, right), (before.plan, after.plan))
    bend = before.bend + after.bend
    return Candidate(ONE, ONE, plan, bindings, bend, scope.meaning((DOT, id(right))))


def _telling(scope: Scope, left: Tree, right: Tree) -> Build:
    note = f"{text_of(left)}·{text_of(right)} is read as the inner product of two columns"

    def build(parts: Sequence[Expression], _: Bindings) -> Expression:
        scope.notes.append(note)
        return multiply(transpose(parts[0]), parts[1])

    return build
