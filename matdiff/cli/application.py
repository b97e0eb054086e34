"""The command group, and what becomes of everything that can go wrong.

Commands are imported when they are called.  Nothing here lets a traceback out: a refusal is a
message and an exit status, and so is a bug, unless MATDIFF_TRACEBACK is set in the environment.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib import import_module
from typing import Any

import click

from matdiff import __version__
from matdiff.cli import interrupts
from matdiff.cli.failures import (
    INTERRUPTED,
    UNUSABLE,
    OutputLost,
    failure,
    show_error,
    wants_json,
    write_line,
)
from matdiff.documents.places import Refused
from matdiff.errors import MatdiffError, UsageProblem
from matdiff.limits import refuse_unusable

COMMANDS = {
    "gradient": "matdiff.cli.derivative",
    "jacobian": "matdiff.cli.derivative",
    "hessian": "matdiff.cli.derivative",
    "differential": "matdiff.cli.derivative",
    "shape": "matdiff.cli.shape",
    "run": "matdiff.cli.run",
    "check": "matdiff.cli.check",
    "functions": "matdiff.cli.functions",
    "explain": "matdiff.cli.explain",
}
ALIASES = {"grad": "gradient", "jac": "jacobian", "hess": "hessian", "diff": "differential"}
WAY_IN = (
    """usage: matdiff COMMAND …, as in `matdiff gradient "x'A x" --wrt x`; """
    "`matdiff --help` lists the commands"
)


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        name = ALIASES.get(name, name)
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(COMMANDS[name]), name)
        return command

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command; UsageProblem, with those that look like it, if there is none."""
        typed = args[0]
        if typed[:1] == "-" or ALIASES.get(typed, typed) in COMMANDS:
            return super().resolve_command(context, args)
        from difflib import get_close_matches  # a mistake may take its time

        near = " or ".join(get_close_matches(typed, [*COMMANDS, *ALIASES], 2))
        raise UsageProblem(
            f"no such command '{typed}'", hint=f"{near}? {WAY_IN}" if near else WAY_IN
        )


@click.group(
    cls=LazyGroup,
    no_args_is_help=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit status: 0 all right; 1 a claim is wrong or a verification failed; 2 the input "
    "cannot be used; 3 a limit was reached; 130 interrupted.",
)
@click.version_option(__version__, prog_name="matdiff")
def application() -> None:
    """Derivatives of matrix expressions, as formulas.

    \b
    matdiff gradient "x'A x" --wrt x
    matdiff jacobian "A x/norm(x)" --wrt x --verify
    matdiff check paper.tex
    matdiff run problems.mx

    grad, jac, hess and diff are short for the first four commands.
    """


def start(arguments: list[str]) -> int:
    """Run the command and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # an ASCII terminal must not turn a sign into a failure
            with suppress(OSError):  # it flushes; what is lost later is noticed then
                stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    write = write_line if wants_json(arguments) else None
    try:
        refuse_unusable()
        status = _run(arguments)
    except (KeyboardInterrupt, click.Abort):
        status = interrupts.status() or INTERRUPTED
    except SystemExit:  # click's, when a pipe is closed
        status = UNUSABLE
    except OutputLost as lost:
        status = lost.exit_status
    except Refused as refused:
        status = show_error(refused.error, refused.origin, write)
    except MatdiffError as problem:
        status = show_error(problem, None, write)
    except Exception as bug:
        if "MATDIFF_TRACEBACK" in os.environ:
            raise
        status = show_error(failure(bug), None, write)
    return _flushed(status)


def _run(arguments: list[str]) -> int:
    try:
        result: Any = application.main(arguments, prog_name="matdiff", standalone_mode=False)
    except click.UsageError as problem:
        raise _usage(problem) from None
    except click.ClickException as problem:
        raise UsageProblem(problem.format_message()) from None
    except OSError as problem:  # --help or --version to a full disk
        raise OutputLost(problem) from None
    return result if isinstance(result, int) else 0


def _usage(problem: click.UsageError) -> UsageProblem:
    context = problem.ctx
    command = context.command_path if context is not None else "matdiff"
    usage = context.get_usage() if context is not None else "Usage: matdiff COMMAND"
    message = problem.format_message().rstrip(".")
    hint = f"{usage[0].lower()}{usage[1:]}; `{command} --help` says more"
    if context is not None and context.command is application:
        hint = WAY_IN
    return UsageProblem(f"{message[:1].lower()}{message[1:]}", hint=hint)


def _flushed(status: int) -> int:
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as problem:
        return OutputLost(problem).exit_status
    return status
