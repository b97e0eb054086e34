"""The record of one operation: all that matdiff knows about it, read by every pass.

A *multilinear* operation (product, Hadamard, trace, vec …) states its pullback for each argument:
the move that a person makes with Frobenius products, G : A B = A'G : B.  Its differential follows
by the product rule.  A *nonlinear* operation states only its differential, as the textbook prints
it; its pullback is the transpose of that linear map and is never written by hand.

The signature is in index notation: "ij,jk->ik" is the matrix product, "ii->" the trace, "i->ii"
diag of a vector, "ij,kl->(ik)(jl)" the Kronecker product (the first letter of a group runs
slowest), "ij->(ji)" vec.  An axis that is left out has dimension one.  It gives shapes, their
unification, and for multilinear operations the index network that Jacobians are read from.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Axis = tuple[str, ...]  # letters, the first runs slowest; () has dimension one
Axes = tuple[Axis, Axis]


class Signature:
    """Row and column axes of every argument and of the result."""

    __slots__ = ("inputs", "output", "text")

    def __init__(self, text: str) -> None:
        left, right = text.split("->")
        self.text = text
        parts = left.split(",") if left else []
        self.inputs: tuple[Axes, ...] = tuple(_axes(part) for part in parts)
        self.output: Axes = _axes(right)


def _axes(text: str) -> Axes:
    axes: list[Axis] = []
    position = 0
    while position < len(text):
        if text[position] == "(":
            end = text.index(")", position)
            axes.append(tuple(text[position + 1 : end]))
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
    arrays.
    """

    __slots__ = ("form", "symbol", "strength", "latex", "numpy")

    def __init__(
        self, form: str, symbol: str, *, strength: int = 9, latex: str = "", numpy: str = ""
    ) -> None:
        self.form, self.symbol, self.strength = form, symbol, strength
        self.latex, self.numpy = latex, numpy


class Operation:
    """One operation.

    name          unique; also its spelling as a function unless `spellings` says otherwise
    signature     index notation of shapes; None for symbols, numbers and constants
    multilinear   whether it is linear in each argument
    pullback      multilinear: for each argument a function (G, *arguments) -> Expression of the
                  argument's shape with G : op(…, dX, …) = pullback : dX
    differential  nonlinear: for each argument a function (*arguments, dX) -> Expression, or None
                  where the operation is locally constant in it
    elementwise   acts entry by entry on its first argument
    derivative    elementwise: X -> f'(X)
    evaluate      (numpy, *arrays) -> array, all arrays two-dimensional
    domain        where samples must lie: "real", "positive", "unit" (|x| < 1), "nonzero"
    smooth        analytic: a complex step may cross it
    associative, commutative   for flattening and order
    spellings     names of the function in the language
    source        where the rule is printed
    """

    __slots__ = (
        "name", "signature", "multilinear", "pullback", "differential", "elementwise",
        "derivative", "evaluate", "notation", "domain", "smooth", "associative", "commutative",
        "spellings", "source", "summary",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        *,
        notation: Notation,
        evaluate: Callable[..., Any] | None = None,
        signature: str | None = None,
        pullback: tuple[Callable[..., Any], ...] = (),
        differential: tuple[Callable[..., Any] | None, ...] = (),
        derivative: Callable[..., Any] | None = None,
        elementwise: bool = False,
        domain: str = "real",
        smooth: bool = True,
        associative: bool = False,
        commutative: bool = False,
        spellings: tuple[str, ...] = (),
        summary: str = "",
        source: str = "",
    ) -> None:
        self.name = name
        self.signature = Signature(signature) if signature is not None else None
        self.multilinear = bool(pullback)
        self.pullback = pullback
        self.differential = differential
        self.derivative = derivative
        self.elementwise = elementwise
        self.evaluate = evaluate
        self.notation = notation
        self.domain = domain
        self.smooth = smooth
        self.associative = associative
        self.commutative = commutative
        self.spellings = spellings
        self.summary = summary
        self.source = source

    def __repr__(self) -> str:
        return f"<{self.name}>"
