"""Names with what is written below them, and the sizes of constants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matdiff.errors import SyntaxProblem
from matdiff.syntax.latex import commands
from matdiff.syntax.latex.tokens import LatexToken, Piece

if TYPE_CHECKING:
    from matdiff.syntax.latex.reader import Reader

Span = tuple[int, int]
_SUBSCRIPT_WORDS = ("max", "min", "sup", "inf", "det", "log", "exp")


def name_and_scripts(
    reader: Reader, name: str, place: Span, *, scripts: bool = True
) -> list[Piece]:
    """A name with its subscript: `W_1`, also for W^{(1)}; I_n and K_{m,n} with their sizes."""
    start, end = place
    if not scripts:
        return [(name, start, end)]
    reader.leave_braces()
    while reader.is_next("accent"):
        token = reader.tokens[reader.i]
        reader.i += 1
        name, end = name + token.text, token.end
    raised, place_of_layer = _layer(reader)
    if reader.is_next("_"):
        below, stop = raw_script(reader, reader.i)
        if written := _entry(reader, name, below):
            reader.i = stop
            return [(written, start, reader.tokens[stop - 1].end)]
        said = _spelled(below)
        if said and f"{name}_{said}" not in reader.declared:
            with_comma = any(token.text == "," for token in below)
            sized = (name == "I" and name not in reader.declared) or (
                name == "K" and with_comma and name not in reader.declared
            )
            if sized:
                return [(name, start, end), *subscript_pieces(reader)]
        if not said:
            if name == "I":
                return [(name, start, end), *subscript_pieces(reader)]
            raise _no_name(reader, name)
        name, end = f"{name}_{said}", reader.tokens[stop - 1].end
        reader.i = stop
    reader.leave_braces()
    if not raised:
        raised, place_of_layer = _layer(reader)
    if raised:
        name, end = f"{name}_{raised}", max(end, place_of_layer)
    return [(name, start, end)]


def accented(reader: Reader, token: LatexToken) -> tuple[str, int]:
    r"""The name under an accent, and where it ends: \hat{\mathbf{y}} is y_hat."""
    braces = 0
    name, end = "", token.end
    while (inner := reader.peek()) is not None:
        if inner.kind == "{":
            braces += 1
        elif inner.kind == "}":
            braces -= 1
        elif inner.kind in ("letter", "word") and not name:
            name = inner.text
        elif inner.kind == "command" and inner.text in commands.ACCENTS and not name:
            reader.i += 1
            name, _ = accented(reader, inner)
            reader.i -= 1
        else:
            break
        reader.i += 1
        end = reader.tokens[reader.i - 1].end
        if braces == 0:
            break
    if not name or braces:
        raise reader.problem(token, "stands over one letter, which makes a name: \\hat{y} is y_hat")
    return name + commands.ACCENTS[token.text], end


def subscript_pieces(reader: Reader) -> list[Piece]:
    """The sizes below I, 1, 0 or K as arguments in brackets; nothing if nothing stands below."""
    reader.leave_braces()
    if not reader.is_next("_"):
        return []
    opener = reader.tokens[reader.i]
    reader.i += 1
    outer, reader.times = reader.times, ","
    sizes = reader.argument(opener)
    reader.times = outer
    span = opener.start, opener.end
    return [("(", *span), *sizes, (")", *span)]


def norm_subscript(reader: Reader) -> tuple[str, int]:
    r"""What stands below a norm, as `_F`, and where it ends."""
    below, stop = raw_script(reader, reader.i)
    said = "".join("∞" if token.text == "infty" else token.text for token in below)
    end = reader.tokens[stop - 1].end
    reader.i = stop
    return "_" + {"Fro": "F", "fro": "F"}.get(said, said if len(said) == 1 else f"{{{said}}}"), end


def raw_script(reader: Reader, at: int) -> tuple[list[LatexToken], int]:
    """The tokens of the script whose sign stands at `at`, without braces, and where it stops."""
    tokens = reader.tokens
    sign = tokens[at]
    if at + 1 >= len(tokens):
        raise reader.problem(sign, "has nothing after it", "MX105")
    if tokens[at + 1].kind != "{":
        return [tokens[at + 1]], at + 2
    depth, stop = 1, at + 2
    while stop < len(tokens) and depth:
        depth += {"{": 1, "}": -1}.get(tokens[stop].kind, 0)
        stop += 1
    if depth:
        raise reader.problem(tokens[at + 1], "is not closed", "MX104")
    inside = tokens[at + 2 : stop - 1]
    return [token for token in inside if token.kind not in ("{", "}")], stop


def _spelled(below: list[LatexToken]) -> str:
    """A subscript as part of a name: letters and digits; a comma, or a _ of its own, as _."""
    said = ""
    for token in below:
        if token.kind in ("letter", "word", "number", "constant") and "." not in token.text:
            said += token.text.replace(" ", "")
        elif token.kind == "command" and token.text in _SUBSCRIPT_WORDS:
            said += token.text
        elif (token.kind == "_" or token.text == ",") and said and token is not below[-1]:
            said += "_"
        else:
            return ""
    return said


def _entry(reader: Reader, name: str, below: list[LatexToken]) -> str:
    """The entry that a name with bound indices below is, or nothing: W_{ij} is W[i,j].

    Where only the matrix X is declared, x_i is its row i as a column.
    """
    indices = [part.text for part in below if part.text != ","]
    if not indices or not set(indices) <= reader.bound:
        return ""
    rows = name.upper()
    if len(indices) == 1 and name not in reader.declared and rows in reader.declared:
        return f"{rows}[{indices[0]},:]'"
    return f"{name}[{','.join(indices)}]"


def _layer(reader: Reader) -> tuple[str, int]:
    """The `1` of W^{(1)}, as networks number their layers; nothing if no such number follows."""
    if not reader.is_next("^"):
        return "", 0
    above, stop = raw_script(reader, reader.i)
    if len(above) < 3 or above[0].kind != "open" or above[-1].kind != "close":
        return "", 0
    said = _spelled(above[1:-1])
    if not said:
        return "", 0
    reader.i = stop
    return said, reader.tokens[stop - 1].end


def _no_name(reader: Reader, name: str) -> SyntaxProblem:
    token = reader.tokens[reader.i]
    _, stop = raw_script(reader, reader.i)
    span = token.start, reader.tokens[stop - 1].end
    return SyntaxProblem(
        f"`{reader.source[span[0] : span[1]]}` after {name} cannot be part of a name",
        hint="a subscript of a name is made of letters and digits",
        span=span,
        code="MX115",
    )
