"""What a run found, as reports read it: one result for each statement that gave something."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

VERDICTS = ("proved", "agrees", "wrong", "inconclusive")
RIGHT = ("proved", "agrees", "answered")
WRONG_CLAIM, INCONCLUSIVE_CLAIM = "MX301", "MX401"

Record = dict[str, Any]


class Result:
    """One statement: its outcome, and what a report says about it.

    outcome   a verdict, "answered" or "error"
    code      the stable code of what is not right, "" if all is
    record    the object that JSON has for it
    typeset   MathML of its formulas by name, if they were wanted: "question", "claim", "derived"
    number    counts results that are alike, so that each has a fingerprint of its own
    """

    __slots__ = ("code", "number", "outcome", "record", "typeset")

    def __init__(
        self, outcome: str, status: int, record: Record, typeset: dict[str, str] | None = None
    ) -> None:
        self.outcome, self.record, self.typeset = outcome, record, typeset or {}
        self.number = 0
        if outcome == "answered" and status:
            self.outcome = "inconclusive"  # a verification that decided nothing
        self.code: str = ""
        if outcome == "error":
            self.code = record["error"]["code"]
        elif self.outcome not in RIGHT:
            default = WRONG_CLAIM if self.outcome == "wrong" else INCONCLUSIVE_CLAIM
            self.code = record.get("code", default)

    @property
    def failed(self) -> bool:
        return self.outcome not in RIGHT

    @property
    def level(self) -> str:
        """ "warning" for what could not be decided, else "error"."""
        return "warning" if self.code.startswith("MX4") else "error"

    @property
    def file(self) -> str | None:
        file: str | None = self.record.get("file")
        return file

    @property
    def line(self) -> int | None:
        line: int | None = self.record.get("line")
        return line

    @property
    def column(self) -> int | None:
        """The column of that line of the file; in a notebook it is known in the cell only."""
        column: int | None = None if "cell" in self.record else self.record.get("column")
        return column

    @property
    def claimed(self) -> tuple[int, int] | None:
        """Line and column of a claim that is a displayed equation of the document."""
        if "claim_line" not in self.record:
            return None
        return self.record["claim_line"], self.record["claim_column"]

    @property
    def place(self) -> str:
        """`notes.mx:7:3`, as much of it as is known; in a notebook `model.ipynb:cell 3:7`."""
        parts: tuple[str | int | None, ...] = (self.file, self.line, self.column)
        if "cell" in self.record:
            parts = (self.file, f"cell {self.record['cell']}", self.record["cell_line"])
        return ":".join(str(part) for part in parts if part is not None)

    @property
    def question(self) -> str:
        """What was asked: `gradient x'x wrt x`; of an error nothing is known but its message."""
        if "error" in self.record:
            return ""
        wrt = self.record.get("wrt")
        asked = f"{self.record['kind']} {self.record['expression']}"
        return asked if wrt is None else f"{asked} wrt {wrt}"

    @property
    def statement(self) -> str:
        """The claim or question as a statement; of an error its message."""
        if "error" in self.record:
            message: str = self.record["error"]["message"]
            return message
        claim = self.record.get("claim")
        return self.question if claim is None else f"{self.question} == {claim}"

    @property
    def headline(self) -> str:
        """A line that says what is the matter."""
        if "error" in self.record:
            return self.statement
        if "claim" in self.record:
            return f"{self.outcome}: {self.statement}"
        return f"not verified: {self.statement}" if self.failed else self.statement

    @property
    def details(self) -> list[str]:
        """Sentences below the headline: what is right, what went wrong, what shows it."""
        record = self.record
        if "error" in record:
            hint = record["error"]["hint"]
            return [f"hint: {hint}"] if hint else []
        if "claim" not in record:
            reason = (record.get("verification") or {}).get("reason")
            return [reason] if self.failed and reason else []
        found = [f"claimed in line {self.claimed[0]}"] if self.claimed else []
        found += [f"right is {self.derived}"] if self.outcome == "wrong" else []
        if record["diagnosis"]:
            found += [f"the claim {sentence}" for sentence in record["diagnosis"].split("; ")]
        return [*found, record["evidence"]]

    @property
    def derived(self) -> str:
        """The right formula with its named parts, or the shape."""
        formula: str | None = self.record.get("formula")
        if formula is None:
            shape: str = self.record.get("derived", "")
            return shape
        parts = ", ".join(f"{name} = {part}" for name, part in self.record["where"])
        return f"{formula}  where {parts}" if parts else formula

    @property
    def fingerprint(self) -> str:
        """The same in every run, wherever the line has moved to; no two results share it."""
        parts = (self.code, self.file or "", self.statement, str(self.number))
        return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


class Results:
    """All results of a run in the order of the files.

    `root` is the folder that paths are given from, `status` the exit status, and `complete` is
    False if the run was interrupted.
    """

    __slots__ = ("_alike", "all", "complete", "outcomes", "root", "status")

    def __init__(self, root: str) -> None:
        self.root = root
        self.all: list[Result] = []
        self.outcomes: Counter[str] = Counter()
        self.status, self.complete = 0, True
        self._alike: Counter[tuple[str, ...]] = Counter()

    def add(self, result: Result) -> None:
        alike = (result.code, result.file or "", result.statement)
        result.number = self._alike[alike]
        self._alike[alike] += 1
        self.outcomes[result.outcome] += 1
        self.all.append(result)

    @property
    def failed(self) -> list[Result]:
        """What is not right, in order."""
        return [result for result in self.all if result.failed]

    def by_file(self) -> dict[str, list[Result]]:
        """The results of each file; of what has no file under ""."""
        files: dict[str, list[Result]] = {}
        for result in self.all:
            files.setdefault(result.file or "", []).append(result)
        return files

    @property
    def summary(self) -> str:
        """What was found, in a line."""
        text = counted(self.outcomes)
        if self.outcomes["answered"]:
            text += f"; {_number(self.outcomes['answered'], 'answer')}"
        return text if self.complete else f"{text}; interrupted, the rest was not read"


def counted(outcomes: Mapping[str, int]) -> str:
    """`5 claims: 3 proved, 1 agrees, 1 wrong; 1 error`."""

    numbers = [outcomes.get(verdict, 0) for verdict in VERDICTS]
    text = _number(sum(numbers), "claim")
    if any(numbers):
        found = zip(numbers, VERDICTS, strict=True)
        text += ": " + ", ".join(f"{number} {verdict}" for number, verdict in found if number)
    errors = outcomes.get("error", 0)
    return f"{text}; {_number(errors, 'error')}" if errors else text


def _number(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
