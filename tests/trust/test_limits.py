"""Each limit: exactly enough passes, one less is refused by name and value with status 3.

The limits are set as a caller sets them, in the environment; so one small input serves for both.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from matdiff.cli.deadline import deadline
from matdiff.errors import LimitReached
from matdiff.limits import LIMITS, PREFIX
from trust.entries import Call, Ran
from trust.separately import run

QUESTION = "x: n\ngradient x'x wrt x\n"
CELL = {"cell_type": "markdown", "metadata": {}, "source": f"```matdiff\n{QUESTION}```\n"}
NOTEBOOK = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [CELL]})


def of_file(text: str, name: str = "f.mx") -> Call:
    return Call(["run", name], files={name: text.encode()})


def of_expression(expression: str, declared: str, wrt: str, *options: str) -> Call:
    return Call(["gradient", expression, "--wrt", wrt, "-d", declared, *options])


# the limit, the least value that is enough for the call, the code of the refusal
EXACT = [
    ("FILE", len(QUESTION), of_file(QUESTION), "MX516"),
    ("NOTEBOOK", len(NOTEBOOK), of_file(NOTEBOOK, "f.ipynb"), "MX516"),
    ("FILES", 3, Call(["run", "."], files={f"{n}.mx": QUESTION.encode() for n in "abc"}), "MX517"),
    ("STATEMENT", 30, of_file(f"x: n\ngradient x'x{' ' * 13}wrt x\n"), "MX501"),
    ("STATEMENTS", 3, of_file("m: scalar\n" + QUESTION), "MX507"),
    ("TOKENS", 9, of_expression("x' A A x + 1", "A: n×n, x: n", "x"), "MX502"),
    ("NESTING", 5, of_expression("((((( c )))))", "c: scalar", "c"), "MX503"),
    ("NAME", 6, of_expression("length", "length: scalar", "length"), "MX504"),
    ("DIGITS", 7, of_expression("12345.67 c", "c: scalar", "c"), "MX505"),
    ("EXPONENT", 15, of_expression("1e-15 c", "c: scalar", "c"), "MX506"),
    ("POWER", 7, of_expression("tr(A^-7)", "A: n×n", "A"), "MX509"),
    ("PRINTED", 5, of_expression("x'A x", "A: n×n, x: n", "x"), "MX510"),
    ("SIZE", 1000, of_expression("x'x", "x: 1000", "x"), "MX520"),
    ("TRIED_SIZE", 30, of_expression("x'x", "x: 30", "x", "--verify"), "MX508"),
    ("TRIED_ENTRIES", 900, of_expression("tr(A'A)", "A: 20×30", "A", "--verify"), "MX508"),
]  # fmt: skip
LONG = "tr(" + " A" * 450 + ")"
SEVERAL = "".join(  # each far from the limit of a statement
    f"gradient tr({' A' * n}) + tr(A tr({' A' * n})) wrt A\n" for n in range(230, 235)
)
# what depends on the machine or on the engine: a value that is enough, one that is not
ROUGH = [
    ("NODES", 100_000, 5, of_expression("x'A x", "A: n×n, x: n", "x"), "MX515"),
    ("SECONDS", 60, 1, of_expression(f"{LONG} + tr(A {LONG})", "A: n×n", "A"), "MX511"),
    ("FILE_SECONDS", 60, 1, of_file(f"A: n×n\n{SEVERAL}shape A\n"), "MX511"),
]  # fmt: skip


def with_limit(name: str, value: int, call: Call, folder: Path) -> Ran:
    folder.mkdir()
    return run(call, folder, {PREFIX + name: str(value)})


@pytest.mark.parametrize(
    ("name", "enough", "call", "code"), EXACT, ids=lambda value: str(value)[:9]
)
def test_exactly_enough_and_one_less(
    name: str, enough: int, call: Call, code: str, tmp_path: Path
) -> None:
    assert with_limit(name, enough, call, tmp_path / "enough").status == 0
    refused = with_limit(name, enough - 1, call, tmp_path / "less")
    assert refused.status == 3
    assert code in refused.said
    assert str(enough - 1) in refused.said and "limit" in refused.said


@pytest.mark.parametrize(
    ("name", "enough", "less", "call", "code"), ROUGH, ids=lambda value: str(value)[:9]
)
def test_enough_and_less(
    name: str, enough: int, less: int, call: Call, code: str, tmp_path: Path
) -> None:
    assert with_limit(name, enough, call, tmp_path / "enough").status == 0
    refused = with_limit(name, less, call, tmp_path / "less")
    assert refused.status == 3
    assert code in refused.said and str(less) in refused.said and "limit" in refused.said


def test_every_limit_is_tested() -> None:
    assert {row[0] for row in (*EXACT, *ROUGH)} == set(LIMITS)


def test_the_values_are_those_that_are_promised() -> None:
    promised = {
        "FILE": 2**20, "NOTEBOOK": 2**24, "FILES": 10_000, "STATEMENT": 2**16,
        "STATEMENTS": 10_000, "TOKENS": 20_000, "NESTING": 200, "NAME": 64, "DIGITS": 1000,
        "EXPONENT": 400, "POWER": 64, "NODES": 10**6, "PRINTED": 200_000, "SIZE": 10**9,
        "TRIED_SIZE": 64, "TRIED_ENTRIES": 10**6, "SECONDS": 10, "FILE_SECONDS": 60,
    }  # fmt: skip
    assert {name: limit.default for name, limit in LIMITS.items()} == promised


def test_the_caller_may_raise_a_limit(tmp_path: Path) -> None:
    call = of_expression("(" * 300 + "c" + ")" * 300, "c: scalar", "c")
    assert with_limit("NESTING", 200, call, tmp_path / "less").status == 3
    assert with_limit("NESTING", 300, call, tmp_path / "enough").status == 0


@pytest.mark.parametrize("value", ["", "0", "-1", "many", "1e9", "²", "9" * 20])
def test_what_is_no_limit_is_said(tmp_path: Path, value: str) -> None:
    call = of_expression("x'x", "x: n", "x")
    ran = run(call, tmp_path, {PREFIX + "TOKENS": value})
    assert ran.status == 2 and "MX609" in ran.said and ran.out == b""


def test_a_file_under_check_cannot_raise_a_limit(tmp_path: Path) -> None:
    deep = f"x: n\ngradient {'(' * 201}x'x{')' * 201} wrt x\n"
    orders = ["MATDIFF_LIMIT_NESTING=1000", "limit NESTING 1000", "# matdiff: limit NESTING=1000"]
    files = {
        "f.mx": "\n".join([*orders, deep]).encode(),
        ".env": b"MATDIFF_LIMIT_NESTING=1000\n",
        "pyproject.toml": b"[tool.matdiff]\nnesting = 1000\n",
        "matdiff.toml": b"nesting = 1000\n",
    }
    ran = run(Call(["check", "f.mx"], files=files), tmp_path)
    assert "MX503 brackets are nested more than 200 deep" in ran.said
    assert ran.status == 2  # the orders are no statements


def test_a_limit_that_was_mistaken_for_something_else_is_said_all_the_same() -> None:
    with pytest.raises(LimitReached, match=r"0\.05 s"), deadline(0.05):
        try:
            while True:
                pass
        except LimitReached:  # as a check does, which then leaves its question open
            pass
