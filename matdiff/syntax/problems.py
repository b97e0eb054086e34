"""What to say when the parser meets a token that cannot stand where it stands.

The two neighbours tell nearly everything: an operator before a closing bracket lacks its operand, a
comma outside a call has no business.  Nothing here knows the grammar, so its words stay the user's.
"""

from __future__ import annotations

from matdiff.errors import SyntaxProblem
from matdiff.syntax.builder import STRAY_COMMA
from matdiff.syntax.habits import names_axis, no_axis
from matdiff.syntax.properties import PROPERTIES
from matdiff.syntax.refusal import Refusal

_OPERATORS = frozenset(("PRODUCT", "SIGN", "PREFIX", "COLON", "POWER", "CLAIM", "EQUALS"))
_OPENINGS = frozenset(("OPEN", "BAR", "INDEX", "BLOCK"))
_CLOSINGS = frozenset(("CLOSE", "BAR_CLOSE"))
_WORDS = {"WRT": "wrt", "AS": "as", "WHERE": "where"}
_ENDS_FOR = {"sum": "expression", "declarations": "declaration", "statement": "statement",
             "claimed": "claim"}  # fmt: skip


def nothing_there(start: str, length: int) -> SyntaxProblem:
    """The refusal of an empty text."""
    return SyntaxProblem(f"the {_ENDS_FOR[start]} is empty", span=(0, length), code="MX101")


class Explanation(Refusal):
    """The refusal of the token at `index` of `items`; an index past the end means the end."""

    def problem(self) -> SyntaxProblem:
        """What to say, with a word on indented lines where one was not meant to go on."""
        found = self._unexpected()
        if self._continues():
            found.hint = "an indented line continues the statement above: begin it at the margin"
        return found

    def _continues(self) -> bool:
        """Whether the token begins what looks like a statement of its own on a later line."""
        if self.token is None or self.before is None or self.tokens.open_at(self.index):
            return False
        text = self.tokens.text.original
        names = self.token.type in ("EQUALS", "CLAIM", "COLON", "IN")
        named = self.before.type in ("NAME", "PROPERTY")  # a name after a shape is a property
        first = self.before if names and named else self.token
        start = first.start_pos or 0
        return "\n" in text[:start] and not text[text.rfind("\n", 0, start) : start].strip()

    def _unexpected(self) -> SyntaxProblem:
        kind = self.token.type if self.token is not None else "END"
        before = self.before.type if self.before is not None else "START"
        declaring = self._in_declaration()
        if before in _OPERATORS or (declaring and before == "IN"):
            return self._operand_missing(kind, before)
        if before in _WORDS and self.before is not None:
            return self._make(
                f"after `{_WORDS[before]}` {self._at(self.before)} a name is wanted",
                self._place(),
                "MX113",
            )
        if self.token is None:
            return self._unfinished(before, declaring)
        if kind in _CLOSINGS | {"SEMICOLON"} and before in _OPENINGS | {"COMMA", "SEMICOLON"}:
            return self._empty_brackets(before)
        if before in ("QUERY", "SHAPE") and kind in ("WRT", "CLAIM"):
            return self._missing_expression()
        if kind in ("EQUALS", "CLAIM"):
            return self._equation()
        if declaring:
            return self._in_shape(kind, before)
        if kind in ("PRIME", "POWER", "PRODUCT", "COLON") and before in _OPENINGS | {
            "START",
            "COMMA",
            "QUERY",
            "SHAPE",
        }:
            return self._nothing_before(kind)
        if kind == "COMMA" and before in _OPENINGS | {"COMMA"}:
            return self._stray("has no argument before it", "MX107")
        if kind == "COMMA":
            return self._make(STRAY_COMMA, self._place(), "MX106")
        if kind == "CROSS":
            return self._stray(
                "separates dimensions",
                "MX106",
                "a product is written A B, A∘B (elementwise), A⊗B (Kronecker)",
            )
        if kind == "PARTIAL":
            return self._stray(
                "begins a derivative ∂Y/∂X, which stands only after a query's word",
                "MX106",
                "write gradient ∂Y/∂X, with brackets around Y if it is not one operand",
            )
        if before == "START" and kind in ("IN", "ARROW"):
            return self._nothing_before(kind)
        after = f" after `{self._written(self.before)}`" if self.before is not None else ""
        return self._stray(f"is not expected{after}", "MX106")

    def _operand_missing(self, kind: str, before: str) -> SyntaxProblem:
        assert self.before is not None
        operator, place = self._written(self.before), self._at(self.before)
        if before == "IN":
            name = self._written(self.items[self.index - 2]) if self.index > 1 else "the name"
            return self._make(
                f"the shape of {name} is missing after `{operator}` {place}",
                self._span(self.before),
                "MX111",
                f"write {name} : m×n, {name} : n or {name} : scalar",
            )
        if before in ("CLAIM", "EQUALS"):
            return self._make(
                f"nothing follows the `{operator}` {place}"
                if self.token is None
                else f"after the `{operator}` {place} an expression is wanted, not "
                f"`{self._written(self.token)}`",
                self._place(),
                "MX105",
            )
        if kind in _OPERATORS or kind == "PRIME":
            return self._make(
                f"`{self._written(self.token)}` {self._at(self.token)} follows `{operator}` "
                f"{place}; an operand is missing between them",
                self._place(),
                "MX105",
            )
        what = "exponent" if before == "POWER" else "right operand"
        follows = f": `{self._written(self.token)}` follows" if self.token is not None else ""
        return self._make(
            f"the operator `{operator}` {place} has no {what}{follows}",
            self._span(self.before),
            "MX105",
        )

    def _unfinished(self, before: str, declaring: bool) -> SyntaxProblem:
        if self.tokens.open:
            return self._not_closed()
        assert self.before is not None
        written = self._written(self.before)
        if declaring and before == "NAME":
            two = self.index > 2 and self.items[self.index - 2].type == "COMMA"
            return self._make(
                f"{written} is declared without a shape",
                self._span(self.before),
                "MX111",
                f"write {written} : m×n, {written} : n or {written} : scalar"
                + ("; the sides of one shape are separated by ×" if two else ""),
            )
        if before == "COMMA":
            return self._make(
                f"nothing follows the comma {self._at(self.before)}",
                self._span(self.before),
                "MX105",
            )
        if before in ("QUERY", "SHAPE"):
            return self._missing_expression()
        return self._make(
            f"the {_ENDS_FOR[self.start]} ends too early, after `{written}`", self._place(), "MX105"
        )

    def _missing_expression(self) -> SyntaxProblem:
        assert self.before is not None
        message = f"{self.before.value} of what? the expression is missing"
        return self._make(message, self._span(self.before), "MX113")

    def _not_closed(self) -> SyntaxProblem:
        opened = self.tokens.items[self.tokens.open[-1]]
        bar = opened.type == "BAR"
        written = self._written(opened)
        what = f"bar {written}" if bar else f"bracket {written}"
        return self._make(
            f"the {what} opened {self._at(opened)} is not closed", self._span(opened), "MX104"
        )

    def _empty_brackets(self, before: str) -> SyntaxProblem:
        assert self.token is not None and self.before is not None
        if before == "COMMA":
            return self._make(
                f"after the comma {self._at(self.before)} an argument is missing",
                self._span(self.before),
                "MX107",
            )
        called = self.items[self.index - 2] if self.index > 1 else None
        if called is not None and called.type == "FUNCTION":
            return self._make(
                f"{called.value}() {self._at(called)} needs an argument",
                (called.start_pos or 0, self.token.end_pos or 0),
                "MX107",
            )
        return self._make(
            f"nothing stands between `{self._written(self.before)}` and "
            f"`{self._written(self.token)}` {self._at(self.before)}",
            (self.before.start_pos or 0, self.token.end_pos or 0),
            "MX105",
        )

    def _equation(self) -> SyntaxProblem:
        assert self.token is not None
        written, place = self._written(self.token), self._at(self.token)
        if self.before is not None and names_axis(self.before.value):
            for i in range(self.index - 1, 0, -1):
                if self.items[i].type == "OPEN" and self.items[i - 1].type == "FUNCTION":
                    return no_axis(str(self.items[i - 1].value), self._place())
        if self._in_declaration():
            message = f"`{written}` {place}: a declaration gives a name a shape, not a value"
            hint = "a file defines a value on a line of its own: Y = A B"
        elif self.start == "sum":
            message = f"`{written}` {place}: this is an equation, and an expression is wanted"
            hint = "give one side; a claimed answer is checked by `check EXPR wrt X == ANSWER`"
        else:
            message = f"`{written}` {place} is not expected here"
            hint = "a claim begins with one ==, a definition has one = after its name"
            if any(token.type == "WHERE" for token in self.items[: self.index]):
                hint = "commas stand between the definitions of a `where`"
        return self._make(message, self._place(), "MX110", hint)

    def _in_shape(self, kind: str, before: str) -> SyntaxProblem:
        assert self.token is not None
        written, place = self._written(self.token), self._at(self.token)
        if before in ("START", "COMMA"):
            return self._make(
                f"a declaration begins with a name, not with `{written}` {place}",
                self._place(),
                "MX111",
            )
        if kind in ("COLON", "IN"):
            message = f"`{written}` {place}: a comma is missing before the name it declares"
            return self._make(message, self._place(), "MX111", "write A : m×n, B : n×p")
        if before == "NAME" and self.index > 0 and not self._shape_begun():
            name = self._written(self.before)
            return self._make(
                f"after {name} a colon and its shape are wanted, not `{written}` {place}",
                self._place(),
                "MX111",
                self._how_declared(name, kind),
            )
        after = f" after `{self._written(self.before)}`" if self.before is not None else ""
        if kind == "SIGN" and before == "PROPERTY":
            hint = "a property is one word: S : n×n spd, K : n×n skew"
            return self._stray(f"is not expected{after}", "MX111", hint)
        if found := self._property_first():
            hint = f"the shape comes first: S : n×n {found}"
            return self._stray(f"is not expected{after}", "MX111", hint)
        return self._stray(
            f"is not expected{after}",
            "MX111",
            "a shape is m×n, n, R^{m×n}, scalar, elementwise or n → m; properties follow it",
        )

    def _how_declared(self, name: str, kind: str) -> str:
        """The hint for a name that something other than a colon follows."""
        following = self.items[self.index + 1] if self.index + 1 < len(self.items) else None
        if name in PROPERTIES and self.index > 1:
            return "properties follow the shape without commas: S : n×n symmetric positive"
        if name in PROPERTIES and kind == "NAME":
            return f"the name and its shape come first: S : n×n {name}"
        if kind == "COMMA" and following is not None and following.type == "NAME":
            other = self._written(following)
            return f"each name has a shape of its own: {name} : m×n, {other} : m×n"
        return f"write {name} : m×n, {name} : n or {name} : scalar"

    def _property_first(self) -> str:
        """The property that stands where the shape begins: S : symmetric n×n."""
        starts = [i + 1 for i in range(self.index) if self.items[i].type == "IN"]
        first = self.items[starts[-1]].value if starts else ""
        return str(first) if first in PROPERTIES else ""

    def _nothing_before(self, kind: str) -> SyntaxProblem:
        where = f"follows `{self._written(self.before)}`, so it " if self.before is not None else ""
        lacks = {"PRIME": "has nothing before it to transpose", "POWER": "has no base"}
        return self._stray(where + lacks.get(kind, "has no left operand"), "MX105")

    def _in_declaration(self) -> bool:
        """Whether the token stands in a declaration, so that its shape is what is wrong."""
        if self.start == "declarations":
            return True
        kinds = [token.type for token in self.items[: self.index + 1]]
        return self.start == "statement" and (
            "IN" in kinds[:2] or (kinds[0] == "SHAPE" and "CLAIM" in kinds[:-1])
        )

    def _shape_begun(self) -> bool:
        for token in reversed(self.items[: self.index]):
            if token.type == "IN":
                return True
            if token.type == "COMMA":
                return False
        return False
