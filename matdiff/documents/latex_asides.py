r"""What stands beside a formula in a row of LaTeX: asides in brackets, another equation.

An aside in brackets at the end of a formula is said in words, (X \text{ invertible}); after wide
space it may also be a condition, (n \ge 2), or the number of the equation, (2).
"""

from __future__ import annotations

import re

from matdiff.documents.latex_tokens import WORDS, Token, is_shown

Part = tuple[Token, int]  # with how many brackets are open around it

_COMPARISONS = frozenset(
    f"\\{name}"
    for name in "in ni notin ne neq ge geq geqslant le leq leqslant gg ll subset subseteq approx "
    "sim simeq cong propto to succ succeq prec preceq forall exists".split()
)
_SPACES = re.compile(r"\\[,;:> ]|~+|\s*~\s*")
_SIZED = re.compile(r"\\(?:left|right|[bB]igg?[lr]?)")
_ROUND = frozenset("( [ \\lbrack \\lparen".split())
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)*[a-z]?'*|\*+|\\(?:ast|star|dagger)")


def asides_in(parts: list[Part]) -> set[int]:
    """The tokens of a row that belong to asides in brackets, by their index."""
    found: set[int] = set()
    start = -1
    for i, (token, level) in enumerate(parts):
        if level != 1:
            continue
        if token.kind == "open":
            start = i if token.text in _ROUND else -1
        elif token.kind == "close" and start >= 0:
            first = start - 1 if start and _SIZED.fullmatch(parts[start - 1][0].text) else start
            if _is_aside(parts, first, start, i):
                found.update(range(first, i + 1))
            start = -1
    return found


def relates(token: Token) -> bool:
    """Whether what stands around the token is a statement and not a formula."""
    if token.kind == "relation" or token.text in _COMPARISONS:
        return True
    return token.kind == "text" and ("<" in token.text or ">" in token.text)


def next_shown(parts: list[Part], i: int) -> Token | None:
    """The first token from index i on that shows."""
    while i < len(parts):
        token = parts[i][0]
        if is_shown(token) and token.text not in ("{", "}"):
            return token
        i += 1
    return None


def _is_aside(parts: list[Part], first: int, start: int, end: int) -> bool:
    """Whether a bracket, with the \\left before it from `first` on, is beside the formula."""
    after = next_shown(parts, end + 1)
    if after is not None and after.kind not in ("relation", "remark") and after.text != ".":
        return False
    space = _space_before(parts, first)
    inner = [token for token, _ in parts[start + 1 : end]]
    if space and any(token.kind == "remark" and token.text[1:] in WORDS for token in inner):
        return True
    if space != "wide":
        return False
    written = "".join(token.text for token in inner if is_shown(token))
    return any(map(relates, inner)) or _NUMBER.fullmatch(written) is not None


def _space_before(parts: list[Part], i: int) -> str:
    """wide, some, or nothing but what TeX ignores."""
    found = ""
    while i and not is_shown(parts[i - 1][0]):
        i -= 1
        token = parts[i][0]
        if token.kind in ("wide", "column"):
            return "wide"
        if _SPACES.fullmatch(token.text):
            found = "some"
    return found
