"""Messages: the place, the caret under the right signs, and nothing raw from the input."""

from __future__ import annotations

from matdiff.documents.places import Origin, error_record, report, shortened, visible
from matdiff.errors import ShapeProblem


def problem(text: str, start: int, end: int, message: str = "wrong", **more: str) -> ShapeProblem:
    error = ShapeProblem(message, span=(start, end), code="MX201", **more)
    error.text = text
    return error


def test_a_statement_in_a_file_is_shown_with_its_line() -> None:
    text = "x : n\n\n\n    Y = A B + C\n"
    origin = Origin("seed.mx", text, is_file=True).at(4, 5)
    error = problem("Y = A B + C", 4, 7, "A B: inner dimensions differ", hint="A'B would do")
    assert report(error, origin) == (
        "seed.mx:4:9: MX201 A B: inner dimensions differ\n"
        "  4 |     Y = A B + C\n"
        "    |         ^^^\n"
        "  hint: A'B would do"
    )


def test_the_second_line_of_a_statement() -> None:
    text = "Y = (A +\n   B C)"
    assert report(problem(text, 12, 15), Origin("f.mx", text, is_file=True)) == (
        "f.mx:2:4: MX201 wrong\n  2 |    B C)\n    |    ^^^"
    )


def test_without_a_place_there_is_no_caret() -> None:
    assert report(ShapeProblem("wrong"), None) == "matdiff: MX200 wrong"


def test_the_end_of_the_text_can_be_pointed_at() -> None:
    assert report(problem("A +", 3, 3), Origin("expression", "A +")) == (
        "expression:1:4: MX201 wrong\n  1 | A +\n    |    ^"
    )


def test_control_characters_are_written_out_and_the_caret_still_fits() -> None:
    text = "\x1b[2J\tB"
    shown = report(problem(text, 5, 6, "what is \x1b[2J\u202e?"), Origin("a\nb", text))
    assert shown == (
        "a\\x0ab:1:6: MX201 what is \\x1b[2J\\u202e?\n  1 | \\x1b[2J B\n    |         ^"
    )


def test_bytes_of_a_file_name_that_is_not_text() -> None:
    assert visible(b"a\xff.mx".decode("utf-8", "surrogateescape")) == "a\\xff.mx"


def test_a_long_line_is_cut_around_the_caret() -> None:
    text = "a + " * 500 + "B" + " + c" * 500
    lines = report(problem(text, 2000, 2001), Origin("expression", text)).split("\n")
    assert len(lines[1]) < 120
    assert lines[1][lines[2].index("^")] == "B"


def test_a_message_of_several_lines_stays_behind_its_margin() -> None:
    shown = report(ShapeProblem("two readings\n::error::forged"), None)
    assert shown == "matdiff: MX200 two readings\n  | ::error::forged"


def test_a_message_is_never_megabytes_long() -> None:
    assert len(shortened("x" * 10**6)) < 1100


def test_the_object_has_the_same_place() -> None:
    origin = Origin("f.mx", "x\nA B", is_file=True).at(2, 1)
    assert error_record(problem("A B", 2, 3, hint="h"), origin) == {
        "error": {"code": "MX201", "kind": "shape", "message": "wrong", "hint": "h"},
        "file": "f.mx",
        "line": 2,
        "column": 3,
    }
