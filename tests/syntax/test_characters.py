"""Folding: what is read alike, what is refused, and the way back to the original."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matdiff.errors import SyntaxProblem
from matdiff.syntax.characters import FOLDED, SUBSCRIPT, SUPERSCRIPT, fold


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("a − b", "a - b"),
        ("A⋅B∗C", "A*B*C"),
        ("A◦B⊙C", "A∘B∘C"),
        ("x’y′z″", "x'y'z''"),
        ("∥x∥", "‖x‖"),
        ("A⁻¹B", "A^-1 B"),
        ("x²3", "x^2 3"),
        ("A⊤B^⊤C^{-⊤}", "A^T B^T C^{-T}"),
        ("x₁y", "x_1 y"),
        ("x₁₂", "x_12"),
        ("‖x‖₂²", "‖x‖_2^2"),
        ("ŷ + y\u0302", "y_hat + y_hat"),
        ("Xŷz", "X y_hat z"),
        ("x̃ᵢ x̄", "x_tilde_i x_bar"),
        ("µ ϕ ϵ", "μ φ ε"),
        ("½x", "(1/2)x"),
        ("A\u00a0B", "A B"),
        ("A\r\nB", "A \nB"),
    ],
)
def test_signs_that_are_read_alike(typed: str, folded: str) -> None:
    assert fold(typed).folded == folded
    assert fold(unicodedata.normalize("NFC", typed)).folded == folded


@pytest.mark.parametrize(
    ("sign", "message", "hint"),
    [
        ("\u0410", "`А` (U+0410, CYRILLIC CAPITAL LETTER A) at column 4 looks like A and is "
         "another character", "type A (U+0041)"),
        ("\u0391", "`Α` (U+0391, GREEK CAPITAL LETTER ALPHA) at column 4 looks like A and is "
         "another character", "type A (U+0041)"),
        ("\u212a", "`\u212a` (U+212A, KELVIN SIGN) at column 4 looks like K and is another "
         "character", "type K (U+004B)"),
        ("\u2126", "`\u2126` (U+2126, OHM SIGN) at column 4 looks like Ω and is another "
         "character", "type Ω (U+03A9)"),
        ("𝐗", "`𝐗` (U+1D417, MATHEMATICAL BOLD CAPITAL X) at column 4 looks like X and is "
         "another character", "type X (U+0058)"),
        ("Ａ", "`Ａ` (U+FF21, FULLWIDTH LATIN CAPITAL LETTER A) at column 4 looks like A and is "
         "another character", "type A (U+0041)"),
        ("٣", "`٣` (U+0663, ARABIC-INDIC DIGIT THREE) at column 4 is a digit of another script; "
         "only 0 to 9 are read", None),
        ("ö", "`ö` (U+00F6, LATIN SMALL LETTER O WITH DIAERESIS) at column 4: a hat, a bar and a "
         "tilde are the accents of names; write o", None),
        ("字", "`字` (U+5B57, CJK UNIFIED IDEOGRAPH-5B57) at column 4 is no Latin or Greek letter, "
         "so it cannot be part of a name", None),
        ("😀", "`😀` (U+1F600, GRINNING FACE) at column 4 has no meaning here", None),
        ("√", "`√` (U+221A, SQUARE ROOT) at column 4 has no meaning here", "write sqrt(…)"),
        ("\x1b", "the invisible or control character U+001B at column 4 is not read",
         "remove it; a sign from a document may carry such characters along"),
        ("\r", "the invisible or control character U+000D at column 4 is not read",
         "remove it; a sign from a document may carry such characters along"),
        ("\u2062", "the invisible or control character U+2062 (INVISIBLE TIMES) at column 4 is "
         "not read", "remove it; a sign from a document may carry such characters along"),
        ("\ud800", "the invisible or control character U+D800 at column 4 is not read",
         "remove it; a sign from a document may carry such characters along"),
    ],
)  # fmt: skip
def test_signs_that_are_refused(sign: str, message: str, hint: str | None) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        fold(f"a +{sign}b")
    problem = caught.value
    assert (problem.code, problem.message, problem.hint) == ("MX102", message, hint)
    assert problem.span == (3, 4)


def test_the_tables_fold_to_what_is_accepted_and_never_away_from_the_usual_sign() -> None:
    assert all(len(sign) == 1 for sign in [*FOLDED, *SUPERSCRIPT, *SUBSCRIPT])
    for sign, usual in FOLDED.items():
        assert fold(usual).folded == usual
        assert fold(sign).folded == usual


@given(st.lists(st.sampled_from([*"aB3_^ 'ŷα", *FOLDED, *SUPERSCRIPT, "x\u0303"]), max_size=12))
def test_every_folded_character_has_its_place(typed: list[str]) -> None:
    text = "".join(typed)
    try:
        found = fold(text)
    except SyntaxProblem as problem:  # cⁿ⁺¹ has no brackets
        assert "a superscript is one number or name" in problem.message
        return
    places = [found.span(i, i + 1) for i in range(len(found.folded))]
    assert places == sorted(places)
    for (start, end), sign in zip(places, found.folded, strict=True):
        assert 0 <= start <= end <= len(text)
        assert end > start or sign == " "
    assert found.span(len(found.folded), len(found.folded)) == (len(text), len(text))


@given(st.text(alphabet="abcXYZ019 ()+-*'^.,:<>|", max_size=30))
def test_plain_text_is_left_alone(text: str) -> None:
    assert fold(text).folded == text
