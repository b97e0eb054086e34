"""What properties of a matrix imply: spd implies symmetric, lower and upper imply diagonal."""

from __future__ import annotations

from collections.abc import Iterable

Properties = frozenset[str]

IMPLICATIONS: tuple[tuple[frozenset[str], frozenset[str]], ...] = tuple(
    (frozenset(premises.split(", ")), frozenset(conclusions.split(", ")))
    for premises, conclusions in (
        ("onehot", "binary"),
        ("binary", "nonnegative"),
        ("positive", "nonnegative, positive diagonal"),
        ("lower, upper", "diagonal"),
        ("symmetric, lower", "diagonal"),
        ("symmetric, upper", "diagonal"),
        ("diagonal", "symmetric, lower, upper"),
        ("diagonal, nonnegative", "psd"),
        ("diagonal, positive diagonal", "spd"),
        ("lower, positive diagonal", "posdet"),
        ("upper, positive diagonal", "posdet"),
        ("psd", "symmetric"),
        ("psd, diagonal", "nonnegative"),
        ("psd, invertible", "spd"),
        ("spd", "psd, posdet, positive diagonal"),
        ("posdet", "invertible"),
        ("orthogonal", "invertible"),
        ("scalar", "diagonal"),
        ("scalar, posdet", "positive"),
        ("scalar, positive diagonal", "positive"),
    )
)
_closures: dict[tuple[Properties, bool], Properties] = {}


def closed(names: Iterable[str], scalar: bool) -> Properties:
    """The properties with all that they imply; `scalar` for those of a 1×1 matrix."""
    given = frozenset(names)
    known = _closures.get((given, scalar))
    if known is None:
        known = given | {"scalar"} if scalar else given
        before: Properties | None = None
        while known != before:
            before = known
            for premises, conclusions in IMPLICATIONS:
                if premises <= known:
                    known |= conclusions
        _closures[given, scalar] = known
    return known
