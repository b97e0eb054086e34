r"""Formulas in LaTeX: the same forms and the same brackets, with fractions and raised exponents.

Names of one letter are set in italics, longer ones upright; the first underscore of a name begins
its subscript, so that W_1 and W1 stay apart, and y_hat is \hat{y}.
"""

from __future__ import annotations

import re
from functools import cache
from string import Formatter

from matdiff.dimensions import Dimension
from matdiff.operations.algebra import COMMUTATION, SYMBOL, Expression, symbol_name
from matdiff.operations.elementwise import POWER
from matdiff.operations.linear import KHATRI_RAO
from matdiff.rendering.forms import Form, Kind, Part
from matdiff.rendering.names import GREEK
from matdiff.rendering.text import check_length
from matdiff.rendering.writer import (
    Mark,
    Piece,
    Slotted,
    Spelling,
    Target,
    in_rows,
    item_text,
    separated,
    signed,
    write,
)

ACCENTS = ("hat", "bar", "tilde", "dot", "ddot", "check", "breve")
_SPECIAL = {sign: "\\" + sign for sign in "#$%&_{}"} | {
    "\\": r"\backslash ",
    "^": r"\hat{\ }",
    "~": r"\sim ",
}
_OPENING = (r"\left(", r"\lVert ")
_CLOSING = (r"\right)", r" \rVert")
_TALL = (r"\frac{", r"\begin{")
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
    return _joined(_told_apart(write(expression, LATEX)))


def name_latex(name: str) -> str:
    r"""A name: x_1 as x_{1}, beta as \mathrm{beta}, β as \beta.

    >>> print(name_latex("W_1"), name_latex("W1"), name_latex("σ_hat_k"))
    W_{1} \mathrm{W1} \hat{\sigma}_{k}
    """
    base, accents, below = name_parts(name)
    written = _word(base)
    for accent in accents:
        written = f"\\{accent}{{{written}}}"
    return f"{written}_{{{_word(below)}}}" if below else written


def name_parts(name: str) -> tuple[str, list[str], str]:
    """What a name is made of: a word, the accents on it from the innermost, what stands below it.

    >>> name_parts("σ_hat_k"), name_parts("x__1")
    (('σ', ['hat'], 'k'), ('x__1', [], ''))
    """
    base, *rest = name.split("_")
    accents: list[str] = []
    while rest and rest[0] in ACCENTS:
        accents.append(rest.pop(0))
    below = "_".join(rest)
    if rest and (below.strip("_") == "" or below.startswith("_")):
        return name, [], ""  # x_ and x__1 would have nothing to set below the x
    return base, accents, below


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
    return size.spelled(name_latex, times=r"\,")


def spell(form: Form) -> Spelling:
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
    if kind is Kind.INDEXED:
        items = ",".join(item_text(item, _size) for item in form.items)
        opening, closing = ("{", "}") if _has_subscript(form.parts[0]) else ("", "")
        return (opening, 0, f"{closing}_{{[{items}]}}")
    if kind is Kind.BLOCKS:
        return (r"\begin{bmatrix} ", *in_rows(form, " & ", r" \\ "), r" \end{bmatrix}")
    if kind is Kind.KHATRI_RAO:
        return _nested_call(form)
    if kind in _SEPARATORS:
        return separated(_SEPARATORS[kind], len(form.parts))
    return _FIXED[kind]


def _has_subscript(part: Part) -> bool:
    """Whether a second subscript would be set beside a first one."""
    if isinstance(part, Form):
        return part.kind is not Kind.PRODUCT
    return part.operation is not SYMBOL or "_" in symbol_name(part)


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
    name = form.operation.notation.latex
    if "{0}" in name:
        return name.format(*map(_size, form.sizes))
    sizes = sign.join(map(_size, form.sizes))
    return f"{name}_{{{sizes}}}" if sizes else name


def _call(form: Form) -> Spelling:
    assert form.operation is not None
    notation, unknown = form.operation.notation, form.operation.unknown
    name = notation.latex or rf"\operatorname{{{escape(notation.symbol)}}}"
    if unknown is not None:  # its name is a piece of its own: σ(x) is not the sigmoid then
        before, after = name.format(function="\0").split("\0")
        pieces = [before] if before else []
        return (*pieces, name_latex(unknown.name), after, r"\left(", 0, r"\right)")
    if "{0}" in name:
        return _template(name)
    if form.sizes:
        name += "_{" + ",".join(map(_size, form.sizes)) + "}"
    arguments = separated(", ", len(form.parts))
    return (name, r"\left(", *arguments, r"\right)")


def _is_postfix(form: Form) -> bool:
    """Whether the argument stands before its sign, as in X^{+}."""
    if form.kind is not Kind.CALL:
        return False
    assert form.operation is not None
    return form.operation.notation.latex.startswith("{0}")


def _nested_call(form: Form) -> Spelling:
    r"""\operatorname{khatri\_rao}(A, B) for A⊛B: in LaTeX \circledast is the Hadamard product."""
    name = KHATRI_RAO.notation.latex
    last = len(form.parts) - 1
    pieces: list[Slotted] = []
    for i in range(last):
        pieces += (name, r"\left(", i, ", ")
    return [*pieces, last, *[r"\right)"] * last]


def _joined(pieces: list[Piece]) -> str:
    """The pieces as one string; a thin blank between factors, none beside their brackets."""
    out: list[str] = []
    for i, piece in enumerate(_sized(pieces)):
        if piece is Mark.JUXTAPOSED:
            out.append(r"\," if _run_together(pieces[i - 1], pieces[i + 1]) else " ")
        elif isinstance(piece, str):
            if out and piece[:1].isalpha() and _ENDS_IN_COMMAND.search(out[-1]):
                out.append(" ")  # \alpha x, not \alphax
            out.append(piece)
    return "".join(out)


def _told_apart(pieces: list[Piece]) -> list[Piece]:
    r"""The sigmoid \sigma( by its whole name where a variable σ occurs too."""
    found = [i for i, piece in enumerate(pieces) if piece == r"\sigma"]
    calls = [i for i in found if pieces[i + 1 : i + 2] == [_OPENING[0]]]
    if len(calls) < len(found):
        for i in calls:
            pieces[i] = r"\operatorname{sigmoid}"
    return pieces


def _sized(pieces: list[Piece]) -> list[Piece]:
    r"""Brackets as strings: \left( and \right) around what is taller than a line, else ( and )."""
    sized = list(pieces)
    opened: list[int] = []
    tall = [False]  # whether what stands in the brackets open here is taller than a line
    for i, piece in enumerate(pieces):
        if piece is Mark.OPEN or piece in _OPENING:
            opened.append(i)
            tall.append(False)
        elif piece is Mark.CLOSE or (isinstance(piece, str) and piece.startswith(_CLOSING)):
            around, begin = tall.pop(), opened.pop()
            sized[begin] = _bracket(pieces[begin], "(", r"\left" if around else "")
            sized[i] = _bracket(piece, ")", r"\right" if around else "")
            tall[-1] = tall[-1] or around
        elif isinstance(piece, str) and piece.startswith(_TALL):
            tall[-1] = True
    return sized


def _bracket(piece: Piece, plain: str, size: str) -> str:
    if isinstance(piece, str) and "Vert" in piece:
        blank, bar, rest = piece.partition("\\")
        return f"{blank}{size}{bar}{rest}"
    return size + plain


def _run_together(left: Piece, right: Piece) -> bool:
    """Whether two factors need a thin blank between them: upright words and calls do."""
    words = (r"\mathrm", r"\operatorname")
    if isinstance(left, Mark) or isinstance(right, Mark):
        return False
    return left == r"\right)" or left.startswith(words) or right.startswith(words)


LATEX = Target(
    spell,
    tight={Kind.QUOTIENT: 6, Kind.KHATRI_RAO: 9},
    enclosed=frozenset((Kind.QUOTIENT, Kind.KHATRI_RAO)),
    raised=True,
    postfix=_is_postfix,
)
