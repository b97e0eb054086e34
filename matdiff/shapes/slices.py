"""Entries and slices by number: X[1,2], x[n], X[2:n,:] as products with selections.

Numbers count from one, bounds of a range are both within it, and a bound that is left out is the
end of the dimension.  Bounds may be dimensions.  What cannot be is refused: an index beyond the
dimension, a range that ends before it begins (MX225).  What depends on the sizes is taken to hold,
and the person is told.
"""

from __future__ import annotations

from collections.abc import Sequence

from matdiff.dimensions import ONE, Dimension, at_least_one
from matdiff.errors import ShapeProblem
from matdiff.operations.algebra import Expression
from matdiff.operations.blocks import part
from matdiff.shapes.candidates import Build, Candidate, Plan, best_of
from matdiff.shapes.scope import Scope
from matdiff.shapes.sizes import dimension_of, inequality
from matdiff.shapes.unify import Bindings, unknowns
from matdiff.shapes.writing import item_text, text_of
from matdiff.syntax.tree import Indexed, Item

Items = tuple[Item | None, Item | None]  # of the rows and of the columns, None for all
Slice = tuple[Dimension, Dimension]  # the first, counted from one, and how many


def read_indexed(scope: Scope, tree: Indexed, lists: list[list[Candidate]]) -> list[Candidate]:
    """All readings of an entry or a slice."""
    found = []
    for base in lists[0]:
        fitted = _fitted(tree, base)
        if fitted is None:
            continue
        items, bindings = fitted
        rows, columns = base.under(bindings)
        shape = slice_of(items[0], rows)[1], slice_of(items[1], columns)[1]
        plan = Plan(_taking(scope, tree, items), (base.plan,))
        found.append(Candidate(*shape, plan, bindings, base.bend, base.meaning))
    if not found:
        raise one_index_of_matrix(tree)
    return best_of(found)


def one_index_of_matrix(tree: Indexed) -> ShapeProblem:
    """A matrix with one index between the brackets."""
    text = text_of(tree.base)
    return ShapeProblem(
        f"{text} is a matrix: its entries are {text}[i,j], its rows {text}[i,:]",
        span=tree.span,
        code="MX226",
    )


def slice_of(item: Item | None, dimension: Dimension) -> Slice:
    """What an item takes of a dimension; ShapeProblem if a bound is no dimension."""
    if item is None:
        return ONE, dimension
    first = ONE if item.first is None else dimension_of(item.first)
    if item.single:
        return first, ONE
    last = dimension if item.last is None else dimension_of(item.last)
    return first, last - first + ONE


def checked_slice(scope: Scope, item: Item | None, dimension: Dimension, tree: Indexed) -> Slice:
    """The same, refused if it cannot be within the dimension; assumptions are noted."""
    first, size = slice_of(item, dimension)
    if item is None:
        return first, size
    last = first + size - ONE
    text, whole = item_text(item), text_of(tree.base)
    if at_least_one(size) is False:
        raise _beyond(item, f"the range {text} of {whole} ends before it begins")
    if at_least_one(dimension - last + ONE) is False:
        what = f"the index {text} is" if item.single else f"the range {text} reaches"
        raise _beyond(item, f"{what} beyond the dimension {dimension} of {whole}")
    for larger, smaller in ((last, first), (dimension, last)):
        room = larger - smaller + ONE
        if at_least_one(room) is None and not unknowns(room):  # those get their values later
            scope.notes.append(f"{text_of(tree)} is read for {inequality(larger - smaller)}")
    return first, size


def _beyond(item: Item, message: str) -> ShapeProblem:
    hint = "indices count from 1, and both bounds of a range are within it"
    return ShapeProblem(message, hint=hint, span=item.span, code="MX225")


def _fitted(tree: Indexed, base: Candidate) -> tuple[Items, Bindings] | None:
    """The items of rows and columns, and what makes a vector of what has one item."""
    if len(tree.items) == 2:
        rows, columns = tree.items
        return (rows, columns), base.bindings
    (item,) = tree.items
    rows_of, columns_of = base.under(base.bindings)
    if rows_of is ONE and columns_of is not ONE:
        return (None, item), base.bindings
    bindings = base.bindings.unify(columns_of, ONE)
    return None if bindings is None else ((item, None), bindings)


def _taking(scope: Scope, tree: Indexed, items: Items) -> Build:
    """The build that takes the part out of the base once its sizes are known."""

    def build(parts: Sequence[Expression], _: Bindings) -> Expression:
        (X,) = parts
        rows, columns = (
            checked_slice(scope, item, dimension, tree)
            for item, dimension in zip(items, X.shape, strict=True)
        )
        return part(X, rows, columns)

    return build
