"""What is read by the rules and may well be meant otherwise: told, and refused if strict.

Nobody writes a first power, so c^1/2 is most likely the root of c; and blocks side by side stand
without commas in MATLAB, so [A B; B A] may be four blocks.  A shape cannot decide either.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from matdiff.syntax.characters import SUPERSCRIPT
from matdiff.syntax.powers import base_before
from matdiff.syntax.tokens import OPERAND_ENDS, Tokens, span_of

_BEGINS = frozenset(("NAME", "NUMBER", "OPEN", "BLOCK", "BAR", "SIGMA"))
_LIKE_EXPONENT = re.compile(r"([0-9.]+)([eE][0-9]+)")


def doubts(tokens: Tokens, declared: Collection[str]) -> list[str]:
    """Sentences on what may be meant otherwise, in the order of the text."""
    found: list[str] = []
    for i, token in enumerate(tokens.items):
        if token.type == "POWER":
            found += _first_power(tokens, i)
        elif token.type == "BLOCK":
            found += _blanks_for_commas(tokens, i, declared)
        elif token.type == "NUMBER":
            found += _number_for_name(tokens, i, declared)
    return found


def _first_power(tokens: Tokens, i: int) -> Iterator[str]:
    """c^1/2 and A^-1/2, whose exponent may be meant as a fraction; not A⁻¹/2, A^{-1}/2, A^-1/n."""
    negative = tokens.value(i + 1) == "-"
    at = i + 2 if negative else i + 1
    if tokens.value(at) != "1" or tokens.value(at + 1) != "/" or tokens.kind(i + 1) == "OPEN":
        return
    below = tokens.kind(at + 2)
    if below != "NUMBER" and (negative or below != "NAME"):
        return
    original = tokens.text.original
    start = span_of(tokens.items[at])[0]
    if original[start] in SUPERSCRIPT or original[max(0, start - 1)] == "{":
        return
    base, sign, minus = base_before(tokens, i), tokens.value(i), "-" * negative
    divisor = tokens.value(at + 2)
    yield (
        f"{base}{sign}{minus}1/{divisor} is read as ({base}{sign}{minus}1)/{divisor}: `^` takes "
        f"one operand; for the other reading write {base}{sign}({minus}1/{divisor})"
    )


def _number_for_name(tokens: Tokens, i: int, declared: Collection[str]) -> Iterator[str]:
    """2e3, which is 2000, where a variable e3 is declared."""
    found = _LIKE_EXPONENT.fullmatch(tokens.value(i))
    if found is not None and found.group(2) in declared:
        number, name = found.groups()
        yield f"{tokens.value(i)} is read as a number; for the product write {number} {name}"


def _blanks_for_commas(tokens: Tokens, i: int, declared: Collection[str]) -> Iterator[str]:
    """Blocks whose rows hold as many operands each with nothing but blanks between them."""
    end = tokens.closer.get(i)
    if end is None or i in tokens.with_comma or tokens.written(tokens.items[i]) != "[":
        return
    rows: list[list[int]] = [[i + 1]]  # where the operands of each row begin
    certain = False  # 2 A is a product, A B may be two blocks
    inner = tokens.depth[i] + 1
    for j in range(i + 2, end):
        if tokens.depth[j] != inner:
            continue
        if tokens.kind(j) == "SEMICOLON":
            rows.append([j + 1])
        elif tokens.kind(j - 1) != "SEMICOLON" and _parts(tokens, j):
            rows[-1].append(j)
            certain = certain or tokens.kind(j - 1) != "NUMBER"
    if not certain or len({len(row) for row in rows}) > 1:
        return
    if any(_differ(tokens, row, declared) for row in rows):
        return
    ends = [*(row[0] - 2 for row in rows[1:]), end - 1]
    shown = "; ".join(
        ", ".join(
            tokens.typed(first, after - 1, 40)
            for first, after in zip(row, [*row[1:], last + 1], strict=True)
        )
        for row, last in zip(rows, ends, strict=True)
    )
    whole = tokens.typed(i, end, 40)
    yield (
        f"{whole} is read without blocks side by side, which commas separate: for these write "
        f"[{shown}]"
    )


def _parts(tokens: Tokens, j: int) -> bool:
    """Whether an operand may begin at the token: after a blank, or with a sign that has a blank
    before it and none behind, as in [A -B]."""
    before, token = tokens.items[j - 1], tokens.items[j]
    apart = span_of(before)[1] < span_of(token)[0]
    if not apart or tokens.kind(j - 1) not in OPERAND_ENDS:
        return False
    if token.type == "SIGN":
        glued = span_of(token)[1] == span_of(tokens.items[j + 1])[0]
        return glued and tokens.kind(j + 1) in _BEGINS
    return token.type in _BEGINS


def _differ(tokens: Tokens, row: list[int], declared: Collection[str]) -> bool:
    """Whether two names beside each other are known to differ in height: they are no blocks."""
    heights = set()
    for at in row:
        at += tokens.kind(at) == "SIGN"
        shape = declared.get(tokens.value(at)) if isinstance(declared, Mapping) else None
        alone = tokens.kind(at) == "NAME" and tokens.kind(at + 1) not in ("PRIME", "POWER", "INDEX")
        if shape is not None and alone:
            heights.add(str(next(iter(shape))))
    return len(heights) > 1
