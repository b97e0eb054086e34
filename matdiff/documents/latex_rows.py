r"""How wide a formula in LaTeX is, and where a long one is broken into rows.

Widths are in points of ten-point type.  They are estimates, from the widths of signs in Computer
Modern: a row is to end before the margin, not at it.  A row ends before a sign between two parts,
as far outside of brackets as can be, and never within a fraction, a matrix or a script.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

CAPITAL, SMALL, BRACKET, BETWEEN = 8.3, 5.3, 3.9, 12.5
SCRIPT = 0.7  # of the size of what it stands at
THIN = 1.7
LEAST_FULL = 0.35  # of a row, before which none is broken
# what it costs, in levels of brackets, to break between two factors, at a sign of a product, and
# before words
BETWEEN_FACTORS, IN_PRODUCT, BESIDE_WORDS = 1.5, 0.7, 0.5

_TOKEN = re.compile(
    r"(?P<environment>\\(?:begin|end)\{[a-z]+\})|(?P<command>\\[A-Za-z]+|\\.)|(?P<sign>\S)|(?P<blank>\s+)"
)
_SIGNS = frozenset((r"\circ", r"\oslash", r"\otimes", r"\times", r"\in", "+", "-", ":", "="))
_LOOSE = frozenset((r"\in", "+", "-", "="))
_WORDS = frozenset((r"\operatorname", r"\mathrm", r"\text"))
_FUNCTIONS = frozenset(
    "exp log det tr sin cos tan sinh cosh tanh arcsin arccos arctan max min sum".split()
)
_NO_WIDTH = frozenset((r"\left", r"\right", r"\displaystyle"))
_THIN = frozenset((r"\,", r"\;", r"\ "))
_INNER = {"{": 1, "}": -1, r"\left": 1, r"\right": -1}


def width(latex: str) -> float:
    """The width of a formula."""
    total = 0.0
    for _, before in _prefixes(latex):
        total = before or total
    return total


def _prefixes(latex: str) -> Iterator[tuple[re.Match[str] | None, float | None]]:
    """Every sign with the width of all before it, unless it stands within a group; last of all the
    whole width."""
    total, expected = 0.0, list[str]()
    groups: list[tuple[str, list[str], float]] = []
    above: list[float] = []  # widths of numerators
    for found in _TOKEN.finditer(latex):
        token = found[0]
        yield found, None if groups else total
        if token in ("^", "_"):
            expected.append("script")
        elif token == r"\frac":
            expected += ("denominator", "numerator")
        elif token in _WORDS:
            expected.append("words")
        elif token == "{":
            groups.append((expected.pop() if expected else "", expected, total))
            total, expected = 0.0, []
        elif token == "}" and groups:
            kind, expected, outside = groups.pop()
            if kind == "numerator":
                above.append(total)
                total = 0.0
            elif kind == "denominator":
                total = max(total, above.pop()) + 2 * THIN
            total = outside + total * (SCRIPT if kind == "script" else 1)
        else:
            total += _width_of(token, groups[-1][0] if groups else "")
    yield None, None if groups else total


def _width_of(token: str, kind: str) -> float:
    """The width of a sign in a group of some kind."""
    if token in _SIGNS:
        return CAPITAL if kind == "script" else BETWEEN
    if token in _NO_WIDTH or token.startswith((r"\begin", r"\end")):
        return 0.0
    if token in _THIN:
        return THIN
    if token.isspace():
        return 2 * THIN if kind == "words" else 0.0
    if token[1:] in _FUNCTIONS:
        return SMALL * len(token)
    if token in r"()[]|,.;!'":
        return BRACKET
    if token in "MW":
        return 1.3 * CAPITAL
    return CAPITAL if token.isupper() or token.startswith("\\") else SMALL


def rows(latex: str, room: float, indent: float) -> list[str]:
    """The formula in rows, the first of `room`, the others of less by `indent`."""
    found: list[str] = []
    while (place := _best_break(latex, room)) is not None:
        found.append(latex[:place].rstrip().removesuffix(r"\,"))
        rest = latex[place:].removeprefix(r"\,").lstrip()
        first = _TOKEN.match(rest)
        between = first is not None and first[0] not in (*_SIGNS, r"\text")
        latex = rf"{{}} \cdot {rest}" if between else rf"{{}} {rest}"
        if not found[1:]:
            room -= indent
    return [*found, latex]


def _best_break(latex: str, room: float) -> int | None:
    """Where the row ends; None if all fits or it cannot be broken."""
    fitting: list[tuple[float, float, int]] = []
    for place, cost, before in _breaks(latex):
        if before > room and fitting:
            break
        if before > room and place < len(latex):
            return place
        if before >= LEAST_FULL * room:
            fitting.append((cost, -before, place))
    else:  # the last place is the end
        return None
    return min(fitting)[2]


def _breaks(latex: str) -> Iterator[tuple[int, float, float]]:
    """The places where a row may end, what it costs there, and the width of what stands before;
    last of all the end, which nobody would choose."""
    inner = depth = 0
    before = ""
    for found, so_far in _prefixes(latex):
        if found is None:
            yield len(latex), float("inf"), so_far or 0.0
            return
        token = found[0]
        step = 1 if token.startswith(r"\begin") else -1 if token.startswith(r"\end") else 0
        inner += _INNER.get(token, step)
        depth += (token == "(") - (token == ")")
        if inner == 0 and before and so_far is not None:
            if token in _SIGNS and before not in _SIGNS and before != "(":
                yield found.start(), depth + (0 if token in _LOOSE else IN_PRODUCT), so_far
            elif token == r"\text":
                yield found.start(), depth + BESIDE_WORDS, so_far
            elif (token.isspace() or token in _THIN) and _parts(before, latex, found.end()):
                yield found.start(), depth + BETWEEN_FACTORS, so_far
        if not token.isspace():
            before = token


def _parts(before: str, latex: str, end: int) -> bool:
    """Whether the blank that ends there stands between two factors."""
    follows = _TOKEN.match(latex, end)
    if follows is None or before in _SIGNS or before in "(,;" or before in _THIN:
        return False
    token = follows[0]
    return token not in _SIGNS and token not in _THIN and token not in "),;^_"
