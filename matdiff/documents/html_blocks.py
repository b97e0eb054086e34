"""The seven kinds of HTML block of CommonMark: what begins each, and what ends it.

https://spec.commonmark.org/0.31.2/#html-blocks
"""

from __future__ import annotations

import re

ANY_TAG = 7

_NAMES = (
    "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|"
    "dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|"
    "hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|"
    "search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul"
)
_VALUE = r"""(?:[^\s"'=<>`]+|'[^']*'|"[^"]*")"""
_ATTRIBUTE = rf"\s+[a-zA-Z_:][a-zA-Z0-9_.:-]*+(?:\s*=\s*{_VALUE})?+"
_TAG = rf"<[a-zA-Z][a-zA-Z0-9-]*+(?:{_ATTRIBUTE})*+\s*/?>|</[a-zA-Z][a-zA-Z0-9-]*\s*>"

_BEGIN = [
    r"<(?:script|pre|style|textarea)(?:\s|>|$)",
    r"<!--",
    r"<\?",
    r"<![A-Za-z]",
    r"<!\[CDATA\[",
    rf"</?(?:{_NAMES})(?:\s|/?>|$)",
    rf"(?:{_TAG})\s*$",
]
_BEGINS = [re.compile(pattern, re.IGNORECASE) for pattern in _BEGIN]
_END = [r"</(?:script|pre|style|textarea)>", r"-->", r"\?>", r">", r"\]\]>"]
_ENDS = [re.compile(pattern, re.IGNORECASE) for pattern in _END]


def html_block(line: str, at: int, *, may_be_any_tag: bool) -> int:
    """The kind, from 1, of the block that begins at line[at]; 0 if none does.

    The last kind, a line with any tag, does not interrupt a paragraph.
    """
    if not line.startswith("<", at):
        return 0
    for kind, begin in enumerate(_BEGINS, start=1):
        if begin.match(line, at) and (kind != ANY_TAG or may_be_any_tag):
            return kind
    return 0


def html_block_ends(kind: int, line: str, at: int) -> bool:
    """Whether the block ends with the line; the last two kinds end before a blank line instead."""
    return kind <= len(_ENDS) and _ENDS[kind - 1].search(line, at) is not None
