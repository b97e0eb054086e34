"""Names in other alphabets: Greek letters by their English names, one-to-one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

GREEK = dict(
    zip(
        "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΦΨΩς",
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau "
        "upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega "
        "varsigma".split(),
        strict=True,
    )
)
_NAME = re.compile(r"[^\W\d]\w*")


def ascii_names(names: Iterable[str], reserved: Collection[str] = ()) -> dict[str, str]:
    """An ASCII spelling for each name, no two alike; what is ASCII and not reserved stays.

    >>> ascii_names(["σ", "sigma", "x", "β_1"])
    {'σ': 'sigma_1', 'sigma': 'sigma', 'x': 'x', 'β_1': 'beta_1'}
    """
    ordered = list(dict.fromkeys(names))
    taken = {name for name in ordered if name.isascii()} | set(reserved)
    spelled: dict[str, str] = {}
    for name in ordered:
        if name.isascii() and name not in reserved:
            spelled[name] = name
            continue
        plain = "".join(GREEK.get(sign, sign if sign.isascii() else "_") for sign in name)
        free = plain
        number = 1
        while free in taken:
            free = f"{plain}_{number}"
            number += 1
        taken.add(free)
        spelled[name] = free
    return spelled


def spelled_in_ascii(formula: str, reserved: Collection[str]) -> str:
    """The formula with every name in ASCII; no Greek name becomes a reserved one."""
    if formula.isascii():
        return formula
    names = _NAME.findall(formula)
    spelled = ascii_names(names, [name for name in reserved if name not in names])
    return _NAME.sub(lambda found: spelled[found.group()], formula)
