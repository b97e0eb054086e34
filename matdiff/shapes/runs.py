"""Runs of letters that nobody declared: Ax and XB are products more often than names.

A run that consists of known names is their product.  One that holds the variable of differentiation
beside what may be other names is refused: taken for a name of its own, it would be a constant.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from matdiff.errors import ShapeProblem
from matdiff.operations.algebra import SYMBOL, symbol_name
from matdiff.operations.algebra import postorder as parts_of
from matdiff.shapes.conventions import is_greek_word
from matdiff.shapes.environment import Environment
from matdiff.shapes.functions import function_names
from matdiff.shapes.names import CONSTANTS, SIZED_CALLS
from matdiff.shapes.writing import children, text_of
from matdiff.syntax.tree import Call, Name, Power, Tree

# A letter with its number or subscript, as W1, x_1 and x_ij; a number ends it, letters do not.
_UNIT = re.compile(r"[^\W\d_]\d*(?:_(?:\d+|\w+))?")
_SHORT = 3  # units in a run that is taken for a product because of one of them


def units(run: str) -> list[str]:
    """The letters of a run with what belongs to each; the run itself if it is not made so."""
    parts = _UNIT.findall(run)
    return parts if "".join(parts) == run else [run]


def split(run: str, names: Collection[str]) -> list[str] | None:
    """The names a run of letters is made of; None if there is no way, or more than one."""
    ways = [1] + [0] * len(run)  # to split the first i letters
    last = [""] * (len(run) + 1)
    longest = max(map(len, names), default=0)
    for end in range(1, len(run) + 1):
        if end < len(run) and not run[end].isalpha():
            continue
        for start in range(max(0, end - longest), end):
            part = run[start:end]
            # letters go on with a subscript of letters: S_xy is not S_x y
            whole = end == len(run) or "_" not in part or part[-1].isdigit()
            if ways[start] and whole and part in names:
                ways[end] += ways[start]
                last[end] = part
    if ways[-1] != 1:
        return None
    parts: list[str] = []
    rest = len(run)
    while rest:
        parts.append(last[rest])
        rest -= len(last[rest])
    return parts[::-1]


def names_in_force(roots: Iterable[Tree], environment: Environment, wrt: str | None) -> set[str]:
    """The names that a run may be made of: declared ones, the variable of differentiation, I, and
    those that are used alone."""
    known: set[str] = {*environment.names, "I"}
    if wrt is not None:
        known.add(wrt)
    used = {node.text for root in roots for node in names_used(root)}
    for name in sorted(used, key=lambda name: (len(name), name)):
        if is_greek_word(name) or len(units(name)) < 2 or split(name, known) is None:
            known.add(name)
    return known


def names_used(root: Tree) -> Iterator[Name]:
    """The names in a tree that stand for values: none in the sizes of constants."""
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, Name):
            yield node
        elif isinstance(node, Call) and node.function in SIZED_CALLS:
            continue
        elif isinstance(node, Call) and node.function == "unvec":
            stack += node.arguments[:1]
        else:
            stack.extend(children(node))


def refuse_runs(root: Tree, environment: Environment, wrt: str, known: Collection[str]) -> None:
    """Raise ShapeProblem (MX232) for a run that may well be a product with the variable."""
    functions = function_names(environment)
    for node in sorted(names_used(root), key=lambda node: node.span):
        for name in _not_declared(node.text, environment):
            meant = None if name == wrt else _meant(name, wrt, known, functions)
            if meant is not None:
                where = "" if name == node.text else f", in the definition of {node.text},"
                raise _unclear(name, meant, node.span, where)


def power_of_transpose(
    tree: Power, environment: Environment, known: Collection[str]
) -> list[str] | None:
    """The names after T in x^TAx, which is x^T A x; None for what is a power.

    ShapeProblem (MX232) if some of them are not known.
    """
    base, exponent = tree.base, tree.exponent
    if tree.elementwise or not isinstance(exponent, Name) or exponent.text in environment.names:
        return None
    is_bare = exponent.span[0] - base.span[1] == 1  # in brackets it is an exponent
    rest = exponent.text[1:]
    if not is_bare or exponent.text[0] != "T" or not rest or not rest[0].isalpha():
        return None
    parts = split(rest, known)
    if parts is None and all(_is_like_name(unit, known) for unit in units(rest)):
        meant = f"{text_of(base)}^T {' '.join(units(rest))}"
        raise _unclear(exponent.text, meant, tree.span)
    return parts


def _not_declared(name: str, environment: Environment) -> Iterator[str]:
    """The name, or those in what it stands for, as far as their shapes are inferred."""
    variable = environment.variables.get(name)
    defined = environment.definitions.get(name)
    if variable is not None:
        if not variable.declared:
            yield name
    elif defined is not None:
        for part in parts_of(defined):
            if part.operation is SYMBOL:
                yield from _not_declared_variable(symbol_name(part), environment)
    elif name not in CONSTANTS and name not in environment.dimensions:
        yield name


def _not_declared_variable(name: str, environment: Environment) -> Iterator[str]:
    variable = environment.variables.get(name)
    if variable is not None and not variable.declared:
        yield name


def _meant(run: str, wrt: str, known: Collection[str], functions: Collection[str]) -> str | None:
    """The product that a run may stand for; None if it is as good as a name."""
    if is_greek_word(run):
        return None
    for function in functions:
        rest = run.removeprefix(function)
        if len(function) > 1 and rest and rest != run:
            parts = _parts(rest, wrt)
            if wrt in parts and all(_is_like_name(part, known) for part in parts):
                return f"{function}({_product(parts, known)})"
    parts = _parts(run, wrt)
    if wrt not in parts or len(parts) < 2:
        return None
    subscript = parts[-1].partition("_")[2]
    if subscript[:1].isalpha() and parts[-1] != wrt:  # exp_x
        return None
    if len(parts) <= _SHORT or all(_is_like_name(part, known) for part in parts):
        return _product(parts, known)
    return None


def _parts(run: str, wrt: str) -> list[str]:
    """The units of a run, with the variable as one of them where it is longer than one."""
    before, found, after = run.partition(wrt)
    if not found or len(units(wrt)) == 1:
        return units(run)
    return [*(units(before) if before else []), wrt, *(units(after) if after else [])]


def _is_like_name(unit: str, known: Collection[str]) -> bool:
    return unit in known or unit[0].isupper()


def _product(parts: list[str], known: Collection[str]) -> str:
    """The factors as one would type them; a T between them is most likely a transpose."""
    text = parts[0]
    for part in parts[1:]:
        if part == "T" and "T" not in known:
            text += "'"
        else:
            text += part if text.endswith("'") else f" {part}"
    return text


def _unclear(run: str, meant: str, span: tuple[int, int], where: str = "") -> ShapeProblem:
    return ShapeProblem(
        f"{run}{where} is not declared: does it mean {meant}?",
        hint=f"write {meant}, or declare {run}, as in {run} : m×n",
        span=span,
        code="MX232",
    )
