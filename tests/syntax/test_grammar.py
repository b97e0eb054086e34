"""The grammar itself: free of conflicts, found in a checkout and in a package, never cached."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import interegular  # noqa: F401  strict mode compares terminals by it
import pytest

from matdiff.syntax import grammar

ROOT = Path(grammar.__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("parts", "starts"),
    [
        (("terminals", "expression", "declaration"), ["sum", "declarations"]),
        (
            ("terminals", "expression", "declaration", "statement"),
            ["sum", "declarations", "statement"],
        ),
        (
            ("terminals", "expression", "declaration", "statement", "claim"),
            ["sum", "declarations", "statement", "claimed"],
        ),
    ],
)
def test_no_conflicts_and_no_overlapping_terminals(
    parts: tuple[str, ...], starts: list[str]
) -> None:
    grammar.build(parts, starts, strict=True)


def test_the_small_parser_serves_until_the_large_one_is_built() -> None:
    script = (
        "from matdiff.syntax.grammar import parser_for\n"
        "small = parser_for('sum')\n"
        "assert parser_for('sum') is small\n"
        "middle = parser_for('declarations')\n"
        "assert middle is not small and parser_for('sum') is middle\n"
        "large = parser_for('statement')\n"
        "assert parser_for('sum') is parser_for('declarations') is large is not middle\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=ROOT)


def test_the_grammar_of_a_package_is_found_inside_it(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "matdiff", tmp_path / "matdiff")
    shutil.copytree(ROOT / "grammar", tmp_path / "matdiff" / "grammar")
    script = (
        "from matdiff.syntax import parse_expression\n"
        "print(type(parse_expression('A B', functions=())).__name__)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, cwd=tmp_path, capture_output=True, text=True
    )
    assert done.stdout == "Chain\n"


def test_reading_imports_neither_numpy_nor_rich_nor_interegular_is_needed() -> None:
    script = (
        "import sys; sys.modules['interegular'] = None\n"
        "from matdiff.syntax import parse_expression\n"
        "parse_expression('A B', functions=())\n"
        "assert not {'numpy', 'rich', 'pathlib'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=ROOT)
