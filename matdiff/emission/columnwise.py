"""What the targets share that store matrices by columns and count from one: Julia and MATLAB.

A kernel is a template.  Its last line is the value, the lines before it are statements.  In it {0}
… are the arguments; {s0} {s1} the sides of the result, {t0} … {u0} … {v0} … those of the first
three arguments, {d0} … the dimensions among the data; {a} {b} new names.  The kernel's own three
axes, blocks × rows × columns, are stored as rows × blocks × columns, so that the blocks above each
other are one matrix.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from matdiff.dimensions import ONE, Dimension
from matdiff.emission.code import ATOM, POWER, PRODUCT, SIGN, SUM, Code, literal
from matdiff.emission.python import unknown_here
from matdiff.emission.statements import Statements, size_code
from matdiff.emission.templates import filled, strength_of
from matdiff.emission.values import Value
from matdiff.operations.algebra import Rational
from matdiff.operations.record import Operation
from matdiff.rendering.names import ascii_names

LONGEST_NAME = 60  # characters; MATLAB looks at the first 63
LONGEST_PIECE = 60  # characters of a value that was made with statements, before it gets a name
MAPS = {"log1p": "log1p({0})", "sqrt": "sqrt({0})", "exp": "exp({0})", "log": "log({0})",
        "abs": "abs({0})"}  # fmt: skip
SIGNS = {"add": ("+", SUM, SUM, PRODUCT), "subtract": ("-", SUM, SUM, PRODUCT),
         "multiply": ("*", PRODUCT, PRODUCT, POWER), "divide": ("/", PRODUCT, PRODUCT, POWER),
         "power": ("^", POWER, ATOM, ATOM)}  # fmt: skip
FUNCTIONS = {
    "exp": "exp", "log": "log", "sin": "sin", "cos": "cos", "tan": "tan", "sinh": "sinh",
    "cosh": "cosh", "tanh": "tanh", "arcsin": "asin", "arccos": "acos", "arctan": "atan",
    "sqrt": "sqrt", "abs": "abs", "sign": "sign", "tril": "tril", "linalg.det": "det",
    "linalg.pinv": "pinv",
}  # fmt: skip  # what functions of numpy are called in both languages
_CALL = re.compile(r"np\.([\w.]+)\((\{0\})\)")

Writer = Callable[[Any, Value, Sequence[Code], Statements], Code]


class Columnwise:
    """A target that stores matrices by columns.

    kernels   kernel -> template
    writers   kernels that are more than a template
    reserved  names that no parameter may have
    over      how sizes are divided
    prime     what a transpose ends with
    """

    __slots__ = ()

    name: str
    assign: str
    quotient: str
    over: str
    prime: str
    reserved: frozenset[str]
    kernels: Mapping[str, str]
    writers: Mapping[str, Writer]
    by_factor: Collection[str] = ()
    in_place = False

    # -- what the two languages do differently ---------------------------------------------------

    def entrywise(self, template: str, value: Value) -> str:
        """A template written for numbers, for each entry of an array."""
        raise NotImplementedError

    def is_pointed(self, value: Value) -> bool:
        """Whether the sign of an operation has a point, as in .*"""
        raise NotImplementedError

    def inner(self, x: Code, y: Code) -> Code:
        """The product of two vectors that is a number."""
        raise NotImplementedError

    def given(self, value: Value, codes: Sequence[Code]) -> list[Code]:
        """The arguments of a kernel as it takes them."""
        return list(codes)

    def constant(self, name: str) -> str | None:
        """What a slot stands for in every template of the language."""
        return None

    # -- names and numbers -----------------------------------------------------------------------

    def names(self, names: Iterable[str], reserved: Collection[str] = ()) -> dict[str, str]:
        """ASCII names that begin with a letter and are not too long, no two alike."""
        spelled = ascii_names(names, reserved)
        taken = {*spelled.values(), *reserved}
        for name, spelling in spelled.items():
            if spelling.startswith("_") or len(spelling) > LONGEST_NAME:
                start = f"v{spelling}" if spelling.startswith("_") else spelling
                spelled[name] = _free(start[:LONGEST_NAME], taken)
                taken.add(spelled[name])
        return spelled

    def size(self, size: Dimension, body: Statements) -> Code:
        return size_code(size, body.dimensions, over=self.over)

    def sides(self, shape: Sequence[Dimension], body: Statements) -> str:
        return ", ".join(self.size(side, body).text for side in shape)

    def literal(self, value: Rational) -> Code:
        return literal(value, infinity="Inf")

    def turned(self, code: Code) -> Code:
        """The transpose; that of a transpose is the matrix itself."""
        if self.is_turned(code):
            return Code(code.text.removesuffix(self.prime))
        return Code(f"{code.at(ATOM)}{self.prime}")

    def is_turned(self, code: Code) -> bool:
        return code.strength == ATOM and code.text.endswith(self.prime)

    # -- values ----------------------------------------------------------------------------------

    def code(self, value: Value, codes: Sequence[Code], body: Statements) -> Code:
        """The source of a value, given those of its arguments."""
        writer = self.writers.get(value.kernel)
        codes = self.given(value, codes)
        if writer is not None:
            return writer(self, value, codes, body)
        return self.filled(self.kernels[value.kernel], value, codes, body)

    def filled(
        self,
        template: str,
        value: Value,
        codes: Sequence[Code],
        body: Statements,
        sizes: Sequence[Dimension] = (),
    ) -> Code:
        """A template with its slots filled; an argument that it names twice gets a name.

        `sizes` are counted on from the arguments."""
        written = len(body.lines)
        found: dict[str, Code] = {}
        for i, code in enumerate(codes):
            found[str(i)] = body.named(code) if template.count(f"{{{i}}}") > 1 else code
        for i, size in enumerate(sizes, len(codes)):
            found[str(i)] = self.size(size, body)
        shapes = dict(zip("stuv", (value.shape, *(a.shape for a in value.arguments)), strict=False))
        shapes["d"] = tuple(d for d in value.data if isinstance(d, Dimension))

        def slot(name: str) -> Code:
            constant = self.constant(name)
            if name not in found and constant is not None:
                found[name] = Code(constant)
            elif name not in found:
                letter, place = name[0], name[1:]
                found[name] = (
                    self.size(shapes[letter][int(place)], body) if place else Code(body.temporary())
                )
            return found[name]

        *statements, last = template.split("\n")
        lines = [filled(line, slot) for line in statements]
        made = Code(filled(last, slot), strength_of(last))
        body.lines += lines
        if len(body.lines) > written and len(made.text) > LONGEST_PIECE:
            return body.named(made)  # so that nobody asks for it again in another form
        return made

    def mapped(self, value: Value, codes: Sequence[Code], body: Statements) -> Code:
        """A function of each entry."""
        (function,) = value.data
        template = MAPS[function] if isinstance(function, str) else self.template(function)
        if value.rank:
            template = self.entrywise(template, value)
        return self.filled(template, value, codes, body)

    def called(self, value: Value, codes: Sequence[Code], body: Statements) -> Code:
        """The operation's own template."""
        operation, *sizes = value.data
        return self.filled(self.template(operation), value, codes, body, sizes)

    def template(self, operation: Operation) -> str:
        """The template of an operation; DomainProblem if there is none for this target."""
        found = operation.notation.code.get(self.name)
        if found is not None:
            return found
        call = _CALL.fullmatch(operation.notation.numpy)
        if call is None or call[1] not in FUNCTIONS:
            raise unknown_here(operation, self.name)
        return f"{FUNCTIONS[call[1]]}({call[2]})"

    def bounds(self, value: Value, body: Statements) -> list[str]:
        """The indices of a slice, from one and with the last entry."""
        found = []
        for part in value.data:
            if part is None:
                found.append(":")
            else:
                first = self.size(part[0] + ONE, body).text
                last = [self.size(part[1], body).text] if len(part) > 1 else []
                found.append(":".join([first, *last]))
        return found


# -- writers for both ----------------------------------------------------------------------------


def _argument(target: Columnwise, value: Value, codes: Sequence[Code], body: Statements) -> Code:
    return Code(body.parameters[value.data[0]])


def _mapped(target: Columnwise, value: Value, codes: Sequence[Code], body: Statements) -> Code:
    return target.mapped(value, codes, body)


def _number(target: Columnwise, value: Value, codes: Sequence[Code], body: Statements) -> Code:
    return target.literal(value.data[0])


def _negative(target: Columnwise, value: Value, codes: Sequence[Code], body: Statements) -> Code:
    return Code(f"-{codes[0].at(POWER)}", SIGN)


def _transpose(target: Columnwise, value: Value, codes: Sequence[Code], body: Statements) -> Code:
    return target.turned(codes[0])


def _arithmetic(target: Columnwise, value: Value, codes: Sequence[Code], body: Statements) -> Code:
    sign, strength, left, right = SIGNS[value.kernel]
    left = _left_strength(value) if strength == PRODUCT else left
    point = "." if target.is_pointed(value) else ""
    return Code(f"{codes[0].at(left)} {point}{sign} {codes[1].at(right)}", strength)


def _matmul(target: Columnwise, value: Value, codes: Sequence[Code], body: Statements) -> Code:
    """A product; x'A of a vector is the vector A'x."""
    left, right = codes
    ranks = [argument.rank for argument in value.arguments]
    if ranks == [1, 1]:
        return target.inner(left, right)
    if ranks == [1, 2]:
        return Code(f"{target.turned(right).text} * {left.at(POWER)}", PRODUCT)
    return Code(f"{left.at(_left_strength(value))} * {right.at(POWER)}", PRODUCT)


def _left_strength(value: Value) -> int:
    """How tightly the left factor has to bind: products of matrices and of entries do not stand
    beside each other without brackets, for few readers know that they bind alike."""
    first = value.arguments[0].kernel
    by_entries = value.kernel in ("multiply", "divide")
    mixed = ("matmul", "solve", "solve_spd") if by_entries else ("multiply", "divide")
    return POWER if first in mixed and value.rank else PRODUCT


WRITERS: Mapping[str, Writer] = {
    **dict.fromkeys(SIGNS, _arithmetic),
    "argument": _argument,
    "map": _mapped,
    "number": _number,
    "negative": _negative,
    "transpose": _transpose,
    "matmul": _matmul,
}


def add_diagonal(codes: Sequence[Code], value: Value, *, vector: str, identity: str) -> Code:
    """A + diag(d), A + c I or A - c I, given how diag and I are written."""
    matrix, diagonal = codes
    sign = "+"
    if diagonal.strength == SIGN:
        sign, diagonal = "-", Code(diagonal.text.removeprefix("-"), POWER)
    if value.arguments[1].rank:
        added = vector.format(diagonal.text)
    else:
        added = identity if diagonal.text == "1" else f"{diagonal.at(PRODUCT)} * {identity}"
    return Code(f"{matrix.at(SUM)} {sign} {added}", SUM)


def _free(name: str, taken: Collection[str]) -> str:
    found, number = name, 1
    while found in taken:
        found, number = f"{name}_{number}", number + 1
    return found
