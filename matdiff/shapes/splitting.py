"""What looks like a name or a call and is a product: XC is X C where X and C are declared.

A sized constant such as D(n) before a bracket that holds no dimension is a factor: D (X b + c).
And e^x is exp(x), π the number, where e and π are nothing else.

Only a name that is not known itself is split, and only if it splits in exactly one way into names
that are declared or used alone.  What stands behind such a run belongs to its last letter, as it
does in print: XC' is X C'.  And x^TAx is x^T A x.
"""

from __future__ import annotations

from collections.abc import Collection

from matdiff.shapes.conventions import is_greek_word
from matdiff.shapes.environment import Environment
from matdiff.shapes.names import CONSTANTS, SIZED_CALLS
from matdiff.shapes.runs import names_used, power_of_transpose, split
from matdiff.shapes.writing import children, postorder, text_of
from matdiff.syntax.tree import (
    Blocks,
    Call,
    Chain,
    Fence,
    Frobenius,
    Group,
    Indexed,
    IndexSum,
    Name,
    Number,
    Power,
    Span,
    Sum,
    Transpose,
    Tree,
)

_PI = "π"
_FUNCTIONAL = frozenset("ΦΨ")  # capitals that are functions as often as matrices


def split_runs(
    tree: Tree, environment: Environment, known: Collection[str], wrt: str | None = None
) -> tuple[Tree, list[str]]:
    """The tree with such products as chains, and a note for each different run of letters.

    `known` are the names that a run may be made of, `wrt` the variable of differentiation.
    ShapeProblem (MX232) for x^TAx with an A that is not among them.
    """
    names, dimensions = environment.names, environment.dimensions
    transposes = _transposes(tree, environment, known)
    runs: dict[str, list[str]] = {}
    for name in dict.fromkeys(node.text for node in names_used(tree)):
        if len(name) > 1 and not any(name in space for space in (names, dimensions, CONSTANTS)):
            parts = split(name, names)
            if parts is None and not is_greek_word(name):
                parts = split(name, known)
            if parts is not None and len(parts) > 1:
                runs[name] = parts
    factors = {
        id(node)
        for node in postorder(tree)
        if isinstance(node, Call) and _is_factor(node, names, dimensions)
    }
    spaces = (names, dimensions, {wrt})
    exponentials = [] if any("e" in space for space in spaces) else _powers_of_e(tree)
    is_pi = not any(_PI in space for space in (*spaces, environment.functions))
    is_pi = is_pi and _is_number(_PI, tree)
    if not runs and not factors and not exponentials and not transposes and not is_pi:
        return tree, []
    notes = [f"{run} is read as {' '.join(parts)}" for run, parts in runs.items()]
    for power, parts in transposes:
        base = text_of(power.base)
        notes.append(f"{text_of(power)} is read as {base}^T {' '.join(parts)}")
    if exponentials:
        notes.append("e^… is read as exp(…); declare e to give it another meaning")
    if is_pi:
        runs[_PI] = ["pi"]
    calls = factors | set(map(id, exponentials))
    return _rewritten(tree, runs, calls, {id(power): parts for power, parts in transposes}), notes


def _transposes(
    tree: Tree, environment: Environment, known: Collection[str]
) -> list[tuple[Power, list[str]]]:
    """The powers that are transposes before a product, x^TAx, with the factors after T."""
    found = []
    for node in postorder(tree):
        if isinstance(node, Power):
            parts = power_of_transpose(node, environment, known)
            if parts is not None:
                found.append((node, parts))
    return found


def _powers_of_e(tree: Tree) -> list[Power]:
    """The powers of e, if e stands nowhere else."""
    found: list[Power] = []
    others = 0
    for node in postorder(tree):
        if isinstance(node, Name):
            others += node.text == "e"
        elif isinstance(node, Power) and isinstance(node.base, Name) and node.base.text == "e":
            others -= 1
            found.append(node)
    return [] if others else found


def _is_number(name: str, tree: Tree) -> bool:
    """Whether a name occurs and stands nowhere close to a bracket, as a function would: π(x)."""
    order = postorder(tree)
    for node in order:
        if isinstance(node, Chain):
            operands = zip(node.operands, node.operands[1:], node.operators, strict=False)
            for left, right, sign in operands:
                named = isinstance(left, Name) and left.text == name and not sign
                if named and isinstance(right, Group) and left.span[1] == right.span[0]:
                    return False
    return any(isinstance(node, Name) and node.text == name for node in order)


def _is_factor(call: Call, names: Collection[str], dimensions: Collection[str]) -> bool:
    """Whether a constant before a bracket is no call: the bracket does not hold a size."""
    if call.function not in SIZED_CALLS or len(call.arguments) != 1:
        return False
    return any(_is_no_size(node, names, dimensions) for node in postorder(call.arguments[0]))


def _is_no_size(node: Tree, names: Collection[str], dimensions: Collection[str]) -> bool:
    if isinstance(node, Name):
        return node.text in names and node.text not in dimensions
    if isinstance(node, Chain):  # n*m is a size, X b is not
        parts = zip(node.operands, node.operators, strict=False)
        return any(
            operator == "" and isinstance(part, Name) and part.text not in dimensions
            for part, operator in parts
        )
    return not isinstance(node, (Number, Sum, Group, Power))


def likely_calls(tree: Tree, known: Collection[str]) -> list[str]:
    """What to say of φ(A x), which is a product, where φ was not declared and may be meant as a
    function: a small letter close to brackets that no sum or sign explains."""
    notes = []
    for node in postorder(tree):
        if not isinstance(node, Chain):
            continue
        operands = zip(node.operands, node.operands[1:], node.operators, strict=False)
        for left, right, sign in operands:
            if not isinstance(left, Name) or not isinstance(right, Group) or sign:
                continue
            name = left.text
            close = left.span[1] == right.span[0] and not isinstance(right.inner, Sum)
            if close and (name[0].islower() or name in _FUNCTIONAL) and name not in known:
                notes.append(
                    f"{name}(…) is read as a product; if {name} is a function, declare "
                    f"{name} : elementwise or {name} : n → m"
                )
    return list(dict.fromkeys(notes))


def _rewritten(
    tree: Tree, runs: dict[str, list[str]], calls: set[int], transposes: dict[int, list[str]]
) -> Tree:
    new: dict[int, list[Tree]] = {}  # one tree, or the factors that a run becomes
    for node in postorder(tree):
        parts = [new[id(part)] for part in children(node)]
        if id(node) in calls and isinstance(node, Call):
            bracket = node.function_span[1], node.span[1]
            name = Name(node.function, node.function_span)
            new[id(node)] = [name, Group(_single(parts[0]), bracket)]
        elif id(node) in calls and isinstance(node, Power):
            exponent = _single(parts[1])
            new[id(node)] = [Call("e_to", [exponent], node.base.span, node.span)]
        elif id(node) in transposes and isinstance(node, Power):
            *before, last = parts[0]
            start = node.exponent.span[0] + 1
            turned = Transpose(last, (last.span[0], start), letter=True)
            new[id(node)] = [*before, turned, *_names(transposes[id(node)], start)]
        else:
            new[id(node)] = _factors(node, parts, runs)
    return _single(new[id(tree)])


def _factors(node: Tree, parts: list[list[Tree]], runs: dict[str, list[str]]) -> list[Tree]:
    if isinstance(node, Name):
        if node.text == _PI and node.text in runs:
            return [Name("pi", node.span)]
        return _names(runs[node.text], node.span[0]) if node.text in runs else [node]
    if isinstance(node, Transpose):
        *before, last = parts[0]
        return [*before, Transpose(last, _span(last, node), node.letter)]
    if isinstance(node, Power):
        *before, last = parts[0]
        exponent = _single(parts[1])
        return [*before, Power(last, exponent, node.elementwise, _span(last, node))]
    if isinstance(node, Indexed):
        *before, last = parts[0]
        return [*before, Indexed(last, node.items, _span(last, node))]
    if isinstance(node, Chain):
        return [_chain(node, parts)]
    single = [_single(part) for part in parts]
    if isinstance(node, Sum):
        signs = [sign for sign, _ in node.terms]
        return [Sum(list(zip(signs, single, strict=True)), node.span)]
    if isinstance(node, Frobenius):
        return [Frobenius(single[0], single[1], node.span)]
    if isinstance(node, Group):
        return [Group(single[0], node.span)]
    if isinstance(node, IndexSum):
        return [IndexSum(node.indices, node.bound, single[0], node.span)]
    if isinstance(node, Fence):
        return [Fence(node.bars, single[0], node.subscript, node.span)]
    if isinstance(node, Call):
        return [Call(node.function, single, node.function_span, node.span)]
    if isinstance(node, Blocks):
        rest = iter(single)
        return [Blocks([[next(rest) for _ in row] for row in node.rows], node.span)]
    return [node]


def _names(parts: list[str], place: int) -> list[Tree]:
    """The names of a run that begins at that place."""
    names: list[Tree] = []
    for part in parts:
        names.append(Name(part, (place, place + len(part))))
        place += len(part)
    return names


def _span(last: Tree, node: Tree) -> Span:
    return last.span[0], node.span[1]


def _single(factors: list[Tree]) -> Tree:
    if len(factors) == 1:
        return factors[0]
    places = [(factor.span[0], factor.span[0]) for factor in factors[1:]]
    span = factors[0].span[0], factors[-1].span[1]
    return Chain(factors, [""] * (len(factors) - 1), places, span)


def _chain(node: Chain, parts: list[list[Tree]]) -> Chain:
    operands = list(parts[0])
    operators = [""] * (len(operands) - 1)
    places = [(factor.span[0], factor.span[0]) for factor in operands[1:]]
    for operator, place, factors in zip(
        node.operators, node.operator_spans, parts[1:], strict=True
    ):
        operators += [operator] + [""] * (len(factors) - 1)
        places += [place] + [(factor.span[0], factor.span[0]) for factor in factors[1:]]
        operands += factors
    return Chain(operands, operators, places, node.span)
