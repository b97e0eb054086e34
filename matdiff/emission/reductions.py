"""Products of which only a part is wanted: tr(A B) is a sum over entries, diag(A B) sums over rows.

tr(A B C) is that of any of its rotations, so the chain is cut in two where the work is least.
"""

from __future__ import annotations

from collections.abc import Sequence

from matdiff.emission import rules
from matdiff.emission.costs import LONGEST_ORDERED, Sizes, bracketing
from matdiff.emission.entrywise import raised
from matdiff.emission.operands import Operand, operands
from matdiff.emission.plans import Making, Plan
from matdiff.emission.products import chain
from matdiff.emission.values import Value
from matdiff.operations.algebra import HADAMARD, MULTIPLY, Expression, number_value
from matdiff.operations.elementwise import POWER


def _factors(inside: Expression, making: Making) -> list[Operand] | None:
    """The factors of a product that is only looked at in part."""
    if inside.operation is not MULTIPLY or inside in making.shared:
        return None
    if rules.SUMS_OF_PRODUCTS not in making.rules:
        return None
    found = operands(making.flat(inside), making)
    return found if len(found) > 1 else None


def _whole(node: Expression, making: Making, kernel: str) -> Plan:
    reduce_it = getattr(making.kernels, kernel)
    return Plan(node.arguments, lambda values: reduce_it(values[0]))


def trace(node: Expression, making: Making) -> Plan:
    """tr(A B) = A':B, cut where it is cheapest."""
    found = _factors(node.arguments[0], making)
    if found is None:
        return _whole(node, making, "trace")
    rotated, cut = _cheapest_cut(found, making.sizes)
    left, right = rotated[:cut], rotated[cut:]
    is_symmetric = any(len(part) == 1 and part[0].is_symmetric for part in (left, right))

    def build(values: Sequence[Value]) -> Value:
        kernels, count = making.kernels, sum(len(o.needs) for o in left)
        A, B = chain(left, values[:count], making), chain(right, values[count:], making)
        if A.rank == 0 or B.rank == 0:
            return kernels.multiply(A, B)
        return kernels.vdot(A if is_symmetric else kernels.transpose(A), B)

    return Plan([need for o in rotated for need in o.needs], build)


def _cheapest_cut(factors: Sequence[Operand], sizes: Sizes) -> tuple[list[Operand], int]:
    """A rotation of the factors and where it is cut in two."""
    count = len(factors)
    if count > LONGEST_ORDERED:
        return list(factors), 1
    best = None
    for turn in range(count):
        rotated = [*factors[turn:], *factors[:turn]]
        for cut in range(1, count):
            work = sum(
                bracketing([o.link() for o in part], sizes).cost
                for part in (rotated[:cut], rotated[cut:])
            )
            work += sizes.entries((rotated[0].shape[0], rotated[cut].shape[0]))
            if best is None or work < best[0]:
                best = (work, rotated, cut)
    assert best is not None
    return best[1], best[2]


def diagonal(node: Expression, making: Making) -> Plan:
    """diag(A B), the sums of the rows of A∘B'."""
    found = _factors(node.arguments[0], making)
    if found is None:
        return _whole(node, making, "diagonal")
    costs = []
    for cut in range(1, len(found)):
        parts = ([o.link() for o in part] for part in (found[:cut], found[cut:]))
        work = sum(bracketing(part, making.sizes).cost for part in parts)
        costs.append(work + making.sizes.entries(found[cut].shape[:1] + node.shape[:1]))
    cut = 1 + costs.index(min(costs))
    left, right = found[:cut], found[cut:]

    def build(values: Sequence[Value]) -> Value:
        kernels, count = making.kernels, sum(len(o.needs) for o in left)
        A, B = chain(left, values[:count], making), chain(right, values[count:], making)
        product = kernels.multiply(A, kernels.transpose(B))
        return product if product.rank == 1 else kernels.sum_rows(product)

    return Plan([need for o in found for need in o.needs], build)


def inner(node: Expression, making: Making) -> Plan:
    return Plan(node.arguments, lambda values: making.kernels.vdot(*values))


def total(node: Expression, making: Making) -> Plan:
    """The sum of all entries; of a Hadamard product that of the products of entries."""
    (inside,) = node.arguments
    kernels = making.kernels
    if inside in making.shared or rules.SUMS_OF_PRODUCTS not in making.rules:
        return _whole(node, making, "sum")
    if inside.operation is HADAMARD:
        *others, last = making.flat(inside)

        def dotted(values: Sequence[Value]) -> Value:
            product = values[0]
            for value in values[1:-1]:
                product = kernels.multiply(product, value)
            return kernels.vdot(product, values[-1])

        return Plan([*others, last], dotted)
    if inside.operation is POWER:
        exponent = number_value(inside.arguments[1])
        if exponent is not None and exponent > 1 and exponent % 2 == 0:

            def squared(values: Sequence[Value]) -> Value:
                root = raised(making, values[0], exponent // 2)
                return kernels.vdot(root, root)

            return Plan(inside.arguments[:1], squared)
    return _whole(node, making, "sum")
