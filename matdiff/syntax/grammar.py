"""The parsers, built from the .lark files when they are first needed.

Building one is most of a short command's time, so a command line builds only what it needs
(expressions 20 ms, with declarations 25 ms), and a file builds the whole language once.  The
files are read as one text, the shared signs first, which costs less than Lark's own imports, and
by os.path, since pathlib takes 3 ms to import.  Nothing is cached on disk: somebody else could
replace it there.
"""

from __future__ import annotations

import gc
import os

from lark import Lark
from lark.common import LexerConf
from lark.lexer import BasicLexer

from matdiff.syntax.builder import Builder

_PARTS = ("terminals", "expression", "declaration", "statement", "claim")
_STARTS = ["sum", "declarations", "statement", "claimed"]
FOR_BRACKETS = "// ["  # at the end of a line of a grammar


class _TrustingLexer(BasicLexer):
    """Lark's basic lexer without the check of its terminals, which a test makes once for all.

    The check compares all terminals with each other where interegular happens to be installed,
    and would then take five times as long as everything else.
    """

    __future_interface__ = 2  # it is called as Lark's own lexers are

    def __init__(self, conf: LexerConf) -> None:
        conf.skip_validation = True
        super().__init__(conf)


def grammar_text(parts: tuple[str, ...] = _PARTS, *, brackets: bool = True) -> str:
    """The grammar files as one text: from the package if it carries them, else the checkout.

    Without `brackets` the lines marked as needed only for square ones are left out.
    """
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    folder = os.path.join(package, "grammar")
    if not os.path.isdir(folder):
        folder = os.path.join(os.path.dirname(package), "grammar")
    texts = []
    for part in parts:
        with open(os.path.join(folder, f"{part}.lark"), encoding="utf-8") as file:
            texts.append(file.read())
    text = "\n".join(texts)
    if brackets:
        return text
    return "\n".join(line for line in text.split("\n") if not line.endswith(FOR_BRACKETS))


def build(
    parts: tuple[str, ...], starts: list[str], *, strict: bool = False, brackets: bool = True
) -> Lark:
    """A parser of these starts; its trees are built as it reads, so nothing recurses."""
    collecting = gc.isenabled()
    gc.disable()  # all that is built stays; looking for garbage meanwhile costs 2 ms
    try:
        return Lark(
            grammar_text(parts, brackets=brackets),
            start=starts,
            parser="lalr",
            lexer="basic" if strict else _TrustingLexer,
            maybe_placeholders=False,
            transformer=Builder(),
            strict=strict,
        )
    finally:
        if collecting:
            gc.enable()


_built: dict[tuple[str, bool], Lark] = {}  # by the last start they know, and square brackets


def parser_for(start: str, *, brackets: bool = True) -> Lark:
    """The largest parser there is already, if it knows this start and, where they are needed,
    square brackets; else the smallest that does."""
    for last in reversed(_STARTS[_STARTS.index(start) :]):
        for known in (True, False):
            if (last, known) in _built and known >= brackets:
                return _built[last, known]
    starts = _STARTS[: _STARTS.index(start) + 1]
    parser = build((_PARTS[0], *_PARTS[1 : len(starts) + 1]), starts, brackets=brackets)
    _built[start, brackets] = parser
    return parser
