"""What the tests of reading share: functions to call, and trees written on one line."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from matdiff.syntax import parse_expression
from matdiff.syntax.tree import (
    Blocks,
    Call,
    Chain,
    Declaration,
    Definition,
    Fence,
    Frobenius,
    Group,
    Indexed,
    IndexSum,
    Item,
    Name,
    Number,
    Power,
    Query,
    Remarked,
    Sum,
    Transpose,
    Tree,
)

FUNCTIONS = frozenset(
    "tr det logdet inv diag vec sum norm norm1 exp log sin sqrt sigmoid σ softmax relu kron"
    " max φ φ'".split()
)


def outline(tree: Tree | None) -> str:
    """A tree as a line that shows its structure: each node in its own brackets."""
    match tree:
        case None:
            return "-"
        case Remarked():
            return outline(tree.inner)
        case Name():
            return tree.text
        case Number():
            return str(tree.value)
        case Sum():
            signs = {1: "+", -1: "-"}
            return "(" + " ".join(signs[sign] + outline(term) for sign, term in tree.terms) + ")"
        case Frobenius():
            return f"({outline(tree.left)} : {outline(tree.right)})"
        case Chain():
            shown = outline(tree.operands[0])
            for operator, operand in zip(tree.operators, tree.operands[1:], strict=True):
                shown += f" {operator or '_'} {outline(operand)}"
            return f"<{shown}>"
        case Transpose():
            return f"T({outline(tree.operand)})"
        case Power():
            sign = ".^" if tree.elementwise else "^"
            return f"({outline(tree.base)}){sign}({outline(tree.exponent)})"
        case Call():
            return f"{tree.function}[{', '.join(map(outline, tree.arguments))}]"
        case Group():
            return f"({outline(tree.inner)})"
        case IndexSum():
            return f"Σ[{','.join(tree.indices)}; {outline(tree.bound)}; {outline(tree.body)}]"
        case Indexed():
            return f"{outline(tree.base)}[{','.join(map(outline, tree.items))}]"
        case Item():
            first, last = (outline(side) if side else "" for side in (tree.first, tree.last))
            return first if tree.single else f"{first}:{last}"
        case Blocks():
            return f"[{'; '.join(', '.join(map(outline, row)) for row in tree.rows)}]"
        case Fence():
            return f"{'|' * tree.bars}{outline(tree.inner)}{'|' * tree.bars}{tree.subscript}"
        case Declaration():
            sides = f"{outline(tree.rows)} {outline(tree.columns)}"
            return " ".join([f"{tree.name}: {tree.form}", sides, *tree.properties])
        case Definition():
            return f"{tree.name} = {outline(tree.expression)}"
        case Query():
            where = "; ".join(map(outline, tree.where))
            return (
                f"{tree.kind} {outline(tree.expression)} wrt {tree.wrt} as {tree.options}"
                f" == {outline(tree.claim)} where {where}"
            )
    raise AssertionError(type(tree))


@pytest.fixture(name="functions")
def _functions() -> frozenset[str]:
    return FUNCTIONS


@pytest.fixture(name="outline")
def _outline() -> Callable[[Tree | None], str]:
    return outline


@pytest.fixture
def read() -> Callable[..., str]:
    """The outline of an expression; further arguments are declared names."""

    def read_expression(text: str, *declared: str) -> str:
        return outline(parse_expression(text, declared=declared, functions=FUNCTIONS))

    return read_expression
