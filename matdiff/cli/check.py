"""check: claims in files, of which only what is wrong is printed; or one claim from the shell."""

from __future__ import annotations

import re
from contextlib import closing
from typing import Any

import click

from matdiff.cli.asking import Question, typed
from matdiff.cli.deadline import deadline
from matdiff.cli.options import (
    ExpressionCommand,
    arranging,
    declarations,
    in_parallel,
    printing,
    reading,
    settings_of,
    verifying,
)
from matdiff.cli.output import Output, output_of
from matdiff.cli.printing import View, told
from matdiff.cli.reporting import Reports, reported
from matdiff.cli.run import Tally, nothing_done, told_of
from matdiff.errors import MatdiffError, UsageProblem
from matdiff.reports.results import VERDICTS, counted
from matdiff.session import Answer, Session, variable_name
from matdiff.syntax.tree import Decomposition, Definition, Tree

_WHERE = re.compile(r"\bwhere\b")


@click.command(cls=ExpressionCommand)
@click.argument("paths", metavar="FILE|FOLDER|-|EXPR...", nargs=-1, required=True)
@click.option("--wrt", metavar="X", help="The variable: judge one claim about EXPR.")
@click.option("--claim", metavar="FORMULA", help="The formula claimed, with --wrt.")
@click.option(
    "--allow-empty", is_flag=True, help="Files without any claim are all right, for hooks."
)
@declarations
@arranging
@verifying
@reading
@in_parallel
@printing("text", "json")
@reported
def check(
    paths: tuple[str, ...],
    wrt: str | None,
    claim: str | None,
    declared: tuple[str, ...],
    **options: Any,
) -> int:
    """Judge the claims of files, or one formula derived by hand.

    \b
    matdiff check notes.mx paper.tex
    matdiff check "x'A x" --wrt x --claim "(A + A')x"
    matdiff check "x'A x" --wrt x --claim "2 S x where S = (A + A')/2"
    """
    with output_of(options) as output:
        if wrt is None and claim is None:
            if declared:
                raise UsageProblem("--declare goes with --wrt and --claim; files declare their own")
            with Reports(options, paths) as reports:
                return _check_files(paths, options, output, reports)
        if wrt is None or claim is None or len(paths) != 1:
            raise UsageProblem("one formula is checked with EXPR, --wrt and --claim together")
        with Reports(options) as reports:
            return _check_formula(paths[0], wrt, claim, declared, options, output, reports)


def _check_files(
    paths: tuple[str, ...], options: dict[str, Any], output: Output, reports: Reports
) -> int:
    tally = Tally(reports)
    with closing(told_of(paths, options, output, reports, only_wrong=True)) as results:
        try:
            for each in results:
                tally.add(each).write(output)
        except KeyboardInterrupt:
            if options["format_"] == "text":
                output.line(f"{counted(tally.outcomes)}; interrupted")
            raise
    empty = not any(tally.outcomes[verdict] for verdict in (*VERDICTS, "error"))
    if empty and not options["allow_empty"]:
        tally.add(nothing_done(paths, "claim", options)).write(output)
    elif options["format_"] == "text":
        output.line(tally.summary())
    return tally.status


def _check_formula(
    expression: str,
    wrt: str,
    claim: str,
    declared: tuple[str, ...],
    options: dict[str, Any],
    output: Output,
    reports: Reports,
) -> int:
    with deadline():
        question = Question(declared)
        session, settings = question.session, settings_of(options)
        name = question.stage(
            "--wrt", typed(wrt), lambda text: variable_name(text, session.environment.names)
        )
        source = question.source(expression)
        tree = question.stage(*source, lambda text: session.parse(text, latex=options["latex"]))
        claimed, where = question.stage(
            "--claim", typed(claim), lambda text: _read_claim(session, text, options["latex"])
        )
        answer: Answer = question.stage(
            *source, lambda _: session.claimed_of("check", tree, name, settings)
        )
        answer = question.stage(
            "--claim", typed(claim), lambda _: session.judge(answer, claimed, settings, where)
        )
        view = View(
            options["format_"],
            ascii_only=output.ascii,
            recorded=reports.wanted,
            typeset=reports.typeset,
        )
        return Tally(reports).add(told(answer, view)).write(output)


def _read_claim(
    session: Session, text: str, latex: bool
) -> tuple[Tree, list[Definition | Decomposition]]:
    """The formula claimed and its definitions; LaTeX has these only between dollars."""
    try:
        return session.parse_claim(text, latex=latex)
    except MatdiffError:
        found = _WHERE.search(text)
        is_latex = latex or ("\\" in text and text.count("$") < 2)
        if found is None or not is_latex:
            raise
        raise UsageProblem(
            "a claim in LaTeX may have a `where` only if its formulas stand between dollars",
            hint=r"as in '$H x$ where $H = A + A^\top$'" + (", without --latex" if latex else ""),
            span=found.span(),
        ) from None
