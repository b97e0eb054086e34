"""Relations A: the rules of the derivative, the parts' derivatives against the whole's.

Source: Magnus & Neudecker, Matrix Differential Calculus, chapters 8 and 9; the Jacobians of A4 to
A9 by vec(A X B) = (B'⊗A) vec(X) and vec(A⊗B) = (I⊗K⊗I)(vec(A)⊗vec(B)).
"""

from __future__ import annotations

from collections.abc import Iterator

from matdiff.dimensions import ONE
from matdiff.operations.algebra import (
    Expression,
    add,
    commutation,
    hadamard,
    identity,
    inner,
    is_zero,
    make,
    number,
    postorder,
    substitute,
    symbol,
    zeros,
)
from matdiff.operations.elementwise import ELEMENTWISE, apply, exp, log, power, reciprocal, square
from matdiff.operations.linear import diag, kron, trace, vec
from matdiff.operations.nonlinear import det, inverse, logdet
from properties.cases import Case, NotApplicable, relation
from properties.typed import SIDES, Typed, gram

Claims = Iterator[tuple[Expression, Expression]]
SPLIT = 6  # occurrences of the variable, at most


@relation("A1 gradient", "∇(2/3 f + c g) = 2/3 ∇f + c ∇g", of="scalar")
def linearity(case: Case) -> Claims:
    f, g, c = case.Y, case.small(), case.constant("C", ONE)
    third = number(2) * power(number(3), number(-1))
    yield (
        case.gradient(third * f + c * g),
        third * case.gradient(f) + c * case.gradient(g),
    )


@relation("A1 Jacobian", "J(2 F + c G) = 2 J F + c J G", of="matrix")
def linearity_of_jacobians(case: Case) -> Claims:
    F, c = case.Y, case.constant("C", ONE)
    G = case.small(*F.shape)
    yield case.jacobian(number(2) * F + c * G), number(2) * case.jacobian(F) + c * case.jacobian(G)


@relation("A2", "∇f = zeros(m,n) and J F = zeros(pq,mn) where X does not occur")
def constants(case: Case) -> Iterator[tuple[str, bool]]:
    Y, X = case.Y, case.constant("N", *case.X.shape)
    if Y.is_scalar:
        G = case.gradient(Y, X)
        yield "the gradient of a constant", is_zero(G) and G.shape == X.shape
    J = case.jacobian(Y, X)
    yield "the Jacobian of a constant", is_zero(J) and J.shape == zeros(*_sides(Y, X)).shape


def _sides(Y: Expression, X: Expression) -> tuple[object, object]:
    return Y.rows * Y.columns, X.rows * X.columns  # type: ignore[return-value]


@relation("A3 product", "∇(f g) = g ∇f + f ∇g", of="scalar")
def scalar_product(case: Case) -> Claims:
    f, g = case.Y, case.small()
    yield case.gradient(f * g), g * case.gradient(f) + f * case.gradient(g)


@relation("A3 quotient", "∇(f/g) = (∇f - (f/g) ∇g)/g", of="scalar")
def scalar_quotient(case: Case) -> Claims:
    f, g = case.Y, 1 + square(case.small())
    ratio = f * reciprocal(g)
    yield (
        case.gradient(ratio),
        reciprocal(g) * (case.gradient(f) - ratio * case.gradient(g)),
    )


@relation("A3 power", "∇(f^k) = k f^(k-1) ∇f", of="scalar")
def scalar_power(case: Case) -> Claims:
    f, k = case.Y, case.typed.pick((2, 3, -1, -2))
    yield case.gradient(power(f, number(k))), k * power(f, number(k - 1)) * case.gradient(f)


@relation("A4", "J(F G) = (G'⊗I(p)) J F + (I(s)⊗F) J G", of="matrix")
def product(case: Case) -> Claims:
    F = case.Y
    G = case.small(F.columns, case.typed.side())
    case.needs(not G.is_scalar)
    parts = kron(G.T, identity(F.rows)) @ case.jacobian(F)
    yield case.jacobian(F @ G), parts + kron(identity(G.columns), F) @ case.jacobian(G)


@relation("A5", "J(F∘G) = diag(vec(F)) J G + diag(vec(G)) J F", of="matrix")
def hadamard_product(case: Case) -> Claims:
    F = case.Y
    G = case.small(*F.shape)
    parts = diag(vec(F)) @ case.jacobian(G) + diag(vec(G)) @ case.jacobian(F)
    yield case.jacobian(hadamard(F, G)), parts


@relation("A6", "J(F⊗G) = (I(q)⊗K(t,p)⊗I(s)) (J F⊗vec(G) + vec(F)⊗J G)", of="matrix", every=3)
def kronecker_product(case: Case) -> Claims:
    F = case.Y
    G = case.small(case.typed.pick(SIDES), ONE)
    if case.typed.whole(0, 1):
        G = G.T
    (p, q), (s, t) = F.shape, G.shape
    order = kron(kron(identity(q), commutation(t, p)), identity(s))
    parts = kron(case.jacobian(F), vec(G)) + kron(vec(F), case.jacobian(G))
    yield case.jacobian(kron(F, G)), order @ parts


@relation("A7", "J(F^-1) = -(F^-T⊗F^-1) J F", of="matrix")
def matrix_inverse(case: Case) -> Claims:
    F = gram(case.Y)
    inverted = inverse(F)
    yield case.jacobian(inverted), -(kron(inverted.T, inverted) @ case.jacobian(F))


@relation("A8", "J(F') = K(p,q) J F", of="matrix")
def transposed(case: Case) -> Claims:
    F = case.Y
    yield case.jacobian(F.T), commutation(*F.shape) @ case.jacobian(F)


@relation("A9", "J(φ(F)) = diag(vec(φ'(F))) J F for every elementwise φ", of="matrix")
def elementwise(case: Case) -> Claims:
    F, record = case.Y, case.typed.pick(tuple(ELEMENTWISE.values()))
    if record.domain == "positive":
        F = 1 + square(F)
    if record.domain == "unit":
        F = number(1) * reciprocal(number(2)) * apply(ELEMENTWISE["tanh"], F)
    rule = record.derivative
    if rule is None:  # sign and step
        yield case.jacobian(apply(record, F)), zeros(*_sides(F, case.X))  # type: ignore[arg-type]
        return
    yield case.jacobian(apply(record, F)), diag(vec(rule(F))) @ case.jacobian(F)


@relation("A10", "vec(∇det(F)) = det(F) (J F)'vec(F^-T); vec(∇logdet(F)) = (J F)'vec(F^-T)",
          of="matrix")  # fmt: skip
def determinants(case: Case) -> Claims:
    F = gram(case.Y)
    pulled = case.jacobian(F).T @ vec(inverse(F).T)
    yield vec(case.gradient(det(F))), det(F) * pulled
    yield vec(case.gradient(logdet(F))), pulled


@relation("A11", "vec(∇(f∘F)) = (J F)'vec((∇f)(F(X))), f differentiated by a variable of its own",
          of="matrix")  # fmt: skip
def chain(case: Case) -> Claims:
    F = case.Y
    W = symbol("W", *F.shape)
    outer = Typed(case.typed.random, W, case.typed.off)
    f = outer.expression(ONE, ONE, case.typed.whole(3, 9))
    G = substitute(case.gradient(f, W), {W: F})
    yield vec(case.gradient(substitute(f, {W: F}))), case.jacobian(F).T @ vec(G)


@relation("A12", "∇log(f) = ∇f/f; ∇exp(f) = exp(f) ∇f", of="scalar")
def logarithm(case: Case) -> Claims:
    f = 1 + square(case.Y)
    yield case.gradient(log(f)), reciprocal(f) * case.gradient(f)
    small = apply(ELEMENTWISE["tanh"], case.Y)
    yield case.gradient(exp(small)), exp(small) * case.gradient(small)


@relation("A13", "∇tr(F) = ∇(F:I); vec(∇(A:F)) = (J F)'vec(A)", of="matrix")
def functionals(case: Case) -> Claims:
    F = case.Y
    A = case.constant("N", *F.shape)
    yield vec(case.gradient(inner(A, F))), case.jacobian(F).T @ vec(A)
    if F.rows is F.columns:
        yield case.gradient(trace(F)), case.gradient(inner(F, identity(F.rows)))


@relation("A14", "∇f = Σ ∇_{Xi} f at Xi := X, a variable Xi for each occurrence of X", of="scalar")
def splitting(case: Case) -> Claims:
    X = case.X
    apart, occurrences = _split(case.Y, X)
    case.needs(1 < len(occurrences) <= SPLIT)
    back = dict.fromkeys(occurrences, X)
    total = zeros(*X.shape)
    for each in occurrences:
        total = add(total, substitute(case.gradient(apart, each), back))
    yield case.gradient(case.Y), total


def _split(Y: Expression, X: Expression) -> tuple[Expression, list[Expression]]:
    """Y with another variable at each edge that ends in X, and those variables."""
    occurrences: list[Expression] = []
    new: dict[Expression, Expression] = {}

    def at(argument: Expression) -> Expression:
        if argument is not X:
            return new[argument]
        occurrences.append(symbol(f"X{len(occurrences)}", *X.shape))
        return occurrences[-1]

    for node in postorder(Y):
        arguments = tuple(at(argument) for argument in node.arguments)
        new[node] = make(node.operation, arguments, node.shape, node.parameters)
    if Y is X:
        raise NotApplicable
    return new[Y], occurrences
