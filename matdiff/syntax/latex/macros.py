r"""The macros of a document: what \newcommand, \def and \DeclareMathOperator say, put in.

Definitions stand before the formula, or in a text of their own (`read_macros`), which may be the
preamble of a document: all that is no definition is passed over there.  A macro is put in where
it is called, and each of its characters stands where the call stands, so that errors have their
place in what was typed.  A macro that calls itself, or that would do more than be replaced, is
refused; a few that many documents define (\norm, \abs, \R) are known from the start.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from matdiff.errors import LimitReached, SyntaxProblem
from matdiff.syntax.characters import Text
from matdiff.syntax.latex.definitions import DEFINING, Macro, definition_at
from matdiff.syntax.latex.waiting import COMMAND, Chunk, Waiting

LENGTH = 65_536  # characters of a formula with its macros put in
DEPTH = 32  # of macros that call macros
CALLS = 20_000  # of macros in one formula

_NUMBERED = re.compile(r"#([1-9])")
_OPENCOMMAND = re.compile(r"\\[A-Za-z]+$")
_ACTING = frozenset(
    "catcode csname endcsname expandafter futurelet global immediate include input loop "
    "newcounter newenvironment newif newlength read setcounter setlength typeout usepackage "
    "write".split()
) | frozenset(DEFINING)

KNOWN: Mapping[str, Macro] = {
    "norm": Macro("norm", 1, r"\left\lVert #1\right\rVert ", fenced=True),
    "abs": Macro("abs", 1, r"\left\lvert #1\right\rvert ", fenced=True),
    "R": Macro("R", 0, r"\mathbb{R}"),
    "ensuremath": Macro("ensuremath", 1, "#1"),
}


class Macros:
    """The macros in force, by name."""

    __slots__ = ("by_name",)

    def __init__(self, by_name: Mapping[str, Macro] = KNOWN) -> None:
        self.by_name = dict(by_name)


def read_macros(text: str, known: Macros | None = None) -> Macros:
    r"""The macros that a text defines, beside those known before.

    >>> read_macros(r"\usepackage{bm} \newcommand{\vx}{\bm x}").by_name["vx"].body
    '\\bm x'
    """
    macros = Macros(known.by_name if known is not None else KNOWN)
    position = 0
    plain = Text(text, text)
    while (start := text.find("\\", position)) >= 0:
        found = COMMAND.match(text, start)
        position = found.end() if found else start + 1
        if found and found.group()[1:] in DEFINING and not _commented(text, start):
            try:
                macro, position = definition_at(plain, start, macros.by_name)
            except SyntaxProblem:
                continue  # a formula that needs it says that it is not read
            macros.by_name[macro.name] = macro
    return macros


def expanded(text: Text, start: int, end: int, given: Macros | None) -> tuple[Text, int, int]:
    """The text with the macros in text[start:end] put in, and where that part then begins and ends.

    Raises SyntaxProblem (MX115) for a macro that cannot be put in, LimitReached (MX501, MX503) for
    macros that grow beyond the limits.
    """
    source = text.folded
    by_name = given.by_name if given is not None else KNOWN
    if not any(name in by_name or name in DEFINING for name in _commands(source, start, end)):
        return text, start, end
    expansion = _Expansion(text, dict(by_name))
    expansion.run(start, end)
    return expansion.result()


def _commands(source: str, start: int, end: int) -> list[str]:
    return [found.group()[1:] for found in COMMAND.finditer(source, start, end)]


def _commented(text: str, position: int) -> bool:
    line = text[text.rfind("\n", 0, position) + 1 : position]
    return re.search(r"(?<!\\)%", line) is not None


def _arguments(count: int) -> str:
    return f"{count or 'no'} argument{'' if count == 1 else 's'}"


class _Expansion:
    """One formula while its macros are put in; `waiting` is what is still to be read, next last."""

    def __init__(self, text: Text, macros: dict[str, Macro]) -> None:
        self.text, self.macros = text, macros
        self.waiting = Waiting(Chunk("", 0, (0, 0), ()))
        self.said: list[str] = []
        self.places: list[tuple[int, int]] = []  # of each character, in the folded text
        self.calls = 0

    def run(self, start: int, end: int) -> None:
        source = self.text.folded
        self.waiting = Waiting(Chunk(source[start:end], start, (start, end), ()))
        while self.waiting.chunks:
            chunk = self.waiting.chunks.pop()
            found = COMMAND.search(chunk.text)
            if found is None:
                self._write(chunk, len(chunk.text))
                continue
            name = found.group()[1:]
            if name in DEFINING:
                self._define(chunk, found.start())
            elif name in self.macros:
                self._write(chunk, found.start())
                self._call(
                    self.macros[name], chunk.part(found.end()), chunk.place_of(*found.span())
                )
            else:
                self._write(chunk, found.end())
                self.waiting.chunks.append(chunk.part(found.end()))

    def result(self) -> tuple[Text, int, int]:
        said = "".join(self.said)
        spans = [self.text.span(*place) for place in self.places]
        starts, ends = [span[0] for span in spans], [span[1] for span in spans]
        return Text(self.text.original, said, starts, ends), 0, len(said)

    def _write(self, chunk: Chunk, count: int) -> None:
        if count and chunk.text[0].isalpha() and self.said and _OPENCOMMAND.search(self.said[-1]):
            self.said.append(" ")  # \alpha from a macro and x are not \alphax
            self.places.append(self.places[-1])
        if count:
            self.said.append(chunk.text[:count])
        if chunk.at is None:
            self.places += [chunk.place] * count
        else:
            self.places += [(chunk.at + i, chunk.at + i + 1) for i in range(count)]
        if len(self.places) > LENGTH:
            message = f"the formula with its macros put in has more than {LENGTH} characters"
            raise self._limit(message, chunk.place, "MX501")

    def _define(self, chunk: Chunk, start: int) -> None:
        if chunk.at is None:
            raise self._refusal(
                f"\\{chunk.inside[-1]} defines other macros and is not put in", chunk.place
            )
        self._write(chunk, start)
        macro, end = definition_at(self.text, chunk.at + start, self.macros)
        self.macros[macro.name] = macro
        self.waiting.chunks.append(chunk.part(end - chunk.at))

    def _call(self, macro: Macro, rest: Chunk, place: tuple[int, int]) -> None:
        inside = rest.inside
        self.calls += 1
        if macro.name in inside:
            raise self._refusal(f"the macro \\{macro.name} calls itself", place)
        if len(inside) >= DEPTH or self.calls > CALLS:
            limit = f"{DEPTH} deep" if len(inside) >= DEPTH else f"{CALLS} times"
            raise self._limit(f"macros are called more than {limit}", place, "MX503")
        if macro.problem:
            raise self._refusal(f"the macro \\{macro.name} {macro.problem}", place)
        acting = next(
            (name for name in _commands(macro.body, 0, len(macro.body)) if name in _ACTING), ""
        )
        if acting:
            raise self._refusal(
                f"the macro \\{macro.name} does more than stand for a formula: it calls \\{acting}",
                place,
            )
        self._refuse_no_argument(macro, place)
        self.waiting.chunks.append(rest)
        if macro.fenced and not self.waiting.is_next("{*["):
            body = Chunk(f"\\{macro.name} ", None, place, inside)  # \abs(x), the function
            self._write(body, len(body.text))
            return
        if macro.final:
            body = Chunk(macro.body, None, place, inside)
            self._write(body, len(body.text))
            return
        arguments = self._arguments(macro, place)
        pieces = _NUMBERED.split(macro.body)
        chunks: list[Chunk] = []
        for i, piece in enumerate(pieces):
            if i % 2:
                chunks += arguments[int(piece) - 1]
            elif piece:
                chunks.append(Chunk(piece, None, place, (*inside, macro.name)))
        self.waiting.chunks += reversed(chunks)

    def _refuse_no_argument(self, macro: Macro, place: tuple[int, int]) -> None:
        """Raise if the body has #2 and the macro one argument."""
        used = [0 if macro.final else int(number) for number in _NUMBERED.findall(macro.body)]
        if max(used, default=0) > macro.count:
            said = f"#{max(used)} in the definition of \\{macro.name} is none of its arguments"
            hint = f"\\{macro.name} is defined with {_arguments(macro.count)}"
            span = self.text.span(*place)
            raise SyntaxProblem(said, hint=hint, span=span, code="MX115")

    def _arguments(self, macro: Macro, place: tuple[int, int]) -> list[list[Chunk]]:
        """What stands after a call: each argument as the chunks that it is made of."""
        found: list[list[Chunk]] = []
        if macro.fenced:
            self._pass_size()
        if macro.default is not None:
            given = self.waiting.group("[")
            found.append(given or [Chunk(macro.default, None, place, ())])
        while len(found) < macro.count:
            argument = self.waiting.argument()
            if argument is None:
                wanted = _arguments(macro.count)
                raise self._refusal(f"the macro \\{macro.name} wants {wanted}", place)
            found.append(argument)
        return found

    def _pass_size(self) -> None:
        r"""Go past the star or the size of \norm*{x} and \norm[\big]{x}."""
        if self.waiting.is_next("*"):
            self.waiting.skip()
        self.waiting.group("[")

    def _refusal(self, message: str, place: tuple[int, int]) -> SyntaxProblem:
        hint = "write what the macro stands for"
        return SyntaxProblem(message, hint=hint, span=self.text.span(*place), code="MX115")

    def _limit(self, message: str, place: tuple[int, int], code: str) -> LimitReached:
        return LimitReached(f"{message}, the limit", span=self.text.span(*place), code=code)
