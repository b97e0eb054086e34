"""--steps on the command line: text, LaTeX, JSON, files, and where the option may stand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
QUADRATIC = ["x'A x", "--wrt", "x", "-d", "A: n×n, x: n"]


def test_text_has_a_reason_on_every_line(matdiff: Run) -> None:
    done = matdiff("gradient", *QUADRATIC, "--steps")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert len(lines) == 5
    assert [line.partition(" = ")[0].strip() for line in lines] == ["Y", "dY", "", "", "∂Y/∂x"]
    assert len({line.index(" = ") for line in lines}) == 1
    assert all("   " in line.partition(" = ")[2] for line in lines)
    assert lines[-1].partition(" = ")[2].startswith("(A + A')x ")


@pytest.mark.parametrize("place", [0, 1, 3, 5])
def test_the_option_may_stand_anywhere(matdiff: Run, place: int) -> None:
    asked = list(QUADRATIC)
    asked.insert(place, "--steps")
    assert matdiff("gradient", *asked).stdout.count("\n") == 5


def test_an_expression_may_begin_with_a_minus(matdiff: Run) -> None:
    done = matdiff("gradient", "--steps", "-x'x", "--wrt", "x", "-d", "x: n")
    assert done.stdout.startswith("Y     = -x'x")


def test_ascii(matdiff: Run) -> None:
    done = matdiff("jacobian", "σ A∘B", "--wrt", "A", "-d", "A: m×n, B: m×n, σ: scalar",
                   "--steps", "--ascii")  # fmt: skip
    assert done.stdout.isascii() and "dY/dA" in done.stdout


def test_typst(matdiff: Run, tmp_path: Path) -> None:
    (tmp_path / "q.mx").write_text("A: n×n, x: n\ngradient x'A x wrt x\n")
    typed = matdiff("gradient", *QUADRATIC, "--steps", "--format", "typst").stdout
    assert typed.startswith('$\n  Y &= x^⊤ A x && quad "the function" \\\n')
    assert typed == matdiff("run", "q.mx", "--steps", "--format", "typst").stdout
    assert matdiff("run", "q.mx", "--format", "typst").stdout == "(A + A^⊤) x\n"
    in_ascii = matdiff("gradient", *QUADRATIC, "--steps", "--format", "typst", "--ascii").stdout
    assert in_ascii == typed.replace("⊤", r"\u{22a4}").replace("∂", r"\u{2202}")


def test_json(matdiff: Run) -> None:
    shapes = "A: 1×a, B: a×b, X: b×1, C: 1×e, D: b×e, E: a×e, F: e×1"
    asked = ["(A(B(X C)∘D)∘E)F", "--wrt", "X", "-d", shapes, "--format", "json"]
    answer = json.loads(matdiff("gradient", *asked, "--steps").stdout)
    steps = answer["steps"]
    assert [step["left"] for step in steps] == ["Y"] + ["dY"] * (len(steps) - 2) + ["∂Y/∂X"]
    assert {tuple(step) for step in steps} == {("left", "right", "shape", "reason", "where")}
    assert steps[-1]["right"] == answer["formula"] and steps[-1]["shape"] == answer["shape"]
    assert steps[-2]["right"] == "K C' : dX" and steps[-2]["shape"] == []
    assert "steps" not in json.loads(matdiff("gradient", *asked).stdout)


def test_files(matdiff: Run, tmp_path: Path) -> None:
    (tmp_path / "q.mx").write_text("A: n×n, x: n\ngradient x'A x wrt x\nshape A x\n")
    done = matdiff("run", "--steps", "q.mx")
    lines = done.stdout.splitlines()
    assert lines[0] == "q.mx:2:" and len(lines) == 7
    assert lines[-1] == "q.mx:3: A x : n×1"
    first = json.loads(matdiff("run", "q.mx", "--steps", "--format", "json").stdout.splitlines()[0])
    assert len(first["steps"]) == 5


def test_latex_is_an_align(matdiff: Run) -> None:
    lines = matdiff("gradient", *QUADRATIC, "--steps", "--format", "latex").stdout.splitlines()
    assert (lines[0], lines[-1]) == (r"\begin{align*}", r"\end{align*}")
    assert lines[-2].startswith(r"\frac{\partial Y}{\partial x} &= (A + A^{\top})")


def test_what_has_no_place_for_steps_is_refused(matdiff: Run) -> None:
    done = matdiff("gradient", *QUADRATIC, "--steps", "--format", "numpy")
    assert done.returncode == 2 and "--steps" in done.stderr
