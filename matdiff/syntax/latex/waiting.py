"""What is still to be read while macros are put in: chunks of the formula and of bodies."""

from __future__ import annotations

import re

from matdiff.syntax.latex.definitions import group_end, skip_blanks

COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)", re.DOTALL)


class Chunk:
    """A text with its place: `at` in the formula, or for a macro's body the `place` of its call.

    `inside` are the macros that the text is part of, outermost first.
    """

    __slots__ = ("at", "inside", "place", "text")

    def __init__(
        self, text: str, at: int | None, place: tuple[int, int], inside: tuple[str, ...]
    ) -> None:
        self.text, self.at, self.place, self.inside = text, at, place, inside

    def part(self, start: int, end: int | None = None) -> Chunk:
        """The characters from one on, up to another."""
        at = None if self.at is None else self.at + start
        return Chunk(self.text[start:end], at, self.place, self.inside)

    def place_of(self, start: int, end: int) -> tuple[int, int]:
        """Where characters of it stand in the formula."""
        return self.place if self.at is None else (self.at + start, self.at + end)


class Waiting:
    """Chunks to be read, the next one last."""

    __slots__ = ("chunks",)

    def __init__(self, first: Chunk) -> None:
        self.chunks = [first]

    def is_next(self, signs: str) -> bool:
        """Whether one of the signs comes next, after blanks."""
        self._skip_blanks()
        return bool(self.chunks) and self.chunks[-1].text[0] in signs

    def skip(self) -> None:
        """Go past one character."""
        self.chunks.append(self.chunks.pop().part(1))

    def argument(self) -> list[Chunk] | None:
        """What stands in the braces that come next, or one sign; None if there is neither."""
        if self.is_next("{"):
            return self.group("{")
        if not self.chunks or self.chunks[-1].text[0] in "}]&":
            return None
        chunk = self.chunks.pop()
        found = COMMAND.match(chunk.text)
        count = found.end() if found else 1
        self.chunks.append(chunk.part(count))
        return [chunk.part(0, count)]

    def group(self, opening: str) -> list[Chunk] | None:
        """What stands in the brackets that come next, over as many chunks as it takes.

        None if none come next, or if they are not closed.
        """
        if not self.is_next(opening):
            return None
        before = list(self.chunks)
        parts: list[Chunk] = []
        depth, begin = 0, 1
        while self.chunks:
            chunk = self.chunks.pop()
            end, depth = group_end(chunk.text, 0, opening, depth)
            if end is not None:
                self.chunks.append(chunk.part(end))
                return [*parts, chunk.part(begin, end - 1)]
            parts.append(chunk.part(begin))
            begin = 0
        self.chunks = before
        return None

    def _skip_blanks(self) -> None:
        while self.chunks:
            chunk = self.chunks.pop()
            start = skip_blanks(chunk.text, 0)
            if start < len(chunk.text):
                self.chunks.append(chunk.part(start))
                return
