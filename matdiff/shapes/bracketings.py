"""All bracketings of a mixed chain, by a dynamic programme over its intervals.

The candidates of an interval come from all ways to split it in two; of each shape the best two with
different meanings are kept.  That suffices: two meanings of the whole differ either in a split, or
in a part that then has two meanings of one shape itself.  By convention a product binds tighter
than ∘, ⊘, ⊗ and ⊛, and equals are taken from the left; what departs from that is the worse reading.
"""

from __future__ import annotations

from matdiff.shapes import meaning as meanings
from matdiff.shapes.candidates import IN_ALL, Candidate, best_of
from matdiff.shapes.joining import Operand, join
from matdiff.shapes.scope import Scope
from matdiff.shapes.unify import unknowns
from matdiff.syntax.tree import Chain

_TIGHTER_THAN_PRODUCT = 1000  # an elementwise or Kronecker product inside a product, no bracket
_LONGEST = 40
_LONGEST_UNKNOWN = 16
_TO_THE_RIGHT = 1  # a(bc) rather than (ab)c


def search(
    scope: Scope, chain: Chain, operands: list[Operand], operators: list[str], ends: list[int]
) -> list[Candidate]:
    """The readings of a chain, best first; none if no bracketing has consistent shapes.

    An operand may be a quotient, several operands of the chain: `ends` are their last ones.
    """
    starts = [0, *(end + 1 for end in ends)]
    count = len(operands)
    most = _most_kept(operands)
    cells: dict[tuple[int, int], list[Candidate]] = {
        (i, i): [_operand(i, candidate) for candidate in candidates]
        for i, (_, candidates) in enumerate(operands)
    }
    for length in range(2, count + 1):
        for first in range(count - length + 1):
            last = first + length - 1
            found = []
            for middle in range(first, last):
                operator = operators[middle]
                before, after = cells[first, middle], cells[middle + 1, last]
                scope.work += len(before) * len(after)
                for left in before:
                    for right in after:
                        joined = join(operator, left, right)
                        if joined is not None:
                            joined.bend += _bend(chain, operator, left, right)
                            joined.meaning = _meaning(operator, left, right)
                            joined.plan.joint = chain, starts[first], ends[middle], ends[last]
                            found.append(joined)
            cells[first, last] = best_of(found, most)
    for candidate in cells[0, count - 1]:
        candidate.meaning = scope.meaning((id(chain), candidate.meaning))
    return cells[0, count - 1]


def longest_searched(operands: list[Operand]) -> int:
    """How many operands a chain may have to be searched: fewer where sizes are unknown."""
    return _LONGEST_UNKNOWN if has_unknowns(operands) else _LONGEST


def has_unknowns(operands: list[Operand]) -> bool:
    """Whether any size of an operand is yet to be found."""
    return any(
        unknowns(candidate.rows) or unknowns(candidate.columns)
        for _, candidates in operands
        for candidate in candidates
    )


def _most_kept(operands: list[Operand]) -> int:
    """How many candidates an interval keeps, so that the time a long chain takes is bounded.

    With known sizes there are few shapes; with unknown ones each candidate has bindings of its own.
    """
    return max(2, min(IN_ALL, 64 // len(operands))) if has_unknowns(operands) else IN_ALL


def _operand(place: int, candidate: Candidate) -> Candidate:
    return Candidate(
        candidate.rows,
        candidate.columns,
        candidate.plan,
        candidate.bindings,
        candidate.bend,
        meanings.of_operand((place, candidate.meaning), (candidate.rows, candidate.columns)),
    )


def _joined_by(chain: Chain, candidate: Candidate) -> str | None:
    """The operator of the chain that a candidate is joined by, None for a single operand."""
    joint = candidate.plan.joint
    if joint is None or joint[0] is not chain:
        return None
    return chain.operators[joint[2]].replace("*", "")


def _bend(chain: Chain, operator: str, left: Candidate, right: Candidate) -> int:
    before, after = _joined_by(chain, left), _joined_by(chain, right)
    bend = _TO_THE_RIGHT if after is not None else 0
    if operator == "":
        bend += _TIGHTER_THAN_PRODUCT * (bool(before) + bool(after))
    return bend


def _meaning(operator: str, left: Candidate, right: Candidate) -> meanings.Meaning:
    one, other = left.meaning, right.meaning
    shape, other_shape = (left.rows, left.columns), (right.rows, right.columns)
    if operator == "":
        return meanings.of_product(one, shape, other, other_shape)  # type: ignore[arg-type]
    if operator in ("⊗", "⊛"):
        return meanings.of_kronecker(operator, one, shape, other, other_shape)  # type: ignore[arg-type]
    return meanings.of_hadamard(one, other, operator == "⊘")  # type: ignore[arg-type]
