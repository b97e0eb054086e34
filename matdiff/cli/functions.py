"""functions: every operation with its shape rule and its differential, from the registry."""

from __future__ import annotations

from typing import Any

import click

from matdiff.cli.failures import ALL_RIGHT, as_json
from matdiff.cli.options import Command, printing
from matdiff.cli.output import output_of
from matdiff.documents.catalogue import COLUMNS, catalogue


@click.command(cls=Command)
@printing("text", "json")
def functions(**options: Any) -> int:
    """Every operation with its shape rule and differential."""
    with output_of(options) as output:
        rows = catalogue(ascii_only=output.ascii)
        if options["format_"] == "json":
            for row in rows:
                output.line(as_json(dict(zip(COLUMNS, row, strict=True))))
        elif output.wide:
            from matdiff.cli.terminal import show_table  # rich is loaded only for a terminal

            show_table(COLUMNS, rows, output)
        else:
            for row in rows:
                output.line("\t".join(row))
    return ALL_RIGHT
