"""Reading: from surface trees to one expression each, with all that was inferred on the way."""

from __future__ import annotations

from collections.abc import Sequence

from matdiff.dimensions import ONE, Shape
from matdiff.errors import MatdiffError, ShapeProblem
from matdiff.operations import algebra
from matdiff.operations.algebra import Expression
from matdiff.shapes.ambiguity import forks
from matdiff.shapes.attempts import Attempt
from matdiff.shapes.by_entries import taken_by_entries
from matdiff.shapes.candidates import carry_out
from matdiff.shapes.conventions import shape_of
from matdiff.shapes.environment import Environment, Variable
from matdiff.shapes.functions import hidden_functions
from matdiff.shapes.index_scopes import refuse_unbound
from matdiff.shapes.names import SIZED_CALLS
from matdiff.shapes.naming import name_unknowns
from matdiff.shapes.runs import names_in_force, refuse_runs
from matdiff.shapes.scope import Scope
from matdiff.shapes.search import Search
from matdiff.shapes.splitting import likely_calls, split_runs
from matdiff.shapes.subscripts import Entry, entries, refuse_entries
from matdiff.shapes.unify import Bindings, unknowns
from matdiff.shapes.writing import postorder
from matdiff.syntax.tree import Call, Name, Remarked, Tree


class Reading:
    """What a text was read as.

    `expression`   the expression
    `inferred`     shapes of the names that nobody declared, in order of appearance
    `variables`    the variables that occur: declared ones in order of declaration, then inferred
    `warnings`     sentences about how the text was read
    `environment`  the names in force, with the inferred ones: a further text that is to share them
                   is read in it
    """

    __slots__ = ("_root", "_variables", "environment", "expression", "warnings")

    def __init__(
        self,
        expression: Expression,
        root: Tree,
        warnings: list[str],
        environment: Environment,
    ) -> None:
        self.expression, self._root = expression, root
        self.warnings, self.environment = warnings, environment
        self._variables: dict[str, Variable] | None = None

    @property
    def variables(self) -> dict[str, Variable]:
        # looked for only when asked: a definition may stand on ten thousand others
        if self._variables is None:
            self._variables = _occurring(self._root, self.environment)
        return self._variables

    @property
    def inferred(self) -> dict[str, Shape]:
        return {
            name: variable.shape
            for name, variable in self.variables.items()
            if not variable.declared
        }


def read(
    tree: Tree,
    environment: Environment,
    *,
    expected: Shape | None = None,
    strict: bool = False,
    wrt: str | None = None,
) -> Reading:
    """The reading of a tree; `expected` is the shape it has to have, `wrt` the variable by which it
    is to be differentiated.

    Raises ShapeProblem if no reading has consistent shapes, if `strict` and there are several, or
    if a run of letters that nobody declared may be a product with that variable; LimitReached for
    powers and sizes beyond the limits.
    """
    return read_together([tree], environment, expected=[expected], strict=strict, wrt=wrt)[0]


def read_together(
    trees: Sequence[Tree],
    environment: Environment,
    *,
    expected: Sequence[Shape | None] | None = None,
    same_shape: bool = False,
    strict: bool = False,
    wrt: str | None = None,
) -> list[Reading]:
    """The readings of several trees that share their undeclared names.

    With `same_shape` all are to have the shape of the first, as the two sides of a claim have.
    """
    scope = Scope(environment)
    roots = []
    typed = [tree.inner if isinstance(tree, Remarked) else tree for tree in trees]
    known = names_in_force(typed, environment, wrt)
    for remarked, tree in zip(trees, typed, strict=True):
        if isinstance(remarked, Remarked):
            scope.notes += remarked.notes
            scope.forks += remarked.doubts
        root, notes = split_runs(tree, environment, known, wrt)
        if wrt is not None:
            refuse_runs(root, environment, wrt, known)
        refuse_unbound(root, environment.dimensions, environment.names)
        roots.append(root)
        scope.notes += notes
        scope.notes += hidden_functions(root, environment)
        scope.notes += taken_by_entries(root, environment)
        scope.notes += likely_calls(root, {*environment.names, *environment.dimensions})
    likely_entries = entries(roots, environment, wrt)
    search = Search(scope, roots, expected or [None] * len(trees), same_shape)
    attempts = _attempts(search, likely_entries)
    attempt = attempts[0]
    scope.kinds = attempt.kinds
    bindings, inferred = _settled(scope, attempt, search.names, roots)
    if likely_entries:
        shapes = {variable.name: variable.shape for variable in inferred}
        refuse_entries(likely_entries, environment, shapes)
    expressions = []
    for root, candidate in zip(roots, attempt.candidates, strict=True):
        try:
            expressions.append(carry_out(candidate.plan, bindings))
        except MatdiffError as problem:
            raise problem.located(root.span) from None
    doubtful = scope.forks + forks(roots, attempts)
    if strict and doubtful:
        raise ShapeProblem(doubtful[0], span=roots[0].span, code="MX216")
    warnings = list(dict.fromkeys(scope.notes + doubtful))
    extended = environment
    if inferred:
        extended = environment.copy()
        for variable in inferred:
            extended.add(variable)
    return [
        Reading(expression, root, warnings, extended)
        for root, expression in zip(roots, expressions, strict=True)
    ]


def _attempts(search: Search, likely_entries: list[Entry]) -> list[Attempt]:
    """The readings found; where shapes that were only inferred do not agree, an entry that is
    bound by no sum is the news."""
    try:
        return search.attempts()
    except ShapeProblem:
        for entry in likely_entries:
            if entry.node.text in search.blamed:
                raise entry.problem() from None
        raise


def _settled(
    scope: Scope, attempt: Attempt, names: list[str], roots: Sequence[Tree]
) -> tuple[Bindings, list[Variable]]:
    """All sizes: what was waiting is solved, constants are checked, unknowns get names."""
    bindings = attempt.bindings.settled()
    if bindings is None:
        listed = ", ".join(names) or "some constants"
        raise ShapeProblem(
            f"the sizes of {listed} are not fixed by the text",
            hint=f"declare {names[0]}, as in {names[0]} : m×n" if names else None,
            span=roots[0].span,
            code="MX215",
        )
    shapes = [shape_of(name, attempt.kinds[name]) for name in names]
    resolved = [(bindings.resolve(rows), bindings.resolve(columns)) for rows, columns in shapes]
    if scope.constants:
        tied = {name for shape in resolved for side in shape for name in unknowns(side)}
        bindings = _constants_sized(scope, bindings, tied)
    if names:
        bindings = name_unknowns(bindings, resolved, _names_in(scope, roots) | {*names})
    variables = []
    for name, (rows, columns) in zip(names, shapes, strict=True):
        shape = bindings.resolve(rows), bindings.resolve(columns)
        is_vector = shape[1] is ONE and shape[0] is not ONE
        variables.append(Variable(name, shape, is_vector=is_vector, declared=False))
    return bindings, variables


def _constants_sized(scope: Scope, bindings: Bindings, tied: set[str]) -> Bindings:
    """ones as a column where nothing else fixes its width; ShapeProblem (MX210) without a size."""
    for tree, (rows, columns) in scope.constants.values():
        for name in unknowns(bindings.resolve(rows)):
            if name not in tied:
                raise ShapeProblem(
                    f"the size of {tree.text} is not fixed by anything: write {tree.text}(n)",
                    span=tree.span,
                    code="MX210",
                )
        for name in unknowns(bindings.resolve(columns)):
            if name not in tied:
                bindings = Bindings({**bindings.values, name: ONE}, (), bindings.doubt)
    return bindings


def _names_in(scope: Scope, roots: Sequence[Tree]) -> set[str]:
    """Names that an inferred dimension must not have: it would look like something else."""
    environment = scope.environment
    taken = {*environment.dimensions, *environment.names, *environment.functions}
    for root in roots:
        for node in postorder(root):
            if isinstance(node, Call) and node.function in SIZED_CALLS:
                for argument in node.arguments:
                    taken |= {n.text for n in postorder(argument) if isinstance(n, Name)}
    return taken


def _occurring(root: Tree, environment: Environment) -> dict[str, Variable]:
    """The variables in a tree and in the definitions it uses."""
    names: dict[str, None] = {}
    for node in postorder(root):
        if isinstance(node, Name):
            names[node.text] = None
            defined = environment.definitions.get(node.text)
            if defined is not None and node.text not in environment.variables:
                for part in algebra.postorder(defined):
                    if part.operation is algebra.SYMBOL:
                        names[algebra.symbol_name(part)] = None
    found = [variable for name, variable in environment.variables.items() if name in names]
    declared = [variable for variable in found if variable.declared]
    inferred = [environment.variables[name] for name in names if name in environment.variables]
    inferred = [variable for variable in inferred if not variable.declared]
    return {variable.name: variable for variable in declared + inferred}
