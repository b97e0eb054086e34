r"""What a LaTeX document holds that concerns us: marks, displayed equations, definitions.

One pass over the text, as far as TeX can be read without being run: comments, verbatim material,
\iffalse … \fi and what follows \end{document} are told from the text that is set.  A mark is a
comment that begins with `matdiff:`.
"""

from __future__ import annotations

import re

from matdiff.documents.marked import MISSPELLED
from matdiff.errors import LimitReached

DISPLAYS = frozenset(
    name + star
    for name in "equation align alignat xalignat flalign gather multline eqnarray dmath "
    "displaymath IEEEeqnarray".split()
    for star in ("", "*")
)
_VERBATIM = frozenset(
    "verbatim verbatim* Verbatim Verbatim* BVerbatim LVerbatim lstlisting lstlisting* minted "
    "comment alltt filecontents filecontents* tcblisting".split()
)
DEFINITIONS = 2_000  # of commands, in one document

_MARK = re.compile(r"%[ \t]*matdiff[ \t]*:")
_NEAR_MARK = re.compile(
    rf"%[ \t]*{MISSPELLED.pattern}(?:[ \t]*:|[^\w:\n]{{1,3}}"
    r"(?:check|grad|jac|hess|diff|shape)[a-z]*\s[^\n]*(?:\bwrt\b|==))",
    re.IGNORECASE,
)
_TOKEN = re.compile(
    r"""(?P<comment>%[^\n]*)
     |\\(?:verb|lstinline|mintinline)\*?(?:\[[^\]\n]{0,200}\]|\{[a-z]{1,20}\})?
        (?P<verb>[^A-Za-z\s{*])[^\n]{0,1000}?(?P=verb)
     |\\(?P<edge>begin|end)\s*\{(?P<environment>[A-Za-z]+\*?)\}
     |\\(?P<command>[A-Za-z@]+|.|\n)
     |(?P<dollars>\$\$?)
     |(?P<paragraph>\n[ \t]*(?=\n))""",
    re.VERBOSE,
)
_NAME = r"\s*\{?\s*\\(?P<name>[A-Za-z@]+|.)\s*\}?"
_HEADS = {
    "def": re.compile(r"\s*\\(?P<name>[A-Za-z@]+|.)[^{}\n]{0,100}"),
    "newcommand": re.compile(rf"\*?{_NAME}\s*(?:\[[0-9]\]\s*(?:\[[^\]\n]{{0,200}}\]\s*)?)?"),
    "DeclareMathOperator": re.compile(rf"\*?{_NAME}\s*"),
    "newenvironment": re.compile(
        r"\*?\s*\{[^{}\n]{0,100}\}\s*(?:\[[0-9]\]\s*(?:\[[^\]\n]{0,200}\]\s*)?)?"
    ),
}
_HEADS |= dict.fromkeys(("gdef", "edef", "xdef"), _HEADS["def"])
_HEADS |= dict.fromkeys(
    ("renewcommand", "providecommand", "DeclareRobustCommand"), _HEADS["newcommand"]
)
_HEADS["renewenvironment"] = _HEADS["newenvironment"]
_HEADS["DeclarePairedDelimiter"] = _HEADS["DeclareMathOperator"]
_HEADS["DeclarePairedDelimiterX"] = _HEADS["newcommand"]
_HEADS |= {
    f"{verb}DocumentCommand": _HEADS["DeclareMathOperator"]
    for verb in ("New", "Renew", "Provide", "Declare")
}
# How many arguments follow the head, for most the body alone.
_ARGUMENTS = {"DeclarePairedDelimiter": 2, "DeclarePairedDelimiterX": 3} | {
    name: 2 for name in _HEADS if name.endswith("DocumentCommand")
}
_BARE = re.compile(r"\\(?:[A-Za-z]+|.)")  # \newcommand\T\top
_LET = re.compile(r"\s*\\(?:[A-Za-z@]+|.)\s*=?\s*\\(?:[A-Za-z@]+|.)")
_SHORTCUT = re.compile(r"\s*\\(begin|end)\s*\{([A-Za-z]+\*?)\}\s*")
_BRACE = re.compile(r"\\.|%[^\n]*|[{}]", re.DOTALL)
_NO_CONDITIONAL = frozenset("iff ifthenelse ifdef ifundef ifcsdef ifbool iftoggle ifblank".split())


class Mark:
    """A comment `% matdiff: …`: where it begins, and where its text does."""

    __slots__ = ("end", "start", "text_start")

    def __init__(self, start: int, text_start: int, end: int) -> None:
        self.start, self.text_start, self.end = start, text_start, end


class Display:
    """A displayed equation: its environment, and where its content stands.

    `closed` is False if the document ends, or the next equation begins, before it does.
    """

    __slots__ = ("closed", "end", "name", "start")

    def __init__(self, name: str, start: int) -> None:
        self.name, self.start, self.end, self.closed = name, start, start, False


class Scan:
    """The marks, displayed equations and definitions of a document, each in order."""

    __slots__ = (
        "_at", "_inline", "_open", "_shortcuts", "_skipped", "definitions", "displays", "groups",
        "marks", "near", "text",
    )  # fmt: skip

    def __init__(self, text: str) -> None:
        self.text = text
        self.groups = group_ends(text)
        self.marks: list[Mark] = []
        self.near: list[Mark] = []  # comments that were perhaps to be marks
        self.displays: list[Display] = []
        self.definitions: list[tuple[int, str]] = []  # where each ends, and the definition itself
        self._open: Display | None = None
        self._inline = False  # between single dollars
        self._skipped = 0  # conditionals that are open, from \iffalse on
        self._shortcuts: dict[str, tuple[str, str]] = {}  # \be for \begin{equation}
        self._at = 0
        self._read()

    def _read(self) -> None:
        while found := _TOKEN.search(self.text, self._at):
            self._at = found.end()
            if self._skipped:
                self._skip(found["command"])
            elif found["comment"]:
                if mark := _MARK.match(self.text, found.start()):
                    self.marks.append(Mark(found.start(), mark.end(), found.end()))
                elif _NEAR_MARK.match(self.text, found.start()):
                    self.near.append(Mark(found.start(), found.start(), found.end()))
            elif found["environment"] == "document" and found["edge"] == "end":
                self._close(found.start(), closed=False)
                return
            elif found["environment"]:
                self._environment(found["edge"], found["environment"], found.start())
            elif found["command"]:
                self._command(found["command"], found.start())
            elif found["dollars"]:
                self._dollars(found)
            elif found["paragraph"]:
                self._inline = False
        self._close(len(self.text), closed=False)

    def _skip(self, command: str | None) -> None:
        if command is None:
            return
        if command.startswith("if") and command not in _NO_CONDITIONAL:
            self._skipped += 1
        elif command == "fi" or (command == "else" and self._skipped == 1):
            self._skipped -= 1

    def _environment(self, edge: str, name: str, start: int) -> None:
        if edge == "begin" and name in _VERBATIM:
            end = self.text.find(f"\\end{{{name}}}", self._at)
            self._at = len(self.text) if end < 0 else end
        elif edge == "begin" and name in DISPLAYS:
            self._begin(name, start)
        elif edge == "end" and self._open is not None and self._open.name == name:
            self._close(start, closed=True)

    def _command(self, name: str, start: int) -> None:
        if name == "[":
            self._begin("[", start)
        elif name == "]" and self._open is not None and self._open.name == "[":
            self._close(start, closed=True)
        elif name == "iffalse":
            self._skipped = 1
        elif name in self._shortcuts:
            self._environment(*self._shortcuts[name], start)
        elif name in _HEADS:
            self._define(name, start)
        elif name == "let" and (found := _LET.match(self.text, self._at)):
            self._at = found.end()
            self._keep(start)

    def _dollars(self, found: re.Match[str]) -> None:
        if self._inline or (len(found[0]) == 1 and self._open is None):
            self._at = found.start() + 1
            self._inline = not self._inline
        elif len(found[0]) == 2:
            if self._open is not None and self._open.name == "$$":
                self._close(found.start(), closed=True)
            else:
                self._begin("$$", found.start())

    def _begin(self, name: str, start: int) -> None:
        self._close(start, closed=False)
        self._inline = False
        self._open = Display(name, self._at)

    def _close(self, end: int, *, closed: bool) -> None:
        if self._open is not None:
            self._open.end, self._open.closed = end, closed
            self.displays.append(self._open)
            self._open = None

    def _define(self, command: str, start: int) -> None:
        """Go past a definition, which is not set where it stands."""
        head = _HEADS[command].match(self.text, self._at)
        if head is None:
            return
        end = head.end()
        for _ in range(_ARGUMENTS.get(command, 1)):
            past = self._past_argument(end)
            if past is None:
                return
            end = past
        if command.endswith("environment"):
            self._at = self.groups.get(self._past_blanks(end), end)
            return
        self._at = end
        self._keep(start)
        if found := _SHORTCUT.fullmatch(self.text, head.end() + 1, end - 1):
            self._shortcuts[head["name"]] = found[1], found[2]

    def _past_argument(self, at: int) -> int | None:
        r"""Where a group in braces, or else a command, ends; None if neither comes next."""
        at = self._past_blanks(at)
        command = _BARE.match(self.text, at)
        return self.groups.get(at) or (command.end() if command else None)

    def _past_blanks(self, at: int) -> int:
        while self.text[at : at + 1].isspace():
            at += 1
        return at

    def _keep(self, start: int) -> None:
        self.definitions.append((self._at, self.text[start : self._at]))
        if len(self.definitions) > DEFINITIONS:
            raise LimitReached(
                f"more than {DEFINITIONS} definitions of commands, the limit of one document",
                code="MX531",
            )


def group_ends(text: str) -> dict[int, int]:
    """Where each group that is closed has ended, by the place of its opening brace.

    >>> group_ends("{a}{b{c}")
    {0: 3, 5: 8}
    """
    ends: dict[int, int] = {}
    open_braces: list[int] = []
    for found in _BRACE.finditer(text):
        if found[0] == "{":
            open_braces.append(found.start())
        elif found[0] == "}" and open_braces:
            ends[open_braces.pop()] = found.end()
    return ends
