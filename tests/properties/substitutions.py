"""Relations B: the same program asked a changed question, with the change known in the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from matdiff.dimensions import ONE, Dimension, shape_text
from matdiff.errors import MatdiffError
from matdiff.judging.resizing import resized
from matdiff.operations.algebra import (
    HALF,
    MINUS_ONE,
    SYMBOL,
    TRANSPOSE,
    Expression,
    hadamard,
    inner,
    make,
    number,
    ones,
    postorder,
    rebuild,
    scale,
    substitute,
    symbol,
    symbol_name,
    symbol_properties,
)
from matdiff.operations.elementwise import ELEMENTWISE, apply, exp, log, power, reciprocal, square
from matdiff.operations.linear import diag, diagonal, kron, total, trace, unvec, vec
from matdiff.operations.nonlinear import LOGSUMEXP, SOFTMAX, det, inverse, logdet, norm
from matdiff.rendering import text
from matdiff.session import Session
from matdiff.settings import Settings
from matdiff.syntax.tree import Definition
from properties.cases import Case, NotApplicable, relation
from properties.rewriting import renamed, rewritten
from properties.typed import SIDES, gram, m, n, named, p

Claims = Iterator[tuple[Expression, Expression]]
HOSTILE = ("lambda", "np", "e", "E", "x_1", "σ", "def", "T", "inv", "I", "α", "numpy", "sum", "d")
LONGEST_TYPED = 2000  # characters of an expression that is typed in


def _asked(case: Case, inside: Expression, Z: Expression) -> tuple[Expression, Expression]:
    """The gradient of f(inside(Z)) by Z, and (∇f)(inside(Z))."""
    new = {case.X: inside}
    return case.gradient(substitute(case.Y, new), Z), substitute(case.gradient(case.Y), new)


@relation("B1", "g(Z) = f(P Z Q): ∇g = P'(∇f)(P Z Q) Q'", of="scalar")
def two_sided_product(case: Case) -> Claims:
    (r, c), (i, j) = case.X.shape, (case.typed.pick(SIDES), case.typed.pick(SIDES))
    P, Q, Z = named("P", r, i), named("Q", j, c), named("Z", i, j)
    G, M = _asked(case, P @ Z @ Q, Z)
    yield G, P.T @ M @ Q.T


@relation("B2", "g(Z) = f(Z'): ∇g = ((∇f)(Z'))'", of="scalar")
def transposed(case: Case) -> Claims:
    Z = named("Z", case.X.columns, case.X.rows)
    G, M = _asked(case, Z.T, Z)
    yield G, M.T


@relation("B3 shift", "g(Z) = f(Z + C): ∇g = (∇f)(Z + C)", of="scalar")
def shifted(case: Case) -> Claims:
    Z, C = named("Z", *case.X.shape), named("C", *case.X.shape)
    yield _asked(case, Z + C, Z)


@relation("B3 scale", "g(Z) = f(s Z): ∇g = s (∇f)(s Z)", of="scalar")
def scaled(case: Case) -> Claims:
    Z, s = named("Z", *case.X.shape), named("S", ONE, ONE)
    G, M = _asked(case, s * Z, Z)
    yield G, s * M


@relation("B4", "g(Z) = f(Z^-1): ∇g = -Z^-T (∇f)(Z^-1) Z^-T", of="scalar")
def inverted(case: Case) -> Claims:
    case.needs(case.X.rows is case.X.columns)
    Z = named("Z", *case.X.shape)
    G, M = _asked(case, inverse(Z), Z)
    yield G, -(inverse(Z).T @ M @ inverse(Z).T)


@relation("B5", "g(Z) = f(Z∘C): ∇g = C∘(∇f)(Z∘C)", of="scalar")
def masked(case: Case) -> Claims:
    Z, C = named("Z", *case.X.shape), named("C", *case.X.shape)
    G, M = _asked(case, hadamard(Z, C), Z)
    yield G, hadamard(C, M)


@relation("B6 diag", "g(z) = f(diag(z)): ∇g = diag((∇f)(diag(z)))", of="scalar")
def of_a_diagonal(case: Case) -> Claims:
    case.needs(case.X.rows is case.X.columns and not case.X.is_scalar)
    z = named("Z", case.X.rows, ONE)
    G, M = _asked(case, diag(z), z)
    yield G, diagonal(M)


@relation("B6 vec", "g(z) = f(unvec(z)): ∇g = vec((∇f)(unvec(z)))", of="scalar")
def of_a_column(case: Case) -> Claims:
    r, c = case.X.shape
    z = symbol("z", r * c, ONE)
    G, M = _asked(case, unvec(z, r, c), z)
    yield G, vec(M)


@relation("B7 outer", "g(z) = f(z z'), M = (∇f)(z z'): ∇g = (M + M')z", of="scalar")
def of_an_outer_product(case: Case) -> Claims:
    case.needs(case.X.rows is case.X.columns)
    z = named("Z", case.X.rows, ONE)
    G, M = _asked(case, z @ z.T, z)
    yield G, (M + M.T) @ z


@relation("B7 quadratic", "g(Z) = f(Z'Z), M = (∇f)(Z'Z): ∇g = Z(M + M')", of="scalar")
def of_a_gram_matrix(case: Case) -> Claims:
    case.needs(case.X.rows is case.X.columns)
    Z = named("Z", case.typed.pick(SIDES), case.X.rows)
    G, M = _asked(case, Z.T @ Z, Z)
    yield G, Z @ (M + M.T)


def _symbols(*expressions: Expression) -> list[Expression]:
    return [node for node in postorder(*expressions) if node.operation is SYMBOL]


@relation(
    "B8", "new names for the variables, hostile or exchanged: the answer changes by them alone"
)
def other_names(case: Case) -> Claims:
    old = sorted({symbol_name(node) for node in _symbols(case.Y, case.X)})
    exchanged = case.typed.whole(0, 1)
    pool = old if exchanged else [name for name in HOSTILE if name not in old]
    case.needs(len(old) <= len(pool))
    new = dict(zip(old, case.typed.random.sample(pool, len(old)), strict=True))
    back = {after: before for before, after in new.items()}
    kind = "gradient" if case.Y.is_scalar else "jacobian"
    answer = case.derivative(kind, renamed(case.Y, new), renamed(case.X, new))
    yield case.derivative(kind, case.Y, case.X), renamed(answer, back)


@relation("B9", "other names for the dimensions: the answer changes by them alone")
def other_dimensions(case: Case) -> Claims:
    turned = {"m": n, "n": p, "p": m}
    back = {"m": p, "n": m, "p": n}
    kind = "gradient" if case.Y.is_scalar else "jacobian"
    answer = case.derivative(kind, resized(case.Y, turned), resized(case.X, turned))
    yield case.derivative(kind, case.Y, case.X), resized(answer, back)


@relation("B10", "n := 1, 2 or 3 in the answer: the answer for that size")
def specialised(case: Case) -> Claims:
    kind = "gradient" if case.Y.is_scalar else "jacobian"
    general = case.derivative(kind, case.Y, case.X)
    at = {name: Dimension.of(case.typed.whole(1, 3)) for name in case.typed.pick(("m", "n", "mn"))}
    try:
        expected, Y, X = (resized(e, at) for e in (general, case.Y, case.X))
    except MatdiffError:  # a part that does not exist at that size
        raise NotApplicable from None
    if kind == "gradient" or not Y.is_scalar:
        yield expected, case.derivative(kind, Y, X)


def _declaration(node: Expression, *, vector: bool = False) -> str:
    shape = str(node.rows) if vector and node.columns is ONE else shape_text(node.shape)
    return " ".join([f"{symbol_name(node)} : {shape}", *symbol_properties(node)])


def answered(declarations: list[str], written: str, wrt: str, kind: str) -> Any:
    """What a session answers to a question typed in."""
    session = Session()
    session.declare(", ".join(declarations))
    return session.differentiate(kind, session.parse(written), wrt, Settings())


def _typed(case: Case) -> tuple[str, list[Expression], str]:
    written = text(case.Y)
    case.needs(len(written) <= LONGEST_TYPED)
    kind = "gradient" if case.Y.is_scalar else "jacobian"
    symbols = _symbols(case.Y, case.X)
    shown = {name for symbol in symbols for side in symbol.shape for name in side.names()}
    mentioned = {
        name
        for node in postorder(case.Y)
        for size in node.parameters
        if node.operation is not SYMBOL and isinstance(size, Dimension)
        for name in size.names()
    }
    case.needs(mentioned <= shown)  # a size that no declaration shows is a name like any other
    return written, symbols, kind


@relation("B11", "x : n and x : n×1 give the same answer", every=3)
def vectors(case: Case) -> Iterator[tuple[str, bool]]:
    written, symbols, kind = _typed(case)
    case.needs(any(node.columns is ONE for node in symbols))
    found = [
        answered([_declaration(s, vector=v) for s in symbols], written, text(case.X), kind)
        for v in (False, True)
    ]
    yield "as vector and as matrix", found[0].derivative.formula is found[1].derivative.formula


@relation("B12", "declarations in another order, and idle ones: the same answer", every=3)
def declarations(case: Case) -> Iterator[tuple[str, bool]]:
    written, symbols, kind = _typed(case)
    declared = [_declaration(s) for s in symbols]
    one = answered(declared, written, text(case.X), kind)
    other = answered(["ZZ : m×m", *reversed(declared), "k : scalar"], written, text(case.X), kind)
    yield "in another order", text(one.derivative.formula) == text(other.derivative.formula)
    yield "with the same parts", one.derivative.where == other.derivative.where


@relation("B13", "a definition, or what it stands for written out: the same answer", every=3)
def definitions(case: Case) -> Iterator[tuple[str, bool]]:
    written, symbols, kind = _typed(case)
    inner_nodes = [node for node in postorder(case.Y) if node.arguments and node is not case.Y]
    case.needs(bool(inner_nodes))
    part = case.typed.pick(inner_nodes)
    stand_in = symbol("QQ", *part.shape)
    session = Session()
    session.declare(", ".join(map(_declaration, symbols)))
    session.add(Definition("QQ", session.parse(text(part)), (0, 1)), Settings())
    shortened = text(rebuild(case.Y, _with({part: stand_in})))
    found = session.differentiate(kind, session.parse(shortened), text(case.X), Settings())
    whole = answered([_declaration(s) for s in symbols], written, text(case.X), kind)
    assert found.derivative is not None
    one, other = found.derivative.formula, whole.derivative.formula
    yield f"{part!r}: {text(one)} and {text(other)}", one is other or text(one) == text(other)


def _with(new: dict[Expression, Expression]) -> Callable[..., Expression]:
    def change(node: Expression, arguments: tuple[Expression, ...]) -> Expression:
        return new.get(node) or make(node.operation, arguments, node.shape, node.parameters)

    return change


@relation("B14", "Z - Z added, I or 1 multiplied, transposed or inverted twice: the same answer")
def zero_and_one(case: Case) -> Claims:
    node = case.typed.pick(postorder(case.Y))
    r, c = node.shape
    Z = case.small(r, c)
    twice = make(TRANSPOSE, (make(TRANSPOSE, (node,), (c, r)),), (r, c))
    idle = case.typed.pick(
        (
            node + Z - Z, twice, hadamard(node, power(exp(Z), number(0))),
            node + (Z + (-Z)),
            inverse(gram(Z)) @ (gram(Z) @ node), scale(MINUS_ONE, -node), 2 * (HALF * node),
        )
    )  # fmt: skip
    changed = rebuild(case.Y, lambda old, new: idle if old is node else _with({})(old, new))
    kind = "gradient" if case.Y.is_scalar else "jacobian"
    yield case.derivative(kind, case.Y, case.X), case.derivative(kind, changed, case.X)


Pair = tuple[Expression, Expression]


def _pairs(case: Case) -> list[Pair]:
    """Equal scalars written in two ways, of small expressions of X."""
    i, j = case.typed.random.sample(SIDES, 2)
    A, B, C, D = (case.small(*s) for s in ((i, j), (j, i), (i, i), (i, j)))
    X, x, y = case.small(i, i), case.small(i, ONE), named("A", i, ONE)
    s, half = apply(ELEMENTWISE["sigmoid"], x), number(2)
    pd, N, W = gram(A), gram(case.small(i, i)), named("Q", j, j)
    return [
        (trace(A @ B @ C), trace(B @ C @ A)),
        (trace(C), trace(C.T)),
        (inner(A, D), trace(A.T @ D)),
        (inner(A, D), total(hadamard(A, D))),
        (inner(A, D), vec(A).T @ vec(D)),
        (x.T @ x, square(norm(x))),
        (x.T @ x, total(square(x))),
        (x.T @ x, trace(x @ x.T)),
        (total(A), ones(i).T @ A @ ones(j)),
        (y.T @ (A @ B).T @ y, y.T @ (B.T @ A.T) @ y),
        (trace(inverse(pd @ N)), trace(inverse(N) @ inverse(pd))),
        (total(vec(A @ W @ B)), total(kron(B.T, A) @ vec(W))),
        (total(kron(A, y) @ kron(B, y.T)), total(kron(A @ B, y @ y.T))),
        (logdet(pd @ N), logdet(pd) + logdet(N)),
        (det(pd @ N), det(pd) * det(N)),
        (x.T @ diag(y) @ x, total(hadamard(hadamard(x, y), x))),
        (y.T @ apply(SOFTMAX, x), y.T @ exp(x) * reciprocal(total(exp(x)))),
        (apply(LOGSUMEXP, x), log(total(exp(x)))),
        (total(log(s)), -total(apply(ELEMENTWISE["softplus"], -x))),
        (y.T @ apply(ELEMENTWISE["tanh"], x),
         y.T @ (half * apply(ELEMENTWISE["sigmoid"], half * x) - ones(i))),
        (reciprocal(det(pd)), det(inverse(pd))),
        (trace(X @ X @ X), trace(X @ (X @ X.T.T))),
        (trace(X @ inverse(pd) @ pd), trace(X)),
    ]  # fmt: skip


@relation("B15", "two writings of one function have the same gradient")
def equal_questions(case: Case) -> Claims:
    one, other = case.typed.pick(_pairs(case))
    yield one, other
    yield case.gradient(one), case.gradient(other)


@relation("B15 rewritten", "an expression written otherwise has the same derivative")
def written_otherwise(case: Case) -> Claims:
    kind = "gradient" if case.Y.is_scalar else "jacobian"
    other = rewritten(case.Y, Random(case.seed))
    yield case.derivative(kind, case.Y, case.X), case.derivative(kind, other, case.X)
