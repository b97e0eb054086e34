"""How the target in Julia writes values: with nothing but the standard library's LinearAlgebra.

Vectors are Vectors, a vector that meets the columns of a matrix is x', and arithmetic on arrays is
broadcast, so that Julia computes it in one pass.  `Float` is the type of the result's entries: that
of the arguments, whole numbers made floating point.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from matdiff.dimensions import ONE
from matdiff.emission.code import ATOM, Code
from matdiff.emission.columnwise import SIGNS, WRITERS, Columnwise, add_diagonal
from matdiff.emission.julia_module import module
from matdiff.emission.statements import Statements
from matdiff.emission.values import Value
from matdiff.operations.algebra import Rational

if TYPE_CHECKING:
    from matdiff.emission.function import Function

KERNELS = {
    "eye": "Matrix{{T}}(I, {s0}, {s0})",
    "column": "{0}",  # see `given`
    "row": "{0}",
    "vdot": "dot({0}, {1})",
    "sum": "sum({0})",
    "sum_rows": "vec(sum({0}, dims = 2))",
    "sum_columns": "vec(sum({0}, dims = 1))",
    "max": "maximum({0})",
    "max_rows": "vec(maximum({0}, dims = 2))",
    "max_columns": "vec(maximum({0}, dims = 1))",
    "trace": "tr({0})",
    "first_largest": "{T}.(axes({0}, 1) .== argmax({0}))",
    "solve": "{0} \\ {1}",
    "cholesky": "cholesky(Symmetric({0}))",
    "solve_spd": "{0} \\ {1}",
    "inverse": "inv({0})",
    "inverse_spd": "inv({0})",
    "logdet": "logabsdet({0})[1]",
    "logdet_spd": "logdet({0})",
    "diagonal": "diag({0})",
    "embed": "diagm({0})",
    "rows_of": "reshape({0}, {s1}, {s0})'",
    "permute": "reshape(permutedims(reshape({0}, {d3}, {d1}, {d2}, :), (1, 3, 2, 4)), {s0}, {s1})",
    "kron": "kron({0}, {1})",
    "blocks_on_diagonal": "kron(Matrix{{T}}(I, {d0}, {d0}), {0})",
    "spread_blocks": "kron({0}, Matrix{{T}}(I, {d0}, {d0}))",
    "apply_left": "{a} = permutedims(reshape({1}, :, {t1}, {u1}), (2, 1, 3))\n"
    "{b} = reshape({0} * reshape({a}, {t1}, :), {t0}, :, {u1})\n"
    "reshape(permutedims({b}, (2, 1, 3)), {s0}, {s1})",
    "apply_right": "reshape({0} * reshape({1}, {t1}, :), {s0}, {s1})",
    "scaled_products": "{a} = reshape({0}, {t0}, 1, {t1}) .* reshape({1}, 1, {u0}, {u1})\n"
    "reshape(reshape({a}, :, {t1}) * {2}, {t0}, {u0}, {v1})",
    "spread_inner": "{a} = reshape(permutedims({0}, (2, 1, 3)), {t0}, {t1}, 1, {t2})\n"
    "reshape({a} .* reshape(Matrix{{T}}(I, {t0}, {t0}), {t0}, 1, {t0}, 1), {s0}, {s1})",
    "spread_outer": "reshape({0} .* reshape(Matrix{{T}}(I, {t0}, {t0}), 1, {t0}, 1, {t0}), "
    "{s0}, {s1})",
    "sandwich": "{a} = reshape(permutedims({2}, (1, 3, 2)), :, {v0})\n"
    "{b} = reshape(reshape({0}, {t0}, 1, {t1}) .* reshape({1}, 1, {u0}, {u1}), :, {t1})\n"
    "{c} = permutedims(reshape({a} * {b}', {v1}, {v2}, {t0}, {u0}), (1, 3, 2, 4))\n"
    "reshape({c}, {s0}, {s1})",
    "khatri_rao": "reshape(reshape({1}, {u0}, 1, {u1}) .* reshape({0}, 1, {t0}, {t1}), {s0}, {s1})",
}
RESHAPING = frozenset({"flat", "rows_of", "permute", "apply_left", "apply_right",
                       "scaled_products", "sandwich", "khatri_rao"})  # fmt: skip
KEYWORDS = """abstract as baremodule begin break catch const continue do else elseif end export
false finally for function global if import in isa let local macro module mutable outer primitive
public quote return struct true try type using where while""".split()
NAMES = """abs argmax AbstractArray AbstractMatrix AbstractVector acos asin atan axes Base Bool
cholesky convert copy Core cos cosh count_ones det diag diagm Diagonal DimensionMismatch dot eltype
exp exp2 expm1 eye fill Float float Float64 hcat hvcat I ifelse im Inf Int Integer inv isodd kron
length LinearAlgebra log log1p logabsdet logdet Main Matrix max maximum min minimum missing NaN
norm nothing one ones only permutedims pi pinv promote_type Real reshape sign sin sinh size sqrt
sum svd svdvals Symmetric tan tanh throw tr transpose tril triu trues typeof undef vcat vec zero
zeros""".split()
_CALL = re.compile(r"(?<![\w.{}])([A-Za-z]\w*)\(")
_ONLY = re.compile(r"only\(fill\((\w+), 1, 1\)\)")  # a 1×1 matrix made for its entry
_OPERATOR = re.compile(r" ([-+*/^]|[<>=]=?) ")


class Julia(Columnwise):
    """The target."""

    __slots__ = ()

    name = "julia"
    assign = "{} = {}"
    quotient = "{} ÷ {}"
    over = " ÷ "
    prime = "'"
    reserved = frozenset((*KEYWORDS, *NAMES))
    kernels = KERNELS
    by_factor: Collection[str] = ("logdet_spd", "solve_spd", "inverse_spd")

    def module(self, function: Function) -> Iterator[str]:
        """The lines of the module."""
        return module(function)

    def constant(self, name: str) -> str | None:
        return "Float" if name == "T" else None

    def literal(self, value: Rational) -> Code:
        code = super().literal(value)
        digits = code.text.removeprefix("-")
        if digits.isdecimal():
            return code
        return Code(code.text.replace(digits, f"Float({digits})"), code.strength)

    def entrywise(self, template: str, value: Value) -> str:
        """exp(-{0}) is exp.(-{0}) and 1 + {0} is 1 .+ {0}."""
        return _OPERATOR.sub(r" .\1 ", _CALL.sub(r"\1.(", template))

    def is_pointed(self, value: Value) -> bool:
        return value.rank > 0

    def inner(self, x: Code, y: Code) -> Code:
        return Code(f"dot({x.text}, {y.text})")

    def given(self, value: Value, codes: Sequence[Code]) -> list[Code]:
        """Rows and columns with their two axes, whole numbers as floating point where they are
        not multiplied by something else, and no lazy transpose that would be reshaped."""
        numbers = [argument.kernel == "number" for argument in value.arguments]
        found = []
        for i, (code, argument) in enumerate(zip(codes, value.arguments, strict=True)):
            if argument.kernel in ("row", "column"):
                code = self._with_two_axes(value, argument, code)
            elif numbers[i] and _is_whole(code) and _alone(value, i, all(numbers)):
                code = Code(f"Float({code.text})")
            elif value.kernel in RESHAPING and self.is_turned(code):
                code = Code(f"permutedims({bare(self.turned(code).text)})")
            found.append(code)
        return found

    def _with_two_axes(self, value: Value, argument: Value, code: Code) -> Code:
        """To be broadcast, a column needs only one where the other argument has two."""
        broadcast = value.kernel in SIGNS
        if argument.kernel == "row":
            if broadcast and value.shape[0] is not ONE:
                return self.turned(code)
            return Code(f"reshape({code.text}, 1, :)")
        if broadcast and value.shape[1] is not ONE:
            return code
        if value.kernel == "blocks" and len(value.data[0]) == 1 and value.data[0][0] > 1:
            return code  # hcat takes a vector as a column
        return Code(f"reshape({code.text}, :, 1)")


def _is_whole(code: Code) -> bool:
    return code.text.removeprefix("-").isdecimal()


def _alone(value: Value, place: int, all_numbers: bool) -> bool:
    """Whether a whole number is not turned into floating point by what it meets."""
    if value.kernel in ("add_diagonal", "full"):
        return False
    if value.kernel not in SIGNS:
        return True
    return place == 0 and (all_numbers or value.kernel == "power")


def bare(text: str) -> str:
    """The text without brackets around all of it, as a whole argument of a call."""
    if not (text.startswith("(") and text.endswith(")")):
        return text
    depth = 0
    for sign in text[:-1]:
        depth += (sign == "(") - (sign == ")")
        if not depth:
            return text
    return text[1:-1]


# -- kernels that are more than a template -------------------------------------------------------


def _size(target: Julia, value: Value, codes: Sequence[Code], body: Statements) -> Code:
    return Code(f"Float({target.size(value.data[0], body).text})")


def _flat(target: Julia, value: Value, codes: Sequence[Code], body: Statements) -> Code:
    inside = codes[0].text
    if inside.startswith("permutedims("):
        return Code(f"vec({inside[len('permutedims(') : -1]})")
    return Code(f"vec(permutedims({inside}))")


def _full(target: Julia, value: Value, codes: Sequence[Code], body: Statements) -> Code:
    sides, number = target.sides(value.shape, body), codes[0].text
    if number in ("0", "1"):
        return Code(f"{'ones' if number == '1' else 'zeros'}(Float, {sides})")
    return Code(f"fill({f'Float({number})' if _is_whole(codes[0]) else number}, {sides})")


def _add_diagonal(target: Julia, value: Value, codes: Sequence[Code], body: Statements) -> Code:
    return add_diagonal(codes, value, vector="Diagonal({})", identity="I")


def _slice(target: Julia, value: Value, codes: Sequence[Code], body: Statements) -> Code:
    (inside,) = value.arguments
    dropped = [
        side is ONE and part is not None
        for side, part in zip(inside.shape, value.data, strict=True)
    ]
    kept = [part for part, drop in zip(value.data, dropped, strict=True) if not drop]
    if inside.rank == 2 and len(kept) == 1 and kept[0] is None:
        return Code(f"vec({codes[0].text})")
    return Code(f"{codes[0].at(ATOM)}[{', '.join(target.bounds(value, body))}]")


def _blocks(target: Julia, value: Value, codes: Sequence[Code], body: Statements) -> Code:
    counts, listed = value.data[0], ", ".join(code.text for code in codes)
    if len(counts) == 1:
        return Code(f"hcat({listed})")
    if set(counts) == {1}:
        return Code(f"vcat({listed})")
    return Code(f"hvcat(({', '.join(map(str, counts))}), {listed})")


def _template(target: Julia, value: Value, codes: Sequence[Code], body: Statements) -> Code:
    operation = value.data[0]
    if operation.unknown is None:
        code = target.called(value, codes, body)
        return Code(_ONLY.sub(r"\1", code.text), code.strength)
    dot = "." if operation.elementwise and value.rank else ""
    return Code(f"{body.functions[operation]}{dot}({codes[0].text})")


Julia.writers = {
    **WRITERS,
    "size": _size,
    "flat": _flat,
    "full": _full,
    "add_diagonal": _add_diagonal,
    "slice": _slice,
    "blocks": _blocks,
    "template": _template,
}
JULIA = Julia()
