"""Naming the parts of a formula that occur more than once: `K c where K = H∘D`.

A part gets a name when that saves enough tokens to be worth the reader's look-up; in a formula
too long to print out, every shared part does, which keeps the printed size linear in the number
of nodes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from matdiff.dimensions import ONE, Dimension
from matdiff.operations.algebra import (
    MULTIPLY,
    SYMBOL,
    TRANSPOSE,
    Expression,
    make,
    postorder,
    symbol,
    symbol_name,
)
from matdiff.rendering.length import length

LEAST_LENGTH = 5
LEAST_SAVING = 4
SHORTEST_WITH_PARTS = 3 * LEAST_LENGTH  # a part of that length saves enough if it stands thrice
MOST_NAMES = 12  # chosen one by one; a formula that needs more is named wholesale
LONG = 2000
MATRICES, VECTORS, SCALARS = "HKLMNPQRSUVW", "suvwhzpqr", "γκρωτνη"

Where = list[tuple[str, Expression]]


def named_parts(
    formula: Expression, expression: Expression, taken: Iterable[str]
) -> tuple[Expression, Where]:
    """The formula with symbols for its repeated parts, and their definitions, each using only
    those before it.  `taken` are names that must not be chosen, besides those that occur in the
    formula or are symbols of the expression that it is about."""
    if length(formula) < SHORTEST_WITH_PARTS:
        return formula, []
    symbols = {symbol_name(n) for n in postorder(expression) if n.operation is SYMBOL}
    names = Names({*taken, *symbols, *_occurring(formula)})
    if length(formula) > LONG:
        return _wholesale(formula, names)
    where: Where = []
    while len(where) < MOST_NAMES:
        part = _best_part(formula, [definition for _, definition in where])
        if part is None:
            break
        name = names.next(part)
        stand_in = {part: symbol(name, *part.shape)}
        formula = _replace(formula, stand_in)
        where = [(n, _replace(d, stand_in)) for n, d in where]
        where.append((name, part))
    return formula, _ordered(where)


def _occurring(formula: Expression) -> Iterator[str]:
    """Names that stand in the formula already: of symbols, sizes and constants."""
    for node in postorder(formula):
        yield node.operation.name
        for parameter in node.parameters:
            if isinstance(parameter, str):
                yield parameter
            elif isinstance(parameter, Dimension):
                yield from parameter.names()


def _best_part(formula: Expression, definitions: list[Expression]) -> Expression | None:
    """The part whose naming saves most, if it saves enough."""
    occurrences: dict[Expression, int] = dict.fromkeys((formula, *definitions), 1)
    for node in reversed(postorder(formula, *definitions)):
        for argument in _written(node):
            count = occurrences.get(argument, 0) + occurrences[node]
            occurrences[argument] = min(count, 10_000)  # saturates on heavily shared formulas
    best, saving = None, LEAST_SAVING
    for node, count in occurrences.items():
        if count > 1 and node.arguments and node.operation is not TRANSPOSE:
            size = length(node)
            gain = (count - 1) * size - count - 1
            if size >= LEAST_LENGTH and gain > saving:
                best, saving = node, gain
    return best


def _written(node: Expression) -> Iterable[Expression]:
    """The arguments as often as they are written: X X X in a product is X^3."""
    if node.operation is MULTIPLY:
        return (factor for factor, _ in groupby(node.arguments))
    return node.arguments


def _replace(root: Expression, values: dict[Expression, Expression]) -> Expression:
    """The expression with parts replaced, otherwise spelled as it was."""
    new: dict[Expression, Expression] = {}
    for node in postorder(root):
        if node in values:
            new[node] = values[node]
        elif any(new[a] is not a for a in node.arguments):
            arguments = tuple(new[a] for a in node.arguments)
            new[node] = make(node.operation, arguments, node.shape, node.parameters)
        else:
            new[node] = node
    return new[root]


def _ordered(where: Where) -> Where:
    """Definitions so that each uses only earlier ones."""
    names = {name for name, _ in where}
    result: Where = []
    waiting = list(where)
    while waiting:
        done = {name for name, _ in result}
        for item in waiting:
            used = {str(n.parameters[0]) for n in postorder(item[1]) if n.operation is SYMBOL}
            if used & names <= done:
                result.append(item)
                waiting.remove(item)
                break
    return result


def _wholesale(formula: Expression, names: Names) -> tuple[Expression, Where]:
    """Every shared part and every very long one named, in one pass."""
    order = postorder(formula)
    users: dict[Expression, int] = {}
    for node in order:
        for argument in node.arguments:
            users[argument] = users.get(argument, 0) + 1
    new: dict[Expression, Expression] = {}
    size: dict[Expression, int] = {}
    where: Where = []
    for node in order:
        arguments = tuple(new[a] for a in node.arguments)
        spelled = node
        if any(a is not b for a, b in zip(arguments, node.arguments, strict=True)):
            spelled = make(node.operation, arguments, node.shape, node.parameters)
        size[node] = 1 + sum(size[a] for a in node.arguments)
        shared = users.get(node, 0) > 1 and size[node] >= LEAST_LENGTH
        if node is not formula and (shared or size[node] > LONG):
            name = names.next(node)
            where.append((name, spelled))
            spelled = symbol(name, *node.shape)
            size[node] = 1
        new[node] = spelled
    return new[formula], where


class Names:
    """Fresh names by the letter convention: capitals for matrices, Greek for scalars."""

    __slots__ = ("taken", "streams")

    def __init__(self, taken: Iterable[str]) -> None:
        self.taken = set(taken)
        self.streams = {letters: _stream(letters) for letters in (MATRICES, VECTORS, SCALARS)}

    def next(self, part: Expression) -> str:
        letters = MATRICES
        if part.is_scalar:
            letters = SCALARS
        elif ONE in part.shape:
            letters = VECTORS
        for name in self.streams[letters]:
            if name not in self.taken:
                self.taken.add(name)
                return name
        raise AssertionError("a stream of names does not end")


def _stream(letters: str) -> Iterator[str]:
    yield from letters
    number = 1
    while True:
        for letter in letters:
            yield f"{letter}_{number}"
        number += 1
