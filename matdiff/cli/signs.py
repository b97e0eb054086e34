"""Signs in sentences, for a terminal that knows ASCII only.

Formulas are written in ASCII by the renderer; what surrounds them, such as `A is m×n`, is spelled
here, Greek letters by the names that they have in formulas.
"""

from __future__ import annotations

import re

from matdiff.rendering.names import GREEK

_SPELLED = {
    "×": "x", "∘": ".*", "⊘": "./", "⊗": "(x)", "⊛": "(*)", "·": "*", "−": "-", "²": "^2",
    "≠": "!=", "≤": "<=", "≥": ">=", "∈": "in", "→": "->", "…": "...", "∂": "d", "‖": "||",
    "’": "'", "“": '"', "”": '"', "–": "-", "—": "-",
}  # fmt: skip
_TABLE = str.maketrans(_SPELLED | GREEK)
_CARETS = re.compile(r" *\| *\^+")


def in_ascii(text: str) -> str:
    r"""The text in ASCII, signs spelled, all else escaped; carets keep their place.

    >>> print(in_ascii("  1 | σ(A⊗B)é C\n    |         ^"))
      1 | sigma(A(x)B)\xe9 C
        |                  ^
    """
    if text.isascii():
        return text
    lines = text.split("\n")
    for i in range(len(lines) - 1, 0, -1):
        if _CARETS.fullmatch(lines[i]):
            lines[i] = _moved(lines[i], lines[i - 1])
    return "\n".join(map(_spelled, lines))


def _spelled(text: str) -> str:
    return text.translate(_TABLE).encode("ascii", "backslashreplace").decode("ascii")


def _moved(carets: str, line: str) -> str:
    """Carets below a line whose characters take as many columns as they are spelled in."""
    widths = [len(_spelled(character)) for character in line]
    pairs = zip(carets, widths + [1] * len(carets), strict=False)
    return "".join(sign * width for sign, width in pairs)
