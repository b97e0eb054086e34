"""The last lines of a derivation: what is read off, in the layout that was asked for.

Source of the rules for layouts: Magnus & Neudecker, chapter 3 (commutation matrices).
"""

from __future__ import annotations

from matdiff.calculus import gradient, jacobians
from matdiff.derivations.known import differs, still
from matdiff.derivations.lines import Lines
from matdiff.derivations.simplifications import simplification
from matdiff.derivations.steps import Partial, Reason, Signs, Step, joined
from matdiff.derivatives import Derivative
from matdiff.dimensions import ONE, Dimension
from matdiff.normal import shortest
from matdiff.operations.algebra import (
    Expression,
    commutation,
    multiply,
    symbol,
    symbol_name,
)
from matdiff.operations.linear import vec
from matdiff.operations.structures import structure_of
from matdiff.structured import ENTRIES, FREE, PROJECTION

MATRICES = ("J", "M", "T", "Q")  # what a Jacobian may be called that is still to be arranged


def conclude(lines: Lines, value: str, f: Expression, derivative: Derivative) -> None:
    """∂Y/∂X = …, in the layout that was asked for, f being what is called `value`."""
    order = 2 if derivative.kind == "hessian" else 1
    left = Partial(value, symbol_name(derivative.wrt), order)
    where = [part for part in derivative.where if part[0] not in lines.parts.given]
    why = lines.read_off(_reading(value, lines, derivative), derivative.printed)
    if derivative.kind != "gradient" and _is_arranged(derivative):
        why = _arrange(lines, left, f, derivative, why)
    why = joined([why, _structure(lines, derivative)])
    lines.steps.append(Step(left, derivative.printed, why, where))


def _reading(value: str, lines: Lines, derivative: Derivative) -> Reason:
    """What the derivative is, said of the line before."""
    X, dX = lines.X, lines.dX
    if X.is_scalar:
        return ("what stands with ", dX)
    if derivative.kind != "gradient":
        return ("read off: it is what the change is multiplied by",)
    dY, G = symbol("d" + value, ONE, ONE), symbol("G", *X.shape)
    by = Partial(value, symbol_name(X))
    return ("read off: ", dY, Signs(" = "), G, Signs(" : "), dX, " means ", by, Signs(" = "), G)


def _structure(lines: Lines, derivative: Derivative) -> Reason:
    """What was done with the structure of the variable."""
    structure, way = structure_of(derivative.wrt), derivative.structure
    if structure is None:
        return ()
    if way == FREE:
        last = lines.parts.written_out(lines.steps[-1].right)
        used = any(differs(part, {lines.X: derivative.wrt}) for part in still(last, lines.dX))
        return (derivative.wrt, f" is {structure.name}") if used else ()
    X = derivative.wrt
    done = {PROJECTION: "projected onto that structure", ENTRIES: "by the independent entries"}
    said: Reason = (X, f" is {structure.name}: {done[way]}")
    if way == ENTRIES and derivative.kind != "gradient":
        entries = multiply(structure.basis_of(X), structure.coordinates(X))
        said += (", ", vec(X), Signs(" = "), entries)
    return said


def _is_arranged(derivative: Derivative) -> bool:
    """Whether the matrix asked for is another than J in vec(dY) = J vec(dX)."""
    return derivative.layout != "numerator" or derivative.vec != "column"


def _arrange(
    lines: Lines, left: Partial, f: Expression, derivative: Derivative, why: Reason
) -> Reason:
    """The lines from J in vec(dY) = J vec(dX) to the layout asked for; the reason of the last."""
    X = lines.X
    Y = gradient(f, X) if derivative.kind == "hessian" else f
    whole = shortest(*jacobians(Y, X))
    J = _new(lines, whole)
    lines.say(J, whole, why)
    turned, reasons = J, []
    if derivative.vec == "row":
        turned = multiply(multiply(commutation(*Y.shape), J), commutation(*X.shape).T)
        reasons.append(("entries row by row", *(_turning(*Y.shape) or _turning(*X.shape))))
    if derivative.layout == "denominator":
        turned = turned.T
        reasons.append(("denominator layout: transposed",))
    if turned is J:  # by rows and by columns is the same
        return joined(reasons)
    if structure_of(derivative.wrt) is not None and derivative.structure != FREE:
        lines.say(_new(lines, turned), turned, joined(reasons))
        return ()
    lines.say(left, turned, joined(reasons))
    rule = simplification(turned, whole)
    return joined([(J, " put in"), rule])


def _turning(m: Dimension, n: Dimension) -> Reason:
    """`: vec(A') = K(m,n) vec(A)` for A m×n; nothing for a row or column."""
    if m is ONE or n is ONE:
        return ()
    A = symbol("A", m, n)
    return (": ", vec(A.T), Signs(" = "), multiply(commutation(m, n), vec(A)))


def _new(lines: Lines, J: Expression) -> Expression:
    """A symbol for a Jacobian."""
    taken = lines.parts.names.taken
    name = next(name for name in MATRICES if name not in taken)
    taken.add(name)
    return symbol(name, *J.shape)
