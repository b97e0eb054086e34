"""The stable codes: the one table that `matdiff explain`, reports and docs/error-codes.md read.

A code keeps its meaning for ever.  Families: MX1xx syntax and names, MX2xx shapes and domains,
MX3xx wrong claims, MX4xx inconclusive ones, MX5xx limits, MX6xx usage and files.
"""

from __future__ import annotations

from matdiff.codes import claims, limits, shapes, syntax, usage
from matdiff.codes.page import Page

CODES: dict[str, Page] = {
    code: page
    for part in (syntax, shapes, claims, limits, usage)
    for code, page in part.PAGES.items()
}
FAMILIES = {
    "MX1": "Syntax and names",
    "MX2": "Shapes and domains",
    "MX3": "Wrong claims",
    "MX4": "Inconclusive claims",
    "MX5": "Limits",
    "MX6": "Usage and files",
}


def family(code: str) -> str:
    """What kind of problem a code is.

    >>> family("MX301")
    'Wrong claims'
    """
    return FAMILIES[code[:3]]
