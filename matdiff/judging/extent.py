"""Where a claim that is right has no value, though the derivative has one.

2 log(b) is log(b^2) for b > 0 and nothing for b < 0: equal where both exist, and yet not the whole
of the derivative.
"""

from __future__ import annotations

from random import Random

from matdiff.errors import MatdiffError
from matdiff.judging.identity import folded
from matdiff.operations.algebra import Expression, postorder
from matdiff.operations.elementwise import POWER
from matdiff.verification.evaluation import Array, evaluate_nodes
from matdiff.verification.samples import Point, Sampler

POINTS = 8
PARTIAL = frozenset(("positive", "posdet", "principal", "unit"))  # domains that real values miss


def narrower(derivative: tuple[Expression, ...], claim: Expression, seed: int) -> str | None:
    """How often a claim has no value where the derivative has one; None if it always has."""
    order = postorder(claim)
    if not any(node.operation.domain in PARTIAL or node.operation is POWER for node in order):
        return None
    sampler = Sampler([folded(each) for each in derivative], [claim], Random(seed).getrandbits(32))
    points = missing = 0
    try:
        for _ in range(POINTS):
            point = sampler.draw()
            if point is None:
                break
            points += 1
            missing += not _has_value(order, point)
    except MatdiffError:  # a limit: nothing is said
        return None
    if not missing:
        return None
    return f"the claim has no value at {missing} of {points} points where the derivative has one"


def _has_value(order: list[Expression], point: Point) -> bool:
    """Whether every operation has a value where its arguments have one; an overflow is no end of a
    domain."""
    import numpy as np

    try:
        with np.errstate(all="ignore"):
            found = evaluate_nodes(order, point.values, point.sizes)
    except (ArithmeticError, np.linalg.LinAlgError, ValueError):
        return True  # not known to be missing
    return not any(
        _is_missing(node, found[node], [found[argument] for argument in node.arguments])
        for node in order
    )


def _is_missing(node: Expression, value: Array, arguments: list[Array]) -> bool:
    import numpy as np

    if not all(np.all(np.isfinite(argument)) for argument in arguments):
        return False
    if node.operation.domain == "posdet":
        return bool(np.linalg.slogdet(arguments[0])[0] < 0)
    return bool(np.any(np.isnan(value)))
