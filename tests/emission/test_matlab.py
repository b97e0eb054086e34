"""Emitted MATLAB, run by Octave: its values, its errors, its text.

`python tests/emission/test_matlab.py` runs the whole corpus and prints the counts.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

import numpy as np
import pytest
from corpus import COLLECTIONS, FURTHER, ask, load, readable
from kernel_cases import argument, arrays, expected, expressions, kernels, reads
from octave import OCTAVE, Call, run
from records import OF_EVERY_KIND, arguments_of, built, samples

from matdiff.dimensions import ONE, Dimension
from matdiff.emission import Result, source
from matdiff.emission.matlab import MATLAB
from matdiff.operations.algebra import HALF, Expression, symbol, symbol_name

NEAR = 1e-10  # of the largest entry
Cases = dict[str, tuple[Call, np.ndarray]]

runs_octave = pytest.mark.skipif(OCTAVE is None, reason="octave-cli is not installed")


def case(name: str, node: Expression, values: dict[str, np.ndarray]) -> tuple[Call, np.ndarray]:
    written, parameters = source([Result(node)], target="matlab", name=name)
    assert written.isascii()
    assert max(map(len, written.splitlines())) <= 120, written
    given = [argument(node, meant, values) for meant in parameters.values()]
    return Call(name, written, given), expected(node, values)


def cases_of_kernels() -> Iterator[tuple[str, tuple[Call, np.ndarray]]]:
    for i, (formula, node) in enumerate(expressions().items()):
        yield formula, case(f"kernel{i}", node, arrays(node, i))


def cases_of_records() -> Iterator[tuple[str, tuple[Call, np.ndarray]]]:
    for i, record in enumerate(OF_EVERY_KIND):
        arguments = arguments_of(record)
        node = built(record, arguments)
        values = {symbol_name(a): array for a, array in samples(record, arguments).items()}
        yield record.name, case(f"record{i}", node, values)


def derived(every: int) -> Iterator[tuple[str, tuple[Call, np.ndarray]]]:
    """Problems of the corpus, held against the numpy target."""
    for problem in list(load(collections=COLLECTIONS + FURTHER))[::every]:
        problem = readable(problem)
        formula, name = ask(problem).formula, f"f_{problem.id.replace('-', '_')}"
        space: dict[str, Any] = {}
        written, parameters = source([Result(formula)], name=name)
        exec(compile(written, name, "exec"), space)
        values = problem.values(0)
        vectors = {v for v, shape in problem.entry["vars"].items() if len(shape) == 1}
        given = {
            parameter: values[v].ravel() if v in vectors else values[v]
            for parameter, v in parameters.items()
        }
        with np.errstate(all="ignore"):
            value = np.asarray(space[name](**given))
        text, _ = source([Result(formula)], target="matlab", name=name)
        matrix = value.reshape(-1, 1) if value.ndim < 2 else value
        yield problem.id, (Call(name, text, list(given.values())), matrix)


def wrong(cases: Cases, folder: Path) -> dict[str, str]:
    """What does not come out as it should."""
    found = {}
    results = run([call for call, _ in cases.values()], folder)
    for (name, (call, value)), got in zip(cases.items(), results, strict=True):
        if isinstance(got, str):
            found[name] = got
        elif got.shape != value.shape:
            found[name] = f"{got.shape}, not {value.shape}\n{call.source}"
        elif not np.allclose(got, value, rtol=0, atol=NEAR * (np.max(np.abs(value)) or 1)):
            found[name] = f"{got}, not {value}\n{call.source}"
    return found


@runs_octave
def test_every_kernel_every_record_and_problems_of_the_corpus(tmp_path: Path) -> None:
    cases = dict([*cases_of_kernels(), *cases_of_records(), *derived(12)])
    assert wrong(cases, tmp_path) == {}


@runs_octave
def test_random_formulas(random_formula: Callable[[int], Expression], tmp_path: Path) -> None:
    nodes = {str(seed): random_formula(seed) for seed in range(0, 400, 4)}
    cases = {}
    for seed, node in nodes.items():
        with np.errstate(all="ignore"):
            call, value = case(f"seed{seed}", node, arrays(node, int(seed)))
        if np.all(np.isfinite(value)):
            cases[seed] = (call, value)
    assert len(cases) > 90
    assert wrong(cases, tmp_path) == {}


def test_the_formulas_use_every_kernel() -> None:
    used = set().union(*map(kernels, expressions().values()))
    assert used >= {*MATLAB.kernels, *MATLAB.writers}


def product() -> Expression:
    m, n = Dimension.of("m"), Dimension.of("n")
    c, A, x = symbol("c", ONE, ONE), symbol("A", m, n), symbol("x", n, ONE)
    return c * (A @ x)


@runs_octave
def test_shapes_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    text, parameters = source([Result(product())], target="matlab", name="f")
    assert list(parameters) == ["c", "A", "x"]
    wanted = "error matdiff:shape expected c: scalar, A: m-by-n, x: n-by-1; got "
    given = {
        "c: [1 1], A: [2 3], x: [4 1]": [1.0, np.ones((2, 3)), np.ones(4)],
        "c: [1 1], A: [2 3], x: [1 3]": [1.0, np.ones((2, 3)), np.ones((1, 3))],
        "c: [1 3], A: [2 3], x: [3 1]": [np.ones((1, 3)), np.ones((2, 3)), np.ones(3)],
    }
    got = run([Call("f", text, arguments) for arguments in given.values()], tmp_path)
    assert [f"error {message}" for message in got] == [wanted + each for each in given]


@runs_octave
def test_whole_and_single_numbers(tmp_path: Path) -> None:
    text, _ = source([Result(HALF * product())], target="matlab", name="f")
    calls = [
        Call("f", text, ["int32(3)", "int8([1, 2])", "int8([1; 1])"]),
        Call("f", text, ["true", "[true, false]", "[1; 1]"]),
        Call("g", "function r = g(varargin)\n  r = double(isa(f(varargin{:}), 'single'));\nend\n",
             ["3", "single([1, 2])", "single([1; 1])"]),
    ]  # fmt: skip
    assert [value.item() for value in run(calls, tmp_path) if not isinstance(value, str)] == [
        4.5, 0.5, 1,
    ]  # fmt: skip


def test_names_are_legal_and_told_apart() -> None:
    n, long = Dimension.of("n"), "x" * 70
    names = ["σ", "sigma", "_a", "v_a", "end", "sum", "result", "t1", long + "1", long + "2"]
    total = symbol("M", n, n)
    for name in names:
        total = symbol(name, ONE, ONE) * total
    _, parameters = source([Result(total)], target="matlab", name="f")
    assert sorted(parameters.values()) == sorted([*names, "M"])
    assert all(name[0].isalpha() and len(name) <= 63 for name in parameters)
    assert not {"end", "sum", "result", "f"} & set(parameters)


@runs_octave
def test_functions_that_nobody_defined_are_handles(tmp_path: Path) -> None:
    node = reads("f: elementwise, x: n", "sum(f(x))")
    text, parameters = source([Result(node)], target="matlab", name="g")
    given = {"x": np.arange(3.0), "f": "@(x) x.^2"}
    (got,) = run([Call("g", text, [given[meant] for meant in parameters.values()])], tmp_path)
    assert not isinstance(got, str) and got.item() == 5


def test_templates_call_only_names_that_no_parameter_has() -> None:
    templates = [*MATLAB.kernels.values()]
    templates += [r.notation.code.get("matlab", "") for r in OF_EVERY_KIND]
    assert called_in(templates) <= MATLAB.reserved


def called_in(templates: list[str]) -> set[str]:
    """The names in templates, but for slots, fields and strings."""
    word = re.compile(r"(?<![\w}.{'])[A-Za-z]\w*\b(?!')")
    return {name for text in templates for name in word.findall(text)}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        problems = dict(derived(1))
        bad = wrong(problems, Path(place))
    print(f"{len(problems) - len(bad)} of {len(problems)} problems right")
    for each, reason in bad.items():
        print(each, reason)
