"""Typst as others see it: what its compiler makes of our output, and which signs stand in it."""

from __future__ import annotations

import re
from types import ModuleType
from unicodedata import normalize
from xml.etree import ElementTree

import pytest

from matdiff.shapes import function_names

WORDS = frozenset(
    "arccos arcsin arctan cos cosh det exp log max min sin sinh tan tanh tr "  # names of functions
    "op frac sqrt norm mat delim class bold hat macron tilde dot double caron breve "
    "thin quad dif".split()
)
TOKEN = re.compile(
    r'"(?:[^"\\]|\\["\\]|\\u\{[0-9a-f]+\})*"|\\[/\n]|\\u\{[0-9a-f]+\}|[^\W\d_]+|[0-9]+|\s|.',
    re.DOTALL,
)
SIGNS = frozenset("+-=,:;&^_.'()[]*⊤†∘⊘⊗×∇∂∈ℝ∑")
SIZED = {"I": "I", "K": "K", "1": "ones", "0": "zeros", "𝟏": "ones"}
SAID = {"−": "-", "⊤": "'", "∗": "*", "/": "/"}


def assert_inert(source: str) -> None:
    """Outside of strings nothing but single letters, numbers, known words and known signs."""
    depth = 0
    for token in TOKEN.findall(source):
        if token[0] == '"':
            assert token[1:-1].replace("\\", "").isprintable() or "\\u" in token
        elif token.isalpha():
            assert len(token) == 1 or token in WORDS, token
        elif not (token.isspace() or token.isdecimal() or token[0] == "\\"):
            assert token in SIGNS, (token, source)
        depth += (token in "([") - (token in ")]")
        assert depth >= 0
    assert depth == 0


def compiler() -> ModuleType:
    """The Typst compiler; the test is skipped where it is not installed."""
    found = pytest.importorskip("typst", reason="the package typst is not installed")
    assert isinstance(found, ModuleType)
    return found


def pages(source: str) -> None:
    """Raise what the compiler raises, warnings too."""
    _, warnings = compiler().compile_with_warnings(source.encode(), format="svg")
    assert not warnings, warnings


def as_mathml(formulas: list[str]) -> list[ElementTree.Element]:
    """The MathML that the compiler makes of formulas, an element for each."""
    source = "\n\n".join(f"$ {formula} $" for formula in formulas)
    html = compiler().compile(source.encode(), format="html").decode()
    elements = re.findall(r"<math.*?</math>", html, re.DOTALL)
    if not elements:
        pytest.skip("before 0.15 typst leaves formulas out of HTML")
    assert len(elements) == len(formulas)
    return [ElementTree.fromstring(element) for element in elements]


def in_words(element: ElementTree.Element) -> str:
    """What the compiler's MathML says, in the matdiff language with all brackets written."""
    name = element.tag
    if name in ("mi", "mn", "mo", "mtext"):
        text = element.text or ""
        return SAID.get(text) or (text if text in SIZED else normalize("NFKC", text))
    if name == "mspace":
        return ""
    parts = [in_words(child) for child in element]
    if name == "mfrac":
        return f"(({parts[0]})/({parts[1]}))"
    if name == "msqrt":
        return f"sqrt({_row(parts)})"
    if name == "msub":
        return _lowered(*parts)
    if name == "msup":
        is_bracketed = len(element[0]) and (element[0][0].text, element[0][-1].text) == ("(", ")")
        return _raised(parts[0] if is_bracketed else f"({parts[0]})", parts[1])
    if name == "msubsup":
        return _raised(f"({_lowered(parts[0], parts[1])})", parts[2])
    return _row(parts)


def _lowered(base: str, index: str) -> str:
    if base in SIZED:
        return f"{SIZED[base]}({index.replace('×', ',')})"
    return f"{base}_{index}"


def _raised(base: str, exponent: str) -> str:
    if exponent in ("'", "- '", "- 1"):
        return base + {"'": "'", "- '": "^-T", "- 1": "^-1"}[exponent]
    return f"{base}.^({exponent[1:]})" if exponent.startswith("∘") else f"{base}^({exponent})"


def _row(parts: list[str]) -> str:
    """Factors apart, functions with their arguments."""
    written = ""
    for part in parts:
        called = written.rsplit(" ", 1)[-1] in (*function_names(), "σ", "log")
        written += part if called and written else f" {part}"
    return written.strip()
