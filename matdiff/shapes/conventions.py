"""What letters mean in the literature, and in which order other meanings are tried.

A capital is a matrix, a small Latin letter a column, a small Greek one a scalar.  Where no shapes
agree under these conventions, a name is taken for something less usual, at a cost: a text is read
with the cheapest choice under which its shapes agree.  The costs are small whole numbers found by
trial on published problems.
"""

from __future__ import annotations

import heapq
import unicodedata
from collections.abc import Collection, Iterator

from matdiff.dimensions import ONE, Shape
from matdiff.shapes.unify import IMPOSSIBLE, unknown

MATRIX, COLUMN, SCALAR = "matrix", "column", "scalar"
Choice = tuple[int, str]  # cost, kind

_GREEK = frozenset(
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron rho sigma"
    " tau upsilon phi chi psi omega".split()
)
_OFTEN_SCALAR = frozenset("cdkmnpst")  # small Latin letters
_DOUBT_OF_SINGLE_ROW = 2  # a matrix that turns out to be one row or column


def choices(name: str, is_array: bool = False) -> tuple[Choice, ...]:
    """What a name may be, the conventional first; nobody transposes a scalar, or takes its sum."""
    found = _choices(name)
    if not is_array:
        return found
    return tuple((cost, kind) for cost, kind in found if kind != SCALAR)


def is_greek_word(name: str) -> bool:
    """Whether a name is a Greek letter written out, as beta and mu_1."""
    return _stem(name).lower() in _GREEK


def _stem(name: str) -> str:
    return name.rstrip("0123456789").split("_")[0]


def _choices(name: str) -> tuple[Choice, ...]:
    stem = _stem(name)
    greek = is_greek_word(name) or unicodedata.name(name[0], "").startswith("GREEK")
    if name[0].isupper():
        return (0, MATRIX), (3, SCALAR)
    if greek:
        return (0, SCALAR), (1, COLUMN), (3, MATRIX)
    scalar = 1 if stem in _OFTEN_SCALAR else 2
    return (0, COLUMN), (scalar, SCALAR), (4, MATRIX)


def is_scalar_letter(name: str) -> bool:
    """Whether a name is conventionally a scalar."""
    return _choices(name)[0][1] == SCALAR


def shape_of(name: str, kind: str) -> Shape:
    """The shape of an undeclared name of this kind, with unknown sizes."""
    if kind == SCALAR:
        return ONE, ONE
    if kind == COLUMN:
        return unknown(IMPOSSIBLE, f"{name}.0"), ONE
    return (
        unknown(_DOUBT_OF_SINGLE_ROW, f"{name}.0"),
        unknown(_DOUBT_OF_SINGLE_ROW, f"{name}.1"),
    )


def assignments(
    names: list[str], arrays: Collection[str] = ()
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Kinds for all names with their total cost, cheapest first."""
    options = [choices(name, name in arrays) for name in names]
    least = sum(option[0][0] for option in options)
    queue = [(least, (0,) * len(names), 0)]
    while queue:
        cost, taken, free = heapq.heappop(queue)
        yield cost, tuple(options[i][choice][1] for i, choice in enumerate(taken))
        # each assignment is reached once: only names from the last changed one on change
        for i in range(free, len(names)):
            choice = taken[i]
            if choice + 1 < len(options[i]):
                dearer = cost - options[i][choice][0] + options[i][choice + 1][0]
                changed = (*taken[:i], choice + 1, *taken[i + 1 :])
                heapq.heappush(queue, (dearer, changed, i))
