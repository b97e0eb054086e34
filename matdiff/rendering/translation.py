r"""The LaTeX writer's spelling of every form, read for other markups.

A form's spelling is a few signs of LaTeX with slots for its parts, so what is known of an operation
is written once, in its record, and brackets stand where they stand in LaTeX.  Only what that writer
emits is read.  A markup says how each thing that such signs can say is written in it.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence

from matdiff.operations.algebra import SYMBOL, Expression, postorder, symbol_name
from matdiff.rendering.forms import Form, Kind
from matdiff.rendering.names import GREEK
from matdiff.rendering.tex import ACCENTS, LATEX, name_parts
from matdiff.rendering.tex import spell as spell_latex
from matdiff.rendering.text import check_length
from matdiff.rendering.writer import Piece, Slotted, Spelling, write

_TOKEN = re.compile(
    r"\\begin\{bmatrix\}|\\end\{bmatrix\}|\\left\(|\\right\)|\\[A-Za-z]+|\\.|[0-9]+(?:\.[0-9]+)?|\S"
)
_SCRIPTS = "^_"
_ACCENTS = frozenset(f"\\{name}" for name in ACCENTS)
SPACES = frozenset((r"\,", r"\;", r"\ "))
SIGNS = {f"\\{name}": sign for sign, name in GREEK.items()} | {
    r"\circ": "∘", r"\oslash": "⊘", r"\otimes": "⊗", r"\times": "×", r"\top": "⊤",
    r"\dagger": "†", r"\nabla": "∇", r"\backslash": "\\", r"\sim": "~",
}  # fmt: skip

Element = tuple[Slotted, ...]  # the pieces of one element, a slot being one


class Markup(ABC):
    """How formulas are set in a language: each method takes and gives elements."""

    def __init__(self) -> None:
        self._plain = LATEX.spelled(self._spell)
        self._told_apart = LATEX.spelled(self._spell_told_apart)
        self._translated: dict[tuple[Slotted, ...], Element] = {}

    @abstractmethod
    def row(self, elements: Sequence[Element]) -> Element:
        """Several elements as one, which a slot is replaced by."""

    @abstractmethod
    def group(self, elements: Sequence[Element]) -> Element:
        """What carries an index although it has one: the base of {X_{1}}_{[2]}."""

    @abstractmethod
    def script(self, sign: str, base: Element, script: Element) -> Element:
        """The base with a script, raised for ^ and lowered for _."""

    @abstractmethod
    def prime(self, base: Element) -> Element: ...

    @abstractmethod
    def bracketed(self, elements: Sequence[Element]) -> Element:
        """The arguments of a function, in round brackets."""

    @abstractmethod
    def barred(self, elements: Sequence[Element]) -> Element:
        """Between double bars: a norm."""

    @abstractmethod
    def table(self, rows: Sequence[Sequence[Element]]) -> Element: ...

    @abstractmethod
    def fraction(self, above: Element, below: Element) -> Element: ...

    @abstractmethod
    def root(self, inside: Element) -> Element: ...

    @abstractmethod
    def accent(self, name: str, inside: Element) -> Element: ...

    @abstractmethod
    def word(self, letters: str) -> Element:
        """A name of several letters, upright; the letters are those of the input."""

    @abstractmethod
    def function(self, name: str) -> Element:
        """The name of a known function; of an operation that is declared, its symbol."""

    @abstractmethod
    def bold(self, letters: str) -> Element: ...

    @abstractmethod
    def space(self) -> Element: ...

    @abstractmethod
    def sign(self, sign: str) -> Element:
        """A letter, a number or one sign, any of Unicode."""

    def pieces(self, expression: Expression) -> list[Piece]:
        """The strings and marks of a formula.  Raises LimitReached for one that is too long."""
        check_length(expression)
        symbols = {symbol_name(n) for n in postorder(expression) if n.operation is SYMBOL}
        # σ( is the sigmoid only where no variable is called so
        return write(expression, self._told_apart if "σ" in symbols else self._plain)

    def name(self, name: str) -> list[Piece]:
        """A name as it stands in formulas.  Its signs are not taken from LaTeX, but as they are."""
        base, accents, below = name_parts(name)
        element = self._word(base)
        for accent in accents:
            element = self.accent(accent, element)
        if below:
            element = self.script("_", element, self._word(below))
        return [piece for piece in element if isinstance(piece, str)]

    def _word(self, word: str) -> Element:
        is_single = word.isalpha() and len(word) == 1
        return self.sign(word) if is_single or word.isdecimal() else self.word(word)

    def _spell(self, form: Form) -> Spelling:
        if form.kind is Kind.NAME:
            return self.name(form.name)
        return self._translate(tuple(spell_latex(form)))

    def _spell_told_apart(self, form: Form) -> Spelling:
        spelling = tuple(spell_latex(form))
        if form.kind is Kind.CALL and spelling[0] == r"\sigma":
            return self._translate((r"\operatorname{sigmoid}", *spelling[1:]))
        return self._spell(form)

    def _translate(self, spelling: tuple[Slotted, ...]) -> Element:
        """The spelling of a form; a lone slot stays as it is."""
        found = self._translated.get(spelling)
        if found is None:
            tokens: list[Slotted] = []
            for piece in spelling:
                tokens += _TOKEN.findall(piece) if isinstance(piece, str) else [piece]
            found = self._translated[spelling] = self.row(_Reader(tokens, self).elements(None))
        return found


class _Reader:
    """Reads the tokens of one spelling, whose groups are few levels deep."""

    def __init__(self, tokens: Sequence[Slotted], markup: Markup) -> None:
        self.tokens, self.at, self.markup = tokens, 0, markup

    def elements(self, end: str | None) -> list[Element]:
        """The elements up to the token that ends them, which is taken."""
        found: list[Element] = []
        while self.at < len(self.tokens):
            token = self.take()
            if token == end:
                break
            if isinstance(token, str) and token in _SCRIPTS:
                base = found.pop() if found else self.markup.row(())
                found.append(self.markup.script(token, base, self.argument()))
            elif token == "'":
                found.append(self.markup.prime(found.pop()))
            else:
                found.append(self.element(token))
        return found

    def take(self) -> Slotted:
        self.at += 1
        return self.tokens[self.at - 1]

    def argument(self) -> Element:
        token = self.take()
        return self.markup.row(self.elements("}")) if token == "{" else self.element(token)

    def element(self, token: Slotted) -> Element:
        """The element that begins with a token."""
        markup = self.markup
        if not isinstance(token, str):
            return (token,)
        if token == "{":
            return markup.group(self.elements("}"))
        if token == r"\left(":
            return markup.bracketed(self.elements(r"\right)"))
        if token == r"\lVert":
            return markup.barred(self.elements(r"\rVert"))
        if token == r"\begin{bmatrix}":
            return markup.table(self.rows())
        if token == r"\frac":
            return markup.fraction(self.argument(), self.argument())
        if token == r"\sqrt":
            return markup.root(self.argument())
        if token in _ACCENTS:
            return markup.accent(token[1:], self.argument())
        if token == r"\operatorname":
            return markup.function(self.letters())
        if token == r"\mathrm":
            return markup.word(self.letters())
        if token == r"\mathbf":
            return markup.bold(self.letters())
        if token in SPACES:
            return markup.space()
        return self.leaf(token)

    def leaf(self, token: str) -> Element:
        if token in SIGNS:
            return self.markup.sign(SIGNS[token])
        if token.startswith("\\") and len(token) > 2:  # the name of a function: \log
            return self.markup.function(token[1:])
        return self.markup.sign(token.removeprefix("\\"))

    def rows(self) -> list[list[Element]]:
        """The cells of a bmatrix."""
        rows: list[list[Element]] = [[]]
        cell: list[Element] = []
        while (token := self.take()) != r"\end{bmatrix}":
            if token not in ("&", r"\\"):
                cell.append(self.element(token))
                continue
            rows[-1].append(self.markup.row(cell))
            cell = []
            if token == r"\\":
                rows.append([])
        rows[-1].append(self.markup.row(cell))
        return rows

    def letters(self) -> str:
        """The text of a group of letters."""
        text = ""
        while (token := self.take()) != "}":
            assert isinstance(token, str)
            text += "" if token == "{" else SIGNS.get(token, token.removeprefix("\\"))
        return text
