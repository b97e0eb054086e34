"""The house rules that no linter knows: imports run one way, and nothing dangerous is used."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "matdiff"
MODULES = sorted(PACKAGE.rglob("*.py"))

# Each part may import from the parts before it, and from itself.
ORDER = [
    ["errors", "dimensions", "codes"],
    ["limits"],
    ["operations"],
    ["syntax", "calculus", "rendering"],
    ["shapes", "normal"],
    ["structured", "emission", "verification"],
    ["derivatives"],
    ["judging"],
    ["derivations"],
    ["settings"],
    ["session"],
    ["documents"],
    ["reports"],
    ["api"],
    ["cli"],
    ["notebook", "pytest_plugin", "__main__"],
]
RANK = {part: rank for rank, parts in enumerate(ORDER) for part in parts}
HEAVY = {"numpy", "rich"}
FORBIDDEN = re.compile(
    r"\bcache=|\bpickle\b|(?<![\w.])eval\(|(?<![\w.])exec\(|setrecursionlimit|\bsympify\b"
)


def name_of(path: Path) -> str:
    return str(path.relative_to(PACKAGE.parent))


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(tree: ast.AST) -> list[tuple[str, bool]]:
    """The modules a tree imports, and whether at the top of the module."""
    found: list[tuple[str, bool]] = []
    top = set(map(id, getattr(tree, "body", [])))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.extend((alias.name, id(node) in top) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            found.append((node.module, id(node) in top))
    return found


def test_every_part_has_its_place_in_the_order() -> None:
    parts = {part_of(path) for path in MODULES} - {"__init__"}
    assert parts == set(RANK)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_run_one_way(path: Path) -> None:
    if part_of(path) == "__init__":
        return
    for module, _ in imports(ast.parse(path.read_text(encoding="utf-8"))):
        if module.startswith("matdiff."):
            imported = module.split(".")[1]
            allowed = RANK[imported] < RANK[part_of(path)] or imported == part_of(path)
            assert allowed, f"{name_of(path)} imports {module}"


def test_parts_do_not_import_each_other_in_a_circle() -> None:
    edges: dict[str, set[str]] = {}
    for path in MODULES:
        for module, _ in imports(ast.parse(path.read_text(encoding="utf-8"))):
            if module.startswith("matdiff."):
                edges.setdefault(part_of(path), set()).add(module.split(".")[1])
    done: set[str] = set()
    while len(done) < len(RANK):
        ready = {p for p in RANK if p not in done and edges.get(p, set()) - {p} <= done}
        assert ready, f"a circle among {sorted(set(RANK) - done)}"
        done |= ready


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_heavy_libraries_are_imported_when_used(path: Path) -> None:
    if path.name == "terminal.py":  # itself imported only for a terminal
        return
    for module, top in imports(ast.parse(path.read_text(encoding="utf-8"))):
        assert not (top and module.split(".")[0] in HEAVY), module


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_input_is_never_executed(path: Path) -> None:
    found = FORBIDDEN.search(path.read_text(encoding="utf-8"))
    assert found is None, found


def test_the_parser_is_lalr() -> None:
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        if "Lark(" in text:
            assert 'parser="lalr"' in text and "earley" not in text.lower()


def test_there_is_no_drawer_for_everything() -> None:
    assert not [path for path in MODULES if path.stem in ("utils", "util", "helpers", "misc")]
