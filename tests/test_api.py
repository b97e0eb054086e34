"""The Python interface: the command's answers, as objects."""

from __future__ import annotations

import copy
import doctest
import pickle
import re
import threading
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
    assert answer.typst == "(A + A^⊤) x"


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
    assert check("x'A x", "x", "2 S x where S = (A + A')/2").passed
    assert check("Y X", "X", "Y'⊗I(q)", "Y: p×r, X: r×q", layout="denominator", vec="row").passed
    with pytest.raises(MatdiffError) as caught:
        check("x'x", "x", "2 (x")
    assert caught.value.text == "2 (x"


def test_the_examples_of_the_document() -> None:
    document = Path(__file__).parents[1] / "docs/python.md"
    blocks = "\n".join(re.findall(r"```python\n(.*?)```", document.read_text("utf-8"), re.DOTALL))
    test = doctest.DocTestParser().get_doctest(blocks, {}, document.name, str(document), 0)
    found = doctest.DocTestRunner().run(test)
    assert found.attempted > 15 and found.failed == 0


@pytest.mark.parametrize(
    "asked",
    [
        {"layout": "numerater"},
        {"layout": ""},
        {"vec": "rows"},
        {"structure": "symmetric"},
    ],
)
def test_a_word_that_is_misspelled_is_not_taken_for_another(asked: dict[str, str]) -> None:
    with pytest.raises(MatdiffError, match=next(iter(asked))):
        jacobian("A x", "x", "A: m×n, x: n", **asked)  # type: ignore[arg-type]
    with pytest.raises(MatdiffError, match=next(iter(asked))):
        check("A x", "x", "A", "A: m×n, x: n", **asked)  # type: ignore[arg-type]


def test_numbers_that_cannot_be() -> None:
    answer = gradient("x'x", "x")
    for trials in (0, -1, 1.5, "3"):
        with pytest.raises(MatdiffError, match="trials"):
            answer.verify(trials=trials)  # type: ignore[arg-type]
    for seed in (-1, 1.5, "1"):
        with pytest.raises(MatdiffError, match="seed"):
            answer.verify(seed=seed)  # type: ignore[arg-type]
        with pytest.raises(MatdiffError, match="seed"):
            check("x'x", "x", "2 x", seed=seed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ((None, "x"), "expression"),
        ((b"x'x", "x"), "expression"),
        (("x'x", 3), "wrt"),
        (("x'x", "x", {"x": "n"}), "declare"),
    ],
)
def test_what_is_no_text_is_a_type_error(given: tuple, named: str) -> None:
    with pytest.raises(TypeError, match=f"^{named} is a string, not "):
        gradient(*given)


def test_a_copy_is_the_same_and_another_process_gets_the_same_answer() -> None:
    for answer in (
        jacobian("A S", "S", "A: m×n, S: n×n symmetric", layout="denominator", structure="entries"),
        check("x'A x", "x", "A x", seed=5).right,
    ):
        assert copy.copy(answer) is answer and copy.deepcopy([answer])[0] is answer
        sent = pickle.loads(pickle.dumps(answer))
        assert (sent.text, sent.latex, sent.numpy) == (answer.text, answer.latex, answer.numpy)
    verdict = check("sum(sin(x).^2)", "x", "sin(2 x)")
    again = pickle.loads(pickle.dumps(verdict))
    assert (again.outcome, again.evidence) == (verdict.outcome, verdict.evidence)
    with pytest.raises(MatdiffError) as caught:
        gradient("A x", "x")
    assert pickle.loads(pickle.dumps(caught.value)).code == "MX217"


def test_a_traceback_ends_with_the_place_in_the_text_that_is_at_fault() -> None:
    for asked, place in [
        (lambda: gradient("tr(A B)", "A", "A: m×n, B: k×m"), "expression\n  1 | tr(A B)"),
        (lambda: gradient("x'x", "x", "x: m×m×m"), "declare\n  1 | x: m×m×m"),
        (lambda: check("x'x", "x", "2 x + A A", "A: m×n"), "claim\n  1 | 2 x + A A"),
        (lambda: gradient("x'x", "x y"), "wrt"),
    ]:
        with pytest.raises(MatdiffError) as caught:
            asked()
        assert caught.value.__notes__[0].startswith(f"{caught.value.code} in {place}")


def test_code_that_a_gradient_has_not_is_refused() -> None:
    answer = gradient("norm(A x)^2", "x")
    for asked in ("operator", "structured"):
        with pytest.raises(
            MatdiffError, match=f"^{asked} is of the code for a Jacobian or Hessian"
        ):
            answer.code(**{asked: True})
    assert answer.code(assume="m >> n") == answer.code(assume=["m >> n"])
    with pytest.raises(MatdiffError, match="different things"):
        hessian("norm(A x)^2", "x").code(operator=True, structured=True)


def test_threads_get_the_answers_that_one_gets() -> None:
    def asked(i: int) -> tuple[str, str]:
        answer = jacobian(f"tanh(A x + {i} y)", "x", "A: m×n, x: n, y: m")
        verdict = check("logdet(I + X'X)", "X", "2 (I + X X')^-1 X", seed=i)
        return answer.text, verdict.evidence

    alone = [asked(i) for i in range(4)]
    found: list[list[tuple[str, str]]] = []
    threads = [
        threading.Thread(target=lambda: found.append([asked(i) for i in range(4)]))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [alone] * 3


def test_the_names_are_listed() -> None:
    assert set(matdiff.__all__) <= set(dir(matdiff))
