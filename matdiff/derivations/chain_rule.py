"""The chain rule through an intermediate variable whose entries are not independent.

∂Y/∂X = ∂Y/∂V ∂V/∂X, in numerator layout, sums over the entries of V, each of which has to vary on
its own.  Of a symmetric V either all entries are varied freely, or its independent ones are taken,
s = vech(V):  ∂Y/∂X = ∂Y/∂s ∂s/∂X.  What does not hold is the product with the derivative "by the
entries of V" in which an entry takes its twin along: it counts both of them twice.

Source: Magnus & Neudecker, section 3.8 and chapter 9; Magnus, Linear Structures (1988).
"""

from __future__ import annotations

from collections.abc import Callable

from matdiff.derivations.definitions import Intermediate
from matdiff.derivations.local_rules import Arrangement
from matdiff.derivations.steps import Left, Partial, Step
from matdiff.errors import MatdiffError
from matdiff.normal import normalise, shortest
from matdiff.normal.properties import properties_of
from matdiff.operations.algebra import (
    Expression,
    commutation,
    postorder,
    symbol,
    symbol_name,
)
from matdiff.operations.structures import STRUCTURES, Structure

Naming = Callable[[Expression], str]


def structure_of_values(V: Expression) -> Structure | None:
    """The linear structure that an expression is known to have for every value of its variables."""
    if V.is_scalar or V.rows is not V.columns:
        return None
    known = properties_of(normalise(V))
    return next((structure for structure in STRUCTURES if structure.name in known), None)


def through_independent_entries(
    root: Expression,
    each: Intermediate,
    X: Expression,
    arrangement: Arrangement,
    value: str,
    left: Left,
    new_name: Naming,
) -> list[Step]:
    """The chain rule through a structured intermediate, and what goes wrong without it.

    `root` is in the symbol of the intermediate; no line is given if it depends on X otherwise, or
    if no entry of the intermediate has a twin.  `left`, the derivative of what is called `value`,
    is what the lines before have found.
    """
    structure, V = _with_twins(each.whole), each.symbol
    inside = postorder(root)
    if structure is None or X in inside or V not in inside:
        return []
    s = structure.coordinates(V)
    try:
        outer = shortest(*arrangement.jacobians(root, V))
        inner = shortest(*arrangement.jacobians(each.whole, X))
    except MatdiffError:  # only the whole has a closed form
        return []
    basis = structure.basis_of(V)
    if not arrangement.by_column:
        basis = commutation(V.rows, V.rows) @ basis
    if not arrangement.numerator:
        basis = basis.T
    by_s = shortest(arrangement.chain(outer, basis))
    of_s = shortest(arrangement.chain(shortest(*arrangement.jacobians(s, V)), inner))
    wrong = shortest(arrangement.chain(arrangement.chain(by_s, basis.T), inner))
    name, x = new_name(s), symbol_name(X)
    P, J = symbol(new_name(by_s), *by_s.shape), symbol(f"J_{name}", *of_s.shape)
    N = symbol(new_name(wrong), *wrong.shape)
    return [
        Step(P, by_s, (Partial(value, name), " by the independent entries of ", V, ", which is "
             f"{structure.name}"), [(name, s)]),
        Step(J, of_s, (Partial(name, x),)),
        Step(left, arrangement.chain(P, J), "chain rule through independent entries"),
        Step(N, wrong, ("not ", Partial(value, x), ": what comes of the product by all entries of ",
             V, ", each taking its twin along")),
    ]  # fmt: skip


def _with_twins(V: Expression) -> Structure | None:
    """The structure in which one entry of V is another, or minus another; None if it has none.

    In a diagonal or triangular matrix the entries that vary are independent."""
    structure = structure_of_values(V)
    if structure is None or structure.project is structure.by_entries:
        return None
    return structure
