"""A derivation as people read it: aligned text, LaTeX, or objects for a program."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from matdiff import rendering
from matdiff.derivations.steps import Left, Partial, Step
from matdiff.dimensions import ONE, Shape, shape_text
from matdiff.operations.algebra import Expression
from matdiff.rendering import text
from matdiff.rendering.names import GREEK, spelled_in_ascii

WIDEST = 64  # characters of a formula beside which its reason stands
WIDEST_LINE = 100
GAP = "   "
_PLAIN = str.maketrans(
    {"∘": ".*", "⊘": "./", "⊗": "(x)", "⊛": "(*)", "×": "x", "∂": "d", "Σ": "sum", "²": "^2"}
)
_TYPESET = {
    "∘": r"\circ", "⊘": r"\oslash", "⊗": r"\otimes", "⊛": r"\circledast", "×": r"\times",
    "∂": r"\partial", "²": "^2",
} | {sign: f"\\{name}" for sign, name in GREEK.items()}  # fmt: skip
_RAISED = re.compile(r"(\.?)\^(-?\w+|\([^()]*\))|Σ_\{([^}]*)\}")
PAGE = 72  # characters of a formula and of its reason side by side on a page
WHERE = 10  # characters that stand before a named part


def steps_lines(steps: list[Step], *, ascii_only: bool = False) -> list[str]:
    """One line a step, the equality signs, shapes (but for scalars) and reasons below each other,
    names at the end; they stand in lines of their own where that is too long."""
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
        line = f"{shown:<{margin}} = {right:<{width}}{GAP}{shape:<{side}}{GAP}{reason}".rstrip()
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


def steps_latex(steps: list[Step]) -> list[str]:
    r"""An align*, a reason on each line; what is named stands below the line it is named in."""
    from matdiff.rendering.tex import name_latex  # text needs none of it

    rows: list[str] = []
    before: Left | None = None
    # formulas and reasons stand in columns: the longest formula says what is left for all reasons
    room = PAGE - max(
        max(len(text(step.right)), *(len(text(part)) + WHERE for _, part in step.where), 0)
        for step in steps
    )
    for step in steps:
        left = "" if step.left == before else _left_latex(step.left)
        row, reason = f"{left} &= {rendering.latex(step.right)}", _text_latex(step.reason)
        if len(step.reason) <= room:
            rows.append(f"{row} && {reason}")
        else:
            rows += (row, rf"&\qquad\rlap{{{reason}}}")  # wide, and yet no part of the column
        for name, part in step.where:
            formula = f"{name_latex(name)} = {rendering.latex(part)}"
            shape = _text_latex(_shape(part.shape))
            rows.append(rf"&\qquad\text{{where }} {formula} && {shape}")
        before = step.left
    return [r"\begin{align*}", *(f"{row} \\\\" for row in rows[:-1]), rows[-1], r"\end{align*}"]


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
    return f"{stated} = {text(part, ascii=ascii_only)} : {_shape(part.shape, ascii_only)}"


def _left(left: Left, ascii_only: bool) -> str:
    if not isinstance(left, Partial):
        return text(left, ascii=ascii_only)
    sign = "d" if ascii_only else "∂"
    square = "" if left.order == 1 else ("^2" if ascii_only else "²")
    written = f"{sign}{square}{left.value}/{sign}{left.variable}{square}"
    return spelled_in_ascii(written, frozenset()) if ascii_only else written


def _left_latex(left: Left) -> str:
    from matdiff.rendering.tex import name_latex

    if not isinstance(left, Partial):
        return rendering.latex(left)
    square = "" if left.order == 1 else "^{2}"
    value, variable = name_latex(left.value), name_latex(left.variable)
    return rf"\frac{{\partial{square} {value}}}{{\partial {variable}{square}}}"


def _shape(shape: Shape, ascii_only: bool = False) -> str:
    if shape == (ONE, ONE):
        return "scalar"
    return shape_text(shape).replace("×", "x") if ascii_only else shape_text(shape)


def _plain(reason: str) -> str:
    return spelled_in_ascii(reason.translate(_PLAIN), frozenset())


def _text_latex(reason: str) -> str:
    r"""Words with signs in LaTeX: a text in which the signs are mathematics."""
    from matdiff.rendering.tex import escape

    pieces: list[str] = []
    end = 0
    for found in _RAISED.finditer(reason):
        pieces.append(_signs_latex(reason[end : found.start()], escape))
        dot, exponent, indices = found.groups()
        circle = r"\circ " if dot else ""
        sums = rf"\textstyle\sum_{{{indices}}}"
        pieces.append(f"$^{{{circle}{_signs(exponent)}}}$" if exponent else f"${sums}$")
        end = found.end()
    pieces.append(_signs_latex(reason[end:], escape))
    return rf"\text{{{''.join(pieces)}}}"


def _signs(written: str) -> str:
    return "".join(_TYPESET.get(sign, sign) + " " * (sign in _TYPESET) for sign in written)


def _signs_latex(words: str, escape: Callable[[str], str]) -> str:
    return "".join(_sign_latex(sign, escape) for sign in words)


def _sign_latex(sign: str, escape: Callable[[str], str]) -> str:
    if sign in _TYPESET:
        return f"${_TYPESET[sign]}$"
    if sign == " ":
        return sign
    return r"\textasciicircum{}" if sign == "^" else escape(sign)
