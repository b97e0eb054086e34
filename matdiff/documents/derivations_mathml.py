"""A derivation in MathML: a table with a row for each line, as elements of MathML Core."""

from __future__ import annotations

from matdiff.derivations.steps import Left, Partial, Reason, Step
from matdiff.operations.algebra import Expression
from matdiff.rendering import mathml

_BEGIN, _END = '<math xmlns="http://www.w3.org/1998/Math/MathML"', "</math>"
_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
_EQUALS = "<mo>=</mo>"


def steps_mathml(steps: list[Step]) -> str:
    """A `math` element on a line of its own, with the reason beside each line."""
    rows: list[str] = []
    before: Left | None = None
    for step in steps:
        left = "" if step.left == before else _left(step.left)
        rows.append(_row(left, _EQUALS, _formula(step.right), _reason(step.why)))
        for name, part in step.where:
            shape = "scalar" if part.is_scalar else "×".join(map(str, part.shape))
            named = f"{_words('where ')}{_name(name)}{_EQUALS}{_formula(part)}"
            rows.append(_row("", "", f"<mrow>{named}</mrow>", _words(shape)))
        before = step.left
    table = f'<mtable displaystyle="true">{"".join(rows)}</mtable>'
    return f'{_BEGIN} display="block">{table}{_END}'


def _row(left: str, sign: str, right: str, beside: str) -> str:
    return (
        f'<mtr><mtd style="text-align: right">{left}</mtd><mtd>{sign}</mtd>'
        f'<mtd style="text-align: left">{right}</mtd>'
        f'<mtd style="text-align: left">{beside}</mtd></mtr>'
    )


def _left(left: Left) -> str:
    if not isinstance(left, Partial):
        return _formula(left)
    square = "<mn>2</mn></msup>" if left.order == 2 else ""
    raised = "<msup>" if square else ""
    above = f"{raised}<mo>∂</mo>{square}{_name(left.value)}"
    below = f"<mo>∂</mo>{raised}{_name(left.variable)}{square}"
    return f"<mfrac><mrow>{above}</mrow><mrow>{below}</mrow></mfrac>"


def _reason(reason: Reason) -> str:
    pieces = (
        _formula(piece) if isinstance(piece, Expression) else _words(str(piece)) for piece in reason
    )
    return f"<mrow>{''.join(pieces)}</mrow>"


def _formula(expression: Expression) -> str:
    return mathml(expression).removeprefix(f"{_BEGIN}>").removesuffix(_END)


def _name(name: str) -> str:
    return f"<mi>{name.translate(_ESCAPED)}</mi>"


def _words(words: str) -> str:
    # blanks at the ends of an mtext would be dropped
    return f"<mtext>{words.translate(_ESCAPED).replace(' ', '&#160;')}</mtext>"
