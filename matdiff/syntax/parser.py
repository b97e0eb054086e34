"""Text to surface tree: fold, tokenise, settle roles, parse; every refusal with its place.

What is refused, by code (the messages stand where they arise):

| code | refused |
| --- | --- |
| MX101 | an empty text |
| MX102 | a control character, a look-alike letter, a character of another script |
| MX103 | a sign without meaning here (`;`, `$`, `!`, …) |
| MX104 | a bracket or bar that is not closed, or closes nothing |
| MX105 | an operator, bracket or comma without operand |
| MX106 | a token in a place where it cannot stand |
| MX107 | a function without brackets or argument |
| MX108 | two powers in a row, `**` |
| MX109 | other notations: several names before one =, A^H, A^+B, x[0], [[1, 2], [3, 4]] |
| MX110 | an equation in place of an expression or shape |
| MX111 | a declaration: shape missing, too many sides, no dimension |
| MX112 | a line that is no statement |
| MX113 | a query: variable, claim or expression missing |
| MX115 | a command, superscript or subscript of LaTeX that is not read |
| MX114 | an index sum: a range that is not the whole, more than two indices |
| MX116 | a number that double precision does not have |
| MX151 | a name before a bracket that is no function |
| MX152 | a name declared twice, differently |
| MX153 | an unknown property |
| MX154 | contradictory properties |
| MX155 | a name that begins with a digit |
| MX501-MX506 | limits, see limits.py |
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from lark.exceptions import UnexpectedToken

from matdiff.errors import MatdiffError
from matdiff.syntax import limits
from matdiff.syntax.characters import Text, fold
from matdiff.syntax.declarations import RawDeclaration, settle_all, settle_shape
from matdiff.syntax.doubts import doubts
from matdiff.syntax.grammar import parser_for
from matdiff.syntax.problems import Explanation, nothing_there
from matdiff.syntax.roles import Roles
from matdiff.syntax.tokens import read_tokens
from matdiff.syntax.tree import (
    Declaration,
    Decomposition,
    Definition,
    Query,
    Remarked,
    Tree,
)

if TYPE_CHECKING:
    from matdiff.syntax.latex import Macros

# What Octave divides from the left, A\b and A \ (x + y): no command of LaTeX.
_LEFT_DIVISION = re.compile(r"(?<=[\w)\]'])\s*\\(?:\s|\(|[A-Za-z](?![A-Za-z]))")
_WHERE = re.compile(r"\bwhere\b")


def parse_expression(
    text: str,
    *,
    declared: Collection[str] = (),
    functions: Collection[str],
    latex: bool = False,
    macros: Macros | None = None,
) -> Tree:
    """The tree of one expression, which is LaTeX if it has a backslash or `latex` says so.

    `declared` are the variables in force: they shadow functions.  Of a mapping the values are their
    shapes, which tell LaTeX rows from columns.  `functions` are the names that are called with
    brackets, beside the sized constants I, ones, zeros, K, D, e and hadamard.  `macros` are those
    of a LaTeX document, see matdiff.syntax.latex.read_macros.
    Raises SyntaxProblem, NameProblem or LimitReached, each with its span in `text`.
    """
    tree: Tree = _parse(text, "sum", declared, functions, latex, macros)
    return tree


def parse_claim(
    text: str,
    *,
    declared: Collection[str] = (),
    functions: Collection[str],
    latex: bool = False,
) -> tuple[Tree, list[Definition | Decomposition]]:
    """The tree of a formula that is claimed, and the definitions of its `where`.

    See parse_expression, which reads what has no `where`; LaTeX that is not between dollars has
    none.
    """
    is_latex = latex or (text.count("$") < 2 and _has_commands(text))
    if is_latex or "where" in declared or not _WHERE.search(text):
        return parse_expression(text, declared=declared, functions=functions, latex=latex), []
    claimed: tuple[Tree, list[Definition | Decomposition]]
    claimed = _parse(text, "claimed", declared, functions)
    return claimed


def parse_declarations(text: str) -> list[Declaration]:
    """The declarations of a text such as "A : m×n symmetric, x : n", each name once."""
    raw: list[RawDeclaration] = _parse(text, "declarations", (), ())
    try:
        return settle_all(raw, text)
    except MatdiffError as problem:
        raise problem.located(None, text) from None


def parse_statement(
    text: str,
    *,
    declared: Collection[str],
    functions: Collection[str],
    macros: Macros | None = None,
) -> list[Declaration] | Definition | Query:
    """One statement of a .mx file: declarations, a definition, or a query.

    `macros` are those of the LaTeX document that it stands in.
    """
    result: Any = _parse(text, "statement", declared, functions, macros=macros)
    try:
        if isinstance(result, list):
            return settle_all(result, text)
        if isinstance(result, tuple):
            kind, expression, shape = result
            claim, end = None, expression.span[1]
            if shape is not None:
                form, rows, columns = settle_shape("the claimed shape", shape, text)
                claim = Declaration("", form, rows, columns, [], shape.span)
                end = shape.span[1]
            return Query("shape", expression, None, [], claim, [], (kind.start_pos, end))
    except MatdiffError as problem:
        raise problem.located(None, text) from None
    assert isinstance(result, (Definition, Query))
    return result


def _parse(
    text: str,
    start: str,
    declared: Collection[str],
    functions: Collection[str],
    latex: bool = False,
    macros: Macros | None = None,
) -> Any:  # what the builder makes of the start symbol
    try:
        limits.refuse_excess(text)
        folded = _characters(text, start, declared, functions, latex, macros)
        result = _parse_folded(folded, start, declared, functions)
        return _with_notes(result, folded) if folded.notes or folded.doubts else result
    except MatdiffError as problem:
        raise problem.located((0, min(1, len(text))), text) from None


def _with_notes(result: Any, text: Text) -> Any:
    """What was parsed, its expression with what is to be told of how it was understood."""
    notes, doubts = text.notes, text.doubts
    if isinstance(result, (Definition, Query)):
        result.expression = Remarked(result.expression, notes, doubts)
    elif isinstance(result, Tree):
        return Remarked(result, notes, doubts)
    elif isinstance(result, tuple) and len(result) == 2:  # a claim
        expression, where = result
        return Remarked(expression, notes, doubts), where
    elif isinstance(result, tuple):  # a question about a shape
        kind, expression, shape = result
        return kind, Remarked(expression, notes, doubts), shape
    return result


def _parse_folded(
    folded: Text, start: str, declared: Collection[str], functions: Collection[str]
) -> Any:
    if not folded.folded.strip():
        raise nothing_there(start, len(folded.original))
    brackets = start == "statement" or "[" in folded.folded  # a file meets them sooner or later
    parser = parser_for(start, brackets=brackets)
    parsing = parser.parse_interactive(folded.folded, start=start)
    stream = parsing.lexer_thread.lex(parsing.parser_state)  # type: ignore[no-untyped-call]
    tokens = read_tokens(stream, folded)
    roles = Roles(tokens, declared, functions)
    roles.read(start)
    fed = 0
    try:
        for token in roles.items:
            parsing.feed_token(token)
            fed += 1
        if roles.problem is not None:
            raise roles.problem
        folded.doubts += doubts(tokens, declared) if start != "declarations" else []
        return parsing.feed_eof()  # type: ignore[no-untyped-call]
    except UnexpectedToken:
        raise Explanation(tokens, roles.items, fed, start).problem() from None


def _has_commands(text: str) -> bool:
    """Whether a backslash tells that an expression is LaTeX."""
    return "\\" in text and "\\" in _LEFT_DIVISION.sub("", text)


def _characters(
    text: str,
    start: str,
    declared: Collection[str],
    functions: Collection[str],
    latex: bool,
    macros: Macros | None,
) -> Text:
    """The text in the characters of the grammar; what reads LaTeX is loaded only for LaTeX."""
    dollars = text.count("$") > 1
    if not dollars and not latex and not (start == "sum" and _has_commands(text)):
        return fold(text)
    from matdiff.syntax.latex import from_latex, with_dollars

    if dollars and not latex:
        return with_dollars(text, declared, functions, macros, start)
    return from_latex(text, declared, functions, macros)
