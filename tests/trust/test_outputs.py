"""One hostile set to every place that text goes to: nothing of it acts there.

The set is names of files, comments, statements and declarations; the places are terminal, log,
JSON, LaTeX, MathML, Typst, source code and the reports.
"""

from __future__ import annotations

import ast
import json
import os
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typst_reading import assert_inert as assert_inert_typst

from matdiff.documents.places import inert, inert_json
from matdiff.reports import ENDINGS
from trust.entries import Call, Ran
from trust.separately import run

HOSTILE = [
    "\x1b[2J\x1b[1;1HPASS", "\x1b]52;c;cm0gLXJmIC8K\x07", "\x9b31m", "\x85", "\x08\x08", "\x7f",
    "line\n::error::forged", "::error file=a.py::forged", "##[error]forged", "\u202eevil\u2066",
    "\u2028::error::forged", "\u200b\ufeff", "<script>alert(1)<script>", "<img src=x onerror=x>",
    "]]><x>", "&amp;", "\"' onload='x", "{0.__class__} %s %n", "$(touch pwned)", "`touch pwned`",
    "\\input{x} \\write18{x}", "=cmd|' C'!A0", "[x](http:x) @everyone",
]  # fmt: skip
ACTS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
    r"|^\s*::(?!notice title=matdiff::|error file=|error title=|warning )|##\[|<script|<img",
    re.MULTILINE,
)
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def assert_inert(text: str) -> None:
    found = ACTS.search(text)
    assert found is None, text[max(0, found.start() - 60) : found.end() + 60]


def files_of(text: str) -> dict[str, bytes]:
    """A file that is called so, if a file may be, and one that holds it everywhere."""
    claim = "x : n\ncheck x'x wrt x == 3 x\n"
    name = text.replace("/", "").replace("\0", "")[:100] + ".mx"
    line = text.replace("\n", "\n# ")
    held = (
        f"# {line}\n{claim}check x'x wrt x == 3 x # {line}\ncheck {text} wrt x == 2 x\n{text} : n\n"
    )
    return {name: claim.encode(), "holds.mx": held.encode("utf-8", "surrogatepass")}


def judged(text: str, folder: Path, *options: str) -> Ran:
    files = files_of(text)
    return run(Call(["check", *[f"./{name}" for name in files], *options], files=files), folder)


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_log_and_every_report(tmp_path: Path, text: str) -> None:
    reports = [f"r{ending}" for ending in ENDINGS]
    options = [word for report in reports for word in ("--report", report)]
    ran = judged(text, tmp_path, *options, "--report-format", "github")
    assert ran.status in (1, 2) and "Traceback" not in ran.said
    lines = [line for line in ran.out.decode().splitlines() if line.startswith("::")]
    assert all(re.match(r"::(error|warning|notice) ", line) for line in lines)
    assert_inert("\n".join(line for line in ran.out.decode().splitlines() if line not in lines))
    assert_inert(ran.err.decode())
    for report in reports:
        assert_inert(ran.files[report].decode())
    assert json.loads(ran.files["r.json"])["summary"]["wrong"] >= 2
    ElementTree.fromstring(ran.files["r.xml"])


@pytest.mark.parametrize("text", HOSTILE[::4], ids=ascii)
def test_terminal(tmp_path: Path, text: str) -> None:
    files = files_of(text)
    arguments = ["run", *[f"./{name}" for name in files], "--color", "always"]
    ran = run(Call(arguments, files=files), tmp_path, {"TERM": "xterm-256color"})
    assert_inert(COLOUR.sub("", ran.said))


@pytest.mark.parametrize("text", HOSTILE[::4], ids=ascii)
def test_json_lines(tmp_path: Path, text: str) -> None:
    ran = judged(text, tmp_path, "--format", "json")
    assert_inert(ran.out.decode())
    for line in ran.out.decode().splitlines():
        json.loads(line)


NAMES = ["x_1", "input", "write18", "x_input", "σ", "Ω_β", "end", "None", "np", "sum_", "_x"]


@pytest.mark.parametrize("name", NAMES)
def test_names_in_markup_and_source(tmp_path: Path, name: str) -> None:
    arguments = ["gradient", f"{name}'A {name}", "--wrt", name, "-d", f"{name}: n, A: n×n"]
    for format_ in ("latex", "mathml", "typst", "numpy"):
        folder = tmp_path / format_
        folder.mkdir()
        ran = run(Call([*arguments, "--format", format_]), folder)
        if ran.status:
            assert ran.status == 2 and ran.out == b""  # the name is refused as a whole
            continue
        written = ran.out.decode()
        if format_ == "latex":
            assert not re.search(r"\\(input|write|end)\b|[$%#&~]", written)
            assert written.count("{") == written.count("}")
        elif format_ == "mathml":
            ElementTree.fromstring(written)
        elif format_ == "typst":
            assert_inert_typst(written.removesuffix("\n"))
        else:
            assert_inert(written)
            nodes = list(ast.walk(ast.parse(written)))
            names = {node.id for node in nodes if isinstance(node, ast.Name)}
            assert all(map(str.isascii, names | {n.arg for n in nodes if isinstance(n, ast.arg)}))


def test_a_file_name_that_is_no_text(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xff\xc0\xaf.mx")
    files = {name: b"x : n\ncheck x'x wrt x == 3 x\n"}
    options = [word for ending in ENDINGS for word in ("--report", f"r{ending}")]
    ran = run(Call(["check", name, "--format", "json", *options], files=files), tmp_path)
    assert ran.status == 1
    assert json.loads(ran.out)["file"] == r"\xff\xc0\xaf.mx"
    for ending in ENDINGS:
        assert rb"\xff" in ran.files[f"r{ending}"].replace(b"\\\\", b"\\").replace(b"%5C", b"\\")


def test_what_is_made_inert_stays_what_it_says() -> None:
    text = json.dumps(HOSTILE)
    assert json.loads(inert_json(text)) == HOSTILE
    assert inert("a < b, x::y, #[x]") == "a < b, x::y, #[x]"
