"""What a token is in its place, where that hangs on its neighbours or on the names in force.

A sign with no operand before it is a prefix.  In a shape `x` stands for ×, and a word after the
sides is a property.  `wrt`, `as` and `where` are words of the language only where a query can have
them, so that they stay free as names.
"""

from __future__ import annotations

from collections.abc import Collection

from lark import Token

from matdiff.errors import LimitReached, MatdiffError, NameProblem, SyntaxProblem
from matdiff.syntax import limits
from matdiff.syntax.habits import refuse_nested_rows, refuse_number_beside, stray_brace
from matdiff.syntax.names import name_token
from matdiff.syntax.powers import (
    PSEUDOINVERSE,
    TRANSPOSED,
    is_pseudoinverse,
    leading_transpose,
    refuse_chain,
    refuse_conjugate,
    refuse_distant_minus,
    refuse_double_star,
    refuse_glued_letter,
    refuse_inverse_transposed,
)
from matdiff.syntax.tokens import OPERAND_ENDS, Tokens, make_token, span_of

_KINDS = ("gradient", "jacobian", "hessian", "differential", "shape", "check")
_ALIASES = {"grad": "gradient", "jac": "jacobian", "hess": "hessian", "diff": "differential"}
QUERIES = {kind: kind for kind in _KINDS} | _ALIASES
_DECLARES = ("COLON", "IN")
# what an operand can begin with
_BEGINS = ("NAME", "NUMBER", "OPEN", "BLOCK", "BAR", "SIGN", "SIGMA")


class Roles:
    """One pass over the tokens of a text; `items` is what the parser gets, up to `problem`."""

    def __init__(
        self, tokens: Tokens, declared: Collection[str], functions: Collection[str]
    ) -> None:
        self.tokens, self.old = tokens, tokens.items
        self.declared, self.functions = declared, functions
        self.items: list[Token] = []
        self.problem = tokens.problem

    def read(self, start: str) -> None:
        """Settle all roles for the start symbol sum, declarations, statement or claimed."""
        try:
            if start == "sum":
                self._expression(0, len(self.old))
            elif start == "declarations":
                self._declarations()
            elif start == "claimed":
                self._claim(0, self._declare_parts(0))
            elif self.old:
                self._statement()
        except LimitReached:
            raise
        except MatdiffError as problem:
            self.problem = problem

    def _statement(self) -> None:
        tokens, head = self.tokens, self.old[0]
        following, end = tokens.kind(1), len(self.old)
        named = head.type == "NAME"
        if named and head.value in QUERIES and following not in (*_DECLARES, "EQUALS"):
            self._query()
        elif named and following == "EQUALS":
            self._definition(0, end)
        elif min(tokens.find(kind, 0, end) for kind in _DECLARES) < end:
            self._declarations()
        elif end == 1 and named and self._problem_touches(head):
            self.items.append(head)
        else:
            raise SyntaxProblem(
                f"the line beginning with `{tokens.written(head)}` is no statement",
                hint="a line declares (A : m×n), defines (Y = A B) or asks "
                "(gradient, jacobian, hessian, differential, shape, check)",
                span=span_of(head),
                code="MX112",
            )

    def _problem_touches(self, token: Token) -> bool:
        """Whether what cannot be read follows the token without a blank: then it is the news."""
        span = self.problem.span if self.problem is not None else None
        return span is not None and span[0] == token.end_pos

    def _query(self) -> None:
        tokens, end = self.tokens, len(self.old)
        kind = QUERIES[tokens.value(0)]
        claim = tokens.find("CLAIM", 1, end)
        wrt = tokens.find("NAME", 1, claim, "wrt")
        where = self._declare_parts(claim + 1)
        self._refuse_second_query(kind, wrt, claim)
        self._append(0, "SHAPE" if kind == "shape" else "QUERY", kind)
        self._expression(1, wrt)
        if wrt < claim:
            self._append(wrt, "WRT")
            for i in range(wrt + 1, claim):
                is_as = i == wrt + 2 and tokens.value(i) == "as"
                self._append(i, "AS" if is_as else None)
        elif kind != "shape" and all(tokens.kind(i) != "PARTIAL" for i in range(1, claim)):
            self._want(f"{kind} needs a variable: {kind} … wrt X", claim)
        if claim < end:
            self._append(claim)
            if kind == "shape":
                self._shape(claim + 1, end)
            else:
                self._refuse_options(claim + 1, where)
                self._claim(claim + 1, where)
        elif kind == "check":
            self._want("check needs a claim: check … wrt X == …", end)

    def _refuse_second_query(self, kind: str, wrt: int, claim: int) -> None:
        """Words of the language in the middle of a question would be factors of its formulas."""
        tokens, end = self.tokens, len(self.old)
        word = tokens.value(1)
        begins = tokens.kind(2) in ("NAME", "NUMBER", "OPEN", "BAR")
        if word in QUERIES and word not in self.declared and begins and wrt > 2:
            meant = f"{QUERIES[word]} … == …" if kind == "check" else f"{kind} … or {word} …"
            raise SyntaxProblem(
                f"{kind} takes no second kind of question",
                hint=f"write {meant}",
                span=span_of(self.old[1]),
                code="MX113",
            )
        second = tokens.find("NAME", max(wrt, claim) + 1, end, "wrt")
        if wrt < claim < second < end and "wrt" not in self.declared:
            raise SyntaxProblem(
                "`wrt` stands once, before the `==`",
                span=span_of(self.old[second]),
                code="MX113",
            )

    def _refuse_options(self, start: int, end: int) -> None:
        """Options behind the claim would be read as factors of it."""
        at = self.tokens.find("NAME", start, end, "as")
        if start < at < end and self.tokens.kind(at + 1) == "NAME" and "as" not in self.declared:
            raise SyntaxProblem(
                f"`{self.tokens.typed(at, at + 1)}` stands before the `==`",
                hint=f"write … wrt X {self.tokens.typed(at, end - 1)} == …",
                span=(span_of(self.old[at])[0], span_of(self.old[end - 1])[1]),
                code="MX113",
            )

    def _want(self, message: str, index: int) -> None:
        """Say what a query lacks at `index`, unless what stands before is wrong already."""
        if index == 1 or self.tokens.open or (self.problem and index == len(self.old)):
            return
        end = span_of(self.old[index - 1])[1]
        raise SyntaxProblem(message, span=(end - 1, end), code="MX113")

    def _declare_parts(self, start: int) -> int:
        """Take what the `where` of a claim defines for variables; the place of that word."""
        tokens, end = self.tokens, len(self.old)
        where = tokens.find("NAME", start, end, "where")
        defined = {
            tokens.value(i - 1)
            for i in range(where + 2, end)
            if tokens.kind(i) == "EQUALS" or tokens.kind(i) == tokens.kind(i - 2) == "COMMA"
        }
        if defined:
            self.declared = {*self.declared, *defined}
        return where

    def _claim(self, start: int, where: int) -> None:
        self._expression(start, where)
        self._where(where)

    def _where(self, start: int) -> None:
        tokens, kind = self.tokens, "WHERE"
        while start < len(self.old):
            self._append(start, kind)
            several = tokens.kind(start + 1) == "NAME" and tokens.kind(start + 2) == "COMMA"
            begin = tokens.find("EQUALS", start, len(self.old)) if several else start + 1
            end = tokens.find("COMMA", begin, len(self.old))
            if several:
                self._decomposition(start + 1, begin, end)
            else:
                self._definition(begin, end)
            start, kind = end, "COMMA"

    def _decomposition(self, start: int, equals: int, end: int) -> None:
        """U, s, V = svd(E)"""
        tokens = self.tokens
        named = tokens.kind(equals + 1) == "NAME" and tokens.value(equals + 1) == "svd"
        if equals - start != 5 or not named:
            raise SyntaxProblem(
                "several names before one = are only those of a singular value decomposition",
                hint="U, s, V = svd(E), with E = U diag(s) V'",
                span=(span_of(self.old[start])[0], span_of(self.old[min(equals, end - 1)])[1]),
                code="MX109",
            )
        self.items += self.old[start : equals + 1]
        self._append(equals + 1, "SVD")
        self._expression(equals + 2, end)

    def _definition(self, start: int, end: int) -> None:
        self.items += self.old[start : min(start + 2, end)]
        self._expression(start + 2, end)

    def _declarations(self) -> None:
        start = 0
        while start < len(self.old):
            end = self.tokens.find("COMMA", start, len(self.old))
            if self.tokens.kind(start) == "NUMBER" and self.tokens.kind(start + 1) == "NAME":
                span = span_of(self.old[start])[0], span_of(self.old[start + 1])[1]
                name = self.tokens.typed(start, start + 1)
                message = f"{name} is no name: a name begins with a letter"
                raise NameProblem(message, span=span, code="MX155")
            if self.tokens.kind(start + 1) in _DECLARES and start < end:
                self._append(start)
                self._append(start + 1, "IN")
                self._shape(start + 2, end)
            else:
                self.items += self.old[start:end]
            self.items += self.old[end : end + 1]
            start = end + 1

    def _shape(self, start: int, end: int) -> None:
        """Settle ×, properties and ℝ in the tokens [start, end) of a shape."""
        tokens = self.tokens
        tuple_depth = -1  # inside the brackets of (m, n) and R^{m, n} a comma separates sides
        i = start
        while i < end:
            kind, before = self.tokens.kind(i), str(self.items[-1].type)
            begins = before in ("IN", "CLAIM", "ARROW") or self.tokens.kind(i - 1) == "POWER"
            if begins and tokens.value(i) in ("(", "{"):
                tuple_depth = self.tokens.depth[i] + 1
            if kind == "NAME":
                self._name_in_shape(i, end, before, begins)
            elif kind == "NUMBER":
                limits.refuse_number(self.tokens.value(i), span_of(self.old[i]))
                refuse_number_beside(tokens, i)
                self._append(i)
                i += self._glued_cross(i, end)
            elif kind == "SIGN" and before not in OPERAND_ENDS:
                self._append(i, "PREFIX")
            elif kind == "COMMA" and self.tokens.depth[i] == tuple_depth:
                self._append(i, "CROSS")
            else:
                refuse_double_star(self.tokens, i)
                self._append(i)
            i += 1

    def _name_in_shape(self, i: int, end: int, before: str, begins: bool) -> None:
        tokens, name = self.tokens, self.tokens.value(i)
        follows = tokens.kind(i + 1) if i + 1 < end else ""
        if begins and name in ("R", "ℝ"):
            alone = not follows and tokens.value(i - 1) in ("∈", "\\in")
            alone = alone or "ARROW" in (before, follows)  # f : R^n → R
            self._append(i, "REAL" if alone or name == "ℝ" or follows == "POWER" else None)
        elif before not in OPERAND_ENDS:
            self._append(i)
        elif name == "x" and follows in ("NAME", "NUMBER", "OPEN"):
            self._append(i, "CROSS")
        elif before == "NUMBER" and self.old[i - 1].end_pos == self.old[i].start_pos:
            self._append(i)  # 2n
        else:
            self._append(i, "PROPERTY")

    def _glued_cross(self, i: int, end: int) -> int:
        """Append × and the second side of 2x3 or 2xn, which the lexer took for names x3 and xn."""
        if i + 1 >= end or self.tokens.kind(i + 1) != "NAME":
            return 0
        name, (start, stop) = self.tokens.value(i + 1), span_of(self.old[i + 1])
        rest = name[1:]
        if name[0] != "x" or self.old[i].end_pos != start or not rest:
            return 0
        if not (rest.isdecimal() or rest[0].isalpha()):
            return 0
        self.items.append(make_token("CROSS", "x", (start, start + 1)))
        kind = "NUMBER" if rest.isdecimal() else "NAME"
        self.items.append(make_token(kind, rest, (start + 1, stop)))
        return 1

    def _expression(self, start: int, end: int) -> None:
        """Settle signs, names and exponents in the tokens [start, end) of an expression."""
        tokens = self.tokens
        i = start
        while i < end:
            kind = tokens.kind(i)
            if kind == "NAME" and leading_transpose(tokens, i, self.declared):
                self._append_transposed(i)
                i += 1
                continue
            if kind == "NAME":
                token, used = name_token(tokens, i, end, self.declared, self.functions)
                self.items.append(token)
                i += used
                if token.type == "SIGMA":
                    self._want_body(token, i, end)
                continue
            if kind == "SIGN" and is_pseudoinverse(tokens, i, self.declared):
                self._append(i, "NAME", PSEUDOINVERSE)
                i += 1
                continue
            if kind == "SIGN":
                refuse_distant_minus(tokens, i)
            if kind == "SIGN" and (i == start or self.items[-1].type not in OPERAND_ENDS):
                kind = "PREFIX"
            elif kind == "SIGMA":
                self._want_body(self.old[i], i + 1, end)
            elif kind == "NUMBER":
                limits.refuse_number(tokens.value(i), span_of(self.old[i]))
                refuse_number_beside(tokens, i)
            elif kind == "BLOCK":
                refuse_nested_rows(tokens, i)
            elif kind == "PRODUCT":
                refuse_double_star(tokens, i)
            elif tokens.value(i) == "{" and tokens.kind(i - 1) != "POWER":
                raise stray_brace(tokens, i)
            elif kind == "POWER":
                refuse_conjugate(tokens, i, self.declared)
                refuse_chain(tokens, i, self.declared)
                refuse_glued_letter(tokens, i, self.declared)
                refuse_inverse_transposed(tokens, i, self.declared)
                if tokens.value(i + 1) == "{" and tokens.value(i + 2) == "∘" and i + 2 < end:
                    self._append(i, value=".^")  # A^{∘2}
                    self._append(i + 1)
                    i += 3
                    continue
            self._append(i, kind)
            i += 1

    def _want_body(self, head: Token, i: int, end: int) -> None:
        """Refuse a sum sign that nothing follows, unless the text could not be read further."""
        if (i < end and self.tokens.kind(i) in _BEGINS) or (i == len(self.old) and self.problem):
            return
        follows = f", not `{self.tokens.written(self.old[i])}`" if i < end else ""
        sign = self.tokens.written(head)
        raise SyntaxProblem(
            f"after `{sign}` {self.tokens.place(head)} stands what is summed{follows}",
            hint=f"a variable named {sign} has to be declared"
            if head.value.isidentifier()
            else None,
            span=span_of(head),
            code="MX114",
        )

    def _append_transposed(self, i: int) -> None:
        """The T and the factors after it, which the lexer took for one name."""
        name, (start, end) = self.tokens.value(i), span_of(self.old[i])
        self.items.append(make_token("NAME", TRANSPOSED, (start, min(start + 1, end))))
        self.items.append(make_token("NAME", name[1:], (min(start + 1, end), end)))

    def _append(self, i: int, kind: str | None = None, value: str | None = None) -> None:
        token = self.old[i]
        if kind not in (None, token.type) or value is not None:
            token = make_token(kind or token.type, value or str(token.value), span_of(token))
        self.items.append(token)
