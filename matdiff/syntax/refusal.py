"""A token that cannot stand where it stands, with its place and its neighbour in words."""

from __future__ import annotations

from lark import Token

from matdiff.errors import SyntaxProblem
from matdiff.syntax.characters import Span
from matdiff.syntax.tokens import Tokens


class Refusal:
    """The token at `index` of `items`, which the parser did not expect; None at the end."""

    def __init__(self, tokens: Tokens, items: list[Token], index: int, start: str) -> None:
        self.tokens, self.items, self.index, self.start = tokens, items, index, start
        self.token = items[index] if index < len(items) else None
        self.before = items[index - 1] if index > 0 else None

    def _stray(self, reason: str, code: str, hint: str | None = None) -> SyntaxProblem:
        message = f"`{self._written(self.token)}` {self._at(self.token)} {reason}"
        return self._make(message, self._place(), code, hint)

    def _make(self, message: str, span: Span, code: str, hint: str | None = None) -> SyntaxProblem:
        return SyntaxProblem(message, hint=hint, span=span, code=code)

    def _place(self) -> Span:
        if self.token is not None:
            return self._span(self.token)
        end = self.before.end_pos or 0 if self.before is not None else 0
        return max(0, end - 1), end

    def _span(self, token: Token) -> Span:
        return token.start_pos or 0, token.end_pos or 0

    def _at(self, token: Token | None) -> str:
        return self.tokens.place(token) if token is not None else "at the end"

    def _written(self, token: Token | None) -> str:
        return self.tokens.written(token) if token is not None else "the end"
