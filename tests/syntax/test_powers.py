"""Superscripts that are no plain powers: the pseudo-inverse is read, conjugates are refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from matdiff.errors import MatdiffError
from matdiff.normal import normalise
from matdiff.session import Session
from matdiff.settings import Settings
from matdiff.shapes import function_names
from matdiff.syntax import parse_expression

Read = Callable[..., str]


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("A^+ B", "<pinv[A] _ B>"),
        ("A^{+} B", "<pinv[A] _ B>"),
        ("A^(+)B", "<pinv[A] _ B>"),
        ("A⁺B", "<pinv[A] _ B>"),
        ("A†B", "<pinv[A] _ B>"),
        ("A^†(B)", "<pinv[A] _ (B)>"),
        ("A^{†}", "pinv[A]"),
        ("(A B)†", "pinv[(<A _ B>)]"),
        ("x†", "pinv[x]"),
        ("A⁺ᵀ", "T(pinv[A])"),
        ("A'^+", "pinv[T(A)]"),
        ("A^+'", "T(pinv[A])"),
        ("A^+ + B", "(+pinv[A] +B)"),
        ("A^+ B^2", "<pinv[A] _ (B)^(2)>"),
        ("‖A^+‖", "||pinv[A]||"),
        ("tr(A^+)", "tr[pinv[A]]"),
        ("A⁻¹", "(A)^(-1)"),
        ("x.^+2", "(x).^(2)"),
        ("A^(+2)", "(A)^(2)"),
        ("‖A‖^2_F", "(||A||F)^(2)"),
        ("‖x‖²_2", "(||x||2)^(2)"),
        ("||x||^{2}_{2} c", "<(||x||2)^(2) _ c>"),
    ],
)
def test_a_superscript_is_read(read: Read, text: str, tree: str) -> None:
    assert read(text) == tree


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("A^+B", "write pinv(A) B or A^B"),
        ("A^+1", "write pinv(A) 1 or A^1"),
        ("A⁺¹", "write pinv(A) 1 or A^1"),
        ("A^+B^2", "write pinv(A) B or A^B"),
        ("A^+-B", "write pinv(A) -"),
        ("x^+", "write pinv(x) or relu(x)"),
        ("(A x - b)^+", "write pinv(A x - b) or relu(A x - b)"),
        ("A^- B", "an inverse is written inv(A), a power A^-B"),
        ("A⁻B", "an inverse is written inv(A), a power A^-B"),
        ("A^{+T}", "the transpose of a pseudo-inverse is written pinv(A)'"),
        ("A^* B", "the transpose is written A'"),
        ("A^{*}", "the transpose is written A'"),
        ("(A B)^H", "the transpose is written (A B)'"),
    ],
)
def test_a_superscript_in_doubt_is_refused(text: str, hint: str) -> None:
    with pytest.raises(MatdiffError) as caught:
        parse_expression(text, functions=function_names())
    assert (caught.value.code, caught.value.hint) == ("MX109", hint)


def test_what_is_declared_decides_on_a_plus(read: Read) -> None:
    shapes = {"a": ("m", "n"), "V": ("n", "1")}
    assert parse_expression("a^+ V", declared=shapes, functions=function_names()) is not None
    with pytest.raises(MatdiffError, match="positive part"):
        parse_expression("V^+ a", declared=shapes, functions=function_names())
    assert read("A^H", "H") == "(A)^(H)"


def test_plain_text_and_latex_mean_the_same_pseudo_inverse() -> None:
    meant = []
    for formula in ("tr(pinv(A) B)", "tr(A^+ B)", r"\operatorname{tr}(A^{+}B)", r"tr(A^\dagger B)"):
        session = Session()
        session.declare("A: m×n, B: m×n")
        meant.append(
            normalise(session.shape(session.parse(formula), Settings()).reading.expression)
        )
    assert all(found is meant[0] for found in meant)
