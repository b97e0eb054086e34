"""How long a formula is: the names, numbers and operators of its text, counted without writing it.

The search for the shortest form asks this of every candidate, so what has been counted is
remembered on the node.  Brackets, commas and juxtaposition are free, so a node costs the same
wherever it stands, but for an I whose size is left out beside terms that show it.
"""

from __future__ import annotations

import re

from matdiff.dimensions import Dimension
from matdiff.operations.algebra import Expression
from matdiff.rendering.arrangement import form
from matdiff.rendering.forms import Form, Item, Kind, Part

MEMORY = "length"
_SIZE_TOKEN = re.compile(r"\w+|[-+*/]")
LARGEST = 10**15  # a formula that shares much is exponentially longer than its computation


def length(expression: Expression) -> int:
    """The number of tokens of the expression's text, at most LARGEST."""
    known = _known(expression)
    if known is not None:
        return known
    stack = [(expression, form(expression))]
    while stack:
        node, written = stack[-1]
        missing = _count(node, written)
        if missing:
            stack.extend((part, form(part)) for part in missing)
        else:
            stack.pop()
    counted = _known(expression)
    assert counted is not None
    return counted


def _known(node: Expression) -> int | None:
    return None if node.memory is None else node.memory.get(MEMORY)


def _count(node: Expression, written: Form) -> list[Expression]:
    """Remember the node's length, or return the parts whose length is not known yet."""
    total = 0
    missing: list[Expression] = []
    inside: list[Part] = [written]
    while inside:
        part = inside.pop()
        if isinstance(part, Form):
            total += own_length(part)
            inside += part.parts
            continue
        counted = _known(part)
        if counted is None:
            missing.append(part)
        else:
            total += counted
    if not missing:
        if node.memory is None:
            node.memory = {}
        node.memory[MEMORY] = min(total, LARGEST)
    return missing


def own_length(written: Form) -> int:
    """The tokens of a form besides those of its parts."""
    kind = written.kind
    if kind in _FIXED:
        return _FIXED[kind]
    if kind is Kind.SUM:
        return len(written.parts) - 1 + written.signs[0]
    if kind in _SEPARATED:
        return len(written.parts) - 1
    if kind is Kind.INDEXED:
        return sum(map(_item_length, written.items))
    if kind is Kind.BLOCKS:
        return len(written.widths) - 1
    named = 0 if kind is Kind.SIZE else 1
    if written.operation is not None:  # the primes of φ'', the g of jac[g]
        named += sum(map(written.operation.notation.symbol.count, "'["))
    return named + sum(size_length(size) for size in written.sizes)


def _item_length(item: Item) -> int:
    """The tokens of an index, 1 for n and : and 3 for 2:n."""
    if item is None:
        return 1
    first, last = item
    return size_length(first) if first is last else size_length(first) + 1 + size_length(last)


def size_length(size: Dimension) -> int:
    """The tokens of a dimension: 1 for n, 3 for m*n and n+1, 7 for n*(n+1)/2."""
    if size.denominator > 1:
        return len(_SIZE_TOKEN.findall(str(size)))
    count = -1
    for monomial, coefficient in size.terms:
        factors = len(monomial) + (abs(coefficient) != 1 or not monomial)
        count += 2 * factors
    return max(count, 1) + (bool(size.terms) and size.written[0][1] < 0)


_SEPARATED = frozenset((Kind.HADAMARD, Kind.KRONECKER, Kind.KHATRI_RAO))
_FIXED = {
    Kind.NAME: 1,
    Kind.NUMBER: 1,
    Kind.PRODUCT: 0,
    Kind.QUOTIENT: 1,
    Kind.MINUS: 1,
    Kind.INNER: 1,
    Kind.DIVIDE: 1,
    Kind.POWER: 1,
    Kind.ELEMENTWISE_POWER: 1,
    Kind.TRANSPOSE: 1,
    Kind.INVERSE: 3,
    Kind.INVERSE_TRANSPOSE: 3,
}
