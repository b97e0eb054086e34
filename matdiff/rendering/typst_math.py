r"""Formulas in Typst, as they stand between dollars.

What comes from the input is a lone letter or a number, or stands in a string: `quoted` is the one
way there, and in a string nothing acts.  Signs are those of Unicode, whose names in Typst have
changed from version to version.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from matdiff.operations.algebra import Expression
from matdiff.rendering.translation import Element, Markup
from matdiff.rendering.writer import Mark, Piece, Slotted

_FUNCTIONS = frozenset(
    "arccos arcsin arctan cos cosh det exp log max min sin sinh tan tanh tr".split()
)  # that Typst knows by these names
_ACCENTS = {
    "hat": "hat", "bar": "macron", "tilde": "tilde", "dot": "dot", "ddot": "dot.double",
    "check": "caron", "breve": "breve",
}  # fmt: skip
_PLAIN = frozenset("+-=,:()[]*⊤†∘⊘⊗×∇∂")
_SIGNS = {"/": r"\/"}  # else it would be the line of a fraction
_SCRIPTS = ("^(", "_(")
_TIGHT_BEFORE, _TIGHT_AFTER = frozenset(("(", ")", "]", ",")), frozenset(("(", "["))
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


def typst(expression: Expression, *, ascii: bool = False) -> str:
    r"""The expression as Typst mathematics, without the dollars; with `ascii`, as \u{2297} for ⊗.

    Raises LimitReached for a formula of more than a million tokens.

    >>> from matdiff.dimensions import Dimension
    >>> from matdiff.operations.algebra import HALF, symbol
    >>> n = Dimension.of("n")
    >>> print(typst(HALF * (symbol("A", n, n).T @ symbol("beta_hat", n, Dimension.of(1)))))
    frac(A^⊤ hat("beta"), 2)
    """
    written = _joined(_TYPST.pieces(expression))
    return in_ascii(written) if ascii else written


def name_typst(name: str) -> str:
    """A name: x_1 as it is, beta as "beta".

    >>> print(name_typst("W_1"), name_typst("W1"), name_typst("σ_hat_k"))
    W_1 "W1" hat(σ)_k
    """
    return _joined(_TYPST.name(name))


def quoted(text: str) -> str:
    r"""Text as a string, in which nothing of it acts.

    >>> print(quoted('a" #b $'), quoted("\n"))
    "a\" #b $" "\u{a}"
    """
    return '"' + "".join(map(_in_string, text)) + '"'


def in_ascii(typst: str) -> str:
    r"""The same with every sign beyond ASCII by its number, in strings as outside: \u{2297}."""
    return _BEYOND_ASCII.sub(lambda found: _numbered(found[0]), typst)


def _in_string(sign: str) -> str:
    if sign in '"\\':
        return f"\\{sign}"
    return sign if sign.isprintable() else _numbered(sign)


def _numbered(sign: str) -> str:
    code = ord(sign)
    return rf"\u{{{0xFFFD if 0xD800 <= code <= 0xDFFF else code:x}}}"


class _End(str):
    """The bracket after the arguments of a function, from which a factor keeps its distance."""

    __slots__ = ()


class _Typst(Markup):
    def row(self, elements: Sequence[Element]) -> Element:
        pieces: list[Slotted] = []
        for i, element in enumerate(elements):
            if i and _is_apart(elements[i - 1], element, begins=i == 1):
                pieces.append(" ")
            pieces += element
        return tuple(pieces)

    def group(self, elements: Sequence[Element]) -> Element:
        return ('class("normal", ', *self.row(elements), ")")

    def script(self, sign: str, base: Element, script: Element) -> Element:
        return (*base, f"{sign}(", *script, ")")

    def prime(self, base: Element) -> Element:
        return (*base, "'")

    def bracketed(self, elements: Sequence[Element]) -> Element:
        return ("(", *self.row(elements), _End(")"))

    def barred(self, elements: Sequence[Element]) -> Element:
        return ("norm(", *self.row(elements), ")")

    def table(self, rows: Sequence[Sequence[Element]]) -> Element:
        pieces: list[Slotted] = ['mat(delim: "["']
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                pieces += ("; " if number and not place else ", ", *cell)
        return (*pieces, ")")

    def fraction(self, above: Element, below: Element) -> Element:
        return ("frac(", *above, ", ", *below, ")")

    def root(self, inside: Element) -> Element:
        return ("sqrt(", *inside, ")")

    def accent(self, name: str, inside: Element) -> Element:
        return (f"{_ACCENTS[name]}(", *inside, ")")

    def word(self, letters: str) -> Element:
        return (quoted(letters),)

    def function(self, name: str) -> Element:
        return (name if name in _FUNCTIONS else f"op({quoted(name)})",)

    def bold(self, letters: str) -> Element:
        return (f"bold({letters if _is_plain(letters) else quoted(letters)})",)

    def space(self) -> Element:
        return ("thin",)

    def sign(self, sign: str) -> Element:
        return (sign if _is_plain(sign) else _SIGNS.get(sign) or quoted(sign),)


def _is_plain(sign: str) -> bool:
    """Whether it means nothing but itself in mathematics: one letter, a number, some signs."""
    if len(sign) == 1 and (sign.isalpha() or sign in _PLAIN):
        return True
    return sign.isascii() and sign.replace(".", "", 1).isdecimal()


def _is_apart(before: Element, element: Element, *, begins: bool) -> bool:
    """Whether a blank stands between two elements of a row; around a mark there is none yet."""
    last, first = before[-1], element[0]
    if isinstance(last, Mark) or isinstance(first, Mark):
        return False
    is_minus = begins and before == ("-",)
    return not (is_minus or first in _TIGHT_BEFORE or last in _TIGHT_AFTER)


def _joined(pieces: list[Piece]) -> str:
    """The pieces as one string; a thin blank between factors where Typst has none."""
    out: list[str] = []
    for i, piece in enumerate(pieces):
        if piece is Mark.JUXTAPOSED:
            out.append(" thin " if _run_together(pieces[i - 1], pieces[i + 1]) else " ")
        elif isinstance(piece, Mark):
            out.append("(" if piece is Mark.OPEN else ")")
        elif piece == ")" and _is_bare(out[-2:], pieces[i + 1 : i + 2]):
            out[-2] = out[-2][0]
        else:
            out.append(piece)
    return "".join(out)


def _is_bare(last: list[str], after: list[Piece]) -> bool:
    """Whether a script that ends here needs no brackets: a number, or one sign that is not taken
    for a function of what follows."""
    if len(last) < 2 or last[0] not in _SCRIPTS:
        return False
    script = last[1]
    return script.isdecimal() or (len(script) == 1 and after not in (["("], [Mark.OPEN]))


def _run_together(left: Piece, right: Piece) -> bool:
    """Whether two factors need a thin blank: before a function Typst leaves one anyway."""
    if isinstance(right, Mark) or right.startswith("op(") or right in _FUNCTIONS:
        return False
    return isinstance(left, _End)


_TYPST = _Typst()
