"""What is said when shapes do not agree: the two shapes, the two dimensions, and a way out.

| code | refused |
| --- | --- |
| MX201 | a product whose inner dimensions differ |
| MX202 | a sum, difference or Frobenius product of different shapes |
| MX203 | an elementwise product or quotient of different shapes, ⊛ of different columns |
| MX204 | a scalar where a matrix is wanted beside a matrix, as in x + 1 |
| MX205 | division by what is no scalar |
| MX206 | trace, determinant, inverse, power of what is not square |
| MX207 | a function or fence of a shape it does not take |
| MX208 | a function with too many or too few arguments |
| MX209 | an exponent that has no meaning |
| MX210 | I, ones, zeros of a size that nothing fixes |
| MX211 | a size that is no dimension |
| MX212 | a property of a matrix that is not square |
| MX213 | a result of another shape than the one wanted |
| MX214 | what is not supported yet |
| MX215 | a shape of an undeclared name that nothing fixes |
| MX216 | strict: a text with several readings |
| MX224 | blocks whose shapes do not fit together |
| MX225 | an index beyond its dimension, a range that ends before it begins |
| MX226 | one index of a matrix |
| MX227 | e(i,n) with i beyond n |
| MX228 | hadamard(n) of an order that is no power of two |
| MX229 | D_skew(1), which would have no columns |
| MX230 | the independent entries of an oblong triangle, stacked |
| MX231 | what would have to be a scalar, and is summed or transposed |
| MX232 | a run of letters that may be a product with the variable of differentiation |
| MX252 | division by the number zero |
| MX509, MX520, MX521 | limits: powers, sizes, degree of a dimension |
"""

from __future__ import annotations

from matdiff.dimensions import ONE
from matdiff.errors import ShapeProblem
from matdiff.operations.record import Operation
from matdiff.shapes.candidates import Candidate
from matdiff.shapes.scope import Scope, span_between
from matdiff.shapes.unify import NOTHING_BOUND, Bindings
from matdiff.shapes.writing import text_of
from matdiff.syntax.tree import Call, Chain, Group, Number, Sum, Tree

SCALAR_BESIDE_MATRIX = "write c*ones(m,n) to add c to every entry, or c*I to add it to the diagonal"


def product_clash(
    scope: Scope,
    left: tuple[Tree, Candidate],
    right: tuple[Tree, Candidate],
    sign: str,
    bindings: Bindings = NOTHING_BOUND,
) -> ShapeProblem:
    """Two neighbours of a product do not fit."""
    (one, first), (other, second) = left, right
    shapes = scope.describe(first, bindings), scope.describe(second, bindings)
    inner = scope.shown(first.under(bindings)[1]), scope.shown(second.under(bindings)[0])
    return ShapeProblem(
        f"inner dimensions differ: {text_of(one)} is {shapes[0]}, {text_of(other)} is {shapes[1]} "
        f"({inner[0]} ≠ {inner[1]})",
        hint=_product_hint(left, right, sign, bindings),
        span=span_between(one, other),
        code="MX201",
    )


def _product_hint(
    left: tuple[Tree, Candidate], right: tuple[Tree, Candidate], sign: str, bindings: Bindings
) -> str | None:
    one, other = text_of(left[0]), text_of(right[0])
    shape, other_shape = left[1].under(bindings), right[1].under(bindings)
    if shape == other_shape and sign == "*":
        hint = f"the elementwise product is written {one}∘{other}"
        return hint + f", the inner product {one}'{other}" if shape[1] is ONE else hint
    if shape[0] is other_shape[0]:
        turned = _turned(one)
        return f"{turned}{'' if turned > one else ' '}{other} would fit"
    if shape[1] is other_shape[1]:
        return f"{one} {_turned(other)} would fit"
    if shape[0] is other_shape[1]:
        return f"{other} {one} would fit"
    return None


def clash(
    scope: Scope,
    operator: str,
    left: tuple[str, Candidate],
    right: tuple[str, Candidate],
    span: tuple[int, int],
) -> ShapeProblem:
    """Two operands of + - : ∘ ⊘ differ in shape."""
    (one, first), (other, second) = left, right
    scalars = first.is_scalar + second.is_scalar
    elementwise = operator in "∘⊘"
    hint = None
    if scalars == 1 and elementwise:
        scalar, matrix = (one, other) if first.is_scalar else (other, one)
        hint = f"a scalar is a factor without {operator}"
        if operator == "∘":
            hint += f": {scalar} {matrix}"
        elif first.is_scalar:
            hint = f"a scalar over every entry is written {scalar} {matrix}.^-1"
    elif scalars == 1 and operator in "+-":
        hint = _beside_matrix(scope, second if first.is_scalar else first)
    elif (first.rows, first.columns) == (second.columns, second.rows):
        hint = f"{_turned(other)} has the shape of {one}"
    if operator == "⊛":
        return _columns_differ(scope, left, right, span)
    code = "MX204" if scalars == 1 else "MX203" if elementwise else "MX202"
    return ShapeProblem(
        f"`{operator}` needs two operands of one shape: "
        f"{one} is {scope.describe(first)}, {other} is {scope.describe(second)}",
        hint=hint,
        span=span,
        code=code,
    )


def _beside_matrix(scope: Scope, array: Candidate) -> str:
    if array.columns is ONE:
        return f"write c*ones({scope.shown(array.rows)}) to add c to every entry"
    return SCALAR_BESIDE_MATRIX


def _columns_differ(
    scope: Scope, left: tuple[str, Candidate], right: tuple[str, Candidate], span: tuple[int, int]
) -> ShapeProblem:
    (one, first), (other, second) = left, right
    turned = first.columns is second.rows and first.columns is not second.columns
    return ShapeProblem(
        f"`⊛` needs two operands with as many columns: {one} is {scope.describe(first)}, "
        f"{other} is {scope.describe(second)}",
        hint=f"{one}⊛{_turned(other)} would fit" if turned else None,
        span=span,
        code="MX203",
    )


def not_square(
    scope: Scope, what: str, tree: Tree, candidate: Candidate, hint: str | None = None
) -> ShapeProblem:
    """`what` needs a square matrix."""
    return ShapeProblem(
        f"{what} needs a square matrix, {inside(tree)} is {scope.describe(candidate)}",
        hint=hint,
        span=tree.span,
        code="MX206",
    )


def division(scope: Scope, above: Tree, below: Tree, candidate: Candidate) -> ShapeProblem:
    """Division by what is no scalar."""
    one, other = text_of(above), text_of(below)
    hint = f"elementwise: {one}⊘{other}"
    if candidate.rows is candidate.columns:
        hint += f"; with the inverse: {one} {other}^-1"
    elif isinstance(above, Number):
        hint = f"elementwise: {other}.^-1"
    return ShapeProblem(
        f"`/` divides by a scalar, {other} is {scope.describe(candidate)}",
        hint=hint + "; / takes one operand, so a product below it stands in brackets",
        span=span_between(above, below),
        code="MX205",
    )


def unknown_function_misfit(
    scope: Scope, tree: Call, record: Operation, argument: Candidate
) -> ShapeProblem:
    """An unknown function of a column or a scalar is given something else."""
    assert record.signature is not None and record.unknown is not None
    wanted = record.signature.sizes.get("i", ONE)
    name, text = record.unknown.name, inside(tree.arguments[0])
    hint = f"{name} : elementwise is a function of each entry" if wanted is ONE else None
    if argument.rows is ONE and argument.columns is wanted and wanted is not ONE:
        hint = f"{tree.function}({_turned(bracketed(tree.arguments[0]))}) would fit"
    return ShapeProblem(
        f"{tree.function} takes {'a scalar' if wanted is ONE else f'a column {wanted}×1'}, "
        f"{text} is {scope.describe(argument)}",
        hint=hint,
        span=tree.span,
        code="MX207",
    )


_MEANT = {  # where a further argument is a habit
    "norm": "norm is the 2-norm of a vector and the Frobenius norm of a matrix; there are also "
    "norm1, norm_inf and nuclear",
}


def wrong_count(tree: Call, fewest: int, most: int) -> ShapeProblem:
    """A function has too many or too few arguments."""
    wanted = f"{fewest}" if fewest == most else f"{fewest} or {most}"
    plural = "" if wanted == "1" else "s"
    return ShapeProblem(
        f"{tree.function} takes {wanted} argument{plural}, {len(tree.arguments)} given",
        hint=_MEANT.get(tree.function),
        span=tree.span,
        code="MX208",
    )


def first_text(tree: Sum, count: int) -> str:
    """The text of the first terms of a sum."""
    return text_of(Sum(tree.terms[:count], tree.span))


def inside(tree: Tree) -> str:
    """The text of a tree, without brackets around all of it."""
    while isinstance(tree, Group):
        tree = tree.inner
    return text_of(tree)


def bracketed(tree: Tree) -> str:
    """The text of a tree, in brackets if an operator before or after it would split it."""
    return f"({text_of(tree)})" if isinstance(tree, (Chain, Sum)) else text_of(tree)


def _turned(text: str) -> str:
    return text[:-1] if text.endswith("'") else f"{text}'"
