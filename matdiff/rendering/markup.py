r"""Formulas in MathML, for pages: the LaTeX writer's spelling of every form, translated.

A form's spelling is a few signs of LaTeX with slots for its parts, so what is known of an operation
is written once, in its record, and brackets stand where they stand in LaTeX.  Only what that writer
emits is translated.  Elements are those of MathML Core, which browsers show without any script.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from matdiff.operations.algebra import SYMBOL, Expression, postorder, symbol_name
from matdiff.rendering.forms import Form, Kind
from matdiff.rendering.names import GREEK
from matdiff.rendering.tex import name_latex
from matdiff.rendering.tex import spell as spell_latex
from matdiff.rendering.text import check_length
from matdiff.rendering.writer import Mark, Slotted, Spelling, Target, write

_TOKEN = re.compile(
    r"\\begin\{bmatrix\}|\\end\{bmatrix\}|\\left\(|\\right\)|\\[A-Za-z]+|\\.|[0-9]+(?:\.[0-9]+)?|\S"
)
_BEGIN = '<math xmlns="http://www.w3.org/1998/Math/MathML">'
_BLANK = '<mspace width="0.17em"/>'
_OPEN, _CLOSE = "<mrow><mo>(</mo>", "<mo>)</mo></mrow>"
_MARKS = {
    Mark.JUXTAPOSED: '<mo lspace="0" rspace="0.17em">&#8290;</mo>',  # invisible times
    Mark.OPEN: _OPEN,
    Mark.CLOSE: _CLOSE,
}
_WORDS = (r"\operatorname", r"\mathrm")
_LETTERS = {f"\\{name}": sign for sign, name in GREEK.items()} | {r"\sim": "~", r"\top": "⊤"}
_OPERATORS = {
    r"\circ": "∘", r"\oslash": "⊘", r"\otimes": "⊗", r"\times": "×", "-": "−",
    r"\backslash": "\\",
}  # fmt: skip
_BARS = {r"\lVert": '<mo form="prefix">‖</mo>', r"\rVert": '<mo form="postfix">‖</mo>'}
_ACCENTS = {r"\hat": "^", r"\bar": "¯", r"\tilde": "~"}
_SPACES = {r"\,", r"\;", r"\ "}
_SCRIPTS = {"^": "msup", "_": "msub"}
_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})

Element = tuple[Slotted, ...]  # the pieces of one element, a slot being one


def mathml(expression: Expression) -> str:
    r"""The expression as a `math` element.

    Raises LimitReached for a formula of more than a million tokens.

    >>> from matdiff.dimensions import Dimension
    >>> from matdiff.operations.algebra import symbol
    >>> A = symbol("A", Dimension.of("m"), Dimension.of("n"))
    >>> print(mathml(A.T).partition(">")[2])
    <msup><mi>A</mi><mi>⊤</mi></msup></math>
    """
    return f"{_BEGIN}{_body(expression)}</math>"


def equation(name: str, expression: Expression) -> str:
    """`name = expression` as a `math` element: the definition of a part that has a name."""
    left = "".join(map(str, _translated((name_latex(name),))))
    return f"{_BEGIN}<mrow>{left}<mo>=</mo>{_body(expression)}</mrow></math>"


def _body(expression: Expression) -> str:
    check_length(expression)
    symbols = {symbol_name(n) for n in postorder(expression) if n.operation is SYMBOL}
    # σ( is the sigmoid only where no variable is called so
    target = _TOLD_APART if "σ" in symbols else _MATHML
    written = write(expression, target)
    return "".join(_MARKS[piece] if isinstance(piece, Mark) else piece for piece in written)


def _spell(form: Form) -> Spelling:
    return _translated(tuple(spell_latex(form)))


def _spell_told_apart(form: Form) -> Spelling:
    spelling = tuple(spell_latex(form))
    if form.kind is Kind.CALL and spelling[0] == r"\sigma":
        spelling = (r"\operatorname{sigmoid}", *spelling[1:])
    return _translated(spelling)


@cache
def _translated(spelling: tuple[Slotted, ...]) -> tuple[Slotted, ...]:
    """The spelling of a form in MathML; a lone slot stays as it is."""
    tokens: list[Slotted] = []
    for piece in spelling:
        tokens += _TOKEN.findall(piece) if isinstance(piece, str) else [piece]
    return _one(_Reader(tokens).elements(None))


class _Reader:
    """Reads the tokens of one spelling, whose groups are few levels deep."""

    def __init__(self, tokens: Sequence[Slotted]) -> None:
        self.tokens, self.at = tokens, 0

    def elements(self, end: str | None) -> list[Element]:
        """The elements up to the token that ends them, which is taken."""
        found: list[Element] = []
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            if token == end:
                break
            if isinstance(token, str) and token in _SCRIPTS:
                base = found.pop() if found else ("<mrow></mrow>",)
                found.append(_element(_SCRIPTS[token], base, self.argument()))
            elif token == "'":
                found.append(_element("msup", found.pop(), ("<mo>′</mo>",)))
            else:
                found.append(self.element(token))
        return found

    def argument(self) -> Element:
        token = self.tokens[self.at]
        self.at += 1
        return self.element(token)

    def element(self, token: Slotted) -> Element:
        """The element that begins with a token."""
        if not isinstance(token, str):
            return (token,)
        if token == "{":
            return _one(self.elements("}"))
        if token == r"\left(":
            return (_OPEN, *_flat(self.elements(r"\right)")), _CLOSE)
        if token == r"\begin{bmatrix}":
            return _table(self.elements(r"\end{bmatrix}"))
        if token == r"\frac":
            return _element("mfrac", self.argument(), self.argument())
        if token == r"\sqrt":
            return _element("msqrt", self.argument())
        if token in _ACCENTS:
            accent = (f'<mo stretchy="false">{_ACCENTS[token]}</mo>',)
            return _element('mover accent="true"', self.argument(), accent)
        if token in _WORDS:
            return (_word(self.letters()),)
        if token == r"\mathbf":
            return (f'<mi class="bold">{self.letters()}</mi>',)
        return (_leaf(token),)

    def letters(self) -> str:
        """The text of a group of letters, escaped."""
        text = ""
        while (token := self.tokens[self.at]) != "}":
            assert isinstance(token, str)
            text += "" if token == "{" else _LETTERS.get(token, token.removeprefix("\\"))
            self.at += 1
        self.at += 1
        return text.translate(_ESCAPED)


def _leaf(token: str) -> str:
    if token in _BARS:
        return _BARS[token]
    if token in _SPACES:
        return _BLANK
    if token in (r"\\", "&"):
        return token  # parts a table
    if token in _LETTERS:
        return f"<mi>{_LETTERS[token]}</mi>"
    if token[0].isdecimal():
        return f"<mn>{token}</mn>"
    if token in _OPERATORS:
        return f"<mo>{_OPERATORS[token]}</mo>"
    if token.startswith("\\") and len(token) > 2:  # the name of a function: \log
        return f"<mi>{token[1:]}</mi>"
    sign = token.removeprefix("\\").translate(_ESCAPED)
    return f"<mi>{sign}</mi>" if token.isalpha() else f"<mo>{sign}</mo>"


def _word(letters: str) -> str:
    upright = ' mathvariant="normal"' if len(letters) == 1 else ""
    return f"<mi{upright}>{letters}</mi>"


def _table(cells: list[Element]) -> Element:
    pieces: list[Slotted] = ["<mrow><mo>[</mo><mtable><mtr><mtd>"]
    for cell in cells:
        if cell == ("&",):
            pieces.append("</mtd><mtd>")
        elif cell == (r"\\",):
            pieces.append("</mtd></mtr><mtr><mtd>")
        else:
            pieces += cell
    return (*pieces, "</mtd></mtr></mtable><mo>]</mo></mrow>")


def _element(tag: str, *children: Element) -> Element:
    return (f"<{tag}>", *_flat(children), f"</{tag.partition(' ')[0]}>")


def _one(elements: Sequence[Element]) -> Element:
    """The elements as one; so a slot, which stands for a form, is one element too."""
    return elements[0] if len(elements) == 1 else _element("mrow", *elements)


def _flat(elements: Sequence[Element]) -> Element:
    return tuple(piece for element in elements for piece in element)


_TIGHT = {Kind.QUOTIENT: 6, Kind.KHATRI_RAO: 9}
_ENCLOSED = frozenset((Kind.QUOTIENT, Kind.KHATRI_RAO))
_MATHML = Target(_spell, tight=_TIGHT, enclosed=_ENCLOSED, raised=True)
_TOLD_APART = Target(_spell_told_apart, tight=_TIGHT, enclosed=_ENCLOSED, raised=True)
