"""The commands for one expression: answers, notes, formats, refusals, each from a shell."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]

QUESTION = "(A(B(XC)∘D)∘E)F"
SHAPES = "A: 1×a, B: a×b, X: b×1, C: 1×e, D: b×e, E: a×e, F: e×1"
KEYS = [
    "schema", "expression", "wrt", "kind", "layout", "vec", "shape", "declared", "inferred",
    "formula", "where", "latex", "numpy", "arguments", "warnings", "verification",
]  # fmt: skip


def test_the_question(matdiff: Run) -> None:
    done = matdiff("gradient", QUESTION, "--wrt", "X", "-d", SHAPES, "--verify", "--seed", "7")
    assert done.returncode == 0
    assert done.stdout.count("\n") == 1
    assert "seed 7" in done.stderr


def test_latex_is_told_by_its_backslash_or_by_the_option(matdiff: Run) -> None:
    shapes = ("-d", r"$\beta$: p, X: n×p, y: n")
    done = matdiff("gradient", r"\tfrac12\|X\beta-y\|^2", "--wrt", r"\beta", *shapes)
    assert (done.stdout, done.stderr) == ("X'(X β - y)\n", "")
    said = matdiff("gradient", "y^TXb", "--wrt", "b", "--latex", "-d", "b: p, X: n×p, y: n")
    assert (said.stdout, said.stderr) == ("X'y\n", "")


def test_an_answer_is_one_line_and_notes_are_elsewhere(matdiff: Run) -> None:
    done = matdiff("gradient", "x'A x", "--wrt", "x")
    assert (done.returncode, done.stdout) == (0, "(A + A')x\n")
    assert done.stderr == "note: inferred x : n×1, A : n×n\n"


@pytest.mark.parametrize(
    ("command", "alias"),
    [
        ("gradient", "grad"),
        ("jacobian", "jac"),
        ("hessian", "hess"),
        ("differential", "diff"),
    ],
)
def test_aliases(matdiff: Run, command: str, alias: str) -> None:
    asked = ["x'A x", "--wrt", "x", "-d", "A: n×n symmetric, x: n"]
    assert matdiff(alias, *asked).stdout == matdiff(command, *asked).stdout != ""


def test_layouts(matdiff: Run) -> None:
    asked = ["jacobian", "A x", "--wrt", "x", "-d", "A: m×n, x: n"]
    assert matdiff(*asked).stdout == "A\n"
    assert matdiff(*asked, "--layout", "denominator").stdout == "A'\n"


def test_structure(matdiff: Run) -> None:
    asked = ["gradient", "tr(A S)", "--wrt", "S", "-d", "A: n×n, S: n×n symmetric"]
    projected, free = matdiff(*asked), matdiff(*asked, "--structure", "free")
    assert free.stdout == "A'\n"
    assert projected.stdout != free.stdout
    assert "symmetric" in projected.stderr
    by_entries = matdiff(*asked, "--structure", "entries", "--verify")
    assert "independent entries" in by_entries.stderr and by_entries.returncode == 0
    asked = ["jacobian", "A S", *asked[2:]]
    for way, formula in (("entries", "(I(n)⊗A)D(n)\n"), ("projection", "(I(n)⊗A)(I + K(n,n))/2\n")):
        assert matdiff(*asked, "--structure", way, "--verify").stdout == formula


@pytest.mark.parametrize("arguments", [["-x'x"], ["-c"], ["--", "-x'x", "--wrt"]])
def test_an_expression_may_begin_with_a_minus(matdiff: Run, arguments: list[str]) -> None:
    if arguments[0] == "--":  # what follows is no option any more
        assert matdiff("gradient", "--wrt", "x", "--", "-x'x").stdout == "-2 x\n"
    elif arguments == ["-c"]:
        done = matdiff("gradient", "-c", "--wrt", "c", "-d", "c: scalar")
        assert done.stdout == "-1\n"
    else:
        assert matdiff("gradient", *arguments, "--wrt", "x").stdout == "-2 x\n"


def test_standard_input_and_declarations_in_a_file(matdiff: Run, tmp_path: Path) -> None:
    (tmp_path / "decls.mx").write_text("# shapes\nA : m×n\n\nx : n,  y : m\n")
    done = matdiff("jacobian", "-", "--wrt", "x", "-d", "@decls.mx", input="A x + y\n")
    assert (done.returncode, done.stdout, done.stderr) == (0, "A\n", "")


def test_an_error_in_a_file_of_declarations(matdiff: Run, tmp_path: Path) -> None:
    (tmp_path / "decls.mx").write_text("A : m×n\n\nx : n sorta\n")
    done = matdiff("jacobian", "A x", "--wrt", "x", "-d", "@decls.mx")
    assert done.returncode == 2
    assert done.stderr.startswith("decls.mx:3:")
    assert "  3 | x : n sorta" in done.stderr


def test_a_variable_that_does_not_occur(matdiff: Run) -> None:
    declared = ["-d", "A: m×n, B: n×m, Z: p×q"]
    done = matdiff("gradient", "tr(A B)", "--wrt", "Z", *declared)
    assert (done.returncode, done.stdout) == (0, "zeros(p,q)\n")
    assert "Z" in done.stderr


@pytest.mark.parametrize(
    ("wrt", "said"),
    [
        ("Q", "Q is neither declared nor used"),
        ("", "wrt is empty"),
        ("2", "wrt 2 is a number"),
        ("A'", "wrt A' is an expression, not a variable"),
        ("A,B", "wrt takes one variable, not A,B"),
        ("I", "I is a constant"),
    ],
)
def test_what_is_no_variable(matdiff: Run, wrt: str, said: str) -> None:
    done = matdiff("gradient", "tr(A B I)", "--wrt", wrt, "-d", "A: m×n, B: n×m")
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


@pytest.mark.parametrize("kind", ["gradient", "hessian"])
def test_what_needs_a_scalar(matdiff: Run, kind: str) -> None:
    done = matdiff(kind, "A x", "--wrt", "x", "-d", "A: m×n, x: n")
    assert done.returncode == 2
    assert done.stderr == (
        f"expression:1:1: MX217 the {kind} is of a scalar; this expression is m×1\n"
        "  1 | A x\n"
        "    | ^^^\n"
        "  hint: ask for its jacobian, or for a scalar of it such as its sum\n"
    )


def test_shapes_that_do_not_fit(matdiff: Run) -> None:
    done = matdiff("gradient", "tr(A B)", "--wrt", "A", "-d", "A: m×n, B: k×p")
    assert (done.returncode, done.stdout) == (2, "")
    for part in ("A", "m×n", "B", "k×p", "^"):
        assert part in done.stderr


def test_json(matdiff: Run) -> None:
    done = matdiff("gradient", QUESTION, "--wrt", "X", "-d", SHAPES, "--format", "json")
    answer = json.loads(done.stdout)
    assert list(answer) == KEYS
    assert answer["schema"] == 1
    assert answer["shape"] == ["b", "1"]
    assert answer["declared"]["A"] == ["1", "a"]
    assert answer["inferred"] == {}
    assert answer["verification"] is None
    assert done.stdout.count("\n") == 1 and done.stderr == ""


def test_json_with_a_verification(matdiff: Run) -> None:
    done = matdiff("gradient", "x'x", "--wrt", "x", "--format", "json", "--verify", "--seed", "7")
    check = json.loads(done.stdout)["verification"]
    assert list(check) == ["passed", "method", "trials", "max_relative_error", "seed"]
    assert check["passed"] is True and check["seed"] == 7


def test_json_errors(matdiff: Run) -> None:
    for arguments in (["gradient", "x(", "--wrt", "x"], ["gradient", "x"], ["nonsense"]):
        done = matdiff(*arguments, "--format", "json")
        assert done.returncode == 2
        assert list(json.loads(done.stdout)) == ["error", "file", "line", "column"]
        assert done.stderr != ""


def test_the_emitted_function_runs(matdiff: Run, tmp_path: Path) -> None:
    numpy = pytest.importorskip("numpy")
    done = matdiff("gradient", "norm(A x - b)^2", "--wrt", "x", "--format", "numpy")
    namespace: dict[str, object] = {}
    exec(compile(done.stdout, "emitted", "exec"), namespace)
    A = numpy.arange(6.0).reshape(3, 2)
    x, b = numpy.array([1.0, 2.0]), numpy.array([1.0, 0.0, 1.0])
    gradient = namespace["gradient"](A=A, x=x, b=b)  # type: ignore[operator]
    assert numpy.allclose(gradient, 2 * A.T @ (A @ x - b))


def test_ascii(matdiff: Run) -> None:
    asked = ["gradient", "sum(A∘B∘exp(σ A))", "--wrt", "A", "-d", "A: m×n, B: m×n"]
    done = matdiff(*asked, "--ascii")
    assert done.returncode == 0 and done.stdout.isascii()
    plain = {"PYTHONUTF8": "0", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}
    assert matdiff(*asked, env=plain).stdout == done.stdout


def test_colour_is_for_people(matdiff: Run) -> None:
    assert "\x1b" not in matdiff("gradient", "x'x", "--wrt", "x").stdout
    wide = matdiff("gradient", "x'x", "--wrt", "x", "--color", "always").stdout
    assert "\x1b" in wide and "n×1" in wide and "inferred" in wide


def test_output_to_a_file(matdiff: Run, tmp_path: Path) -> None:
    asked = ["gradient", "x'x", "--wrt", "x", "-o"]
    (tmp_path / "old.txt").write_text("old")
    assert matdiff(*asked, "old.txt").returncode == 0
    assert (tmp_path / "old.txt").read_text() == "2 x\n"
    (tmp_path / "link.txt").symlink_to(tmp_path / "victim")
    for name, said in [("link.txt", "is a link"), ("no/r.txt", "No such file"), (".", "not a reg")]:
        done = matdiff(*asked, name)
        assert done.returncode == 2 and said in done.stderr
    assert matdiff("gradient", "x(", "--wrt", "x", "-o", "old.txt").returncode == 2
    assert (tmp_path / "old.txt").read_text() == "2 x\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.txt", "old.txt"]


def test_usage_errors(matdiff: Run) -> None:
    for arguments, said in [
        ([], "--help"),
        (["graident", "x"], "gradient or grad?"),
        (["--no-such-option"], "--no-such-option"),
        (["gradient", "x"], "--wrt"),
        (["gradient", "x", "--wrt", "x", "--trials", "0"], "--trials"),
        (["gradient", "x", "--wrt", "x", "--trials", "-1"], "--trials"),
        (["gradient", "x", "--wrt", "x", "--seed", "1e9999"], "--seed"),
        (["gradient", "x", "--wrt", "x", "--format", "yaml"], "--format"),
    ]:
        done = matdiff(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert said in done.stderr


def test_control_characters_stay_out_of_the_terminal(matdiff: Run) -> None:
    for form in ("text", "json"):
        done = matdiff("gradient", "\x1b[2JPASS\x9b31m", "--wrt", "x", "--format", form)
        assert done.returncode == 2
        assert "\x1b" not in done.stdout + done.stderr
        assert "\x9b" not in done.stdout + done.stderr


def test_a_long_name_makes_a_short_message(matdiff: Run) -> None:
    done = matdiff("gradient", "x" * 1000, "--wrt", "x", "-d", "x: n")
    assert done.returncode in (2, 3)
    assert len(done.stderr) < 2000


def test_shape(matdiff: Run) -> None:
    done = matdiff("shape", "A x", "-d", "A: m×n, x: n")
    assert done.stdout == "A x : m×1\nA : m×n\nx : n×1\n"
    parts = json.loads(matdiff("shape", "A x", "--format", "json").stdout)["parts"]
    assert [part["expression"] for part in parts] == ["A", "x", "A x"]


def test_the_parts_of_a_long_expression_take_no_longer_than_it(matdiff: Run) -> None:
    lines = matdiff("shape", "A " * 9000, "-d", "A: scalar").stdout.splitlines()
    assert lines[0] == "A " * 8999 + "A : scalar"
    assert lines[1:4] == ["A : scalar", "A A : scalar", "A A A : scalar"]
    assert sum(map(len, lines[1:])) < 100_000  # of 9000 parts the innermost


def test_functions(matdiff: Run) -> None:
    lines = matdiff("functions").stdout.splitlines()
    rows = list(map(json.loads, matdiff("functions", "--format", "json").stdout.splitlines()))
    assert len(lines) == len(rows) > 30
    det = next(row for row in rows if row["name"] == "det")
    assert det["shapes"] == "m×m → scalar"
    assert "det(" in det["differential"]
    assert matdiff("functions", "--ascii").stdout.isascii()
    assert "multiply" in matdiff("functions", "--color", "always").stdout


def test_dash_is_standard_output(matdiff: Run, tmp_path: Path) -> None:
    done = matdiff("gradient", "x'x", "--wrt", "x", "-o", "-")
    assert (done.returncode, done.stdout) == (0, "2 x\n") and not list(tmp_path.iterdir())
    empty = matdiff("gradient", "x'x", "--wrt", "x", "-o", "")
    assert (empty.returncode, empty.stdout) == (2, "") and "is empty" in empty.stderr


def test_a_claim_s_errors_are_shown_in_the_claim(matdiff: Run) -> None:
    question = ("x'x", "--wrt", "x", "-d", "x: n, A: m×n")
    done = matdiff("check", *question, "--claim", "2 x + 3 A A x")
    assert done.stderr.split("\n")[0].startswith("--claim:1:9: MX201")
    assert done.stderr.split("\n")[1:3] == ["  1 | 2 x + 3 A A x", "    |         ^^^"]
    piped = matdiff("check", "-", *question[1:], "--claim", "2 x", input="x'x + A")
    assert piped.stderr.startswith("standard input:1:1: MX204")
    assert "| x'x + A\n" in piped.stderr


def test_a_claim_names_its_parts(matdiff: Run) -> None:
    sizes = "A: 1×a, B: a×b, X: b×1, C: 1×e, D: b×e, E: a×e, F: e×1"
    question = ("check", "(A(B(X C)∘D)∘E)F", "--wrt", "X", "-d", sizes, "--claim")
    done = matdiff(*question, "K c where H = B'(E∘A'F'), K = H∘D, c = C'")
    assert done.returncode == 0 and done.stdout.startswith("proved")
    assert matdiff(*question, "K c where H = B'(E∘A'F'), K = H∘E, c = C'").returncode == 2
    wrong = matdiff(*question, "K c where H = B'(E∘A'F'), K = 2 H∘D, c = C'")
    assert wrong.returncode == 1 and "factor 2" in wrong.stdout
    for claim, place in (("K c where K = D\nc = C'", "2:3: MX110"), ("K c where", "1:9: MX113")):
        assert matdiff(*question, claim).stderr.startswith(f"--claim:{place}")
    named = matdiff("check", "where'A where", "--wrt", "where", "-d", "where: n",
                    "--claim", "(A + A')where")  # fmt: skip
    assert named.returncode == 0


def test_what_was_inferred_is_said_where_the_shape_does_not_serve(matdiff: Run) -> None:
    done = matdiff("gradient", "a*x^2", "--wrt", "x")
    assert done.returncode == 2 and "inferred a : n×1, x : scalar" in done.stderr
    done = matdiff("gradient", "f(x)", "--wrt", "x")
    assert "f(…) is read as a product" in done.stderr


def test_code_that_a_gradient_has_not_is_refused(matdiff: Run) -> None:
    for option in ("--operator", "--structured"):
        done = matdiff("gradient", "x'x", "--wrt", "x", "--format", "numpy", option)
        assert (done.returncode, done.stdout) == (2, "")
        assert f"{option[2:]} is of the code for a Jacobian or Hessian" in done.stderr


@pytest.mark.parametrize("columns", ["0", "40"])
def test_a_table_loses_nothing_however_narrow_it_is(matdiff: Run, columns: str) -> None:
    shown = matdiff("functions", "--color", "always", env={"COLUMNS": columns}).stdout
    lines = {line.strip() for line in re.sub(r"\x1b\[[0-9;]*m", "", shown).split("\n")}
    for row in matdiff("functions").stdout.splitlines():
        assert lines.issuperset(row.split("\t"))


def test_no_colour_is_no_escape_at_all(matdiff: Run) -> None:
    for command in (["functions"], ["gradient", "x'x", "--wrt", "x"]):
        assert "\x1b" in matdiff(*command, "--color", "always").stdout
        assert "\x1b" not in matdiff(*command, "--color", "never").stdout


def test_sentences_are_spelled_in_ascii_where_there_is_no_other(matdiff: Run) -> None:
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = matdiff("check", "sum(sin(A∘X))", "--wrt", "X", "--claim", "A cos(A∘X)",
                   "-d", "A: n×n, X: n×n", env=plain)  # fmt: skip
    assert done.stdout.isascii() and "\\u" not in done.stdout and "A.*cos(A.*X)" in done.stdout
    wrong = matdiff("gradient", "tr((A⊗B) C D)", "--wrt", "A", "-d", "A: m×n, B: k×m, C: m×n",
                    env=plain)  # fmt: skip
    assert wrong.stderr.isascii()
    line, carets = wrong.stderr.split("\n")[1:3]
    assert line[carets.index("^") : carets.rindex("^") + 1] == "(A(x)B) C"
