r"""The value of a function: its argument in brackets or bars, or the rest of the chain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matdiff.syntax.latex import commands
from matdiff.syntax.latex.names import subscript_pieces
from matdiff.syntax.latex.raw import raw_script
from matdiff.syntax.latex.scripts import is_transposing, superscripts
from matdiff.syntax.latex.sums import read_extremum
from matdiff.syntax.latex.tokens import LatexToken, Piece

if TYPE_CHECKING:
    from matdiff.syntax.latex.reader import Reader

# What the function of a square matrix is called that papers may mean by the name.
_OF_THE_MATRIX = {"exp": "expm", "log": "logm", "ln": "logm", "sqrt": "sqrtm"}
_OF_ALGEBRA = frozenset(("(", ")", "+", "-", "*", "·", "^", "^-1", "'"))


def read_call(reader: Reader, token: LatexToken, name: str) -> list[Piece]:
    """A function with its argument: in brackets, in bars, or the rest of the chain."""
    place = token.start, token.end
    following = reader.peek()
    if name in ("log", "ln") and following is not None and following.text == "det":
        name, place = "logdet", (place[0], following.end)
        reader.i += 1
    sizes: list[Piece] = []
    if reader.is_next("_"):
        if name in ("max", "min"):
            return read_extremum(reader, token, name)
        if name in ("softmax", "logsumexp"):
            return _by_side(reader, token, name)
        if name != "unvec":
            reason = "with a subscript is not read; write what it stands for"
            raise reader.problem(token, reason)
        sizes = [(",", *place), *subscript_pieces(reader)[1:-1]]
    while reader.is_next("sign", "'"):
        if not reader.declares(name):
            raise reader.problem(token, "with a prime, a derivative, is not read; write it out")
        name, reader.i = name + "'", reader.i + 1
    powers = superscripts(reader)
    if any(said == "-" for said, _, _ in powers):
        raise reader.problem(token, "to a negative power is read in two ways; write it out")
    apart = reader.is_next("open") and reader.source[token.end : token.end + 1].isspace()
    argument = _argument(reader, token, name)
    end = reader.last()
    note_entrywise(reader, name, argument)
    if apart and token.kind == "command" and name in commands.NARROW:
        _doubt_power(reader, token)
    if name == "max" and _several(argument):
        name, argument = "relu", _beside_zero(argument, token, reader)
    return [(name, *place), ("(", *place), *argument, *sizes, (")", *end), *powers]


def _doubt_power(reader: Reader, token: LatexToken) -> None:
    r"""Tell that \log (x)^2, which is read as the square of the logarithm, may be that of x^2."""
    if reader.is_next("^") and not is_transposing(reader):
        above, _ = raw_script(reader, reader.i)
        if above[0].text in ("circ", "odot"):
            return
        written = reader.source[token.start : token.end]
        power = "".join(sign.text for sign in above)
        power = power if len(power) == 1 else reader.source[above[0].start : above[-1].end]
        shown = f"^{power}" if len(power) == 1 else f"^{{{power}}}"
        reader.doubts.append(
            rf"{written} (…){shown} is read as ({written}(…)){shown}; for the other reading write "
            rf"{written}((…){shown})"
        )


def _by_side(reader: Reader, token: LatexToken, name: str) -> list[Piece]:
    r"""\operatorname{softmax}_{\mathrm{rows}}(A)."""
    place = token.start, token.end
    below, stop = raw_script(reader, reader.i)
    side = "".join(part.text for part in below)
    if side not in ("rows", "columns"):
        hint = rf"\operatorname{{{name}}}_{{\mathrm{{rows}}}}(A) is that of every row"
        raise reader.problem(token, "with a subscript is not read", hint=hint)
    reader.i = stop
    argument = _argument(reader, token, name)
    return [(name, *place), ("(", *place), *argument, (",", *place), (side, *place)] + [
        (")", *reader.last())
    ]


def _argument(reader: Reader, token: LatexToken, name: str) -> list[Piece]:
    while reader.braces and reader.is_next("}"):  # {\operatorname{tr}}(X), \mathop{\mathrm{tr}}(X)
        reader.i, reader.braces = reader.i + 1, reader.braces - 1
    following = reader.peek()
    if following is not None and (following.kind == "open" or _holds_argument(reader)):
        return reader.enclosed(following)
    if following is not None and following.kind == "bar" and following.side <= 0:
        return reader.operand()
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


def note_entrywise(reader: Reader, name: str, argument: list[Piece]) -> None:
    """Tell that exp(A) is taken entry by entry where papers may mean that of the matrix."""
    if name in _OF_THE_MATRIX and _is_square(reader, argument):
        note = f"{name} of a square matrix is taken entry by entry; the function of the matrix is"
        reader.notes.append(f"{note} {_OF_THE_MATRIX[name]}")


def _is_square(reader: Reader, argument: list[Piece]) -> bool:
    """Whether the pieces are sums and products of declared square matrices, scalars, numbers."""
    names = [said for said, _, _ in argument if said[:1].isalpha()]
    shapes = {reader.sides(name) for name in names}
    (square,) = (shapes - {("1", "1")}) if len(shapes - {("1", "1")}) == 1 else (None,)
    plain = all(said[:1].isalnum() or said in _OF_ALGEBRA for said, _, _ in argument)
    return plain and square is not None and square[0] == square[1]


def _several(argument: list[Piece]) -> bool:
    """Whether the pieces are arguments with commas between them."""
    depth = 0
    for said, _, _ in argument:
        depth += (said in ("(", "[")) - (said in (")", "]"))
        if said == "," and not depth:
            return True
    return False


def _beside_zero(argument: list[Piece], token: LatexToken, reader: Reader) -> list[Piece]:
    r"""The x of \max(0, x) and \max(x, 0)."""
    said = [text for text, _, _ in argument]
    if said[:2] in (["0", ","], ["zeros", ","]):
        return argument[2:]
    if said[-2:] in ([",", "0"], [",", "zeros"]):
        return argument[:-2]
    raise reader.problem(token, "is read only of 0 and x, as relu(x)")
