"""A derivation as people read it: aligned text, LaTeX, or objects for a program."""

from __future__ import annotations

from typing import Any

from matdiff.derivations.names import is_known_symmetric
from matdiff.derivations.steps import Left, Partial, Step
from matdiff.dimensions import ONE, Shape, shape_text
from matdiff.operations.algebra import Expression
from matdiff.rendering import text
from matdiff.rendering.names import spelled_in_ascii

WIDEST = 64  # characters of a formula beside which its reason stands
WIDEST_LINE = 100
GAP = "   "
_PLAIN = str.maketrans(
    {"∘": ".*", "⊘": "./", "⊗": "(x)", "⊛": "(*)", "×": "x", "∂": "d", "Σ": "sum", "²": "^2"}
)


def steps_lines(steps: list[Step], *, ascii_only: bool = False) -> list[str]:
    """One line a step, the equality signs, shapes (but for scalars) and reasons below each other,
    names at the end; reasons and names stand in lines of their own where that is too long."""
    lefts = [_left(step.left, ascii_only) for step in steps]
    rights = [text(step.right, ascii=ascii_only) for step in steps]
    shapes = [_line_shape(step, ascii_only) for step in steps]
    margin, side = max(map(len, lefts)), max(map(len, shapes))
    width = max((len(right) for right in rights if len(right) <= WIDEST), default=0)
    lines: list[str] = []
    before = ""
    for step, left, right, shape in zip(steps, lefts, rights, shapes, strict=True):
        shown = "" if left == before else left
        reason = _plain(step.reason) if ascii_only else step.reason
        line = f"{shown:<{margin}} = {right:<{width}}{GAP}{shape:<{side}}{GAP}"
        if len(right) > width:  # the reason stays in its column
            lines.append(line.rstrip())
            line = " " * (margin + len(" = ") + width + 2 * len(GAP) + side)
        line = f"{line}{reason}".rstrip()
        named = [_named(name, part, ascii_only) for name, part in step.where]
        beside = f"{line}{GAP}where {', '.join(named)}"
        if named and len(beside) <= WIDEST_LINE:
            lines.append(beside)
        else:
            lines += [line, *(f"{'':<{margin}}     where {formula}" for formula in named)]
        before = left
    return lines


def _line_shape(step: Step, ascii_only: bool) -> str:
    return "" if step.right.is_scalar else _shape(step.right.shape, ascii_only)


def steps_records(steps: list[Step]) -> list[dict[str, Any]]:
    """The steps as objects; docs/command-line.md has the keys."""
    return [
        {
            "left": _left(step.left, False),
            "right": text(step.right),
            "shape": [] if step.right.is_scalar else [str(side) for side in step.right.shape],
            "reason": step.reason,
            "where": [[name, text(part)] for name, part in step.where],
        }
        for step in steps
    ]


def _named(name: str, part: Expression, ascii_only: bool) -> str:
    """`H = A'B : m×n`"""
    stated = spelled_in_ascii(name, frozenset()) if ascii_only else name
    known = " symmetric" if is_known_symmetric(part) else ""
    return f"{stated} = {text(part, ascii=ascii_only)} : {_shape(part.shape, ascii_only)}{known}"


def _left(left: Left, ascii_only: bool) -> str:
    if not isinstance(left, Partial):
        return text(left, ascii=ascii_only)
    sign = "d" if ascii_only else "∂"
    square = "" if left.order == 1 else ("^2" if ascii_only else "²")
    written = f"{sign}{square}{left.value}/{sign}{left.variable}{square}"
    return spelled_in_ascii(written, frozenset()) if ascii_only else written


def _shape(shape: Shape, ascii_only: bool = False) -> str:
    if shape == (ONE, ONE):
        return "scalar"
    return shape_text(shape).replace("×", "x") if ascii_only else shape_text(shape)


def _plain(reason: str) -> str:
    return spelled_in_ascii(reason.translate(_PLAIN), frozenset())
