"""The tokens of a subscript or superscript as they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matdiff.syntax.latex.tidying import script_end
from matdiff.syntax.latex.tokens import LatexToken

if TYPE_CHECKING:
    from matdiff.syntax.latex.reader import Reader


def raw_script(reader: Reader, at: int) -> tuple[list[LatexToken], int]:
    """The tokens of the script whose sign stands at `at`, without braces, and where it stops."""
    tokens = reader.tokens
    sign = tokens[at]
    if at + 1 >= len(tokens):
        raise reader.problem(sign, "has nothing after it", "MX105")
    if tokens[at + 1].kind != "{":
        return [tokens[at + 1]], at + 2
    stop = script_end(tokens, at)
    if tokens[stop - 1].kind != "}" or stop == at + 2:
        raise reader.problem(tokens[at + 1], "is not closed", "MX104")
    inside = tokens[at + 2 : stop - 1]
    return [token for token in inside if token.kind not in ("{", "}")], stop
