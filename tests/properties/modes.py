"""Relations C: answers of different kinds, layouts and spellings against each other, and against
the function's own values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from matdiff.dimensions import ONE
from matdiff.errors import SyntaxProblem
from matdiff.normal import normalise, shortest
from matdiff.operations.algebra import SYMBOL, Expression, commutation, postorder, symbol_name
from matdiff.operations.linear import vec
from matdiff.rendering import text
from matdiff.rendering.length import length
from matdiff.rendering.tex import latex
from matdiff.shapes import Environment, Variable, function_names, read
from matdiff.syntax import parse_expression
from properties.cases import Array, Case, relation
from properties.typed import named

Claims = Iterator[tuple[Expression, Expression]]
LONGEST_READ_BACK = 3000  # characters


def _stacked(A: Array) -> Array:
    return A.reshape((-1, 1), order="F")


@relation("C1 gradient", "⟨∇f(X), V⟩ = Df(X)[V], the latter by values of f alone", of="scalar")
def against_values(case: Case) -> Iterator[tuple[Array, Array]]:
    for number in range(2):
        V = case.direction(number)
        yield (case.value(case.gradient(case.Y)) * V).sum(keepdims=True), case.along(case.Y, V)


@relation("C1 Jacobian", "J vec(V) = vec(DF(X)[V]), the latter by values of F alone")
def jacobian_against_values(case: Case) -> Iterator[tuple[Array, Array]]:
    V = case.direction()
    yield case.value(case.jacobian(case.Y)) @ _stacked(V), _stacked(case.along(case.Y, V))


@relation("C1 differential", "dF at dX := V is DF(X)[V]")
def differential_against_values(case: Case) -> Iterator[tuple[Array, Array]]:
    V = case.direction()
    dF = case.derivative("differential", case.Y, case.X)
    for node in postorder(dF):
        if node.operation is SYMBOL and symbol_name(node) == "d" + symbol_name(case.X):
            case.point.values[node] = V
    yield case.value(dF), case.along(case.Y, V)


@relation("C2", "J f = vec(∇f)'", of="scalar")
def jacobian_of_a_scalar(case: Case) -> Claims:
    yield case.jacobian(case.Y), vec(case.gradient(case.Y)).T


@relation("C3", "H = J(∇f), H = H', H vec(V) = vec(D(∇f)(X)[V])", of="scalar", every=2)
def hessians(case: Case) -> Iterator[tuple[Any, Any]]:
    G, H, V = case.gradient(case.Y), case.hessian(case.Y), case.direction()
    yield H, case.jacobian(G)
    yield H, H.T
    yield case.value(H) @ _stacked(V), _stacked(case.along(G, V))


@relation(
    "C4", "∂vec(∇_X f)/∂vec(Z)' is the transpose of ∂vec(∇_Z f)/∂vec(X)'", of="scalar", every=2
)
def mixed(case: Case) -> Claims:
    others = [node for node in postorder(case.Y) if node.operation is SYMBOL and node is not case.X]
    others = [node for node in others if len(node.parameters) == 3]  # properties ask for more
    case.needs(bool(others))
    Z = case.typed.pick(others)
    one = case.jacobian(case.gradient(case.Y), Z)
    yield one, case.jacobian(case.gradient(case.Y, Z)).T


@relation("C5", "J(vec(F)) = J F", of="matrix")
def stacked(case: Case) -> Claims:
    yield case.jacobian(vec(case.Y)), case.jacobian(case.Y)


@relation("C6", "denominator layout is the transpose of numerator layout; by rows it is K J K'")
def layouts(case: Case) -> Claims:
    J = case.jacobian(case.Y)
    turned = commutation(*case.Y.shape) @ J @ commutation(*case.X.shape).T
    yield case.jacobian(case.Y, layout="denominator"), J.T
    yield case.jacobian(case.Y, vec="row"), turned
    yield case.jacobian(case.Y, layout="denominator", vec="row"), turned.T


@relation(
    "C8",
    "the normal form and the shortest formula keep the value, and are found but once",
)
def simplification(case: Case) -> Iterator[tuple[Any, Any]]:
    form, short = normalise(case.Y), shortest(case.Y)
    yield case.Y, form
    yield form, short
    yield "normalised twice", normalise(form) is form
    yield "spelled twice", length(shortest(short)) <= length(short)
    # transposes and selections are spread over a product where that is read better
    yield f"{text(short)} is longer", length(short) <= 1.3 * length(form) + 6


def read_back(case: Case, written: str, expression: Expression, **how: bool) -> Expression:
    """The expression that a text is read as, with the variables of the expression declared."""
    known = Environment()
    known.dimensions |= set("mnp")
    for node in postorder(expression):
        if node.operation is SYMBOL:
            known.add(Variable(symbol_name(node), node.shape, properties=node.parameters[3:]))
    tree = parse_expression(written, declared=known.names, functions=function_names(), **how)
    return read(tree, known, expected=expression.shape).expression


@relation("C9 typed", "an expression is read back from its own text, in Unicode and in ASCII")
def printed(case: Case) -> Claims:
    case.needs(len(text(case.Y)) <= LONGEST_READ_BACK)
    yield read_back(case, text(case.Y), case.Y), case.Y
    yield read_back(case, text(case.Y, ascii=True), case.Y), case.Y


@relation("C9 answer", "an answer is read back from its text and from its LaTeX")
def printed_answer(case: Case) -> Iterator[tuple[Any, Any]]:
    kind = "gradient" if case.Y.is_scalar else "jacobian"
    formula = case.derivative(kind, case.Y, case.X)
    case.needs(len(text(formula)) <= LONGEST_READ_BACK)
    again = read_back(case, text(formula), formula)
    same = text(again) == text(formula) or normalise(again) is normalise(formula)
    yield "the same text or normal form", same
    yield again, formula
    yield read_back(case, latex(formula), formula, latex=True), formula


@relation("C10", "blanks, brackets and spellings of the signs: the same expression")
def spelling(case: Case) -> Iterator[tuple[str, bool]]:
    written = text(case.Y)
    case.needs(len(written) <= LONGEST_READ_BACK)
    one = read_back(case, written, case.Y)
    for change in (
        {"∘": " .* ", "⊗": " ⊗ "}, {"∘": "⊙"}, {" ": "  "}, {"(": "( ", ")": " )"}, {" ": "*"},
        {" + ": "+", " - ": "-", ",": ", "}, {"'": "ᵀ"}, {" ": " @ "},
    ):  # fmt: skip
        changed = written
        for old, new in change.items():
            changed = changed.replace(old, new)
        if "*" in change.values() or " @ " in change.values():
            if any(sign in written for sign in "+-[:"):
                continue  # their blanks are no products
        try:
            other = read_back(case, f"({changed})", case.Y)
        except SyntaxProblem as problem:
            yield f"{changed}: {problem.message}", False
            continue
        yield f"{written} and {changed}", one is other


@relation("C4 scalar", "∂/∂t of ∇f is ∇ of ∂f/∂t", of="scalar")
def by_a_scalar(case: Case) -> Claims:
    t = named("T", ONE, ONE)
    f = case.with_variable(t * case.X)
    one = case.jacobian(case.gradient(f), t)
    yield one, vec(case.gradient(case.gradient(f, t)))
