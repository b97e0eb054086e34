r"""Formulas in LaTeX: the same forms and the same brackets, with fractions and raised exponents.

Names of one letter are set in italics, longer ones upright; the first underscore of a name begins
its subscript, so that W_1 and W1 stay apart, and y_hat is \hat{y}.
"""

from __future__ import annotations

import re
from functools import cache
from string import Formatter

from matdiff.dimensions import Dimension
from matdiff.operations.algebra import COMMUTATION, Expression
from matdiff.operations.elementwise import POWER
from matdiff.rendering.forms import Form, Kind
from matdiff.rendering.names import GREEK
from matdiff.rendering.text import check_length
from matdiff.rendering.writer import (
    Mark,
    Piece,
    Slotted,
    Spelling,
    Target,
    separated,
    signed,
    write,
)

_ACCENTS = {"hat": r"\hat", "bar": r"\bar", "tilde": r"\tilde"}
_SPECIAL = {sign: "\\" + sign for sign in "#$%&_{}"} | {
    "\\": r"\backslash ",
    "^": r"\hat{\ }",
    "~": r"\sim ",
}
_ENDS_IN_COMMAND = re.compile(r"\\[A-Za-z]+$")


def latex(expression: Expression) -> str:
    r"""The expression as LaTeX mathematics, without the dollars.

    Raises LimitReached for a formula of more than a million tokens.

    >>> from matdiff.dimensions import Dimension
    >>> from matdiff.operations.algebra import HALF, symbol
    >>> n = Dimension.of("n")
    >>> print(latex(HALF * (symbol("A", n, n).T @ symbol("y_hat", n, Dimension.of(1)))))
    \frac{A^{\top} \hat{y}}{2}
    """
    check_length(expression)
    return _joined(write(expression, _LATEX))


def name_latex(name: str) -> str:
    r"""A name: x_1 as x_{1}, beta as \mathrm{beta}, β as \beta.

    >>> print(name_latex("W_1"), name_latex("W1"), name_latex("σ_hat_k"))
    W_{1} \mathrm{W1} \hat{\sigma}_{k}
    """
    base, *rest = name.split("_")
    written = _word(base)
    while rest and rest[0] in _ACCENTS:
        written = f"{_ACCENTS[rest.pop(0)]}{{{written}}}"
    return f"{written}_{{{_word('_'.join(rest))}}}" if rest else written


def _word(word: str) -> str:
    written = escape(word).strip()
    return written if len(word) < 2 or word.isdecimal() else rf"\mathrm{{{written}}}"


def escape(text: str) -> str:
    r"""Text in which every sign that LaTeX would act on is harmless; Greek letters by their names.

    >>> print(escape("50%_x"), escape("αx"))
    50\%\_x \alpha x
    """
    return "".join(
        _SPECIAL.get(sign) or (f"\\{GREEK[sign]} " if sign in GREEK else sign) for sign in text
    )


def _size(size: Dimension) -> str:
    written = ""
    for monomial, coefficient in size.terms:
        sign = "-" if coefficient < 0 else "+" if written else ""
        number = str(abs(coefficient)) if abs(coefficient) != 1 or not monomial else ""
        written += sign + r"\,".join([*([number] if number else []), *map(name_latex, monomial)])
    return written or "0"


def _spell(form: Form) -> Spelling:
    kind = form.kind
    if kind is Kind.NAME:
        return (name_latex(form.name),)
    if kind is Kind.NUMBER:
        return (form.value,)
    if kind is Kind.SIZE:
        return (_size(form.sizes[0]),)
    if kind is Kind.CONSTANT:
        return (_constant(form),)
    if kind is Kind.CALL:
        return _call(form)
    if kind is Kind.SUM:
        return signed(form)
    if kind is Kind.PRODUCT:
        return separated(Mark.JUXTAPOSED, len(form.parts))
    if kind in _SEPARATORS:
        return separated(_SEPARATORS[kind], len(form.parts))
    return _FIXED[kind]


@cache
def _template(latex: str) -> tuple[Slotted, ...]:
    r"""The pieces of a template of a record: {0}^{{\top}} is a slot and a string."""
    pieces: list[Slotted] = []
    for literal, field, _, _ in Formatter().parse(latex):
        pieces += [literal] if literal else []
        pieces += [int(field)] if field else []
    return tuple(pieces)


_SEPARATORS = {
    Kind.INNER: " : ",
    Kind.HADAMARD: r" \circ ",
    Kind.DIVIDE: r" \oslash ",
    Kind.KRONECKER: r" \otimes ",
}
_FIXED: dict[Kind, Spelling] = {
    Kind.MINUS: ("-", 0),
    Kind.QUOTIENT: (r"\frac{", 0, "}{", 1, "}"),
    Kind.POWER: (0, "^{", 1, "}"),
    Kind.ELEMENTWISE_POWER: _template(POWER.notation.latex),
    Kind.TRANSPOSE: (0, r"^{\top}"),
    Kind.INVERSE: (0, "^{-1}"),
    Kind.INVERSE_TRANSPOSE: (0, r"^{-\top}"),
}


def _constant(form: Form) -> str:
    assert form.operation is not None
    sign = "," if form.operation is COMMUTATION else r" \times "
    sizes = sign.join(map(_size, form.sizes))
    name = form.operation.notation.latex
    return f"{name}_{{{sizes}}}" if sizes else name


def _call(form: Form) -> Spelling:
    assert form.operation is not None
    notation = form.operation.notation
    name = notation.latex or rf"\operatorname{{{escape(notation.symbol)}}}"
    if "{0}" in name:
        return _template(name)
    if form.sizes:
        name += "_{" + ",".join(map(_size, form.sizes)) + "}"
    arguments = separated(", ", len(form.parts))
    return (name, r"\left(", *arguments, r"\right)")


def _joined(pieces: list[Piece]) -> str:
    """The pieces as one string; a thin blank between factors, none beside their brackets."""
    out: list[str] = []
    for i, piece in enumerate(pieces):
        if piece is Mark.OPEN:
            out.append(r"\left(")
        elif piece is Mark.CLOSE:
            out.append(r"\right)")
        elif piece is Mark.JUXTAPOSED:
            out.append(r"\," if _run_together(pieces[i - 1], pieces[i + 1]) else " ")
        elif isinstance(piece, str):
            if out and piece[:1].isalpha() and _ENDS_IN_COMMAND.search(out[-1]):
                out.append(" ")  # \alpha x, not \alphax
            out.append(piece)
    return "".join(out)


def _run_together(left: Piece, right: Piece) -> bool:
    """Whether two factors need a thin blank between them: upright words and calls do."""
    words = (r"\mathrm", r"\operatorname")
    if isinstance(left, Mark) or isinstance(right, Mark):
        return False
    return left == r"\right)" or left.startswith(words) or right.startswith(words)


_LATEX = Target(_spell, tight={Kind.QUOTIENT: 6}, enclosed=frozenset((Kind.QUOTIENT,)), raised=True)
