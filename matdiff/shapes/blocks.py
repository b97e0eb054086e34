"""Blocks: [A, B; C, D].  Parts of a row have as many rows, rows of parts as many columns."""

from __future__ import annotations

from itertools import islice
from itertools import product as combinations

from matdiff.errors import ShapeProblem
from matdiff.operations.blocks import ABOVE, BESIDE
from matdiff.operations.record import Operation
from matdiff.shapes.candidates import Candidate, best_of
from matdiff.shapes.functions import applied, rule_of
from matdiff.shapes.names import zero_of_any_size
from matdiff.shapes.scope import Scope, span_between
from matdiff.shapes.writing import text_of
from matdiff.syntax.tree import Blocks, Tree

Part = tuple[Tree, list[Candidate]]
LONGEST_LEVEL = 64  # parts of a row
MOST_COMBINATIONS = 64  # of the readings of two neighbours


def read_blocks(scope: Scope, tree: Blocks, lists: list[list[Candidate]]) -> list[Candidate]:
    """All readings of a block matrix; ShapeProblem (MX224) names two parts that do not fit."""
    rest = iter(lists)
    rows: list[Part] = []
    above: list[Part] = []  # the row before
    for row in tree.rows:
        read = _level([(part, [*next(rest), *zero_of_any_size(scope, part)]) for part in row])
        if len(above) == len(read):
            read = [_aligned(*pair) for pair in zip(above, read, strict=True)]
        above = read
        rows.append((_Row(row), _joined(scope, BESIDE, read)))
    return _joined(scope, ABOVE, rows)


def _level(row: list[Part]) -> list[Part]:
    """A row with those readings of its parts that can be as high as the other parts."""
    if len(row) > LONGEST_LEVEL or all(len(candidates) == 1 for _, candidates in row):
        return row
    found = []
    for tree, candidates in row:
        others = [other for part, other in row if part is not tree]
        fitting = [
            one
            for one in candidates
            if all(any(_as_high(one, another) for another in other) for other in others)
        ]
        found.append((tree, fitting or candidates))
    return found


def _as_high(one: Candidate, other: Candidate) -> bool:
    bindings = one.bindings.merge(other.bindings)
    return bindings is not None and bindings.unify(one.rows, other.rows) is not None


def _aligned(above: Part, below: Part) -> Part:
    """A part whose unknown width is that of the part above, where one of its readings can have it;
    of several readings those that can."""
    tree, candidates = below
    found = []
    for candidate in candidates:
        for one in above[1][:1]:
            bindings = candidate.bindings.merge(one.bindings)
            bindings = bindings and bindings.unify(one.columns, candidate.columns)
            if bindings is not None:
                shape = candidate.under(bindings)
                meaning, bend = candidate.meaning, candidate.bend
                found.append(Candidate(*shape, candidate.plan, bindings, bend, meaning))
    return tree, found or candidates


class _Row(Tree):
    """The parts of one row under one name, for messages."""

    __slots__ = ("parts",)

    def __init__(self, parts: list[Tree]) -> None:
        self.parts, self.span = parts, span_between(parts[0], parts[-1])

    def __str__(self) -> str:
        text = ", ".join(text_of(part) for part in self.parts)
        return text if len(self.parts) == 1 else f"[{text}]"


def _joined(scope: Scope, operation: Operation, parts: list[Part]) -> list[Candidate]:
    """The parts beside or above one another, from the first on."""
    before, current = parts[0]
    for tree, candidates in parts[1:]:
        found = []
        pairs = islice(combinations(current, candidates), MOST_COMBINATIONS)
        for pair in pairs:
            candidate = applied(scope, rule_of(operation), 0, pair)
            if candidate is not None:
                found.append(candidate)
        if not found:
            raise _misfit(scope, operation, (before, parts[0][1][0]), (tree, candidates[0]))
        current = best_of(found)
    return current


def _misfit(
    scope: Scope, operation: Operation, left: tuple[Tree, Candidate], right: tuple[Tree, Candidate]
) -> ShapeProblem:
    (one, first), (other, second) = left, right
    where, what = ("beside", "rows") if operation is BESIDE else ("above", "columns")
    texts = [str(tree) if isinstance(tree, _Row) else text_of(tree) for tree in (one, other)]
    turned = second.columns is first.rows if operation is BESIDE else second.rows is first.columns
    return ShapeProblem(
        f"blocks {where} each other have as many {what}: {texts[0]} is {scope.describe(first)}, "
        f"{texts[1]} is {scope.describe(second)}",
        hint=f"the transpose of {texts[1]} would fit" if turned else None,
        span=span_between(one, other),
        code="MX224",
    )
