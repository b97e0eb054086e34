r"""One definition of a macro: \newcommand, \def, \DeclareMathOperator and their kin."""

from __future__ import annotations

import re
from collections.abc import Mapping

from matdiff.errors import SyntaxProblem
from matdiff.syntax.characters import Text

_COMMANDS = ("newcommand", "renewcommand", "providecommand", "DeclareRobustCommand")
_DOCUMENT_COMMANDS = tuple(
    f"{verb}DocumentCommand" for verb in ("New", "Renew", "Provide", "Declare")
)
DEFINING = frozenset(
    (*_COMMANDS, *_DOCUMENT_COMMANDS, "def", "gdef", "edef", "xdef", "let")
    + ("DeclareMathOperator", "DeclarePairedDelimiter", "DeclarePairedDelimiterX")
)
_MANDATORY = re.compile(r"\s*(?:O\s*\{([^{}]*)\}\s*)?((?:m\s*)*)")
_NAME = re.compile(r"\s*(?:\{\s*\\([A-Za-z]+|.)\s*\}|\\([A-Za-z]+|.))")
_PARAMETERS = re.compile(r"(?:\s*#[1-9])*\s*")
_BLANKS = re.compile(r"(?:\s|%[^\n]*\n)*")
_BRACKET = re.compile(r"\\.|[{}\[\]]", re.DOTALL)  # a bracket after a backslash counts for nothing
_BRACKETS = {"{": "{}", "[": "[]"}


class Macro:
    """What a command stands for.

    `count` arguments, the first of which has a `default` or none; `body` with #1, #2 for them.
    `fenced`: a star or a size in brackets may follow the name.  `final`: the body is not looked
    through for macros again.  `problem` says why it cannot be put in.
    """

    __slots__ = ("body", "count", "default", "fenced", "final", "name", "problem")

    def __init__(
        self,
        name: str,
        count: int,
        body: str,
        *,
        default: str | None = None,
        fenced: bool = False,
        final: bool = False,
        problem: str = "",
    ) -> None:
        self.name, self.count, self.body, self.default = name, count, body, default
        self.fenced, self.final, self.problem = fenced, final, problem


def definition_at(text: Text, start: int, known: Mapping[str, Macro]) -> tuple[Macro, int]:
    r"""The macro defined at a place, and where its definition ends; SyntaxProblem (MX115) if none.

    >>> macro, end = definition_at(Text(r"\def\m#1{#1^T}x", r"\def\m#1{#1^T}x"), 0, {})
    >>> macro.name, macro.count, macro.body, end
    ('m', 1, '#1^T', 14)
    """
    source = text.folded
    command = re.compile(r"\\([A-Za-z]+)\s*\*?").match(source, start)
    assert command is not None
    kind = command.group(1)
    named = _NAME.match(source, command.end())
    if named is None:
        raise _unread(text, start, command.end())
    name, at = named.group(1) or named.group(2), named.end()
    if kind in _COMMANDS:
        count, at = _count(source, at)
        default, at = _optional(source, at)
        body, at = _required(text, start, at)
        return Macro(name, count, body, default=default), at
    if kind == "DeclareMathOperator":
        body, at = _required(text, start, at)
        return Macro(name, 0, rf"\operatorname{{{body}}}"), at
    if kind == "DeclarePairedDelimiter":
        left, at = _required(text, start, at)
        right, at = _required(text, start, at)
        return Macro(name, 1, rf"\left{left} #1\right{right} ", fenced=True), at
    if kind == "DeclarePairedDelimiterX":
        count, at = _count(source, at)
        left, at = _required(text, start, at)
        right, at = _required(text, start, at)
        body, at = _required(text, start, at)
        return Macro(name, count, rf"\left{left} {body}\right{right} ", fenced=True), at
    if kind in _DOCUMENT_COMMANDS:
        return _with_arguments(text, start, kind, name, at)
    if kind == "let":
        return _alias(text, start, name, at, known)
    return _plain(text, start, kind, name, at)


def skip_blanks(source: str, at: int) -> int:
    """Past blanks and comments."""
    found = _BLANKS.match(source, at)
    assert found is not None
    return found.end()


def group_end(source: str, start: int, opening: str, depth: int = 0) -> tuple[int | None, int]:
    """Where the group closes in which `depth` brackets are open, or None and how many then are."""
    braces = 0
    for found in _BRACKET.finditer(source, start):
        sign = found.group()
        if sign in _BRACKETS[opening] and (opening == "{" or not braces):
            depth += 1 if sign == opening else -1
            if depth == 0:
                return found.end(), 0
        elif sign in "{}":
            braces += 1 if sign == "{" else -1
    return None, depth


def _plain(text: Text, start: int, kind: str, name: str, at: int) -> tuple[Macro, int]:
    r"""\def\m#1#2{…}; what delimits its arguments by other signs is not put in."""
    found = _PARAMETERS.match(text.folded, at)
    assert found is not None
    problem = "" if kind in ("def", "gdef") else f"is defined by \\{kind}, which is not read"
    count, at = found.group().count("#"), found.end()
    if text.folded[at : at + 1] != "{":
        problem = problem or "takes arguments in a form that is not read"
        at = text.folded.find("{", at)
        if at < 0:
            raise _unread(text, start, len(text.folded))
    body, at = _required(text, start, at)
    return Macro(name, count, body, problem=problem), at


def _with_arguments(text: Text, start: int, kind: str, name: str, at: int) -> tuple[Macro, int]:
    r"""\NewDocumentCommand{\m}{O{2} m}{…}: the first argument may have a default."""
    arguments, at = _required(text, start, at)
    body, at = _required(text, start, at)
    found = _MANDATORY.fullmatch(arguments)
    if found is None:
        problem = f"has arguments of a kind that is not read, {{{arguments}}}"
        return Macro(name, 0, body, problem=problem), at
    default, count = found.group(1), found.group(2).count("m")
    return Macro(name, count + (default is not None), body, default=default), at


def _alias(
    text: Text, start: int, name: str, at: int, known: Mapping[str, Macro]
) -> tuple[Macro, int]:
    found = re.compile(r"\s*=?\s*\\([A-Za-z]+|.)").match(text.folded, at)
    if found is None:
        raise _unread(text, start, at)
    meant = known.get(found.group(1))
    if meant is None:
        return Macro(name, 0, f"\\{found.group(1)} ", final=True), found.end()
    twin = Macro(
        name, meant.count, meant.body, default=meant.default, fenced=meant.fenced, final=meant.final
    )
    return twin, found.end()


def _count(source: str, at: int) -> tuple[int, int]:
    found = re.compile(r"\s*\[\s*([0-9])\s*\]").match(source, at)
    return (int(found.group(1)), found.end()) if found else (0, at)


def _optional(source: str, at: int) -> tuple[str | None, int]:
    at = skip_blanks(source, at)
    if source[at : at + 1] != "[":
        return None, at
    end, _ = group_end(source, at, "[")
    return (source[at + 1 : end - 1], end) if end is not None else (None, at)


def _required(text: Text, start: int, at: int) -> tuple[str, int]:
    """A group in braces, or one sign."""
    source = text.folded
    at = skip_blanks(source, at)
    if source[at : at + 1] == "{":
        end, _ = group_end(source, at, "{")
        if end is None:
            raise _unread(text, start, len(source))
        return source[at + 1 : end - 1], end
    found = re.compile(r"\\(?:[A-Za-z]+|.)|[^\s}]").match(source, at)
    if found is None:
        raise _unread(text, start, at)
    return found.group(), found.end()


def _unread(text: Text, start: int, end: int) -> SyntaxProblem:
    shown = text.folded[start:end]
    return SyntaxProblem(
        f"the definition `{shown if len(shown) < 40 else shown[:39] + '…'}` is not read",
        hint=r"a macro is defined by \newcommand{\name}[n]{…} or \def\name#1{…}",
        span=text.span(start, max(end, start + 1)),
        code="MX115",
    )
