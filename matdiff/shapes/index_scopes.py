"""Which index is bound where: indices without a sum, indices bound twice, parts without any."""

from __future__ import annotations

from collections.abc import Collection

from matdiff.errors import ShapeProblem
from matdiff.shapes.names import SIZED_CALLS
from matdiff.shapes.subscripts import split_subscript
from matdiff.shapes.writing import children, item_text, postorder, sum_sign, text_of
from matdiff.syntax.tree import Call, Chain, Indexed, IndexSum, Item, Name, Sum, Tree

_SUMS_KEPT = 4  # around a part, for a hint


def refuse_unbound(root: Tree, sizes: Collection[str], names: Collection[str]) -> None:
    """Raise ShapeProblem (MX220) for an index that no sum binds, or that two sums bind at once.

    `sizes` are the names of dimensions, which between index brackets are numbers; `names` those of
    variables.
    """
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
        elif isinstance(node, Name) and node.text not in names:
            _refuse_subscript(node, bound)
        elif isinstance(node, Indexed):
            for item in node.items:
                inside = item_names(item)
                if item.name is None and (shifted := [name for name in inside if name in bound]):
                    raise _shifted(item, shifted[0])
                for name in inside if item.single else ():
                    if name not in bound and name not in sizes:
                        raise _unbound(node, name, within, name in names)
        if isinstance(node, Sum) and len(node.terms) > 1:
            within = (*within[-_SUMS_KEPT:], node)
        stack += [(part, bound, within) for part in reversed(children(node))]


def item_names(item: Item) -> list[str]:
    """The names between index brackets that stand for one dimension."""
    bounds = [tree for tree in (item.first, item.last) if tree is not None]
    return [node.text for node in postorder(*bounds) if isinstance(node, Name)]


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
            found |= {item.name for item in node.items if item.name in indices}
        elif isinstance(node, IndexSum):
            found -= {*node.indices}
        uses[id(node)] = found
    return uses


def _refuse_subscript(node: Name, bound: frozenset[str]) -> None:
    """Raise ShapeProblem (MX220) for x_i below a sum over i, which would be any other name."""
    stem, _, below = node.text.rpartition("_")
    own = [letter for letter in below if letter in bound]
    if stem and below and len(own) == len(below):
        raise ShapeProblem(
            f"{node.text} below a sum over {', '.join(below)} is no entry",
            hint=f"write {stem}[{','.join(below)}]; or declare {node.text} if it is a name",
            span=node.span,
            code="MX220",
        )
    if own and split_subscript(node.text) is not None:  # A_ij below a sum over j
        free = next(letter for letter in below if letter not in own)
        whole = ",".join(":" if letter == free else letter for letter in below)
        raise ShapeProblem(
            f"{node.text} is an entry of {stem} whose index {free} no sum binds",
            hint=f"write {stem}[{whole}] for all of them, or Σ_{free} before what is summed; or "
            f"declare {node.text}",
            span=node.span,
            code="MX220",
        )


def _unbound(node: Indexed, name: str, within: tuple[Sum, ...], is_variable: bool) -> ShapeProblem:
    hint = f"write Σ_{name} before what is to be summed" if len(name) == 1 else None
    if is_variable:
        advice = (
            f"with a blank before its bracket, {text_of(node.base)} […] is a product with blocks"
        )
        hint = f"{hint}; {advice}" if hint else advice
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


def _shifted(item: Item, name: str) -> ShapeProblem:
    if item.single:
        hint = "a shifted index such as i+1 is the index of S x, with a 0/1 matrix S that shifts"
    else:
        hint = "a 0/1 matrix as a factor selects what the sum runs over"
    return ShapeProblem(
        f"`{item_text(item)}` between index brackets is not read: the index {name} stands alone",
        hint=hint,
        span=item.span,
        code="MX223",
    )


def _sum_at_end(tree: Tree) -> IndexSum | None:
    last = tree.operands[-1] if isinstance(tree, Chain) else tree
    return last if isinstance(last, IndexSum) else None


def _other(name: str, bound: frozenset[str]) -> str:
    free = (letter for letter in "jklpqrstuvi" if letter not in bound)
    return next(free, f"{name}1")
