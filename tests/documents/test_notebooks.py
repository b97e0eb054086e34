"""Notebooks: which cells hold statements, and where their lines stand in cell and file."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matdiff.documents.json_strings import DEPTH, Path, strings_of
from matdiff.documents.notebooks import notebook_statements
from matdiff.documents.places import Origin, error_record, report
from matdiff.documents.statements import Document
from matdiff.errors import FileProblem, LimitReached, MatdiffError
from matdiff.settings import Settings

FENCED = "Text.\n\n```matdiff\nx : n\ngradient x'x\n  wrt x\n```\n"


def notebook(*cells: tuple[str, Any], indent: int | None = 1) -> str:
    content = [
        {"cell_type": kind, "metadata": {}, "source": source, "outputs": []}
        for kind, source in cells
    ]
    return json.dumps({"cells": content, "nbformat": 4, "nbformat_minor": 5}, indent=indent)


def lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


@pytest.mark.parametrize("indent", [None, 1, 4])
@pytest.mark.parametrize("source", [FENCED, lines(FENCED), [FENCED[:30], FENCED[30:]]])
def test_a_statement_has_its_cell_and_its_lines(source: Any, indent: int | None) -> None:
    text = notebook(("raw", "x"), ("markdown", source), indent=indent)
    declared, asked = notebook_statements(text)
    assert (declared.text, declared.cell, declared.cell_line) == ("x : n", 2, 4)
    assert (asked.text, asked.cell, asked.cell_line) == ("gradient x'x\n  wrt x", 2, 5)
    last = asked.place(len(asked.text) - 1)
    assert (last.cell_line, last.column) == (6, 7)
    # each line of the file that is named holds the beginning of the line of the cell
    in_file = text.split("\n")
    if source == lines(FENCED):
        assert json.dumps("x : n\n") in in_file[declared.line - 1]
        assert json.dumps("gradient x'x\n") in in_file[asked.line - 1]
        assert json.dumps("  wrt x\n") in in_file[last.line - 1]
    else:
        assert "x : n" in in_file[declared.line - 1]


@pytest.mark.parametrize(
    ("kind", "source", "found"),
    [
        ("code", "%%matdiff\nx : n\n", ["x : n"]),
        ("code", "\n  \n%%matdiff --fresh\nx : n", ["x : n"]),
        ("code", "%%matdiff", []),
        ("code", "%%matdifference\nx : n", []),
        ("code", "# x\n%%matdiff\nx : n", []),
        ("code", FENCED, []),
        ("raw", FENCED, []),
        ("raw", "%%matdiff\nx : n", []),
        ("markdown", "%%matdiff\nx : n", []),
        ("markdown", "```python\n%%matdiff\nx : n\n```", []),
        ("markdown", "```matdiff\r\nx : n\r\n```\r\n", ["x : n"]),
        ("markdown", [], []),
        ("markdown", ["```mat", "diff\nx ", ": n"], ["x : n"]),
    ],
)
def test_which_cells_hold_statements(kind: str, source: Any, found: list[str]) -> None:
    assert [s.text for s in notebook_statements(notebook((kind, source)))] == found


def test_a_fence_ends_with_its_cell_and_names_go_on() -> None:
    text = notebook(("markdown", "```matdiff\nx : 2"), ("code", "%%matdiff\ngradient x'x wrt x"))
    document = Document(Settings())
    said = [document.carry_out(statement) for statement in notebook_statements(text)]
    assert said[0] == [] and str(said[1].shape[0]) == "2"  # type: ignore[union-attr]


def test_an_option_that_the_magic_has_not_is_refused_and_its_cell_not_read() -> None:
    text = notebook(("code", "\n%%matdiff --foo\nx : 2"), ("code", "%%matdiff\nx : 3"))
    refused, read = notebook_statements(text)
    assert refused.problem is not None and refused.problem.code == "MX625"
    assert (refused.cell, refused.cell_line, read.text) == (1, 2, "x : 3")


def test_what_looks_like_the_magic_is_warned_about() -> None:
    for source in ("%%MatDiff\nx : 2", "\n%matdiff x : 2", "%% matdiff --fresh\nx"):
        (found,) = notebook_statements(notebook(("raw", "x"), ("code", source)))
        assert found.warning is not None and "is not read" in found.warning
        assert (found.cell, found.text) == (2, "")
    (found,) = notebook_statements(notebook(("markdown", lines("a\n\n```Matdiff\nx\n```"))))
    assert (found.warning is not None, found.cell, found.cell_line) == (True, 1, 3)


def test_a_number_of_many_digits_is_json() -> None:
    text = notebook(("code", "%%matdiff\nx : 2")).replace("{", '{"n": ' + "9" * 5000 + ", ", 1)
    assert [s.text for s in notebook_statements(text)] == ["x : 2"]


def test_fresh_begins_a_new_namespace() -> None:
    text = notebook(("code", "%%matdiff\nx : 2"), ("code", "%%matdiff --fresh\nx : 3\nshape x"))
    document = Document(Settings())
    *_, answer = [document.carry_out(statement) for statement in notebook_statements(text)]
    assert str(answer.shape[0]) == "3"  # type: ignore[union-attr]


def test_a_message_names_the_cell_and_quotes_its_line() -> None:
    text = notebook(("markdown", lines("A note.\n```matdiff\n  gradient “x wrt x\n```")))
    (statement,) = notebook_statements(text)
    with pytest.raises(MatdiffError) as caught:
        Document(Settings()).carry_out(statement)
    origin = Origin("note.ipynb", text, is_file=True).of(statement)
    said = report(caught.value, origin).split("\n")
    assert said[0].startswith("note.ipynb:cell 1:3:12: MX102 ")
    assert said[1:3] == ["  3 |   gradient “x wrt x", "    |            ^"]
    record = error_record(caught.value, origin)
    assert {k: record[k] for k in ("file", "line", "column", "cell", "cell_line")} == {
        "file": "note.ipynb",
        "line": next(n for n, line in enumerate(text.split("\n"), 1) if "gradient" in line),
        "column": 12,
        "cell": 1,
        "cell_line": 3,
    }


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "MX655"),
        ("{", "MX655"),
        ('{"nbformat": 4, "cells": [}', "MX655"),
        ("9" * 5000, "MX656"),
        ("[]", "MX656"),
        ("{}", "MX656"),
        ('{"nbformat": "4"}', "MX656"),
        ('{"nbformat": 4}', "MX656"),
        ('{"nbformat": 4, "cells": {}}', "MX656"),
        ('{"nbformat": 4, "cells": [1]}', "MX656"),
        ('{"nbformat": 4, "cells": [{"source": ""}]}', "MX656"),
        ('{"nbformat": 4, "cells": [{"cell_type": "markdown", "source": 1}]}', "MX656"),
        ('{"nbformat": 4, "cells": [{"cell_type": "markdown", "source": [["a"]]}]}', "MX656"),
        ('{"nbformat": 3, "worksheets": []}', "MX657"),
        ('{"nbformat": 5, "cells": []}', "MX657"),
    ],
)
def test_what_is_no_notebook(text: str, code: str) -> None:
    with pytest.raises(FileProblem) as caught:
        notebook_statements(text)
    assert caught.value.code == code


def test_deep_json_is_refused() -> None:
    with pytest.raises(LimitReached, match=r"nested deeper than [0-9]+, the limit"):
        notebook_statements("[" * 500_000)


def test_of_a_key_that_occurs_twice_the_last_value_counts() -> None:
    cells = '[{"cell_type": "code", "source": "",\n "source": "%%matdiff\\nx : n"}]'
    text = f'{{"cells": [],\n "cells":\n {cells}, "nbformat": 4}}'
    (statement,) = notebook_statements(text)
    assert (statement.line, statement.text) == (4, "x : n")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text() | st.sampled_from(["cells", '"', "\\", "{"]), inner, max_size=4)
    ),
    max_leaves=20,
)


def strings_in(value: Any, path: Path = ()) -> dict[Path, str]:
    """The strings that are values, by their paths, as `json` has them."""
    if isinstance(value, str):
        return {path: value}
    if not isinstance(value, (dict, list)):
        return {}
    found: dict[Path, str] = {}
    for key, part in value.items() if isinstance(value, dict) else enumerate(value):
        found |= strings_in(part, (*path, key))
    return found


@settings(max_examples=300, deadline=None)
@given(
    value=st.lists(VALUES, max_size=3) | st.dictionaries(st.text(), VALUES, max_size=3),
    ascii_only=st.booleans(),
)
def test_strings_are_found_where_they_stand(value: Any, ascii_only: bool) -> None:
    text = json.dumps(value, indent=1, ensure_ascii=ascii_only)
    expected = {path: said for path, said in strings_in(value).items() if len(path) <= DEPTH}
    found = strings_of(text)
    assert found.keys() == expected.keys()
    for path, said in expected.items():
        written = text.split("\n")[found[path] - 1]
        assert json.dumps(said, ensure_ascii=ascii_only) in written


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*'{}[]:,"\n', '"cells"', '"nbformat": 4', "1", "a"])).map("".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    for whole in (text, f'{{"nbformat": 4, "cells": [{text}]}}'):
        try:
            notebook_statements(whole)
        except (FileProblem, LimitReached):
            pass


SOURCES = st.text('`matdiff%\n x:n\\"é', max_size=80)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["markdown", "code"]), st.lists(SOURCES))))
def test_any_source_has_its_places(cells: list[tuple[str, list[str]]]) -> None:
    head = {"markdown": "```matdiff\n", "code": "%%matdiff\n"}
    text = notebook(*((kind, [head[kind], *parts]) for kind, parts in cells))
    for statement in notebook_statements(text):
        assert statement.cell is not None and statement.source is not None
        own = statement.source.split("\n")
        for offset, sign in enumerate(statement.text):
            place = statement.place(offset)
            assert place.cell_line is not None
            assert sign.isspace() or own[place.cell_line - 1][place.column - 1] == sign


def test_time_is_linear() -> None:
    text = notebook(*[("markdown", lines(FENCED)), ("code", "print()")] * 5_000)
    begin = time.monotonic()
    assert len(notebook_statements(text)) == 10_000
    assert len(strings_of("[" + "[[[[1]]]]," * 300_000 + '"a"]')) == 1
    assert time.monotonic() - begin < 10
