"""Markdown: which fences hold statements, held against an independent CommonMark parser."""

from __future__ import annotations

import re
import time

import pytest
from documented import check_places
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from matdiff.documents.formats import statements_of
from matdiff.documents.markdown import NESTING, fences
from matdiff.errors import LimitReached

PIECES = [
    *("```matdiff", "```", "````", "~~~", "~~~matdiff", "``` matdiff ", "```python", "matdiff"),
    *("- ", "* ", "+ ", "1. ", "2. ", "10) ", "> ", ">", " ", "  ", "   ", "    ", "\t"),
    *("x : n", "text", "---", "===", "***", "# h", "#", "-", "`"),
    *(
        "<!--",
        "-->",
        "<div>",
        "</div>",
        "<a>",
        "</a b>",
        "<a x='1'>",
        "<pre>",
        "</pre>",
        "<?",
        "?>",
    ),
    *("\n", "\n\n", "\n", "\n\n", "\n"),
]


@pytest.mark.parametrize(
    "info", ["Matdiff", "{matdiff}", '{.matdiff title="x"}', "matdiff,x", "mat-diff", "matdif"]
)
def test_what_looks_like_a_fence_of_ours_is_warned_about(info: str) -> None:
    text = f"- a\n\n  ~~~ {info}\n  x : n\n  ~~~\n\n```matdiff\ny : n\n```\n"
    first, last = statements_of("note.md", text)
    assert first.warning is not None and f"`{info}` is not read" in first.warning
    assert (first.line, first.text, last.line, last.text) == (3, "", 8, "y : n")
    assert statements_of("note.md", f"~~~~text\n~~~ {info}\n~~~~\n") == []


@pytest.mark.parametrize("info", ["matdiff-output", "python matdiff", "matdifference"])
def test_other_fences_are_none(info: str) -> None:
    assert statements_of("note.md", f"```{info}\nx : n\n```\n") == []


def found(text: str) -> list[str]:
    return ["\n".join(line.text for line in fence).rstrip() for fence in fences(text)]


def reference(text: str) -> list[str]:
    tokens = MarkdownIt("commonmark").parse(text)
    marked = [t for t in tokens if t.type == "fence" and t.info.strip(" \t") == "matdiff"]
    return [token.content.rstrip() for token in marked]


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
@example("- a\n\n  ```matdiff\n  x\n  ```\n  y\n")
@example("> ```matdiff\nlazy\n")
@example("2. text\n\n   ~~~~matdiff\n ~~~\n   y")
@example("text\n2. ```matdiff\n")
@example("text\n1. ```matdiff\n   x")
@example("-\n\n  ```matdiff\n")
@example("- \t```matdiff\n\tx\n")
@example("<div>\n```matdiff\nx\n```\n\n```matdiff\ny\n")
def test_the_fences_are_those_of_commonmark(text: str) -> None:
    # markdown-it takes a > for a block quote's even where it is indented like code
    assume(not re.search(r"(?: {4}|\t)[ \t]*>", text))
    try:
        wanted = reference(text)
    except IndexError:  # of markdown-it itself
        assume(False)
    assert found(text) == wanted


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("```matdiff\nx : n\n```", ["x : n"]),
        ("~~~~~ matdiff\t\nx\n~~~~\ny\n~~~~~~", ["x\n~~~~\ny"]),
        ("   ```matdiff\n     x\n   ```", ["  x"]),
        ("    ```matdiff\n    x\n    ```", []),
        ("```matdiff-output\nx\n```\n```Matdiff\nx\n```\n```matdiff wide\nx\n```", []),
        ("````\n```matdiff\nx\n```\n````", []),
        ("<!--\n```matdiff\nx\n```\n-->\n```matdiff\ny\n```", ["y"]),
        ("```matdiff\nx\n\ny", ["x\n\ny"]),
        ("- one\n  - two\n\n    ```matdiff\n    x\n    ```", ["x"]),
        ("> - ```matdiff\n>   x\n>   ```\n> ```matdiff\n> y", ["x", "y"]),
        ("`matdiff` and ``` ```matdiff ``` in a line", []),
        ("```matdiff\nx\n```not closed by this\ny\n```", ["x\n```not closed by this\ny"]),
    ],
)
def test_what_is_a_fence(text: str, content: list[str]) -> None:
    assert found(text) == content == reference(text)


def test_a_statement_ends_with_its_fence() -> None:
    text = "```matdiff\ngradient (x'x\n```\n```matdiff\n  wrt x\n```\n"
    statements = statements_of("a.md", text)
    assert [(s.line, s.column, s.text) for s in statements] == [
        (2, 1, "gradient (x'x"),
        (5, 3, "wrt x"),
    ]


def test_the_second_line_of_a_statement_has_its_own_column() -> None:
    text = "> - ```matdiff\n>   gradient x'x\n>\t    wrt x\n"
    (statement,) = statements_of("a.md", text)
    assert statement.text.split() == ["gradient", "x'x", "wrt", "x"]
    check_places(text, [statement])


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*PIECES, "```matdiff\n", "    wrt x", "(a"]), max_size=40))
def test_places_are_those_of_the_signs(pieces: list[str]) -> None:
    text = "".join(pieces)
    check_places(text, statements_of("a.md", text))


def test_nesting_has_a_limit() -> None:
    assert found("> " * NESTING + "```matdiff") == [""]
    with pytest.raises(LimitReached, match=f"more than {NESTING} deep"):
        fences("> " * (NESTING + 1) + "```matdiff")


@pytest.mark.parametrize(
    "text",
    ["-" * 300_000, "- + " * 24 + "x\n" * 50_000, "```matdiff\n" * 30_000, "`" * 300_000,
     "<a" + " " * 300_000 + "!", "<a x" * 75_000, "* " * 90 + "\n" * 50_000, "<!--\n" * 60_000],
    ids=["rule", "items", "fences", "ticks", "blanks", "attributes", "blank lines", "comments"],
)  # fmt: skip
def test_time_is_linear(text: str) -> None:
    begin = time.monotonic()
    fences(text)
    assert time.monotonic() - begin < 5
