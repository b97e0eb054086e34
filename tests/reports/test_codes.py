"""Every code that is raised has a page and the other way round; every example gives its code.

`python tests/reports/test_codes.py` writes docs/error-codes.md anew.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from matdiff.codes import CODES, FAMILIES

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "matdiff"
DOCUMENT = ROOT / "docs" / "error-codes.md"
HEAD = """# Codes

Every message has a code that keeps its meaning from version to version. `matdiff explain MX301`
shows the entry of one, `matdiff explain` lists them all. The exit status is 1 for MX3xx and MX4xx,
3 for MX5xx, and 2 for all others.
"""


def raised() -> set[str]:
    """All codes in strings of the package that are no docstrings."""
    found: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        if path.relative_to(PACKAGE).parts[0] == "codes":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        remarks = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
            and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and id(node) not in remarks
            ):
                found.update(re.findall(r"\bMX[0-9]{3}\b", node.value))
    return found


def document() -> str:
    parts = [HEAD]
    for begin, name in FAMILIES.items():
        parts.append(f"\n## {begin}xx: {name.lower()}\n")
        for code in sorted(CODES):
            if code.startswith(begin):
                page = CODES[code]
                parts.append(f"\n### {code}: {page.title}\n\n{page.meaning}\n")
                if page.example:
                    lines = "".join(f"    {line}\n" for line in page.example.split("\n"))
                    parts.append(f"\n{lines}")
                parts.append(f"\n{page.remedy}\n")
    return "".join(parts)


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert raised() == set(CODES)


def test_every_code_is_of_a_family() -> None:
    for code, page in CODES.items():
        assert code[:3] in FAMILIES
        assert page.title and page.meaning.endswith(".") and page.remedy.endswith("."), code
        assert not page.title.endswith(".")


IN_FILES = [code for code, page in CODES.items() if page.example and page.example[0] != "$"]


@pytest.mark.parametrize("code", IN_FILES)
def test_an_example_gives_its_code(code: str, tmp_path: Path) -> None:
    from matdiff.cli.batch import Batch
    from matdiff.cli.printing import View
    from matdiff.reports.results import Result
    from matdiff.settings import Settings

    path = tmp_path / "example.mx"
    path.write_text(CODES[code].example + "\n", encoding="utf-8")
    view = View("text", recorded=True)
    told = [each for each in Batch(Settings(), view).file(str(path)) if each.record is not None]
    codes = [Result(each.outcome, each.status, each.record).code for each in told if each.record]
    assert code in codes


@pytest.mark.parametrize(
    "code", [code for code, page in CODES.items() if page.example.startswith("$")]
)
def test_an_example_on_the_command_line_gives_its_code(
    code: str, command: Callable[..., object], tmp_path: Path
) -> None:
    import shlex

    (tmp_path / "notes.mx").write_text("x : n\ncheck x'x wrt x == 2 x\n")
    words = shlex.split(CODES[code].example.removeprefix("$ "))
    done = command(*words[1:])
    assert f" {code} " in done.stderr  # type: ignore[attr-defined]


def test_the_document_is_the_table() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document()


def test_explain(command: Callable[..., object]) -> None:
    done = command("explain", "mx301")
    assert done.returncode == 0 and done.stderr == ""  # type: ignore[attr-defined]
    assert CODES["MX301"].meaning in done.stdout  # type: ignore[attr-defined]
    listed = command("explain").stdout  # type: ignore[attr-defined]
    assert re.findall(r"^  (MX[0-9]{3})  ", listed, re.MULTILINE) == sorted(CODES)
    for unknown in ("MX300", "x\x1b[2J", ""):
        done = command("explain", unknown)
        assert done.returncode == 2 and "MX608" in done.stderr  # type: ignore[attr-defined]
        assert "\x1b" not in done.stderr  # type: ignore[attr-defined]


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
