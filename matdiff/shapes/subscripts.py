"""Names with a subscript that are entries of what is declared: x_i beside x.

x_i outside of any sum over i would be a name of its own and so a constant, and x_j - x_i would lose
half of its derivative.  It is read as a name only where nothing speaks for an entry: where it is
declared, or has the shape of x itself, as an iterate or sample does in norm(x - x_k).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from matdiff.dimensions import Shape
from matdiff.errors import ShapeProblem
from matdiff.shapes.environment import Environment
from matdiff.shapes.runs import names_used
from matdiff.shapes.writing import postorder
from matdiff.syntax.tree import Indexed, Name, Tree

_COUNTING = frozenset("ijklmnpqrstuv")  # letters of a pair of indices
_WORDS = frozenset(("in", "it", "is"))  # pairs of them that are words: W_in


def split_subscript(name: str) -> tuple[str, str] | None:
    """The name and the one or two letters below it that may be indices; None for other names.

    >>> split_subscript("A_ij"), split_subscript("x_new"), split_subscript("x_1")
    (('A', 'ij'), None, None)
    """
    base, _, below = name.rpartition("_")
    if not base or not (below.isascii() and below.isalpha() and below.islower()):
        return None
    pair = len(below) == 2 and _COUNTING.issuperset(below) and below not in _WORDS
    return (base, below) if len(below) == 1 or pair else None


class Entry:
    """An undeclared name that looks like an entry of `base`, and where it stands."""

    __slots__ = ("base", "below", "node")

    def __init__(self, node: Name, base: str, below: str) -> None:
        self.node, self.base, self.below = node, base, below

    def problem(self) -> ShapeProblem:
        name, indices = self.node.text, ",".join(self.below)
        several = len(self.below) > 1
        one, sign = ("1,1", f"Σ_{{{indices}}}") if several else ("1", f"Σ_{indices}")
        return ShapeProblem(
            f"{name} is an entry of {self.base} whose ind{'ices' if several else 'ex'} {indices} "
            f"no sum binds",
            hint=f"write {sign} {self.base}[{indices}] for their sum, {self.base}[{one}] "
            f"for one entry; or declare {name}",
            span=self.node.span,
            code="MX220",
        )


def entries(roots: Iterable[Tree], environment: Environment, wrt: str | None) -> list[Entry]:
    """The undeclared names that may be entries: of a declared array, of the variable, or of what is
    read by entries elsewhere."""
    read = list(postorder(*roots))
    by_entries = {n.base.text for n in read if isinstance(n, Indexed) and isinstance(n.base, Name)}
    found = []
    for node in sorted((n for root in roots for n in names_used(root)), key=lambda n: n.span):
        parts = split_subscript(node.text)
        if parts is None or node.text == wrt or _is_known(node.text, environment):
            continue
        base, below = parts
        if base in by_entries or base == wrt or _is_array(base, environment):
            found.append(Entry(node, base, below))
    return found


def refuse_entries(
    found: Sequence[Entry], environment: Environment, inferred: Mapping[str, Shape]
) -> None:
    """Raise ShapeProblem (MX220) for an entry whose shape is not that of the whole array."""
    for entry in found:
        whole = inferred.get(entry.base) or environment.names.get(entry.base)
        if inferred.get(entry.node.text) != whole:
            raise entry.problem()


def _is_known(name: str, environment: Environment) -> bool:
    return name in environment.names or name in environment.dimensions


def _is_array(base: str, environment: Environment) -> bool:
    """Whether a name was declared or defined as an array; what is inferred may be anything."""
    variable = environment.variables.get(base)
    if variable is not None and not variable.declared:
        return False
    shape = environment.names.get(base)
    return shape is not None and any(side.value != 1 for side in shape)
