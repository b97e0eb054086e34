"""Names with what is written below them, and the sizes of constants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matdiff.errors import SyntaxProblem
from matdiff.syntax.latex import commands
from matdiff.syntax.latex.entries import entry, indices, numbered
from matdiff.syntax.latex.raw import raw_script
from matdiff.syntax.latex.tidying import script_end
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
    items: list[str] = []
    if reader.is_next("_") and not reader.source.startswith("{[", reader.tokens[reader.i].end):
        below, stop = raw_script(reader, reader.i)
        items = indices(reader, below)
        if not items:
            if _is_sized(reader, name, below):
                return [(name, start, end), *subscript_pieces(reader)]
            said = _spelled(below)
            items = numbered(reader, name, below, said)
            if not items and not said:
                raise _no_name(reader, name)
            name = name if items else _jacobian(reader, f"{name}_{said}")
        end, reader.i = reader.tokens[stop - 1].end, stop
    reader.leave_braces()
    layer, stop = _layer(reader)
    if layer:
        end, reader.i = max(end, reader.tokens[stop - 1].end), stop
        samples = indices(reader, layer)
        items = samples + items
        name = name if samples else f"{name}_{_spelled(layer)}"
    elif not items and (raised := _declared_above(reader, name)):
        name = raised
        _, stop = raw_script(reader, reader.i)
        end, reader.i = reader.tokens[stop - 1].end, stop
    return [(entry(reader, name, items) if items else name, start, end)]


def _jacobian(reader: Reader, name: str) -> str:
    """jac[g] for J_g where g is an unknown function and J_g not declared; any other name as it
    is."""
    called = f"jac[{name.removeprefix('J_')}]"
    return called if called in reader.functions and name not in reader.declared else name


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
            reader.deeper()
            name, _ = accented(reader, inner)
            reader.depth -= 1
            reader.i -= 1
        elif inner.kind == "_" and name and _pull_out(reader, braces):
            return name + commands.ACCENTS[token.text], end
        else:
            break
        reader.i += 1
        end = reader.tokens[reader.i - 1].end
        if braces == 0:
            break
    if not name or braces:
        raise reader.problem(token, "stands over one letter, which makes a name: \\hat{y} is y_hat")
    return name + commands.ACCENTS[token.text], end


def _pull_out(reader: Reader, braces: int) -> bool:
    r"""Whether the subscript that comes next ends the braces around it; they are taken away, so
    that \vec{x_1} is read as \vec{x}_1."""
    _, stop = raw_script(reader, reader.i)
    closing = reader.tokens[stop : stop + braces]
    if not all(token.kind == "}" for token in closing):
        return False
    del reader.tokens[stop : stop + braces]
    return True


def is_under_arrow(reader: Reader, arrow: LatexToken) -> bool:
    r"""Whether \vec, which is next, stands over a name, \vec{x}, \vec{x}_1 or \vec{x_1}, and is
    no function: that has a bracket or the bare name of a matrix after it, \vec(X) or \vec X."""
    following = reader.peek(1)
    braced = following is not None and following.kind == "{" and not following.side
    inner = _name_in_group(reader) if following and following.kind == "{" else following
    if inner is None or inner.kind not in ("letter", "word"):
        return braced and inner is not None
    sides = reader.sides(inner.text)
    if not braced:
        return "1" in sides if sides is not None else inner.text.islower()
    if sides is not None and "1" not in sides:
        written = reader.source[arrow.start : arrow.end]
        function = rf"\operatorname{{vec}}({inner.text})"
        reader.notes.append(f"{written} over {inner.text} is an arrow; the function is {function}")
    return True


def _name_in_group(reader: Reader) -> LatexToken | None:
    """The letter, word or accent of the group in braces after the next token, if that is a name
    with or without a subscript, and nothing else."""
    tokens, at = reader.tokens, reader.i + 1
    stop = script_end(tokens, at - 1)
    while at < stop and tokens[at].kind == "{":
        at += 1
    name = tokens[at] if at < stop else None
    if name is not None and name.kind == "command":
        return name if name.text in commands.ACCENTS else None
    at += 1
    while at < stop and tokens[at].kind in ("}", "_"):
        at = script_end(tokens, at) if tokens[at].kind == "_" else at + 1
    return name if at == stop else None


def with_subscript(reader: Reader, base: str) -> str:
    r"""The name that the token to be read next is with what stands below it; "" if that is none."""
    following = reader.peek(1)
    if following is None or following.kind != "_":
        return ""
    said = _spelled(raw_script(reader, reader.i + 1)[0])
    return f"{base}_{said}" if said else ""


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


def _is_sized(reader: Reader, name: str, below: list[LatexToken]) -> bool:
    """Whether I_n, K_{m,n} or e_{i,n} is the constant of that size."""
    said = _spelled(below)
    if name in reader.declared or (said and f"{name}_{said}" in reader.declared):
        return False
    return name in ("I", "hadamard") or (
        name in ("K", "e") and any(part.text == "," for part in below)
    )


def _layer(reader: Reader) -> tuple[list[LatexToken], int]:
    """The `1` of W^{(1)}, as networks number their layers, and where it stops; or nothing."""
    if not reader.is_next("^"):
        return [], 0
    above, stop = raw_script(reader, reader.i)
    if len(above) < 3 or above[0].kind != "open" or above[-1].kind != "close":
        return [], 0
    inside = above[1:-1]
    return (inside, stop) if _spelled(inside) else ([], 0)


def _declared_above(reader: Reader, name: str) -> str:
    r"""A declared name that is written with a mark or word above it: w_star for w^\star, μ_old for
    \mu^{\text{old}}; "" for all else."""
    above = raw_script(reader, reader.i)[0] if reader.is_next("^") else []
    if len(above) != 1:
        return ""
    said = (
        "star"
        if above[0].text in commands.STARS
        else above[0].text
        if above[0].kind == "word"
        else ""
    )
    written = f"{name}_{said}"
    return written if said and written in reader.declared else ""


def _no_name(reader: Reader, name: str) -> SyntaxProblem:
    token = reader.tokens[reader.i]
    below, stop = raw_script(reader, reader.i)
    span = token.start, reader.tokens[stop - 1].end
    hint = "a subscript of a name is made of letters and digits"
    if any(part.text in reader.bound for part in below):
        hint = "the index of a sum stands alone; a part of a vector is a slice, and the column of "
        hint += f"differences is {name}_{{[2:n]}}-{name}_{{[1:n-1]}}"
    return SyntaxProblem(
        f"`{reader.source[span[0] : span[1]]}` after {name} cannot be part of a name",
        hint=hint,
        span=span,
        code="MX115",
    )
