"""Which index is bound where: indices without a sum, indices bound twice, parts without any."""

from __future__ import annotations

from matdiff.errors import ShapeProblem
from matdiff.shapes.names import SIZED_CALLS
from matdiff.shapes.writing import children, postorder, sum_sign, text_of
from matdiff.syntax.tree import Call, Chain, Indexed, IndexSum, Name, Sum, Tree

_SUMS_KEPT = 4  # around a part, for a hint


def refuse_unbound(root: Tree) -> None:
    """Raise ShapeProblem (MX220) for an index that no sum binds, or that two sums bind at once."""
    if not any(isinstance(node, (Indexed, IndexSum)) for node in postorder(root)):
        return
    none: frozenset[str] = frozenset()
    stack: list[tuple[Tree, frozenset[str], tuple[Sum, ...]]] = [(root, none, ())]
    while stack:
        node, bound, within = stack.pop()
        if isinstance(node, IndexSum):
            for name in node.indices:
                if name in bound:
                    raise ShapeProblem(
                        f"the index {name} is bound twice: a sum over {name} stands in another one",
                        hint=f"give the inner sum another index, as in {_other(name, bound)}",
                        span=node.span,
                        code="MX220",
                    )
            bound |= {*node.indices}
        elif isinstance(node, Indexed):
            for name in node.items:
                if name != ":" and name not in bound:
                    raise _unbound(node, name, within)
        if isinstance(node, Sum) and len(node.terms) > 1:
            within = (*within[-_SUMS_KEPT:], node)
        stack += [(part, bound, within) for part in reversed(children(node))]


def plain_parts(tree: IndexSum) -> list[Tree]:
    """The largest parts of a sum's body that hold none of its indices, in the order of the text."""
    uses = _uses(tree)
    found: list[Tree] = []
    stack: list[tuple[Tree, frozenset[str]]] = [(tree.body, frozenset(tree.indices))]
    while stack:
        node, bound = stack.pop()
        if not uses[id(node)] & bound:
            found.append(node)
        elif not (isinstance(node, Call) and node.function in SIZED_CALLS):
            if isinstance(node, IndexSum):
                bound |= {*node.indices}
            stack += [(part, bound) for part in reversed(children(node))]
    return found


def _uses(tree: IndexSum) -> dict[int, frozenset[str]]:
    """For each part the indices bound outside of it that it holds."""
    indices = {*tree.indices}
    order = postorder(tree)
    for node in order:
        if isinstance(node, IndexSum):
            indices |= {*node.indices}
    uses: dict[int, frozenset[str]] = {}
    for node in order:
        found = frozenset[str]().union(*(uses[id(part)] for part in children(node)))
        if isinstance(node, Name) and node.text in indices:
            found = frozenset((node.text,))
        elif isinstance(node, Indexed):
            found |= {*node.items} - {":"}
        elif isinstance(node, IndexSum):
            found -= {*node.indices}
        uses[id(node)] = found
    return uses


def _unbound(node: Indexed, name: str, within: tuple[Sum, ...]) -> ShapeProblem:
    hint = f"write Σ_{name} before what is to be summed" if len(name) == 1 else None
    for terms in (outer.terms for outer in within):
        for (_, term), (sign, after) in zip(terms, terms[1:], strict=False):
            head = _sum_at_end(term)
            if head is not None and name in head.indices:
                body = f"{text_of(head.body)} {'+' if sign > 0 else '-'} {text_of(after)}"
                hint = f"a sum ends before + and -; brackets hold it together: {sum_sign(head)} "
                hint += f"({body})"
    return ShapeProblem(
        f"the index {name} of {text_of(node)} is bound by no sum",
        hint=hint,
        span=node.span,
        code="MX220",
    )


def _sum_at_end(tree: Tree) -> IndexSum | None:
    last = tree.operands[-1] if isinstance(tree, Chain) else tree
    return last if isinstance(last, IndexSum) else None


def _other(name: str, bound: frozenset[str]) -> str:
    free = (letter for letter in "jklpqrstuvi" if letter not in bound)
    return next(free, f"{name}1")
