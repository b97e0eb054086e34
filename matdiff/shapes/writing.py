"""Surface trees as text, for messages: what the person typed, in one uniform spelling."""

from __future__ import annotations

from fractions import Fraction

from matdiff.syntax.tree import (
    Blocks,
    Call,
    Chain,
    Fence,
    Frobenius,
    Group,
    Indexed,
    IndexSum,
    Item,
    Name,
    Number,
    Power,
    Sum,
    Transpose,
    Tree,
)

LONGEST = 48  # characters of an operand shown in a message

Splits = dict[tuple[int, int], int]  # operands first…last of a chain are joined after which one


def children(tree: Tree) -> tuple[Tree, ...] | list[Tree]:
    """The parts of a surface node, in the order of the text."""
    if isinstance(tree, Chain):
        return tree.operands
    if isinstance(tree, Sum):
        return [term for _, term in tree.terms]
    if isinstance(tree, (Group, Fence)):
        return (tree.inner,)
    if isinstance(tree, Transpose):
        return (tree.operand,)
    if isinstance(tree, Call):
        return tree.arguments
    if isinstance(tree, Power):
        return tree.base, tree.exponent
    if isinstance(tree, Frobenius):
        return tree.left, tree.right
    if isinstance(tree, IndexSum):
        return (tree.body,)
    if isinstance(tree, Indexed):
        return (tree.base,)
    if isinstance(tree, Blocks):
        return [part for row in tree.rows for part in row]
    return ()


def postorder(*roots: Tree) -> list[Tree]:
    """All nodes under the roots, parts before what they are part of, in the order of the text."""
    order: list[Tree] = []
    stack = list(roots)
    while stack:
        node = stack.pop()
        order.append(node)
        stack.extend(children(node))
    order.reverse()
    return order


def text_of(tree: Tree, brackets: dict[int, Splits] | None = None, longest: int = LONGEST) -> str:
    """The tree as one would type it, cut off in the middle where it is too long.

    `brackets` shows how chains are read: for the id of each, where its runs of operands are split.
    """
    written: dict[int, str] = {}
    for node in postorder(tree):
        splits = brackets.get(id(node)) if brackets else None
        text = _written(node, [written[id(part)] for part in children(node)], splits)
        written[id(node)] = text if len(text) <= 4 * longest else _cut(text, 4 * longest)
    return _cut(written[id(tree)], longest)


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    half = (longest - 1) // 2
    return f"{text[:half]}…{text[-half:]}"


def _written(tree: Tree, parts: list[str], splits: Splits | None) -> str:
    if isinstance(tree, Name):
        return tree.text
    if isinstance(tree, Number):
        return number_text(tree.value)
    if isinstance(tree, Chain):
        if splits is not None:
            return _bracketed(tree, parts, splits)
        return _run(parts, tree.operators)
    if isinstance(tree, Sum):
        text = "-" * (tree.terms[0][0] < 0) + parts[0]
        for (sign, _), part in zip(tree.terms[1:], parts[1:], strict=True):
            text += f" {'+' if sign > 0 else '-'} {part}"
        return text
    if isinstance(tree, Frobenius):
        return " : ".join(parts)
    if isinstance(tree, Transpose):
        if parts[0].endswith("^-1"):
            return f"{parts[0][:-1]}T"
        return f"{parts[0]}^T" if tree.letter else f"{parts[0]}'"
    if isinstance(tree, Power):
        exponent = parts[1]
        if isinstance(tree.exponent, (Chain, Frobenius, Power, Sum)) or "/" in exponent:
            exponent = f"({exponent})"
        return f"{parts[0]}{'.^' if tree.elementwise else '^'}{exponent}"
    if isinstance(tree, Call):
        return f"{tree.function}({', '.join(parts)})"
    if isinstance(tree, Group):
        return f"({parts[0]})"
    if isinstance(tree, IndexSum):
        return f"{sum_sign(tree)} {parts[0]}"
    if isinstance(tree, Indexed):
        return f"{parts[0]}[{','.join(map(item_text, tree.items))}]"
    if isinstance(tree, Blocks):
        rest = iter(parts)
        return f"[{'; '.join(', '.join(next(rest) for _ in row) for row in tree.rows)}]"
    assert isinstance(tree, Fence)
    bars = "|" if tree.bars == 1 else "‖"
    return f"{bars}{parts[0]}{bars}" + (f"_{tree.subscript}" if tree.subscript else "")


def item_text(item: Item) -> str:
    """What stands for one dimension between index brackets: i, 2, :, 1:n."""
    bounds = ("" if tree is None else text_of(tree) for tree in (item.first, item.last))
    first, last = (bound.replace(" + ", "+").replace(" - ", "-") for bound in bounds)
    return first if item.single else f"{first}:{last}"


def sum_sign(tree: IndexSum) -> str:
    """The head of an index sum, without its bound."""
    indices = ",".join(tree.indices)
    return f"Σ_{indices}" if len(indices) == 1 else f"Σ_{{{indices}}}"


def number_text(value: Fraction) -> str:
    """A number as one types it: decimals where they are short, else a fraction."""
    text = str(value)
    if value.denominator == 1 or len(text) > 40:
        return text
    for places in range(1, 7):
        if (value * 10**places).denominator == 1:
            return f"{float(value):.{places}f}"
    return text


def _run(parts: list[str], operators: list[str]) -> str:
    text = [parts[0]]
    for operator, part in zip(operators, parts[1:], strict=True):
        text += [operator or " ", part]
    return "".join(text)


def _bracketed(chain: Chain, parts: list[str], splits: Splits) -> str:
    """A chain with brackets around every run that stands under another operator."""

    def run(first: int, last: int) -> tuple[str, str]:
        """The text of a run of operands, and the operator it is joined by."""
        if (first, last) not in splits:
            return _run(parts[first : last + 1], chain.operators[first:last]), ""
        middle = splits[first, last]
        operator = chain.operators[middle].replace("*", "") or " "
        sides = []
        for place, (start, end) in enumerate(((first, middle), (middle + 1, last))):
            side, inner = run(start, end)
            associates = inner == operator and (place == 0 or operator != "⊘")
            sides.append(side if not inner or associates else f"({side})")
        return operator.join(sides), operator

    return run(0, len(parts) - 1)[0]
