"""The statements of an emitted function: every value once, what it needs before it.

A value that is needed twice gets a name, and so does one whose source grows long, which also
bounds how deeply Python has to parse.
"""

from __future__ import annotations

from collections.abc import Mapping

from matdiff.dimensions import Dimension
from matdiff.operations.algebra import SYMBOL, TRANSPOSE, Expression, postorder, symbol_name
from matdiff.operations.linear import DIAG
from matdiff.operations.record import Operation
from matdiff.rendering.numpy_plans import Plan
from matdiff.rendering.numpy_rules import plan
from matdiff.rendering.numpy_values import ATOM, PRODUCT, SUM, Code

LONGEST_PIECE = 36  # characters of one value; a line joins two of them
_VIEWS = (TRANSPOSE, DIAG)  # computed where they are used: what is inside is what counts


class Statements:
    """The body of a function under construction.

    parameters  variable name -> parameter
    functions   unknown function -> parameter
    dimensions  dimension name -> local name
    taken       names that temporaries must not have
    """

    __slots__ = ("_count", "_dimensions", "_functions", "_parameters", "_taken", "lines")

    def __init__(
        self,
        parameters: Mapping[str, str],
        functions: Mapping[Operation, str],
        dimensions: Mapping[str, str],
        taken: set[str],
    ) -> None:
        self._parameters, self._dimensions, self._taken = parameters, dimensions, taken
        self._functions = functions
        self._count = 0
        self.lines: list[str] = []

    def compute(self, root: Expression) -> Code:
        """Write all statements; the source of the root's value."""
        shared = _shared(root)
        plans: dict[Expression, Plan] = {}
        needed: dict[Expression, int] = {root: 1}
        order: list[Expression] = []
        stack: list[tuple[Expression, bool]] = [(root, False)]
        while stack:
            node, ready = stack.pop()
            if ready:
                order.append(node)
            elif node not in plans:
                plans[node] = plan(node, shared)
                stack.append((node, True))
                for need in plans[node].needs:
                    needed[need] = needed.get(need, 0) + 1
                    stack.append((need, False))
        codes: dict[Expression, Code] = {}
        for node in order:
            if node.operation is SYMBOL:
                codes[node] = Code(self._parameters[symbol_name(node)])
                continue
            made = plans[node].build(self, [codes[need] for need in plans[node].needs])
            if needed[node] > 1:
                made = self.named(made)
            codes[node] = made if node is root else self.shorten(made)
        return codes[root]

    def size(self, size: Dimension) -> Code:
        """The source of a dimension."""
        return size_code(size, self._dimensions)

    def function(self, operation: Operation) -> str:
        """The parameter that an unknown function is."""
        return self._functions[operation]

    def named(self, code: Code) -> Code:
        """A name for the value, by an assignment unless it is a name or number already."""
        if code.text.removesuffix(".T").isidentifier() or code.text.isdecimal():
            return code
        while True:
            self._count += 1
            name = f"t{self._count}"
            if name not in self._taken:
                break
        self.lines.append(f"{name} = {code.text}")
        return Code(name)

    def shorten(self, code: Code) -> Code:
        """The code itself, or a name for it if it is long."""
        return self.named(code) if len(code.text) > LONGEST_PIECE else code


def _shared(root: Expression) -> set[Expression]:
    """The operations whose value is used more than once, through views of it as well."""
    uses: dict[Expression, int] = {root: 1}
    shared: set[Expression] = set()
    for node in reversed(postorder(root)):
        if uses[node] > 1 and node.arguments and node.operation not in _VIEWS:
            shared.add(node)
        for argument in node.arguments:
            passed = min(uses[node], 2) if node.operation in _VIEWS else 1
            uses[argument] = uses.get(argument, 0) + passed
    return shared


def size_code(size: Dimension, names: Mapping[str, str]) -> Code:
    """A dimension in Python: n, m * n, n + 1, n * (n + 1) // 2."""
    text = size.spelled(lambda name: names[name], times=" * ", over=" // ", between=" ")
    if text.isidentifier() or text.isdecimal():
        return Code(text, ATOM)
    is_product = len(size.terms) == 1 or size.denominator > 1
    return Code(text, PRODUCT if is_product else SUM)
