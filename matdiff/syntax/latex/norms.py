r"""Norms, absolute values and determinants: what stands between bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matdiff.syntax.latex.raw import raw_script
from matdiff.syntax.latex.tokens import LatexToken, Piece

if TYPE_CHECKING:
    from matdiff.syntax.latex.reader import Reader

_WEIGHTED = "tr(("  # how a weighted norm begins
_NORMS = frozenset(("1", "2", "F", "Fro", "fro", "*", "ast", "∞", "max", "op"))


def read_fence(reader: Reader, token: LatexToken) -> list[Piece]:
    """What stands between the bar that is next and the one that closes it."""
    reader.i += 1
    reader.open.append(token.text)
    inner = reader.sequence()
    reader.open.pop()
    closing = reader.peek()
    if closing is None or closing.text != token.text:
        raise reader.problem(token, "is not closed", "MX104")
    reader.i += 1
    if not inner:
        raise reader.problem(token, "encloses nothing", "MX105")
    end = closing.end
    norm = ""
    if token.text == "‖" and reader.is_next("_"):
        if _is_weighted(reader):
            return _weighted(reader, token, inner)
        norm, end = norm_subscript(reader)
    opening = (token.text, token.start, token.end)
    return [opening, *inner, (token.text + norm, closing.start, end)]


def _is_weighted(reader: Reader) -> bool:
    r"""Whether the subscript that comes next begins with a declared matrix: \|x\|_{W}^2."""
    below, stop = raw_script(reader, reader.i)
    names = [below[0].text, "_".join(part.text for part in (below[0], *below[2:3]))]
    found = [sides for name in names if (sides := reader.sides(name)) is not None]
    squared = reader.tokens[stop : stop + 1]
    return (
        "".join(part.text for part in below) not in _NORMS
        and any("1" not in sides for sides in found)
        and bool(squared)
        and squared[0].kind == "^"
        and [part.text for part in raw_script(reader, stop)[0]] == ["2"]
    )


def _weighted(reader: Reader, token: LatexToken, inner: list[Piece]) -> list[Piece]:
    r"""\|x\|_W^2, which is x'W x, and tr(X'W X) of a matrix."""
    if any(said == _WEIGHTED for said, _, _ in inner):  # each would be written twice
        raise reader.problem(token, "holds another weighted norm; name that by a definition")
    opener = reader.tokens[reader.i]
    reader.i += 1
    weight = reader.argument(opener)
    reader.i = raw_script(reader, reader.i)[1]
    reader.notes.append("‖x‖_W^2 with a matrix W below is read as x'W x")
    first, last = (token.start, token.end), reader.last()
    return [
        (_WEIGHTED, *first), *inner, (")'(", *last), *weight, (")(", *last), *inner, ("))", *last)
    ]  # fmt: skip


def norm_subscript(reader: Reader) -> tuple[str, int]:
    r"""What stands below a norm, as `_F`, and where it ends."""
    below, stop = raw_script(reader, reader.i)
    said = "".join("∞" if token.text == "infty" else token.text for token in below)
    end = reader.tokens[stop - 1].end
    if said not in _NORMS:
        hint = r"\|x\|_A^2 is written x^\top Ax; norms that are read are _1, _2, _F, _* and _\infty"
        raise reader.problem(reader.tokens[reader.i], "names no norm", hint=hint)
    reader.i = stop
    return "_" + {"Fro": "F", "fro": "F", "ast": "*"}.get(
        said, said if len(said) == 1 else f"{{{said}}}"
    ), end
