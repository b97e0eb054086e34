"""Division by a scalar.  `/` takes one operand on each side: 1/2 norm(x)^2 is half the square.

Where a name stands below the line and scalars follow without a sign, as in a/b c, the text may well
mean a/(b c); it is read as (a/b) c, and the person is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from matdiff.dimensions import ONE
from matdiff.errors import DomainProblem, ShapeProblem
from matdiff.operations.algebra import MINUS_ONE, Expression, number, number_value, scale
from matdiff.operations.elementwise import power
from matdiff.shapes.candidates import Build, Candidate, Plan, best_of
from matdiff.shapes.joining import Operand
from matdiff.shapes.messages import division
from matdiff.shapes.scope import Scope, span_between
from matdiff.shapes.unify import Bindings
from matdiff.shapes.writing import text_of
from matdiff.syntax.tree import Chain, Name, Number


def settle_quotients(
    scope: Scope, chain: Chain, operands: list[Operand]
) -> tuple[list[Operand], list[str], list[int]]:
    """The operands with every a/b joined to one, the operators left, and where operands end."""
    settled, ends = [operands[0]], [0]
    signs: list[str] = []
    for i, (sign, (tree, candidates)) in enumerate(
        zip(chain.operators, operands[1:], strict=True), start=1
    ):
        if sign != "/":
            settled.append((tree, candidates))
            signs.append(sign)
            ends.append(i)
            continue
        above, numerators = settled[-1]
        if isinstance(tree, Number) and not tree.value:
            raise DomainProblem(
                f"division by zero: {text_of(above)}/{text_of(tree)}",
                span=span_between(above, tree),
                code="MX252",
            )
        build = _telling(scope, chain, i) if _forks(scope, chain, operands, i) else _divide
        found = [
            quotient
            for one in numerators
            for other in candidates
            if (quotient := _quotient(one, other, build)) is not None
        ]
        if not found:
            raise _problem(scope, chain, i, settled[-1], (tree, candidates))
        joint = Chain(
            [above, tree], ["/"], [chain.operator_spans[i - 1]], span_between(above, tree)
        )
        settled[-1], ends[-1] = (joint, best_of(found)), i
    return settled, signs, ends


def _quotient(above: Candidate, below: Candidate, build: Build) -> Candidate | None:
    bindings = above.bindings.merge(below.bindings)
    for side in (below.rows, below.columns):
        if bindings is not None:
            bindings = bindings.unify(side, ONE)
    if bindings is None:
        return None
    plan = Plan(build, (above.plan, below.plan))
    meaning = (above.meaning, below.meaning) if above.meaning or below.meaning else 0
    rows, columns = above.under(bindings)
    return Candidate(rows, columns, plan, bindings, above.bend + below.bend, meaning)


def _divide(parts: Sequence[Expression], _: Bindings) -> Expression:
    """A/c, a quotient of two numbers as one number."""
    above, below = parts
    one, other = number_value(above), number_value(below)
    if other is None or not other:
        return scale(power(below, MINUS_ONE), above)
    if one is not None:
        return number(Fraction(one) / other)
    return scale(number(1 / Fraction(other)), above)


def _forks(scope: Scope, chain: Chain, operands: list[Operand], i: int) -> bool:
    """Whether a/b c, with b at i, might be meant as a/(b c)."""
    below = chain.operands[i]
    if not isinstance(below, Name) or i >= len(chain.operators) or chain.operators[i] != "":
        return False
    is_size = below.text in scope.environment.dimensions - scope.environment.names.keys()
    _, candidates = operands[i + 1]
    return not is_size and candidates[0].is_scalar


def _telling(scope: Scope, chain: Chain, i: int) -> Build:
    """The build of a quotient that also says how it was read."""
    above, below, after = (text_of(chain.operands[k]) for k in (i - 1, i, i + 1))

    def build(parts: Sequence[Expression], bindings: Bindings) -> Expression:
        scope.forks.append(
            f"{above}/{below} {after} is read as ({above}/{below}) {after}: `/` takes one operand; "
            f"for the other reading write {above}/({below} {after})"
        )
        return _divide(parts, bindings)

    return build


def _problem(scope: Scope, chain: Chain, i: int, above: Operand, below: Operand) -> ShapeProblem:
    problem = division(scope, above[0], below[0], below[1][0])
    end = i + 1
    while end < len(chain.operands) and chain.operators[end - 1] == "":
        end += 1
    if end > i + 1:
        rest = " ".join(text_of(tree) for tree in chain.operands[i:end])
        plain = not any(chain.operators[: i - 1])
        whole = " ".join(map(text_of, chain.operands[:i])) if plain else text_of(above[0])
        problem.hint = f"`/` takes one operand: write {whole}/({rest})"
    return problem
