"""gradient, jacobian, hessian and differential: one expression, one variable, one formula."""

from __future__ import annotations

from typing import Any

import click

from matdiff.cli.asking import Question, typed
from matdiff.cli.deadline import deadline
from matdiff.cli.options import (
    ExpressionCommand,
    arranging,
    coding,
    declarations,
    printing,
    program_of,
    reading,
    settings_of,
    stepwise,
    verifying,
)
from matdiff.cli.output import output_of
from matdiff.cli.printing import print_answer
from matdiff.emission import TARGETS
from matdiff.errors import UsageProblem
from matdiff.session import variable_name

_SUMMARIES = {
    "gradient": "The gradient of a scalar, in the shape of the variable.",
    "jacobian": "d vec(EXPR)/d vec(X)'; for vectors the matrix of dy_i/dx_j.",
    "hessian": "The matrix of second derivatives of a scalar.",
    "differential": "d EXPR as a linear form in dX.",
}


STEPS_IN = ("text", "latex", "mathml", "typst", "json")  # formats in which a derivation is written


def _command(kind: str) -> click.Command:
    @click.command(kind, cls=ExpressionCommand, help=_SUMMARIES[kind])
    @click.argument("expression", metavar="EXPR")
    @click.option("--wrt", required=True, metavar="X", help="The variable.")
    @declarations
    @arranging
    @stepwise
    @verifying
    @reading
    @printing(*STEPS_IN, *TARGETS)
    @coding
    def command(expression: str, wrt: str, declared: tuple[str, ...], **options: Any) -> int:
        if options["steps"] is not None and options["format_"] not in STEPS_IN:
            raise UsageProblem(
                f"--steps has no --format {options['format_']}",
                hint=f"ask for {', '.join(STEPS_IN[:-1])} or {STEPS_IN[-1]}",
            )
        program = program_of(options, kind)
        with deadline(), output_of(options) as output:
            question = Question(declared)
            session = question.session
            name = question.stage(
                "--wrt", typed(wrt), lambda text: variable_name(text, session.environment.names)
            )
            answer = question.stage(
                *question.source(expression),
                lambda text: session.differentiate(
                    kind, session.parse(text, latex=options["latex"]), name, settings_of(options)
                ),
            )
            return print_answer(answer, output, options["format_"], program)

    return command


gradient = _command("gradient")
jacobian = _command("jacobian")
hessian = _command("hessian")
differential = _command("differential")
