"""Going through a line of Markdown by columns: a tab goes to the next stop, which may split it."""

from __future__ import annotations

from matdiff.documents.marked import Line

TAB = 4  # columns from one stop to the next


class Cursor:
    """A place in a line: its offset, its column (a tab goes to the next stop), what comes next."""

    __slots__ = ("blank", "column", "indent", "line", "next", "offset", "split_tab", "_next_column")

    def __init__(self, line: str) -> None:
        self.line = line
        self.offset = self.column = 0
        self.split_tab = False  # whether the tab at `offset` has been taken in part
        self.look()

    def look(self) -> None:
        """Find the next sign that is no blank, and how many columns off it is."""
        line, at, column = self.line, self.offset, self.column
        while at < len(line) and line[at] in " \t":
            column += TAB - column % TAB if line[at] == "\t" else 1
            at += 1
        self.next, self._next_column = at, column
        self.blank = at == len(line)
        self.indent = column - self.column

    def skip_blanks(self) -> None:
        self.offset, self.column, self.split_tab = self.next, self._next_column, False
        self.indent = 0

    def skip_signs(self, count: int) -> None:
        """Go past signs, none of them a tab."""
        self.offset += count
        self.column += count
        self.split_tab = False

    def skip_columns(self, count: int) -> None:
        """Go past so many columns of blanks at most; a tab may be taken in part."""
        while count > 0 and self.at_blank():
            width = TAB - self.column % TAB if self.line[self.offset] == "\t" else 1
            taken = min(count, width)
            self.split_tab = taken < width
            self.offset += 0 if self.split_tab else 1
            self.column += taken
            count -= taken

    def at_blank(self) -> bool:
        return self.offset < len(self.line) and self.line[self.offset] in " \t"

    def rest(self, number: int) -> Line:
        """What is left of the line, the rest of a tab that was taken in part as blanks."""
        if not self.split_tab:
            return Line(self.line[self.offset :], number, self.offset + 1)
        blanks = TAB - self.column % TAB
        start = self.offset + 1
        return Line(" " * blanks + self.line[start:], number, start + 1 - blanks)
