"""From the arguments of a command to a session, each text with the name that messages give it."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeVar

from matdiff.documents.places import Origin, Refused
from matdiff.documents.sources import STANDARD_INPUT, read_source
from matdiff.errors import FileProblem, MatdiffError, UsageProblem
from matdiff.session import Session
from matdiff.syntax import split_statements

Result = TypeVar("Result")


class Question:
    """A session with the declarations of one command line.

    Raises Refused, which knows the text at fault, for every error on the way.
    """

    def __init__(self, declared: tuple[str, ...]) -> None:
        self.session = Session()
        for text in declared:
            if text.startswith("@"):
                self._declare_file(text[1:])
            else:
                self.stage("--declare", typed(text), self.session.declare)

    def stage(self, name: str, text: str, step: Callable[[str], Result]) -> Result:
        """The result of a step, whose errors are errors in this text."""
        return _stage(Origin(name, text), text, step)

    def source(self, expression: str) -> tuple[str, str]:
        """Name and text of the expression, which may be waiting on standard input."""
        if expression == STANDARD_INPUT:
            return "standard input", read_source(STANDARD_INPUT).strip("\n")
        return "expression", typed(expression)

    def _declare_file(self, path: str) -> None:
        content = read_source(path)
        origin = Origin(path, content, is_file=True)
        for line, column, statement in split_statements(content):
            _stage(origin.at(line, column), statement, self.session.declare)


def _stage(origin: Origin, text: str, step: Callable[[str], Result]) -> Result:
    try:
        return step(text)
    except FileProblem:
        raise
    except MatdiffError as error:
        raise Refused(error.located(None, text), origin) from None


def typed(argument: str) -> str:
    """The argument as text: UTF-8 whatever the locale says."""
    if argument.isascii():
        return argument
    try:
        return os.fsencode(argument).decode("utf-8")
    except UnicodeDecodeError:
        raise UsageProblem("an argument is not UTF-8 text") from None
    except UnicodeEncodeError:  # text that came from Python, not from a shell
        return argument
