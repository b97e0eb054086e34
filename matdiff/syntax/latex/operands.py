"""One operand: a name, a number, a bracket, a norm, a fraction, a root or a function's value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from matdiff.errors import NameProblem
from matdiff.syntax import limits
from matdiff.syntax.latex import commands
from matdiff.syntax.latex.calls import note_entrywise, read_call
from matdiff.syntax.latex.entries import below_brackets
from matdiff.syntax.latex.matrices import is_slice, read_matrix, sliced_below
from matdiff.syntax.latex.names import (
    accented,
    is_under_arrow,
    name_and_scripts,
    subscript_pieces,
    with_subscript,
)
from matdiff.syntax.latex.norms import norm_subscript, read_fence
from matdiff.syntax.latex.raw import raw_script
from matdiff.syntax.latex.scripts import is_transposing, raised
from matdiff.syntax.latex.sums import read_sum, refuse_letter_for_sum
from matdiff.syntax.latex.tokens import LatexToken, Piece, not_read

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
        pieces = read_call(reader, token, name)
    elif token.kind == "word":
        if token.text[0].isdecimal():  # 1m is part of a name, below one: A_{\mathrm{1m}}
            raise not_read(token.text, place)
        _refuse_operator(reader, token)
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
        elif reader.is_next("_") and not is_slice(reader):
            pieces = below_brackets(reader, pieces)
    elif token.kind == "bar":
        pieces = read_fence(reader, token)
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
    return raised(reader, sliced_below(reader, pieces)) if scripts else pieces


def _refuse_operator(reader: Reader, token: LatexToken) -> None:
    r"""Raise for \operatorname{argmin}, which is neither a function nor a variable."""
    own = reader.declares(token.text)
    upright = reader.source.startswith(r"\operatorname", token.start)
    if token.text in commands.INSTEAD and not own:
        raise reader.refuse(token)
    following = reader.peek(1)
    if upright and not own and (following is None or following.kind != "open"):
        from matdiff.syntax.instead import instead_of  # few formulas need it

        raise NameProblem(
            f"{token.text} is not a known function",
            hint=instead_of(token.text) or "declare it if it is a variable",
            span=(token.start, token.end),
            code="MX151",
        )


def _subscripted(reader: Reader) -> bool:
    following = reader.peek(1)
    return following is not None and following.kind == "_"


def _letter(reader: Reader, token: LatexToken, scripts: bool) -> list[Piece]:
    """A letter is a name, unless it begins a declared name or a function of several letters."""
    place = token.start, token.end
    run = _IDENTIFIER.match(reader.source, token.start)
    own = run is not None and reader.declares(run.group())
    if run and len(run.group()) > 1 and own:
        _skip_to(reader, run.end())
        return [(run.group(), *run.span())]
    run = _LETTERS.match(reader.source, token.start)
    if run and (name := reader.function_named(run.group())):
        window = reader.tokens[reader.i : reader.i + limits.NAME]
        after = next((later for later in window if later.start >= run.end()), None)
        if after is not None and after.kind == "open" and set(run.group()) - set(reader.declared):
            _skip_to(reader, run.end())
            return read_call(reader, LatexToken("word", run.group(), *run.span()), name)
    reader.i += 1
    refuse_letter_for_sum(reader, token)
    if not reader.declares(token.text):
        if token.text == "σ" and reader.is_next("open"):
            note = "σ(…) is read as the sigmoid; declare σ to give it another meaning"
            reader.notes.append(note)
            return read_call(reader, token, "sigmoid")
        if token.text == "e" and reader.is_next("^") and not is_transposing(reader):
            return _exponential(reader, token)
        if token.text == "π" and not reader.is_next("_") and not reader.declaring:
            return [("pi", *place)]
    return name_and_scripts(reader, token.text, place, scripts=scripts)


def _exponential(reader: Reader, token: LatexToken) -> list[Piece]:
    """e^x, of a square matrix expm, which a shape decides: see the function e_to."""
    place = token.start, token.end
    opener = reader.tokens[reader.i]
    reader.i += 1
    pieces = [("e_to", *place), ("(", *place), *reader.argument(opener), (")", *reader.last())]
    if reader.is_next("^") and not is_transposing(reader):
        hint = "write {e^{a}}^{b} or e^{a^{b}}"
        raise reader.problem(reader.tokens[reader.i], "is a second power in a row", "MX108", hint)
    return pieces


def _skip_to(reader: Reader, end: int) -> None:
    while (token := reader.peek()) is not None and token.start < end:
        reader.i += 1


def _function_at(reader: Reader, token: LatexToken) -> str:
    """The function of the language that a word or command stands for, "" where it is a name."""
    own = token.text in reader.declared or (token.kind == "command" and token.text == "sqrt")
    own = own or (token.kind == "word" and reader.declares(token.text))
    own = own or with_subscript(reader, token.text) in reader.declared
    own = own or (token.kind == "command" and token.text == "vec" and is_under_arrow(reader, token))
    return "" if own else reader.function_named(token.text)


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
        _refuse_derivative(reader, token)
        above, below = _bracketed(reader, token, more=True), _bracketed(reader, token)
        return [("(", *place), *above, ("/", *place), *below, (")", *reader.last())]
    if token.text == "sqrt":
        return _root(reader, token)
    if token.text == "nabla" and (found := _nabla(reader, token)):
        return found
    if token.text in commands.ACCENTS:
        name, end = accented(reader, token)
        return name_and_scripts(reader, name, (token.start, end), scripts=scripts)
    if token.text == "begin":
        return read_matrix(reader, token)
    raise reader.refuse(token)


def _root(reader: Reader, token: LatexToken) -> list[Piece]:
    r"""\sqrt{x} is sqrt(x), and \sqrt[3]{x} is x^(1/3)."""
    place = token.start, token.end
    following = reader.peek()
    if following is None or following.kind != "open" or reader.source[following.start] != "[":
        radicand = reader.argument(token)
        note_entrywise(reader, "sqrt", radicand)
        return [("sqrt", *place), ("(", *place), *radicand, (")", *reader.last())]
    index = reader.enclosed(following)
    if len(index) > 1:
        raise reader.problem(token, "has an index that is not one sign; write a power, x^{1/p}")
    inner = reader.argument(token)
    end = reader.last()
    return [("((", *place), *inner, (")^(1/", *end), *index, ("))", *end)]


def _nabla(reader: Reader, token: LatexToken) -> list[Piece]:
    r"""\nabla f(x) and \nabla^2 f(x) of a declared function; nothing for anything else."""
    start, kind = reader.i, "grad"
    if reader.is_next("^"):
        above, stop = raw_script(reader, reader.i)
        kind = "hess" if [sign.text for sign in above] == ["2"] else ""
        reader.i = stop
    if (following := reader.peek()) is not None and following.kind in ("letter", "word"):
        ((name, _, end), *rest) = read_operand(reader, scripts=True)
        if f"{kind}[{name}]" in reader.functions and not rest:
            return [(f"{kind}[{name}]", token.start, end)]
    reader.i = start
    return []


def _refuse_derivative(reader: Reader, token: LatexToken) -> None:
    r"""Raise for \frac{\partial f}{\partial x} and \frac{d}{dx}, which are no quotients."""
    above, stop = raw_script(reader, reader.i - 1)
    below = raw_script(reader, stop - 1)[0] if stop < len(reader.tokens) else []
    heads = {part.text for part in (*above[:1], *below[:1])}
    both = heads == {"d"} and "d" not in reader.declared and len(below) > 1
    if both or heads & {"partial", "nabla"}:
        hint = "ask for the derivative: gradient, jacobian or hessian of an expression, with wrt"
        reason = "is a derivative, and an expression is wanted"
        raise reader.problem(token, reason, hint=hint)


def _bracketed(reader: Reader, opener: LatexToken, *, more: bool = False) -> list[Piece]:
    """An argument of a command, in brackets unless it is one sign."""
    first = reader.peek()
    pieces = reader.argument(opener, more=more)
    if len(pieces) == 1 or first is None:
        return pieces
    return [("(", first.start, first.end), *pieces, (")", *reader.last())]
