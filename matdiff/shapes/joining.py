"""Two neighbours of a chain joined by their operator, and runs of one operator folded.

The product of two matrices needs equal inner dimensions; a 1×1 operand is a scalar factor.  ∘ and ⊘
need equal shapes, ⊛ as many columns; ⊗ takes any.  In a run of products a factor that does not fit
what stands before it is set aside until it does: in A x'x the scalar x'x is formed first.  Every
bracketing of such a run that has consistent shapes means the same, so one pass over a stack finds
it if there is one.
"""

from __future__ import annotations

from matdiff.dimensions import ONE
from matdiff.errors import ShapeProblem
from matdiff.operations.algebra import (
    HADAMARD,
    MINUS_ONE,
    SCALE,
    ZERO,
    Expression,
    hadamard,
    make,
    multiply,
    postorder,
)
from matdiff.operations.elementwise import POWER, power
from matdiff.operations.linear import khatri_rao, kron
from matdiff.shapes.candidates import Build, Candidate, Plan
from matdiff.shapes.messages import clash, product_clash
from matdiff.shapes.scope import Scope, span_between
from matdiff.shapes.sizes import product
from matdiff.shapes.writing import text_of
from matdiff.syntax.tree import Tree

Operand = tuple[Tree, list[Candidate]]


def _times(A: Expression, B: Expression) -> Expression:
    """The product; nought times what may not exist is kept, so that 0/(c - c) is found out."""
    for zero, other in ((A, B), (B, A)):
        if zero is ZERO and any(_is_partial(node) for node in postorder(other)):
            return make(HADAMARD if other.is_scalar else SCALE, (zero, other), other.shape)
    return multiply(A, B)


def _is_partial(node: Expression) -> bool:
    operation = node.operation
    return operation is POWER or (operation.domain != "real" and bool(node.arguments))


_BUILD: dict[str, Build] = {
    "": lambda parts, _: _times(parts[0], parts[1]),
    "∘": lambda parts, _: hadamard(parts[0], parts[1]),
    "⊘": lambda parts, _: hadamard(parts[0], power(parts[1], MINUS_ONE)),
    "⊗": lambda parts, _: kron(parts[0], parts[1]),
    "⊛": lambda parts, _: khatri_rao(parts[0], parts[1]),
}


def join(operator: str, left: Candidate, right: Candidate) -> Candidate | None:
    """The two joined by an operator ("" is the product), None if their shapes do not agree."""
    bindings = left.bindings.merge(right.bindings)
    if bindings is None:
        return None
    rows, columns = left.under(bindings)
    other_rows, other_columns = right.under(bindings)
    if operator == "":
        if rows is ONE and columns is ONE:
            rows, columns = other_rows, other_columns
        elif not (other_rows is ONE and other_columns is ONE):
            bindings = bindings.unify(columns, other_rows)
            columns = other_columns
    elif operator == "⊗":
        rows, columns = product(rows, other_rows), product(columns, other_columns)
    elif operator == "⊛":
        bindings = bindings.unify(columns, other_columns)
        rows = product(rows, other_rows)
    else:
        bindings = bindings.unify(rows, other_rows)
        if bindings is not None:
            bindings = bindings.unify(columns, other_columns)
    if bindings is None:
        return None
    plan = Plan(_BUILD[operator], (left.plan, right.plan))
    return Candidate(
        bindings.resolve(rows), bindings.resolve(columns), plan, bindings, left.bend + right.bend
    )


def fold(
    scope: Scope, operands: list[Operand], operator: str, signs: list[str]
) -> Candidate | ShapeProblem:
    """A run of one operator, in linear time; the problem if it does not fit.

    Of operands with several candidates the first is taken.  `signs` are the products as typed.
    """
    if operator:
        return _fold_left(scope, operands, [operator] * (len(operands) - 1))
    stack: list[tuple[int, Candidate]] = []  # index of the last operand, product so far
    for i, (_, candidates) in enumerate(operands):
        current = candidates[0]
        while stack:
            joined = join("", stack[-1][1], current)
            if joined is None:
                break
            stack.pop()
            current = joined
            if not current.is_scalar:
                break
        stack.append((i, current))
    if len(stack) == 1:
        return stack[0][1]
    (last, before), (_, after) = stack[:2]
    return product_clash(
        scope,
        _neighbour(operands, range(last, -1, -1)),
        _neighbour(operands, range(last + 1, len(operands))),
        signs[last],
        before.bindings.merge(after.bindings) or before.bindings,
    )


def conventional(
    scope: Scope, operands: list[Operand], operators: list[str], signs: list[str]
) -> Candidate | ShapeProblem:
    """The conventional reading: products first, then ∘ ⊘ ⊗ from the left; or where it clashes."""
    runs: list[Operand] = []
    loose: list[str] = []
    start = 0
    for end in range(len(operands)):
        if end < len(operators) and operators[end] == "":
            continue
        run = operands[start : end + 1]
        found = fold(scope, run, "", signs[start:end]) if len(run) > 1 else run[0][1][0]
        if isinstance(found, ShapeProblem):
            return found
        runs.append((_Run([tree for tree, _ in run]), [found]))
        loose += operators[end : end + 1]
        start = end + 1
    return _fold_left(scope, runs, loose)


class _Run(Tree):
    """Several operands under one name, for messages."""

    __slots__ = ("operands",)

    def __init__(self, operands: list[Tree]) -> None:
        self.operands = operands
        self.span = span_between(operands[0], operands[-1])


def _fold_left(
    scope: Scope, operands: list[Operand], operators: list[str]
) -> Candidate | ShapeProblem:
    current = operands[0][1][0]
    for i, (operator, (tree, candidates)) in enumerate(
        zip(operators, operands[1:], strict=True), start=1
    ):
        joined = join(operator, current, candidates[0])
        if joined is None:
            text = _text(operands[0][0])
            for sign, (other, _) in zip(operators, operands[1:i], strict=False):
                text += sign + _text(other)
            span = span_between(operands[0][0], tree)
            return clash(scope, operator, (text, current), (_text(tree), candidates[0]), span)
        current = joined
    return current


def _text(tree: Tree) -> str:
    if isinstance(tree, _Run):
        return " ".join(text_of(operand) for operand in tree.operands)
    return text_of(tree)


def _neighbour(operands: list[Operand], places: range) -> tuple[Tree, Candidate]:
    """The first operand that is no scalar: what a person sees at the seam of two products."""
    for i in places:
        tree, candidates = operands[i]
        if not candidates[0].is_scalar:
            return tree, candidates[0]
    tree, candidates = operands[places[0]]
    return tree, candidates[0]
