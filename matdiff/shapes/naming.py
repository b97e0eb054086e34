"""Names for inferred dimensions, as a person would choose them.

The first matrix that is not square is m×n, a square one or a column n, later ones go on with p, q,
k …; matrices choose before columns, so that A x + b has A : m×n, x : n, b : m.
"""

from __future__ import annotations

from collections.abc import Iterable

from matdiff.dimensions import ONE, Dimension, Shape
from matdiff.shapes.scope import free_names
from matdiff.shapes.unify import Bindings, unknowns


def name_unknowns(bindings: Bindings, shapes: Iterable[Shape], taken: set[str]) -> Bindings:
    """The bindings with a name for every unknown in these shapes."""
    shapes = list(shapes)
    named = dict(bindings.values)
    taken = set(taken)
    square = [shape for shape in shapes if shape[1] is not ONE]
    for shape in square + [shape for shape in shapes if shape[1] is ONE]:
        rows, columns = (Bindings(named, (), 0).resolve(side) for side in shape)
        oblong = rows is not columns and rows is not ONE and columns is not ONE
        both = oblong and bool(unknowns(rows)) and bool(unknowns(columns))
        first = "mn" if both and not taken & {"m", "n"} else "m" if oblong else ""
        if oblong and not both:
            first = "m" if unknowns(rows) else ""
        for side in (rows, columns):
            for name in unknowns(side):
                if name not in named:
                    label = next(free_names(taken, first))
                    taken.add(label)
                    named[name] = Dimension.of(label)
    return Bindings(named, bindings.waiting, bindings.doubt)
