"""What there is to say about one stable code."""

from __future__ import annotations


class Page:
    """The page of a code.

    title     a few words, as a heading
    meaning   what it says about the input
    example   lines of a `.mx` file that give the code, or a command after `$ `
    remedy    what to do
    """

    __slots__ = ("example", "meaning", "remedy", "title")

    def __init__(self, title: str, meaning: str, example: str, remedy: str) -> None:
        self.title, self.meaning, self.example, self.remedy = title, meaning, example, remedy
