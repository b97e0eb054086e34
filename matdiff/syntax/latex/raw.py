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
        if sign.kind in ("^", "_"):
            refuse_digits(reader, sign, tokens[at + 1])
        return [tokens[at + 1]], at + 2
    stop = script_end(tokens, at)
    if tokens[stop - 1].kind != "}" or stop == at + 2:
        raise reader.problem(tokens[at + 1], "is not closed", "MX104")
    inside = tokens[at + 2 : stop - 1]
    return [token for token in inside if token.kind not in ("{", "}")], stop


def refuse_digits(reader: Reader, sign: LatexToken, script: LatexToken) -> None:
    r"""Raise for x_12, x^12 and \sqrt12, which TeX sets as x_1 2, x^1 2 and \sqrt1 2.

    x₁₂ shows what it means.
    """
    written = reader.source[script.start : script.end]
    if script.kind != "number" or len(written) == 1:
        return
    start, end = reader.text.span(script.start, script.end)
    if reader.text.original[start:end] == written:
        head, base = reader.source[sign.start : sign.end], ""
        if sign.kind in ("^", "_"):
            before = reader.source[max(0, sign.start - 1) : sign.start]
            base = (before if before.isalnum() else "") + head
        hint = f"write {base}{{{written}}} or {base}{written[0]} {written[1:]}"
        reason = f"after {head} is more than one sign"
        raise reader.problem(script, reason, hint=hint)
