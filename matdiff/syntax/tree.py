"""The surface tree: what was typed, before shapes decide how it is to be read.

A chain of products stays a flat list of operands and operators; its bracketing is settled by
shapes later.  Every node carries its span (start, end) in the text, for carets in messages.
Depth is bounded by the nesting limit of a statement, yet passes over it should use a stack.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

Span = tuple[int, int]


class Tree:
    """Base of all surface nodes."""

    __slots__ = ("span",)
    span: Span


class Name(Tree):
    """A variable, constant or dimension name, as folded (`·`, `µ`… replaced by the usual sign)."""

    __slots__ = ("text",)

    def __init__(self, text: str, span: Span) -> None:
        self.text, self.span = text, span


class Number(Tree):
    """An exact rational: decimal numbers are read exactly."""

    __slots__ = ("value",)

    def __init__(self, value: Fraction, span: Span) -> None:
        self.value, self.span = value, span


class Sum(Tree):
    """Signed terms in order: A - B + C is [(1, A), (-1, B), (1, C)]; -A alone is [(-1, A)]."""

    __slots__ = ("terms",)

    def __init__(self, terms: list[tuple[int, Tree]], span: Span) -> None:
        self.terms, self.span = terms, span


class Frobenius(Tree):
    """A : B, also written <A, B>."""

    __slots__ = ("left", "right")

    def __init__(self, left: Tree, right: Tree, span: Span) -> None:
        self.left, self.right, self.span = left, right, span


class Chain(Tree):
    """Operands and the operators between them, not yet bracketed; at least two operands.

    Operators: "" product by juxtaposition, "*" product by a sign (* · @), "∘", "⊘", "⊗", "⊛", "/",
    and "·" for \\cdot in LaTeX, which of two columns is their inner product.
    `operator_spans[i]` is where operator i stands (an empty span for juxtaposition).
    """

    __slots__ = ("operands", "operators", "operator_spans")

    def __init__(
        self, operands: list[Tree], operators: list[str], operator_spans: list[Span], span: Span
    ) -> None:
        self.operands, self.operators, self.operator_spans = operands, operators, operator_spans
        self.span = span


class Transpose(Tree):
    """A', A^T, Aᵀ, A.T; `letter` if it was written with the letter T, which may also be a name."""

    __slots__ = ("letter", "operand")

    def __init__(self, operand: Tree, span: Span, letter: bool = False) -> None:
        self.operand, self.span, self.letter = operand, span, letter


class Power(Tree):
    """A^p or A.^p; A^-T is Transpose(Power(A, -1)).

    `exponent` is a tree without its outer brackets; a signed number or a fraction is one Number.
    """

    __slots__ = ("base", "exponent", "elementwise")

    def __init__(self, base: Tree, exponent: Tree, elementwise: bool, span: Span) -> None:
        self.base, self.exponent, self.elementwise, self.span = base, exponent, elementwise, span


class Call(Tree):
    """f(a, b): a function, or a sized constant such as I(n), K(m,n), ones(m,n)."""

    __slots__ = ("function", "arguments", "function_span")

    def __init__(
        self, function: str, arguments: list[Tree], function_span: Span, span: Span
    ) -> None:
        self.function, self.arguments = function, arguments
        self.function_span, self.span = function_span, span


class Group(Tree):
    """A bracketed expression; its shape is settled by itself and handed outwards."""

    __slots__ = ("inner",)

    def __init__(self, inner: Tree, span: Span) -> None:
        self.inner, self.span = inner, span


class Remarked(Tree):
    """A whole expression with notes on how it was understood, as a formula in LaTeX may have, and
    `doubts`, sentences on what may be meant otherwise, for which a strict reading refuses it."""

    __slots__ = ("doubts", "inner", "notes")

    def __init__(self, inner: Tree, notes: list[str], doubts: Sequence[str] = ()) -> None:
        self.inner, self.notes, self.doubts, self.span = inner, notes, doubts, inner.span


class Fence(Tree):
    """|A| (`bars` 1) or ‖A‖ (2), with the subscript that follows: "", "1", "2", "F", "*", "∞"."""

    __slots__ = ("bars", "inner", "subscript")

    def __init__(self, bars: int, inner: Tree, subscript: str, span: Span) -> None:
        self.bars, self.inner, self.subscript, self.span = bars, inner, subscript, span


class IndexSum(Tree):
    """Σ_{i,j} body; `bound` is the dimension tree above the sign, if there is one."""

    __slots__ = ("body", "bound", "indices")

    def __init__(self, indices: list[str], bound: Tree | None, body: Tree, span: Span) -> None:
        self.indices, self.bound, self.body, self.span = indices, bound, body, span


class SumHead(Tree):
    """Σ_i as an operand of a chain that is being built; no tree that is handed out has one."""

    __slots__ = ("sign",)

    def __init__(self, sign: str, span: Span) -> None:
        self.sign, self.span = sign, span


class Item(Tree):
    """What stands for one dimension between the brackets of X[i,2:n].

    `first` and `last` are dimension trees or names of indices.  An index alone is `single` and has
    a `first` only; of a range either bound may be missing, and `:` has none.
    """

    __slots__ = ("first", "last", "single")

    def __init__(self, first: Tree | None, last: Tree | None, single: bool, span: Span) -> None:
        self.first, self.last, self.single, self.span = first, last, single, span

    @property
    def name(self) -> str | None:
        """The name that stands alone there, which may be an index."""
        return self.first.text if self.single and isinstance(self.first, Name) else None

    @property
    def is_all(self) -> bool:
        return not self.single and self.first is None and self.last is None


class Indexed(Tree):
    """x[i], X[i,j], X[i,:], X[1:3,n]: one item or two."""

    __slots__ = ("base", "items")

    def __init__(self, base: Tree, items: list[Item], span: Span) -> None:
        self.base, self.items, self.span = base, items, span


class Blocks(Tree):
    """[A, B; C, D], the rows from the top."""

    __slots__ = ("rows",)

    def __init__(self, rows: list[list[Tree]], span: Span) -> None:
        self.rows, self.span = rows, span


class Declaration(Tree):
    """NAME : shape property…  `rows` and `columns` are dimension trees.

    A dimension tree is a Name, a Number (an integer >= 1), a Sum without minus signs, a Chain of
    products, or a Group of one.  `form` is "matrix" (two sides), "vector" (one side, `rows`; a
    column), "scalar" or "elementwise" (an unknown elementwise function; no sides), or "function"
    (g : n → m, rows = m, columns = n; m is the Number 1 for a scalar).  The claim of a shape query
    is a Declaration too, with the empty name.
    """

    __slots__ = ("name", "form", "rows", "columns", "properties")

    def __init__(
        self,
        name: str,
        form: str,
        rows: Tree | None,
        columns: Tree | None,
        properties: list[str],
        span: Span,
    ) -> None:
        self.name, self.form, self.rows, self.columns = name, form, rows, columns
        self.properties, self.span = properties, span


class Definition(Tree):
    """NAME = EXPRESSION"""

    __slots__ = ("name", "expression")

    def __init__(self, name: str, expression: Tree, span: Span) -> None:
        self.name, self.expression, self.span = name, expression, span


class Decomposition(Tree):
    """U, s, V = svd(E), in the `where` of a claim."""

    __slots__ = ("argument", "names")

    def __init__(self, names: list[str], argument: Tree, span: Span) -> None:
        self.names, self.argument, self.span = names, argument, span


class Query(Tree):
    """gradient EXPR wrt X [as option, option] [== CLAIM [where NAME = EXPR, …]]

    `kind` is gradient, jacobian, hessian, differential, shape or check.
    """

    __slots__ = ("kind", "expression", "wrt", "options", "claim", "where")

    def __init__(
        self,
        kind: str,
        expression: Tree,
        wrt: str | None,
        options: list[str],
        claim: Tree | None,
        where: list[Definition | Decomposition],
        span: Span,
    ) -> None:
        self.kind, self.expression, self.wrt, self.options = kind, expression, wrt, options
        self.claim, self.where, self.span = claim, where, span
