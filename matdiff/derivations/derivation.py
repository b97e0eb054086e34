"""The derivation of a derivative by differentials, as a list of steps."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from matdiff.calculus import gradient
from matdiff.calculus.differential import differential
from matdiff.derivations.conclusion import conclude
from matdiff.derivations.frobenius import by_frobenius
from matdiff.derivations.lines import Lines
from matdiff.derivations.names import Parts
from matdiff.derivations.simplifications import by_definition, by_new_function, functions
from matdiff.derivations.steps import MOST_MOVES, Partial, Step, joined
from matdiff.derivations.vectorised import by_vec
from matdiff.derivatives import Derivative, freed
from matdiff.errors import MatdiffError
from matdiff.normal import normalise, shortest
from matdiff.normal.display import display
from matdiff.operations.algebra import (
    SYMBOL,
    Expression,
    multiply,
    postorder,
    symbol,
    symbol_name,
    transpose,
)
from matdiff.operations.linear import vec
from matdiff.rendering import text
from matdiff.rendering.length import length

VALUES = ("Y", "F", "Z", "V", "W", "y", "f")  # what the function may be called
GRADIENTS = ("G", "N", "U", "g")  # and its gradient, on the way to a Hessian
LONGEST_LINE = 250  # tokens
MOST_LINES = 16  # of one left side
SHORTER = 3  # tokens that have to be saved for a function to be rewritten first


def derivation(derivative: Derivative, taken: Iterable[str] = ()) -> list[Step]:
    """The steps that lead to a derivative, by differentials.

    `taken` are names that parts must not be given, besides those that occur.  NameProblem if the
    expression has a variable dX of its own.
    """
    lines = _lines(derivative, {*taken})
    hidden = _constants(lines.steps) & lines.parts.given
    if hidden:
        lines = _lines(derivative, {*taken, *hidden})
    return _grouped(lines.steps)


def _lines(derivative: Derivative, taken: set[str]) -> Lines:
    X, f = freed(derivative.wrt, derivative.expression)
    used = {symbol_name(n) for n in postorder(derivative.expression) if n.operation is SYMBOL}
    used |= {*taken, "d" + symbol_name(X), *(name for name, _ in derivative.where)}
    value = _free(VALUES, used)
    lines = Lines(X, Parts({*used, value, "d" + value}, derivative.where))
    f = _function(lines, value, f)
    last: Expression | None = None
    if derivative.kind == "hessian":
        value = _to_hessian(lines, value, f, used)
    elif derivative.kind == "differential":
        _to_differential(lines, value, f, derivative)
        return lines
    elif f.is_scalar:
        last = by_frobenius(lines, value, f)
        if derivative.kind == "jacobian" and last is not None:
            _as_row(lines, value, last)
    else:
        by_vec(lines, value, f)
    conclude(lines, value, f, derivative)
    return lines


def _free(names: tuple[str, ...], used: set[str]) -> str:
    """The first name that is not used, nor with a d before it."""
    return next(name for name in names if not {name, "d" + name} & used)


def _grouped(steps: list[Step]) -> list[Step]:
    """The steps, several moves in a line where one left side would have very many."""
    found: list[Step] = []
    for _, run in groupby(steps, key=lambda step: step.left):
        lines = _readable(list(run))
        size = -(-len(lines) // MOST_LINES)  # moves in a line; the first line stands alone
        found.append(lines[0])
        for start in range(1, len(lines), size):
            moves = lines[start : start + size]
            where = [part for step in moves for part in step.where]
            reason = joined([step.why for step in moves], MOST_MOVES)
            found.append(Step(moves[-1].left, moves[-1].right, reason, where))
    return found


def _readable(lines: list[Step]) -> list[Step]:
    """Lines of one left side without those that nobody reads, each joined with the next."""
    found: list[Step] = []
    skipped: list[Step] = []
    for step in lines:
        if length(step.right) > LONGEST_LINE and step is not lines[-1]:
            skipped.append(step)
            continue
        moves = [*skipped, step]
        where = [part for move in moves for part in move.where]
        why = joined([move.why for move in moves], MOST_MOVES)
        found.append(Step(step.left, step.right, why, where))
        skipped = []
    return found


def _constants(steps: list[Step]) -> set[str]:
    """Names of constants that take sizes, such as the K of K(m,n)."""
    formulas = [part for step in steps for part in (step.right, *(p for _, p in step.where))]
    return {
        node.operation.notation.symbol
        for node in postorder(*formulas)
        if not node.arguments and node.operation is not SYMBOL
    }


def _function(lines: Lines, value: str, f: Expression) -> Expression:
    """Y = …, as it was read, and rewritten where that is shorter."""
    Y = symbol(value, *f.shape)
    lines.say(Y, f, "the function")
    short = shortest(f)
    is_shorter = length(short) + SHORTER <= length(f) and functions(short) != functions(f)
    if is_shorter or not _is_differentiable(f, lines.X):
        lines.say(Y, short, by_definition(f, short) or by_new_function(f) or "rewritten")
        return short
    normal = display(normalise(f))  # without what only brackets tell, if that is written alike
    return normal if length(normal) == length(f) and text(normal) == text(f) else f


def _is_differentiable(f: Expression, X: Expression) -> bool:
    try:
        differential(f, X, symbol("change", *X.shape))
    except MatdiffError:
        return False  # a function of a matrix may be once the whole is in normal form
    return True


def _as_row(lines: Lines, value: str, G: Expression) -> None:
    """dY = G : dX as a row against a column."""
    row = transpose(vec(G))
    reason = "A:B = vec(A)'vec(B)" if len(vec(G).arguments) else "a:b = a'b"
    lines.go_on(symbol("d" + value, *row.shape[:1], row.rows), multiply(row, vec(lines.dX)), reason)


def _to_hessian(lines: Lines, value: str, f: Expression, used: set[str]) -> str:
    """The gradient, which gets a name, and the lines of its differential."""
    by_frobenius(lines, value, f)
    G = shortest(gradient(f, lines.X))
    name = _free(GRADIENTS, used)
    lines.parts.names.taken |= {name, "d" + name}
    called = lines.read_off(("read off; call it ", symbol(name, *G.shape)), G)
    lines.say(Partial(value, symbol_name(lines.X)), G, called)
    if G.is_scalar:
        by_frobenius(lines, name, G)
    else:
        by_vec(lines, name, G)
    return value


def _to_differential(lines: Lines, value: str, f: Expression, derivative: Derivative) -> None:
    found = lines.differentiate(value, f)
    if found is None:
        return
    left, _ = found
    if lines.parts.written_out(lines.steps[-1].right) is not derivative.formula:
        where = [part for part in derivative.where if part[0] not in lines.parts.given]
        lines.steps.append(Step(left, derivative.printed, "simplified", where))
