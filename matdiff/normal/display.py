"""The last pass: the spelling of a formula, chosen by length.

Each node is spelled once as it stands and, where it holds transposes, once as the transpose of
its flipped self; runs of transposed factors are wrapped, B'A' = (A B)'.  Neighbouring inverses
are joined, B⁻¹A⁻¹ = (A B)⁻¹, sums of Hadamard products written as scalar products, signs moved
into a difference.  The result is equal to the normal form but no longer normal itself.
"""

from __future__ import annotations

from fractions import Fraction

from matdiff.dimensions import ONE
from matdiff.normal.core import flip, remembered, split
from matdiff.normal.spelling import (
    chain_of,
    dot,
    factors_of,
    kron_of_outer,
    monomial,
    signed,
    square_of_norm,
    with_zeros,
)
from matdiff.operations.algebra import (
    ADD,
    HADAMARD,
    MULTIPLY,
    ONES,
    SCALE,
    TRANSPOSE,
    Expression,
    make,
    number,
    ones,
    postorder,
    transpose,
)
from matdiff.operations.blocks import ABOVE, BESIDE
from matdiff.operations.elementwise import POWER, power
from matdiff.operations.linear import KRONECKER, TOTAL
from matdiff.operations.nonlinear import INVERSE, NORM
from matdiff.rendering.length import length

BLOCKS = (BESIDE, ABOVE)
# written as the transpose of their flipped selves if shorter
WRAPPED = (ADD, HADAMARD, KRONECKER, *BLOCKS)
FLIPS_A_NODE = 8
FLIPPED = (*WRAPPED, MULTIPLY)  # transposes go inside these; a product wraps runs of its factors


def display(root: Expression) -> Expression:
    """The formula as it is to be printed."""
    return _Speller(root).spelled[root]


class _Speller:
    __slots__ = ("nodes", "spelled", "terms")

    def __init__(self, root: Expression) -> None:
        self.spelled: dict[Expression, Expression] = {}
        order = postorder(root)
        self.nodes = frozenset(order)
        sums = (node for node in order if node.operation is ADD)
        self.terms = frozenset(
            term
            for total in sums
            if not all(map(_is_negative, total.arguments))
            for term in total.arguments
        )
        # flipping twice may give another form of the same (of a skew P, P' is -P): end it somewhere
        budget = FLIPS_A_NODE * len(order) if _has_transpose(root) else 0
        stack: list[tuple[Expression, bool]] = [(root, False)]
        while stack:
            node, ready = stack.pop()
            if node in self.spelled:
                continue
            if ready:
                self._spell(node)
                continue
            stack.append((node, True))
            needed = list(node.arguments)
            if budget > 0 and (node.operation in FLIPPED or node.operation is INVERSE):
                if _has_transpose(node):
                    needed += [flip(a) for a in node.arguments]
                    budget -= len(node.arguments)
            stack.extend((a, False) for a in needed if a not in self.spelled)

    def _spell(self, node: Expression) -> None:
        direct = self._direct(node, [self.spelled[a] for a in node.arguments])
        if node.operation in WRAPPED and not node.is_scalar and _has_transpose(node):
            flipped = flip(node)
            if flipped is not node:
                if flipped.operation is node.operation or flipped.operation in BLOCKS:
                    other = [self.spelled.get(a) for a in flipped.arguments]
                    if None not in other:
                        turned = self._direct(flipped, [a for a in other if a is not None])
                        # as long: the one that stands elsewhere too is one part of the formula
                        longer = length(direct) - length(turned) - 1
                        if longer > 0 or (longer == 0 and flipped in self.nodes):
                            direct = transpose(turned)
        self.spelled[node] = direct

    def _direct(self, node: Expression, arguments: list[Expression]) -> Expression:
        operation = node.operation
        if operation is MULTIPLY:
            return self._product(node, arguments)
        if operation is SCALE:
            return signed(node, arguments, node in self.terms)
        if operation is TOTAL:
            (X,) = arguments
            return dot(node, X.arguments[0] if X.operation is TRANSPOSE else X)
        if operation is INVERSE:
            return self._inverse(node, arguments[0])
        if operation is HADAMARD:
            return monomial(node, arguments)
        if operation is KRONECKER:
            return kron_of_outer(node, arguments)
        if operation is POWER:
            arguments = [
                square_of_norm(arguments[0], arguments[1]) or arguments[0],
                *arguments[1:],
            ]
            if arguments[0].operation is not NORM and node.arguments[0].operation is NORM:
                return power(arguments[0], number(Fraction(node.arguments[1].parameters[0]) / 2))
        if not node.arguments:
            return node
        return make(operation, tuple(arguments), node.shape, node.parameters)

    def _inverse(self, node: Expression, inside: Expression) -> Expression:
        """X⁻¹, or X⁻ᵀ with the flipped X where that is shorter; both signs cost the same.

        Of two as long, (X'C X)⁻ᵀ and ((C X)'X)⁻¹, the one without a transposed product, so that
        the inverse and its transpose are one part of the formula.
        """
        if inside.operation is TRANSPOSE:
            return transpose(make(INVERSE, (inside.arguments[0],), node.shape))
        if not _has_transpose(node):
            return make(INVERSE, (inside,), node.shape)
        flipped = self.spelled.get(flip(node.arguments[0]))
        if flipped is not None and _effort(flipped) < _effort(inside):
            return transpose(make(INVERSE, (flipped,), node.shape))
        return make(INVERSE, (inside,), node.shape)

    def _product(self, node: Expression, arguments: list[Expression]) -> Expression:
        """The chain with inverses joined and transposed runs wrapped."""
        factors = self._joined(node.arguments, arguments)
        if _has_transpose(node):
            factors = self._wrapped_run(factors)
        return with_zeros(chain_of(tuple(spelled for spelled, _ in factors)))

    def _joined(self, normal: tuple[Expression, ...], spelled: list[Expression]) -> list[Pair]:
        """The factors with B⁻¹ A⁻¹ as (A B)⁻¹ and 1 1' as one matrix of ones."""
        result: list[Pair] = []
        transposed = any(_has_transpose(factor) for factor in normal)
        at = 0
        while at < len(normal):
            factor = normal[at]
            run = at
            while run < len(normal) and normal[run].operation is INVERSE:
                run += 1
            if run - at > 1 and len(set(normal[at:run])) == 1:
                power = self._inverse_power(spelled[at], run - at)
                result.append((power, transpose(power)))
                at = run
                continue
            if run - at > 1:
                joint = self._joint_inverse(normal[at:run])
                result.append((joint, transpose(joint)))
                at = run
                continue
            after = normal[at + 1] if at + 1 < len(normal) else None
            if factor.operation is ONES and after is not None and after.operation is ONES:
                both = ones(factor.rows, after.columns)
                result.append((both, transpose(both)))
                at += 2
                continue
            turned = self.spelled.get(flip(factor)) if transposed else None
            result.append((spelled[at], turned or transpose(spelled[at])))
            at += 1
        return result

    def _inverse_power(self, inverse: Expression, exponent: int) -> Expression:
        """X⁻¹X⁻¹ as a product of equals, with one transpose outside where there is one."""
        if inverse.operation is TRANSPOSE:
            inside = make(MULTIPLY, (inverse.arguments[0],) * exponent, inverse.shape)
            return transpose(inside)
        return make(MULTIPLY, (inverse,) * exponent, inverse.shape)

    def _joint_inverse(self, inverses: tuple[Expression, ...]) -> Expression:
        inside = [f for inverse in reversed(inverses) for f in factors_of(inverse.arguments[0])]
        shape = inverses[0].shape
        straight = make(MULTIPLY, tuple(self.spelled[f] for f in inside), shape)
        flipped = [self.spelled.get(flip(f)) for f in reversed(inside)]
        known = tuple(f for f in flipped if f is not None)
        if len(known) < len(inside) or not any(_has_transpose(f) for f in inside):
            return make(INVERSE, (straight,), shape)
        turned = make(MULTIPLY, known, shape)
        if length(turned) < length(straight):
            return transpose(make(INVERSE, (turned,), shape))
        return make(INVERSE, (straight,), shape)

    def _wrapped_run(self, factors: list[Pair]) -> list[Pair]:
        """The run of factors that gains most by being written as the transpose of a product."""
        run = _best_run(factors)
        if run is None:
            return factors
        begin, stop = run
        chosen = factors[begin:stop]
        rows, columns = chosen[0][0].rows, chosen[-1][0].columns
        reverse = tuple(turned for _, turned in reversed(chosen))
        product = make(MULTIPLY, reverse, (columns, rows))
        return [*factors[:begin], (transpose(product), product), *factors[stop:]]


def _best_run(factors: list[Pair]) -> tuple[int, int] | None:
    """Where to wrap: the run of greatest gain, the longest of those; None if none is worth it.

    A single token is worth it only if no transpose stays inside.
    """
    best: tuple[int, int, int] | None = None
    for begin in range(len(factors) - 1):
        gain, clean = 0, True
        for stop in range(begin, min(len(factors), begin + LONGEST_RUN)):
            spelled, turned = factors[stop]
            gain += length(spelled) - length(turned)
            clean = clean and not _has_transpose(turned)
            outer = stop - begin == 1 and factors[begin][0].columns is ONE
            if stop > begin and not outer and (gain > 2 or (gain == 2 and clean)):
                if best is None or (gain, stop - begin) > best[0:1] + (best[2] - best[1],):
                    best = gain, begin, stop
    return None if best is None else (best[1], best[2] + 1)


LONGEST_RUN = 16
Pair = tuple[Expression, Expression]  # the spelling of a factor, and of its transpose


def _effort(spelled: Expression) -> tuple[int, int]:
    """The length, and how many transposes are of more than a name."""
    of_more = (
        n for n in postorder(spelled) if n.operation is TRANSPOSE and n.arguments[0].arguments
    )
    return length(spelled), sum(1 for _ in of_more)


def _is_negative(term: Expression) -> bool:
    return split(term)[0] < 0


def _has_transpose(node: Expression) -> bool:
    """Whether a transpose stands anywhere under the node; remembered."""
    return bool(remembered(node, "has transpose", _transpose_within))


def _transpose_within(node: Expression) -> bool:
    return node.operation is TRANSPOSE or any(_has_transpose(a) for a in node.arguments)
