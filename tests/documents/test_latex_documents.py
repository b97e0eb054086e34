r"""LaTeX documents: which comments are marks, and what the next displayed equation claims."""

from __future__ import annotations

import time

import pytest
from documented import check_places
from hypothesis import given, settings
from hypothesis import strategies as st

from matdiff.documents.latex import marked_statements
from matdiff.documents.places import Origin, report
from matdiff.documents.statements import Document
from matdiff.errors import MatdiffError
from matdiff.session import Answer
from matdiff.settings import Settings

ASK = "% matdiff: check f wrt x == @next\n"


def claims(text: str) -> list[str]:
    """The claimed formulas, blanks taken together; of what cannot be asked the code."""
    statements = marked_statements(text)
    check_places(text, statements)
    return [
        " ".join(s.claim.latex.split()) if s.claim and not s.problem else s.problem.code
        for s in statements
        if s.claim or s.problem
    ]


def texts(text: str) -> list[str]:
    statements = marked_statements(text)
    check_places(text, statements)
    return [statement.text for statement in statements]


@pytest.mark.parametrize(
    "text",
    [
        "% matdiff: x : n",
        "%matdiff:x : n",
        "a text % matdiff: x : n\nmore",
        "a line \\\\% matdiff: x : n",
        "\\begin{document}\n% matdiff: x : n\n\\end{document}",
        "\\begin{equation}\n% matdiff: x : n\n a = b\\end{equation}",
        "\\verb|%| % matdiff: x : n",
        "\\verb+\\begin{comment}+ % matdiff: x : n",
        "\\iffalse no \\else % matdiff: x : n\n\\fi",
        "\\iffalse % \\fi\n\\iftrue no \\fi \\fi % matdiff: x : n",
        "a \\iff b % matdiff: x : n",
        "\\begin{lstlisting}\n% matdiff: y : n\n\\end{lstlisting}% matdiff: x : n",
        "\\newcommand{\\off}{\\begin{comment}} % matdiff: x : n",
    ],
)
def test_a_mark(text: str) -> None:
    assert [t.strip() for t in texts(text)] == ["x : n"]


@pytest.mark.parametrize(
    "text",
    [
        "\\% matdiff: x : n",
        "100\\% matdiff: x : n",
        "%% matdiff: x : n",
        "% % matdiff: x : n",
        "% see matdiff: x : n",
        "matdiff: x : n",
        "\\verb|% matdiff: x : n|",
        "\\lstinline[language=TeX]!% matdiff: x : n!",
        "\\end{document}\n% matdiff: x : n",
        "\\iffalse\n% matdiff: x : n\n\\fi",
        "\\iffalse\\ifx\\a\\b\\else\\fi\n% matdiff: x : n\n\\fi",
        *(
            f"\\begin{{{name}}}\n% matdiff: x : n\n\\end{{{name}}}"
            for name in ("verbatim", "verbatim*", "lstlisting", "minted", "comment", "Verbatim")
        ),
        "\\begin{verbatim}\n% matdiff: x : n\n",
    ],
)
def test_no_mark(text: str) -> None:
    assert texts(text) == []


@pytest.mark.parametrize(
    "comment",
    [
        "% Matdiff: x : n",
        "%MATDIFF : x : n",
        "% matdif: x : n",
        "% mat-diff: x : n",
        "% matdiff check x'x wrt x == 2 x",
        "% matdiff; check x'x wrt x == @next",
        "% matdiff：gradient x'x wrt x",
    ],
)
def test_what_looks_like_a_mark_is_warned_about(comment: str) -> None:
    first, last = marked_statements(f"{comment}\n% matdiff: x : n")
    assert (first.line, first.text, last.line, last.warning) == (1, "", 2, None)
    (said,) = Document(Settings()).carry_out(first)
    assert f"`{comment}` is not read" in said
    verbatim = f"\\begin{{verbatim}}\n{comment}\n\\end{{verbatim}}"
    assert marked_statements(verbatim) == []


def test_a_comment_about_matdiff_is_none() -> None:
    assert marked_statements("% matdiff checks this file\n%% Matdiff: x : n\n% matdiffs: a") == []


def test_marks_below_one_another_are_lines_of_one_text() -> None:
    text = "% matdiff: gradient 1/2 norm(A x)^2\n  %  matdiff:   wrt x\n% matdiff: x : n # a note\n"
    assert [" ".join(t.split()) for t in texts(text)] == [
        "gradient 1/2 norm(A x)^2 wrt x",
        "x : n",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "% matdiff: gradient x'x\n\n% matdiff:   wrt x\n",
        "% matdiff: gradient x'x\ntext % matdiff:   wrt x\n",
        "% matdiff: gradient x'x\n% a note\n% matdiff:   wrt x\n",
    ],
)
def test_marks_apart_are_statements_apart(text: str) -> None:
    assert texts(text) == ["gradient x'x", "wrt x"]


@pytest.mark.parametrize(
    "equation",
    [
        r"\begin{equation}\label{a} y = 2Ax . \end{equation}",
        r"\begin{equation*} y = 2Ax, \end{equation*}",
        r"\[ y = 2Ax \]",
        r"$$y = 2Ax.$$",
        r"$a$$b$ \( c = d \) $$ y = 2Ax $$",
        r"5\$ and $x$ and \[ y = 2Ax \]",
        r"\begin{displaymath} y = 2Ax \end{displaymath}",
        r"\begin{multline} y = 2Ax \end{multline}",
        r"\begin{align} y &= 2Ax \nonumber \\ z &= 3 \end{align}",
        r"\begin{align*} y & = 2Ax \tag{$\star$} \\[2pt] z &= 3 \end{align*}",
        r"\begin{eqnarray} y &=& 2Ax \\ z &=& 3 \end{eqnarray}",
        r"\begin{gather} y = 2Ax \label{b} \\ z = 3 \end{gather}",
        r"\begin{alignat}{2} y &= 2Ax &\quad& \text{(chain rule)} \\ z &= 3 \end{alignat}",
        r"\begin{equation}\begin{split} y &= 2Ax \end{split}\end{equation}",
        r"\begin{equation}\begin{aligned}[t] y &= 2Ax ,\\ z &= 3 \end{aligned}\end{equation}",
        r"\begin{align} y \coloneqq 2Ax \end{align}",
        r"\[ y := 2Ax \]",
        r"\[ y \stackrel{(a)}{=} 2Ax \]",
        r"\[ f(x=0)_{i=1} = 2Ax \]",
        r"\[ y = 2Ax \quad \text{for all } x = 1, \dots \]",
        r"\[ y = 2Ax, \qquad z = 3 \]",
        r"\[ y = 2Ax \quad\text{where}\quad A = B \]",
        r"\[ y = 2Ax \;\forall x \]",
        r"\[ y = 2Ax \succeq 0 . \]",
        r"\begin{IEEEeqnarray}{rCl} y &=& 2Ax \IEEEyesnumber \\ z &=& 3 \end{IEEEeqnarray}",
        r"\begin{equation} y \equiv 2Ax \end{equation}",
        r"\begin{align} y &= 2Ax && \text{by symmetry} \end{align}",
        r"\begin{align} y &= 2Ax & z &= 3 \end{align}",
        r"\begin{align} y & & = 2Ax \end{align}",
        "\\[ y % = 3\n = 2Ax % = 4\n \\]",
        r"\def\beq{\begin{equation}}\def\eeq{\end{equation}} \beq y = 2Ax \eeq \[ z = 3 \]",
        r"\newcommand{\show}[1]{\[ z = 3 \]} \[ y = 2Ax \]",
        r"\verb|\[ z = 3 \]| \[ y = 2Ax \]",
        r"\begin{comment} \[ z = 3 \] \end{comment} \[ y = 2Ax \]",
        "text $ not closed\n\n\\[ y = 2Ax \\]",
        r"\[ \frac{\partial f}{\partial x} = \nabla g(x) = 2Ax \]",
        r"$$ y = 2Ax \eqno (1) $$",
        r"\[ y = 2Ax \text{ for } i = 1, \dots, n - 1 . \]",
        r"\[ y = 2Ax \qquad z = 3 \]",
        r"\[ \nabla f = 2Ax \qquad \nabla g = 3x \]",
        r"\[ \nabla f = 2Ax \;\;\; \nabla g = 3x \]",
        r"\[ \nabla f = 2Ax \hspace{1cm} \nabla g = 3x \]",
        r"\[ \nabla f = 2Ax \Rightarrow \nabla g = 3x \]",
        r"\[ f = x^\top A x \quad\Rightarrow\quad \nabla f = 2Ax \]",
        r"\[ f = x^\top A x \qquad \nabla f = \nabla (x^\top A x) = 2Ax \]",
        r"\[ y = 2Ax \quad (A \text{ symmetric}) \]",
        r"\[ y = 2Ax \; \left[A \text{ symmetric}\right] . \]",
        r"\[ y = 2Ax \quad (n \ge 2) \]",
        r"\[ y = 2Ax \quad x \in \mathbb{R}^n \]",
        r"\[ y = 2Ax \qquad (2) \]",
        r"\[ y = 2Ax . \hfill (2.1a) \]",
        r"\[ y \quad = \quad 2Ax \]",
        r"\[ y = \quad 2Ax \quad x = 1 \]",
        r"\newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}}"
        r"\[ \pd{f}{x} = \pd{}{x}(Ax) = 2Ax \]",
        r"\newcommand\dd{\partial}\let\del\dd \[ y = \frac{\del f}{\del x} + b = 2Ax \]",
    ],
)
def test_the_right_hand_side_of_the_next_equation(equation: str) -> None:
    assert claims(ASK + equation) == ["2Ax"]


@pytest.mark.parametrize(
    ("equation", "found"),
    [
        (r"\[ y = b = c \]", ["b", "c"]),
        (r"\begin{align} y &= b \\ &= c + d \\ z &= e \end{align}", ["b", "c + d"]),
        (r"\begin{align} & y \\ &= b \\ & = c \end{align}", ["b", "c"]),
        (r"\begin{align} y &= b \\ &\quad + c \end{align}", ["b + c"]),
        (r"\begin{align} y ={}& b \\ & {}+ c \end{align}", ["{} b {}+ c"]),
        (r"\begin{eqnarray} y &=& b \\ && + c \\ z &=& d \end{eqnarray}", ["b + c"]),
        (r"\begin{multline} y = b \\ + c \\ + d . \end{multline}", ["b + c + d"]),
        (r"\[ y = \left( b \right. \]", [r"\left( b \right."]),
        (
            r"\begin{align} y &= \left( b \right. \\ & \left. + c \right) \end{align}",
            [r"\left( b + c \right)"],
        ),
        (r"\[ y = \begin{pmatrix} a & b \\ c & d \end{pmatrix} \]", [
            r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}"]),
        (r"\[ y = \sum_{i=1}^n \langle a, b \rangle \]", [r"\sum_{i=1}^n \langle a, b \rangle"]),
        (r"\[ y = \text{tr}(A) \]", [r"\text{tr}(A)"]),
        (r"\[ y = 1.5\,x . \]", ["1.5 x"]),
        (r"\begin{align} y &= b & + c \end{align}", ["b + c"]),
        (r"\begin{align} y &= \\ &= b \end{align}", ["b"]),
        (r"\[ y = b \text{ (the data)} \; + c \]", [r"b \text{ (the data)} + c"]),
        (r"\[ y = b,\quad - c \]", ["b, - c"]),
        (r"\[ y = 2b \quad + \quad c \quad = \quad d \]", ["2b + c", "d"]),
        (r"\[ y = b + \quad c = d \]", ["b + c", "d"]),
        (r"\[ \nabla f = 3b\;(\text{by }\nabla_x b'x=b) = b \]", ["3b", "b"]),
        (r"\[ y = b\underbrace{c}_{\nabla g} = d \]", [r"b\underbrace{c}_{\nabla g}", "d"]),
        (r"\[ y = b \quad (c + d) \]", ["b (c + d)"]),
        (r"\[ y = b (2) \]", ["b (2)"]),
        (r"\let\partial\x \[ y = \partial b = c \]", [r"\partial b", "c"]),
    ],
)  # fmt: skip
def test_what_an_equation_claims(equation: str, found: list[str]) -> None:
    assert claims(ASK + equation) == found


def test_a_mark_inside_asks_for_the_next_row() -> None:
    text = (
        "\\begin{align}\n a &= b \\\\\n"
        "% matdiff: check f wrt x == @next\n c &= d \\\\\n &= e \\\\\n"
        "% matdiff: check g wrt x == @next\n &= h \\\\\n i &= j\n\\end{align}"
    )
    assert [(s.line, s.claim.line, s.claim.latex) for s in marked_statements(text) if s.claim] == [
        (3, 4, "d"),
        (3, 5, "e"),
        (6, 7, "h"),
    ]


def test_two_marks_may_ask_for_one_equation() -> None:
    assert claims(ASK + ASK + "\\[ a = b \\]\n" + ASK + "\\[ c = d \\]") == ["b", "b", "d"]


@pytest.mark.parametrize(
    ("after", "code"),
    [
        ("", "MX621"),
        ("\\end{document}\\[ y = b \\]", "MX621"),
        ("$y = b$", "MX621"),
        ("\\[ y = b", "MX622"),
        ("\\begin{equation} y = b \\section{Next} \\[ z = c \\]", "MX622"),
        ("\\[ y \\]", "MX623"),
        ("\\[ y \\approx b \\]", "MX623"),
        ("\\[ f(y = b) \\]", "MX623"),
        ("\\[ y = . \\]", "MX623"),
        ("\\[ y = \\text{$b$} \\]", "MX624"),
    ],
)
def test_an_equation_that_cannot_be_asked_for(after: str, code: str) -> None:
    assert claims(ASK + after) == [code]


def carried_out(text: str) -> list[str]:
    """Verdicts and messages, statement by statement."""
    document, said = Document(Settings(seed=1)), []
    origin = Origin("paper.tex", text, is_file=True)
    for statement in marked_statements(text):
        try:
            answer = document.carry_out(statement)
            if isinstance(answer, Answer) and answer.claim is not None:
                said.append(answer.claim.verdict.outcome)
        except MatdiffError as problem:
            said.append(report(problem.located(None, statement.text), origin.of(statement)))
    return said


@pytest.mark.parametrize(
    "remark",
    [r"\ \text{holds}", r"(\text{ok})", r"+ \mathcal{O}(\epsilon)", "+ O(h)", r"+ o\left(h\right)"],
)
def test_what_is_no_part_of_a_formula_does_not_make_it_wrong(remark: str) -> None:
    text = f"% matdiff: s : scalar\n% matdiff: check s^2 wrt s == @next\n\\[ g = 2s {remark} \\]"
    (said,) = carried_out(text)
    assert "MX628" in said and "is no part of a formula" in said


def test_words_that_are_declared_are_names() -> None:
    mark = "% matdiff: loss : scalar\n% matdiff: check loss^2 wrt loss == @next\n"
    text = mark + "\\[ g = 2\\text{loss} \\]"
    assert carried_out(text) == ["proved"]
    assert carried_out(text.replace("= 2", "= 3")) == ["wrong"]


def test_the_document_s_macros_are_put_in() -> None:
    text = (
        "\\newcommand{\\T}{^{\\top}}\n\\DeclareMathOperator{\\Tr}{tr}\n"
        "% matdiff: A : n×n, x : n\n% matdiff: check x'A x wrt x == @next\n"
        "\\begin{align} g &= Ax + A\\T x \\\\ &= (A + A\\T)x \\end{align}\n"
        "\\renewcommand{\\T}{^{-1}}\n% matdiff: check x'A x wrt x == @next\n"
        "\\[ g = Ax + A\\T x \\]\n"
    )
    assert carried_out(text) == ["proved", "proved", "wrong"]


def test_delimiters_and_commands_with_arguments_are_put_in() -> None:
    text = (
        "\\DeclarePairedDelimiter\\nrm{\\lVert}{\\rVert}\n\\newcommand\\T\\top\n"
        "\\DeclarePairedDelimiterX{\\ip}[2]{\\langle}{\\rangle}{#1, #2}\n"
        "\\NewDocumentCommand{\\tp}{m}{#1^\\T}\n"
        "% matdiff: A : n×n, x : n\n% matdiff: check norm(A x)^2*(x'A x) wrt x == @next\n"
        "\\[ g = 2\\ip{x}{Ax}\\tp{A}Ax + \\nrm*{Ax}^2(A + \\tp{A})x \\]\n"
    )
    assert carried_out(text) == ["proved"]


def test_the_names_of_where_hold_in_the_equation() -> None:
    text = (
        "% matdiff: check norm(A x - b)^2 wrt x == @next where r = A x - b\n"
        "\\[ \\nabla f = 2A^\\top r . \\]"
    )
    assert carried_out(text) == ["proved"]


def test_messages_point_into_mark_and_equation() -> None:
    text = (
        "% matdiff: x : n, A : m×n\n% matdiff: check x'x wrt x == @next\n"
        "\\begin{equation}\n  \\nabla f = x\n   + \\wrong x\n\\end{equation}\n"
        "% matdiff: check x'x wrt x == @next\n"
    )
    unread, missing = carried_out(text)
    assert unread.startswith("paper.tex:5:6: MX115 `\\wrong` is not read\n  5 |    + \\wrong x\n")
    assert unread.split("\n")[2] == "    |      ^^^^^^"
    assert missing == (
        "paper.tex:7:31: MX621 no displayed equation follows\n"
        "  7 | % matdiff: check x'x wrt x == @next\n"
        "    |                               ^^^^^"
    )


PIECES = [
    *("% matdiff: check f wrt x == @next", "% matdiff: x : n", "% matdiff:   wrt x", "%", "\\%"),
    *("\\[", "\\]", "$$", "$", "\\(", "\\)", "{", "}", "(", ")", "[", "]", "=", "&", "\\\\", ","),
    *("\\begin{align}", "\\end{align}", "\\begin{equation}", "\\end{equation}", "\\begin{split}"),
    *("\\end{split}", "\\begin{verbatim}", "\\end{verbatim}", "\\verb|", "|", "\\iffalse", "\\fi"),
    *("\\else", "\\newcommand{\\a}", "\\def\\b", "\\let\\c\\d", "\\text{", " a b", "\\label{", "."),
    *(
        "\\left.",
        "\\right.",
        "\\stackrel{a}{=}",
        "\\nabla",
        "x",
        "A^\\top",
        " ",
        "\n",
        "\n\n",
        "\\",
    ),
]


@settings(max_examples=600, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_any_text_is_read_and_places_are_those_of_the_signs(text: str) -> None:
    statements = marked_statements(text)
    check_places(text, statements)
    for statement in statements:
        if statement.claim is not None:
            claim = statement.claim
            line = text.split("\n")[claim.line - 1]
            assert line[claim.column - 1 :].startswith(claim.latex.split("\n")[0].rstrip())


@pytest.mark.parametrize(
    "text",
    ["\\text{" * 150_000, "\\verb[" * 150_000, "\\def\\a" * 150_000, "\\def\\a{" * 2_000,
     "\\\\[" * 300_000, "{" * 900_000, "\\begin " * 150_000, "\\iffalse" * 120_000, "$" * 900_000,
     ASK + "\\[" + "=a" * 400_000, ASK + "\\[ a = " + "b\\quad(c\\ge2)" * 60_000 + "\\]",
     ASK * 9_000 + "\\[ a = " + "b" * 300_000 + "\\]",
     (ASK + "\\[a=b\\]") * 15_000, "\n" * 900_000, " \n" * 400_000, "%" * 900_000],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_time_is_linear(text: str) -> None:
    begin = time.monotonic()
    try:
        marked_statements(text)
    except MatdiffError:
        pass
    assert time.monotonic() - begin < 10
