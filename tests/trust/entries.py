"""Hostile inputs as data: how each is carried out, and what is not as it is expected to be.

An entry is an object with `id`, `kind`, `input` and `expect`:

| kind | what is done with `input` |
| --- | --- |
| expr | `matdiff KIND EXPR --wrt … --declare …` in each of `formats`; then the same in a file |
| mxfile | it is the text of a file |
| bytes | it is a file in base64 |
| cli | it is a line for a shell, in which $MATDIFF is the command |

`expect` and `also_ok` are outcomes; with the first of them, every text of `must_mention` is in what
is said.  No output has a text of `must_not` or a match of `must_not_re`.  `result` is a formula
that the answer must equal, `verdict` what the claims of a file deserve.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
OF_A_DERIVATIVE = ("text", "json", "latex", "mathml", "typst", "numpy")  # --format
OF_A_REPORT = {
    "html": "r.html", "junit": "r.xml", "sarif": "r.sarif", "json": "r.json", "text": "r.txt",
    "gitlab": "r.gitlab", "github": None,
}  # fmt: skip
_ALIKE = {"mathml": "html", "typst": "latex"}  # written too where an entry wants the other
# What the project has settled otherwise than an entry expects: the outcome, and why.
SETTLED = {
    "syntax-28": ("warning-ambiguous", "A[1,2] is an entry of A in the language"),
    "names-05": ("ok", "an undeclared Q is a matrix; the answer says what was inferred"),
    "names-13": ("warning-ambiguous", "a declared name hides a function, and a note says so"),
    "ambig-03": ("ok", "A∘B does not fit, 4×4 with 2×2, so there is one reading"),
    "cli-19": ("ok", "timeout(1) ends with 124 of its own; test_interruptions sees the 130"),
    "cli-21": ("ok", "the status is that of `cat`; test_faults sees the 2"),
    "cli-49": ("refused-with-limit", "a name may have 64 letters, so the limit is named"),
}
LARGEST_ARGUMENT = 100_000  # bytes; Linux takes 128 KiB

Entry = dict[str, Any]


class Ran:
    """What a run of the command gave: the status, all that was written, files left in the way."""

    __slots__ = ("err", "files", "out", "status")

    def __init__(self, status: int, out: bytes, err: bytes, files: dict[str, bytes]) -> None:
        self.status, self.out, self.err, self.files = status, out, err, files

    @property
    def said(self) -> str:
        return (self.out + self.err).decode("utf-8", "replace")

    @property
    def outcome(self) -> str:
        """One of the words of `expect`."""
        if self.status == 3:
            return "refused-with-limit"
        if self.status:
            return "clear-error"
        return "warning-ambiguous" if b"warning:" in self.err + self.out else "ok"


class Call:
    """Arguments, standard input, and files that lie in the folder; `line` is for a shell."""

    __slots__ = ("arguments", "files", "line", "stdin")

    def __init__(
        self,
        arguments: list[str],
        stdin: bytes = b"",
        files: dict[str, bytes] | None = None,
        line: str | None = None,
    ) -> None:
        self.arguments, self.stdin, self.files, self.line = arguments, stdin, files or {}, line

    @property
    def reports(self) -> list[str]:
        """The files that the command was asked to write."""
        pairs = zip(self.arguments, self.arguments[1:], strict=False)
        return [value for option, value in pairs if option in ("--report", "-o")]


def entries() -> Iterator[Entry]:
    """All entries, of all collections."""
    for path in sorted(HERE.glob("hostile*.jsonl")):
        for line in path.read_text(encoding="utf-8").split("\n"):
            if line:
                yield json.loads(line)


def written_out(given: Any) -> str:
    """The text of an input, which may be described: repeat, concat, each."""
    if isinstance(given, str):
        return given
    if "repeat" in given:
        return written_out(given["repeat"][0]) * int(given["repeat"][1])
    if "concat" in given:
        return "".join(map(written_out, given["concat"]))
    pattern, count = given["each"]
    numbers = range(1, count + 1)
    return "".join(pattern.replace("%d", str(i)).replace("%p", str(i - 1)) for i in numbers)


def calls(entry: Entry) -> list[Call]:
    """How the entry is carried out; the first call is the one whose outcome counts."""
    kind = entry["kind"]
    if kind == "cli":
        return [Call([], line=entry["input"])]
    if kind == "bytes":
        return [Call(["run", "x.mx"], files={"x.mx": base64.b64decode(entry["input"])})]
    if kind == "mxfile":
        return _of_a_file(written_out(entry["input"]), entry)
    return _of_an_expression(entry)


def _of_a_file(text: str, entry: Entry) -> list[Call]:
    command = "check" if "check" in text else "run"
    files = {"self.mx": text.encode("utf-8", "surrogatepass")}
    found = [Call([command, "self.mx"], files=files)]
    for format_ in entry.get("formats", ()):
        if format_ in OF_A_REPORT:
            found.append(Call([command, "self.mx", *_report(format_)], files=files))
    return found


def _report(format_: str) -> list[str]:
    file = OF_A_REPORT[format_]
    return ["--report-format", format_] + ([] if file is None else ["--report", file])


def _of_an_expression(entry: Entry) -> list[Call]:
    expression, declared = written_out(entry["input"]), written_out(entry["declare"])
    kind, wrt = entry.get("derive", "gradient"), entry.get("wrt", "A")
    begin, stdin = [kind, "--wrt", wrt, "--declare", declared], b""
    if entry["id"].startswith("domain") and entry["expect"] == "ok":
        begin.append("--verify")  # what has no sample shows there
    files: dict[str, bytes] = {}
    if len(expression.encode()) > LARGEST_ARGUMENT or "\0" in expression:
        stdin, expression = expression.encode(), "-"
    if len(declared.encode()) > LARGEST_ARGUMENT or "\0" in declared:
        files, begin[-1] = {"declared.mx": declared.encode()}, "@declared.mx"
    end = ["--", expression]
    found = [Call(begin + end, stdin, files)]
    wanted = entry.get("formats", ())
    for format_ in OF_A_DERIVATIVE[1:]:
        if format_ in wanted or _ALIKE.get(format_) in wanted:
            found.append(Call([*begin, "--format", format_, *end], stdin, files))
    if "result" in entry:
        checked = ["check", "--wrt", wrt, "--declare", declared, "--claim", entry["result"], "--"]
        if kind == "gradient":
            found.append(Call([*checked, expression], stdin, files))
    if {"html", "junit", "github", "sarif"} & set(wanted):
        text = f"{declared}\n{kind} {written_out(entry['input'])} wrt {wrt}\n"
        for format_ in OF_A_REPORT:
            statement = {"self.mx": text.encode("utf-8", "surrogatepass")}
            found.append(Call(["run", "self.mx", *_report(format_)], files=statement))
    return found


def deviations(entry: Entry, call: Call, ran: Ran, first: Ran) -> list[str]:
    """What is not as it should be, a sentence each; `first` is what the first call gave."""
    found = list(_wrong_anywhere(call, ran))
    made = [content for name, content in ran.files.items() if name in call.reports]
    written = "\n".join([ran.said, *(content.decode("utf-8", "replace") for content in made)])
    for text in entry.get("must_not", ()):
        if text in written:
            found.append(f"{text!r} is in the output")
    for pattern in entry.get("must_not_re", ()):
        if match := re.search(pattern, written):
            found.append(f"the output has {match.group()!r}")
    if ran is first:
        found += _wrong_outcome(entry, ran)
    elif "--claim" in call.arguments and ran.status and _is_other(first, entry):
        found.append(f"the result is not {entry['result']}: {ran.said[:300]}")
    return found


def _is_other(answered: Ran, entry: Entry) -> bool:
    """Whether there is an answer that does not read as the result does."""
    return answered.status == 0 and answered.out.decode().strip() != entry["result"]


def _wrong_anywhere(call: Call, ran: Ran) -> Iterator[str]:
    if ran.status < 0 or ran.status in (134, 137, 139):
        yield f"ended by a signal, status {ran.status}"
    said = ran.said
    for text in ("Traceback", "internal error", "MX699", "RecursionError"):
        if text in said:
            yield f"{text}: {said[:500]}"
    if ran.status not in (0, 1, 2, 3, 130, 143) and call.line is None:
        yield f"status {ran.status}"
    left = set(ran.files) - set(call.files) - set(call.reports)
    if left and call.line is None:
        yield f"files left behind: {sorted(left)}"
    if (
        ran.status in (2, 3)
        and not ran.err
        and call.line is None
        and "github" not in call.arguments
    ):
        yield "nothing was said"


def _wrong_outcome(entry: Entry, ran: Ran) -> Iterator[str]:
    outcome, expected = ran.outcome, [entry["expect"], *entry.get("also_ok", ())]
    if entry["id"] in SETTLED:
        if outcome != SETTLED[entry["id"]][0]:
            yield f"{outcome}, settled as {SETTLED[entry['id']][0]}: {ran.said[:300]}"
    elif outcome not in expected and not (outcome == "warning-ambiguous" and "ok" in expected):
        yield f"{outcome}, status {ran.status}, not {' or '.join(expected)}: {ran.said[:300]}"
    elif outcome == entry["expect"]:
        said = ran.said.lower()
        for text in entry.get("must_mention", ()):
            if text.lower() not in said:
                yield f"does not say {text!r}: {ran.said[:300]}"
    passed = {"pass": ran.status == 0, "fail": ran.status in (1, 2), "not-pass": ran.status != 0}
    if not passed.get(entry.get("verdict", ""), True):
        yield f"status {ran.status} for the verdict {entry['verdict']}"
    if len(ran.said) > entry.get("max_message", 10_000_000):
        yield f"{len(ran.said)} characters were said"
