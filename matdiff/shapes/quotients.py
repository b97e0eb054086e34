"""Division by a scalar.  `/` takes one operand on each side: 1/2 norm(x)^2 is half the square.

Where factors follow without a sign, as in a/b c and a/2n, the text may well mean a/(b c); it is
read as (a/b) c, and the person is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from matdiff.dimensions import ONE
from matdiff.errors import DomainProblem, ShapeProblem
from matdiff.operations.algebra import MINUS_ONE, Expression, number, number_value, scale
from matdiff.operations.elementwise import power
from matdiff.shapes.candidates import Build, Candidate, Plan, best_of
from matdiff.shapes.joining import Operand, join
from matdiff.shapes.messages import division
from matdiff.shapes.scope import Scope, span_between
from matdiff.shapes.unify import Bindings
from matdiff.shapes.writing import LONGEST, postorder, text_of
from matdiff.syntax.tree import Call, Chain, Fence, Group, Name, Number, Power, Sum, Tree


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
        told = other_reading(scope, chain, i, _scalar_behind(chain, operands, i))
        build = _divide if told is None else _telling(scope, told)
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


def other_reading(scope: Scope, chain: Chain, i: int, end: int) -> str | None:
    """What to say of a/b c, with b at i, that might be meant as a/(b c); None if it is plain.

    The operands after b and up to `end` are a scalar; there are none if `end` is i.
    """
    if end == i:
        return None
    above, below, after = chain.operands[i - 1 : i + 2]
    if below.span[1] != after.span[0]:
        may_be = _is_divisor(scope, below) and (isinstance(below, Name) or _is_factor(after))
        return _sentence(chain, i, end) if may_be and end == i + 1 else None
    # 1/2‖x‖^2 is half of the square to everybody; 1/2n and 1/n(n-1) are read either way
    is_fraction = isinstance(above, Number) and not _is_divisor(scope, below)
    if is_fraction and not _is_of_scalars(scope, after):
        return None
    return _sentence(chain, i, end)


def _scalar_behind(chain: Chain, operands: list[Operand], i: int) -> int:
    """The end of the shortest product behind the operand i that is a scalar; i if there is none."""
    product: Candidate | None = None
    for end in range(i + 1, len(operands)):
        if chain.operators[end - 1] != "":
            break
        candidate = operands[end][1][0]
        product = candidate if product is None else join("", product, candidate)
        if product is None:
            break
        if product.is_scalar:
            return end
    return i


def _is_divisor(scope: Scope, tree: Tree) -> bool:
    """Whether more may stand below the line with it: not with a number, a size or a bracket."""
    if isinstance(tree, Power):
        tree = tree.base
    environment = scope.environment
    if isinstance(tree, Name):
        return tree.text not in environment.dimensions - environment.names.keys()
    return isinstance(tree, (Call, Fence))


def _is_factor(tree: Tree) -> bool:
    """A name, a call or a norm, or a power of one."""
    return isinstance(tree.base if isinstance(tree, Power) else tree, (Name, Call, Fence))


def _is_of_scalars(scope: Scope, tree: Tree) -> bool:
    """Whether a factor is made of sizes and scalars alone, by no function."""
    for node in postorder(tree):
        if isinstance(node, Name):
            shape = scope.shape_of_name(node.text)
            if shape is not None and not (shape[0] is ONE and shape[1] is ONE):
                return False
        elif not isinstance(node, (Number, Power, Group, Sum, Chain)):
            return False
    return True


def _sentence(chain: Chain, i: int, end: int) -> str:
    """Both readings of a/b c, with c from the operand after i to `end`."""
    plain = not any(chain.operators[: i - 1])
    above = " ".join(map(text_of, chain.operands[:i])) if plain else ""
    if not plain or len(above) > LONGEST:
        above = text_of(chain.operands[i - 1])
    below = text_of(chain.operands[i])
    after = " ".join(map(text_of, chain.operands[i + 1 : end + 1]))
    return (
        f"{above}/{below} {after} is read as ({above}/{below}) {after}: `/` takes one operand; "
        f"for the other reading write {above}/({below} {after})"
    )


def _telling(scope: Scope, sentence: str) -> Build:
    """The build of a quotient that also says how it was read."""

    def build(parts: Sequence[Expression], bindings: Bindings) -> Expression:
        scope.forks.append(sentence)
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
