r"""From LaTeX tokens to pieces of text in the language, each with its place.

The order of a formula is kept, so this is one pass: an operand with its scripts at a time.  Braces
that only group are looked through, because scripts belong to the last letter: {AB}^T is set like
AB^T.  What needs an argument (a fraction, a function) reads it by calling the pass again.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from matdiff.errors import LimitReached, SyntaxProblem
from matdiff.syntax.characters import Text, column
from matdiff.syntax.latex import commands
from matdiff.syntax.latex.operands import read_operand
from matdiff.syntax.latex.raw import refuse_digits
from matdiff.syntax.latex.tidying import tidied
from matdiff.syntax.latex.tokens import LatexToken, Piece, unread
from matdiff.syntax.names import derivatives_named

NESTING = 60  # of brackets, fractions and arguments
_CLOSER = {"(": ")", "<": ">", "{": "}"}
_MISMATCHED = frozenset(("(]", "[)", "(}", "{)", "[}", "{]"))
_NAME = re.compile(r"[^\W\d]\w*")
_CALLED_LETTERS = frozenset(("I", "K", "D", "e"))  # the language calls them before a bracket


class Reader:
    """One formula; `i` is the token to be read next."""

    def __init__(
        self,
        text: Text,
        tokens: list[LatexToken],
        declared: Collection[str],
        functions: Collection[str],
        *,
        declaring: bool = False,
    ) -> None:
        self.text, self.source = text, text.folded
        self.tokens, self.i = tidied(tokens, text), 0
        self.declared, self.functions = declared, functions
        self.open: list[str] = []  # what closes the brackets and bars around, innermost last
        self.depth = 0
        self.braces = 0  # open braces that only group
        self.bound: dict[str, str] = {}  # indices of the sums so far, with their upper bounds
        self.ranges: dict[str, str] | None = None  # sizes that indices have in the formula
        self.zeros: set[str] | None = None  # names that have the subscript 0 in the formula
        self.notes: list[str] = []  # how it was understood
        self.doubts: list[str] = []  # what is as likely meant otherwise
        self.declaring = declaring  # whether names are given shapes here
        # what \times stands for: a product, the sides of a shape, the sizes of K_{m\times n}
        self.times = "×" if declaring else "*"

    def formula(self) -> list[Piece]:
        """The pieces of the whole text."""
        pieces = self.sequence()
        while (token := self.peek()) is not None:  # a bracket too many: the parser says so
            self.i += 1
            if token.kind == "}":
                raise self.problem(token, "closes no brace", "MX104")
            pieces += [(token.text, token.start, token.end), *self.sequence()]
        return pieces

    def peek(self, ahead: int = 0) -> LatexToken | None:
        """The token that many places ahead."""
        return self.tokens[self.i + ahead] if self.i + ahead < len(self.tokens) else None

    def leave_braces(self) -> None:
        r"""Go past closing braces if a script follows them: \mathbf{x}^2, {A^{-1}}^T."""
        ahead = 0
        while ahead < self.braces and (closing := self.peek(ahead)) and closing.kind == "}":
            ahead += 1
        after = self.peek(ahead)
        if after is not None and (after.kind in ("^", "_", "accent") or after.text == "'"):
            self.braces -= ahead
            self.i += ahead

    def is_next(self, kind: str, *texts: str) -> bool:
        """Whether the next token is of the kind and says one of the texts."""
        token = self.peek()
        return token is not None and token.kind == kind and (not texts or token.text in texts)

    def problem(
        self, token: LatexToken, reason: str, code: str = "MX115", hint: str | None = None
    ) -> SyntaxProblem:
        """A refusal of the token as it was typed."""
        start, end = self.text.span(token.start, token.end)
        written = self.text.original[start:end] or r"\over"  # which has been given braces
        message = f"`{written}` {self.place(token)} {reason}"
        return SyntaxProblem(message, hint=hint, span=(token.start, token.end), code=code)

    def sides(self, name: str) -> tuple[str, str] | None:
        """Rows and columns of a declared name, if the shapes of names are known."""
        if not isinstance(self.declared, Mapping) or name not in self.declared:
            return None
        rows, columns = self.declared[name]
        return str(rows), str(columns)

    def counted_from_zero(self) -> set[str]:
        r"""The names with a 0 below them: in \theta_0+\theta_1 x the 1 is no first entry."""
        if self.zeros is None:
            texts = [token.text for token in self.tokens if token.kind not in ("{", "}")]
            below = zip(texts, texts[1:], texts[2:], strict=False)
            self.zeros = {name for name, sign, index in below if (sign, index) == ("_", "0")}
        return self.zeros

    def place(self, token: LatexToken) -> str:
        """Where a token stands, in words."""
        start, _ = self.text.span(token.start, token.end)
        return f"at column {column(self.text.original, start)}"

    def sequence(self, *, chain: bool = False, narrow: bool = False) -> list[Piece]:
        """The pieces up to what closes the surroundings; a chain ends before + and − as well.

        A narrow chain, the argument of log, ends before another function too, unless a sum stands
        in it: that takes the rest of the chain.
        """
        self.deeper()
        outer, self.braces = self.braces, 0
        pieces: list[Piece] = []
        operand = False  # whether an operand ends here
        while (token := self.peek()) is not None:
            if token.kind == "{":
                self.braces += 1
                self.i += 1
            elif token.kind == "}":
                if not self.braces:
                    break
                self.braces -= 1
                self.i += 1
            elif token.kind == "close" or self._closes(token, operand):
                break
            elif self._is_operator(token):
                if chain and (token.text in ",:=" or (operand and token.text in "+-")):
                    break
                pieces.append((self._operator(token), token.start, token.end))
                operand = False
                self.i += 1
            elif narrow and operand and self._is_function(token):
                break
            else:
                found = read_operand(self)
                if pieces and pieces[-1][0] in _CALLED_LETTERS and found[0][0] == "(":
                    known = pieces[-1][0] in self.declared or self._is_size(found)
                    if operand and not known:
                        pieces.append(("*", token.start, token.start))
                is_property = self.declaring and token.kind == "word"
                if operand and self.times != "*" and not is_property:
                    pieces.append(("*", token.start, token.end))  # I_{mn} is of size m*n
                pieces += found
                summed = token.kind == "command" and token.text == "sum"
                operand, narrow = not summed, narrow and not summed
        self.braces = outer
        self.depth -= 1
        return pieces

    def deeper(self) -> None:
        """Count one more part within a part; the caller takes it back."""
        self.depth += 1
        if self.depth > NESTING:
            last = self.tokens[min(self.i, len(self.tokens) - 1)]
            raise LimitReached(
                f"LaTeX is nested more than {NESTING} deep, the limit of nesting",
                hint="name inner parts by definitions",
                span=(last.start, last.end),
                code="MX503",
            )

    def _is_size(self, pieces: list[Piece]) -> bool:
        """Whether what stands in brackets is made of sizes that are known: D(n), not D(x)."""
        if not isinstance(self.declared, Mapping):
            return False
        sides = (str(side) for shape in self.declared.values() for side in shape)
        known = {name for side in sides for name in _NAME.findall(side)}
        depth = 0
        for text, _, _ in pieces:
            depth += (text == "(") - (text == ")")
            if not depth:
                return True  # what follows stands above or below the bracket
            if not (text in known or text.isdecimal() or text in "(),+-*/"):
                return False
        return False

    def _closes(self, token: LatexToken, operand: bool) -> bool:
        if token.kind != "bar":
            return False
        innermost = bool(self.open) and self.open[-1] == token.text
        return token.side > 0 or (innermost and operand and token.side == 0)

    def _is_operator(self, token: LatexToken) -> bool:
        if token.kind == "command":
            return token.text in commands.OPERATORS
        return token.kind == "sign" and token.text != "'"

    def _operator(self, token: LatexToken) -> str:
        if token.text == "times":
            return self.times
        if token.text == "cdot" and self.times != "*":
            return "*"
        if token.text == "circledast":
            self.notes.append(r"\circledast is read as the elementwise product ∘")
        return commands.OPERATORS.get(token.text, token.text)

    def _is_function(self, token: LatexToken) -> bool:
        known = token.kind in ("command", "word")
        return known and self.function_named(token.text) in commands.NARROW | {"tr", "det"}

    def declares(self, name: str) -> bool:
        """Whether a person declared the name, as a variable or as an unknown function."""
        return name in self.declared or bool(derivatives_named(name, self.functions))

    def function_named(self, name: str) -> str:
        """The language's name of a function that LaTeX spells so, or nothing."""
        for spelled in (commands.FUNCTIONS.get(name, ""), name, name.lower()):
            if spelled in self.functions or spelled == "max":
                return spelled
        return ""

    def argument(self, opener: LatexToken, *, more: bool = False) -> list[Piece]:
        r"""The argument of a command: a group in braces, or one sign.

        With `more` another one follows: only then a digit is cut off a number, as in \frac12.
        """
        token = self.peek()
        if token is None or token.kind in ("}", "close"):
            raise self.problem(opener, "has no argument", "MX107")
        if token.kind == "{":
            return self.enclosed(token)
        if not more:
            refuse_digits(self, opener, token)
        elif token.kind == "number" and len(token.text) > 1:
            cut = token.start + 1
            self.tokens[self.i : self.i + 1] = [
                LatexToken("number", token.text[0], token.start, cut),
                LatexToken("number", token.text[1:], cut, token.end),
            ]
        return self.operand(scripts=False)

    def operand(self, *, scripts: bool = True) -> list[Piece]:
        """The operand that comes next."""
        self.deeper()
        found = read_operand(self, scripts=scripts)
        self.depth -= 1
        return found

    def last(self) -> tuple[int, int]:
        """The place of the token read last, at which what was opened for it closes."""
        token = self.tokens[self.i - 1]
        return token.start, token.end

    def enclosed(self, opening: LatexToken) -> list[Piece]:
        """What stands between an opening bracket or brace, which is next, and its closing one."""
        closer = _CLOSER["{" if opening.kind == "{" else opening.text]
        self.i += 1
        self.open.append(closer)
        pieces = self.sequence()
        self.open.pop()
        token = self.peek()
        if token is None or (token.text != closer and token.start == token.end):  # of \over
            raise self.problem(opening, "is not closed", "MX104")
        written = self.source[opening.end - 1] + self.source[token.end - 1]
        if token.text != closer or written in _MISMATCHED:
            opened = self.source[opening.start : opening.end]
            raise self.problem(token, f"cannot close the {opened} {self.place(opening)}", "MX104")
        self.i += 1
        if not pieces:
            raise self.problem(opening, "encloses nothing", "MX105")
        return pieces

    def refuse(self, token: LatexToken, reason: str = "is not read") -> SyntaxProblem:
        """The refusal of a command."""
        return unread(token.text, (token.start, token.end), reason)
