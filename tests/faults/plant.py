"""Plant faults one at a time in a copy of the package, and see what finds each.

python tests/faults/plant.py [--rooms ROOM …] [--only WORDS] [--table FILE]

Of mathematics first the relations of tests/properties are tried on some expressions, then the tests
of the room and of those that stand on it; of what checks and shows it the other way round.  The
working tree is never touched.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from faults.table import FAULTS, Fault  # noqa: E402 - found by the line before

EXPRESSIONS = 100
SECONDS = 600  # for one kind of test: a fault may also make a loop endless
COPIED = ("matdiff", "grammar", "tests", "benchmarks", "samples", "docs", "pyproject.toml",
          "README.md", "CHANGELOG.md", "ARCHITECTURE.md", "Makefile")  # fmt: skip
TESTS = {  # of a room, the quickest to find something first
    "operations": (
        "tests/operations",
        "tests/test_structured.py",
        "tests/calculus",
        "tests/normal",
    ),
    "calculus": ("tests/calculus", "tests/test_corpus.py", "tests/derivations"),
    "normal": (
        "tests/normal",
        "tests/calculus",
        "tests/test_corpus.py",
        "tests/test_structured.py",
    ),
    "shapes": ("tests/shapes", "tests/properties/test_index_sums.py"),
    "judging": (
        "tests/judging/test_fields.py",
        "tests/judging/test_identity.py",
        "tests/judging/test_verdicts.py",
        "tests/judging",
    ),
    "verification": ("tests/verification",),
    "rendering": ("tests/rendering", "tests/properties/test_found.py"),
}
RELATIONS_FIRST = ("operations", "calculus", "normal")


def place(fault: Fault, root: Path = ROOT) -> Path:
    """The one file in which the text of the fault stands; ValueError if there is not just one."""
    found = [
        path
        for path in sorted((root / "matdiff" / fault.room).rglob("*.py"))
        for _ in range(path.read_text(encoding="utf-8").count(fault.old))
    ]
    if len(found) != 1:
        raise ValueError(f"{fault.what}: {len(found)} places in matdiff/{fault.room}")
    return found[0]


def copied(folder: Path) -> None:
    """A copy of what the tests need."""
    ignore = shutil.ignore_patterns("__pycache__", "*.pyc", ".hypothesis")
    for name in COPIED:
        source, target = ROOT / name, folder / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=ignore)
        elif source.exists():
            shutil.copy(source, target)


def planted(fault: Fault, folder: Path) -> Path:
    """The file of the copy in which the fault stands now."""
    path = place(fault, folder)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(fault.old, fault.new), encoding="utf-8")
    return path


def found_by(fault: Fault, folder: Path, *, tests: bool = True) -> str:
    """What finds the fault in the copy, the relations alone unless `tests` may; empty if nothing
    does.  The copy is put right again."""
    path = planted(fault, folder)
    try:
        if not tests or fault.room in RELATIONS_FIRST:
            found = _by_relations(folder)
            return _by_tests(fault, folder) if tests and not found else found
        return _by_tests(fault, folder) or _by_relations(folder)
    finally:
        shutil.copy(ROOT / path.relative_to(folder), path)


def _run(folder: Path, *command: str) -> subprocess.CompletedProcess[str] | None:
    """None if it took too long."""
    paths = os.pathsep.join((str(folder), str(folder / "tests")))
    environment = {**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        return subprocess.run(
            (sys.executable, *command),
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None


def _by_relations(folder: Path) -> str:
    done = _run(folder, "tests/faults/trial.py", str(EXPRESSIONS))
    if done is None:
        return "relations, which do not end"
    if done.returncode:
        return f"relations, {done.stderr.strip().splitlines()[-1][:60]}"
    said = json.loads(done.stdout)
    return f"relation {said['relation']}" if said else ""


def _by_tests(fault: Fault, folder: Path) -> str:
    for tests in TESTS[fault.room]:
        spared: list[str] = []
        while failed := _tested(folder, tests, "-x", *(f"--deselect={name}" for name in spared)):
            if not _fails_anyway(failed[0]):
                return failed[0].rsplit("/", 1)[-1]
            spared.append(failed[0])
        if failed is None:
            return f"{tests}, which do not end"
    return ""


@cache
def _fails_anyway(test: str) -> bool:
    """Whether a test fails without a fault: on a machine that lacks a program, say."""
    with tempfile.TemporaryDirectory() as name:
        copied(Path(name))
        return bool(_tested(Path(name), test))


def _tested(folder: Path, tests: str, *options: str) -> list[str] | None:
    """The names of the tests that failed, None if they took too long."""
    command = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=no", *options, tests)
    done = _run(folder, *command)
    if done is None:
        return None
    lines = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return [line.split(" ")[1].split("[")[0] for line in lines]


def table(rows: list[tuple[Fault, str]]) -> str:
    """The table in Markdown."""
    lines = ["| room | fault | found by |", "| --- | --- | --- |"]
    lines += [f"| {f.room} | {f.what.replace('|', chr(92) + '|')} | {by} |" for f, by in rows]
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--only", help="faults whose description has these words")
    parser.add_argument("--rooms", nargs="+", default=list(TESTS), help="faults of these rooms")
    parser.add_argument("--table", type=Path, help="write the table to this file")
    options = parser.parse_args()
    rows: list[tuple[Fault, str]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copied(folder)
        for fault in FAULTS:
            if fault.room not in options.rooms or (options.only or "") not in fault.what:
                continue
            rows.append((fault, found_by(fault, folder)))
            print(f"{fault.room}: {fault.what}: {rows[-1][1] or 'NOT FOUND'}", flush=True)
            if options.table:
                options.table.write_text(table(rows), encoding="utf-8")
    missed = [fault.what for fault, by in rows if not by]
    print(f"{len(rows)} faults, {len(rows) - len(missed)} found")
    return 1 if missed or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
