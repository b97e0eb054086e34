"""--report: which file gets which format, and what happens when things go wrong."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from matdiff.cli.reporting import targets
from matdiff.errors import UsageProblem

ROOT = Path(__file__).resolve().parents[2]
START = "from matdiff.cli import main; main()"
Run = Callable[..., "subprocess.CompletedProcess[str]"]

CLAIMS = """A : n×n, x : n
check x'x wrt x == 2 x
check x'A x wrt x == 2 A x
gradient x'x wrt x
what is this
check sum(log(-exp(x))) wrt x == ones(n)
"""


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    """A file with a right claim, a wrong one, an answer, an error and an undecided claim."""
    path = tmp_path / "claims.mx"
    path.write_text(CLAIMS)
    return path


def test_every_format_at_once(command: Run, claims: Path, tmp_path: Path) -> None:
    done = command(
        "check", "claims.mx", "--report", "r.json", "--report", "r.xml", "--report", "r.sarif",
        "--report", "r.html", "--report", "r.txt", "--report", "quality", "--report-format",
        "gitlab", "--report-format", "github", "--seed", "1",
    )  # fmt: skip
    assert done.returncode == 2
    report = json.loads((tmp_path / "r.json").read_text())
    assert report["summary"] == {
        "claims": 3, "proved": 1, "agrees": 0, "wrong": 1, "inconclusive": 1, "answered": 1,
        "errors": 1, "status": 2, "complete": True,
    }  # fmt: skip
    places = [(record["line"], record.get("column")) for record in report["results"]]
    assert places == [(2, 1), (3, 1), (4, None), (5, 1), (6, 1)]
    root = ElementTree.parse(tmp_path / "r.xml").getroot()
    assert [root.attrib[name] for name in ("tests", "failures", "errors")] == ["5", "2", "1"]
    results = json.loads((tmp_path / "r.sarif").read_text())["runs"][0]["results"]
    assert [(result["ruleId"], result["level"]) for result in results] == [
        ("MX301", "error"), ("MX112", "error"), ("MX401", "warning"),
    ]  # fmt: skip
    location = results[0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"] == {"uri": "claims.mx", "uriBaseId": "%SRCROOT%"}
    assert location["region"] == {"startLine": 3, "startColumn": 1}
    assert len(json.loads((tmp_path / "quality").read_text())) == 3
    assert "MX301" in (tmp_path / "r.txt").read_text()
    annotations = [line for line in done.stdout.splitlines() if line.startswith("::")]
    assert annotations[0].startswith("::error file=claims.mx,line=3,col=1,title=matdiff MX301::")
    assert [line.split(" ")[0] for line in annotations] == [
        "::error", "::error", "::warning", "::notice",
    ]  # fmt: skip
    assert not list(tmp_path.glob("*.part"))


def test_the_line_of_a_displayed_equation_is_told(command: Run, tmp_path: Path) -> None:
    (tmp_path / "paper.tex").write_text(
        "% matdiff: check x'x/2 + c'x wrt x == @next\n"
        "\\begin{align}\n \\nabla f &= x + c \\\\\n       &= x - c\n\\end{align}\n"
    )
    done = command(
        "check", "paper.tex", "--report", "r.json", "--report", "r.sarif", "--report", "r.xml",
        "--report-format", "github", "--seed", "1",
    )  # fmt: skip
    report = json.loads((tmp_path / "r.json").read_text())
    assert [
        tuple(record[key] for key in ("line", "column", "claim_line", "claim_column", "verdict"))
        for record in report["results"]
    ] == [(1, 12, 3, 14, "proved"), (1, 12, 4, 11, "wrong")]
    assert "\n    claimed in line 4\n" in done.stdout
    assert "%0Aclaimed in line 4%0A" in done.stdout
    assert "claimed in line 4" in (tmp_path / "r.xml").read_text()
    (result,) = json.loads((tmp_path / "r.sarif").read_text())["runs"][0]["results"]
    (claim,) = result["relatedLocations"]
    assert claim["physicalLocation"]["region"] == {"startLine": 4, "startColumn": 11}
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 1


def test_run_reports_too(command: Run, claims: Path, tmp_path: Path) -> None:
    done = command("run", "claims.mx", "--report", "r.json", "--format", "latex")
    assert done.returncode == 2 and "2 x" in done.stdout
    assert json.loads((tmp_path / "r.json").read_text())["summary"]["claims"] == 3


def test_the_page_shows_both_formulas(command: Run, claims: Path, tmp_path: Path) -> None:
    command("check", "claims.mx", "--report", "r.html")

    class Formulas(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.formulas: list[str] = []
            self.inside = False

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.inside = self.inside or tag == "math"
            if tag == "math":
                self.formulas.append("")

        def handle_endtag(self, tag: str) -> None:
            self.inside = self.inside and tag != "math"

        def handle_data(self, data: str) -> None:
            if self.inside:
                self.formulas[-1] += data.replace("\u2062", " ")

    page = Formulas()
    page.feed((tmp_path / "r.html").read_text())
    asked, claimed, right = page.formulas[:3]  # what is wrong comes first
    assert (asked, claimed, right) == ("x⊤ A x", "2 A x", "(A+A⊤) x")


def test_a_claim_from_the_shell(command: Run, tmp_path: Path) -> None:
    arguments = ["check", "x'x", "--wrt", "x", "--claim", "3 x", "--report", "r.json"]
    assert command(*arguments).returncode == 1
    assert json.loads((tmp_path / "r.json").read_text())["results"][0]["verdict"] == "wrong"
    assert command("check", "x'", "--wrt", "x", "--claim", "3 x +", "--report", "e.json")
    report = json.loads((tmp_path / "e.json").read_text())
    assert report["summary"]["errors"] == 1 and report["summary"]["status"] == 2


def test_the_same_bytes_for_any_number_of_processes(command: Run, tmp_path: Path) -> None:
    for i in range(6):
        (tmp_path / f"{i}.mx").write_text(CLAIMS)
    names = ["a.json", "a.xml", "a.sarif", "a.html", "a.txt"]
    for folder, processes, seed in [("one", "1", "0"), ("two", "2", "7")]:
        (tmp_path / folder).mkdir()
        reports = [part for name in names for part in ("--report", f"{folder}/{name}")]
        files = [f"{i}.mx" for i in range(6)]
        command("check", *files, "-j", processes, "--seed", "3", *reports, PYTHONHASHSEED=seed)
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_nothing_done_is_in_the_report(command: Run, tmp_path: Path) -> None:
    (tmp_path / "f.mx").write_text("x : n\n")
    assert command("check", "f.mx", "missing.mx", "--report", "r.json").returncode == 2
    codes = [r["error"]["code"] for r in json.loads((tmp_path / "r.json").read_text())["results"]]
    assert "MX651" in codes


def test_a_report_that_cannot_be_written(command: Run, claims: Path, tmp_path: Path) -> None:
    (tmp_path / "right.mx").write_text("x : n\ncheck x'x wrt x == 2 x\n")
    (tmp_path / "target").write_text("old")
    (tmp_path / "link.json").symlink_to(tmp_path / "target")
    for place in ("nowhere/r.json", "link.json", "right.mx/r.json"):
        done = command("check", "right.mx", "--report", place, "--report", "r.xml")
        assert done.returncode == 2 and f"{place}" in done.stderr and "MX66" in done.stderr
        assert done.stdout == "" and not (tmp_path / "r.xml").exists()  # said before the work
    assert (tmp_path / "target").read_text() == "old"
    (tmp_path / "old.json").write_text("old")
    os.chmod(tmp_path / "old.json", 0o600)
    assert command("check", "right.mx", "--report", "old.json").returncode == 0
    assert json.loads((tmp_path / "old.json").read_text())["summary"]["proved"] == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--report", "r.out"], "MX605"),
        (["--report-format", "junit"], "MX605"),
        (["--report", "a", "--report", "b", "--report-format", "junit"], "MX605"),
        (["--report", "-", "--report-format", "json"], "MX606"),
        (["--report", "claims.mx", "--report-format", "json"], "MX606"),
        (["--report", "a.json", "--report", "./a.json"], "MX606"),
        (["--report", "a.json", "-o", "a.json"], "MX606"),
        (["--format", "json", "--report-format", "github"], "MX607"),
        (["--report", "a.json", "--report-format", "csv"], "MX600"),
    ],
)
def test_what_is_refused(
    command: Run, claims: Path, tmp_path: Path, arguments: list[str], code: str
) -> None:
    done = command("check", "claims.mx", *arguments)
    assert done.returncode == 2 and code in done.stderr
    assert claims.read_text() == CLAIMS
    assert [path.name for path in tmp_path.iterdir()] == ["claims.mx"]


def test_which_file_gets_which_format() -> None:
    assert targets((), ()) == []
    assert targets(("a", "b"), ("json", "junit")) == [("a", "json"), ("b", "junit")]
    assert targets(("a.JSON", "b"), ("junit",)) == [("a.JSON", "json"), ("b", "junit")]
    assert targets(("a.json",), ("gitlab",)) == [("a.json", "gitlab")]
    assert targets((), ("github",)) == [(None, "github")]
    with pytest.raises(UsageProblem):
        targets(("a.xml", "b", "c"), ("json",))


def test_the_summary_of_a_step(command: Run, claims: Path, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("# before\n")
    arguments = ["check", "claims.mx", "--report-format", "github"]
    command(*arguments, GITHUB_STEP_SUMMARY=str(summary))
    text = summary.read_text()
    assert text.startswith("# before\n### matdiff\n") and text.count("| claims\\.mx") == 3
    summary.write_text("x" * (1 << 20))  # full: nothing more goes in
    assert command(*arguments, GITHUB_STEP_SUMMARY=str(summary)).returncode == 2
    assert summary.stat().st_size == 1 << 20
    done = command(*arguments, GITHUB_STEP_SUMMARY=str(tmp_path))
    assert done.returncode == 2 and "cannot write" in done.stderr


def test_a_file_cannot_speak_to_the_runner(command: Run, tmp_path: Path) -> None:
    name = "::stop-commands::t.mx"
    (tmp_path / name).write_text("x : n\ncheck x'x wrt x == 3 x\nwhat ##[error]x\n")
    done = command("check", name, "--report-format", "github")
    lines = (done.stdout + done.stderr).splitlines()
    spoken = [line for line in lines if line.lstrip().startswith("::")]
    assert [line.split(" ")[0] for line in spoken] == ["::error", "::error", "::notice"]
    assert spoken[0].startswith("::error file=%3A%3Astop-commands%3A%3At.mx,line=2,")
    assert not [line for line in lines if "##[" in line and line not in spoken]
    done = command("check", name, "--format", "json")
    assert "##[" not in done.stdout + done.stderr
    assert json.loads(done.stdout.splitlines()[0])["file"] == name


def test_paths_are_those_of_the_repository(command: Run, claims: Path, tmp_path: Path) -> None:
    done = command(
        "check", "claims.mx", "--report-format", "github", GITHUB_WORKSPACE=str(tmp_path.parent)
    )
    assert f"file={tmp_path.name}/claims.mx," in done.stdout


def test_an_interrupt_leaves_reports_of_what_is_finished(tmp_path: Path) -> None:
    (tmp_path / "many.mx").write_text("x : n\n" + "check x'x wrt x == 2 x\n" * 5000)
    with subprocess.Popen(
        [sys.executable, "-P", "-c", START, "run", "many.mx", "--report", "r.json",
         "--report", "r.xml"],
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}, cwd=tmp_path,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as started:  # fmt: skip
        assert started.stdout is not None
        started.stdout.readline()
        started.send_signal(signal.SIGINT)
        _, err = started.communicate(timeout=60)
        assert started.returncode == 130, err
    summary = json.loads((tmp_path / "r.json").read_text())["summary"]
    assert (summary["status"], summary["complete"]) == (130, False)
    assert 1 <= summary["proved"] < 5000
    assert len(ElementTree.parse(tmp_path / "r.xml").getroot()[0]) == summary["proved"]
    assert not list(tmp_path.glob("*.part"))


def test_a_closed_pipe_costs_no_report(tmp_path: Path) -> None:
    (tmp_path / "many.mx").write_text("x : n\n" + "check x'x wrt x == 2 x\n" * 2000)
    with subprocess.Popen(
        [sys.executable, "-P", "-c", START, "run", "many.mx", "--report", "r.json"],
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}, cwd=tmp_path,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as started:  # fmt: skip
        assert started.stdout is not None
        started.stdout.readline()
        started.stdout.close()
        assert started.wait(60) == 2
    deadline = time.monotonic() + 5
    while not (tmp_path / "r.json").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert json.loads((tmp_path / "r.json").read_text())["summary"]["complete"] is False


def test_a_page_shows_the_derivation(command: Run, claims: Path, tmp_path: Path) -> None:
    """Every line of the derivation is a row, with its formula typeset and its reason."""
    command("run", "claims.mx", "--steps", "--report", "r.html", "--report", "r.json")
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    results = json.loads((tmp_path / "r.json").read_text())["results"]
    (steps,) = [record["steps"] for record in results if record.get("steps")]
    table = page.partition('<table class="steps">')[2].partition("</table>")[0]
    assert table.count("<tr>") == table.count("<math") == len(steps) > 3
    assert all(
        step["reason"].replace("'", "&#39;") in table or step["reason"] in table for step in steps
    )
