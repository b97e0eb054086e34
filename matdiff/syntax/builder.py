"""Surface trees, built while the parser reads: one method for each alternative of the grammar.

Tokens carry their place in the original text, so spans come from the first and the last child.  A
sign before a product is drawn out of it: -A B is -(A B), which means the same and prints better.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from lark import Token

from matdiff.errors import SyntaxProblem
from matdiff.syntax.declarations import RawDeclaration, RawShape
from matdiff.syntax.habits import (
    SIDES,
    refuse_axis,
    refuse_count_from_zero,
    refuse_transposed_number,
)
from matdiff.syntax.powers import PSEUDOINVERSE, TRANSPOSED
from matdiff.syntax.tree import (
    Blocks,
    Call,
    Chain,
    Decomposition,
    Definition,
    Fence,
    Frobenius,
    Group,
    Indexed,
    IndexSum,
    Item,
    Name,
    Number,
    Power,
    Query,
    Span,
    Sum,
    SumHead,
    Transpose,
    Tree,
)

_OPERATORS = {"@": "*", ".*": "∘", "./": "⊘"}
_BY_SIDE = frozenset(("softmax", "logsumexp"))  # of a matrix, by rows or by columns
_NORMS = {"": "", "1": "1", "2": "2", "F": "F", "*": "*"} | dict.fromkeys(
    ("∞", "inf", "infty", "\\infty"), "∞"
)

STRAY_COMMA = (
    "a comma separates only the arguments of a function, <A, B>, blocks [A, B], and declarations"
)

Part = Any  # a token, a tree, or what another method of the builder returned


def span_of(part: Part) -> Span:
    """Where a token or tree stands in the original text."""
    if isinstance(part, Token):
        return part.start_pos or 0, part.end_pos or 0
    span: Span = part.span
    return span


def _around(parts: list[Part]) -> Span:
    return span_of(parts[0])[0], span_of(parts[-1])[1]


def _bare(tree: Tree) -> tuple[int, Tree]:
    """The sign and the rest of a tree that begins with a sign outside any bracket."""
    if isinstance(tree, Sum) and len(tree.terms) == 1:
        return tree.terms[0]
    return 1, tree


def _with_sign(sign: int, tree: Tree, span: Span) -> Tree:
    return tree if sign == 1 else Sum([(sign, tree)], span)


def _product(operands: list[Tree], operators: list[str], places: list[Span]) -> Tree:
    if len(operands) == 1:
        return operands[0]
    return Chain(operands, operators, places, (operands[0].span[0], operands[-1].span[1]))


def _reciprocals(operands: list[Tree], operators: list[str]) -> None:
    """A number over entries, 2./x, as a multiple of their reciprocals."""
    for i, sign in enumerate(operators):
        above, below = operands[i], operands[i + 1]
        first = i == 0 or operators[i - 1] in ("", "*", "∘")
        if sign == "⊘" and first and isinstance(above, Number):
            operators[i] = "*"
            exponent = Number(Fraction(-1), below.span)
            operands[i + 1] = Power(below, exponent, True, below.span)


def _quotient(tree: Tree) -> Tree:
    """1/2 as the number it is, so that A^(1/2) has a number for its exponent."""
    if isinstance(tree, Chain) and tree.operators == ["/"]:
        above, below = tree.operands
        if isinstance(above, Number) and isinstance(below, Number) and below.value:
            return Number(above.value / below.value, tree.span)
    return tree


def _brackets(message: str, parts: list[Part]) -> SyntaxProblem:
    return SyntaxProblem(message, span=_around(parts), code="MX106")


class Builder:
    """The callbacks of the parser; it keeps no state, so one serves every text."""

    def name(self, parts: list[Part]) -> Tree:
        return Name(parts[0].value, span_of(parts[0]))

    def number(self, parts: list[Part]) -> Tree:
        return Number(Fraction(parts[0].value), span_of(parts[0]))

    def sum(self, parts: list[Part]) -> Tree:
        terms = [_bare(parts[0])]
        for sign, term in zip(parts[1::2], parts[2::2], strict=True):
            inner, rest = _bare(term)
            terms.append((inner if sign.value == "+" else -inner, rest))
        return Sum(terms, _around(parts))

    def signed(self, parts: list[Part]) -> Tree:
        sign, rest = _bare(parts[1])
        if parts[0].value == "-":
            sign = -sign
        return Sum([(sign, rest)], _around(parts))

    def frobenius(self, parts: list[Part]) -> Tree:
        sign, left = _bare(parts[0])
        for right in parts[2::2]:
            left = Frobenius(left, right, (span_of(left)[0], span_of(right)[1]))
        return _with_sign(sign, left, _around(parts))

    def chain(self, parts: list[Part]) -> Tree:
        sign, first = _bare(parts[0])
        operands, operators, places = [first], list[str](), list[Span]()
        operator: Token | None = None
        for part in parts[1:]:
            if isinstance(part, Token):
                operator = part
                continue
            if operator is None:
                start = span_of(part)[0]
                operators.append("")
                places.append((start, start))
            else:
                operators.append(_OPERATORS.get(operator.value, operator.value))
                places.append(span_of(operator))
            operands.append(part)
            operator = None
        for at in range(len(operands) - 2, -1, -1):  # the body of Σ is the rest of the chain
            turned, head = _bare(operands[at])
            if isinstance(head, SumHead):
                body = _product(operands[at + 1 :], operators[at + 1 :], places[at + 1 :])
                inner, body = _bare(body)
                from matdiff.syntax.indices import index_sum  # few formulas need it

                total = index_sum(head, body, (head.span[0], body.span[1]))
                operands[at:] = [_with_sign(turned * inner, total, total.span)]
                del operators[at:], places[at:]
        _reciprocals(operands, operators)
        turned, product = _bare(_product(operands, operators, places))
        return _with_sign(sign * turned, product, _around(parts))

    def transpose(self, parts: list[Part]) -> Tree:
        refuse_transposed_number(parts[0], _around(parts))
        return Transpose(parts[0], _around(parts))

    def power(self, parts: list[Part]) -> Tree:
        base, operator, exponent = parts
        span = _around(parts)
        sign, rest = _bare(exponent)
        if isinstance(rest, Group) and sign == 1:
            sign, rest = _bare(rest.inner)
        if isinstance(rest, Name) and rest.text == TRANSPOSED:
            refuse_transposed_number(base, span)
            if sign == -1:
                base = Power(base, Number(Fraction(-1), span_of(exponent)), False, span)
            return Transpose(base, span, letter=True)
        if isinstance(rest, Name) and rest.text == PSEUDOINVERSE:
            return Call("pinv", [base], span_of(exponent), span)
        rest = _quotient(rest)
        if isinstance(rest, Number):
            rest = Number(sign * rest.value, span_of(exponent))
        else:
            rest = _with_sign(sign, rest, span_of(exponent))
        return Power(base, rest, operator.value == ".^", span)

    def indexed(self, parts: list[Part]) -> Tree:
        from matdiff.syntax.indices import refuse_many  # few formulas need it

        base, items = parts[0], parts[2:-1:2]
        refuse_many(items, (span_of(parts[1])[0], span_of(parts[-1])[1]))
        refuse_count_from_zero(items)
        return Indexed(base, items, _around(parts))

    def item(self, parts: list[Part]) -> Item:
        if not isinstance(parts[0], Token) and len(parts) == 1:
            return Item(parts[0], None, True, span_of(parts[0]))
        first = None if isinstance(parts[0], Token) else parts[0]
        last = None if isinstance(parts[-1], Token) else parts[-1]
        return Item(first, last, False, _around(parts))

    def blocks(self, parts: list[Part]) -> Tree:
        return Blocks(parts[1:-1:2], _around(parts))

    def row(self, parts: list[Part]) -> list[Tree]:
        return parts[::2]

    def sum_head(self, parts: list[Part]) -> Tree:
        return SumHead(parts[0].value, span_of(parts[0]))

    def group(self, parts: list[Part]) -> Tree:
        if parts[0].value == "<":
            raise _brackets("< > holds two operands, <A, B>, and has only one", parts)
        return Group(parts[1], _around(parts))

    def call(self, parts: list[Part]) -> Tree:
        function, arguments = parts[0].value, parts[2:-1:2]
        if function in _BY_SIDE and len(arguments) == 2 and isinstance(arguments[1], Name):
            side = SIDES.get(arguments[1].text)
            if side is not None:  # softmax(A, rows)
                function, arguments = f"{function}_{side}", arguments[:1]
        if function == "max" and len(arguments) == 2:  # max(0, x)
            others = [a for a in arguments if not (isinstance(a, Number) and a.value == 0)]
            if len(others) == 1:
                function, arguments = "relu", others
        if function in ("sum", "mean") and len(arguments) == 2:
            refuse_axis(function, arguments, _around(parts))
        if function == "sum" and len(arguments) > 1:
            *indices, body = arguments
            if all(isinstance(index, Name) for index in indices):  # sum(i, x[i])
                return IndexSum([index.text for index in indices], None, body, _around(parts))
        return Call(function, arguments, span_of(parts[0]), _around(parts))

    def inner_product(self, parts: list[Part]) -> Tree:
        if parts[0].value != "<":
            raise _brackets(STRAY_COMMA, parts[2:3])
        return Frobenius(parts[1], parts[3], _around(parts))

    def fence(self, parts: list[Part]) -> Tree:
        bars, _, subscript = parts[2].value.partition("_")
        norm = _NORMS.get(subscript.removeprefix("{").removesuffix("}").strip())
        double = bars != "|"
        if norm is None or (subscript and not double):
            raise SyntaxProblem(
                f"the subscript _{subscript[:20]} after {bars} names no norm",
                hint="after ‖A‖ stand _1, _2, _F, _* or _∞; a factor that follows needs a blank",
                span=span_of(parts[2]),
                code="MX106",
            )
        return Fence(2 if double else 1, parts[1], norm, _around(parts))

    def sides(self, parts: list[Part]) -> list[Tree]:
        return [part for part in parts if isinstance(part, Tree)]

    def shape(self, parts: list[Part]) -> RawShape:
        spaces: list[list[Tree]] = [[]]  # ℝ alone has no sides
        for part in parts:
            if isinstance(part, list):
                spaces[-1] = part
            elif part.type == "ARROW":
                spaces.append([])
        ends = [place for part in parts for place in (part if isinstance(part, list) else [part])]
        return RawShape(spaces[0], spaces[1] if len(spaces) == 2 else None, _around(ends))

    def declaration(self, parts: list[Part]) -> RawDeclaration:
        name, _, shape, *properties = parts
        return RawDeclaration(name, shape, properties)

    def declarations(self, parts: list[Part]) -> list[RawDeclaration]:
        return [part for part in parts if isinstance(part, RawDeclaration)]

    def definition(self, parts: list[Part]) -> Definition:
        return Definition(parts[0].value, parts[2], _around(parts))

    def subject(self, parts: list[Part]) -> tuple[Tree, Token]:
        expression = parts[1] if isinstance(parts[1], Tree) else parts[0]
        if len(parts) == 5 and parts[2].value != "/":
            raise SyntaxProblem(
                "a derivative is written ∂Y/∂X, with / between its two parts",
                span=span_of(parts[2]),
                code="MX113",
            )
        return expression, parts[-1]

    def options(self, parts: list[Part]) -> list[Token]:
        return [part for part in parts[1:] if part.type == "NAME"]

    def claim(self, parts: list[Part]) -> tuple[Tree, list[Definition | Decomposition]]:
        return parts[1], parts[2] if len(parts) == 3 else []

    def claimed(self, parts: list[Part]) -> tuple[Tree, list[Definition | Decomposition]]:
        return parts[0], parts[1] if len(parts) == 2 else []

    def decomposition(self, parts: list[Part]) -> Decomposition:
        names = [part.value for part in parts[:5:2]]
        return Decomposition(names, parts[8], _around(parts))

    def where(self, parts: list[Part]) -> list[Definition | Decomposition]:
        return [part for part in parts if isinstance(part, (Definition, Decomposition))]

    def query(self, parts: list[Part]) -> Query:
        kind, (expression, variable), *rest = parts
        options = [token.value for part in rest if isinstance(part, list) for token in part]
        claim, where = next((part for part in rest if isinstance(part, tuple)), (None, []))
        ends = [variable, *(token for part in rest if isinstance(part, list) for token in part)]
        ends += [claim, *where] if claim is not None else []
        end = max(span_of(part)[1] for part in ends)
        span = span_of(kind)[0], end
        return Query(kind.value, expression, variable.value, options, claim, where, span)

    def shape_query(self, parts: list[Part]) -> tuple[Token, Tree, RawShape | None]:
        kind, expression = parts[:2]
        if len(parts) == 2:
            return kind, expression, None
        sides = parts[3]
        return kind, expression, RawShape(sides, None, _around(sides))
