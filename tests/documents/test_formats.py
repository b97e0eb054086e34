"""Which reader a document gets, and what only some documents may hold."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from matdiff.documents.formats import statements_of
from matdiff.documents.places import Origin, report
from matdiff.documents.sources import LARGEST_FILE, LARGEST_NOTEBOOK, files_under, read_source
from matdiff.documents.statements import Document
from matdiff.errors import LimitReached, MatdiffError
from matdiff.settings import Settings

TEXT = "# % matdiff: y : n\n```matdiff\nx : n\n```\n"


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("a.md", ["x : n"]),
        ("A.MD", ["x : n"]),
        ("a.markdown", ["x : n"]),
        ("a.tex", ["y : n"]),
        ("a.mx", ["```matdiff", "x : n", "```"]),
        ("standard input", ["```matdiff", "x : n", "```"]),
        ("md", ["```matdiff", "x : n", "```"]),
        (".tex", ["```matdiff", "x : n", "```"]),
    ],
)
def test_the_name_decides(name: str, found: list[str]) -> None:
    assert [statement.text for statement in statements_of(name, TEXT)] == found


@pytest.mark.parametrize(
    ("name", "head"), [("a.mx", ""), ("a.md", "```matdiff\n")], ids=["mx", "md"]
)
def test_next_is_for_latex(name: str, head: str) -> None:
    text = f"{head}check x'x wrt x == @next"
    (statement,) = statements_of(name, text)
    with pytest.raises(MatdiffError) as caught:
        Document(Settings()).carry_out(statement)
    line = 1 + head.count("\n")
    said = report(caught.value, Origin(name, text, is_file=True).of(statement))
    assert said.startswith(f"{name}:{line}:20: MX626 @next is the next displayed equation of a")


def test_line_ends_and_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes("\ufeff```matdiff\r\nx : n\r\ngradient x'x\r\n  wrt x\r\n```\r\n".encode())
    found = statements_of(str(path), read_source(str(path)))
    assert [(s.line, s.text) for s in found] == [(2, "x : n"), (3, "gradient x'x\n  wrt x")]


def test_a_folder_stands_for_its_mx_files(tmp_path: Path) -> None:
    for name in ("a.mx", "b.md", "c.tex", "d.ipynb"):
        (tmp_path / name).write_text("")
    assert files_under(str(tmp_path)) == [os.path.join(tmp_path, "a.mx")]
    assert files_under(str(tmp_path / "b.md")) == [str(tmp_path / "b.md")]


def test_a_notebook_may_be_larger(tmp_path: Path) -> None:
    for name, size in (("a.md", LARGEST_FILE), ("a.ipynb", LARGEST_NOTEBOOK)):
        path = tmp_path / name
        path.write_bytes(b" " * size)
        assert len(read_source(str(path))) == size
        path.write_bytes(b" " * (size + 1))
        with pytest.raises(LimitReached, match=str(size)):
            read_source(str(path))
