"""Dimensions as they are typed: `n`, `3`, `m*n`, `n+1`, `n*(n+1)/2`.

They stand in declarations, in I(n) and ones(m,n), in X[2:n,:].

Names of dimensions are a space of their own: `A : A×A` declares a matrix whose size is also called
A.  What is refused: what is no whole number of at least 1, and what would grow without bound.
"""

from __future__ import annotations

from matdiff.dimensions import Dimension, at_least_one
from matdiff.errors import LimitReached, MatdiffError, ShapeProblem
from matdiff.limits import SIZE
from matdiff.shapes.writing import text_of
from matdiff.syntax.tree import Chain, Group, Name, Number, Power, Sum, Tree

LARGEST_DEGREE = 64  # factors of one product of dimensions
MOST_TERMS = 256  # of one sum of dimensions
_PRODUCT_SIGNS = ("", "*")


def dimension_of(tree: Tree) -> Dimension:
    """The dimension a tree stands for; ShapeProblem (MX211) if it stands for none."""
    done: dict[int, Dimension] = {}
    pending: list[tuple[Tree, bool]] = [(tree, False)]
    while pending:
        part, visited = pending.pop()
        if isinstance(part, (Name, Number)):
            done[id(part)] = _atom(part)
        elif not visited:
            pending.append((part, True))
            pending.extend((operand, False) for operand in _operands(part))
        else:
            done[id(part)] = _combined(part, [done[id(operand)] for operand in _operands(part)])
    size = done[id(tree)]
    if at_least_one(size) is False or not size.is_whole:
        raise _no_size(tree)
    return size


def product(left: Dimension, right: Dimension) -> Dimension:
    """left*right, unless it has grown beyond what anybody could read."""
    if len(left.terms) * len(right.terms) > MOST_TERMS or _degree(left) + _degree(right) > (
        LARGEST_DEGREE
    ):
        raise LimitReached(
            f"a dimension is a product of more than {LARGEST_DEGREE} factors or a sum of more "
            f"than {MOST_TERMS} terms, the limit",
            code="MX521",
        )
    return left * right


def inequality(difference: Dimension) -> str:
    """That a difference is not negative, with nothing but sums on both sides: n >= m+1."""
    sides = Dimension.of(0), Dimension.of(0)
    for monomial, coefficient in difference.terms:
        term = Dimension.of(max(coefficient, -coefficient))
        for name in monomial:
            term = term * Dimension.of(name)
        more, less = sides
        sides = (more + term, less) if coefficient > 0 else (more, less + term)
    return f"{sides[0]} >= {sides[1]}"


def _degree(dimension: Dimension) -> int:
    return len(dimension.terms[0][0]) if dimension.terms else 0


def _operands(tree: Tree) -> list[Tree]:
    if isinstance(tree, Group):
        return [tree.inner]
    if isinstance(tree, Sum):
        return [term for _, term in tree.terms]
    if isinstance(tree, Chain) and all(map(_is_factor, tree.operators, tree.operands[1:])):
        return tree.operands
    if isinstance(tree, Power) and isinstance(tree.exponent, Number) and not tree.elementwise:
        exponent = tree.exponent.value
        if exponent.denominator == 1 and 1 <= exponent <= LARGEST_DEGREE:
            return [tree.base]
    raise _no_size(tree)


def _is_factor(sign: str, operand: Tree) -> bool:
    """Whether an operand multiplies, or is a number that divides: n*(n+1)/2."""
    return sign in _PRODUCT_SIGNS or (sign == "/" and isinstance(operand, Number))


def _atom(tree: Name | Number) -> Dimension:
    if isinstance(tree, Name):
        return Dimension.of(tree.text)
    if tree.value.denominator != 1 or tree.value < 1:
        raise _no_size(tree)
    if tree.value > SIZE:
        raise LimitReached(
            f"the dimension {_shortened(str(tree.value))} is beyond {SIZE}, the limit",
            span=tree.span,
            code="MX520",
        )
    return Dimension.of(int(tree.value))


def _combined(tree: Tree, parts: list[Dimension]) -> Dimension:
    try:
        total = parts[0]
        if isinstance(tree, Power):
            assert isinstance(tree.exponent, Number)
            for _ in range(int(tree.exponent.value) - 1):
                total = product(total, parts[0])
        if isinstance(tree, Sum):
            total = _sum([sign for sign, _ in tree.terms], parts)
        elif isinstance(tree, Chain):
            for sign, part in zip(tree.operators, parts[1:], strict=True):
                total = total / (part.value or 1) if sign == "/" else product(total, part)
    except LimitReached as problem:
        raise problem.located(tree.span) from None
    if any(max(c, -c) > SIZE for _, c in total.terms):
        raise LimitReached(f"a dimension is beyond {SIZE}, the limit", span=tree.span, code="MX520")
    return total


def _sum(signs: list[int], parts: list[Dimension]) -> Dimension:
    total = Dimension.of(0)
    for sign, part in zip(signs, parts, strict=True):
        total = total + part if sign > 0 else total - part
    return total


def _shortened(digits: str) -> str:
    return digits if len(digits) <= 20 else f"{digits[:19]}…"


def _no_size(tree: Tree) -> MatdiffError:
    if isinstance(tree, Chain) and "/" in tree.operators:
        return ShapeProblem(
            f"`{text_of(tree)}` is no dimension: it is not whole for every size",
            span=tree.span,
            code="MX211",
        )
    return ShapeProblem(
        f"`{text_of(tree)}` is no dimension: a dimension is a whole number, at least 1, a name, "
        "or a sum, difference or product of those",
        span=tree.span,
        code="MX211",
    )
