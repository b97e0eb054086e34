"""Options that several commands share, and a command that takes `-x'A x` for an expression."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from matdiff.emission import TARGETS
from matdiff.errors import UsageProblem
from matdiff.settings import Settings, refuse_code_of

if TYPE_CHECKING:
    from matdiff.documents.programs import Wanted

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
LARGEST_SEED = 2**63 - 1
MOST_TRIALS = 1000
WAYS = ("differentials", "rules")  # of a derivation; the first is what --steps means by itself


class Command(click.Command):
    """A command that refuses an option given twice where only the last would count."""

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        _, _, given = self.make_parser(context).parse_args(list(arguments))
        for position, parameter in enumerate(given):
            if _is_single(parameter) and parameter in given[:position]:
                raise UsageProblem(f"{parameter.opts[-1]} is given twice", hint="give it once")
        return super().parse_args(context, arguments)


def _is_single(parameter: click.Parameter) -> bool:
    if not isinstance(parameter, click.Option):
        return False
    return not (parameter.multiple or parameter.is_flag or parameter.count)


class WholeNumber(click.IntRange):
    """A whole number in the digits 0 to 9, and in nothing else that Python takes for one."""

    def convert(
        self, value: Any, parameter: click.Parameter | None, context: click.Context | None
    ) -> Any:
        if isinstance(value, str) and not _is_number(value, self.min, self.max):
            self.fail(f"{value!r} is no whole number from {self.min} to {self.max}", parameter)
        return super().convert(value, parameter, context)


def _is_number(text: str, least: float | None, most: float | None) -> bool:
    assert least is not None and most is not None
    return re.fullmatch("[0-9]{1,19}", text) is not None and least <= int(text) <= most


class ExpressionCommand(Command):
    """A command whose argument may begin with a minus sign, as formulas do."""

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        stated = with_stated_steps(list(arguments))
        return super().parse_args(context, self._protected(context, stated))

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


class FilesCommand(Command):
    """A command on files, with an option whose value may be left out."""

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        return super().parse_args(context, with_stated_steps(list(arguments)))


def with_stated_steps(arguments: list[str]) -> list[str]:
    """The arguments with `--steps` saying which: `--steps rules`, or by differentials.

    What follows the option is its value only if it is one, for it may be the expression or a file.
    """
    stated: list[str] = []
    for position, argument in enumerate(arguments):
        if argument == "--":
            return stated + arguments[position:]
        if argument == "--steps":
            is_said = arguments[position + 1 : position + 2] in [[way] for way in WAYS]
            argument = argument if is_said else f"--steps={WAYS[0]}"
        stated.append(argument)
    return stated


def all_of(*options: Decorator) -> Decorator:
    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


declarations = click.option(
    "-d", "--declare", "declared", multiple=True, metavar="DECLS",
    help='Declarations, as "A: 1xa, S: nxn symmetric", or @FILE to read them. May be repeated.',
)  # fmt: skip

reading = all_of(
    click.option("--strict", is_flag=True, help="Refuse an expression that has several readings."),
    click.option(
        "--latex", is_flag=True, help="EXPR is LaTeX, as it is anyway if it has a backslash."
    ),
)

verifying = all_of(
    click.option("--verify", is_flag=True, help="Check the result against numbers."),
    click.option(
        "--trials", type=WholeNumber(1, MOST_TRIALS), default=3, show_default=True,
        help="Random points of the check.",
    ),
    click.option(
        "--seed", type=WholeNumber(0, LARGEST_SEED), help="Repeat the check of that seed."
    ),
)  # fmt: skip

arranging = all_of(
    click.option(
        "--layout", type=click.Choice(["numerator", "denominator"]), default="numerator",
        show_default=True, help="Jacobian as dY/dX', or its transpose.",
    ),
    click.option(
        "--vec", type=click.Choice(["column", "row"]), default="column", show_default=True,
        help="How matrices are stacked: column by column, or row by row.",
    ),
    click.option(
        "--structure", type=click.Choice(["projection", "free", "entries"]),
        help="For a symmetric, skew, diagonal or triangular variable: the derivative projected "
        "onto that structure, as if all entries were free, or by the independent entries.  "
        "Gradients are projected, Jacobians and Hessians free, unless this says otherwise.",
    ),
)  # fmt: skip

stepwise = click.option(
    "--steps", type=click.Choice(WAYS), metavar="[rules]",
    help="The derivation line by line, by differentials; or with `--steps rules` by the rules of "
    "product and chain in the layout chosen.",
)  # fmt: skip

in_parallel = click.option(
    "-j", "--jobs", "processes", type=WholeNumber(1, 256), default=1, show_default=True,
    help="Work on that many files at once.",
)  # fmt: skip


def _none_for_standard_output(_: object, __: object, path: str | None) -> str | None:
    return None if path == "-" else path


def printing(*formats: str) -> Decorator:
    """--format with these choices, and where and how the result is written."""
    return all_of(
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
            "-o", "--output", metavar="FILE", callback=_none_for_standard_output,
            help="Write to FILE, which is replaced as a whole; - is standard output.",
        ),
    )  # fmt: skip


coding = all_of(
    click.option("--with-value", is_flag=True, help="Code that returns the value as well."),
    click.option(
        "--operator", is_flag=True,
        help="Code for the products of a Jacobian (J dX and J'dY) or Hessian with a direction.",
    ),
    click.option(
        "--structured", is_flag=True,
        help="Code for the parts that a Jacobian or Hessian is made of, not the dense matrix.",
    ),
    click.option(
        "--assume", "assumed", multiple=True, metavar="RELATION",
        help='About how large dimensions are in code, as "m >> n" or "r = 8".  May be repeated.',
    ),
)  # fmt: skip


def program_of(options: dict[str, Any], kind: str = "value") -> Wanted | None:
    """The code that a command's options ask for, of a derivative of that kind; None for formulas.

    UsageProblem for options on code without a format that is code, or that such a derivative has
    no use for, and for relations that are not.
    """
    asked = [
        name for name in ("with_value", "operator", "structured", "assumed") if options.get(name)
    ]
    if options["format_"] not in TARGETS:
        if asked:
            option = {"assumed": "assume"}.get(asked[0], asked[0]).replace("_", "-")
            raise UsageProblem(
                f"--{option} is of code, and --format {options['format_']} writes a formula",
                hint=f"--format {', '.join(TARGETS[:-1])} or {TARGETS[-1]}",
            )
        return None
    from matdiff.documents.programs import Wanted, sizes_of  # most answers are formulas only

    operator, structured = bool(options.get("operator")), bool(options.get("structured"))
    refuse_code_of(kind, operator=operator, structured=structured)
    return Wanted(
        options["format_"],
        with_value=bool(options.get("with_value")),
        operator=operator,
        structured=structured,
        sizes=sizes_of(options.get("assumed", ())),
    )


def settings_of(options: dict[str, Any]) -> Settings:
    """The settings that a command's options amount to; options it lacks keep their defaults."""
    names = ("layout", "vec", "structure", "steps", "strict", "verify", "trials", "seed")
    return Settings(**{name: options[name] for name in names if name in options})
