"""Random index sums, against loops over their indices."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from numerics import SIZES, close, draw, value

from matdiff.normal.normalise import normalise
from matdiff.rendering import text
from matdiff.shapes import Environment, function_names, read
from matdiff.syntax import parse_declarations, parse_expression

DECLARED = "S: n×n, H: n×n, x: n, z: n, c: scalar"
# Scalars over the indices {0} and {1}: in the language, and as Python.
PARTS = [
    ("x[{0}]", "x[{0}]"),
    ("z[{1}]", "z[{1}]"),
    ("S[{0},{1}]", "S[{0},{1}]"),
    ("S[{0},{0}]", "S[{0},{0}]"),
    ("S[{0},:] z", "(S[{0}] @ z)"),
    ("(H x)[{1}]", "(H @ x)[{1}]"),
    ("c", "c"),
    ("2", "2"),
    ("x'z", "(x @ z)"),
    ("(Σ_k S[{0},k] H[k,{1}])", "(S @ H)[{0},{1}]"),
    ("‖S[{0},:] - x'‖", "np.linalg.norm(S[{0}] - x)"),
    ("‖S[:,{0}]‖^2", "(S[:,{0}] @ S[:,{0}])"),
    ("S[{0},:] H S[{1},:]'", "(S[{0}] @ H @ S[{1}])"),
    ("(Σ_k (x[k] - z[{0}])^2)", "sum((x - z[{0}])**2)"),
    ("(Σ_k (S[{0},k] - H[{1},k])^2)", "sum((S[{0}] - H[{1}])**2)"),
]
JOINTS = [
    ("{0} ({1})", "({0})*({1})"),
    ("({0} - {1})", "(({0}) - ({1}))"),
    ("({0})^2", "({0})**2"),
    ("exp(({0})/9)", "np.exp(({0})/9)"),
    ("({0})/(5 + ({1})^2)", "(({0})/(5 + ({1})**2))"),
    ("abs({0})", "abs({0})"),
]


def scalar(random: Random, depth: int) -> tuple[str, str]:
    """A random scalar over i and j, in the language and as Python."""
    if depth == 0:
        indices = random.sample("ij", 2)
        written, loops = random.choice(PARTS)
        return written.format(*indices), loops.format(*indices)
    sides = [scalar(random, depth - 1), scalar(random, random.randrange(depth))]
    written, loops = random.choice(JOINTS)
    return written.format(*(s[0] for s in sides)), loops.format(*(s[1] for s in sides))


@pytest.mark.parametrize("seed", range(60))
def test_a_random_sum_has_the_value_of_its_loops(seed: int) -> None:
    random = Random(seed)
    environment = Environment()
    environment.declare(parse_declarations(DECLARED))
    for _ in range(5):
        written, loops = scalar(random, random.randrange(4))
        indexed = f"Σ_{{i,j}} x[i] z[j] ({written})"
        tree = parse_expression(indexed, declared=environment.names, functions=function_names())
        found = read(tree, environment).expression
        symbols = [variable.symbol for variable in environment.variables.values()]
        values = {node: abs(drawn) for node, drawn in draw(*symbols, seed=seed).items()}
        names = {text(node): drawn.squeeze() for node, drawn in values.items()}
        names |= {"np": np, "sum": sum, "N": range(SIZES["n"])}
        expected = eval(f"sum(x[i]*z[j]*({loops}) for i in N for j in N)", names)
        for form in (found, normalise(found)):
            assert close(value(form, values), np.full((1, 1), expected), 1e-8), indexed
