"""When two bracketings of a chain mean the same.

A product, a Hadamard product and a Kronecker product may each be bracketed at will, and a scalar
factor may stand at any of the operands: c(A∘B) is (c A)∘B.  So the meaning of a bracketing is kept
with the scalars drawn out and runs of one operation made flat:

- a product is a sequence of segments; two neighbours meet in a dimension one, as column and row do
  in x y'.  A segment that is 1×1, as x'y is, is a scalar and drawn out;
- ∘ and ⊘ make a monomial: factors above and below;
- ⊗ is a sequence, and so is ⊛.

Operands are told apart by their place, so equal meanings are equal tuples.
"""

from __future__ import annotations

from collections.abc import Hashable

from matdiff.dimensions import ONE, Dimension, Shape

Segment = tuple[Dimension, Dimension, tuple[Hashable, ...]]
# scalars drawn out, what joins the rest (·, ∘, ⊗ or ⊛), the rest
Meaning = tuple[frozenset[Hashable], str, tuple[Hashable, ...]]

PRODUCT, MONOMIAL = "·", "∘"


def of_operand(atom: Hashable, shape: Shape) -> Meaning:
    """The meaning of an operand that is told apart by `atom`."""
    if shape[0] is ONE and shape[1] is ONE:
        return frozenset((atom,)), PRODUCT, ()
    return frozenset(), PRODUCT, ((*shape, (atom,)),)


def of_product(left: Meaning, left_shape: Shape, right: Meaning, right_shape: Shape) -> Meaning:
    """The meaning of a matrix product, or of a product with a scalar."""
    scalars = left[0] | right[0]
    if not left[2] or not right[2]:  # one of them is nothing but a scalar
        return scalars, *(right[1:] if right[2] else left[1:])
    above, below = _segments(left, left_shape), _segments(right, right_shape)
    last, first = above[-1], below[0]
    if last[1] is ONE and first[0] is ONE:
        return scalars, PRODUCT, above + below
    factors = last[2] + first[2]
    if last[0] is ONE and first[1] is ONE:
        return scalars | {factors}, PRODUCT, above[:-1] + below[1:]
    return scalars, PRODUCT, (*above[:-1], (last[0], first[1], factors), *below[1:])


def of_hadamard(left: Meaning, right: Meaning, divides: bool) -> Meaning:
    """The meaning of an elementwise product, or quotient if `divides`."""
    above, below = _monomial(left)
    others = _monomial(right)
    scalars = left[0] | (frozenset(("1/", atom) for atom in right[0]) if divides else right[0])
    if not (above or below) and not (others[0] or others[1]):
        return scalars, PRODUCT, ()
    if divides:
        others = others[1], others[0]
    return scalars, MONOMIAL, (above | others[0], below | others[1])


def of_kronecker(
    sign: str, left: Meaning, left_shape: Shape, right: Meaning, right_shape: Shape
) -> Meaning:
    """The meaning of a Kronecker product ⊗, or of the column-wise one ⊛."""
    if _is_scalar(left_shape) or _is_scalar(right_shape):
        return of_product(left, left_shape, right, right_shape)
    return left[0] | right[0], sign, _factors(sign, left) + _factors(sign, right)


def _is_scalar(shape: Shape) -> bool:
    return shape[0] is ONE and shape[1] is ONE


def _segments(meaning: Meaning, shape: Shape) -> tuple[Segment, ...]:
    _, joined_by, rest = meaning
    if joined_by == PRODUCT:
        return rest  # type: ignore[return-value]
    return ((*shape, ((joined_by, rest),)),)


def _monomial(meaning: Meaning) -> tuple[frozenset[Hashable], frozenset[Hashable]]:
    _, joined_by, rest = meaning
    if joined_by == MONOMIAL:
        return rest[0], rest[1]  # type: ignore[return-value]
    return frozenset(((joined_by, rest),)) if rest else frozenset(), frozenset()


def _factors(sign: str, meaning: Meaning) -> tuple[Hashable, ...]:
    _, joined_by, rest = meaning
    return rest if joined_by == sign else ((joined_by, rest),)
