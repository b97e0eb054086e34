"""What is said of an index sum that cannot be read; the codes stand in index_sums."""

from __future__ import annotations

from matdiff.dimensions import Dimension
from matdiff.errors import ShapeProblem
from matdiff.operations.record import Operation
from matdiff.shapes.writing import item_text, sum_sign, text_of
from matdiff.syntax.tree import Call, Fence, Indexed, IndexSum, Name, Tree


def no_notation(node: Tree) -> ShapeProblem:
    """A part, or a whole sum, that cannot be said with matrices."""
    what = f"{text_of(node)} for each value of an index has"
    if isinstance(node, IndexSum):
        what = f"the sum {sum_sign(node)} has"
    return ShapeProblem(
        f"{what} no matrix notation",
        hint="in a sum stand products, sums, powers and functions of single entries, each over at "
        "most two indices",
        span=node.span,
        code="MX218",
    )


def of_a_whole(node: Call, record: Operation) -> ShapeProblem:
    """An unknown function of a scalar or column for each value of an index."""
    assert record.unknown is not None
    name = record.unknown.name
    return ShapeProblem(
        f"{text_of(node)} for each value of an index has no matrix notation",
        hint=f"a function of single entries is declared by {name} : elementwise",
        span=node.span,
        code="MX218",
    )


def no_range(node: IndexSum, name: str) -> ShapeProblem:
    """An index that nothing in the sum has."""
    return ShapeProblem(
        f"the range of {name} is not known: nothing in the sum has this index",
        hint=f"state it: sum_{{{name}=1}}^{{n}}",
        span=node.span,
        code="MX219",
    )


def two_ranges(
    node: Tree, name: str, first: str, sizes: tuple[Dimension, Dimension]
) -> ShapeProblem:
    """An index over two dimensions; `first` says where it had the first one."""
    one, other = sizes
    return ShapeProblem(
        f"the index {name} runs over {one} in {first} and over {other} in {text_of(node)}",
        hint="use another index for the other dimension",
        span=node.span,
        code="MX219",
    )


def index_as_number(node: Name) -> ShapeProblem:
    """An index where its value would be wanted."""
    return ShapeProblem(
        f"the index {node.text} is no number here",
        hint=f"declare a vector of the numbers 1, 2, …, say k, and write k[{node.text}]",
        span=node.span,
        code="MX221",
    )


def meant_as_row(node: Tree, entry: Indexed, base: Name) -> ShapeProblem:
    """A norm or transpose asked of the entries of an undeclared name."""
    asked = "norm" if isinstance(node, Fence) else "transpose"
    matrix, index = base.text[:1].upper() + base.text[1:], item_text(entry.items[0])
    return ShapeProblem(
        f"{text_of(entry)} is an entry, and nobody takes the {asked} of a scalar",
        hint=f"declare {matrix} : N×d; its row {index} as a column is {matrix}[{index},:]', in "
        f"LaTeX {base.text}_{index}",
        span=node.span,
        code="MX231",
    )


def misfit(node: Tree, reason: str, at: Tree) -> ShapeProblem:
    """Parts of a node that do not fit together; `at` is the one to point to."""
    return ShapeProblem(f"in {text_of(node)}: {reason}", span=at.span, code="MX222")
