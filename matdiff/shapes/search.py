"""The search for a reading: every part in all ways its shapes allow, names as kinds are tried.

Parts are read before what they are part of, so one pass over the nodes does it.  Names that nobody
declared are taken for what their letter usually means; where that fails, other kinds are tried,
cheapest first.  A part fails by its own names alone, so no choice that agrees with a failed one on
these names is tried again, and what was read stays valid while the names in it keep their kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from matdiff.dimensions import ONE, Shape, shape_text
from matdiff.errors import MatdiffError, ShapeProblem
from matdiff.shapes.attempts import Attempt, MadeScalar, Refused, with_advice
from matdiff.shapes.candidates import Candidate
from matdiff.shapes.chains import read_chain
from matdiff.shapes.conventions import MATRIX, SCALAR, assignments, shape_of
from matdiff.shapes.evidence import (
    Asked,
    as_scalar,
    asked_of,
    declaration_advice,
    made_scalar,
    named_arrays,
    no_scalar,
)
from matdiff.shapes.fences import read_fence
from matdiff.shapes.functions import read_call
from matdiff.shapes.index_scopes import plain_parts
from matdiff.shapes.names import SIZED_CALLS, is_undeclared, read_name, read_number
from matdiff.shapes.powers import read_power
from matdiff.shapes.scope import Scope
from matdiff.shapes.sums import read_frobenius, read_group, read_sum, read_transpose
from matdiff.shapes.unify import NOTHING_BOUND, Bindings
from matdiff.shapes.writing import children, text_of
from matdiff.syntax.tree import (
    Blocks,
    Call,
    Chain,
    Fence,
    Frobenius,
    Group,
    Indexed,
    IndexSum,
    Name,
    Number,
    Power,
    Sum,
    Transpose,
    Tree,
)


def _read_index_sum(scope: Scope, tree: IndexSum, lists: list[list[Candidate]]) -> list[Candidate]:
    from matdiff.shapes.index_sums import read_index_sum  # few formulas need it

    return read_index_sum(scope, tree, lists)


def _read_indexed(scope: Scope, tree: Indexed, lists: list[list[Candidate]]) -> list[Candidate]:
    from matdiff.shapes.slices import read_indexed

    return read_indexed(scope, tree, lists)


def _read_blocks(scope: Scope, tree: Blocks, lists: list[list[Candidate]]) -> list[Candidate]:
    from matdiff.shapes.blocks import read_blocks

    return read_blocks(scope, tree, lists)


Rule = Callable[[Scope, Any, list[list[Candidate]]], list[Candidate]]
Kinds = tuple[str, ...]

RULES: dict[type[Tree], Rule] = {
    Name: read_name,
    Number: read_number,
    Sum: read_sum,
    Frobenius: read_frobenius,
    Chain: read_chain,
    Transpose: read_transpose,
    Power: read_power,
    Call: read_call,
    Fence: read_fence,
    Group: read_group,
    IndexSum: _read_index_sum,
    Indexed: _read_indexed,
    Blocks: _read_blocks,
}
# Limits on the search for kinds; beyond them the conventional problem is reported.
MOST_CHOICES = 40_000  # looked at, times the number of names
MOST_FAILED = 300  # read in vain
MOST_PARTS = 20_000  # read
MOST_JOINS = 8_000  # tried in chains
_ROOTS_KEPT = 24


class Search:
    """The parts of one or several trees, and what was found out about them."""

    __slots__ = (
        "arrays", "asked", "blamed", "expected", "matrices", "memory", "names", "order", "roots",
        "same_shape", "scope", "work",
    )  # fmt: skip

    def __init__(
        self,
        scope: Scope,
        roots: Sequence[Tree],
        expected: Sequence[Shape | None],
        same_shape: bool,
    ) -> None:
        self.scope, self.roots = scope, roots
        self.expected, self.same_shape = expected, same_shape
        self.memory: dict[tuple[int, Kinds], list[Candidate]] = {}
        self.work = 0
        self.blamed: tuple[str, ...] = ()  # names on which the problem that is raised depends
        self.asked: list[Asked] = []  # what is asked of arrays only
        self.order: list[tuple[Tree, list[Tree], tuple[str, ...]]] = []
        below: dict[int, tuple[str, ...]] = {}
        for node in _parts_of(roots):
            parts = _read_first(node)
            names: tuple[str, ...] = ()
            if isinstance(node, Name):
                names = (node.text,) if is_undeclared(scope, node.text) else ()
            elif any(below[id(part)] for part in parts):
                names = tuple(dict.fromkeys(name for part in parts for name in below[id(part)]))
            below[id(node)] = names
            self.order.append((node, parts, names))
            for of in asked_of(scope, node) if names else ():
                if below[id(of)]:
                    self.asked.append(Asked(node, of, below[id(of)]))
        self.arrays, self.matrices = named_arrays(scope, [node for node, _, _ in self.order])
        found = (name for root in roots for name in below[id(root)])
        self.names = list(dict.fromkeys(found))

    def attempts(self) -> list[Attempt]:
        """The reading to take, then others that are as likely; the conventional problem if none."""
        best: list[Attempt] = []
        failed: list[dict[str, str]] = []
        problem: ShapeProblem | None = None
        scalar: MadeScalar | None = None  # what is less likely than it is not taken
        for tried, (cost, kinds) in enumerate(assignments(self.names, self.arrays)):
            if (best and cost > best[0].doubt) or (scalar is not None and cost > scalar.doubt):
                break
            if (
                tried * (10 + len(self.names)) > MOST_CHOICES
                or len(failed) > MOST_FAILED
                or self.work > MOST_PARTS
                or self.scope.work > MOST_JOINS
            ):
                break
            chosen = dict(zip(self.names, kinds, strict=True))
            if any(all(chosen[name] == kind for name, kind in bad.items()) for bad in failed):
                continue
            try:
                found = self._read(chosen, cost)
            except Refused as refused:
                failed.append({name: chosen[name] for name in refused.names})
                if problem is None:
                    problem, self.blamed = with_advice(refused), refused.names
                if isinstance(refused, MadeScalar):
                    if scalar is None or refused.doubt < scalar.doubt:
                        scalar = refused
                if not refused.names:
                    break
                continue
            best = [a for a in best + found if a.doubt == min(b.doubt for b in best + found)]
        if best and scalar is None:
            scalar = self._scalar_instead(best[0].kinds)
        if not best or (scalar is not None and scalar.doubt < best[0].doubt):
            assert problem is not None
            if self.scope.meant is not None:
                raise self.scope.meant
            if scalar is not None:
                problem.hint = f"{problem.hint}, or {scalar.advice}"
            raise problem
        return sorted(best, key=lambda attempt: attempt.bend)

    def _read(self, kinds: dict[str, str], cost: int) -> list[Attempt]:
        """The likeliest readings under these kinds."""
        self.scope.kinds = kinds
        values: dict[int, list[Candidate]] = {}
        for node, parts, names in self.order:
            key = id(node), tuple([kinds[name] for name in names])
            found = self.memory.get(key)
            if found is None:
                try:
                    lists = [values[id(part)] for part in parts]
                    found = RULES[type(node)](self.scope, node, lists)
                except ShapeProblem as problem:
                    problem.located(node.span)
                    raise Refused(names, problem) from None
                except MatdiffError as problem:
                    raise problem.located(node.span) from None
                self.memory[key] = found
                self.work += 1
            values[id(node)] = found
        attempts = self._combined([values[id(root)] for root in self.roots], kinds, cost)
        least = min(attempt.doubt for attempt in attempts)
        likeliest = [attempt for attempt in attempts if attempt.doubt == least]
        reasons = [self._made_scalar(attempt, values) for attempt in likeliest]
        whole = [one for one, reason in zip(likeliest, reasons, strict=True) if reason is None]
        if not whole:
            assert reasons[0] is not None
            asked, name = reasons[0]
            advice = declaration_advice(name, kinds[name])
            raise MadeScalar(tuple(self.names), no_scalar(asked), least, advice)
        return whole

    def _scalar_instead(self, kinds: dict[str, str]) -> MadeScalar | None:
        """How a small letter taken for a matrix might as well be a scalar, as x in mean(x) x^2:
        most likely it is a column, of which something is asked by a slip."""
        for name in self.arrays:
            unusual = kinds.get(name) == MATRIX and name.islower()
            if unusual and name not in self.matrices:
                try:
                    self._read({**kinds, name: SCALAR}, 0)
                except MadeScalar as refused:
                    return refused
                except Refused:
                    continue
        return None

    def _made_scalar(
        self, attempt: Attempt, values: dict[int, list[Candidate]]
    ) -> tuple[Asked, str] | None:
        """What is asked of a scalar in this reading, and the name that is the reason for it."""
        for asked in self.asked:
            name = made_scalar(self.scope, asked, values[id(asked.of)], attempt.bindings)
            if name is not None:
                return asked, name
        return None

    def _combined(
        self, lists: list[list[Candidate]], kinds: dict[str, str], cost: int
    ) -> list[Attempt]:
        """The roots read together: bindings are shared, and shapes as they are wanted."""
        found: list[tuple[tuple[Candidate, ...], Bindings]] = [((), NOTHING_BOUND)]
        for root, candidates, wanted in zip(self.roots, lists, self.expected, strict=True):
            extended = []
            for before, bindings in found:
                for candidate in candidates:
                    shape = wanted
                    if shape is None and self.same_shape and before:
                        shape = before[0].rows, before[0].columns
                    together = _together(bindings, candidate, shape)
                    if together is not None:
                        extended.append(((*before, candidate), together))
            if not extended:
                first = found[0][0][0] if found[0][0] and wanted is None else None
                raise Refused(
                    tuple(self.names), self._wrong_shape(root, candidates[0], wanted, first)
                )
            extended.sort(key=lambda pair: (pair[1].doubt, sum(c.bend for c in pair[0])))
            found = extended[:_ROOTS_KEPT]
        attempts = [Attempt(candidates, bindings, kinds, cost) for candidates, bindings in found]
        whole = [attempt for attempt in attempts if self._single(attempt) is None]
        single = self._single(attempts[0])
        if not whole and single is not None:
            problem = as_scalar(single, self.arrays[single])
            advice = declaration_advice(single, kinds[single])
            if kinds[single] == SCALAR:
                raise MadeScalar(tuple(self.names), problem, cost, advice)
            raise Refused(tuple(self.names), problem)
        return whole

    def _single(self, attempt: Attempt) -> str | None:
        """A name that cannot be a scalar and has one entry in this reading; None without one."""
        for name in self.arrays:
            if name in attempt.kinds:
                shape = shape_of(name, attempt.kinds[name])
                if all(attempt.bindings.resolve(side) is ONE for side in shape):
                    return name
        return None

    def _wrong_shape(
        self, root: Tree, candidate: Candidate, wanted: Shape | None, first: Candidate | None
    ) -> ShapeProblem:
        shape = self.scope.describe(candidate)
        if wanted is not None:
            target = (
                "a scalar"
                if wanted[0] is wanted[1] and wanted[0].value == 1
                else (shape_text(wanted))
            )
            turned = wanted == (candidate.columns, candidate.rows) and wanted[0] is not wanted[1]
        else:
            assert first is not None
            target = self.scope.describe(first)
            turned = (first.rows, first.columns) == (candidate.columns, candidate.rows)
        return ShapeProblem(
            f"{text_of(root)} is {shape}, where {target} is wanted",
            hint="its transpose has that shape" if turned else None,
            span=root.span,
            code="MX213",
        )


def _together(bindings: Bindings, candidate: Candidate, shape: Shape | None) -> Bindings | None:
    merged = bindings.merge(candidate.bindings)
    if merged is None or shape is None:
        return merged
    for side, wanted in zip((candidate.rows, candidate.columns), shape, strict=True):
        merged = merged.unify(side, wanted) if merged is not None else None
    return merged


def _read_first(node: Tree) -> list[Tree]:
    """The parts whose candidates the rule of a node wants; sizes are not expressions."""
    if isinstance(node, Call) and node.function in SIZED_CALLS:
        return []
    if isinstance(node, IndexSum):
        return plain_parts(node)
    if isinstance(node, Call) and node.function == "unvec":
        return node.arguments[:1]  # unvec(x, m, n)
    return list(children(node))


def _parts_of(roots: Sequence[Tree]) -> list[Tree]:
    order: list[Tree] = []
    stack = list(roots)
    while stack:
        node = stack.pop()
        order.append(node)
        stack.extend(_read_first(node))
    order.reverse()
    return order
