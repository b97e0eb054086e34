"""%%matdiff in a kernel: one namespace, typeset formulas, messages with their place."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

if not os.environ.get("CI"):
    pytest.importorskip("IPython")

from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

Run = Callable[[str], tuple[list[dict[str, Any]], str, str]]


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InteractiveShell]:
    """A kernel's shell, which writes nothing to the home folder."""
    options = Config()
    options.HistoryManager.enabled = False
    folder = str(tmp_path_factory.mktemp("ipython"))
    yield InteractiveShell.instance(config=options, ipython_dir=folder)
    InteractiveShell.clear_instance()


@pytest.fixture
def run(shell: InteractiveShell) -> Run:
    """Run a cell: what it displayed, printed, and wrote to standard error."""

    def run_cell(cell: str) -> tuple[list[dict[str, Any]], str, str]:
        with capture_output() as captured:
            shell.run_cell(cell).raise_error()
        return [output.data for output in captured.outputs], captured.stdout, captured.stderr

    run_cell("%reload_ext matdiff.notebook")
    return run_cell


def test_a_formula_is_typeset(run: Run) -> None:
    shown, printed, errors = run("%%matdiff\nA : m×n, x : n\ngradient 1/2 norm(A x)^2 wrt x\n")
    assert shown == [
        {"text/plain": "A'A x", "text/latex": r"$\displaystyle A^{\top} A x$"},
    ]
    assert (printed, errors) == ("", "")


def test_cells_are_one_document(run: Run) -> None:
    run("%%matdiff\nA : m×n, x : n\n")
    run("%%matdiff\nr = A x\n")
    shown, _, errors = run("%%matdiff\njacobian r wrt x")
    assert [data["text/plain"] for data in shown] == ["A"] and errors == ""


def test_fresh_forgets_what_was_declared(run: Run) -> None:
    run("%%matdiff\nr : 2, x : n\n")
    _, _, errors = run("%%matdiff --fresh\nr : 3\n")
    assert errors == ""
    _, printed, _ = run("%%matdiff\njacobian r wrt r")
    _, printed, errors = run("%%matdiff\ngradient x'x wrt x")
    assert "inferred x" in printed and errors == ""


def test_errors_have_their_line_and_cost_only_their_statement(run: Run) -> None:
    shown, _, errors = run("%%matdiff\nx : n\ngradient x + wrt x\ngradient x'x wrt x\n")
    assert [data["text/plain"] for data in shown] == ["2 x"]
    assert errors.startswith("cell:3:") and "  3 | gradient x + wrt x\n" in errors


def test_claims_are_judged(run: Run) -> None:
    shown, printed, _ = run("%%matdiff\nx : n\ncheck x'x wrt x == 2 x\ncheck x'x wrt x == x\n")
    right, wrong = printed.split("\n")[:2]
    assert shown == []
    assert right.startswith("cell:3: proved") and "cell:4:" in wrong and "wrong" in wrong


def test_an_option_that_does_not_exist(run: Run) -> None:
    _, _, errors = run("%%matdiff gradient x'x wrt x\nx : n\n")
    assert errors.startswith("cell:1: MX625 %%matdiff has no option gradient\n")
