"""Whether two matrices are seen to commute: both are functions of one matrix.

Sums, multiples, products, inverses and spectral functions of functions of B are functions of B.
What is not seen to commute is taken not to: the answer False claims nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from matdiff.operations.algebra import (
    ADD,
    MULTIPLY,
    SCALE,
    TRANSPOSE,
    Expression,
    is_identity,
    is_zero,
)
from matdiff.operations.nonlinear import INVERSE

Letter = tuple[Expression, bool]  # a matrix, and whether its transpose is meant


def commute(A: Expression, B: Expression) -> bool:
    """Whether A and B, square and of one size, are functions of one matrix.

    >>> from matdiff.dimensions import Dimension
    >>> from matdiff.operations.algebra import identity, symbol
    >>> n = Dimension.of("n")
    >>> X, Y = symbol("X", n, n), symbol("Y", n, n)
    >>> commute(X @ X + identity(n), 2 * X), commute(X, Y), commute(Y.T @ X.T, (X @ Y).T)
    (True, False, True)
    """
    bases = chain(_bases(B), _bases(A))
    return any(_is_function(A, base) and _is_function(B, base) for base in bases)


def _bases(A: Expression) -> Iterator[Letter]:
    """What A may be a function of: A, then what stands first in it, and so on down."""
    node, turned = A, False
    while True:
        yield node, turned
        operation = node.operation
        if operation is TRANSPOSE:
            node, turned = node.arguments[0], not turned
        elif operation is SCALE:
            node = node.arguments[1]
        elif operation is ADD:
            node = next((a for a in node.arguments if not is_identity(a)), node.arguments[0])
        elif operation is MULTIPLY:
            node, turned = _letters((node, turned))[0]
        elif _keeps_commutants(node):
            node = node.arguments[0]
        else:
            return


def _keeps_commutants(node: Expression) -> bool:
    """Whether what commutes with the first argument commutes with the node."""
    return node.operation is INVERSE or node.operation.spectral is not None


def _is_function(A: Expression, base: Letter) -> bool:
    """Whether A is built from the base by sums, multiples, products and functions."""
    word = _letters(base)
    stack, seen = [(A, False)], set()
    while stack:
        letter = stack.pop()
        node, turned = letter
        if letter in seen or letter == base or is_identity(node) or is_zero(node):
            continue
        seen.add(letter)
        operation = node.operation
        if operation is TRANSPOSE:
            stack.append((node.arguments[0], not turned))
        elif operation is SCALE:
            stack.append((node.arguments[1], turned))
        elif operation is ADD:
            stack += ((term, turned) for term in node.arguments)
        elif operation is MULTIPLY:
            stack += _without(word, _letters(letter))
        elif _keeps_commutants(node):
            stack.append((node.arguments[0], turned))
        else:
            return False
    return True


def _letters(letter: Letter) -> list[Letter]:
    """The factors of a product in order, transposes moved to them."""
    found: list[Letter] = []
    stack = [letter]
    while stack:
        node, turned = stack.pop()
        if node.operation is TRANSPOSE:
            stack.append((node.arguments[0], not turned))
        elif node.operation is MULTIPLY:
            inside = node.arguments if turned else node.arguments[::-1]
            stack += ((factor, turned) for factor in inside)
        else:
            found.append((node, turned))
    return found


def _without(word: list[Letter], letters: list[Letter]) -> list[Letter]:
    """The letters that are left when every run that is the word is dropped."""
    left: list[Letter] = []
    at = 0
    while at < len(letters):
        if letters[at : at + len(word)] == word:
            at += len(word)
        else:
            left.append(letters[at])
            at += 1
    return left
