"""The statements of a program: every value once, what it needs before it.

A value that is needed twice gets a name, and so does one whose source grows long, which also
bounds how deeply the target's parser has to go.  An array of the program's own that nothing else
needs may be written into.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Protocol

from matdiff.dimensions import Dimension
from matdiff.emission.code import ATOM, PRODUCT, SUM, Code
from matdiff.emission.values import LEAVES, VIEWS, Value, order_of
from matdiff.operations.record import Operation

LONGEST_PIECE = 60  # characters of one value that is written where it is used
LONGEST_LINE = 88  # of a value, before its arguments get names
ALIASES = VIEWS | {"flat", "rows_of", "diagonal", "template"}  # may share memory with an argument
SHARING = ALIASES | LEAVES
ARITHMETIC = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/"}
COMMUTATIVE = ("add", "multiply")


class Spelling(Protocol):
    """How a target writes values."""

    assign: str
    by_factor: Collection[str]  # kernels that take the Cholesky factor of their first argument
    in_place: bool

    def code(self, value: Value, codes: Sequence[Code], statements: Statements) -> Code: ...


class Statements:
    """The body of a function under construction.

    parameters  variable name -> parameter
    functions   unknown function -> parameter
    dimensions  dimension name -> local name
    taken       names that temporaries must not have
    helpers     functions to be copied into the module, in the order they are needed
    """

    __slots__ = (
        "_count", "_fresh", "_mentions", "_spelling", "_taken", "dimensions", "functions",
        "helpers", "in_place", "lines", "parameters",
    )  # fmt: skip

    def __init__(
        self,
        spelling: Spelling,
        parameters: Mapping[str, str],
        functions: Mapping[Operation, str],
        dimensions: Mapping[str, str],
        taken: Collection[str],
        *,
        in_place: bool = True,
    ) -> None:
        self._spelling, self._taken, self._count = spelling, set(taken), 0
        self.parameters, self.functions, self.dimensions = parameters, functions, dimensions
        self.in_place = in_place and spelling.in_place
        self.helpers: dict[Callable[..., Any], None] = {}
        self.lines: list[str] = []
        self._fresh: set[str] = set()  # arrays that only this program knows
        self._mentions: dict[str, int] = {}  # how often a name will still be read

    def compute(self, roots: Sequence[Value]) -> list[Code]:
        """Write all statements; the sources of the roots' values."""
        uses: dict[Value, int] = {}
        for value in order_of(roots):
            for argument in value.arguments:
                uses[argument] = uses.get(argument, 0) + 1
        for root in roots:
            uses[root] = uses.get(root, 0) + 1

        def overwrites(value: Value) -> bool:
            """Whether it could be written into an array that others read too: after them."""
            shared = (a for a in value.arguments if uses[a] > 1 and a.shape == value.shape)
            return self.in_place and value.kernel in ARITHMETIC and any(shared)

        codes: dict[Value, Code] = {}
        for value in order_of(roots, overwrites):
            given = [codes[argument] for argument in value.arguments]
            code = self._written(value, given, uses[value], is_root=value in roots)
            for read in given:
                self._read(read, -1)
            self._read(code, uses[value])
            codes[value] = code
        return [codes[root] for root in roots]

    def _read(self, code: Code, times: int) -> None:
        for name in code.names:
            self._mentions[name] = self._mentions.get(name, 0) + times

    def _written(self, value: Value, given: Sequence[Code], uses: int, *, is_root: bool) -> Code:
        given = [*given]
        target = self._reusable(value, given)
        if target is not None:
            return self._into(target, value, given)
        made = self._spelling.code(value, given, self)
        if len(made.text) > LONGEST_LINE:
            given = [self._shorter(code) for code in given]
            made = self._spelling.code(value, given, self)
        names = frozenset().union(*(code.names for code in given), made.names)
        made = Code(made.text, made.strength, names)
        if value.kernel in LEAVES or (uses == 1 and (is_root or len(made.text) <= LONGEST_PIECE)):
            return made
        of_a_name = given[0].text.removesuffix(".T").isidentifier() if given else False
        if value.kernel in VIEWS and of_a_name and len(made.text) <= LONGEST_PIECE // 3:
            return made  # a view of a name costs nothing to write again
        return self.named(made, fresh=value.kernel not in ALIASES)

    def _shorter(self, code: Code) -> Code:
        return self.named(code) if len(code.text) > LONGEST_PIECE // 3 else code

    def _reusable(self, value: Value, given: list[Code]) -> str | None:
        """The array that the value can be written into: one of the program's own, of its shape,
        which nothing reads after this."""
        if not self.in_place or not value.rank:
            return None
        if value.kernel == "add_diagonal":
            places: tuple[int, ...] = (0,)
        elif value.kernel in ARITHMETIC:
            places = (0, 1) if value.kernel in COMMUTATIVE else (0,)
        else:
            return None
        for place in places:
            name, argument = given[place].text, value.arguments[place]
            if argument.shape != value.shape or argument.kernel == "row":  # which has one axis
                continue
            if name in self._fresh:
                others = [code for i, code in enumerate(given) if i != place]
                if self._mentions[name] == 1 and not any(name in code.names for code in others):
                    return name
            elif value.rank > 1 and argument.kernel not in SHARING and not name.isidentifier():
                given[place] = self.named(given[place], fresh=True)
                return given[place].text
        return None

    def _into(self, name: str, value: Value, given: Sequence[Code]) -> Code:
        """The statement that writes the value into one of its arguments."""
        if value.kernel == "add_diagonal":
            n = self.size(value.shape[0]).at(ATOM)
            self.lines.append(f"{name}.flat[::{n} + 1] += {given[1].text}")
        else:
            (other,) = [code for code in given if code.text != name]
            self.lines.append(f"{name} {ARITHMETIC[value.kernel]}= {other.text}")
        return Code(name, ATOM, frozenset({name}))

    def named(self, code: Code, *, fresh: bool = False) -> Code:
        """A name for the value, by an assignment unless it is a name or number already."""
        if code.text.isidentifier() or code.text.isdecimal():
            return code
        name = self.temporary()
        self.lines.append(self._spelling.assign.format(name, code.text))
        if fresh:
            self._fresh.add(name)
        return Code(name, ATOM, frozenset({name}) if fresh else code.names | {name})

    def temporary(self) -> str:
        while True:
            self._count += 1
            name = f"t{self._count}"
            if name not in self._taken:
                return name

    def own(self, code: Code, *, fresh: bool) -> Code:
        """An array of the program's own with this value, to be written into."""
        copied = code if fresh else Code(f"{code.at(ATOM)}.copy()")
        name = self.temporary()
        self.lines.append(self._spelling.assign.format(name, copied.text))
        self._fresh.add(name)
        return Code(name, ATOM, frozenset({name}))

    def size(self, size: Dimension) -> Code:
        """The source of a dimension."""
        return size_code(size, self.dimensions)

    def sides(self, shape: Sequence[Dimension]) -> str:
        return ", ".join(self.size(side).text for side in shape)


def size_code(size: Dimension, names: Mapping[str, str], *, over: str = " // ") -> Code:
    """A dimension in source: n, m * n, n + 1, n * (n + 1) // 2."""
    text = size.spelled(lambda name: names[name], times=" * ", over=over, between=" ")
    if text.isidentifier() or text.isdecimal():
        return Code(text, ATOM)
    is_product = len(size.terms) == 1 or size.denominator > 1
    return Code(text, PRODUCT if is_product else SUM)
