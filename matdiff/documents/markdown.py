"""The fences of a Markdown document whose info string is exactly `matdiff`.

Whether a line opens a fence hangs on the blocks around it: a fence inside a list item or a block
quote is one, inside another fence, an HTML comment or indented code it is not.  So this is the
block structure of CommonMark 0.31 (https://spec.commonmark.org/0.31.2/#appendix-a-parsing-strategy)
as far as it decides that: each line first continues the open containers, then opens new blocks, and
what is left is text.  Headings, rules and paragraphs are told apart only for what may follow them.
One pass, linear in the length of the document.
"""

from __future__ import annotations

import re

from matdiff.documents.html_blocks import html_block, html_block_ends
from matdiff.documents.markdown_lines import Cursor
from matdiff.documents.marked import MISSPELLED, Line, Passage
from matdiff.errors import LimitReached

INFO = "matdiff"
NESTING = 100  # list items and block quotes around a line

_HEADING = re.compile(r"#{1,6}(?:[ \t]|$)")
_UNDERLINE = re.compile(r"(?:=+|-+)[ \t]*$")
_RULE = re.compile(r"(?:(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|(?:-[ \t]*){3,})$")
_FENCE = re.compile(r"(`{3,}(?!.*`)|~{3,})(.*)")
_MARKER = re.compile(r"(?:[*+-]|([0-9]{1,9})[.)])(?=[ \t]|$)")
_NEAR = re.compile(rf"[{{.\s]*{MISSPELLED.pattern}(?=[\s{{}},:;=]|$)", re.IGNORECASE)
UNREAD = f"the fence of `{{}}` is not read: after ``` it has to say `{INFO}` and nothing else"
_CODE_INDENT = 4  # columns


def fences(text: str) -> list[Passage]:
    r"""What stands in the fences, in order.

    >>> [[line.text for line in fence] for fence in fences("- a\n\n  ```matdiff\n  x : n\n")]
    [['x : n']]
    """
    return _read(text).found


def fences_and_near_misses(text: str) -> tuple[list[Passage], Passage]:
    """The same, and the openings of fences whose info string is nearly the right one."""
    blocks = _read(text)
    return blocks.found, blocks.near


def _read(text: str) -> _Blocks:
    blocks = _Blocks()
    for number, line in enumerate(text.removesuffix("\n").split("\n"), start=1):
        blocks.read(line, number)
    return blocks


class _Quote:
    """A block quote: each of its lines begins with >."""

    __slots__ = ("empty",)

    def __init__(self) -> None:
        self.empty = True

    def goes_on(self, cursor: Cursor) -> bool:
        if cursor.indent >= _CODE_INDENT or not cursor.line.startswith(">", cursor.next):
            return False
        _enter_quote(cursor)
        return True


class _Item:
    """A list item: its lines are indented by `width` columns, or blank."""

    __slots__ = ("empty", "width")

    def __init__(self, width: int) -> None:
        self.width, self.empty = width, True

    def goes_on(self, cursor: Cursor) -> bool:
        if cursor.blank:
            cursor.skip_blanks()
            return not self.empty
        if cursor.indent < self.width:
            return False
        cursor.skip_columns(self.width)
        return True


class _Text:
    """A paragraph, which a line may continue without the signs of its containers."""

    __slots__ = ()


class _Code:
    """Indented code."""

    __slots__ = ()


class _Html:
    """A block of HTML of one of the seven kinds."""

    __slots__ = ("kind",)

    def __init__(self, kind: int) -> None:
        self.kind = kind


class _Fence:
    """Fenced code; `lines` takes what stands in it."""

    __slots__ = ("indent", "lines", "sign", "size")

    def __init__(self, fence: str, indent: int) -> None:
        self.sign, self.size, self.indent = fence[0], len(fence), indent
        self.lines: Passage = []

    def ends(self, cursor: Cursor) -> bool:
        rest = cursor.line[cursor.next :].rstrip(" \t")
        return (
            cursor.indent < _CODE_INDENT
            and len(rest) >= self.size
            and rest == self.sign * len(rest)
        )


class _Blocks:
    """The blocks that are open: containers, and in the innermost one at most one leaf."""

    def __init__(self) -> None:
        self.containers: list[_Quote | _Item] = []
        self.leaf: _Text | _Code | _Html | _Fence | None = None
        self.found: list[Passage] = []
        self.near: list[Line] = []  # the openings of fences that were perhaps to be found
        self._number = 0

    def read(self, line: str, number: int) -> None:
        """Take in the next line."""
        cursor = Cursor(line)
        self._number = number
        matched = 0
        for container in self.containers:
            if not container.goes_on(cursor):
                break
            cursor.look()
            matched += 1
        if matched == len(self.containers):
            if self._leaf_goes_on(cursor, number):
                return
            if not isinstance(self.leaf, _Text) or cursor.blank:
                self.leaf = None
        entered = self._open(cursor, matched)
        if entered is not None:
            self._take_text(cursor, entered)

    def _leaf_goes_on(self, cursor: Cursor, number: int) -> bool:
        """Whether the open leaf, if it is no paragraph, takes the line."""
        leaf = self.leaf
        if isinstance(leaf, _Fence):
            if leaf.ends(cursor):
                self.leaf = None
            else:
                cursor.skip_columns(leaf.indent)
                leaf.lines.append(cursor.rest(number))
            return True
        if isinstance(leaf, _Html):
            if cursor.blank and leaf.kind >= 6:
                return False
            if html_block_ends(leaf.kind, cursor.line, cursor.offset):
                self.leaf = None
            return True
        return isinstance(leaf, _Code) and (cursor.blank or cursor.indent >= _CODE_INDENT)

    def _open(self, cursor: Cursor, matched: int) -> int | None:
        """Open the blocks that begin in the line.

        How many containers the line is in, if it holds text then; None if nothing is left of it.
        """
        while not cursor.blank:
            # a paragraph in containers that the line does not continue is lazily continued by it
            in_text = isinstance(self.leaf, _Text) and matched == len(self.containers)
            if cursor.indent >= _CODE_INDENT:
                if isinstance(self.leaf, _Text):
                    return matched
                self._begin(matched)
                self.leaf = _Code()
                return None
            if cursor.line.startswith(">", cursor.next):
                self._begin(matched)
                self._enter(_Quote())
                _enter_quote(cursor)
            elif self._opens_leaf(cursor, matched, in_text):
                return None
            elif width := _item_width(cursor, in_text):
                self._begin(matched)
                self._enter(_Item(width))
            else:
                return matched
            matched = len(self.containers)
            cursor.look()
        return matched

    def _opens_leaf(self, cursor: Cursor, matched: int, in_text: bool) -> bool:
        line, at = cursor.line, cursor.next
        if line[at] not in "#`~<=-*_":
            return False
        if in_text and _UNDERLINE.match(line, at):
            self.leaf = None
            return True
        opened: _Fence | _Html | None = None
        if fence := _FENCE.match(line, at):
            opened = _Fence(fence[1], cursor.indent)
            if fence[2].strip(" \t") == INFO:
                self.found.append(opened.lines)
            elif _NEAR.match(fence[2]):
                self.near.append(Line(fence[2], self._number, at + len(fence[1]) + 1))
        elif kind := html_block(line, at, may_be_any_tag=not isinstance(self.leaf, _Text)):
            opened = None if html_block_ends(kind, line, at) else _Html(kind)
        elif not (_HEADING.match(line, at) or _RULE.match(line, at)):
            return False
        self._begin(matched)
        self.leaf = opened
        return True

    def _take_text(self, cursor: Cursor, matched: int) -> None:
        if cursor.blank:
            self._close(matched)
        elif not isinstance(self.leaf, _Text):
            self._begin(matched)
            self.leaf = _Text()

    def _close(self, matched: int) -> None:
        """Close what the line does not continue."""
        if matched < len(self.containers):
            self.leaf = None
            del self.containers[matched:]

    def _begin(self, matched: int) -> None:
        """Make room for a block in the innermost container that the line is in."""
        self._close(matched)
        self.leaf = None
        if self.containers:
            self.containers[-1].empty = False

    def _enter(self, container: _Quote | _Item) -> None:
        self.containers.append(container)
        if len(self.containers) > NESTING:
            raise LimitReached(
                f"list items and block quotes are nested more than {NESTING} deep, the limit",
                code="MX530",
            )


def _enter_quote(cursor: Cursor) -> None:
    cursor.skip_blanks()
    cursor.skip_signs(1)
    cursor.skip_columns(1)


def _item_width(cursor: Cursor, in_text: bool) -> int:
    """Go into the list item that begins at the cursor; the columns its content is indented by.

    0 if there is none.  A paragraph is interrupted only by an item that holds something, and by a
    numbered one only if its number is 1.
    """
    marker = _MARKER.match(cursor.line, cursor.next)
    if marker is None:
        return 0
    empty = not cursor.line[marker.end() :].strip(" \t")
    if in_text and (empty or int(marker[1] or 1) != 1):
        return 0
    outer = cursor.indent
    cursor.skip_blanks()
    cursor.skip_signs(len(marker[0]))
    cursor.look()
    inner = 1 if empty or cursor.indent > _CODE_INDENT else cursor.indent
    cursor.skip_columns(inner)
    return outer + len(marker[0]) + inner
