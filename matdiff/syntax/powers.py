"""Powers that people read in two ways, or that are written as in another language: not read.

2^3^2 is 512 for some and 64 for others; A**2 is a power in Python.  Both refusals show what to
write.  `^` takes one operand: a name, a number, a call or a bracket, with a sign before it.
A + or † that is all of an exponent makes a pseudo-inverse: A^+, A^{+}, A⁺, A†.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from matdiff.errors import SyntaxProblem
from matdiff.syntax.characters import SUPERSCRIPT
from matdiff.syntax.tokens import Tokens, span_of

TRANSPOSED = "⊤"  # the exponent of A^T, once it is known not to be a name
PSEUDOINVERSE = "+"  # the exponent of A^+
_LETTERS = ("T", "\\top")
_DAGGER = "†"
# what a + glued to it could be the sign of
_SIGNED = frozenset(("NAME", "NUMBER", "OPEN", "BAR", "SIGMA", "SIGN", "INDEX", "BLOCK"))
_CONJUGATES = ("*", "H")


def is_transposing(tokens: Tokens, i: int, declared: Collection[str]) -> bool:
    """Whether the name at i is a T that is all of an exponent but its sign: A^T, A^-T, A^{T}; and
    A^(T) of a matrix if T is nothing else."""
    if tokens.value(i) not in _LETTERS:
        return False
    start = i - 1 if tokens.kind(i - 1) == "SIGN" else i
    if tokens.value(start - 1) == "(":
        if tokens.value(start - 2) != "^" or tokens.value(i + 1) != ")":
            return False
        return not _is_number("T", declared) and not _is_scalar(tokens, start - 3, declared)
    if tokens.value(start - 1) == "{":
        return tokens.value(i + 1) == "}" and tokens.value(start - 2) == "^"
    return tokens.value(start - 1) == "^"


def is_pseudoinverse(tokens: Tokens, i: int, declared: Collection[str]) -> bool:
    """Whether the sign at i is a + or † that is all of an exponent: A^+, A^{+}, A^(+), A⁺, A†.

    Raises SyntaxProblem (MX109) where the + may be the sign of what follows, as in A^+B, or mean
    the positive part, as in x^+.
    """
    enclosed = tokens.kind(i - 1) == "OPEN"
    power = i - 2 if enclosed else i - 1
    if tokens.value(i) != "+" or tokens.value(power) != "^":
        return False
    if tokens.value(i + 1) in _LETTERS and (enclosed or _is_raised(tokens, i + 1)):
        base = _bare(base_before(tokens, power))
        hint = f"the transpose of a pseudo-inverse is written pinv({base})'"
        raise _unread(tokens, i, "+", "is no exponent of its own", hint)  # A^{+T} and A⁺ᵀ
    if enclosed and tokens.kind(i + 1) != "CLOSE":
        return False
    written = tokens.written(tokens.items[i])
    if not enclosed and _is_glued(tokens, i, raised=written in SUPERSCRIPT):
        _refuse_sign(tokens, i)
    if written != _DAGGER and not _is_matrix(tokens, power - 1, declared):
        base = _bare(base_before(tokens, power))
        reason = "may mean the pseudo-inverse or the positive part"
        raise _unread(tokens, i, "+", reason, f"write pinv({base}) or relu({base})")
    return True


def _unread(tokens: Tokens, i: int, sign: str, reason: str, hint: str) -> SyntaxProblem:
    return SyntaxProblem(
        f"the {sign} {tokens.place(tokens.items[i])} {reason}",
        hint=hint,
        span=span_of(tokens.items[i]),
        code="MX109",
    )


def _is_glued(tokens: Tokens, i: int, *, raised: bool) -> bool:
    """Whether the sign at i may belong to what follows it: typed beside it, and as high as it."""
    if tokens.kind(i + 1) not in _SIGNED:
        return False
    following = tokens.items[i + 1]
    beside = span_of(tokens.items[i])[1] >= span_of(following)[0]
    return beside and raised == _is_raised(tokens, i + 1)


def _is_raised(tokens: Tokens, i: int) -> bool:
    """Whether a token was typed in superscript, as ² and ᵀ are."""
    return tokens.written(tokens.items[i])[:1] in SUPERSCRIPT


def _refuse_sign(tokens: Tokens, i: int) -> None:
    base, last = base_before(tokens, i - 1), tokens.closer.get(i + 1, i + 1)
    following = tokens.value(last) if last == i + 1 else tokens.typed(i + 1, last)
    signed = tokens.kind(i + 1) == "SIGN"
    hint = f"write pinv({_bare(base)}) {following}{'' if signed else f' or {base}^{following}'}"
    reason = f"may mean the pseudo-inverse or be the sign of `{following}`"
    raise _unread(tokens, i, "+", reason, hint)


def refuse_distant_minus(tokens: Tokens, i: int) -> None:
    """Raise SyntaxProblem (MX109) if the sign at i is all that is typed as an exponent: A^- B."""
    if tokens.value(i) != "-" or tokens.kind(i - 1) != "POWER" or tokens.kind(i + 1) not in _SIGNED:
        return
    apart = span_of(tokens.items[i])[1] < span_of(tokens.items[i + 1])[0]
    if apart or (_is_raised(tokens, i) and not _is_raised(tokens, i + 1)):
        base, last = base_before(tokens, i - 1), tokens.closer.get(i + 1, i + 1)
        power = f"{base}^-{tokens.typed(i + 1, last)}"
        hint = f"an inverse is written inv({_bare(base)}), a power {power}"
        raise _unread(tokens, i, "-", "is no exponent of its own", hint)


def _bare(base: str) -> str:
    """A base without the brackets around all of it."""
    enclosed = base[:1] == "(" and base[-1:] == ")" and base.count("(") == 1
    return base[1:-1] if enclosed else base


def _is_matrix(tokens: Tokens, i: int, declared: Collection[str]) -> bool:
    """Whether the operand that ends at i is the name of a matrix, transposed or not."""
    while tokens.kind(i) == "PRIME":
        i -= 1
    name = tokens.value(i)
    if tokens.kind(i) != "NAME":
        return False
    if isinstance(declared, Mapping) and name in declared:
        return "1" not in map(str, declared[name])
    return name[:1].isupper()


def _is_scalar(tokens: Tokens, i: int, declared: Collection[str]) -> bool:
    """Whether the operand that ends at i is a number, or the name of what is most likely one."""
    name = tokens.value(i)
    if tokens.kind(i) == "NAME" and isinstance(declared, Mapping) and name in declared:
        return {"1"} == set(map(str, declared[name]))
    return tokens.kind(i) == "NUMBER" or (tokens.kind(i) == "NAME" and not name[0].isupper())


def refuse_glued_letter(tokens: Tokens, i: int, declared: Collection[str]) -> None:
    """Raise SyntaxProblem (MX109) if the power at i is A^-1T, whose T would be a matrix of that
    name: it is meant as a transpose."""
    at = _end_of_exponent(tokens, i + 1)
    letter = tokens.value(at + 1)
    if tokens.kind(at) not in ("NUMBER", "CLOSE") or letter[:1] != "T" or letter in declared:
        return
    glued = span_of(tokens.items[at])[1] == span_of(tokens.items[at + 1])[0]
    if not glued or "T" in declared or (letter != "T" and letter[1:] not in declared):
        return
    if _is_scalar(tokens, i - 1, declared):
        return
    base, power = base_before(tokens, i), tokens.typed(i + 1, at)
    after = f" {letter[1:]}" if letter != "T" else ""
    hint = f"write {base}^-T{after}" if power == "-1" else f"write ({base}^{power})'{after}"
    raise _unread(tokens, at + 1, letter[:1], "would be a matrix T as a factor", hint)


def refuse_inverse_transposed(tokens: Tokens, i: int, declared: Collection[str]) -> None:
    """Raise SyntaxProblem (MX109) if the power at i is A^{-1T} or A^(-1T) of a matrix and T is
    nothing else: the transpose of the inverse is A^-T."""
    inside = [tokens.value(at) for at in range(i + 2, i + 5)]
    if tokens.closer.get(i + 1) != i + 5 or inside[:2] != ["-", "1"] or inside[2] not in _LETTERS:
        return
    if not _is_number("T", declared) and not _is_scalar(tokens, i - 1, declared):
        hint = f"write {base_before(tokens, i)}^-T"
        raise _unread(tokens, i + 4, "T", "would be a factor of the exponent", hint)


def leading_transpose(tokens: Tokens, i: int, declared: Collection[str]) -> bool:
    """Whether the name at i, before another power, is a T and a factor: TA in x^TA^TAx."""
    name = tokens.value(i)
    if name[:1] != "T" or name in declared or tokens.value(i - 1) != "^":
        return False
    factors = name[1:]
    return tokens.kind(i + 1) == "POWER" and bool(factors) and is_product(factors, declared)


def is_product(run: str, declared: Collection[str]) -> bool:
    """Whether a run of letters is a product of declared names, such as XC."""
    reached = {0}
    for start in range(len(run)):
        if start in reached:
            ends = range(start + 1, len(run) + 1)
            reached.update(end for end in ends if run[start:end] in declared)
    return len(run) in reached


def refuse_conjugate(tokens: Tokens, i: int, declared: Collection[str]) -> None:
    """Raise SyntaxProblem (MX109) if the power at i conjugates, as in A^* and A^H."""
    at = i + 2 if tokens.value(i + 1) == "{" else i + 1
    written = tokens.value(at)
    if tokens.value(i) != "^" or written not in _CONJUGATES:
        return
    if written == "H" and _is_number(written, declared):
        return
    hint = f"the transpose is written {base_before(tokens, i)}'"
    reason = "is not read: matrices are real here"
    raise _unread(tokens, at, f"superscript {written}", reason, hint)


def _is_number(name: str, declared: Collection[str]) -> bool:
    """Whether a name is declared, or a size of what is declared."""
    shapes = declared.values() if isinstance(declared, Mapping) else ()
    return name in declared or any(name == str(side) for shape in shapes for side in shape)


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


def refuse_chain(tokens: Tokens, i: int, declared: Collection[str]) -> None:
    """Raise SyntaxProblem (MX108) if the power at i is followed by another one, as in 2^3^2."""
    start = i + 1
    last = _end_of_exponent(tokens, start)
    if tokens.kind(last + 1) != "POWER" or tokens.value(start) in (*_LETTERS, PSEUDOINVERSE):
        return
    if leading_transpose(tokens, start, declared):
        return
    base, middle = base_before(tokens, i), _lowered(tokens.typed(start, last))
    second = last + 1
    top = _lowered(tokens.typed(second + 1, _end_of_exponent(tokens, second + 1))) or "…"
    one, two = tokens.value(i), tokens.value(second)
    raise SyntaxProblem(
        f"two powers in a row, the second `{two}` {tokens.place(tokens.items[second])}",
        hint=f"write ({base}{one}{middle}){two}{top} or {base}{one}({middle}{two}{top})",
        span=span_of(tokens.items[second]),
        code="MX108",
    )


def _lowered(exponent: str) -> str:
    """An exponent as it is typed after ^, its superscripts on the line."""
    return "".join(SUPERSCRIPT.get(sign, sign) for sign in exponent)


def _end_of_exponent(tokens: Tokens, i: int) -> int:
    """The last token of the exponent that begins at i."""
    while tokens.kind(i) == "SIGN":
        i += 1
    if tokens.kind(i) == "NAME" and tokens.value(i + 1) == "(":
        return i
    return tokens.closer.get(i, i)


def base_before(tokens: Tokens, i: int) -> str:
    """The operand that ends before token i, as typed."""
    first = i - 1
    while tokens.kind(first) == "PRIME":
        first -= 1
    first = next((opening for opening, end in tokens.closer.items() if end == first), first)
    called = tokens.value(first) == "(" and tokens.kind(first - 1) == "NAME"
    if called or tokens.kind(first) == "INDEX":
        first -= 1
    return tokens.typed(first, i - 1)
