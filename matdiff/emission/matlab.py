"""How the target in MATLAB and Octave writes values; arithmetic expands rows and columns, so MATLAB
R2016b or newer is needed.

A vector is a column.  Only names can be indexed there, so what is cut into pieces gets a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from matdiff.dimensions import ONE
from matdiff.emission.code import POWER, PRODUCT, Code
from matdiff.emission.columnwise import WRITERS, Columnwise, add_diagonal
from matdiff.emission.matlab_module import module
from matdiff.emission.statements import ARITHMETIC, Statements
from matdiff.emission.values import Value

if TYPE_CHECKING:
    from matdiff.emission.function import Function

KERNELS = {
    "eye": "eye({s0})",
    "column": "{0}",
    "sum_rows": "sum({0}, 2)",
    "sum_columns": "sum({0}, 1).'",
    "max_rows": "max({0}, [], 2)",
    "max_columns": "max({0}, [], 1).'",
    "trace": "trace({0})",
    "first_largest": "double((1:{s0}).' == find({0} == max({0}), 1))",
    "solve": "{0} \\ {1}",
    "solve_spd": "{0} \\ {1}",
    "inverse": "inv({0})",
    "inverse_spd": "inv({0})",
    "logdet": "[~, {a}] = lu({0});\nsum(log(abs(diag({a}))))",
    "logdet_spd": "2 * sum(log(diag(chol({0}))))",
    "diagonal": "diag({0})",
    "embed": "diag({0})",
    "rows_of": "reshape({0}, {s1}, {s0}).'",
    "permute": "reshape(permute(reshape({0}, {d3}, {d1}, {d2}, []), [1, 3, 2, 4]), {s0}, {s1})",
    "kron": "kron({0}, {1})",
    "blocks_on_diagonal": "kron(eye({d0}), {0})",
    "spread_blocks": "kron({0}, eye({d0}))",
    "apply_left": "{a} = permute(reshape({1}, [], {t1}, {u1}), [2, 1, 3]);\n"
    "{b} = reshape({0} * reshape({a}, {t1}, []), {t0}, [], {u1});\n"
    "reshape(permute({b}, [2, 1, 3]), {s0}, {s1})",
    "apply_right": "reshape({0} * reshape({1}, {t1}, []), {s0}, {s1})",
    "scaled_products": "{a} = reshape({0}, {t0}, 1, {t1}) .* reshape({1}, 1, {u0}, {u1});\n"
    "reshape(reshape({a}, [], {t1}) * {2}, {t0}, {u0}, {v1})",
    "spread_inner": "{a} = reshape(permute({0}, [2, 1, 3]), {t0}, {t1}, 1, {t2});\n"
    "reshape({a} .* reshape(eye({t0}), {t0}, 1, {t0}, 1), {s0}, {s1})",
    "spread_outer": "reshape({0} .* reshape(eye({t0}), 1, {t0}, 1, {t0}), {s0}, {s1})",
    "sandwich": "{a} = reshape(permute({2}, [1, 3, 2]), [], {v0});\n"
    "{b} = reshape(reshape({0}, {t0}, 1, {t1}) .* reshape({1}, 1, {u0}, {u1}), [], {t1});\n"
    "{c} = permute(reshape({a} * {b}.', {v1}, {v2}, {t0}, {u0}), [1, 3, 2, 4]);\n"
    "reshape({c}, {s0}, {s1})",
    "khatri_rao": "reshape(reshape({1}, {u0}, 1, {u1}) .* reshape({0}, 1, {t0}, {t1}), {s0}, {s1})",
}
KEYWORDS = """arguments break case catch classdef continue do else elseif end end_try_catch
end_unwind_protect endfor endfunction endif endparfor endswitch endwhile enumeration events for
function global if methods otherwise parfor persistent properties return spmd switch try until
unwind_protect unwind_protect_cleanup while""".split()
NAMES = """abs acos all ans any asin atan bitand blkdiag ceil cell char chol class cos cosh cumsum
det diag dot double end eps erf error exp expm expm1 eye false find floor hadamard Inf inf inv isa
isequal isfloat isscalar isvector kron length log log1p logm lu mat2str max min mod NA NaN nan
nargin nargout norm numel ones permute pi pinv power prod rank repmat reshape result round sign
sin single sinh size sqrt sqrtm sum svd tan tanh trace transpose tril triu true varargin varargout
vec zeros""".split()
_OPERATOR = re.compile(r" ([*/^]) ")


class Matlab(Columnwise):
    """The target."""

    __slots__ = ()

    name = "matlab"
    assign = "{} = {};"
    quotient = "floor({} / {})"
    over = " / "
    prime = ".'"
    reserved = frozenset((*KEYWORDS, *NAMES))
    kernels = KERNELS

    def module(self, function: Function) -> Iterator[str]:
        """The lines of the file."""
        return module(function)

    def given(self, value: Value, codes: Sequence[Code]) -> list[Code]:
        """Diagonal matrices as full ones where they meet a row or column entry by entry, for
        Octave keeps them apart and refuses."""
        expands = value.kernel in ARITHMETIC and len({a.shape for a in value.arguments}) > 1
        return [
            Code(f"full({code.text})") if expands and argument.kernel in ("embed", "eye") else code
            for code, argument in zip(codes, value.arguments, strict=True)
        ]

    def is_pointed(self, value: Value) -> bool:
        """Products are by entries where both are arrays, quotients where the divisor is one; a
        column times a row is a product of matrices."""
        first, second = (argument.rank > 0 for argument in value.arguments)
        if value.kernel == "multiply":
            is_outer = [argument.kernel for argument in value.arguments] == ["column", "row"]
            return first and second and not is_outer
        return second if value.kernel == "divide" else value.kernel == "power" and value.rank > 0

    def inner(self, x: Code, y: Code) -> Code:
        return Code(f"{self.turned(x).text} * {y.at(POWER)}", PRODUCT)

    def entrywise(self, template: str, value: Value) -> str:
        """1 / {0} is 1 ./ {0}; functions and sums take arrays as they are."""
        return _OPERATOR.sub(r" .\1 ", template)


# -- kernels that are more than a template -------------------------------------------------------


def _size(target: Matlab, value: Value, codes: Sequence[Code], body: Statements) -> Code:
    return target.size(value.data[0], body)


def _vdot(target: Matlab, value: Value, codes: Sequence[Code], body: Statements) -> Code:
    A, B = codes
    if A.text.isidentifier() and B.text.isidentifier():
        return Code(f"{A.text}(:).' * {B.text}(:)", PRODUCT)
    return Code(f"sum(sum({A.at(PRODUCT)} .* {B.at(POWER)}))")


def _reduced(target: Matlab, value: Value, codes: Sequence[Code], body: Statements) -> Code:
    """sum or max of all entries: along columns first, unless there is one only."""
    inside = f"{value.kernel}({codes[0].text})"
    return Code(f"{value.kernel}({inside})" if value.arguments[0].rank == 2 else inside)


def _flat(target: Matlab, value: Value, codes: Sequence[Code], body: Statements) -> Code:
    return Code(f"reshape({target.turned(codes[0]).text}, [], 1)")


def _full(target: Matlab, value: Value, codes: Sequence[Code], body: Statements) -> Code:
    sides, number = list(value.shape), codes[0].text
    if all(side is ONE for side in sides):
        return codes[0]
    listed = target.sides([*sides, ONE][:2], body)
    if number in ("0", "1"):
        return Code(f"{'ones' if number == '1' else 'zeros'}({listed})")
    return Code(f"repmat({number}, {listed})")


def _add_diagonal(target: Matlab, value: Value, codes: Sequence[Code], body: Statements) -> Code:
    eye = f"eye({target.size(value.shape[0], body).text})"
    return add_diagonal(codes, value, vector="diag({})", identity=eye)


def _slice(target: Matlab, value: Value, codes: Sequence[Code], body: Statements) -> Code:
    """A part; a row that becomes a vector is turned, and what has one row or one column already
    is not indexed for that."""
    (inside,), code = value.arguments, codes[0]
    whole = [
        part is None or side is ONE for side, part in zip(inside.shape, value.data, strict=True)
    ]
    if not all(whole):
        indices = ", ".join(target.bounds(value, body))
        code = Code(f"{body.named(code).text}({indices})")
    is_row = inside.rank == 2 and value.rank == 1 and len(value.data[0] or (0, 0)) == 1
    return target.turned(code) if is_row else code


def _blocks(target: Matlab, value: Value, codes: Sequence[Code], body: Statements) -> Code:
    rest = iter(codes)
    rows = [", ".join(next(rest).text for _ in range(count)) for count in value.data[0]]
    return Code(f"[{'; '.join(rows)}]")


def _template(target: Matlab, value: Value, codes: Sequence[Code], body: Statements) -> Code:
    operation = value.data[0]
    if operation.unknown is None:
        return target.called(value, codes, body)
    return Code(f"{body.functions[operation]}({codes[0].text})")


Matlab.writers = {
    **WRITERS,
    "size": _size,
    "row": WRITERS["transpose"],
    "vdot": _vdot,
    "sum": _reduced,
    "max": _reduced,
    "flat": _flat,
    "full": _full,
    "add_diagonal": _add_diagonal,
    "slice": _slice,
    "blocks": _blocks,
    "template": _template,
}
MATLAB = Matlab()
