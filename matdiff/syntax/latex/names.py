"""Names with what is written below them, and the sizes of constants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matdiff.errors import SyntaxProblem
from matdiff.syntax.latex import commands
from matdiff.syntax.latex.tidying import script_end
from matdiff.syntax.latex.tokens import LatexToken, Piece

if TYPE_CHECKING:
    from matdiff.syntax.latex.reader import Reader

Span = tuple[int, int]
_ALL = frozenset((":", "cdot", "bullet", "*", "ast"))  # X_{i,:} and its like
_NORMS = frozenset(("1", "2", "F", "Fro", "fro", "*", "ast", "∞", "max", "op"))
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
        items = _indices(reader, below)
        if not items:
            if _is_sized(reader, name, below):
                return [(name, start, end), *subscript_pieces(reader)]
            said = _spelled(below)
            if not said:
                raise _no_name(reader, name)
            name = _jacobian(reader, f"{name}_{said}")
        end, reader.i = reader.tokens[stop - 1].end, stop
    reader.leave_braces()
    layer, stop = _layer(reader)
    if layer:
        end, reader.i = max(end, reader.tokens[stop - 1].end), stop
        samples = _indices(reader, layer)
        items = samples + items
        name = name if samples else f"{name}_{_spelled(layer)}"
    return [(_entry(reader, name, items) if items else name, start, end)]


def _jacobian(reader: Reader, name: str) -> str:
    """jac[g] for J_g where g is an unknown function and J_g not declared; any other name as it
    is."""
    called = f"jac[{name.removeprefix('J_')}]"
    return called if called in reader.functions and name not in reader.declared else name


def below_brackets(reader: Reader, pieces: list[Piece]) -> list[Piece]:
    """What stands below a closing bracket: [x]_+ is relu(x), (A x)_i an entry."""
    sign = reader.tokens[reader.i]
    below, stop = raw_script(reader, reader.i)
    span = sign.start, reader.tokens[stop - 1].end
    if [part.text for part in below] == ["+"]:
        reader.i = stop
        square = reader.source[pieces[0][1]] == "["
        reader.notes.append(f"{'[…]' if square else '(…)'}_+ is read as the positive part, relu")
        return [("relu", *pieces[0][1:]), *pieces]
    items = _indices(reader, below)
    if not items:
        raise reader.problem(sign, "after a bracket is read only with an index of a sum, or as _+")
    reader.i = stop
    said, start, _ = pieces[-1]
    return [*pieces[:-1], (f"{said}[{','.join(items)}]", start, span[1])]


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
    if said not in _NORMS:
        hint = r"\|x\|_A^2 is written x^\top Ax; norms that are read are _1, _2, _F, _* and _\infty"
        raise reader.problem(reader.tokens[reader.i], "names no norm", hint=hint)
    reader.i = stop
    return "_" + {"Fro": "F", "fro": "F", "ast": "*"}.get(
        said, said if len(said) == 1 else f"{{{said}}}"
    ), end


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


def _indices(reader: Reader, below: list[LatexToken]) -> list[str]:
    """The indices of an entry, row or column, ":" for all; none unless one of them is bound."""
    items: list[str] = []
    for part in below:
        if part.text in reader.bound or part.kind == "number":
            items.append(part.text)
        elif part.text in _ALL:
            items.append(":")
        elif part.text != ",":
            return []
    return items if any(item in reader.bound for item in items) else []


def _entry(reader: Reader, name: str, items: list[str]) -> str:
    """The entry that a name with indices is: W_{ij} is W[i,j].

    Where only the matrix X is declared, x_i is its row i as a column, or its column i if only the
    columns are as many as the index counts; x_{ij} is its entry.
    """
    base, underscore, rest = name.partition("_")
    matrix = base.upper() + underscore + rest
    own = name in reader.declared or matrix not in reader.declared
    matrix = name if own else matrix
    sides, shown = reader.sides(matrix), f"{name}_{''.join(items)}"
    if len(items) > 1 or (sides is None and own) or (sides is not None and "1" in sides):
        entry = f"{matrix}[{','.join(items)}]"
        if not own:
            reader.notes.append(f"{shown} is read as the entry {entry}")
        return entry
    count = reader.bound[items[0]]
    if sides is not None and count == sides[1] != sides[0]:
        reader.notes.append(f"{shown} is read as column {items[0]} of {matrix}")
        return f"{matrix}[:,{items[0]}]"
    reader.notes.append(f"{shown} is read as row {items[0]} of {matrix}, turned into a column")
    return f"{matrix}[{items[0]},:]'"


def _layer(reader: Reader) -> tuple[list[LatexToken], int]:
    """The `1` of W^{(1)}, as networks number their layers, and where it stops; or nothing."""
    if not reader.is_next("^"):
        return [], 0
    above, stop = raw_script(reader, reader.i)
    if len(above) < 3 or above[0].kind != "open" or above[-1].kind != "close":
        return [], 0
    inside = above[1:-1]
    return (inside, stop) if _spelled(inside) else ([], 0)


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
