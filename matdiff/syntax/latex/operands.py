"""One operand: a name, a number, a bracket, a norm, a fraction, a root or a function's value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from matdiff.syntax import limits
from matdiff.syntax.latex import commands
from matdiff.syntax.latex.names import (
    accented,
    name_and_scripts,
    norm_subscript,
    raw_script,
    subscript_pieces,
)
from matdiff.syntax.latex.scripts import is_transposing, superscripts
from matdiff.syntax.latex.sums import read_sum
from matdiff.syntax.latex.tokens import LatexToken, Piece

if TYPE_CHECKING:
    from matdiff.syntax.latex.reader import Reader

_IDENTIFIER = re.compile(rf"[A-Za-zΑ-Ωα-ω][A-Za-zΑ-Ωα-ω0-9_]{{0,{limits.NAME}}}")
_LETTERS = re.compile(rf"[A-Za-z]{{2,{limits.NAME}}}")


def read_operand(reader: Reader, *, scripts: bool = True) -> list[Piece]:
    """The operand that comes next, with what is written above and below it."""
    token = reader.peek()
    assert token is not None
    place = token.start, token.end
    if token.kind == "letter":
        pieces = _letter(reader, token, scripts)
    elif token.kind == "command" and token.text == "sum":
        reader.i += 1
        return read_sum(reader, token)
    elif token.kind in ("word", "command") and (name := _function_at(reader, token)):
        reader.i += 1
        pieces = _call(reader, token, name)
    elif token.kind == "word":
        reader.i += 1
        pieces = name_and_scripts(reader, token.text, place, scripts=scripts)
    elif token.kind == "number" and not (_subscripted(reader) and token.text in "01"):
        reader.i += 1
        pieces = [(token.text, *place)]
    elif token.kind in ("number", "constant"):
        reader.i += 1
        sizes = subscript_pieces(reader) if scripts else []
        pieces = [("ones" if token.text == "1" else "zeros", *place), *sizes]
    elif token.kind == "open":
        inner = reader.enclosed(token)
        end = reader.tokens[reader.i - 1].end
        closer = ")" if token.text == "(" else ">"
        pieces = [(token.text, *place), *inner, (closer, end - 1, end)]
        if token.text == "<" and reader.is_next("_"):
            norm_subscript(reader)  # <A, B>_F
    elif token.kind == "bar":
        pieces = _fence(reader, token)
    elif token.kind == "real":
        reader.i += 1
        pieces = _real(reader, place)
    elif token.kind == "command":
        reader.i += 1
        pieces = _command(reader, token, scripts)
    elif token.kind in ("^", "_", "accent") or token.text == "'":
        raise reader.problem(token, "has nothing before it", "MX105")
    else:
        raise reader.problem(token, "has no meaning here")
    return pieces + superscripts(reader) if scripts else pieces


def _subscripted(reader: Reader) -> bool:
    following = reader.peek(1)
    return following is not None and following.kind == "_"


def _letter(reader: Reader, token: LatexToken, scripts: bool) -> list[Piece]:
    """A letter is a name, unless it begins a declared name or a function of several letters."""
    place = token.start, token.end
    run = _IDENTIFIER.match(reader.source, token.start)
    if run and len(run.group()) > 1 and run.group() in reader.declared:
        _skip_to(reader, run.end())
        return [(run.group(), *run.span())]
    run = _LETTERS.match(reader.source, token.start)
    if run and (name := reader.function_named(run.group())):
        window = reader.tokens[reader.i : reader.i + limits.NAME]
        after = next((later for later in window if later.start >= run.end()), None)
        if after is not None and after.kind == "open" and set(run.group()) - set(reader.declared):
            _skip_to(reader, run.end())
            return _call(reader, LatexToken("word", run.group(), *run.span()), name)
    reader.i += 1
    if token.text not in reader.declared:
        if token.text == "σ" and reader.is_next("open"):
            return _call(reader, token, "sigmoid")
        if token.text == "e" and reader.is_next("^") and not is_transposing(reader):
            opener = reader.tokens[reader.i]
            reader.i += 1
            # of a square matrix it would be expm, which a shape decides: see the function e_to
            return [
                ("e_to", *place),
                ("(", *place),
                *reader.argument(opener),
                (")", *_last(reader)),
            ]
        if token.text == "π" and not reader.is_next("_"):
            return [("pi", *place)]
    return name_and_scripts(reader, token.text, place, scripts=scripts)


def _skip_to(reader: Reader, end: int) -> None:
    while (token := reader.peek()) is not None and token.start < end:
        reader.i += 1


def _function_at(reader: Reader, token: LatexToken) -> str:
    own = token.text in reader.declared or (token.kind == "command" and token.text == "sqrt")
    return "" if own else reader.function_named(token.text)


def _call(reader: Reader, token: LatexToken, name: str) -> list[Piece]:
    """A function with its argument: in brackets, in bars, or the rest of the chain."""
    place = token.start, token.end
    following = reader.peek()
    if name in ("log", "ln") and following is not None and following.text == "det":
        name, place = "logdet", (place[0], following.end)
        reader.i += 1
    sizes: list[Piece] = []
    if reader.is_next("_"):
        if name != "unvec":
            reason = "with a subscript is not read; write what it stands for"
            raise reader.problem(token, reason)
        sizes = [(",", *place), *subscript_pieces(reader)[1:-1]]
    if reader.is_next("sign", "'"):
        raise reader.problem(token, "with a prime, a derivative, is not read; write it out")
    powers = superscripts(reader)
    if any(said == "-" for said, _, _ in powers):
        raise reader.problem(token, "to a negative power is read in two ways; write it out")
    argument = _argument(reader, token, name)
    end = _last(reader)
    if name == "max":
        name, argument = "relu", _beside_zero(argument, token, reader)
    return [(name, *place), ("(", *place), *argument, *sizes, (")", *end), *powers]


def _argument(reader: Reader, token: LatexToken, name: str) -> list[Piece]:
    following = reader.peek()
    if following is not None and (following.kind == "open" or _holds_argument(reader)):
        return reader.enclosed(following)
    if following is not None and following.kind == "bar" and following.side <= 0:
        return read_operand(reader)
    pieces = reader.sequence(chain=True, narrow=name in commands.NARROW)
    if not pieces:
        raise reader.problem(token, "has no argument", "MX107")
    return pieces


def _holds_argument(reader: Reader) -> bool:
    r"""Whether a brace comes next that holds an argument, \log{x}, and neither \mathbf{x} nor a
    base, {X}^{-1}."""
    brace = reader.tokens[reader.i]
    if brace.kind != "{" or brace.side:
        return False
    _, stop = raw_script(reader, reader.i - 1)
    after = reader.tokens[stop] if stop < len(reader.tokens) else None
    return after is None or after.kind not in ("^", "_")


def _beside_zero(argument: list[Piece], token: LatexToken, reader: Reader) -> list[Piece]:
    r"""The x of \max(0, x) and \max(x, 0)."""
    said = [text for text, _, _ in argument]
    if said[:2] in (["0", ","], ["zeros", ","]):
        return argument[2:]
    if said[-2:] in ([",", "0"], [",", "zeros"]):
        return argument[:-2]
    raise reader.problem(token, "is read only of 0 and x, as relu(x)")


def _fence(reader: Reader, token: LatexToken) -> list[Piece]:
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
        norm, end = norm_subscript(reader)
    opening = (token.text, token.start, token.end)
    return [opening, *inner, (token.text + norm, closing.start, end)]


def _real(reader: Reader, place: tuple[int, int]) -> list[Piece]:
    """The set in which a variable lies, with its sides."""
    pieces = [("ℝ", *place)]
    if reader.is_next("^"):
        opener = reader.tokens[reader.i]
        reader.i += 1
        outer, reader.times = reader.times, "×"
        sides = reader.argument(opener)
        reader.times = outer
        span = opener.start, opener.end
        pieces += [("^", *span), ("{", *span), *sides, ("}", *span)]
    return pieces


def _command(reader: Reader, token: LatexToken, scripts: bool) -> list[Piece]:
    place = token.start, token.end
    if token.text in commands.FRACTIONS:
        above, below = _bracketed(reader, token), _bracketed(reader, token)
        return [("(", *place), *above, ("/", *place), *below, (")", *_last(reader))]
    if token.text == "sqrt":
        if reader.is_next("open"):
            raise reader.problem(token, "with an index is not read; write a power, x^{1/3}")
        return [("sqrt", *place), ("(", *place), *reader.argument(token), (")", *_last(reader))]
    if token.text in commands.ACCENTS:
        name, end = accented(reader, token)
        return name_and_scripts(reader, name, (token.start, end), scripts=scripts)
    raise reader.refuse(token)


def _bracketed(reader: Reader, opener: LatexToken) -> list[Piece]:
    """An argument of a command, in brackets unless it is one sign."""
    first = reader.peek()
    pieces = reader.argument(opener)
    if len(pieces) == 1 or first is None:
        return pieces
    return [("(", first.start, first.end), *pieces, (")", *_last(reader))]


def _last(reader: Reader) -> tuple[int, int]:
    """The place of the token read last, at which what was opened for it closes."""
    token = reader.tokens[reader.i - 1]
    return token.start, token.end
