"""shape: what was read, and the shape of every part."""

from __future__ import annotations

from typing import Any

import click

from matdiff.cli.asking import Question
from matdiff.cli.deadline import deadline
from matdiff.cli.options import (
    ExpressionCommand,
    declarations,
    printing,
    program_of,
    reading,
    settings_of,
)
from matdiff.cli.output import output_of
from matdiff.cli.printing import print_answer
from matdiff.emission import TARGETS


@click.command(cls=ExpressionCommand)
@click.argument("expression", metavar="EXPR")
@declarations
@reading
@printing("text", "latex", "typst", "json", *TARGETS)
def shape(expression: str, declared: tuple[str, ...], **options: Any) -> int:
    """What was read, and the inferred shape of every part."""
    with deadline(), output_of(options) as output:
        question = Question(declared)
        session = question.session
        answer = question.stage(
            *question.source(expression),
            lambda text: session.shape(
                session.parse(text, latex=options["latex"]), settings_of(options)
            ),
        )
        return print_answer(answer, output, options["format_"], program_of(options))
