"""The Python interface: the command's answers, as objects."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import matdiff
from matdiff import Formula, MatdiffError, check, differential, gradient, hessian, jacobian


def test_a_formula_says_what_the_command_says() -> None:
    answer = gradient("x'A x", "x")
    assert isinstance(answer, Formula)
    assert (str(answer), answer.text, answer.shape) == ("(A + A')x", "(A + A')x", "n×1")
    assert answer.inferred == {"x": "n×1", "A": "n×n"}
    assert answer.warnings == []
    assert answer._repr_latex_() == r"$(A + A^{\top}) x$"


def test_layouts_and_structure() -> None:
    declare = "Y: p×r, X: r×q"
    assert jacobian("Y X", "X", declare).text == "I(q)⊗Y"
    assert jacobian("Y X", "X", declare, layout="denominator", vec="row").text == "Y'⊗I(q)"
    assert hessian("x'A x", "x").text == "A + A'"
    assert differential("x'x", "x").text == "2 dx'x"
    projected = gradient("tr(A S)", "S", "A: n×n, S: n×n symmetric")
    assert projected.text == "(A + A')/2" and "projected" in projected.warnings[0]
    assert gradient("tr(A S)", "S", "A: n×n, S: n×n symmetric", structure="free").text == "A'"


def test_the_source_computes_the_formula() -> None:
    answer = gradient("norm(A x - b)^2", "x", "A: m×n, x: n, b: m")
    module: dict = {}
    exec(answer.numpy, module)
    random = np.random.default_rng(0)
    A, x, b = random.normal(size=(4, 3)), random.normal(size=3), random.normal(size=4)
    np.testing.assert_allclose(module["gradient"](A, x, b), 2 * A.T @ (A @ x - b))
    assert answer.verify(seed=3).passed is True


def test_what_is_wrong_is_said() -> None:
    with pytest.raises(MatdiffError) as caught:
        gradient("tr(A B)", "A", "A: m×n, B: k×m")
    problem = caught.value
    assert problem.message == "inner dimensions differ: A is m×n, B is k×m (n ≠ k)"
    assert problem.text is not None and problem.span is not None
    assert problem.text[slice(*problem.span)] == "A B"


def test_nothing_else_is_exported() -> None:
    with pytest.raises(AttributeError, match="no attribute nonsense"):
        matdiff.nonsense  # noqa: B018


def test_the_example_of_the_readme() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    *statements, shown = example.strip().splitlines()
    names: dict = {}
    exec("\n".join(statements), names)
    values = eval(shown, names)
    assert values[1] == "b×1" and values[-1] is True


def test_a_check_tells_what_the_command_tells() -> None:
    right = check("norm(A x - b)^2", "x", "2 A'(A x - b)")
    assert right and right.outcome == "proved" and right.diagnosis == []
    wrong = check("norm(A x - b)^2", "x", "2 (A x - b)'A")
    assert not wrong and wrong.diagnosis == ["is the transpose of the derivative"]
    assert wrong.right.text == "2 A'(A x - b)"
    assert check("x'A x", "x", "A + A'", kind="hessian").passed
    assert check("Y X", "X", "Y'⊗I(q)", "Y: p×r, X: r×q", layout="denominator", vec="row").passed
    with pytest.raises(MatdiffError) as caught:
        check("x'x", "x", "2 (x")
    assert caught.value.text == "2 (x"
