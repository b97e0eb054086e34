r"""A derivation in LaTeX: an align*, a formula, and beside it or below it the reason.

It fits the page of an article on A4 paper.  The columns are as wide as is best for most lines;
longer formulas stand over both columns, and their reasons below them.  What is longer than a row is
broken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from matdiff import rendering
from matdiff.derivations.names import is_known_symmetric
from matdiff.derivations.steps import Left, Partial, Reason, Signs, Step
from matdiff.documents.latex_rows import rows, width
from matdiff.documents.step_parts import changes_in, changes_of, separated
from matdiff.operations.algebra import Expression
from matdiff.rendering.tex import escape, name_latex

PAGE = 345.0  # points: the lines of an article on A4 paper
GAP = 12.0  # between the columns
INDENT = 20.0  # a \qquad
FEWEST_BESIDE = 0.4  # of the lines: where fewer have room for their reason beside them, none has
_SIGNS = {
    "∂": r"\partial ", "×": r"\times ", "Σ": r"\textstyle\sum", "d ": r"\mathrm{d}\,",
}  # fmt: skip
_SUBSCRIPT = re.compile(r"\[(.*)\]")


def steps_latex(steps: list[Step]) -> list[str]:
    r"""An align*, a reason to each line; what is named stands below the line it is named in."""
    page = _Page(steps)
    lines = [r"\begin{align*}"]
    for row in page.rows():
        lines.append(f"{row} \\\\")
    lines[-1] = lines[-1].removesuffix(r" \\")
    return [*lines, r"\end{align*}"]


class _Line:
    """A step in LaTeX: its left side, empty where it goes on, formula, reasons and parts."""

    __slots__ = ("formula", "left", "parts", "reasons")

    def __init__(self, step: Step, before: Left | None, changes: set[str]) -> None:
        self.left = "" if step.left == before else _left(step.left, changes)
        self.formula = _formula(step.right, changes)
        self.reasons = [_reason(part) for part in separated(step.why)]
        self.parts = [
            rf"\text{{where }} {name_latex(name)} = {_formula(part, changes)} {_space(part)}"
            for name, part in step.where
        ]


class _Page:
    """The lines, and how wide the columns are."""

    __slots__ = ("beside", "lines", "room", "whole")

    def __init__(self, steps: list[Step]) -> None:
        changes = changes_of(steps)
        self.lines = [
            _Line(step, steps[i - 1].left if i else None, changes) for i, step in enumerate(steps)
        ]
        left = max(width(line.left) for line in self.lines) + GAP
        space = PAGE - left - GAP
        self.beside, number = 0.0, 0
        for column in sorted({width(line.formula) for line in self.lines}):
            beside = self._number_beside(column, space - column)
            if beside >= max(number, len(steps) * FEWEST_BESIDE):
                self.beside, number = column, beside
        self.room = space - self.beside if number else 0.0  # for reasons beside formulas
        widest = max(filter(lambda each: each <= self.room, self._reasons()), default=0.0)
        margin = max(0.0, space - self.beside - widest) / 3 if number else 0.0  # it is centred
        self.whole = PAGE - left - margin

    def _reasons(self) -> Iterator[float]:
        for line in self.lines:
            yield from map(width, line.reasons)

    def _number_beside(self, column: float, room: float) -> int:
        """How many lines have their reason beside them if the formulas have so wide a column."""
        return sum(
            width(line.formula) <= column and _whole_width(line.reasons) <= room
            for line in self.lines
        )

    def rows(self) -> list[str]:
        """The rows of the align*."""
        found: list[str] = []
        for line in self.lines:
            found += self._of_line(line)
            for part in line.parts:
                found += self._below(part)
        return found

    def _of_line(self, line: _Line) -> list[str]:
        """A line: its formula, and beside or below it the reasons."""
        is_long = width(line.formula) > self.beside
        formula = self._over(line.formula) if is_long else [line.formula]
        found = [f" & {row}" for row in formula]
        found[0] = f"{line.left} &= {formula[0]}"
        reasons = _filled(line.reasons, self.room)
        if any(width(reason) > self.room for reason in reasons):
            below = _filled(line.reasons, self.whole - INDENT)
            return found + [row for reason in below for row in self._below(reason)]
        if not is_long:
            found[0] += f" && {reasons.pop(0)}"
        return found + [f" &&& {reason}" for reason in reasons]

    def _below(self, formula: str) -> list[str]:
        """A part that gets its name, or a long reason, in lines of its own."""
        return [rf" &\qquad {row}" for row in self._over(formula, INDENT)]

    def _over(self, formula: str, indent: float = 0.0) -> list[str]:
        """A formula in rows, which take no part in the widths of the columns if there are two."""
        first, *others = rows(formula, self.whole - indent, INDENT)
        found = [first, *(rf"\qquad {row}" for row in others)]
        return [rf"\rlap{{$\displaystyle {row}$}}" for row in found] if self.room else found


def _whole_width(reasons: list[str]) -> float:
    return sum(map(width, reasons)) + GAP * (len(reasons) - 1)


def _filled(reasons: list[str], room: float) -> list[str]:
    """The reasons, as many in a row as have room."""
    found = [reasons[0]]
    for reason in reasons[1:]:
        if _whole_width([found[-1], reason]) <= room:
            found[-1] += rf"\text{{; }}{reason}"
        else:
            found.append(reason)
    return found


def _left(left: Left, changes: set[str]) -> str:
    if not isinstance(left, Partial):
        return _formula(left, changes)
    square = "" if left.order == 1 else "^{2}"
    value, variable = name_latex(left.value), name_latex(left.variable)
    return rf"\frac{{\partial{square} {value}}}{{\partial {variable}{square}}}"


def _formula(expression: Expression, changes: set[str]) -> str:
    r"""The expression, \mathrm{d}X for the change dX of X."""
    written = rendering.latex(expression)
    for name in changes:
        sign = r"\partial " if name[0] == "∂" else r"\mathrm{d}"
        written = written.replace(name_latex(name), sign + name_latex(name[1:]))
    return written


def _space(part: Expression) -> str:
    r"""The space that a part is in: \in \mathbb{R}^{m \times n}."""
    if part.is_scalar:
        return r"\in \mathbb{R}"
    rows, columns = (side.spelled(name_latex, times=r"\,") for side in part.shape)
    known = r"\text{ symmetric}" if is_known_symmetric(part) else ""
    return rf"\in \mathbb{{R}}^{{{rows} \times {columns}}}{known}"


def _reason(reason: Reason) -> str:
    """One reason: its formulas as mathematics, its words as text."""
    pieces: list[str] = []
    for i, piece in enumerate(reason):
        if isinstance(piece, Expression):
            pieces.append(_formula(piece, changes_in(piece)))
        elif isinstance(piece, Partial):
            square = "" if piece.order == 1 else "^{2}"
            value, variable = name_latex(piece.value), name_latex(piece.variable)
            pieces.append(rf"\partial{square} {value}/\partial {variable}{square}")
        elif isinstance(piece, Signs):
            subscript = _SUBSCRIPT.fullmatch(piece)
            if subscript and i and not isinstance(reason[i - 1], str | Partial):
                pieces[-1] = f"{{{pieces[-1]}}}_{{{subscript[1]}}}"
            elif subscript:
                opened = i and isinstance(reason[i - 1], Signs)
                pieces.append(f"_{{{subscript[1]}}}" if opened else f"({subscript[1]})")
            else:
                pieces.append(_signs(piece))
        else:
            pieces.append(rf"\text{{{''.join(map(_letter, piece))}}}")
    return "".join(pieces)


def _letter(sign: str) -> str:
    """A sign of a sentence; as mathematics what text does not have."""
    written = _SIGNS.get(sign) or escape(sign)
    is_math = written.startswith("\\") and sign not in "#$%&_{}"
    return f"${written.strip()}$" if is_math else written


def _signs(signs: str) -> str:
    for sign, written in _SIGNS.items():
        signs = signs.replace(sign, written)
    return signs
