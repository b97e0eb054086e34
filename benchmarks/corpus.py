"""The problems of tests/corpus, and a judge of what matdiff answers to them.

An answer is right if the NumPy source that matdiff emits for it agrees, at random points of two
sets of sizes, with differences of the problem's own function.  An answer's length is the number of
names, numbers and operators in it, `where` parts included; a human's formula is counted the same.
"""

from __future__ import annotations

import json
import re
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from references import Values, jacobian, matrix, run, sample

from matdiff.derivatives import Derivative, derive
from matdiff.dimensions import Shape
from matdiff.emission import numpy_source
from matdiff.errors import MatdiffError, ShapeProblem
from matdiff.operations.algebra import Expression
from matdiff.rendering import text, tokens
from matdiff.shapes import Environment, function_names, read
from matdiff.syntax import parse_declarations, parse_expression

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "corpus"
COLLECTIONS = ("cookbook", "mathse", "peers", "textbook")
FURTHER = ("further",)  # written down by the authors, after the rules were made for the others
TOLERANCE = 1e-6  # of the largest entry
TRIALS = 2


class Problem:
    """One line of a collection; the keys are described in tests/corpus/README.md."""

    __slots__ = ("collection", "entry", "id", "kind")

    def __init__(self, collection: str, entry: dict[str, Any]) -> None:
        self.collection, self.entry = collection, entry
        self.id: str = entry["id"]
        self.kind: str = entry.get("kind", "gradient")

    @property
    def declarations(self) -> str:
        """`A : n×n spd, x : n`."""
        properties = self.entry.get("assume", {})
        return ", ".join(
            " ".join([f"{name} : {_shape_text(shape)}", *properties.get(name, [])])
            for name, shape in self.entry["vars"].items()
        )

    def values(self, trial: int) -> Values:
        """A value for each variable and an integer for each dimension, always the same ones."""
        generator = np.random.default_rng(zlib.crc32(self.id.encode()) + trial)
        shapes, properties = self.entry["vars"], self.entry.get("assume", {})
        names = sorted({d for shape in shapes.values() for d in shape if isinstance(d, str)})
        drawn = generator.permutation(np.arange(2, 2 + max(len(names), 3)))
        sizes = {name: int(size) for name, size in zip(names, drawn, strict=False)}
        sizes |= self.entry.get("sizes", {})
        values: Values = {}
        for name, shape in shapes.items():
            sides = [sizes[d] if isinstance(d, str) else d for d in shape]
            values[name] = sample(sides, properties.get(name, []), generator)
        return sizes | values

    def reference(self, values: Values) -> np.ndarray:
        """The derivative at a point, in the layout of the corpus, by differences."""
        wrt = self.entry["wrt"]
        source = self.entry["gradient"] if self.kind == "hessian" else self.entry["f"]
        J = jacobian(source, wrt, values)
        return J.reshape(matrix(values[wrt]).shape, order="F") if self.kind == "gradient" else J


def load(only: str | None = None, collections: tuple[str, ...] = COLLECTIONS) -> Iterator[Problem]:
    """All problems, or the one with this id."""
    for collection in collections:
        for line in (FOLDER / f"{collection}.jsonl").read_text(encoding="utf-8").splitlines():
            problem = Problem(collection, json.loads(line))
            if only in (None, problem.id):
                yield problem


def _shape_text(shape: list[int | str]) -> str:
    return "×".join(map(str, shape)) or "scalar"


class Outcome:
    """What matdiff made of a problem.

    `verdict` is right, wrong, refused, or crashed if something else than a refusal was raised;
    `ours` and `human` are formulas, the lengths in tokens; `seconds` the time of the derivation;
    `reason` says why the answer is not right.
    """

    __slots__ = (
        "human", "human_length", "length", "ours", "problem", "reason", "seconds", "verdict",
    )  # fmt: skip

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.human: str = problem.entry["answer"]
        self.human_length = length(self.human)
        self.verdict, self.reason, self.ours = "right", "", ""
        self.length, self.seconds = 0, 0.0

    @property
    def no_longer(self) -> bool:
        """Whether the answer is right and no longer than the human's."""
        return self.verdict == "right" and self.length <= self.human_length


def environment(problem: Problem) -> Environment:
    """The names that the problem declares."""
    known = Environment()
    for declaration in parse_declarations(problem.declarations):
        known.declare(declaration)
    return known


def expression(text: str, known: Environment, expected: Shape | None = None) -> Expression:
    """A formula of the corpus, of the shape it has to have."""
    tree = parse_expression(text, declared=known.names, functions=function_names())
    return read(tree, known, expected=expected).expression


def pinned(problem: Problem) -> Problem:
    """The problem with the sizes it pins in place of their names, as a person with those sizes
    would type it: some problems say only so that q is n·p."""
    sizes = {name: str(size) for name, size in problem.entry["sizes"].items()}
    word = re.compile(rf"\b({'|'.join(sizes)})\b")

    def put(formula: str) -> str:
        return word.sub(lambda found: sizes[found.group()], formula)

    entry = dict(problem.entry)
    entry["vars"] = {
        name: [int(sizes.get(str(side), 0)) or side for side in shape]
        for name, shape in entry["vars"].items()
    }
    entry["expr"], entry["answer"] = put(entry["expr"]), put(entry["answer"])
    entry["wrong"] = [dict(wrong, answer=put(wrong["answer"])) for wrong in entry.get("wrong", [])]
    return Problem(problem.collection, entry)


def readable(problem: Problem) -> Problem:
    """The problem, with its pinned sizes put in where it cannot be read without."""
    try:
        expression(problem.entry["expr"], environment(problem))
    except ShapeProblem:
        return pinned(problem) if "sizes" in problem.entry else problem
    return problem


def ask(problem: Problem) -> Derivative:
    """matdiff's answer."""
    known = environment(problem)
    # the corpus varies all entries of the variable, whatever is assumed of its values
    return derive(
        problem.kind,
        expression(problem.entry["expr"], known),
        known.variables[problem.entry["wrt"]].symbol,
        structure="free",
    )


def attempt(problem: Problem) -> Outcome:
    """Ask matdiff and judge the answer."""
    problem = readable(problem)
    outcome = Outcome(problem)
    begin = time.perf_counter()
    try:
        derivative = ask(problem)
        outcome.seconds = time.perf_counter() - begin
        outcome.ours = written(derivative)
        outcome.length = length(outcome.ours)
        outcome.reason = objection(problem, derivative)
        outcome.verdict = "wrong" if outcome.reason else "right"
    except MatdiffError as error:
        outcome.verdict, outcome.reason = "refused", f"{error.code} {error.message}"
    except Exception as error:
        outcome.verdict, outcome.reason = "crashed", f"{type(error).__name__}: {error}"
    return outcome


def written(derivative: Derivative) -> str:
    """The formula as it is printed, with its named parts."""
    parts = ", ".join(f"{name} = {text(part)}" for name, part in derivative.where)
    formula = text(derivative.printed)
    return f"{formula} where {parts}" if parts else formula


def length(formula: str) -> int:
    """Tokens of a formula; the word that begins its parts is none."""
    return sum(tokens(part) for part in formula.split(" where "))


def objection(problem: Problem, derivative: Derivative) -> str:
    """Why the emitted source does not compute the derivative, or nothing if it does."""
    source, arguments = numpy_source(derivative.formula, name=problem.kind)
    module: Values = {}
    exec(source, module)
    for trial in range(TRIALS):
        values = problem.values(trial)
        with np.errstate(all="ignore"):
            reference = problem.reference(values)
            given = {name: _given(problem, meant, values) for name, meant in arguments.items()}
            result = matrix(module[problem.kind](**given))
        if result.shape != reference.shape:
            return f"the shape is {result.shape}, not {reference.shape}"
        scale = float(np.max(np.abs(reference)))
        error = float(np.max(np.abs(result - reference)))
        if not error <= TOLERANCE * (scale or 1e-3):
            return f"an entry is off by {error:.1e}, the largest is {scale:.1e}"
    return ""


def _given(problem: Problem, meant: str, values: Values) -> Any:
    """What the emitted function takes for a variable or dimension: a vector is one-dimensional."""
    value = values[meant]
    return value.ravel() if len(problem.entry["vars"].get(meant, ())) == 1 else value


def human_value(problem: Problem, trial: int) -> np.ndarray:
    """The human's own formula at a point, by its NumPy source."""
    return run(problem.entry["answer_np"], problem.values(trial))
