"""Answers as a terminal shows them: formula and shape, what was inferred, the verification.

Everything that comes from the input is set as plain text, never as markup, and made visible first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from matdiff.cli.output import Output
from matdiff.cli.printing import View, remarks
from matdiff.cli.signs import in_ascii
from matdiff.documents.derivations import steps_lines
from matdiff.documents.places import Origin, visible
from matdiff.documents.records import parts_of, plain_shape
from matdiff.rendering import text
from matdiff.session import Answer

NARROWEST_TABLE = 72  # columns


def shown(answer: Answer, view: View, origin: Origin | None) -> list[str]:
    """The lines of an answer, with everything there is to say about it."""
    console = _console(view)
    with console.capture() as captured:
        _show(console, answer, view, origin)
    return captured.get().rstrip("\n").split("\n")


def _show(console: Console, answer: Answer, view: View, origin: Origin | None) -> None:
    if origin is not None:
        _print(console, Text(f"{visible(origin.name)}:{origin.line}", style="dim"))
    if answer.derivative is None:
        _show_parts(console, answer, view)
    else:
        line = Text("  ")
        line.append(_symbol(answer, view), style="dim")
        line.append(text(answer.derivative.printed, ascii=view.ascii), style="bold green")
        line.append(f"   {plain_shape(answer.shape, view.ascii)}", style="cyan")
        _print(console, line)
        for name, part in answer.derivative.where:
            named = Text("    where " if name == answer.derivative.where[0][0] else "          ")
            named.append(f"{name} = {text(part, ascii=view.ascii)}", style="green")
            named.append(f"   {plain_shape(part.shape, view.ascii)}", style="cyan")
            _print(console, named)
        if answer.steps is not None:
            for step in steps_lines(answer.steps, ascii_only=view.ascii):
                _print(console, Text(f"    {step}", style="dim"))
    for remark in remarks(answer):
        said = visible(remark)
        kind, _, sentence = (in_ascii(said) if view.ascii else said).partition(": ")
        style = "yellow" if kind == "warning" else "dim"
        _print(console, Text(f"  {kind}: {sentence}", style=style))


def show_table(columns: Sequence[str], rows: Iterable[Sequence[str]], output: Output) -> None:
    """A table as wide as the terminal; where that is too narrow, a paragraph for each row."""
    console = _console(output)
    if console.width < NARROWEST_TABLE:
        for first, *others in rows:
            _print(console, Text(first, style="bold"))
            for cell in others:
                _print(console, Text(f"  {cell}"))
        return
    table = Table(header_style="bold", box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")  # nothing is left out, however narrow it is
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    _print(console, table)


def _show_parts(console: Console, answer: Answer, view: View | Output) -> None:
    parts = parts_of(answer, ascii_only=view.ascii)
    width = max(len(written) for written, _ in parts)
    for written, shape in reversed(parts):
        line = Text("  ")
        line.append(f"{written:<{min(width, 60)}}", style="green")
        line.append(f"   {plain_shape(shape, view.ascii)}", style="cyan")
        _print(console, line)


def _symbol(answer: Answer, view: View | Output) -> str:
    if answer.kind == "differential":
        return "dY = "
    sign, square = ("d", "^2") if view.ascii else ("∂", "²")
    if answer.kind != "hessian":
        square = ""
    wrt = in_ascii(answer.wrt or "") if view.ascii else answer.wrt
    return f"{sign}{square}/{sign}{wrt}{square} = "


def _console(view: View | Output) -> Console:
    # without colour no bold either: not a single escape
    console = Console(force_terminal=view.color, highlight=False, emoji=False, markup=False)
    console.width = max(console.width, 1)  # COLUMNS=0 would leave nothing of a line
    return console


def _print(console: Console, what: Text | Table) -> None:
    console.print(what, soft_wrap=isinstance(what, Text))
