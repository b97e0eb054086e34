"""Calls of functions, and fences |A| ‖x‖.

The records say what shapes a function takes, in index notation: "ii->" is the trace.  A name that
stands for several records, as diag does, gives a candidate for each that fits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product as combinations

from matdiff.dimensions import ONE, shape_text
from matdiff.errors import NameProblem, ShapeProblem
from matdiff.operations import functions
from matdiff.operations.algebra import (
    CONSTRUCTORS,
    Expression,
    apply,
    multiply,
    ones,
    scale,
    transpose,
)
from matdiff.operations.elementwise import ABS, ELEMENTWISE, exp, reciprocal
from matdiff.operations.linear import size, total, unvec
from matdiff.operations.nonlinear import LOGSUMEXP_ROWS, SOFTMAX_ROWS, det, inverse
from matdiff.operations.norms import largest
from matdiff.operations.record import Operation, Signature, size_of_axis
from matdiff.operations.triangles import tril
from matdiff.shapes.candidates import Candidate, Plan, best_of
from matdiff.shapes.environment import Environment
from matdiff.shapes.messages import inside, not_square, unknown_function_misfit, wrong_count
from matdiff.shapes.names import SIZED_CALLS, read_sized
from matdiff.shapes.scope import Scope
from matdiff.shapes.sizes import dimension_of, product
from matdiff.shapes.unify import Bindings
from matdiff.shapes.writing import postorder
from matdiff.syntax.tree import Call, Name, Tree

Rule = tuple[Signature, Callable[..., Expression]]

# Functions that are short for a construction of others.
_CONSTRUCTED: dict[str, Rule] = {
    "mean": (
        Signature("ij->"),
        lambda A: scale(reciprocal(size(product(A.rows, A.columns))), total(A)),
    ),
    "rowsum": (Signature("ij->i"), lambda A: multiply(A, ones(A.columns))),
    "triu": (Signature("ij->ij"), lambda A: transpose(tril(transpose(A)))),
    "adj": (Signature("ii->ii"), lambda A: scale(det(A), inverse(A))),
    "softmax_columns": (
        Signature("ij->ij"),
        lambda A: transpose(apply(SOFTMAX_ROWS, transpose(A))),
    ),
    "logsumexp_columns": (
        Signature("ij->1j"),
        lambda A: transpose(apply(LOGSUMEXP_ROWS, transpose(A))),
    ),
    "min": (Signature("ij->"), lambda A: -largest(-A)),
    "norm_inf": (Signature("ij->"), lambda A: largest(apply(ABS, A))),
    "e_to": (Signature("ij->ij"), lambda A: _power_of_e(A)),
    "colsum": (Signature("ij->1j"), lambda A: multiply(transpose(ones(A.rows)), A)),
}


def _power_of_e(A: Expression) -> Expression:
    """e^A as papers write it: exp of a scalar or of each entry of a vector; of a square matrix it
    may mean two things, and is refused."""
    if A.rows is A.columns and not A.is_scalar:
        raise ShapeProblem(
            f"e to the power of a square matrix, {shape_text(A.shape)}, may be meant entry by "
            f"entry or as the matrix exponential",
            hint="write exp(A) for the exponential of each entry, expm(A) for that of the matrix",
            code="MX207",
        )
    return exp(A)


_SIGMOID = "σ"
_OF_TWO = {"max": "b + relu(a - b)", "min": "b - relu(b - a)"}  # the same entry by entry
_READ_OF_TWO = {"max": "read only as max(0, x), which is relu(x)", "min": "not read"}
_FUNCTIONS = functions()


def function_names(environment: Environment | None = None) -> frozenset[str]:
    """The names that are called with brackets, for the parser; in an environment its own too.

    Of an unknown function and its derivatives, φ and φ' or g and jac[g].
    """
    declared = environment.functions.values() if environment is not None else ()
    own = (name for function in declared for name in function.names())
    return frozenset((*_FUNCTIONS, *_CONSTRUCTED, _SIGMOID, *own))


def read_call(scope: Scope, tree: Call, lists: list[list[Candidate]]) -> list[Candidate]:
    """All readings of a call."""
    name = tree.function
    if name in SIZED_CALLS:
        return read_sized(scope, tree)
    if name == "unvec":
        return _unvec(tree, lists[0])
    rules = _rules(scope, tree)
    wanted = {len(signature.inputs) for signature, _ in rules}
    if len(lists) not in wanted:
        if name in _OF_TWO and len(lists) == 2:
            raise ShapeProblem(
                f"{name} of two arguments is {_READ_OF_TWO[name]}",
                hint=f"{name} of the entries of a and b is {_OF_TWO[name]}",
                span=tree.span,
                code="MX207",
            )
        raise wrong_count(tree, min(wanted), max(wanted))
    note_meaning(scope, name)
    found = []
    for number, rule in enumerate(rules):
        for arguments in combinations(*lists):
            if number and arguments[0].is_scalar:
                continue  # of a scalar, diag is diag, whichever of the two
            candidate = applied(scope, rule, number, arguments)
            if candidate is not None:
                found.append(candidate)
    if found:
        return best_of(found)
    raise _problem(scope, tree, rules, [candidates[0] for candidates in lists])


def _unvec(tree: Call, columns: list[Candidate]) -> list[Candidate]:
    """unvec(x, m, n): the m×n matrix whose vec is the column x."""
    if len(tree.arguments) != 3:
        raise wrong_count(tree, 3, 3)
    m, n = (dimension_of(argument) for argument in tree.arguments[1:])
    found = []
    for x in columns:
        bindings = x.bindings.unify(x.rows, product(m, n))
        bindings = bindings and bindings.unify(x.columns, ONE)
        if bindings is not None:
            plan = Plan(lambda parts, _: unvec(parts[0], m, n), (x.plan,))
            found.append(Candidate(m, n, plan, bindings, x.bend))
    if not found:
        raise ShapeProblem(
            f"unvec needs a column of {product(m, n)} entries for a matrix {m}×{n}",
            span=tree.span,
            code="MX207",
        )
    return found


def note_meaning(scope: Scope, name: str) -> None:
    """Tell once that σ is taken for a function, or that a function of one's own hides a known."""
    if name in scope.environment.functions and name in _FUNCTIONS:
        note = f"{name} is the function declared, not the known one of that name"
    elif name == _SIGMOID and name not in scope.environment.functions:
        note = "σ(…) is read as the sigmoid; declare σ to give it another meaning"
    else:
        return
    if note not in scope.notes:
        scope.notes.append(note)


def hidden_functions(tree: Tree, environment: Environment) -> list[str]:
    """What to say of names that are declared or defined and hide a function: mean in x'mean."""
    hidden = dict.fromkeys(
        node.text
        for node in postorder(tree)
        if isinstance(node, Name) and (node.text in _FUNCTIONS or node.text in _CONSTRUCTED)
    )
    own = [(name, "variable declared") for name in hidden if name in environment.variables]
    own += [(name, "definition made") for name in hidden if name in environment.definitions]
    return [f"{name} is the {kind}, not the function of that name" for name, kind in own]


def elementwise_function(scope: Scope, name: str) -> Callable[..., Expression] | None:
    """The constructor of a function of every entry, None for any other name."""
    unknown = scope.environment.function_called(name)
    if unknown is not None:
        return rule_of(unknown)[1] if unknown.elementwise else None
    records = (ELEMENTWISE["sigmoid"],) if name == _SIGMOID else _FUNCTIONS.get(name, ())
    if len(records) != 1 or not records[0].elementwise:
        return None
    signature, constructor = rule_of(records[0])
    return constructor if len(signature.inputs) == 1 else None


def _rules(scope: Scope, tree: Call) -> list[Rule]:
    name = tree.function
    unknown = scope.environment.function_called(name)
    if unknown is not None:
        return [rule_of(unknown)]
    if name in _CONSTRUCTED:
        return [_CONSTRUCTED[name]]
    if name == _SIGMOID:
        return [rule_of(ELEMENTWISE["sigmoid"])]
    if name not in _FUNCTIONS:
        raise NameProblem(f"{name} is not a known function", span=tree.function_span, code="MX151")
    return [rule_of(record) for record in _FUNCTIONS[name]]


def reduces(scope: Scope, tree: Call) -> bool:
    """Whether the function takes an array apart, as sum, tr and diag do, so that nobody asks it of
    a scalar."""
    if tree.function in SIZED_CALLS or tree.function not in {*_FUNCTIONS, *_CONSTRUCTED}:
        return False
    signatures = [signature for signature, _ in _rules(scope, tree)]
    return all(s.inputs and len(s.inputs[0]) == 2 and s.output != s.inputs[0] for s in signatures)


def is_of_squares(scope: Scope, tree: Call) -> bool:
    """Whether the function takes a square matrix and nothing else, as tr and logdet do."""
    first = [signature.inputs[0] for signature, _ in _rules(scope, tree)]
    return all(rows and rows == columns for rows, columns in first)


def is_of_arrays(scope: Scope, tree: Call) -> bool:
    """Whether a known function takes an array as a whole, so that it is not asked of a scalar."""
    name = tree.function
    if name in SIZED_CALLS or scope.environment.function_called(name) is not None:
        return False
    if name in _CONSTRUCTED:
        return name != "e_to"
    return name in _FUNCTIONS and not any(record.elementwise for record in _FUNCTIONS[name])


def rule_of(record: Operation) -> Rule:
    assert record.signature is not None
    constructor = CONSTRUCTORS.get(record)
    return record.signature, constructor or (lambda *arguments: apply(record, *arguments))


def applied(
    scope: Scope, rule: Rule, number: int, arguments: tuple[Candidate, ...]
) -> Candidate | None:
    """A function of arguments with these candidates; `number` tells it from others of its name."""
    signature, function = rule
    bindings = arguments[0].bindings
    for argument in arguments[1:]:
        merged = bindings.merge(argument.bindings)
        if merged is None:
            return None
        bindings = merged
    sizes = dict(signature.sizes)
    for argument, axes in zip(arguments, signature.inputs, strict=True):
        for axis, side in zip(axes, (argument.rows, argument.columns), strict=True):
            expected = sizes.setdefault(axis[0], side) if axis else ONE
            unified = bindings.unify(expected, side)
            if unified is None:
                return None
            bindings = unified
    rows, columns = (size_of_axis(axis, sizes, product) for axis in signature.output)
    meaning = 0
    if number or any(argument.meaning for argument in arguments):
        meaning = scope.meaning((number, *(argument.meaning for argument in arguments)))

    def build(parts: Sequence[Expression], _: Bindings) -> Expression:
        return function(*parts)

    return Candidate(
        bindings.resolve(rows),
        bindings.resolve(columns),
        Plan(build, tuple(argument.plan for argument in arguments)),
        bindings,
        sum(argument.bend for argument in arguments),
        meaning,
    )


def _problem(
    scope: Scope, tree: Call, rules: list[Rule], arguments: list[Candidate]
) -> ShapeProblem:
    unknown = scope.environment.function_called(tree.function)
    if unknown is not None:
        return unknown_function_misfit(scope, tree, unknown, arguments[0])
    inputs = [signature.inputs[0] for signature, _ in rules]
    argument, text = arguments[0], inside(tree.arguments[0])
    if inputs == [(("i",), ("i",))]:
        return not_square(scope, tree.function, tree.arguments[0], argument, _square_hint(argument))
    kinds = " or ".join("a column" if axes[1] == () else "a square matrix" for axes in inputs)
    return ShapeProblem(
        f"{tree.function} takes {kinds}, {text} is {scope.describe(argument)}",
        hint=f"{tree.function}({text}, rows) is that of every row"
        if f"{tree.function}_rows" in _FUNCTIONS
        else None,
        span=tree.span,
        code="MX207",
    )


def _square_hint(argument: Candidate) -> str | None:
    return "the sum of its entries is sum(…)" if argument.columns is ONE else None
