"""From formulas to programs: each expression's value by the kernels that compute it best.

An operation has a rule here if it is part of the algebra; any other says in its record how it is
computed, by kernels (`program`) or by a template for each target.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from matdiff.dimensions import Dimension
from matdiff.emission import rules
from matdiff.emission.by_parts import by_parts, worth_forming
from matdiff.emission.costs import Sizes
from matdiff.emission.entrywise import add, multiply_entries, raise_entries
from matdiff.emission.factors import factored, solving
from matdiff.emission.operands import Operand, as_stored, matrix, operands
from matdiff.emission.plans import Making, Plan, stored
from matdiff.emission.products import chain
from matdiff.emission.reductions import diagonal, inner, total, trace
from matdiff.emission.rules import Rule
from matdiff.emission.stable import stable
from matdiff.emission.turned import turned
from matdiff.emission.values import Kernels, Value
from matdiff.normal.properties import has
from matdiff.operations import algebra, blocks, elementwise, linear, nonlinear
from matdiff.operations.algebra import (
    SYMBOL,
    Expression,
    is_ones,
    number_value,
    postorder,
    symbol_name,
)
from matdiff.operations.record import Operation

VIEWS = (algebra.TRANSPOSE, linear.DIAG)  # computed where they are used: what is inside counts


class Program:
    """The values of some formulas, and the kernels that make them."""

    __slots__ = ("kernels", "roots")

    def __init__(self, kernels: Kernels, roots: Sequence[Value]) -> None:
        self.kernels, self.roots = kernels, roots


def lower(
    formulas: Sequence[Expression],
    *,
    sizes: Sizes,
    left_out: Collection[Rule] = (),
    by_factor: Collection[str] = (),
) -> Program:
    """The program that computes formulas together, by all rules but those left out; the kernels
    `by_factor` are given the Cholesky factor of their first argument."""
    kept = [rule for rule in rules.ALL if rule not in left_out]
    roots = list(formulas)
    if rules.STABLE in kept:
        roots = [stable(root) for root in roots]
    if rules.SHARING in kept:
        roots = turned(roots)
    if rules.BY_PARTS in kept:
        making = Making(sizes, kept, shared_in(roots))
        roots = [by_parts(root, making) for root in roots]
    shared = shared_in(roots)
    if rules.CHAINS in kept:
        shared = worth_forming(roots, shared, Making(sizes, kept, shared))
    making = Making(sizes, kept, shared)
    plans: dict[Expression, Plan] = {}
    order: list[Expression] = []
    stack: list[tuple[Expression, bool]] = [(root, False) for root in roots]
    while stack:
        node, ready = stack.pop()
        if ready:
            order.append(node)
        elif node not in plans:
            plans[node] = plan(node, making)
            stack.append((node, True))
            stack.extend((need, False) for need in plans[node].needs)
    values: dict[Expression, Value] = {}
    for node in order:
        values[node] = plans[node].build([values[need] for need in plans[node].needs])
    results = [values[root] for root in roots]
    if rules.SOLVING in kept:
        results = solving(making.kernels, results)
    return Program(making.kernels, factored(making.kernels, results, by_factor))


def shared_in(roots: Sequence[Expression]) -> set[Expression]:
    """The operations whose value is used more than once, through views of it as well.

    An inverse that is only multiplied, and not often, stays a factor that solves."""
    uses: dict[Expression, int] = {}
    for root in roots:
        uses[root] = uses.get(root, 0) + 1
    factor_uses: dict[Expression, int] = {}
    shared: set[Expression] = set()
    for node in reversed(postorder(*roots)):
        if uses[node] > 1 and node.arguments and not _is_view(node):
            shared.add(node)
        for argument in node.arguments:
            passed = min(uses[node], 2) if _is_view(node) else 1
            uses[argument] = uses.get(argument, 0) + passed
            if node.operation is algebra.MULTIPLY:
                factor_uses[argument] = factor_uses.get(argument, 0) + 1
    return {node for node in shared if not _solves(node, uses, factor_uses)}


def _is_view(node: Expression) -> bool:
    """A transpose, a diagonal matrix, -x: the sign goes to what x is used for."""
    is_negative = node.operation is algebra.SCALE and number_value(node.arguments[0]) == -1
    return is_negative or node.operation in VIEWS


def _solves(
    node: Expression, uses: Mapping[Expression, int], factor_uses: Mapping[Expression, int]
) -> bool:
    return (
        node.operation is nonlinear.INVERSE
        and uses[node] <= 2
        and factor_uses.get(node, 0) == uses[node]
    )


def plan(node: Expression, making: Making) -> Plan:
    """The plan of a node; a shared node is computed on its own and not taken apart."""
    rule = RULES.get(node.operation)
    if rule is not None:
        return rule(node, making)
    if node.operation.program is not None:
        return _programmed(node, making)
    if node.operation.elementwise and node.operation.unknown is None:
        return Plan(node.arguments, lambda values: making.kernels.map(node.operation, values[0]))
    return _templated(node, making)


# -- leaves --------------------------------------------------------------------------------------


def _symbol(node: Expression, making: Making) -> Plan:
    return Plan((), lambda _: making.kernels.argument(symbol_name(node), stored(node.shape)))


def _number(node: Expression, making: Making) -> Plan:
    return Plan((), lambda _: making.kernels.number(node.parameters[0]))


def _size(node: Expression, making: Making) -> Plan:
    return Plan((), lambda _: making.kernels.size(node.parameters[0]))


def _identity(node: Expression, making: Making) -> Plan:
    return Plan((), lambda _: making.kernels.eye(node.rows))


def _constant(node: Expression, making: Making) -> Plan:
    kernels, value = making.kernels, 1 if is_ones(node) else 0
    return Plan((), lambda _: kernels.full(stored(node.shape), kernels.number(value)))


# -- products ------------------------------------------------------------------------------------


def _multiply(node: Expression, making: Making) -> Plan:
    factors = operands(making.flat(node), making)
    return Plan(
        [need for o in factors for need in o.needs], lambda values: chain(factors, values, making)
    )


def _single(node: Expression, making: Making) -> Plan:
    """A Kronecker product, an inverse, diag(d), columns of the identity … that stand alone."""
    operand = Operand((None, node, None), making, alone=True)
    return Plan(operand.needs, lambda values: chain([operand], values, making))


def _transpose(node: Expression, making: Making) -> Plan:
    return Plan(node.arguments, lambda values: making.kernels.transpose(values[0]))


# -- functions -----------------------------------------------------------------------------------


def _logarithm(node: Expression, making: Making) -> Plan:
    """log(1 + x) without losing a small x."""
    (inside,) = node.arguments
    kernels = making.kernels
    if rules.STABLE in making.rules and inside.operation is algebra.ADD:
        ones = [a for a in inside.arguments if is_ones(a) or a is algebra.NUMBER_ONE]
        others = [a for a in inside.arguments if a not in ones]
        if len(ones) == 1 and len(others) == 1 and inside not in making.shared:
            return Plan(others, lambda values: kernels.map("log1p", values[0]))
    return Plan((inside,), lambda values: kernels.map(node.operation, values[0]))


def _logdet(node: Expression, making: Making) -> Plan:
    spd = rules.DEFINITE in making.rules and has(node.arguments[0], "spd")
    return Plan(node.arguments, lambda values: making.kernels.logdet(values[0], spd=spd))


def _vec(node: Expression, making: Making) -> Plan:
    kernels = making.kernels
    return Plan(node.arguments, lambda values: kernels.flat(kernels.transpose(values[0])))


def _unvec(node: Expression, making: Making) -> Plan:
    kernels, (m, n) = making.kernels, node.parameters
    return Plan(node.arguments, lambda values: kernels.transpose(kernels.rows_of(values[0], n, m)))


def _khatri_rao(node: Expression, making: Making) -> Plan:
    kernels = making.kernels

    def build(values: Sequence[Value]) -> Value:
        A, B = (matrix(kernels, v, a.shape) for v, a in zip(values, node.arguments, strict=True))
        return as_stored(kernels, kernels.make("khatri_rao", A, B, shape=node.shape), node.shape)

    return Plan(node.arguments, build)


def _blocks(node: Expression, making: Making) -> Plan:
    """Rows of blocks above each other, joined at once."""
    kernels = making.kernels
    above = making.flat(node) if node.operation is blocks.ABOVE else [node]
    rows = [_beside(row, node, making) for row in above]

    def build(values: Sequence[Value]) -> Value:
        rest = iter(values)
        joined = [matrix(kernels, next(rest), block.shape) for row in rows for block in row]
        whole = kernels.make("blocks", *joined, shape=node.shape, data=(tuple(map(len, rows)),))
        return as_stored(kernels, whole, node.shape)

    return Plan([block for row in rows for block in row], build)


def _beside(row: Expression, whole: Expression, making: Making) -> list[Expression]:
    is_row = row.operation is blocks.BESIDE and (row is whole or row not in making.shared)
    return making.flat(row) if is_row else [row]


# -- what records say ----------------------------------------------------------------------------


def _programmed(node: Expression, making: Making) -> Plan:
    program = node.operation.program
    assert program is not None
    return Plan(node.arguments, lambda values: program(making.kernels, node, *values))


def _templated(node: Expression, making: Making) -> Plan:
    """A call of the operation's template, which takes and returns matrices with two axes."""
    kernels, operation = making.kernels, node.operation

    def build(values: Sequence[Value]) -> Value:
        given = values
        if operation.unknown is None:
            given = [
                matrix(kernels, v, a.shape) for v, a in zip(values, node.arguments, strict=True)
            ]
        sizes = [p for p in node.parameters if isinstance(p, Dimension)]
        returns_scalar = operation.signature is not None and operation.signature.output == ((), ())
        shape: tuple[Dimension, ...] = () if returns_scalar else node.shape
        if operation.unknown is not None:
            shape = stored(node.shape)
        whole = kernels.make("template", *given, shape=shape, data=(operation, *sizes))
        return as_stored(kernels, whole, node.shape)

    return Plan(node.arguments, build)


RULES: dict[Operation, Callable[[Expression, Making], Plan]] = {
    SYMBOL: _symbol,
    algebra.NUMBER: _number,
    linear.SIZE: _size,
    algebra.IDENTITY: _identity,
    algebra.ONES: _constant,
    algebra.ZEROS: _constant,
    algebra.ADD: add,
    algebra.SCALE: multiply_entries,
    algebra.HADAMARD: multiply_entries,
    elementwise.POWER: raise_entries,
    algebra.MULTIPLY: _multiply,
    linear.KRONECKER: _single,
    algebra.COMMUTATION: _single,
    nonlinear.INVERSE: _single,
    linear.DIAG: _single,
    linear.KHATRI_RAO: _khatri_rao,
    algebra.INNER: inner,
    algebra.TRANSPOSE: _transpose,
    linear.TRACE: trace,
    linear.TOTAL: total,
    linear.DIAGONAL: diagonal,
    linear.VEC: _vec,
    linear.UNVEC: _unvec,
    elementwise.LOG: _logarithm,
    nonlinear.LOGDET: _logdet,
    blocks.SELECTION: _single,
    blocks.BESIDE: _blocks,
    blocks.ABOVE: _blocks,
}
