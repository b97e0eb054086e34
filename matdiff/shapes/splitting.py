"""What looks like a name or a call and is a product: XC is X C where X and C are declared.

A sized constant such as D(n) before a bracket that holds no dimension is a factor: D (X b + c).
And e^x is exp(x) where e is nothing else.

Only a name that is not known itself is split, and only if it splits in exactly one way.  What
stands behind such a run belongs to its last letter, as it does in print: XC' is X C'.
"""

from __future__ import annotations

from collections.abc import Collection

from matdiff.shapes.names import SIZED_CALLS
from matdiff.shapes.writing import children, postorder
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


def split_runs(
    tree: Tree, names: Collection[str], dimensions: Collection[str], constants: Collection[str]
) -> tuple[Tree, list[str]]:
    """The tree with such products as chains, and a note for each different run of letters."""
    runs: dict[str, list[str]] = {}
    factors: set[int] = set()
    for node in postorder(tree):
        if isinstance(node, Name) and len(node.text) > 1:
            if not any(node.text in known for known in (names, dimensions, constants)):
                parts = split(node.text, names)
                if parts is not None:
                    runs[node.text] = parts
        elif isinstance(node, Call) and _is_factor(node, names, dimensions):
            factors.add(id(node))
    known_e = any("e" in known for known in (names, dimensions, constants))
    exponentials = [] if known_e else _powers_of_e(tree)
    if not runs and not factors and not exponentials:
        return tree, []
    notes = [f"{run} is read as {' '.join(parts)}" for run, parts in runs.items()]
    if exponentials:
        notes.append("e^… is read as exp(…); declare e to give it another meaning")
    return _rewritten(tree, runs, factors | set(map(id, exponentials))), notes


def _powers_of_e(tree: Tree) -> list[Power]:
    """The powers of e, if e stands nowhere else and an exponent is more than a number."""
    found: list[Power] = []
    others = 0
    for node in postorder(tree):
        if isinstance(node, Name):
            others += node.text == "e"
        elif isinstance(node, Power) and isinstance(node.base, Name) and node.base.text == "e":
            others -= 1
            found.append(node)
    plain = all(isinstance(power.exponent, Number) for power in found)
    return [] if others or plain else found


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
            if close and name[0].islower() and name not in known:
                notes.append(
                    f"{name}(…) is read as a product; if {name} is a function, declare "
                    f"{name} : elementwise or {name} : n → m"
                )
    return list(dict.fromkeys(notes))


def split(run: str, names: Collection[str]) -> list[str] | None:
    """The names a run of letters is made of; None if there is no way, or more than one."""
    if not run.isalpha():
        return None
    ways = [1] + [0] * len(run)  # to split the first i letters
    last = [""] * (len(run) + 1)
    for end in range(1, len(run) + 1):
        for start in range(end):
            if ways[start] and run[start:end] in names:
                ways[end] += ways[start]
                last[end] = run[start:end]
    if ways[-1] != 1:
        return None
    parts: list[str] = []
    rest = len(run)
    while rest:
        parts.append(last[rest])
        rest -= len(last[rest])
    return parts[::-1]


def _rewritten(tree: Tree, runs: dict[str, list[str]], calls: set[int]) -> Tree:
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
        else:
            new[id(node)] = _factors(node, parts, runs)
    return _single(new[id(tree)])


def _factors(node: Tree, parts: list[list[Tree]], runs: dict[str, list[str]]) -> list[Tree]:
    if isinstance(node, Name):
        return _names(node, runs) if node.text in runs else [node]
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


def _names(node: Name, runs: dict[str, list[str]]) -> list[Tree]:
    names: list[Tree] = []
    place = node.span[0]
    for part in runs[node.text]:
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
