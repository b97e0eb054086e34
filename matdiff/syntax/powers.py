"""Powers that people read in two ways, or that are written as in another language: not read.

2^3^2 is 512 for some and 64 for others; A**2 is a power in Python.  Both refusals show what to
write.  `^` takes one operand: a name, a number, a call or a bracket, with a sign before it.
"""

from __future__ import annotations

from matdiff.errors import SyntaxProblem
from matdiff.syntax.tokens import Tokens, span_of

TRANSPOSED = "⊤"  # the exponent of A^T, once it is known not to be a name
_LETTERS = ("T", "\\top")


def is_transposing(tokens: Tokens, i: int) -> bool:
    """Whether the name at i is a T that is all of an exponent but its sign: A^T, A^-T, A^{T}."""
    if tokens.value(i) not in _LETTERS:
        return False
    start = i - 1 if tokens.kind(i - 1) == "SIGN" else i
    if tokens.value(start - 1) == "{":
        return tokens.value(i + 1) == "}" and tokens.value(start - 2) == "^"
    return tokens.value(start - 1) == "^"


def refuse_double_star(tokens: Tokens, i: int) -> None:
    """Raise SyntaxProblem (MX108) if the product sign at i is the first half of `**`."""
    if tokens.value(i) != "*" or tokens.value(i + 1) != "*":
        return
    span = span_of(tokens.items[i])[0], span_of(tokens.items[i + 1])[1]
    if tokens.text.original[span[0] : span[1]] == "**":
        raise SyntaxProblem(
            f"`**` {tokens.place(tokens.items[i])} is no operator here",
            hint="a power is written A^2, an elementwise power A.^2",
            span=span,
            code="MX108",
        )


def refuse_chain(tokens: Tokens, i: int) -> None:
    """Raise SyntaxProblem (MX108) if the power at i is followed by another one, as in 2^3^2."""
    start = i + 1
    last = _end_of_exponent(tokens, start)
    if tokens.kind(last + 1) != "POWER" or tokens.value(start) in _LETTERS:
        return
    base, middle = _base(tokens, i), tokens.typed(start, last)
    second = last + 1
    top = tokens.typed(second + 1, _end_of_exponent(tokens, second + 1)) or "…"
    one, two = tokens.value(i), tokens.value(second)
    raise SyntaxProblem(
        f"two powers in a row, the second `{two}` {tokens.place(tokens.items[second])}",
        hint=f"write ({base}{one}{middle}){two}{top} or {base}{one}({middle}{two}{top})",
        span=span_of(tokens.items[second]),
        code="MX108",
    )


def _end_of_exponent(tokens: Tokens, i: int) -> int:
    """The last token of the exponent that begins at i."""
    while tokens.kind(i) == "SIGN":
        i += 1
    if tokens.kind(i) == "NAME" and tokens.value(i + 1) == "(":
        return i
    return tokens.closer.get(i, i)


def _base(tokens: Tokens, i: int) -> str:
    """The operand that ends before token i, as typed."""
    first = i - 1
    while tokens.kind(first) == "PRIME":
        first -= 1
    first = next((opening for opening, end in tokens.closer.items() if end == first), first)
    if tokens.value(first) == "(" and tokens.kind(first - 1) == "NAME":
        first -= 1
    return tokens.typed(first, i - 1)
