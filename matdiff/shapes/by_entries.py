"""Functions taken entry by entry that may be meant as functions of a matrix: tr(A log(A)).

log, exp and sqrt of a square matrix have two meanings.  The one that is taken is told where the
other is likely: below a trace or determinant, and of a symmetric matrix, unless the entries are
what the text is about, as in sum(exp(K)) and K∘log(K).
"""

from __future__ import annotations

from matdiff.dimensions import ONE
from matdiff.shapes.environment import Environment
from matdiff.shapes.writing import children
from matdiff.syntax.tree import (
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
    Tree,
)

_OF_MATRICES = {"log": "logm", "exp": "expm", "sqrt": "sqrtm"}
_OF_SQUARES = frozenset(("tr", "det", "logdet", "inv", "adj"))
_TELLING = frozenset(("symmetric", "spd"))  # such a matrix has functions as a whole


def taken_by_entries(root: Tree, environment: Environment) -> list[str]:
    """What to say of such functions of declared matrices, each once."""
    notes: dict[str, None] = {}
    stack = [(root, False)]  # and whether it stands below a trace or determinant
    while stack:
        node, below = stack.pop()
        if _is_about_entries(node):
            continue
        if isinstance(node, Call) and node.function in _OF_MATRICES:
            matrix = _square_name(node.arguments[0], environment)
            if matrix is not None and (below or _is_symmetric(matrix, environment)):
                notes[
                    f"{node.function} of a square matrix is taken entry by entry; the function of "
                    f"the matrix is {_OF_MATRICES[node.function]}"
                ] = None
        elif isinstance(node, Call):
            below = node.function in _OF_SQUARES
            if not below:
                continue
        stack += [(part, below) for part in children(node)]
    return list(notes)


def _is_about_entries(node: Tree) -> bool:
    if isinstance(node, Chain):
        return any(sign in ("∘", "⊘") for sign in node.operators)
    if isinstance(node, Power):
        return node.elementwise
    return isinstance(node, (Fence, Frobenius, Indexed, IndexSum))


def _square_name(tree: Tree, environment: Environment) -> str | None:
    """The declared square matrix that the argument is, but for a sign and scalar factors."""
    names: list[str] = []
    pending = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, Name):
            shape = environment.names.get(node.text)
            if shape is not None and shape[0] is ONE and shape[1] is ONE:
                continue
            if shape is None or shape[0] is not shape[1]:
                return None
            names.append(node.text)
        elif isinstance(node, (Group, Chain)) or (isinstance(node, Sum) and len(node.terms) == 1):
            pending += children(node)
        elif not isinstance(node, Number):
            return None
    return names[0] if len(names) == 1 else None


def _is_symmetric(name: str, environment: Environment) -> bool:
    variable = environment.variables.get(name)
    return variable is not None and not _TELLING.isdisjoint(variable.properties)
