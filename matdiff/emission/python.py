"""How the targets in Python write values: numpy, the array API, JAX and torch.

They share one table; each says only where it differs.  In a template {np} is the module's name,
{new} what a new array is told (its type and device), {0} … are the arguments, {s0} {s1} the sides
of the result, {t0} {t1} those of the first argument, {u0} … of the next ones, {d0} … the dimensions
among the data.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from matdiff.dimensions import Dimension
from matdiff.emission import numerics
from matdiff.emission.code import ATOM, POWER, PRODUCT, SIGN, SUM, Code, literal
from matdiff.emission.conversion import Arguments, Converted, is_known
from matdiff.emission.python_module import module
from matdiff.emission.statements import ARITHMETIC, Statements
from matdiff.emission.templates import filled, strength_of, unwrapped
from matdiff.emission.values import Value
from matdiff.errors import DomainProblem
from matdiff.operations.algebra import Rational
from matdiff.operations.record import Operation
from matdiff.rendering.names import ascii_names

if TYPE_CHECKING:
    from matdiff.emission.function import Function

_NAMESPACES = ("np", "xp", "jnp", "jax", "torch", "math", "dtype", "device")
_HELPERS = ("_FLOATS", *(name for name in vars(numerics) if name.startswith("_")))
RESERVED = frozenset(
    (*keyword.kwlist, *keyword.softkwlist, *dir(builtins), *_NAMESPACES, *_HELPERS)
)

COMMON = {
    "eye": "{np}.eye({s0}, {new})",
    "column": "{0}[:, None]",
    "transpose": "{0}.T",
    "vdot": "{np}.vdot({0}, {1})",
    "sum": "{0}.sum()",
    "sum_rows": "{0}.sum(axis=1)",
    "sum_columns": "{0}.sum(axis=0)",
    "max": "{0}.max()",
    "max_rows": "{0}.max(axis=1)",
    "max_columns": "{0}.max(axis=0)",
    "trace": "{np}.trace({0})",
    "first_largest": "({np}.arange({s0}) == {np}.argmax({0})).astype(dtype)",
    "solve": "{np}.linalg.solve({0}, {1})",
    "solve_spd": "{np}.linalg.solve({0}, {1})",
    "inverse": "{np}.linalg.inv({0})",
    "inverse_spd": "{np}.linalg.inv({0})",
    "logdet": "{np}.linalg.slogdet({0})[1]",
    "cholesky": "{np}.linalg.cholesky({0})",
    "logdet_spd": "2 * {np}.log({0}.diagonal()).sum()",
    "diagonal": "{0}.diagonal()",
    "embed": "{np}.diag({0})",
    "add_diagonal": "{0} + {np}.diag({1})",
    "add_to_diagonal": "{0} + {1} * {np}.eye({s0}, {new})",
    "flat": "{0}.reshape(-1)",
    "rows_of": "{0}.reshape({s0}, {s1})",
    "permute": "{0}.reshape({d0}, {d2}, {d1}, -1).swapaxes(1, 2).reshape({s0}, {s1})",
    "kron": "({0}[:, None, :, None] * {1}[:, None, :]).reshape({s0}, {s1})",
    "apply_left": "({0} @ {1}.reshape({d0}, -1)).reshape({s0}, {s1})",
    "apply_right": "({0} @ {1}.reshape({d0}, {d1}, -1)).reshape({s0}, {s1})",
    "scaled_products": "_scaled_products({np}, {0}, {1}, {2})",
    "sandwich": "(({0}[:, None, :] * {1}).reshape(-1, {t1}) @ {2}.reshape({t1}, -1))"
    ".reshape({t0}, {u0}, {v1}, {v2}).swapaxes(1, 2).reshape({s0}, {s1})",
    "khatri_rao": "({0}[:, None, :] * {1}).reshape({s0}, {s1})",
    "block": "{np}.block([{0}])",
    "concat": "",  # of some blocks along an axis; where there is no function for rows of blocks
    "log1p": "{np}.log1p({0})",
    "sqrt": "{np}.sqrt({0})",
    "exp": "{np}.exp({0})",
    "log": "{np}.log({0})",
    "abs": "{np}.abs({0})",
}
COMMON_HELPERS = {"scaled_products": [numerics._scaled_products]}
SIGNS = {"add": (" + ", SUM, SUM, PRODUCT), "subtract": (" - ", SUM, SUM, PRODUCT),
         "multiply": (" * ", PRODUCT, PRODUCT, SIGN), "divide": (" / ", PRODUCT, PRODUCT, SIGN),
         "matmul": (" @ ", PRODUCT, PRODUCT, SIGN)}  # fmt: skip


class Python:
    """A target in Python.

    name       of the target
    namespace  what the array module is called in the source
    imports    the names of modules that its templates use, and the lines that bring them in
    convert    (arguments) -> the lines that make them arrays
    number     template of a function's value at a number that the program knows: no stronger type
               than that of the arrays may come out
    constant   template of such a number as an array, where functions take arrays only
    returned   template of a scalar that is returned
    by_factor  kernels that take the Cholesky factor of their first argument
    new        what a new array is told
    in_place   whether a program may write into arrays of its own
    vector_first   whether A'x is written x @ A: XLA on a CPU forms the transpose, at 3 to 70 times
               the time for sizes of 1000 to 3000
    overrides  kernels that are written otherwise than in COMMON; "solve_spd of a vector" is what
               "solve_spd" is for a vector, and "vdot of a transpose" what "vdot" is where its
               first argument is A', given A
    helpers    kernels whose template calls functions that are copied into the module, besides
               those in COMMON_HELPERS
    """

    __slots__ = (
        "by_factor", "constant", "convert", "helpers", "imports", "in_place", "kernels", "name",
        "namespace", "new", "number", "returned", "vector_first",
    )  # fmt: skip

    assign = "{} = {}"
    quotient = "{} // {}"
    reserved = RESERVED
    names = staticmethod(ascii_names)

    def __init__(
        self,
        name: str,
        namespace: str,
        imports: Mapping[str, str],
        convert: Callable[[Arguments], Converted],
        *,
        number: str = "{0}",
        constant: str = "{0}",
        returned: str = "{0}",
        by_factor: Collection[str] = (),
        new: str = "dtype=dtype",
        in_place: bool = False,
        vector_first: bool = False,
        overrides: Mapping[str, str] | None = None,
        helpers: Mapping[str, Sequence[Callable[..., Any]]] | None = None,
    ) -> None:
        self.name, self.namespace, self.imports = name, namespace, dict(imports)
        self.convert, self.new, self.in_place = convert, new, in_place
        self.number, self.constant, self.returned = number, constant, returned
        self.by_factor = by_factor
        self.vector_first, self.helpers = vector_first, COMMON_HELPERS | dict(helpers or {})
        self.kernels = COMMON | dict(overrides or {})

    def code(self, value: Value, codes: Sequence[Code], body: Statements) -> Code:
        """The source of a value, given those of its arguments."""
        codes = self.given(value, codes)
        writer = WRITERS.get(value.kernel)
        if writer is not None:
            return writer(self, value, codes, body)
        if self.vector_first and _is_transpose_times_vector(value):
            turned = _transposed(codes[0])
            left = SIGN if _mixed(value, value.arguments[1]) else PRODUCT
            return Code(f"{codes[1].at(left)} @ {turned.text}", PRODUCT)
        if value.kernel in SIGNS:
            sign, strength, left, right = SIGNS[value.kernel]
            if _mixed(value, value.arguments[0]):
                left = SIGN
            return Code(f"{codes[0].at(left)}{sign}{codes[1].at(right)}", strength)
        if value.kernel in self.helpers:
            body.helpers.update(dict.fromkeys(self.helpers[value.kernel]))
        of_vector = f"{value.kernel} of a vector"
        is_vector = value.rank == 1 and of_vector in self.kernels
        template = self.kernels[of_vector if is_vector else value.kernel]
        of_transpose = f"{value.kernel} of a transpose"
        if of_transpose in self.kernels and value.arguments[0].kernel == "transpose":
            template, codes = self.kernels[of_transpose], [_transposed(codes[0]), *codes[1:]]
        return self.filled(template, value, codes, body)

    def given(self, value: Value, codes: Sequence[Code]) -> list[Code]:
        """The arguments of a kernel: a row meets a matrix entry by entry with its one axis, and is
        given with two elsewhere."""
        meets = value.kernel in ARITHMETIC and any(
            argument.rank == 2 and argument.kernel != "row" for argument in value.arguments
        )
        return [
            code
            if meets or argument.kernel != "row"
            else Code(f"{code.at(ATOM)}[None, :]", ATOM, code.names)
            for code, argument in zip(codes, value.arguments, strict=True)
        ]

    def filled(self, template: str, value: Value, codes: Sequence[Code], body: Statements) -> Code:
        """A template with its slots filled; an argument that it names twice gets a name."""
        given = [
            body.named(code) if template.count(f"{{{i}}}") > 1 else code
            for i, code in enumerate(codes)
        ]
        shapes = dict(zip("stuv", (value.shape, *(a.shape for a in value.arguments)), strict=False))
        shapes["d"] = tuple(d for d in value.data if isinstance(d, Dimension))

        def slot(name: str) -> Code:
            if name.isdecimal():
                return given[int(name)]
            constant = {"np": self.namespace, "new": self.new}.get(name)
            if constant is not None:
                return Code(constant)
            return body.size(shapes[name[0]][int(name[1:])])

        template = unwrapped(template)
        names = frozenset().union(*(code.names for code in given))
        return Code(filled(template, slot), strength_of(template), names)

    def module(self, function: Function) -> Iterator[str]:
        """The lines of the module."""
        return module(self, function)

    def literal(self, value: Rational) -> Code:
        return literal(value, infinity=f"{self.namespace}.inf")

    def template(self, operation: Operation, body: Statements) -> str:
        """The operation's own template; DomainProblem if there is none for this target.

        The helpers that it names go into the module."""
        notation = operation.notation
        found = notation.code.get(self.name)
        if found is None:
            if notation.helpers and self.name != "numpy":
                raise unknown_here(operation, self.name)
            found = re.sub(r"\bnp\.", "{np}.", notation.numpy)
        if not found:
            raise unknown_here(operation, self.name)
        if any(f"{helper.__name__}(" in found for helper in notation.helpers):
            body.helpers.update(dict.fromkeys(notation.helpers))
        return found


def _mixed(value: Value, argument: Value) -> bool:
    """Whether the one is a product of matrices and the other one of entries: brackets between the
    two, which bind alike, are for the reader."""
    products = {"matmul": 1, "multiply": 2, "divide": 2}
    kinds = products.get(value.kernel), products.get(argument.kernel)
    return None not in kinds and kinds[0] != kinds[1]


def _transposed(code: Code) -> Code:
    """The transpose; that of a transpose is the matrix itself."""
    matrix = code.text.removesuffix(".T")
    text = matrix if matrix != code.text else f"{code.at(ATOM)}.T"
    return Code(text, ATOM, code.names)


def _is_transpose_times_vector(value: Value) -> bool:
    if value.kernel != "matmul":
        return False
    A, x = value.arguments
    return A.kernel == "transpose" and x.rank == 1


def unknown_here(operation: Operation, target: str) -> DomainProblem:
    return DomainProblem(
        f"how to compute {operation.name} in {target} is not known",
        hint="--format numpy computes it",
        code="MX627",
    )


# -- kernels that are more than a template -------------------------------------------------------


def _argument(target: Python, value: Value, codes: Sequence[Code], body: Statements) -> Code:
    return Code(body.parameters[value.data[0]])


def _row(target: Python, value: Value, codes: Sequence[Code], body: Statements) -> Code:
    """A vector meets the columns of a matrix as it is."""
    return codes[0]


def _number(target: Python, value: Value, codes: Sequence[Code], body: Statements) -> Code:
    return target.literal(value.data[0])


def _size(target: Python, value: Value, codes: Sequence[Code], body: Statements) -> Code:
    return body.size(value.data[0])


def _negative(target: Python, value: Value, codes: Sequence[Code], body: Statements) -> Code:
    return Code(f"-{codes[0].at(POWER)}", SIGN)


def _power(target: Python, value: Value, codes: Sequence[Code], body: Statements) -> Code:
    return Code(f"{codes[0].at(ATOM)}**{codes[1].at(ATOM)}", POWER)


def _full(target: Python, value: Value, codes: Sequence[Code], body: Statements) -> Code:
    shape = f"({body.sides(value.shape)}{',' if value.rank == 1 else ''})"
    name = {"0": "zeros", "1": "ones"}.get(codes[0].text)
    if name is not None:
        return Code(f"{target.namespace}.{name}({shape}, {target.new})")
    if target.name == "numpy" or is_known(value.arguments[0]):
        return Code(f"{target.namespace}.full({shape}, {codes[0].text}, {target.new})")
    return Code(f"{target.namespace}.broadcast_to({codes[0].text}, {shape})")


def _slice(target: Python, value: Value, codes: Sequence[Code], body: Statements) -> Code:
    bounds = []
    for part in value.data:
        ends = [] if part is None else [body.size(end).text for end in part]
        bounds.append(":".join(ends) if ends else ":")
    return Code(f"{codes[0].at(ATOM)}[{', '.join(bounds)}]")


def _blocks(target: Python, value: Value, codes: Sequence[Code], body: Statements) -> Code:
    rest = iter(codes)
    rows = []
    for count in value.data[0]:
        row = []
        for _ in range(count):
            row.append(next(rest).text)
        rows.append(row)
    if not target.kernels["concat"]:
        lines = Code(", ".join(f"[{', '.join(row)}]" for row in rows))
        return Code(target.kernels["block"].format(lines.text, np=target.namespace))
    joined = [_joined(target, row, 1) for row in rows]
    return Code(_joined(target, joined, 0))


def _joined(target: Python, blocks: Sequence[str], axis: int) -> str:
    if len(blocks) == 1:
        return blocks[0]
    return target.kernels["concat"].format(", ".join(blocks), axis)


def _map(target: Python, value: Value, codes: Sequence[Code], body: Statements) -> Code:
    (function,) = value.data
    are_numbers = target.number != "{0}"  # the functions' values
    known = not value.rank and is_known(value.arguments[0], functions=are_numbers)
    if isinstance(function, str):
        template = target.kernels[function]
    else:
        template = target.template(function, body)
    if not known:
        return target.filled(template, value, codes, body)
    constant = Code(target.constant.format(codes[0].text))
    made = target.filled(template, value, [constant], body)
    return Code(target.number.format(made.text), ATOM, made.names)


def _template(target: Python, value: Value, codes: Sequence[Code], body: Statements) -> Code:
    operation = value.data[0]
    if operation.unknown is not None:
        return Code(f"{body.functions[operation]}({codes[0].text})")
    template = target.template(operation, body)
    sizes = {str(len(codes) + i): size for i, size in enumerate(value.data[1:])}
    for slot, size in sizes.items():
        template = template.replace(f"{{{slot}}}", body.size(size).at(ATOM))
    return target.filled(template, value, codes, body)


def _add_diagonal(target: Python, value: Value, codes: Sequence[Code], body: Statements) -> Code:
    matrix, diagonal = value.arguments
    if not body.in_place:
        kernel = "add_diagonal" if diagonal.rank else "add_to_diagonal"
        # brackets only where a sum needs them
        left, right = (
            Code(codes[0].at(SUM)),
            Code(codes[1].at(PRODUCT if not diagonal.rank else ATOM)),
        )
        made = target.filled(target.kernels[kernel], value, [left, right], body)
        return Code(made.text, SUM, frozenset().union(*(code.names for code in codes)))
    fresh = matrix.kernel in ARITHMETIC or matrix.kernel in ("matmul", "negative")
    own = body.own(codes[0], fresh=fresh and not codes[0].text.isidentifier())
    n = body.size(value.shape[0]).at(ATOM)
    body.lines.append(f"{own.text}.flat[::{n} + 1] += {codes[1].text}")
    return own


_Writer = Callable[[Any, Value, Sequence[Code], Statements], Code]
WRITERS: dict[str, _Writer] = {
    "argument": _argument,
    "row": _row,
    "number": _number,
    "size": _size,
    "negative": _negative,
    "power": _power,
    "full": _full,
    "slice": _slice,
    "blocks": _blocks,
    "map": _map,
    "template": _template,
    "add_diagonal": _add_diagonal,
}
