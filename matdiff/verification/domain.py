"""Whether a sample lies where an expression and its derivative exist, by a safe margin.

Each operation's record says where its argument must lie; a value that is not finite, or that
underflows, disqualifies a sample in any case.  The margins keep a comparison in floating point
meaningful: an inverse of condition 10^4 loses four digits.
"""

from __future__ import annotations

from typing import Any

from matdiff.operations.algebra import Expression
from matdiff.operations.record import Operation
from matdiff.verification.evaluation import Array, Sizes, Values, evaluate_nodes

LARGEST_CONDITION = 1e2
LARGEST = 1e200  # beyond it, and below its reciprocal, products of values leave the range
MARGIN = 0.02  # from the end of a domain, for arguments of order one
LARGEST_SLOPE = 20.0  # of tan and its like, near a pole
LEAST_ANGLE = 0.3  # between an eigenvalue and the negative axis, where there is a cut
ROUNDED = 1e-13  # of the largest entry: a smaller one that is not zero may be rounding
KINKS = (
    "nonzero",
    "distinct",
    "tied",
)  # domains whose end is a kink of a function that is not smooth


def objection(order: list[Expression], values: Values, sizes: Sizes) -> str | None:
    """Why the sample does not serve for these nodes, or None if it does."""
    import numpy as np

    try:
        with np.errstate(all="ignore", under="raise"):
            found = evaluate_nodes(order, values, sizes)
            for node in order:
                value = found[node]
                arguments = [found[argument] for argument in node.arguments]
                reason = _outside(np, node, value, arguments)
                if reason is not None:
                    return reason
                largest = np.max(np.abs(value))
                if not largest < LARGEST:
                    what = "has no value" if np.any(np.isnan(value)) else "overflows"
                    return f"{node.operation.name} {what} for the samples in reach"
                if 0 < largest < 1 / LARGEST:
                    return f"{node.operation.name} underflows"
    except FloatingPointError:
        return "a value underflows"
    except (np.linalg.LinAlgError, OverflowError, ZeroDivisionError) as error:
        return str(error).lower()
    return None


def side_of_kink(np: Any, operation: Operation, X: Array) -> bytes | None:
    """What is the same for two arguments with no kink of the operation between them; None for an
    operation without a kink."""
    if operation.smooth or operation.domain not in KINKS:
        return None
    side = np.sign(X) if operation.domain == "nonzero" else np.argmax(X)
    return bytes(side.tobytes())


def rounded_to_zero(np: Any, X: Array) -> bool:
    """Whether an entry is so small beside the largest that its sign may be that of rounding, as on
    the diagonal of a skew matrix's pseudoinverse."""
    size = np.abs(X)
    return bool(np.any((size > 0) & (size < ROUNDED * np.max(size))))


def _reaches_the_cut(np: Any, X: Array) -> bool:
    """Whether an eigenvalue is near the closed negative axis, where logm and sqrtm jump."""
    return bool(np.any(np.pi - np.abs(np.angle(np.linalg.eigvals(X))) < LEAST_ANGLE))


def _outside(np: Any, node: Expression, value: Array, arguments: list[Array]) -> str | None:
    demand, name = node.operation.domain, node.operation.name
    if demand == "real" or not arguments:
        return None
    X = arguments[0]
    if demand in ("invertible", "posdet"):
        if not np.linalg.cond(X) <= LARGEST_CONDITION:
            return f"the argument of {name} is nearly singular"
        if demand == "posdet" and np.linalg.slogdet(X)[0] <= 0:
            return f"the argument of {name} has a determinant that is not positive"
    elif demand == "positive":
        if not np.min(X) > MARGIN * min(1.0, np.max(X)):
            return f"the argument of {name} is not positive"
    elif demand == "principal":
        if not np.linalg.cond(X) <= LARGEST_CONDITION or _reaches_the_cut(np, X):
            return f"the argument of {name} has an eigenvalue that is nearly zero or negative"
    elif demand == "rank":
        if not np.linalg.cond(X) <= LARGEST_CONDITION:
            return f"the argument of {name} nearly loses rank"
    elif demand == "nonzero":
        if rounded_to_zero(np, X):
            return f"an entry of the argument of {name} is zero but for rounding"
    elif demand in ("distinct", "tied"):
        first, *rest = np.sort(X, axis=None)[::-1]
        equal = rest and first == rest[0] and demand == "tied"
        if rest and not equal and not first - rest[0] > MARGIN * np.max(np.abs(X)):
            return f"two entries of the argument of {name} are nearly the largest"
    elif demand == "unit":
        edge = np.abs(np.abs(X) - 1) < MARGIN
        if np.any(edge) or np.any(np.abs(value) > LARGEST_SLOPE):
            return f"the argument of {name} lies at the end of its domain"
    return None
