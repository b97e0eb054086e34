"""From what was typed to the characters of the grammar, with the way back for carets.

Signs that people use for one another (· ⋅, − -, ‖ ∥, ’ ', superscripts, subscripts) are folded by
the tables below: explicit, never by a compatibility normalisation, which would turn 𝐗 into X and
² into 2.  Canonically equivalent text (NFC) is read alike: ŷ is y_hat however it was composed.
Letters that merely look like letters of the alphabet, control characters, and whatever has no
meaning here are refused with their code point.
"""

from __future__ import annotations

import re
import unicodedata

from matdiff.errors import SyntaxProblem

Span = tuple[int, int]

_ALIKE = {
    "*": "·⋅∙‧•∗✱",
    "-": "−–‐‑﹣",
    "/": "÷∕⁄",
    "∘": "◦○⚬⊙⨀",
    "⊗": "⨂",
    "×": "✕✖⨯",
    "|": "∣❘",
    "‖": "∥‗",
    "<": "⟨\u2329\u3008",
    ">": "⟩\u232a\u3009",
    ":": "∶",
    "'": "’′´ʹ",
    "''": "″",
    "'''": "‴",
    " ": "\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
    "μ": "µ",
    "φ": "ϕ",
    "ε": "ϵ",
    "θ": "ϑ",
    "ρ": "ϱ",
    "π": "ϖ",
    "κ": "ϰ",
    "Σ": "∑",
    "(1/2)": "½",
    "(1/4)": "¼",
    "(3/4)": "¾",
    "(1/3)": "⅓",
    "(2/3)": "⅔",
}
FOLDED = {sign: usual for usual, signs in _ALIKE.items() for sign in signs}

SUPERSCRIPT = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿᵏᵀ⊤⊺†", "0123456789+-()nkTTT+", strict=True))
SUBSCRIPT = dict(zip("₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789aehijklmnoprstuvx", strict=True))

_MARKS = {"\u0302": "_hat", "\u0303": "_tilde", "\u0304": "_bar", "\u0305": "_bar"}
_LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_GREEK = "ΓΔΘΛΞΠΣΦΨΩαβγδεζηθικλμνξπρςστυφχψω"
_SIGNS = "∘⊗⊛⊘×‖∈→∂∞ℝ"
_ACCEPTED = frozenset(
    _LATIN + _GREEK + _SIGNS + " \t\n0123456789!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
)

# Letters of other alphabets with the Latin letter they are taken for.
_LOOKS_LIKE = dict(
    zip(
        "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοАВЕЗКМНОРСТУХаеорсухіѕј",
        "ABEZHIKMNOPTYXoABE3KMHOPCTYXaeopcyxisj",
        strict=True,
    )
)
_LETTERLIKE = "\u2126\u212a\u212b"  # ohm, kelvin, angstrom: NFC would take them for letters
_EXPONENT = re.compile(r"\^(?:-?[0-9]+|\+|-?[A-Za-z]|\{[^{}]+\}|\([^()]+\))$")
_INSTEAD = {
    "√": "write sqrt(…)",
    "∇": "ask for the gradient of an expression",
    "ℓ": "write l",
    "“": 'quotation marks have no meaning here; the transpose is written "A\'"',
    "≠": "an index of a sum runs over its whole range; a 0/1 matrix as a factor selects pairs",
    "∫": "integrals are not read",
    "∏": "products over an index are not read",
}


class Text:
    """Folded text, and for each of its characters the place in the original.

    `notes` are sentences on how it was understood, `doubts` those on what may be meant otherwise.
    """

    __slots__ = ("_ends", "_starts", "doubts", "folded", "notes", "original")

    def __init__(
        self,
        original: str,
        folded: str,
        starts: list[int] | None = None,
        ends: list[int] | None = None,
        notes: list[str] | None = None,
    ) -> None:
        self.original, self.folded, self.notes = original, folded, notes or []
        self.doubts: list[str] = []
        self._starts, self._ends = starts, ends

    def span(self, start: int, end: int) -> Span:
        """Where the folded characters [start, end) stand in the original.

        >>> fold("A²B").span(1, 3)
        (1, 2)
        """
        if self._starts is None or self._ends is None:
            return start, end
        if start >= len(self._starts):
            return len(self.original), len(self.original)
        if end <= start:
            return self._starts[start], self._starts[start]
        return self._starts[start], self._ends[end - 1]


def fold(text: str) -> Text:
    """The text in the characters of the grammar; raises SyntaxProblem (MX102).

    >>> fold("x₁’A⁻¹ ŷ · µ").folded
    "x_1'A^-1 y_hat * μ"
    """
    if text.isascii() and text.isprintable():
        return Text(text, text)
    return _Folding(text).result()


class _Folding:
    """One pass over a text, cluster by cluster (a letter with the marks that combine with it)."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pieces: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.raised = self.lowered = self.accented = False

    def result(self) -> Text:
        position = 0
        while position < len(self.text):
            end = position + 1
            while end < len(self.text) and unicodedata.combining(self.text[end]):
                end += 1
            self._cluster(position, end)
            position = end
        return Text(self.text, "".join(self.pieces), self.starts, self.ends)

    def _write(self, folded: str, start: int, end: int) -> None:
        self.pieces.append(folded)
        self.starts.extend([start] * len(folded))
        self.ends.extend([end] * len(folded))

    def _last(self) -> str:
        return self.pieces[-1][-1] if self.pieces else ""

    def _cluster(self, start: int, end: int) -> None:
        sign = self.text[start]
        if end == start + 1:
            if sign in SUPERSCRIPT:
                return self._superscript(sign, start)
            if sign in SUBSCRIPT:
                return self._subscript(sign, start)
        word = sign.isalnum() or sign == "_"
        # A blank keeps x²3 and x₁y two factors, as they are to the eye.
        if (self.raised or self.accented or self.lowered) and sign.isalnum():
            self._write(" ", start, start)
        self.raised = self.lowered = False
        self.accented = self.accented and word and not sign.isalpha()
        if end == start + 1 and sign in _ACCEPTED:
            self._write(sign, start, end)
        elif end == start + 1 and sign in FOLDED:
            self._write(FOLDED[sign], start, end)
        elif sign == "\r" and self.text[start + 1 : start + 2] == "\n":
            self._write(" ", start, end)
        else:
            self._accented_letter(start, end)

    def _superscript(self, sign: str, position: int) -> None:
        if SUPERSCRIPT[sign] == "T" and self._after_exponent():
            self._write("'", position, position + 1)  # A⁻¹ᵀ and A^-1ᵀ
            return
        if self.raised:
            self._refuse_second_raised(SUPERSCRIPT[sign], position)
        if not self.raised and not self._in_exponent():
            self._write("^", position, position + 1)
        self._write(SUPERSCRIPT[sign], position, position + 1)
        self.raised, self.lowered, self.accented = True, False, False

    def _in_exponent(self) -> bool:
        """Whether what is written so far ends in ^, ^{, ^- or ^{-, as in A^⊤."""
        tail = "".join(self.pieces[-3:]).rstrip("-")
        return tail.endswith(("^", "^{"))

    def _refuse_second_raised(self, sign: str, position: int) -> None:
        """Refuse ⁿ⁺¹ and ²ⁿ without brackets, of which `^` would take the first operand alone."""
        exponent = "".join(self.pieces[-24:]).rpartition("^")[2]
        whole = exponent[-1:].isalnum() and "(" not in exponent and sign not in "()"
        if whole and not (exponent[-1].isdecimal() and sign.isdecimal()):
            reason = "a superscript is one number or name; write ^(…) for more"
            raise _refusal(self.text, position, reason)

    def _after_exponent(self) -> bool:
        """Whether an exponent has been written whole, of which what follows is no part."""
        return _EXPONENT.search("".join(self.pieces[-16:])) is not None

    def _subscript(self, sign: str, position: int) -> None:
        if not self.lowered:
            if not (self._last().isalnum() or self._last() in "_|‖"):
                raise _refusal(self.text, position, "a subscript has no letter before it")
            self._write("_", position, position + 1)
        self._write(SUBSCRIPT[sign], position, position + 1)
        self.lowered, self.raised = True, False

    def _accented_letter(self, start: int, end: int) -> None:
        apart = unicodedata.normalize("NFD", self.text[start:end])
        letter, marks = apart[0], apart[1:]
        if not marks or letter not in _LATIN + _GREEK or self.text[start] in _LETTERLIKE:
            blamed = end - 1 if self.text[start] in _ACCEPTED else start
            raise _refusal(self.text, blamed)
        if not all(mark in _MARKS for mark in marks):
            reason = f"a hat, a bar and a tilde are the accents of names; write {letter}"
            raise _refusal(self.text, end - 1, reason)
        if self._last().isalnum():
            self._write(" ", start, start)
        self._write(letter + "".join(_MARKS[mark] for mark in marks), start, end)
        self.accented = True


def describe(sign: str) -> str:
    """A character as a message shows it: itself if it is harmless, else its code point.

    >>> describe(";"), describe("А"), describe(chr(27))
    ('`;`', '`А` (U+0410, CYRILLIC CAPITAL LETTER A)', 'U+001B')
    """
    if sign.isascii() and sign.isprintable():
        return f"`{sign}`"
    name = unicodedata.name(sign, "")
    if sign.isprintable() and not unicodedata.category(sign).startswith("M"):
        return f"`{sign}` (U+{ord(sign):04X}, {name})" if name else f"`{sign}` (U+{ord(sign):04X})"
    return f"U+{ord(sign):04X} ({name})" if name else f"U+{ord(sign):04X}"


def _refusal(text: str, position: int, reason: str | None = None) -> SyntaxProblem:
    sign = text[position]
    place = f"{describe(sign)} at column {column(text, position)}"
    hint: str | None = _INSTEAD.get(sign)
    plain = _LOOKS_LIKE.get(sign) or unicodedata.normalize("NFKC", sign)
    if reason is not None:
        message = f"{place}: {reason}"
    elif unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
        message = f"the invisible or control character {place} is not read"
        hint = "remove it; a sign from a document may carry such characters along"
    elif sign.isdecimal() and sign not in "0123456789" and not plain.isascii():
        message = f"{place} is a digit of another script; only 0 to 9 are read"
    elif plain in _ACCEPTED and plain.isalnum() and plain != sign:
        message = f"{place} looks like {plain} and is another character"
        hint = f"type {plain} (U+{ord(plain):04X})"
    elif sign.isalpha():
        message = f"{place} is no Latin or Greek letter, so it cannot be part of a name"
    else:
        message = f"{place} has no meaning here"
    return SyntaxProblem(message, hint=hint, span=(position, position + 1), code="MX102")


def column(text: str, position: int) -> int:
    """The 1-based column of an offset, in its own line if the text has several."""
    return position - text.rfind("\n", 0, position)
