"""explain: what a code in a message means, and what to do."""

from __future__ import annotations

from difflib import get_close_matches

import click

from matdiff.cli.failures import ALL_RIGHT, write_line
from matdiff.codes import CODES, FAMILIES, family
from matdiff.errors import UsageProblem


@click.command()
@click.argument("code", required=False)
def explain(code: str | None) -> int:
    """What a code such as MX301 means, with an example; without one, the list of all codes."""
    for line in _list() if code is None else _page(code):
        write_line(line)
    return ALL_RIGHT


def _list() -> list[str]:
    lines: list[str] = []
    for begin, name in FAMILIES.items():
        lines += ["", name] if lines else [name]
        lines += [f"  {code}  {CODES[code].title}" for code in sorted(CODES) if code[:3] == begin]
    return lines


def _page(typed: str) -> list[str]:
    code = typed.strip().upper()
    if not code:
        raise UsageProblem(
            "the code is empty", hint="`matdiff explain` lists all codes", code="MX608"
        )
    if code not in CODES:
        near = " or ".join(get_close_matches(code, CODES, 3, 0.7))
        raise UsageProblem(
            f"there is no code {typed}",
            hint=(f"{near}? " if near else "") + "`matdiff explain` lists all codes",
            code="MX608",
        )
    page = CODES[code]
    lines = [f"{code}  {page.title}  ({family(code).lower()})", "", page.meaning]
    if page.example:
        lines += ["", "Example", *(f"    {line}" for line in page.example.split("\n"))]
    return [*lines, "", page.remedy]
