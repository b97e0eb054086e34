"""From an expression and a variable to the derivative as a formula: the way through the house.

The function is brought to normal form, differentiated, and the result spelled as short as it can
be found.  A property of the variable itself (symmetric …) is dropped while differentiating, so
that its entries are independent, and used again in the result (see `structured`).
"""

from __future__ import annotations

from matdiff.calculus import differential_of, gradient, jacobians
from matdiff.dimensions import shape_text
from matdiff.errors import ShapeProblem, UsageProblem
from matdiff.normal import normalise, shortest
from matdiff.normal.parts import Where, named_parts
from matdiff.normal.properties import properties_of
from matdiff.operations.algebra import (
    Expression,
    postorder,
    substitute,
    symbol,
    symbol_name,
    symbol_properties,
)
from matdiff.structured import WAYS, note_on, structured, usual

KINDS = ("gradient", "jacobian", "hessian", "differential")
STRUCTURAL = frozenset({"symmetric", "spd", "skew", "diagonal", "lower", "upper", "orthogonal"})
# what an entry loses when it is varied on its own: a binary matrix is no longer equal to its square
OF_VALUES = STRUCTURAL | {"binary", "onehot"}
OPEN = ("invertible", "posdet")  # what follows from a structure and holds nearby without it


class Derivative:
    """A derivative as a formula.

    formula   the derivative, all written out
    printed   the same with symbols for the parts that `where` defines
    where     (name, definition) pairs, each using only earlier names
    shape     of the formula; gradient: the variable's, Jacobian pq×mn, Hessian mn×mn
    structure what was done with that of the variable: "projection", "free" or "entries"
    notes     what the reader should know, e.g. which convention was used
    """

    __slots__ = (
        "kind", "layout", "vec", "structure", "expression", "wrt", "change",
        "formula", "printed", "where", "shape", "notes",
    )  # fmt: skip

    def __init__(
        self,
        kind: str,
        layout: str,
        vec: str,
        structure: str,
        expression: Expression,
        wrt: Expression,
        change: Expression | None,
        formula: Expression,
        parts: tuple[Expression, Where],
        notes: list[str],
    ) -> None:
        self.kind, self.layout, self.vec, self.structure = kind, layout, vec, structure
        self.expression, self.wrt, self.change = expression, wrt, change
        self.formula, self.shape, self.notes = formula, formula.shape, notes
        self.printed, self.where = parts


def derive(
    kind: str,
    expression: Expression,
    wrt: Expression,
    *,
    layout: str = "numerator",
    vec: str = "column",
    structure: str | None = None,
    taken: frozenset[str] = frozenset(),
) -> Derivative:
    """The derivative of an expression with respect to the symbol `wrt`.

    kind       "gradient", "jacobian", "hessian" or "differential"
    layout     "numerator" or "denominator", of Jacobians and Hessians
    vec        "column" or "row": how matrices are stacked in them
    structure  by a variable with structure: "projection" onto it, by its independent "entries", or
               "free"; if nothing is said, gradients are projected, Jacobians and Hessians free
    taken      names that parts must not be given, besides those that occur

    ShapeProblem if a gradient or Hessian is asked of what is not a scalar; DomainProblem if an
    operation's derivative is not known.
    """
    if kind not in KINDS:
        raise UsageProblem(f"'{kind}' is not a derivative: {', '.join(KINDS)}")
    if structure not in (None, *WAYS):
        raise UsageProblem(f"'{structure}' is no way to use a structure: {', '.join(WAYS)}")
    if kind in ("gradient", "hessian") and not expression.is_scalar:
        raise ShapeProblem(
            f"the {kind} is of a scalar; this expression is {shape_text(expression.shape)}",
            hint="ask for its jacobian, or for a scalar of it such as its sum",
            code="MX217",
        )
    way = usual(kind) if structure is None else structure
    notes: list[str] = []
    X, f = freed(wrt, expression)
    f = normalise(f)
    change: Expression | None = None
    if kind == "gradient":
        candidates = [gradient(f, X)]
    elif kind == "differential":
        differential, change = differential_of(f, X)
        candidates = [differential]
    else:  # the Hessian is the Jacobian of the gradient
        Y = f if kind == "jacobian" else normalise(gradient(f, X))
        candidates = jacobians(Y, X, layout=layout, vec_order=vec)
    formula = shortest(*candidates, settled=frozenset(postorder(f)))
    if X is not wrt:
        formula = substitute(formula, {X: wrt})
        formula = shortest(*structured(kind, formula, wrt, way, layout, vec))
        notes.append(note_on(kind, wrt, way, asked=structure is not None))
    parts = named_parts(formula, expression, taken)
    return Derivative(kind, layout, vec, way, expression, wrt, change, formula, parts, notes)


def freed(wrt: Expression, expression: Expression) -> tuple[Expression, Expression]:
    """The variable without its structural properties, and the expression in it."""
    properties = symbol_properties(wrt)
    kept = [p for p in properties if p not in OF_VALUES]
    if len(kept) == len(properties):
        return wrt, expression
    known = properties_of(wrt)  # without "positive" where that is of a triangle only
    open_ones = {p for p in (*kept, *OPEN) if p in known}
    free = symbol(symbol_name(wrt), *wrt.shape, open_ones)
    return free, substitute(expression, {wrt: free})
