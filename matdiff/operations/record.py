"""The record of one operation: all that matdiff knows about it, read by every pass.

A *multilinear* operation (product, Hadamard, trace, vec …) states its pullback for each argument:
the move that a person makes with Frobenius products, G : A B = A'G : B.  Its differential follows
by the product rule.  A *nonlinear* operation states only its differential, as the textbook prints
it; its pullback is the transpose of that linear map and is never written by hand.

The signature is in index notation: "ij,jk->ik" is the matrix product, "ii->" the trace, "i->ii"
diag of a vector, "ij,kl->(ik)(jl)" the Kronecker product (the first letter of a group runs
slowest), "ij->(ji)" vec, "ij,ik->i(j+k)" two blocks side by side, "ii->(i>=i)" vech.  An axis that
is left out has dimension one.  It gives shapes, their unification, and for multilinear operations
the index network that Jacobians are read from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from functools import reduce
from typing import Any

from matdiff.dimensions import ONE, Dimension

Axis = tuple[str, ...]  # letters, the first runs slowest; () has dimension one
Axes = tuple[Axis, Axis]


class Stacked(tuple[str, ...]):
    """An axis (j+k), on which what the letters count stands one after the other."""

    __slots__ = ()


class Triangular(tuple[str, ...]):
    """An axis (i>=i), on which the pairs stand whose first is not before the second."""

    __slots__ = ()


def size_of_axis(
    axis: Axis,
    sizes: Mapping[str, Dimension],
    product: Callable[[Dimension, Dimension], Dimension] = lambda m, n: m * n,
) -> Dimension:
    """The dimension of an axis: the product of its letters' dimensions, of (j+k) their sum, of
    (i>=i) n(n+1)/2."""
    parts = [sizes[letter] for letter in axis]
    if isinstance(axis, Triangular):
        return product(parts[0], parts[0] + ONE) / 2
    if isinstance(axis, Stacked):
        return reduce(lambda m, n: m + n, parts)
    return reduce(product, parts, ONE)


class Signature:
    """Row and column axes of every argument and of the result.

    `sizes` are the dimensions of letters that the operation fixes itself, in their own order: an
    unknown function g : n → m is "i->j" with i of n and j of m.  `parameters` are the letters of
    the result that nothing fixes: sizes to be stated, as the m and n of unvec(x, m, n).
    """

    __slots__ = ("inputs", "output", "parameters", "sizes", "text")

    def __init__(self, text: str, sizes: Mapping[str, Dimension] | None = None) -> None:
        left, right = text.split("->")
        self.text, self.sizes = text, dict(sizes or {})
        parts = left.split(",") if left else []
        self.inputs: tuple[Axes, ...] = tuple(_axes(part) for part in parts)
        self.output: Axes = _axes(right)
        known = {axis[0] for axes in self.inputs for axis in axes if len(axis) == 1}
        self.parameters = tuple(
            axis[0]
            for axis in self.output
            if len(axis) == 1 and axis[0] not in known and axis[0] not in self.sizes
        )


def _axes(text: str) -> Axes:
    axes: list[Axis] = []
    position = 0
    while position < len(text):
        if text[position] == "(":
            end = text.index(")", position)
            inside = text[position + 1 : end]
            if ">=" in inside:
                axes.append(Triangular(inside[0]))
            else:
                axes.append(Stacked(inside.split("+")) if "+" in inside else tuple(inside))
            position = end + 1
        elif text[position] == "1":
            axes.append(())
            position += 1
        else:
            axes.append((text[position],))
            position += 1
    while len(axes) < 2:
        axes.append(())
    return axes[0], axes[1]


class Notation:
    """How an operation is written in each target.

    `form` is "infix", "prefix", "postfix", "function" or "atom".  `symbol` is the matdiff
    spelling; `strength` the binding strength of infix and postfix forms (loose 0 … tight 9);
    `latex` the sign of an infix operation, the name of a function or atom, or a template in which
    {0}, {1} stand for the arguments and other braces are doubled; `numpy` a template over 2-D
    arrays.  `helpers` are the Python functions the template calls, as in `_expm(np, {0})`: their
    source is copied into the module that is emitted.  `code` are the templates of other targets by
    their names ("jax", "torch", "array-api", "julia", "matlab") where that for numpy, with another
    name for the module, does not serve.  For Julia and MATLAB the lines of a template before the
    last are statements, {a}, {b} … names of their own, {T} Julia's type of numbers; what is done to
    each entry is written for one number.
    """

    __slots__ = ("form", "symbol", "strength", "latex", "numpy", "helpers", "code")

    def __init__(
        self,
        form: str,
        symbol: str,
        *,
        strength: int = 9,
        latex: str = "",
        numpy: str = "",
        helpers: tuple[Callable[..., Any], ...] = (),
        code: Mapping[str, str] | None = None,
    ) -> None:
        self.form, self.symbol, self.strength = form, symbol, strength
        self.latex, self.numpy, self.helpers = latex, numpy, helpers
        self.code: Mapping[str, str] = code or {}


def constant(template: str, **others: str) -> dict[str, str]:
    """The templates of a constant that numpy makes, for the targets that take its arrays over.

    In numpy itself it gets the type of the other arrays.  `others` are templates of more targets.
    """
    return {
        "numpy": f"{template}.astype(dtype, copy=False)",
        "jax": f"jnp.asarray({template}, dtype)",
        "torch": f"torch.as_tensor({template}, dtype=dtype, device=device)",
        "array-api": f"xp.asarray({template}, dtype=dtype, device=device)",
        **others,
    }


class Unknown:
    """What is known of an unknown function, or of one of its derivatives.

    name       the function's, as it was declared
    order      of the derivative, 0 for the function itself
    parameter  its name as a parameter of emitted code, Greek letters not yet spelled out
    values     what it takes and gives, for the reader of that code
    """

    __slots__ = ("name", "order", "parameter", "values")

    def __init__(self, name: str, order: int, parameter: str, values: str) -> None:
        self.name, self.order, self.parameter, self.values = name, order, parameter, values


class Operation:
    """One operation.

    name          unique; also its spelling as a function unless `spellings` says otherwise
    signature     index notation of shapes; None for symbols, numbers and constants
    multilinear   whether it is linear in each argument
    pullback      multilinear: for each argument a function (G, *arguments) -> Expression of the
                  argument's shape with G : op(…, dX, …) = pullback : dX
    differential  nonlinear: for each argument a function (*arguments, dX) -> Expression, or None
                  where the operation is locally constant in it; of an associative one with
                  more arguments it is that of the nested operations of two;
                  `no_closed_form` is a rule too: it refuses
    spectral      a function f of the eigenvalues of its first argument X (expm, logm …):
                  (*arguments) -> f'(X).  It serves where the change of X commutes with X, and
                  where the result stands against a function of X in a trace; elsewhere the rule
                  in `differential` does
    elementwise   acts entry by entry on its first argument
    derivative    elementwise: X -> f'(X)
    evaluate      (numpy, *arrays, *sizes) -> array, all arrays two-dimensional; the sizes are those
                  that the signature fixes, then those among the node's parameters
    domain        where samples must lie: "real", "positive", "unit" (|x| < 1), "nonzero",
                  "invertible", "posdet", "principal" (no eigenvalue <= 0), "rank" (full),
                  "distinct" (the largest entry stands alone), "tied" (it does, or has equals)
    example       of a constant that is written with sizes: (m, n) -> the parameters of one that
                  shows what it is, in the table of functions and in tests
    positive      of a constant with dimensions for parameters: those that have to be at least one
    smooth        analytic: a complex step may cross it
    associative, commutative   for flattening and order
    symmetric     every value is a symmetric matrix
    properties    (node, properties of its arguments, mirrors) -> those of the node, as far as they
                  follow; see operations/properties.py
    unknown       of a function that a person declared without saying what it is
    spellings     names of the function in the language
    definition    (*arguments) -> an equal expression in simpler operations: sigmoid by exp
    program       (kernels, node, *values) -> value: how emitted code computes it, by the kernels of
                  emission/values.py; without it the notation's templates do
    over_field    (field, *arrays) -> array: the value over any field, where neither `definition`
                  nor `evaluate` gives it (see judging/fields.py)
    degree        of a value that is rational in the arguments' entries: (node, degrees of its
                  arguments, sizes) -> its degrees; see operations/degrees.py
    source        where the rule is printed
    """

    __slots__ = (
        "name", "signature", "multilinear", "pullback", "differential", "spectral", "elementwise",
        "derivative", "evaluate", "notation", "domain", "example", "positive", "smooth",
        "associative", "commutative", "symmetric", "properties", "unknown", "spellings", "source",
        "summary", "definition", "over_field", "program", "degree", "__weakref__",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        *,
        notation: Notation,
        evaluate: Callable[..., Any] | None = None,
        signature: str | None = None,
        sizes: Mapping[str, Dimension] | None = None,
        pullback: tuple[Callable[..., Any], ...] = (),
        differential: tuple[Callable[..., Any] | None, ...] = (),
        derivative: Callable[..., Any] | None = None,
        spectral: Callable[..., Any] | None = None,
        elementwise: bool = False,
        domain: str = "real",
        example: Callable[[Dimension, Dimension], tuple[Dimension, ...]] | None = None,
        positive: Callable[..., tuple[Dimension, ...]] | None = None,
        smooth: bool = True,
        associative: bool = False,
        commutative: bool = False,
        symmetric: bool = False,
        properties: Callable[..., AbstractSet[str]] | None = None,
        unknown: Unknown | None = None,
        spellings: tuple[str, ...] = (),
        summary: str = "",
        source: str = "",
        definition: Callable[..., Any] | None = None,
        over_field: Callable[..., Any] | None = None,
        program: Callable[..., Any] | None = None,
        degree: Callable[..., tuple[int, int]] | None = None,
    ) -> None:
        self.name = name
        self.signature = Signature(signature, sizes) if signature is not None else None
        self.multilinear = bool(pullback)
        self.pullback = pullback
        self.differential = differential
        self.derivative = derivative
        self.spectral = spectral
        self.elementwise = elementwise
        self.evaluate = evaluate
        self.notation = notation
        self.domain = domain
        self.example = example
        self.positive = positive
        self.smooth = smooth
        self.associative = associative
        self.commutative = commutative
        self.symmetric = symmetric
        self.properties = properties
        self.unknown = unknown
        self.spellings = spellings
        self.summary = summary
        self.source = source
        self.definition = definition
        self.over_field = over_field
        self.program = program
        self.degree = degree

    def __repr__(self) -> str:
        return f"<{self.name}>"
