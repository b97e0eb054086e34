"""What people write as in another language: refused with what to write instead.

numpy nests rows, [[1, 2], [3, 4]], counts from 0 and sums along an axis.  Names of functions stand
in matdiff.syntax.instead.
"""

from __future__ import annotations

from matdiff.errors import SyntaxProblem
from matdiff.syntax.tokens import Tokens, span_of
from matdiff.syntax.tree import Item, Name, Number, Span, Sum, Tree

SIDES = {"rows": "rows", "columns": "columns", "cols": "columns"}
_FRACTIONS = frozenset("½¼¾⅓⅔")
_AXES = frozenset(("axis", "dim", "dims", "keepdims"))


def refuse_nested_rows(tokens: Tokens, i: int) -> None:
    """Raise SyntaxProblem (MX109) if the bracket at i holds a row made of rows in brackets of their
    own, [[1, 2], [3, 4]], which would stand side by side here."""
    rows: list[str] = []
    at = i + 1
    while tokens.kind(at) == "BLOCK" and at in tokens.closer:
        last = tokens.closer[at]
        inside = range(at + 1, last)
        if any(tokens.kind(j) == "SEMICOLON" and tokens.depth[j] == tokens.depth[at] + 1
               for j in inside):  # fmt: skip
            return
        rows.append(tokens.typed(at + 1, last - 1))
        at = last + 1
        if tokens.kind(at) != "COMMA":
            break
        at += 1
    if len(rows) < 2 or tokens.kind(at) not in ("CLOSE", "SEMICOLON"):
        return
    shown = "; ".join(rows[:3]) + ("; …" if len(rows) > 3 else "")
    raise SyntaxProblem(
        f"the rows {tokens.place(tokens.items[i])} stand in brackets of their own",
        hint=f"a semicolon parts the rows of a matrix: [{shown}]",
        span=(span_of(tokens.items[i])[0], span_of(tokens.items[at])[1]),
        code="MX109",
    )


def refuse_number_beside(tokens: Tokens, i: int) -> None:
    """Raise SyntaxProblem (MX109) for 1 000, 2½, 2 1/2, [1 0; 0 1] and [1 -1], with the first
    number at i: nobody multiplies two numbers by setting them side by side."""
    if tokens.kind(i - 1) == "POWER" or tokens.kind(i - 2) == "POWER":  # x^2 3, x^-2 3
        return
    last = _number_after(tokens, i)
    if last is None:
        return
    first, second = tokens.value(i), tokens.typed(i + 1, last)
    enclosing = _kind_around(tokens, i)
    if enclosing in ("BLOCK", "INDEX") or tokens.kind(i + 1) == "SIGN":
        hint = f"a comma is missing: {first}, {second}"
    elif fraction := _mixed_number(tokens, i):
        hint = f"write {fraction} for the sum, {first}*{second} for the product"
    elif first.isdecimal() and len(second) == 3 and second.isdecimal():
        hint = f"write {first}{second}"
    else:
        hint = f"write {first}*{second} for their product"
        if enclosing == "OPEN":
            hint += f", {first}, {second} for two arguments"
    raise SyntaxProblem(
        f"the number {second} {tokens.place(tokens.items[i + 1])} follows the number {first}",
        hint=hint,
        span=(span_of(tokens.items[i])[0], span_of(tokens.items[last])[1]),
        code="MX109",
    )


def _number_after(tokens: Tokens, i: int) -> int | None:
    """The last token of the number that directly follows the one at i; None if none does."""
    if tokens.kind(i + 1) == "NUMBER":
        return i + 1
    if tokens.kind(i + 1) == "OPEN" and tokens.written(tokens.items[i + 1]) in _FRACTIONS:
        return tokens.closer.get(i + 1)
    if tokens.kind(i + 1) == "SIGN" and tokens.kind(i + 2) == "NUMBER":
        before, sign, after = (span_of(tokens.items[j]) for j in (i, i + 1, i + 2))
        is_signed = before[1] < sign[0] and sign[1] == after[0]
        return i + 2 if is_signed and _kind_around(tokens, i) == "BLOCK" else None
    return None


def _mixed_number(tokens: Tokens, i: int) -> str:
    """2½ and 2 1/2 as the fraction 5/2; nothing for other numbers."""
    at = i + 2 if tokens.kind(i + 1) == "OPEN" else i + 1
    parts = [tokens.value(j) for j in (i, at, at + 2)]
    if not all(part.isdecimal() for part in parts) or tokens.value(at + 1) != "/":
        return ""
    whole, above, below = map(int, parts)
    return f"{whole * below + above}/{below}"


def _kind_around(tokens: Tokens, i: int) -> str:
    """The kind of the innermost bracket around the token."""
    opened = [j for j, end in tokens.closer.items() if j < i < end]
    return tokens.kind(max(opened, default=-1))


def stray_brace(tokens: Tokens, i: int) -> SyntaxProblem:
    """The refusal of the brace at i, which is no exponent's: W_{ij} is LaTeX."""
    before = tokens.items[i - 1] if i else None
    below = before is not None and before.type == "NAME" and before.value.endswith("_")
    beside = before is not None and before.end_pos == tokens.items[i].start_pos
    latex = "braces below a name are LaTeX: --latex on the command line, $…$ in a file"
    return SyntaxProblem(
        f"`{{` {tokens.place(tokens.items[i])} stands only after ^, as in A^{{-1}}",
        hint=f"{latex}; an entry is W[i,j]" if below and beside else "group with round brackets",
        span=span_of(tokens.items[i]),
        code="MX106",
    )


def refuse_count_from_zero(items: list[Item]) -> None:
    """Raise SyntaxProblem (MX109) for x[0] and x[-1]."""
    for item in items:
        for bound in (item.first, item.last):
            if bound is not None and (shown := _below_one(bound)):
                raise SyntaxProblem(
                    f"the index {shown} names no entry: entries are counted from 1",
                    hint="the first entry is x[1], the last one x[n] of a column of n entries",
                    span=bound.span,
                    code="MX109",
                )


def _below_one(bound: Tree) -> str:
    """A number that is 0 or negative, as a message shows it; nothing for any other bound."""
    sign = 1
    if isinstance(bound, Sum) and len(bound.terms) == 1:
        sign, bound = bound.terms[0]
    if isinstance(bound, Number) and sign * bound.value <= 0:
        return str(sign * bound.value)
    return ""


def refuse_axis(function: str, arguments: list[Tree], span: Span) -> None:
    """Raise SyntaxProblem (MX109) for sum(A, 1), sum(A, rows) and their like with mean."""
    *_, last = arguments
    if isinstance(last, Number) or (isinstance(last, Name) and last.text in SIDES):
        raise no_axis(function, span)


def no_axis(function: str, span: Span) -> SyntaxProblem:
    """The refusal of a side or axis as an argument."""
    mean = function == "mean"
    rows, columns = ("rowsum(A)/n", "colsum(A)/m") if mean else ("rowsum(A)", "colsum(A)")
    hints = {
        "sum": f"the sums of the rows are {rows}, those of the columns {columns}",
        "mean": f"the means of the rows of A : m×n are {rows}, those of the columns {columns}",
    }
    return SyntaxProblem(
        f"{function} takes no axis",
        hint=hints.get(function, f"{function}(A, rows) is that of every row"),
        span=span,
        code="MX109",
    )


def names_axis(word: str) -> bool:
    """Whether a word before = is that of an argument of numpy: sum(A, axis=0)."""
    return word in _AXES


def refuse_transposed_number(operand: Tree, span: Span) -> None:
    """Raise SyntaxProblem (MX109) for 1'x and 0'x, which mean columns of ones and zeros."""
    if isinstance(operand, Number) and operand.value in (0, 1):
        vector = "ones" if operand.value else "zeros"
        raise SyntaxProblem(
            f"{operand.value} is a number, and numbers have no transpose",
            hint=f"write {vector}(n)' of a column of n {vector}, in LaTeX \\mathbf {operand.value}",
            span=span,
            code="MX109",
        )
