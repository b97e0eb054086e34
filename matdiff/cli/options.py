"""Options that several commands share, and a command that takes `-x'A x` for an expression."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from matdiff.settings import Settings

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
LARGEST_SEED = 2**63 - 1
MOST_TRIALS = 1000


class ExpressionCommand(click.Command):
    """A command whose argument may begin with a minus sign, as formulas do."""

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        return super().parse_args(context, self._protected(context, list(arguments)))

    def _protected(self, context: click.Context, arguments: list[str]) -> list[str]:
        known: set[str] = set()
        valued: set[str] = set()
        for parameter in self.get_params(context):
            if isinstance(parameter, click.Option):
                known.update(parameter.opts)
                if not (parameter.is_flag or parameter.count):
                    valued.update(parameter.opts)
        kept: list[str] = []
        expressions: list[str] = []
        is_value = False
        for position, argument in enumerate(arguments):
            if argument == "--" and not is_value:
                return kept + ["--", *expressions, *arguments[position + 1 :]]
            short = argument[:2]
            begins_with_minus = len(argument) > 1 and short[0] == "-" and short != "--"
            if begins_with_minus and not is_value and short not in known:
                expressions.append(argument)
            else:
                kept.append(argument)
            is_value = not is_value and argument in valued
        return kept + (["--", *expressions] if expressions else [])


def _all(*options: Decorator) -> Decorator:
    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


declarations = click.option(
    "-d", "--declare", "declared", multiple=True, metavar="DECLS",
    help='Declarations, as "A: 1xa, S: nxn symmetric", or @FILE to read them. May be repeated.',
)  # fmt: skip

reading = _all(
    click.option("--strict", is_flag=True, help="Refuse an expression that has several readings."),
    click.option(
        "--latex", is_flag=True, help="EXPR is LaTeX, as it is anyway if it has a backslash."
    ),
)

verifying = _all(
    click.option("--verify", is_flag=True, help="Check the result against numbers."),
    click.option(
        "--trials", type=click.IntRange(1, MOST_TRIALS), default=3, show_default=True,
        help="Random points of the check.",
    ),
    click.option(
        "--seed", type=click.IntRange(0, LARGEST_SEED), help="Repeat the check of that seed."
    ),
)  # fmt: skip

arranging = _all(
    click.option(
        "--layout", type=click.Choice(["numerator", "denominator"]), default="numerator",
        show_default=True, help="Jacobian as dY/dX', or its transpose.",
    ),
    click.option(
        "--vec", type=click.Choice(["column", "row"]), default="column", show_default=True,
        help="How matrices are stacked: column by column, or row by row.",
    ),
    click.option(
        "--structure", type=click.Choice(["projection", "free"]), default="projection",
        show_default=True,
        help="For a symmetric, diagonal or otherwise bound variable: the gradient within that "
        "structure, or the one of independent entries.",
    ),
)  # fmt: skip


def printing(*formats: str) -> Decorator:
    """--format with these choices, and where and how the result is written."""
    return _all(
        click.option(
            "--format", "format_", type=click.Choice(formats), default=formats[0],
            show_default=True, help="What to write.",
        ),
        click.option("--ascii", "ascii_", is_flag=True, help="Write formulas in ASCII only."),
        click.option(
            "--color", type=click.Choice(["auto", "always", "never"]), default="auto",
            show_default=True, help="Colour, and the wide form with all details.",
        ),
        click.option(
            "-o", "--output", metavar="FILE", help="Write to FILE, which is replaced as a whole."
        ),
    )  # fmt: skip


def settings_of(options: dict[str, Any]) -> Settings:
    """The settings that a command's options amount to; options it lacks keep their defaults."""
    names = ("layout", "vec", "structure", "strict", "verify", "trials", "seed")
    return Settings(**{name: options[name] for name in names if name in options})
