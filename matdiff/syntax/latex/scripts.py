"""What is written above an operand: transposes, powers, elementwise powers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from matdiff.errors import SyntaxProblem
from matdiff.syntax.latex import commands
from matdiff.syntax.latex.raw import raw_script
from matdiff.syntax.latex.tokens import LatexToken, Piece

if TYPE_CHECKING:
    from matdiff.syntax.latex.reader import Reader

_QUOTIENT = re.compile(r"(-?)\(([0-9.]+)/([0-9.]+)\)")
_ADJOINT = frozenset(("H", "*", "ast", "star", "dagger", "+", "dag"))
_PSEUDOINVERSE: dict[tuple[str, ...], str] = {("dagger",): "†", ("dag",): "†", ("+",): "+"}


def superscripts(reader: Reader, *, pseudoinverse: bool = False) -> list[Piece]:
    """All that is raised after an operand, through the braces that close around it.

    It ends before the sign of a pseudo-inverse if that is asked for.
    """
    pieces: list[Piece] = []
    while True:
        reader.leave_braces()
        token = reader.peek()
        if token is not None and token.kind == "sign" and token.text == "'":
            pieces.append(("'", token.start, token.end))
            reader.i += 1
        elif token is not None and token.kind == "^":
            above = tuple(part.text for part in raw_script(reader, reader.i)[0])
            if pseudoinverse and above in _PSEUDOINVERSE:
                return pieces
            pieces += _superscript(reader, token)
        else:
            return pieces


def raised(reader: Reader, pieces: list[Piece]) -> list[Piece]:
    r"""An operand with all that is raised after it; X^\dagger and X^+ are pinv(X)."""
    while True:
        pieces = _joined(pieces, superscripts(reader, pseudoinverse=True))
        token = reader.peek()
        if token is None or token.kind != "^":
            return pieces
        above, stop = raw_script(reader, reader.i)
        sign = _PSEUDOINVERSE[tuple(part.text for part in above)]
        span = token.start, reader.tokens[stop - 1].end
        _refuse_positive_part(reader, sign, pieces, span)
        name = reader.source[pieces[0][1] : token.start].strip(" {}")
        reader.notes.append(f"{name}^{sign} is read as the pseudo-inverse")
        reader.i = stop
        first = pieces[0][1:]
        pieces = [("pinv", *first), ("(", *first), *pieces, (")", *span)]


def _joined(pieces: list[Piece], above: list[Piece]) -> list[Piece]:
    """An operand and what is raised; X[i,:]', a row as a column, transposed again is X[i,:]."""
    said, start, _ = pieces[-1]
    if above and above[0][0] == "'" and said.endswith("]'"):
        return [*pieces[:-1], (said[:-1], start, above[0][2]), *above[1:]]
    return pieces + above


def _refuse_positive_part(
    reader: Reader, sign: str, pieces: list[Piece], span: tuple[int, int]
) -> None:
    """x^+ may be the positive part of x: only of a matrix it is the pseudo-inverse."""
    sides = reader.sides(pieces[0][0])
    matrix = len(pieces) == 1 and (
        "1" not in sides if sides is not None else pieces[0][0][:1].isupper()
    )
    if sign == "+" and not matrix:
        raise SyntaxProblem(
            "the superscript + may be a pseudo-inverse or the positive part, and is not read here",
            hint=r"write X^\dagger for a pseudo-inverse, \max(0,x) for the positive part",
            span=span,
            code="MX115",
        )


def is_transposing(reader: Reader) -> bool:
    """Whether the superscript that comes next transposes."""
    return bool(_transposes(reader, raw_script(reader, reader.i)[0]))


def _superscript(reader: Reader, sign: LatexToken) -> list[Piece]:
    above, stop = raw_script(reader, reader.i)
    span = sign.start, reader.tokens[stop - 1].end
    if primes := _transposes(reader, above):
        reader.i = stop
        return [(said, *span) for said in primes]
    if len(above) == 1 and above[0].text in _ADJOINT and above[0].text not in reader.declared:
        hint = r"the transpose is X^\top, the inverse X^{-1}, the pseudo-inverse X^\dagger"
        hint += r"; x^\star is a variable if x_star is declared"
        raise SyntaxProblem(
            f"the superscript {above[0].text} is not read: matrices are real here",
            hint=hint,
            span=span,
            code="MX115",
        )
    operator = "^"
    if len(above) > 1 and above[0].text in ("circ", "odot"):
        operator = ".^"
        brace = reader.i + 1
        del reader.tokens[next(i for i in range(brace, stop) if reader.tokens[i] is above[0])]
    reader.i += 1
    inner = reader.argument(sign)
    plain = _QUOTIENT.fullmatch("".join(said for said, _, _ in inner))
    if plain:
        inner = [piece for piece in inner if piece[0] not in "()"]
    if len(inner) == 1:
        return [(operator, sign.start, sign.end), *inner]
    start, end = inner[0][1], inner[-1][2]
    opening, closing = ("(", start, start), (")", end, end)
    return [(operator, sign.start, sign.end), opening, *inner, closing]


def _transposes(reader: Reader, above: list[LatexToken]) -> list[str]:
    r"""The signs in the language for \top, \prime\prime, -T, -1T; nothing for all else."""
    texts = [token.text for token in above]
    inverse = texts[:1] == ["-"]
    signed = 2 if texts[1:2] == ["1"] else 1
    rest = texts[signed:] if inverse else texts
    if not rest or any(text not in commands.TRANSPOSING for text in rest):
        return []
    if rest == ["t"] and "t" in reader.declared:
        return []
    if rest[0] in reader.bound:  # \sum_t \gamma^t r_t
        return []
    if len(rest) > 1 and any(text not in ("prime", "'") for text in rest):
        return []
    return (["^-1"] if inverse else []) + ["'"] * len(rest)
