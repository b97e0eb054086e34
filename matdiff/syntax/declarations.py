"""From what stands after `A :` to a Declaration: its form, its sides, its properties.

Sides are parsed as expressions and held to what a dimension may be: an integer >= 1, a name, or a
sum or product of those.  Whether a symmetric matrix is square is a question of shapes and asked
there.
"""

from __future__ import annotations

import re
from fractions import Fraction

from lark import Token

from matdiff.errors import MatdiffError, NameProblem, SyntaxProblem
from matdiff.syntax.names import differ_by_one
from matdiff.syntax.properties import PROPERTIES, settle_properties
from matdiff.syntax.tree import Chain, Declaration, Group, Name, Number, Power, Span, Sum, Tree

_FORMS = ("scalar", "elementwise")
_WORDS = PROPERTIES | {"scalar", "elementwise", "matrix", "vector"}
_LARGEST_POWER = 8
# Words that others write for a shape: what is written here.
_KINDS = {
    **dict.fromkeys("real number float double int integer constant const".split(), "{0} : scalar"),
    **dict.fromkeys(("function", "func"), "{0} : n → m, or {0} : elementwise"),
    **dict.fromkeys(("column", "col"), "{0} : n"),
    "row": "{0} : 1×n",
}
_GLUED = re.compile(r"([A-Za-z])[xX]([A-Za-z]|[0-9]+)")  # mxN and nX1


class RawShape:
    """What stands after the colon: sides, and after an arrow those of the image; [] is ℝ alone."""

    __slots__ = ("image", "sides", "span")

    def __init__(self, sides: list[Tree], image: list[Tree] | None, span: Span) -> None:
        self.sides, self.image, self.span = sides, image, span


class RawDeclaration:
    """A declaration as parsed, before it is held to the rules."""

    __slots__ = ("name", "properties", "shape")

    def __init__(self, name: Token, shape: RawShape, properties: list[Token]) -> None:
        self.name, self.shape, self.properties = name, shape, properties


def settle_all(raw: list[RawDeclaration], text: str) -> list[Declaration]:
    """Declarations in order, one for each name; a name declared twice must be declared alike."""
    seen: dict[str, tuple[Declaration, tuple[object, ...]]] = {}
    for item in raw:
        declaration = settle(item, text)
        key = _key(declaration)
        earlier = seen.setdefault(declaration.name, (declaration, key))
        if earlier[1] != key:
            first = _excerpt(text, earlier[0].span)
            raise NameProblem(
                f"{declaration.name} is declared twice, and differently: first `{first}`",
                hint="keep one of the two declarations, or rename one",
                span=declaration.span,
                code="MX152",
            )
    return [declaration for declaration, _ in seen.values()]


def settle(raw: RawDeclaration, text: str) -> Declaration:
    """One declaration; raises SyntaxProblem (MX111) or NameProblem (MX153, MX154)."""
    name = raw.name.value
    start, end = raw.name.start_pos or 0, raw.shape.span[1]
    if raw.properties:
        end = raw.properties[-1].end_pos or end
    properties = settle_properties(name, raw.properties)
    form, rows, columns = settle_shape(name, raw.shape, text)
    if properties and form in ("elementwise", "function"):
        raise NameProblem(
            f"{name} is a function, and {properties[0]} is a property of matrices",
            span=(raw.properties[0].start_pos or 0, end),
            code="MX153",
        )
    return Declaration(name, form, rows, columns, properties, (start, end))


def settle_shape(name: str, shape: RawShape, text: str) -> tuple[str, Tree | None, Tree | None]:
    """The form, rows and columns of a shape; `name` is what is declared, for messages."""
    if shape.image is not None:
        into, onto = (_side(name, sides, shape.span) for sides in (shape.sides, shape.image))
        return "function", _dimension(onto, text), _dimension(into, text)
    if not shape.sides:
        return "scalar", None, None
    if len(shape.sides) > 2:
        raise _malformed(
            f"{name} has {len(shape.sides)} dimensions ({_excerpt(text, shape.span)}); "
            "a matrix has two, a vector one",
            shape.span,
        )
    first = shape.sides[0]
    if len(shape.sides) == 1:
        if isinstance(first, Name) and first.text in _FORMS:
            return first.text, None, None
        if isinstance(first, Name):
            _refuse_kind(name, first)
        return "vector", _dimension(first, text), None
    return "matrix", _dimension(first, text), _dimension(shape.sides[1], text)


def _side(name: str, sides: list[Tree], span: Span) -> Tree:
    """The one dimension that stands on a side of an arrow; a scalar and ℝ have dimension 1."""
    if len(sides) > 1:
        raise _malformed(
            f"{name} maps vectors to vectors, so one dimension stands on each side of →",
            span,
            f"write {name} : n → m, or {name} : n → scalar",
        )
    if not sides or (isinstance(sides[0], Name) and sides[0].text == "scalar"):
        return Number(Fraction(1), sides[0].span if sides else span)
    return sides[0]


def _dimension(tree: Tree, text: str) -> Tree:
    """The tree if it is a dimension, powers written out and outer brackets taken off."""
    while isinstance(tree, Group):
        tree = tree.inner
    tree = _product_for_power(tree)
    pending = [tree]
    while pending:
        part = _product_for_power(pending.pop())
        if isinstance(part, Group):
            pending.append(part.inner)
        elif isinstance(part, Sum) and all(sign == 1 for sign, _ in part.terms):
            pending.extend(term for _, term in part.terms)
        elif isinstance(part, Chain) and _multiplies(part):
            _refuse_capital_cross(part)
            pending.extend(part.operands)
        elif not isinstance(part, (Name, Number)):
            rule = "a dimension is a whole number, a name, or a sum or product of those"
            raise _no_dimension(part, text, rule)
        elif isinstance(part, Name):
            _refuse_word(part)
        elif part.value.denominator != 1 or part.value < 1:
            raise _no_dimension(part, text, "a dimension is a whole number, at least 1")
    return tree


def _multiplies(chain: Chain) -> bool:
    """Whether all signs are products, or divide by a number; without one stand 2n and (m+1)(n+1),
    but not f(n)."""
    return all(
        operator == "*"
        or (operator == "" and not isinstance(left, Name))
        or (operator == "/" and isinstance(right, Number))
        for operator, left, right in zip(
            chain.operators, chain.operands, chain.operands[1:], strict=False
        )
    )


def _refuse_capital_cross(chain: Chain) -> None:
    """Raise SyntaxProblem (MX111) for 2X3, which would be 2 times X3."""
    for left, right in zip(chain.operands, chain.operands[1:], strict=False):
        if isinstance(left, Number) and isinstance(right, Name) and left.span[1] == right.span[0]:
            if right.text[0] == "X" and right.text[1:].isdecimal():
                raise _malformed(
                    f"{left.value}{right.text} is a product, so it is one dimension",
                    (left.span[0], right.span[1]),
                    f"write {left.value}×{right.text[1:]}",
                )


def _product_for_power(tree: Tree) -> Tree:
    """n^2 as the product n*n that it is; every other tree as it stands."""
    if (
        isinstance(tree, Power)
        and not tree.elementwise
        and isinstance(tree.exponent, Number)
        and tree.exponent.value in range(2, _LARGEST_POWER + 1)
    ):
        count = int(tree.exponent.value)
        place = tree.exponent.span
        return Chain([tree.base] * count, ["*"] * (count - 1), [place] * (count - 1), tree.span)
    return tree


def _refuse_kind(name: str, word: Name) -> None:
    """Raise SyntaxProblem (MX111) for a word that names a kind and would be a size: c : Scalar."""
    plain = word.text.lower()
    form = next((form for form in _FORMS if plain == form or differ_by_one(form, plain)), None)
    meant = _KINDS.get(plain) if form is None else f"{{0}} : {form}"
    if word.text == "R":
        meant = "{0} : scalar or {0} ∈ R"
    if meant is not None:
        raise _malformed(
            f"{word.text} would be a size, the number of entries of {name}",
            word.span,
            f"write {meant.format(name)}; call a size otherwise",
        )


def _refuse_word(name: Name) -> None:
    if name.text in _WORDS:
        hint = "write for instance A : m×n symmetric, x : n, c : scalar"
        raise _malformed(f"{name.text} stands where a dimension is wanted", name.span, hint)
    if (glued := _GLUED.fullmatch(name.text)) is not None:
        rows, columns = glued.groups()
        raise _malformed(
            f"{name.text} is one name, so it is one dimension",
            name.span,
            f"write {rows}×{columns} or {rows} x {columns}",
        )


def _no_dimension(part: Tree, text: str, rule: str) -> MatdiffError:
    return _malformed(f"`{_excerpt(text, part.span)}` is no dimension: {rule}", part.span)


def _malformed(message: str, span: Span, hint: str | None = None) -> SyntaxProblem:
    return SyntaxProblem(message, hint=hint, span=span, code="MX111")


def _key(declaration: Declaration) -> tuple[object, ...]:
    """What two declarations of a name must have in common to be alike."""
    parts: list[object] = [declaration.form, frozenset(declaration.properties)]
    pending: list[Tree | None] = [declaration.columns, declaration.rows]
    while pending:
        part = pending.pop()
        if isinstance(part, Group):
            pending.append(part.inner)
        elif isinstance(part, Name):
            parts.append(part.text)
        elif isinstance(part, Number):
            parts.append(part.value)
        elif isinstance(part, Sum):
            parts.append(("sum", len(part.terms)))
            pending.extend(term for _, term in part.terms)
        elif isinstance(part, Chain):
            parts.append(("product", *(sign == "/" for sign in part.operators)))
            pending.extend(part.operands)
        else:
            parts.append(None)
    return tuple(parts)


def _excerpt(text: str, span: Span, width: int = 40) -> str:
    found = " ".join(text[span[0] : span[1]].split())
    return found if len(found) <= width else found[: width - 1] + "…"
