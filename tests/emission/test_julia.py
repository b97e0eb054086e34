"""Emitted Julia.  There is no Julia here to run it: a grammar of Julia reads it, and what stands in
it is evaluated by the rules of Julia's manual (julia_subset.py), which the formulas' own values and
the numpy target are held against.

`python tests/emission/test_julia.py` does so for the whole corpus and prints the counts.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from corpus import COLLECTIONS, FURTHER, ask, load, readable
from julia_subset import JuliaError, function
from kernel_cases import (
    DECLARED,
    argument,
    arrays,
    expected,
    expressions,
    is_vector,
    kernels,
    reads,
)
from records import OF_EVERY_KIND, arguments_of, built, samples

from matdiff.dimensions import ONE, Dimension
from matdiff.emission import Result, source
from matdiff.emission.julia import JULIA, KEYWORDS, NAMES
from matdiff.errors import DomainProblem
from matdiff.operations.algebra import Expression, symbol, symbol_name

REFUSED = ["erf"]  # in Julia it stands in a package of its own
FOREIGN = re.compile(r"\bnp\.|\*\*|//|\.T\b|@|\bdef\b|\bNone\b|\.'|;$", re.MULTILINE)
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_WORD = re.compile(r"(?<![\w.$])[^\W\d]\w*")

reads_julia = pytest.mark.skipif(
    find_spec("tree_sitter_julia") is None, reason="no grammar of Julia is installed"
)


def program(node: Expression, name: str = "f") -> str:
    written, _ = source([Result(node)], target="julia", name=name)
    return written


def statements(text: str) -> list[str]:
    """The lines after the arguments are converted."""
    lines = [line.strip() for line in text.splitlines()]
    (end,) = (i for i, line in enumerate(lines) if line == "end" and i == len(lines) - 1)
    converted = re.compile(r"Float = |\w+ = (convert|vec|Float)\(")
    start = max(i for i, line in enumerate(lines) if converted.match(line))
    return lines[start + 1 : end]


def without_strings(text: str) -> str:
    code = text[text.index("\nfunction ") :]
    return _STRING.sub('""', code)


def well_formed(text: str) -> None:
    """Brackets closed in order, one function with its end, every name known."""
    assert text.startswith('using LinearAlgebra\n\n"""\n')
    assert text.count('"""') == 2 and max(map(len, text.splitlines())) <= 120
    code = without_strings(text)
    open_brackets = []
    for sign in code:
        if sign in "([{":
            open_brackets.append(sign)
        elif sign in ")]}":
            assert open_brackets.pop() + sign in ("()", "[]", "{}")
    assert not open_brackets and not FOREIGN.search(code)
    blocks = re.findall(r"^\s*(function|if|end)\b", code, re.MULTILINE)
    assert blocks.count("end") == len(blocks) - blocks.count("end")
    assert blocks[0] == "function" and code.endswith("\nend\n")
    signature, _, body = code.strip().partition(")\n")
    known = {*_WORD.findall(signature), *NAMES, *KEYWORDS, "f", "dims"}
    for line in body.splitlines():
        left, _, right = line.strip().partition(" = ")
        is_assignment = right and re.fullmatch(r"[\w, ]+", left) is not None
        bound = set(re.findall(r"(?:for|,) (\w+) in ", line))
        assert set(_WORD.findall(right if is_assignment else line)) <= known | bound, line
        known |= set(_WORD.findall(left)) if is_assignment else set()


def rank(node: Expression) -> int:
    return 0 if node.is_scalar else 1 if is_vector(node) else 2


def evaluated(node: Expression, values: dict[str, np.ndarray]) -> Any:
    written, parameters = source([Result(node)], target="julia", name="f")
    given = [argument(node, meant, values) for meant in parameters.values()]
    return function(written)(*given)


def agrees(node: Expression, values: dict[str, np.ndarray]) -> None:
    """The value of the emitted code, as a number, a vector or a matrix."""
    got, value = np.asarray(evaluated(node, values), float), expected(node, values)
    assert got.ndim == rank(node), program(node)
    close = np.allclose(got.reshape(value.shape), value, rtol=1e-10, atol=1e-12)
    assert close or not np.all(np.isfinite(value)), program(node)


@reads_julia
def test_every_kernel_gives_its_value() -> None:
    for i, node in enumerate(expressions().values()):
        agrees(node, arrays(node, i))


@reads_julia
def test_every_record_gives_its_value() -> None:
    for record in OF_EVERY_KIND:
        if record.name not in REFUSED:
            arguments = arguments_of(record)
            values = samples(record, arguments)
            agrees(built(record, arguments), {symbol_name(a): v for a, v in values.items()})


@reads_julia
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_random_formulas(random_formula: Callable[[int], Expression]) -> None:
    for seed in range(1, 400, 4):
        agrees(random_formula(seed), arrays(random_formula(seed), seed))


def differing(every: int) -> tuple[int, list[str]]:
    """Problems of the corpus whose derivative comes out otherwise than in numpy, and how many there
    are in all."""
    bad, problems = [], list(load(collections=COLLECTIONS + FURTHER))[::every]
    for problem in map(readable, problems):
        formula, values = ask(problem).formula, problem.values(0)
        kinds = {name: len(shape) for name, shape in problem.entry["vars"].items()}
        given = {
            name: value if np.ndim(value) == 0 or kinds[name] == 2
            else value.ravel() if kinds[name] else value.item()
            for name, value in values.items()
        }  # fmt: skip
        space: dict[str, Any] = {}
        written, parameters = source([Result(formula)], name="f")
        exec(compile(written, problem.id, "exec"), space)
        with np.errstate(all="ignore"):
            value = np.asarray(space["f"](**{p: given[name] for p, name in parameters.items()}))
            written, parameters = source([Result(formula)], target="julia", name="f")
            got = np.asarray(function(written)(*(given[name] for name in parameters.values())))
        scale = float(np.max(np.abs(value), initial=0.0)) or 1.0
        if got.shape != value.shape or not np.allclose(got, value, rtol=0, atol=1e-10 * scale):
            bad.append(problem.id)
    return len(problems), bad


@reads_julia
def test_problems_of_the_corpus() -> None:
    assert differing(every=10)[1] == []


@reads_julia
def test_what_julia_would_not_take_is_seen() -> None:
    text = program(reads(DECLARED, "A x + c z"))
    assert "return A * x .+ c .* z" in text
    A, x, c, z = np.ones((2, 3)), np.ones(3), 2.0, np.ones(2)
    assert function(text)(A, x, c, z).tolist() == [5, 5]
    wrong = ["A * x + c", "x * A", "A' * x", "x .* A", "exp(x)", "A[3, 1]", "x'", "1 / x", "A x"]
    for changed in wrong:
        with pytest.raises(JuliaError):
            function(text.replace("A * x .+ c .* z", changed))(A, x, c, z)
    with pytest.raises(JuliaError, match="expected A: m×n, x: n, z: m"):
        function(text)(A, z, c, z)
    with pytest.raises(JuliaError, match="no method"):
        function(text)(A, np.ones((3, 1)), c, z)


def test_the_formulas_use_every_kernel() -> None:
    used = set().union(*map(kernels, expressions().values()))
    assert used >= {*JULIA.kernels, *JULIA.writers}


def test_every_kernel_is_well_formed() -> None:
    for node in expressions().values():
        well_formed(program(node))


def test_every_record_is_well_formed_or_refused() -> None:
    refused = []
    for record in OF_EVERY_KIND:
        try:
            well_formed(program(built(record, arguments_of(record))))
        except DomainProblem as problem:
            assert problem.code == "MX627" and problem.hint
            refused.append(record.name)
    assert refused == REFUSED


@pytest.mark.parametrize(
    ("formula", "lines"),
    [
        ("c S + 2 T - I", ["return c .* S .+ 2 .* T - I"]),
        ("S + diag(x)", ["return S + Diagonal(x)"]),
        ("diag(x) S diag(y)", ["return x .* S .* y'"]),
        ("x y'", ["return x .* y'"]),
        ("x'S y", ["return dot(x, S * y)"]),
        ("x'S", ["return reshape(S' * x, 1, :)"]),
        ("S'x - y", ["return S' * x .- y"]),
        ("A'", ["return permutedims(A)"]),
        ("A:B", ["return dot(A, B)"]),
        ("inv(S)'x", ["return S' \\ x"]),
        ("inv(T) C", ["return cholesky(Symmetric(T)) \\ C"]),
        ("logdet(T)", ["return logdet(cholesky(Symmetric(T)))"]),
        ("logdet(S)", ["return logabsdet(S)[1]"]),
        ("diag(S T)", ["return vec(sum(S .* T', dims = 2))"]),
        ("vec(A)", ["return vec(A)"]),
        ("vec(A')", ["return vec(permutedims(A))"]),
        ("unvec(v, n, q)", ["return reshape(v, n, q)"]),
        ("(A⊗E') vec(unvec(d, p, n))", ["return vec(permutedims(A * reshape(d, p, n)' * E))"]),
        ("K(m, n) vec(A)", ["return vec(permutedims(A))"]),
        ("A[2, :]'", ["return A[2, :]"]),
        ("x[2:3]", ["return x[2:3]"]),
        ("[A, z]", ["return hcat(A, z)"]),
        ("[A, B; S, T]", ["return hvcat((2, 2), A, B, S, T)"]),
        ("n exp(x)", ["return Float(n) .* exp.(x)"]),
        ("x/2 - y", ["return Float(0.5) .* x .- y"]),
        ("c/3", ["return c / 3"]),
        ("sqrt(2) x", ["return sqrt(Float(2)) .* x"]),
        ("A.^3", ["return A .* (A .* A)"]),
        ("abs(x).^c", ["return abs.(x) .^ c"]),
        ("softplus(x)", ["return max.(x, 0) .+ log1p.(exp.(-abs.(x)))"]),
        ("c zeros(n)", ["return zeros(Float, n)"]),
    ],
)  # fmt: skip
def test_what_is_emitted(formula: str, lines: list[str]) -> None:
    assert statements(program(reads(DECLARED, formula))) == lines


def test_shapes_and_types_of_the_arguments() -> None:
    text = program(reads(DECLARED, "c A x"))
    assert "function f(c::Real, A::AbstractMatrix{<:Real}, x::AbstractVector{<:Real})" in text
    assert "    m, n = size(A)\n    if !(size(x) == (n,))\n" in text
    assert (
        'throw(DimensionMismatch("expected A: m×n, x: n; got A: $(size(A)), x: $(size(x))"))'
        in (text)
    )
    # the arrays decide in which precision is computed
    assert "    Float = float(promote_type(eltype(A), eltype(x)))\n" in text
    assert "    c = Float(c)\n" in text
    assert "Float = float(promote_type(typeof(c)))" in program(reads("c: scalar", "c/3"))
    sized = program(reads("c: scalar", "c ones(m, n)"))
    assert "function f(c::Real; m::Integer, n::Integer)" in sized


def test_text_of_the_summary_is_escaped() -> None:
    node = symbol("x", Dimension.of("n"), ONE)
    text, _ = source([Result(node)], target="julia", name="f", summary='a """ $(run(`x`)) \\ b')
    assert r"a \"\"\" \$(run(`x`)) \\ b" in text


def test_names_are_legal_and_told_apart() -> None:
    n = Dimension.of("n")
    names = ["σ", "sigma", "_", "__", "end", "I", "Float", "dot", "t1"]
    total = symbol("M", n, n)
    for name in names:
        total = symbol(name, ONE, ONE) * total
    _, parameters = source([Result(total)], target="julia", name="f")
    assert sorted(parameters.values()) == sorted([*names, "M"])
    assert all(re.fullmatch(r"[A-Za-z]\w*", name) for name in parameters)
    assert not {"end", "I", "Float", "dot", "f"} & set(parameters)


def test_functions_that_nobody_defined_are_broadcast() -> None:
    text = program(reads("φ: elementwise, x: n", "sum(φ(x))"))
    assert "return sum(phi.(x))" in text and "- `phi`: a function scalar → scalar" in text


if __name__ == "__main__":
    count, wrong = differing(every=1)
    print(f"{count - len(wrong)} of {count} problems as in numpy", *wrong)
