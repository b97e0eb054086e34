"""What shows that something is an array: nobody transposes a scalar, takes its sum, trace or
determinant, or writes a dot before its power.

A name that nobody declared and of which this is asked is no scalar; and where it is asked of an
expression, as in sum(1 - x), the shapes must not agree only because a name in it is taken for one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from matdiff.dimensions import ONE, Shape
from matdiff.errors import ShapeProblem
from matdiff.shapes.candidates import Candidate
from matdiff.shapes.conventions import SCALAR, is_scalar_letter
from matdiff.shapes.functions import is_of_arrays, is_of_squares, reduces
from matdiff.shapes.names import CONSTANTS, SIZED_CALLS
from matdiff.shapes.runs import names_used
from matdiff.shapes.scope import Scope
from matdiff.shapes.unify import Bindings
from matdiff.shapes.writing import postorder, text_of
from matdiff.syntax.tree import Call, Chain, Fence, Frobenius, Name, Power, Transpose, Tree


class Asked:
    """What is asked of arrays only: `node`, of the expression `of`, in which the undeclared `names`
    occur.  |A| is asked of matrices only where a capital stands for a scalar in it."""

    __slots__ = ("names", "node", "of")

    def __init__(self, node: Tree, of: Tree, names: tuple[str, ...]) -> None:
        self.node, self.of, self.names = node, of, names


def named_arrays(scope: Scope, nodes: Iterable[Tree]) -> tuple[dict[str, Tree], set[str]]:
    """The names of which something is asked that no scalar has, and where that is seen; and those
    that may well be matrices: transposed, or below a trace or determinant."""
    found: dict[str, Tree] = {}
    matrices: set[str] = set()
    for node in nodes:
        for operand in _named_operands(scope, node):
            found.setdefault(operand.text, node)
            is_square = isinstance(node, Call) and is_of_squares(scope, node)
            if isinstance(node, Transpose) or is_square:
                matrices.add(operand.text)
    return found, matrices


def _named_operands(scope: Scope, node: Tree) -> list[Name]:
    """The names of which the node asks something that no scalar has."""
    operands: list[Tree] = []
    if isinstance(node, Transpose):
        operands = [node.operand]
    elif isinstance(node, Call) and reduces(scope, node):
        operands = node.arguments[:1]
    elif isinstance(node, Fence) and node.bars == 2:
        operands = [node.inner]
    elif isinstance(node, Chain):
        operands = _factors_of_kronecker(node)
    return [operand for operand in operands if isinstance(operand, Name)]


def asked_of(scope: Scope, node: Tree) -> list[Tree]:
    """The expressions of which the node asks something that has no meaning for a scalar."""
    if isinstance(node, Transpose):
        return [node.operand]
    if isinstance(node, Fence):
        return [node.inner]
    if isinstance(node, Frobenius):
        return [node.left, node.right]
    if isinstance(node, Power) and node.elementwise:
        return [node.base]
    if isinstance(node, Chain):
        by_entries = {"∘", "⊘"}.intersection(node.operators)
        return [node, *_factors_of_kronecker(node)] if by_entries else _factors_of_kronecker(node)
    if isinstance(node, Call) and node.function != "unvec" and is_of_arrays(scope, node):
        return node.arguments
    return []


def _factors_of_kronecker(chain: Chain) -> list[Tree]:
    found: list[Tree] = []
    for left, sign, right in zip(chain.operands, chain.operators, chain.operands[1:], strict=False):
        if sign in ("⊗", "⊛"):
            found += [left, right]
    return found


def made_scalar(
    scope: Scope, asked: Asked, candidates: Sequence[Candidate], bindings: Bindings
) -> str | None:
    """A name without which that expression would be no scalar in this reading; None if it is an
    array, or a scalar that is made of arrays as x'A x is."""
    fitting = [one for one in candidates if one.bindings.merge(bindings) is not None]
    shapes = [(bindings.resolve(one.rows), bindings.resolve(one.columns)) for one in fitting]
    if not shapes or not all(_is_scalar(shape) for shape in shapes):
        return None
    is_absolute = isinstance(asked.node, Fence) and asked.node.bars == 1
    for name in asked.names:
        shape = _resolved(scope, name, bindings)
        unusual = not is_scalar_letter(name) if _is_scalar(shape) else shape[0] is ONE
        if unusual and (name[0].isupper() or not is_absolute):
            return name
    if is_absolute or _holds_array(scope, asked.of, bindings):
        return None
    return asked.names[0]


def no_scalar(asked: Asked) -> ShapeProblem:
    """What is said where the shapes agree in that way only."""
    of = asked.of
    if of is asked.node and isinstance(of, Chain):
        of = of.operands[0]
    return ShapeProblem(
        f"the shapes agree only if {text_of(of)} is a scalar, of which there is no "
        f"{text_of(asked.node)}",
        hint="c*ones(n) adds c to every entry of a column, c*I to a diagonal; x.^2 squares every "
        "entry",
        span=asked.node.span,
        code="MX231",
    )


def as_scalar(name: str, seen: Tree) -> ShapeProblem:
    return ShapeProblem(
        f"the shapes agree only if {name} is a scalar, of which there is no {text_of(seen)}",
        hint=f"brackets may be missing, as in a/(b c), or a dot, as in {name}.^2; declare "
        f"{name} : scalar if it is one",
        span=seen.span,
        code="MX231",
    )


def declaration_advice(name: str, kind: str) -> str:
    """How to declare a name that is meant to be what nobody would take it for."""
    return f"{name} : {'scalar' if kind == SCALAR else '1×n'} if that is meant"


def _holds_array(scope: Scope, tree: Tree, bindings: Bindings) -> bool:
    """Whether any name or constant in it is an array in this reading."""
    for node in names_used(tree):
        if node.text in CONSTANTS - {"pi"} - scope.environment.names.keys():
            return True
        if scope.shape_of_name(node.text) is not None:
            if not _is_scalar(_resolved(scope, node.text, bindings)):
                return True
    return any(isinstance(n, Call) and n.function in SIZED_CALLS for n in postorder(tree))


def _resolved(scope: Scope, name: str, bindings: Bindings) -> Shape:
    shape = scope.shape_of_name(name)
    assert shape is not None
    return bindings.resolve(shape[0]), bindings.resolve(shape[1])


def _is_scalar(shape: Shape) -> bool:
    return shape[0] is ONE and shape[1] is ONE
