"""The limits, in one table: no input makes the command hang or fill the memory.

Only the caller can change one, by the environment: MATDIFF_LIMIT_TOKENS=40000.  It is read once,
when matdiff is imported; nothing that stands in a file under check has a say.

>>> LIMITS["TOKENS"].default, TOKENS == LIMITS["TOKENS"].value
(20000, True)
"""

from __future__ import annotations

import os
import re

from matdiff.errors import UsageProblem

PREFIX = "MATDIFF_LIMIT_"
LARGEST = 10**12  # that a limit may be raised to


class Limit:
    """What is limited, the value by default, and the value in force."""

    __slots__ = ("default", "meaning", "name", "value")

    def __init__(self, name: str, default: int, meaning: str) -> None:
        self.name, self.default, self.meaning = name, default, meaning
        given = os.environ.get(PREFIX + name, "")
        self.value = int(given) if _is_usable(given) else default


def _is_usable(given: str) -> bool:
    return re.fullmatch("[0-9]{1,13}", given) is not None and 1 <= int(given) <= LARGEST


LIMITS = {
    limit.name: limit
    for limit in (
        Limit("FILE", 1 << 20, "bytes of a file"),
        Limit("NOTEBOOK", 16 << 20, "bytes of a notebook, whose outputs may hold pictures"),
        Limit("FILES", 10_000, "files of a run"),
        Limit("STATEMENT", 65_536, "characters of a statement"),
        Limit("STATEMENTS", 10_000, "statements of a file"),
        Limit("TOKENS", 20_000, "names, numbers and signs of a statement"),
        Limit("NESTING", 200, "brackets in each other"),
        Limit("NAME", 64, "characters of a name"),
        Limit("DIGITS", 1_000, "digits of a number"),
        Limit("EXPONENT", 400, "the decimal exponent of a number, either sign"),
        Limit("POWER", 64, "the exponent of a matrix power that is a number, either sign"),
        Limit("NODES", 1_000_000, "nodes that a statement adds to the expressions in memory"),
        Limit("PRINTED", 200_000, "names, numbers and operators of a formula written out"),
        Limit("SIZE", 10**9, "a dimension declared as a number"),
        Limit("TRIED_SIZE", 64, "a dimension of a variable in a numeric check"),
        Limit("TRIED_ENTRIES", 10**6, "entries of an array in a numeric check"),
        Limit("SECONDS", 10, "seconds for a statement"),
        Limit("FILE_SECONDS", 60, "seconds for a file"),
    )
}
FILE, NOTEBOOK, FILES = (LIMITS[name].value for name in ("FILE", "NOTEBOOK", "FILES"))
STATEMENT, STATEMENTS = LIMITS["STATEMENT"].value, LIMITS["STATEMENTS"].value
TOKENS, NESTING = LIMITS["TOKENS"].value, LIMITS["NESTING"].value
NAME, DIGITS, EXPONENT = (LIMITS[name].value for name in ("NAME", "DIGITS", "EXPONENT"))
POWER, NODES, PRINTED = (LIMITS[name].value for name in ("POWER", "NODES", "PRINTED"))
SIZE, TRIED_SIZE = LIMITS["SIZE"].value, LIMITS["TRIED_SIZE"].value
TRIED_ENTRIES = LIMITS["TRIED_ENTRIES"].value
SECONDS, FILE_SECONDS = LIMITS["SECONDS"].value, LIMITS["FILE_SECONDS"].value


def refuse_unusable() -> None:
    """Raise UsageProblem (MX609) for a variable of the environment that sets no limit.

    What was meant to be a limit and is none must not go unsaid.
    """
    for variable, given in sorted(os.environ.items()):
        if not variable.startswith(PREFIX):
            continue
        if variable.removeprefix(PREFIX) not in LIMITS:
            raise UsageProblem(
                f"{variable} in the environment names no limit",
                hint=f"the limits are {', '.join(LIMITS)}",
                code="MX609",
            )
        if not _is_usable(given):
            raise UsageProblem(
                f"{variable} in the environment is {given!r}, not a whole number between 1 and "
                f"{LARGEST}",
                code="MX609",
            )
