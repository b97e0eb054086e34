"""What an expert would write: forms that are looked for in the source, and their values.

The derivatives are held against differences of the formula's own value, which the records compute
node by node; nothing of that is emitted.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import pytest
from kernel_cases import SIZES, expected

from matdiff import gradient, hessian, jacobian
from matdiff.api import Formula
from matdiff.emission import Result, source

ASKED = {"gradient": gradient, "jacobian": jacobian, "hessian": hessian}


def arrays(formula: Formula) -> dict[str, np.ndarray]:
    """Values of the variables, two axes each."""
    draw = np.random.default_rng(0)
    found = {}
    for variable in formula._answer.reading.environment.variables.values():
        value = draw.uniform(0.2, 1, [side.at(SIZES) for side in variable.shape])
        if "spd" in variable.symbol.parameters[1:] or variable.name in ("S", "T"):
            value = value @ value.T + np.eye(len(value))
        found[variable.name] = value
    return found


def differences(formula: Formula, wrt: str, values: dict[str, np.ndarray]) -> np.ndarray:
    """A column for each entry of the variable, of the value or of the gradient."""
    asked = formula._answer.kind
    node = formula._answer.reading.expression
    if asked == "hessian":
        node = gradient(*formula._question[1:4])._derivative.formula
    columns = []
    for j in range(values[wrt].shape[1]):
        for i in range(values[wrt].shape[0]):
            step = np.zeros_like(values[wrt])
            step[i, j] = 1e-5
            up, down = (expected(node, {**values, wrt: values[wrt] + s}) for s in (step, -step))
            columns.append(((up - down) / 2e-5).ravel(order="F"))
    found = np.array(columns).T
    return found.reshape(values[wrt].shape, order="F") if asked == "gradient" else found


PROBLEMS = [
    # kind, expression, variable, declarations, what stands in the source, what does not
    ("gradient", "norm((I - ones(m,m)/m) X)^2", "X", "X: m×n",
     r"X\.sum\(axis=0\)", r"np\.(ones|full|eye)"),
    ("gradient", "tr(A (I - ones(n,n)/n) B (I - ones(n,n)/n))", "A", "A: n×n, B: n×n",
     r"B\.sum", r"@|np\.(ones|full|eye)"),
    ("gradient", "norm(x[2:n] - x[1:n-1])^2", "x", "x: n", r"np\.block", r"np\.eye|@"),
    ("gradient", "x[2]^2 + x'x", "x", "x: n", r"np\.block", r"np\.eye"),
    ("jacobian", "x/norm(x)^3", "x", "x: n", r"np\.sqrt", r"np\.sqrt\(.*np\.sqrt"),
    ("gradient", "norm(A x - b)^4", "x", "A: m×n, x: n, b: m", r"@", r"np\.sqrt"),
    ("gradient", "(z - H x)'inv(S)(z - H x)", "S", "S: m×m spd, H: m×n, x: n, z: m",
     r"@", r"H @ x.*H @ x|- z"),
    ("gradient", "b'inv(diag(d) + U V') c", "d", "d: n, U: n×p, V: n×p, b: n, c: n",
     r"solve\(t\d, c\).*solve\(t\d\.T, b\)", r"copy|inv\("),
    ("gradient", "b'inv(I + A) c", "A", "A: n×n, b: n, c: n", r"solve", r"inv\("),
    ("gradient", "y'inv(S⊗T) y", "y", "S: m×m spd, T: n×n spd, y: m*n", r"solve", r"inv\(|kron"),
    ("gradient", "tr(S - S H'inv(H S H' + T) H S)", "S", "S: n×n spd, T: m×m spd, H: m×n",
     r"solve", r"inv\("),
    ("gradient", "tr(A'X)^2 + tr(B X)^2", "X", "A: m×n, B: n×m, X: m×n",
     r"np\.vdot\(A, X\).*|einsum", r"vdot\(\w+\.T"),
    ("gradient", "tr(inv(S) T)^2", "S", "S: n×n spd, T: n×n symmetric", r"vdot", r"\.T\b"),
    ("gradient", "μ'w - g w'S w", "w", "μ: n, w: n, S: n×n spd, g: scalar", r" - ", r"\+ -"),
    ("gradient", "norm(L (a - b))^2 - norm(L (b - a) + L c)^2", "L", "L: m×n, a: n, b: n, c: n",
     r"@", r"\(b - a\).*\(a - b\)"),
    ("hessian", "sum(sqrt((x[2:n] - x[1:n-1]).^2 + ones(n-1)))", "x", "x: n", r"block", r"@"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "expression", "wrt", "declared", "has", "has_not"),
    PROBLEMS,
    ids=lambda part: str(part)[:24],
)
def test_forms(kind: str, expression: str, wrt: str, declared: str, has: str, has_not: str) -> None:
    formula = ASKED[kind](expression, wrt, declared, structure="free")
    written = formula.numpy
    body = " ".join(written.partition('"""\n    if not (')[2].split("from None")[-1].split())
    assert re.search(has, body), body
    assert not re.search(has_not, body), body
    values = arrays(formula)
    environment = formula._answer.reading.environment.variables
    space: dict[str, Any] = {}
    exec(compile(written, "emitted", "exec"), space)
    _, parameters = source([Result(formula._derivative.formula)], variables=[*environment.values()])
    given = {
        parameter: float(values[name][0, 0])
        if environment[name].symbol.is_scalar
        else values[name][:, 0]
        if environment[name].is_vector
        else values[name]
        for parameter, name in parameters.items()
    }
    before = {name: np.array(value, copy=True) for name, value in given.items()}
    got = np.asarray(space[kind](**given))
    assert all(np.array_equal(before[name], value) for name, value in given.items())
    right = differences(formula, wrt, values)
    assert np.allclose(got.reshape(right.shape), right, rtol=1e-6, atol=1e-7), body
