"""The pytest plugin, in test sessions of its own."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

ROOT = Path(__file__).resolve().parents[2]
PLUGIN = "matdiff.pytest_plugin"
# an installed matdiff brings the plugin along, a checkout on the path does not
INSTALLED = any(point.value == PLUGIN for point in entry_points(group="pytest11"))
WITH = () if INSTALLED else ("-p", PLUGIN)

NOTES = """\
x : n
f = x'x
gradient f wrt x
check f wrt x == 2 x
check f wrt x == 3 x
gradient x. wrt x
hessian f wrt x == 2 I
shape f == scalar
shape x == n×n
"""


def session(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return pytester.runpytest_subprocess(*WITH, *arguments)


def write(pytester: pytest.Pytester, name: str, text: str) -> Path:
    path = pytester.path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_each_claim_is_a_test(pytester: pytest.Pytester) -> None:
    write(pytester, "notes.mx", NOTES)
    result = session(pytester, "--collect-only", "-q")
    lines = [line for line in result.outlines if "::" in line]
    assert lines == [
        "notes.mx::4: check f wrt x == 2 x",
        "notes.mx::5: check f wrt x == 3 x",
        "notes.mx::6: gradient x. wrt x",
        "notes.mx::7: hessian f wrt x == 2 I",
        "notes.mx::8: shape f == scalar",
        "notes.mx::9: shape x == n×n",
    ]


def test_a_failure_is_the_verdict_and_nothing_else(pytester: pytest.Pytester) -> None:
    write(pytester, "notes.mx", NOTES)
    result = session(pytester)
    result.assert_outcomes(passed=3, failed=3)
    result.stdout.fnmatch_lines(
        [
            "*_ notes.mx:5: check f wrt x == 3 x _*",
            "notes.mx:5: MX301 FAIL, wrong: gradient x'x wrt x == 3 x",
            "    right is  2 x",
            "    the claim is 3/2 times the derivative",
            "*_ notes.mx:6: gradient x. wrt x _*",
            "notes.mx:6:*: MX1*",
            "  6 | gradient x. wrt x",
            "*_ notes.mx:9: shape x == n×n _*",
        ]
    )
    assert "Traceback" not in result.stdout.str() and "pytest_plugin.py" not in result.stdout.str()
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_claims_are_chosen_by_their_words(pytester: pytest.Pytester) -> None:
    write(pytester, "notes.mx", "x : n\nB : n×n\ncheck x'x wrt x == 2 x\ncheck tr(B) wrt B == I\n")
    result = session(pytester, "-k", "wrt and B")  # as docs/checking.md has it
    result.assert_outcomes(passed=1, deselected=1)


def test_a_warning_in_place_of_a_statement_is_no_test(pytester: pytest.Pytester) -> None:
    path = write(pytester, "note.md", "```Matdiff\n```\n```matdiff\ncheck x'x wrt x == 2 x\n```\n")
    session(pytester, str(path)).assert_outcomes(passed=1)


def test_an_inconclusive_claim_fails(pytester: pytest.Pytester) -> None:
    # no point is found where the expression has a value, so nothing can be compared
    text = "x : n\ncheck log(-1 - x'x) wrt x == 2 x/(2 + x'x)\n"
    write(pytester, "notes.mx", text)
    result = session(pytester)
    result.assert_outcomes(failed=1)


@pytest.mark.parametrize("order", ["5:", "7:", "4: 8:", "8: 4:"])
def test_claims_may_be_run_one_by_one_and_in_any_order(
    pytester: pytest.Pytester, order: str
) -> None:
    write(pytester, "notes.mx", NOTES)
    names = session(pytester, "--collect-only", "-q").outlines
    chosen = [name for start in order.split() for name in names if f"::{start}" in name]
    result = session(pytester, "-v", *chosen)
    wrong = sum("::5:" in name for name in chosen)
    result.assert_outcomes(passed=len(chosen) - wrong, failed=wrong)


def test_a_name_may_be_declared_anew_below(pytester: pytest.Pytester) -> None:
    text = "c : scalar\ny = c^2\ncheck y wrt c == 2c\ny2 = y c\ncheck y2 wrt c == 3 c^2\n"
    write(pytester, "notes.mx", text)
    session(pytester).assert_outcomes(passed=2)


def test_documents_that_are_named_or_asked_for(pytester: pytest.Pytester) -> None:
    note = "```matdiff\nx : n\ncheck x'x wrt x == 2 x\n```\n"
    paper = "% matdiff: x : n\n% matdiff: check x'x wrt x == @next\n\\[ \\nabla f = 3x. \\]\n"
    write(pytester, "docs/note.md", note)
    write(pytester, "docs/paper.tex", paper)
    write(pytester, "other/note.md", note)
    assert session(pytester).ret == pytest.ExitCode.NO_TESTS_COLLECTED
    session(pytester, "other/note.md").assert_outcomes(passed=1)
    pytester.makeini("[pytest]\nmatdiff_files = *.mx docs/*.md *.tex\n")
    result = session(pytester)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["docs/paper.tex:2: MX301 *", "    right is  2 x"])


def test_a_file_that_cannot_be_read_is_an_error(pytester: pytest.Pytester) -> None:
    (pytester.path / "notes.mx").write_bytes(b"x : n\n\xff\n")
    result = session(pytester)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["MX*notes.mx is not UTF-8 text: byte 0xff at line 2, byte 1"])


def test_nothing_but_the_plugin_needs_pytest() -> None:
    code = (
        "import sys, pkgutil, importlib, matdiff\n"
        "for module in pkgutil.walk_packages(matdiff.__path__, 'matdiff.'):\n"
        f"    if module.name not in ('{PLUGIN}', 'matdiff.notebook'):\n"
        "        importlib.import_module(module.name)\n"
        "assert 'pytest' not in sys.modules and '_pytest' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
