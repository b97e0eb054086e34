"""From characters to tokens, with brackets and bars paired.

The lexer knows single signs.  Here `|` and `‖` become opening or closing bars by what stands before
them, and each closing bracket finds its opening one.  A problem does not stop the show at once: the
tokens before it are parsed first, so that of several mistakes the first one is reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lark import Token
from lark.exceptions import UnexpectedCharacters

from matdiff.errors import MatdiffError, SyntaxProblem
from matdiff.syntax import limits
from matdiff.syntax.characters import Span, Text, column, describe

OPERAND_ENDS = frozenset(("NAME", "NUMBER", "CLOSE", "BAR_CLOSE", "PRIME", "REAL", "PROPERTY"))
BRACKETS = frozenset(("OPEN", "INDEX", "BLOCK"))
_INDEXED = OPERAND_ENDS - {"NUMBER"}  # what an index bracket may follow, without a blank
_PARTNER = {")": "(", "}": "{", ">": "<", "]": "["}
_ROWS = re.compile(r"[\[\];]")
_POWER_FIRST = re.compile(r"(\|\|?|‖)(\^)\{?([0-9]+)\}?(_.+)", re.DOTALL)
# Signs of declarations and statements: the parser of expressions does not know them, and what is
# said of them must not hang on which parser has been built.
_OF_STATEMENTS = {"=": "EQUALS", "∂": "PARTIAL", "×": "CROSS", "∈": "IN", "→": "ARROW"}
_ELSEWHERE = {
    "$": "in a shell put the expression between single quotes",
    "!": "the transpose is written A', the elementwise product A∘B",
    "#": "a comment stands at the end of a line of a file",
    '"': "the transpose is written A', without quotation marks",
    "%": "a comment of a file begins with #",
    "\\": "in a declaration or file LaTeX stands between dollars: $\\Sigma$; "
    "A\\b of other programs is written inv(A) b",
    ";": "commas separate declarations, lines of a file its statements; between square brackets ; "
    "separates rows of blocks, [A, B; C, D]",
    "_": "a subscript belongs to a name, as in x_1, or to a norm, as in ‖x‖_1",
}


class Tokens:
    """The tokens of a text up to the first problem, and how its brackets pair."""

    __slots__ = ("closer", "depth", "items", "open", "problem", "text", "with_comma")

    def __init__(self, text: Text) -> None:
        self.text = text
        self.items: list[Token] = []
        self.depth: list[int] = []  # brackets open around each token
        self.closer: dict[int, int] = {}  # index of an opening bracket -> of its closing one
        self.with_comma: set[int] = set()  # opening brackets that hold a comma themselves
        self.open: list[int] = []  # opening brackets not closed yet, outermost first
        self.problem: MatdiffError | None = None

    def append(self, kind: str, value: str, span: Span) -> None:
        """Add a token, pairing it if it is a bracket or a bar; raises SyntaxProblem (MX104)."""
        if kind == "BAR":
            self._append_bar(value, span)
        elif kind == "CLOSE":
            self._append_closing(value, span)
        else:
            within = self.kind(self.open[-1]) if self.open else ""
            if kind == "COMMA" and self.open:
                self.with_comma.add(self.open[-1])
            elif kind == "COLON" and within == "INDEX":
                kind = "RANGE"
            elif kind == "SEMICOLON" and within != "BLOCK":
                raise _stray_semicolon(self.text, span)
            self._add(kind, value, span)
            if kind in BRACKETS:
                self._open()

    def kind(self, index: int) -> str:
        """The type of a token, '' outside the text."""
        return str(self.items[index].type) if 0 <= index < len(self.items) else ""

    def value(self, index: int) -> str:
        """The folded text of a token, '' outside the text."""
        return str(self.items[index].value) if 0 <= index < len(self.items) else ""

    def open_at(self, index: int) -> bool:
        """Whether a bracket is open where the token stands."""
        return 0 <= index < len(self.depth) and self.depth[index] > 0

    def find(self, kind: str, start: int, end: int, value: str = "") -> int:
        """The first such token outside brackets in [start, end), or `end`."""
        for index in range(start, end):
            token = self.items[index]
            if token.type == kind and self.depth[index] == 0 and value in ("", token.value):
                return index
        return end

    def typed(self, first: int, last: int, width: int = 20) -> str:
        """The tokens from `first` to `last` as they were typed, shortened."""
        if not 0 <= first <= last < len(self.items):
            return ""
        span = span_of(self.items[first])[0], span_of(self.items[last])[1]
        return excerpt(self.text.original, span, width)

    def written(self, token: Token) -> str:
        """A token as it was typed, shortened."""
        return excerpt(self.text.original, span_of(token))

    def place(self, token: Token) -> str:
        """Where a token stands, in words."""
        return f"at column {column(self.text.original, span_of(token)[0])}"

    def _refuse_second_point(self, span: Span) -> None:
        """Nothing but a sign or blank parts a number that begins with a point from an operand:
        1.2.3 is not 1.2 times .3, and x.2 not x times .2."""
        if self.kind(len(self.items) - 1) not in OPERAND_ENDS:
            return
        start, end = span_of(self.items[-1])
        if end == span[0]:
            written = excerpt(self.text.original, (start, span[1]))
            raise SyntaxProblem(
                f"{written} is no number", span=(start, span[1]), code="MX106",
                hint="put * or a blank between two factors",
            )  # fmt: skip

    def _add(self, kind: str, value: str, span: Span) -> None:
        if kind == "NUMBER" and value.startswith("."):
            self._refuse_second_point(span)
        self.items.append(make_token(kind, value, span))
        self.depth.append(len(self.open))
        limits.refuse_many_tokens(len(self.items), span[0])

    def _open(self) -> None:
        self.open.append(len(self.items) - 1)
        if len(self.open) > limits.NESTING:
            raise limits.too_deep(span_of(self.items[-1])[0])

    def _append_bar(self, value: str, span: Span) -> None:
        sign, underscore, norm = value.partition("_")
        bars = sign.replace("||", "‖")
        after_operand = self._ends_operand(len(self.items) - 1)
        innermost = self.value(self.open[-1]) if self.open else ""
        if after_operand and sign == "||" and innermost == "|":
            # |a||b|: the first closes, the second is on its own
            self._append_bar("|", (span[0], span[0] + 1))
            self._append_bar(value[1:], (span[0] + 1, span[1]))
        elif after_operand and innermost == bars:
            self._close("BAR_CLOSE", bars + underscore + norm, span)
        else:
            self._add("BAR", bars, span)
            self._open()

    def _ends_operand(self, index: int) -> bool:
        """Whether an operand may end with the token; the + of A^+ is an exponent."""
        raised = self.value(index) == "+" and self.kind(index - 1) == "POWER"
        return raised or self.kind(index) in OPERAND_ENDS

    def _append_closing(self, value: str, span: Span) -> None:
        place = f"`{value}` at column {column(self.text.original, span[0])}"
        if not self.open:
            raise SyntaxProblem(f"{place} closes no bracket", span=span, code="MX104")
        opened = self.items[self.open[-1]]
        if opened.value != _PARTNER[value]:
            reason = f"cannot close the {opened.value} {self.place(opened)}"
            raise SyntaxProblem(f"{place} {reason}", span=span, code="MX104")
        self._close("CLOSE", value, span)

    def _close(self, kind: str, value: str, span: Span) -> None:
        opening = self.open.pop()
        self._add(kind, value, span)
        self.closer[opening] = len(self.items) - 1


def make_token(kind: str, value: str, span: Span) -> Token:
    """A token whose place is one in the original text."""
    return Token(kind, value, start_pos=span[0], end_pos=span[1])


def span_of(token: Token) -> Span:
    """Where a token stands in the original text."""
    return token.start_pos or 0, token.end_pos or 0


def excerpt(text: str, span: Span, width: int = 40) -> str:
    """A piece of the text on one line, cut off where it is too long."""
    found = " ".join(text[span[0] : span[1]][: 4 * width].split())
    return found if len(found) <= width else f"{found[: width - 1]}…"


def read_tokens(stream: Iterator[Token], text: Text) -> Tokens:
    """The tokens of a text; what cannot be read is kept in `problem`, limits are raised."""
    tokens = Tokens(text)
    try:
        for token in stream:
            start, kind = token.start_pos or 0, str(token.type)
            if kind == "SIGN" and text.folded.startswith("->", start):
                tokens.append("ARROW", "->", text.span(start, start + 2))
                return tokens  # to the parser of expressions a minus; what follows does not matter
            if kind == "INDEX" and not _is_index(tokens, text.folded, start):
                kind = "BLOCK"
            if kind == "BAR" and (power := _POWER_FIRST.match(token.value)) is not None:
                _append_power_last(tokens, power, start)
                continue
            tokens.append(kind, token.value, text.span(start, start + len(token.value)))
    except UnexpectedCharacters as error:
        position = error.pos_in_stream or 0
        meant = _OF_STATEMENTS.get(text.folded[position])
        if meant is None:
            tokens.problem = _unexpected(text, position)
        else:
            equation = text.folded.startswith("==", position)
            end = position + (2 if equation else 1)
            sign = text.folded[position:end]
            tokens.append("CLAIM" if equation else meant, sign, text.span(position, end))
    except SyntaxProblem as problem:
        tokens.problem = problem
    return tokens


def _append_power_last(tokens: Tokens, found: re.Match[str], start: int) -> None:
    """Add the tokens of ‖^2_F in the order of ‖_F^2."""
    bars, sign, number, norm = (
        (found.group(i), tokens.text.span(start + found.start(i), start + found.end(i)))
        for i in range(1, 5)
    )
    tokens.append("BAR", bars[0] + norm[0], bars[1])
    tokens.append("POWER", *sign)
    tokens.append("NUMBER", *number)


def _is_index(tokens: Tokens, folded: str, start: int) -> bool:
    """Whether a square bracket holds indices of what stands before it, without a blank between:
    X[i,j] is an entry, A [B, C] a product with blocks, and so is A[B; C]."""
    beside = start > 0 and not folded[start - 1].isspace()
    indexed = tokens.kind(len(tokens.items) - 1) in _INDEXED
    return beside and indexed and not _has_rows(folded, start)


def _has_rows(folded: str, start: int) -> bool:
    """Whether a semicolon stands in the bracket that opens there: [A, B; C, D] are blocks."""
    depth = 0
    for match in _ROWS.finditer(folded, start):
        sign = match.group()
        depth += {"[": 1, "]": -1}.get(sign, 0)
        if depth == 0 or (depth == 1 and sign == ";"):
            return sign == ";"
    return False


def _stray_semicolon(text: Text, span: Span) -> SyntaxProblem:
    return SyntaxProblem(
        f"`;` at column {column(text.original, span[0])} has no meaning here",
        hint=_ELSEWHERE[";"],
        span=span,
        code="MX103",
    )


def _unexpected(text: Text, position: int) -> SyntaxProblem:
    """What to say of a sign that begins no token."""
    span = text.span(position, position + 1)
    sign = text.folded[position]
    place = f"{describe(text.original[span[0]])} at column {column(text.original, span[0])}"
    hint = _ELSEWHERE.get(sign)
    if sign == ".":
        from matdiff.syntax.instead import after_point  # few formulas need it

        hint = after_point(text.folded, position)
    return SyntaxProblem(f"{place} has no meaning here", hint=hint, span=span, code="MX103")
