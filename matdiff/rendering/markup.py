"""Formulas in MathML, for pages.  Elements are those of MathML Core, which browsers show without
any script."""

from __future__ import annotations

from collections.abc import Sequence

from matdiff.operations.algebra import Expression
from matdiff.rendering.translation import Element, Markup
from matdiff.rendering.writer import Mark, Piece, Slotted

_BEGIN = '<math xmlns="http://www.w3.org/1998/Math/MathML">'
_OPEN, _CLOSE = "<mrow><mo>(</mo>", "<mo>)</mo></mrow>"
_MARKS = {
    Mark.JUXTAPOSED: '<mo lspace="0" rspace="0.17em">&#8290;</mo>',  # invisible times
    Mark.OPEN: _OPEN,
    Mark.CLOSE: _CLOSE,
}
_ACCENTS = {
    "hat": "^", "bar": "¯", "tilde": "~", "dot": "˙", "ddot": "¨", "check": "ˇ", "breve": "˘",
}  # fmt: skip
_SCRIPTS = {"^": "msup", "_": "msub"}
_IDENTIFIERS = "⊤†"  # signs that stand for something by themselves
_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


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
    left = _joined(_MATHML.name(name))
    return f"{_BEGIN}<mrow>{left}<mo>=</mo>{_body(expression)}</mrow></math>"


def _body(expression: Expression) -> str:
    return _joined(_MATHML.pieces(expression))


def _joined(pieces: list[Piece]) -> str:
    return "".join(_MARKS[piece] if isinstance(piece, Mark) else piece for piece in pieces)


class _MathML(Markup):
    def row(self, elements: Sequence[Element]) -> Element:
        return elements[0] if len(elements) == 1 else _element("mrow", *elements)

    def group(self, elements: Sequence[Element]) -> Element:
        return self.row(elements)

    def script(self, sign: str, base: Element, script: Element) -> Element:
        return _element(_SCRIPTS[sign], base, script)

    def prime(self, base: Element) -> Element:
        return _element("msup", base, ("<mo>′</mo>",))

    def bracketed(self, elements: Sequence[Element]) -> Element:
        return (_OPEN, *_flat(elements), _CLOSE)

    def barred(self, elements: Sequence[Element]) -> Element:
        bars = ('<mo form="prefix">‖</mo>',), ('<mo form="postfix">‖</mo>',)
        return _element("mrow", bars[0], *elements, bars[1])

    def table(self, rows: Sequence[Sequence[Element]]) -> Element:
        lines = [_element("mtr", *(_element("mtd", cell) for cell in row)) for row in rows]
        return _element("mrow", ("<mo>[</mo>",), _element("mtable", *lines), ("<mo>]</mo>",))

    def fraction(self, above: Element, below: Element) -> Element:
        return _element("mfrac", above, below)

    def root(self, inside: Element) -> Element:
        return _element("msqrt", inside)

    def accent(self, name: str, inside: Element) -> Element:
        sign = (f'<mo stretchy="false">{_ACCENTS[name]}</mo>',)
        return _element('mover accent="true"', inside, sign)

    def word(self, letters: str) -> Element:
        upright = ' mathvariant="normal"' if len(letters) == 1 else ""
        return (f"<mi{upright}>{letters.translate(_ESCAPED)}</mi>",)

    def function(self, name: str) -> Element:
        return self.word(name)

    def bold(self, letters: str) -> Element:
        return (f'<mi class="bold">{letters.translate(_ESCAPED)}</mi>',)

    def space(self) -> Element:
        return ('<mspace width="0.17em"/>',)

    def sign(self, sign: str) -> Element:
        if sign[0].isdecimal():
            return (f"<mn>{sign}</mn>",)
        if sign.isalpha() or sign in _IDENTIFIERS:
            return (f"<mi>{sign}</mi>",)
        return (f"<mo>{'−' if sign == '-' else sign.translate(_ESCAPED)}</mo>",)


def _element(tag: str, *children: Element) -> Element:
    return (f"<{tag}>", *_flat(children), f"</{tag.partition(' ')[0]}>")


def _flat(elements: Sequence[Element]) -> Element:
    pieces: list[Slotted] = []
    for element in elements:
        pieces += element
    return tuple(pieces)


_MATHML = _MathML()
