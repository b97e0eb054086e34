"""Limits: each is refused by its name and value, quickly; the largest permitted text is read."""

from __future__ import annotations

import time

import pytest

from matdiff.errors import LimitReached, MatdiffError
from matdiff.syntax import limits, parse_declarations, parse_expression, split_statements


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("A+" * 40_000 + "A", "MX501",
         "the statement has 80001 characters, the limit is 65536"),
        ("c" + " " * 1_000_000 + "$", "MX501",
         "the statement has 1000002 characters, the limit is 65536"),
        ("+".join("A" * 10_001), "MX502",
         "the statement has more than 20000 tokens (names, numbers, signs), the limit"),
        ("(" * 100_000 + "A" + ")" * 100_000, "MX503",
         "brackets are nested more than 200 deep, the limit of nesting"),
        ("exp(" * 201 + "c" + ")" * 201, "MX503",
         "brackets are nested more than 200 deep, the limit of nesting"),
        ("| " * 300, "MX503", "brackets are nested more than 200 deep, the limit of nesting"),
        ("a" * 100_000 + " + 1", "MX504", "a name of 100000 characters, the limit is 64"),
        ("c + 0." + "0" * 100_000 + "1", "MX505",
         "a number or dimension of 100002 digits, the limit is 1000 digits"),
    ],
)  # fmt: skip
def test_a_limit_is_refused_by_name_and_value(
    functions: frozenset[str], text: str, code: str, message: str
) -> None:
    with pytest.raises(LimitReached) as caught:
        parse_expression(text, functions=functions)
    assert (caught.value.code, caught.value.message) == (code, message)
    assert caught.value.exit_status == 3


def test_a_dimension_of_many_digits() -> None:
    with pytest.raises(LimitReached, match="a number or dimension of 5000 digits"):
        parse_declarations("A: " + "9" * 5000 + "×n")


def test_the_largest_permitted_texts_are_read(functions: frozenset[str]) -> None:
    for text in (
        " ".join("A" * limits.TOKENS),
        "+".join("A" * (limits.TOKENS // 2)),
        "A" + "'" * (limits.TOKENS - 1),
        "(" * limits.NESTING + "A" + ")" * limits.NESTING,
        "-" * (limits.TOKENS - 1) + "A",
        "a" * limits.NAME,
        "9" * limits.DIGITS,
    ):
        parse_expression(text, functions=functions)


@pytest.mark.parametrize("command", ["\\sqrt", "\\log", "\\hat", "\\bar "])
def test_commands_of_latex_without_braces_nest_too(functions: frozenset[str], command: str) -> None:
    with pytest.raises(LimitReached) as caught:
        parse_expression(command * 5000 + "x", functions=functions)
    assert caught.value.code == "MX503"


def test_too_many_statements() -> None:
    with pytest.raises(LimitReached) as caught:
        split_statements("c : scalar\n" * (limits.STATEMENTS + 1))
    assert caught.value.message == "more than 10000 statements, the limit of one file"


@pytest.mark.parametrize("piece", ["A", "(", "|", "^2", "'", "a(", "2^3^", "x, ", " ", "é", "‖a"])
def test_time_grows_no_faster_than_the_text(functions: frozenset[str], piece: str) -> None:
    text = piece * (limits.STATEMENT // len(piece))
    start = time.process_time()
    with pytest.raises(MatdiffError):
        parse_expression(text, functions=functions)
    assert time.process_time() - start < 3
