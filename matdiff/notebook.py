"""The cell magic `%%matdiff`: statements of the language in a notebook, formulas typeset.

    %load_ext matdiff.notebook

    %%matdiff
    A : m×n, x : n
    gradient norm(A x)^2 wrt x

What is declared and defined holds for the cells that follow, whichever is run next; a cell that
begins with `%%matdiff --fresh` forgets it.  Formulas are shown as LaTeX, remarks and verdicts as
text, messages on standard error with their line in the cell.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from matdiff.cli.failures import InternalError
from matdiff.cli.printing import View, told, told_error, told_warnings
from matdiff.documents.marked import Line, Statement, statements_in
from matdiff.documents.notebooks import MAGIC, takes_options
from matdiff.documents.places import Origin
from matdiff.documents.records import formula_line, latex_line
from matdiff.documents.statements import Document
from matdiff.errors import MatdiffError
from matdiff.session import Answer
from matdiff.settings import Settings

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def load_ipython_extension(shell: InteractiveShell) -> None:
    """What `%load_ext matdiff.notebook` calls."""
    register: Callable[..., object] = shell.register_magic_function
    register(Cells(shell).run, "cell", MAGIC.removeprefix("%%"))


class Cells:
    """The cells of a kernel, which are one document in the order in which they are run."""

    __slots__ = ("_document", "_shell", "_view")

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self._document = Document(Settings())
        self._view = View("text")

    def run(self, line: str, cell: str) -> None:
        """Carry out the statements of a cell; `line` is what follows the magic."""
        text = f"{MAGIC} {line}".rstrip() + f"\n{cell}"
        origin = Origin("cell", text, is_file=True)
        try:
            self._take_options(line.split())
            lines = cell.split("\n")
            statements = statements_in([[Line(line, n) for n, line in enumerate(lines, start=2)]])
        except MatdiffError as problem:
            self._refuse(problem, origin)
            return
        for statement in statements:
            self._carry_out(statement, origin.of(statement))

    def _take_options(self, options: list[str]) -> None:
        if takes_options(options):
            self._document = Document(Settings())

    def _carry_out(self, statement: Statement, origin: Origin) -> None:
        try:
            found = self._document.carry_out(statement)
            if isinstance(found, Answer):
                self._show(found, origin)
            else:
                _print(told_warnings(found, self._view, origin).remarks)
        except MatdiffError as problem:
            self._refuse(problem.located(None, statement.text), origin)
        except Exception as bug:
            self._refuse(InternalError(bug), origin)

    def _show(self, answer: Answer, origin: Origin) -> None:
        said = told(answer, self._view, origin)
        if said.outcome == "answered":
            self._display(formula_line(answer), f"$\\displaystyle {latex_line(answer)}$")
        else:
            _print(said.lines)
        _print(said.remarks)

    def _display(self, plain: str, latex: str) -> None:
        self._shell.display_pub.publish({"text/plain": plain, "text/latex": latex})

    def _refuse(self, problem: MatdiffError, origin: Origin) -> None:
        for remark in told_error(problem, self._view, origin).remarks:
            print(remark, file=sys.stderr)


def _print(lines: list[str]) -> None:
    for line in lines:
        print(line)
