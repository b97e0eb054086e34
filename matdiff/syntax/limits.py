"""What is beyond the limits on text is refused, by name and value.

`refuse_excess` looks at a statement before it is read: one pass, linear in its length, so that no
input is too large to be refused quickly.  Codes: MX501 statement, MX502 tokens, MX503 nesting,
MX504 name, MX505 digits, MX506 exponent, MX507 statements of a file.
"""

from __future__ import annotations

import re
from fractions import Fraction
from sys import float_info

from matdiff.errors import LimitReached, SyntaxProblem
from matdiff.limits import DIGITS as DIGITS
from matdiff.limits import EXPONENT as EXPONENT
from matdiff.limits import NAME as NAME
from matdiff.limits import NESTING as NESTING
from matdiff.limits import STATEMENT as STATEMENT
from matdiff.limits import STATEMENTS as STATEMENTS
from matdiff.limits import TOKENS as TOKENS

_LARGEST = Fraction(float_info.max)
_DIGITS_AND_POINTS, _WORD = re.compile(r"[0-9.]+"), re.compile(r"\w+")
_REMARKABLE = re.compile(rf"[(\[{{]|[)\]}}]|[0-9.]{{{DIGITS + 1},}}|[^\W\d]\w{{{NAME},}}")


def refuse_excess(text: str) -> None:
    """Raise LimitReached if the statement is beyond a limit that shows before it is read.

    What is wrong with one name, number or bracket is said first, as it tells more than the length.
    """
    depth = 0
    for match in _REMARKABLE.finditer(text, 0, STATEMENT):
        found = match.group()
        if found in "([{":
            depth += 1
            if depth > NESTING:
                raise too_deep(match.start())
        elif found in ")]}":
            depth = max(0, depth - 1)
        elif found[0] in "0123456789.":
            _refuse_digits(text, match.start())
        else:
            _refuse_name(text, match.start())
    if len(text) > STATEMENT:
        raise LimitReached(
            f"the statement has {len(text)} characters, the limit is {STATEMENT}",
            hint="split it into definitions on lines of their own",
            span=(0, 1),
            code="MX501",
        )


def too_deep(position: int) -> LimitReached:
    """The refusal of a bracket at `position` that nests too deeply."""
    return LimitReached(
        f"brackets are nested more than {NESTING} deep, the limit of nesting",
        hint="name inner parts by definitions",
        span=(position, position + 1),
        code="MX503",
    )


def refuse_many_tokens(count: int, position: int) -> None:
    """Raise LimitReached if a statement has more than the permitted number of tokens."""
    if count > TOKENS:
        raise LimitReached(
            f"the statement has more than {TOKENS} tokens (names, numbers, signs), the limit",
            hint="split it into definitions on lines of their own",
            span=(position, position + 1),
            code="MX502",
        )


def refuse_many_statements(count: int) -> None:
    """Raise LimitReached if a file has more than the permitted number of statements."""
    if count > STATEMENTS:
        raise LimitReached(
            f"more than {STATEMENTS} statements, the limit of one file", code="MX507"
        )


def refuse_number(written: str, span: tuple[int, int]) -> None:
    """Raise LimitReached for a number whose exponent is beyond the limit, and SyntaxProblem for one
    below it that double precision does not have.

    >>> refuse_number("1e400", (0, 5))
    Traceback (most recent call last):
    ...
    matdiff.errors.SyntaxProblem: 1e400 is beyond double precision, which ends at about 1.8e308
    """
    exponent = written.lower().partition("e")[2]
    if not exponent:
        return
    shown = written if len(written) <= 24 else written[:23] + "…"
    if len(exponent) > 8 or abs(int(exponent)) > EXPONENT:
        limit = f"±{EXPONENT} for a decimal exponent"
        message = f"{shown} is beyond double precision and beyond the limit of {limit}"
        raise LimitReached(message, span=span, code="MX506")
    if Fraction(written) > _LARGEST:
        raise SyntaxProblem(
            f"{shown} is beyond double precision, which ends at about 1.8e308",
            span=span,
            code="MX116",
        )


def _refuse_digits(text: str, start: int) -> None:
    end = _end_of_run(_DIGITS_AND_POINTS, text, start)
    digits = end - start - text.count(".", start, end)
    if digits > DIGITS:
        raise LimitReached(
            f"a number or dimension of {digits} digits, the limit is {DIGITS} digits",
            span=(start, end),
            code="MX505",
        )


def _refuse_name(text: str, start: int) -> None:
    end = _end_of_run(_WORD, text, start)
    raise LimitReached(
        f"a name of {end - start} characters, the limit is {NAME}",
        hint="put blanks or * between the factors of a product",
        span=(start, end),
        code="MX504",
    )


def _end_of_run(pattern: re.Pattern[str], text: str, start: int) -> int:
    run = pattern.match(text, start)
    assert run is not None
    return run.end()
