"""Options and arguments that cannot be meant: given twice, no number, empty."""

from __future__ import annotations

import pytest

from matdiff.cli.application import start

GRADIENT = ["gradient", "x'x", "--wrt", "x"]
CHECK = ["check", "x'x", "--wrt", "x", "--claim", "2 x"]

Captured = pytest.CaptureFixture[str]


def said(captured: Captured, *arguments: str) -> tuple[int, str]:
    """The status and what is written to standard error."""
    status = start(list(arguments))
    return status, captured.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "option"),
    [
        ([*CHECK, "--claim", "3 x"], "--claim"),
        ([*GRADIENT, "--wrt", "y"], "--wrt"),
        ([*GRADIENT, "--wrt=x"], "--wrt"),
        ([*GRADIENT, "-o", "a", "--output", "b"], "--output"),
        ([*GRADIENT, "--format", "text", "--format", "json", "--format", "text"], "--format"),
        ([*CHECK, "--seed", "1", "--seed", "1"], "--seed"),
        ([*GRADIENT, "--steps", "--steps", "rules"], "--steps"),
        (["functions", "--color", "never", "--color", "never"], "--color"),
        (["run", "-j1", "-j2", "a.mx"], "--jobs"),
        (["shape", "x", "--color", "never", "--color", "never"], "--color"),
    ],
)
def test_an_option_is_given_once(capsys: Captured, arguments: list[str], option: str) -> None:
    status = start(arguments)
    shown = capsys.readouterr()
    assert status == 2 and f"{option} is given twice" in shown.err + shown.out


def test_what_may_be_repeated(capsys: Captured) -> None:
    repeated = ["-d", "x : n", "-d", "y : m", "--strict", "--strict"]
    assert said(capsys, *GRADIENT, *repeated) == (0, "")


@pytest.mark.parametrize(
    "number", ["٣", "1_0", " 3 ", "1e3", "0", "+3", "-1", "", "1001", "9" * 99]
)
def test_a_number_is_written_in_digits(capsys: Captured, number: str) -> None:
    status, error = said(capsys, *CHECK, "--trials", number)
    assert status == 2 and "is no whole number from 1 to 1000\n" in error


def test_numbers_at_their_limits(capsys: Captured) -> None:
    assert said(capsys, *CHECK, "--trials", "1000", "--seed", str(2**63 - 1)) == (0, "")
    status, error = said(capsys, *CHECK, "--seed", str(2**63))
    assert status == 2 and f"from 0 to {2**63 - 1}\n" in error


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([*GRADIENT, "-d", "@"], "MX651 the name of a file to be read is empty"),
        (["check", ""], "'': MX651 the name of a file to be read is empty"),
        (["check", "a.mx", "--report", ""], "MX605 the name of the file for a report is empty"),
        (["explain", ""], "MX608 the code is empty"),
    ],
)
def test_an_empty_name_is_said_to_be_empty(
    capsys: Captured, arguments: list[str], message: str
) -> None:
    status, error = said(capsys, *arguments)
    assert status == 2 and message in error


@pytest.mark.parametrize(
    "claim", [r"H x where H = A + A^\top", r"U x \text{where } U = A + A^\top"]
)
def test_a_claim_in_latex_has_definitions_between_dollars(capsys: Captured, claim: str) -> None:
    asked = ["check", "x'A x", "--wrt", "x", "--claim"]
    status, error = said(capsys, *asked, claim)
    assert status == 2 and "`where` only if its formulas stand between dollars" in error
    assert said(capsys, *asked, r"$H x$ where $H = A + A^\top$") == (0, "")


def test_a_size_is_no_variable(capsys: Captured) -> None:
    status, error = said(capsys, *GRADIENT, "-d", "n : x")
    assert status == 2 and "x is a size here (n : x×1), not a variable" in error


def test_a_wrong_claim_tells_which_names_are_new(capsys: Captured) -> None:
    asked = ["check", "norm(A x - b)^2", "--wrt", "x", "--claim"]
    assert start([*asked, "2 A'r"]) == 1
    told = "the claim has r, which is not declared and was read as a new constant"
    assert told in capsys.readouterr().out
    assert start([*asked, "2 A'(r - s)"]) == 1
    assert "the claim has r and s, which are not declared" in capsys.readouterr().out
    assert start([*asked, "2 A'r where r = A x + b"]) == 1  # wrong, and r is known
    assert "not declared" not in capsys.readouterr().out
