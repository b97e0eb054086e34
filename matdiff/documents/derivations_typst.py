r"""A derivation in Typst: an aligned block equation, the reason to each line beside it or below it.

It is made for a page of Typst's own size and type.  Reasons stand beside the formulas where all
have room there, else each below its line.  A long sum is broken before a sign outside of all
brackets; a line of an aligned block cannot end within them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from matdiff import rendering
from matdiff.derivations.names import is_known_symmetric
from matdiff.derivations.steps import Left, Partial, Reason, Signs, Step, told
from matdiff.documents.latex_rows import width
from matdiff.documents.step_parts import changes_in, changes_of, separated
from matdiff.operations.algebra import Expression
from matdiff.rendering.typst_math import in_ascii, name_typst, quoted

PAGE = 410.0  # points of ten-point type: A4 with Typst's margins, which has eleven points
GAP = 30.0  # between what stands beside each other
WHERE = 120.0  # what stands around the formula of a part: its name, its space
LETTER = 4.6  # as wide as those of a reason are
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[()\[\]]| [+-] |.', re.DOTALL)
_DEEPER = {"(": 1, "[": 1, ")": -1, "]": -1}
_SUBSCRIPT, _SUM = re.compile(r"\[(.*)\]"), re.compile(r"Σ_\{(.*)\}\s*")
_LETTERS = re.compile(r"[^\W\d_]+|\s+|.", re.DOTALL)


def steps_typst(steps: list[Step], *, ascii_only: bool = False) -> list[str]:
    """A block equation; what is named stands below the line it is named in."""
    changes = changes_of(steps)
    lines = [_Line(step, steps[i - 1].left if i else None, changes) for i, step in enumerate(steps)]
    left, formula, reason = map(max, zip(*(line.widths for line in lines), strict=True))
    room = PAGE - left - GAP
    beside = room - formula - GAP  # for reasons
    rows = [row for line in lines for row in line.rows(room, beside if reason <= beside else None)]
    found = ["$", *(f"  {row} \\" for row in rows[:-1]), f"  {rows[-1]}", "$"]
    return [in_ascii(row) for row in found] if ascii_only else found


class _Line:
    """A step in Typst: its left side, empty where it goes on, and what its columns take."""

    __slots__ = ("changes", "left", "step", "widths")

    def __init__(self, step: Step, before: Left | None, changes: set[str]) -> None:
        self.step, self.changes = step, changes
        self.left = "" if step.left == before else _left(step.left, changes)
        self.widths = (
            GAP if isinstance(step.left, Partial) else width(rendering.latex(step.left)),
            width(rendering.latex(step.right)),
            max(map(_extent, separated(step.why))),
        )

    def rows(self, room: float, beside: float | None) -> Iterator[str]:
        """The rows of the block: formula, reasons beside or below it, parts."""
        formula = _formula(self.step.right, self.changes)
        first, *others = _broken(formula, self.widths[1], room)
        first = f"{self.left} &= {first}".lstrip()
        reasons = [*_told(self.step.why, room if beside is None else beside)]
        yield first if beside is None else f"{first} && quad {reasons.pop(0)}"
        yield from (f"& quad {row}" for row in others)
        yield from (f"{'&' if beside is None else '&&&'} quad {reason}" for reason in reasons)
        for name, part in self.step.where:
            written, extent = _formula(part, self.changes), width(rendering.latex(part))
            *others, last = _broken(written, extent, room - WHERE)
            begin = f'& quad "where "{name_typst(name)} = '
            for row in others:
                yield begin + row
                begin = "& quad quad "
            yield f"{begin}{last} {_space(part)}"


def _told(why: Reason, room: float) -> Iterator[str]:
    """The reasons of a line, as many in a row as have room."""
    first, *others = separated(why)
    row = first
    for reason in others:
        if _extent(row) + _extent(reason) > room:
            yield _reason(row)
            row = reason
        else:
            row += ("; ", *reason)
    yield _reason(row)


def _extent(reason: Reason) -> float:
    return LETTER * len(told(reason))


def _broken(formula: str, extent: float, room: float) -> Iterator[str]:
    """A formula in rows: broken before a sign outside of all brackets where it has no room."""
    terms, depth = [""], 0
    for token in _TOKEN.findall(formula):
        depth += _DEEPER.get(token, 0)
        if depth == 0 and token in (" + ", " - "):
            terms.append(token.lstrip())
        else:
            terms[-1] += token
    most = room * len(formula) / extent if extent else float(len(formula))
    row = terms[0]
    for term in terms[1:]:
        if len(row) + len(term) > most:
            yield row
            row = term
        else:
            row += " " + term
    yield row


def _left(left: Left, changes: set[str]) -> str:
    return _partial(left) if isinstance(left, Partial) else _formula(left, changes)


def _partial(partial: Partial, quotient: str = "frac(∂{} {}, ∂ {}{})") -> str:
    square = "" if partial.order == 1 else "^2"
    value, variable = name_typst(partial.value), name_typst(partial.variable)
    return quotient.format(square, value, variable, square)


def _formula(expression: Expression, changes: set[str]) -> str:
    """The expression, `dif X` for the change dX of X."""
    written = rendering.typst(expression)
    for name in changes:
        sign = "∂ " if name[0] == "∂" else "dif "
        written = written.replace(name_typst(name), sign + name_typst(name[1:]))
    return written


def _space(part: Expression) -> str:
    """The space that a part is in: ∈ ℝ^(m × n)."""
    if part.is_scalar:
        return "∈ ℝ"
    sides = (side.spelled(name_typst, times=" thin ", over=r" \/ ") for side in part.shape)
    known = quoted(" symmetric") if is_known_symmetric(part) else ""
    return f"∈ ℝ^({' × '.join(sides)}){known}"


def _reason(reason: Reason) -> str:
    """Reasons: their formulas as mathematics, their words as strings, which bring their blanks."""
    written, words = "", ""
    for i, piece in enumerate(reason):
        if isinstance(piece, Expression):
            subscript = reason[i + 1] if i + 1 < len(reason) else ""
            formula = _formula(piece, changes_in(piece))
            # what has a script of its own, or is a product, carries the index as a whole
            has_index = isinstance(subscript, Signs) and _SUBSCRIPT.fullmatch(subscript)
            is_name = not piece.arguments and "_" not in formula
            added = f'class("normal", {formula})' if has_index and not is_name else formula
        elif isinstance(piece, Partial):
            added = _partial(piece, r"∂{} {} \/ ∂ {}{}")
        elif isinstance(piece, Signs):
            subscript_of = i > 0 and isinstance(reason[i - 1], Expression | Signs)
            added = _signs(piece, is_subscript=subscript_of)
        else:
            words += piece
            continue
        written += (quoted(words) if words else "") + added
        words = ""
    return written + (quoted(words) if words else "")


def _signs(signs: str, *, is_subscript: bool) -> str:
    """Signs of mathematics and single letters."""
    if subscript := _SUBSCRIPT.fullmatch(signs):
        indices = _letters(subscript[1])
        return f"_([{indices}])" if is_subscript else f"({indices})"
    if summed := _SUM.fullmatch(signs):
        return f"∑_({_letters(summed[1])}) "
    return f"dif {signs[2:]}" if signs.startswith("d ") else _letters(signs)


def _letters(text: str) -> str:
    """Text of one-letter names and signs; anything else is a string."""
    return "".join(
        piece if len(piece) == 1 and (piece.isalnum() or piece in "+-=:×∂(), ") else
        " " if piece.isspace() else quoted(piece)
        for piece in _LETTERS.findall(text)
    )  # fmt: skip
