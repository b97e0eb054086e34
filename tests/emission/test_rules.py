"""No rule changes a value: programs without it, and with it, on formulas that it is for."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from matdiff.emission import Result, source
from matdiff.emission.rules import ALL, Rule
from matdiff.operations import algebra, elementwise, linear, nonlinear
from matdiff.operations.algebra import SYMBOL, Expression, postorder, symbol, symbol_name

SIZES = {"m": 4, "n": 3, "p": 2}


def computed(formula: Expression, arrays: dict[str, Any], *left_out: Rule) -> Any:
    text, arguments = source([Result(formula)], left_out=left_out)
    space: dict[str, Any] = {}
    exec(compile(text, "emitted", "exec"), space)
    return space["derivative"](
        **{parameter: arrays[name] for parameter, name in arguments.items() if name in arrays},
        **{parameter: SIZES[name] for parameter, name in arguments.items() if name in SIZES},
    )


def arrays_of(v: SimpleNamespace) -> dict[str, Any]:
    random = np.random.default_rng(3)
    arrays = {}
    for node in vars(v).values():
        if isinstance(node, Expression) and node.operation.name == "symbol":
            shape = [side.at(SIZES) for side in node.shape]
            drawn = random.uniform(0.2, 1, shape)
            if len(set(shape)) == 1:
                drawn = drawn + 2 * np.eye(shape[0])
            arrays[symbol_name(node)] = drawn[:, 0] if shape[1] == 1 else drawn
            if shape == [1, 1]:
                arrays[symbol_name(node)] = float(drawn[0, 0])
    return arrays


# for each rule formulas that are written otherwise without it
FOR = {
    "kronecker": ["kron(S, T) @ vec(S)", "vec(T).T @ kron(S, T)", "commutation(n, n) @ vec(S)"],
    "by-parts": ["(diag(x) - x @ x.T) @ y", "S @ (c * identity(n) + 3 * (x @ y.T))"],
    "chains": ["S @ T @ S @ x", "A.T @ z @ x.T @ y"],
    "sums-of-products": ["trace(A.T @ B)", "diagonal(S @ T)", "total(A * B)", "trace(S @ T @ S)"],
    "scaling": ["diag(x) @ S", "S @ diag(x) @ T", "S + diag(x)"],
    "powers": ["power(A, number(3))", "power(A, number(5)) * B"],
    "solving": ["inverse(S) @ x", "x.T @ inverse(S) @ T"],
    "scalars": ["-(A.T @ z)", "c * (A @ x @ y.T)", "2 * kron(S, T)"],
    "sharing": ["A @ S @ T + B @ (S @ T)", "T @ S @ x + S @ (S @ x)"],
    "definite": ["inverse(P) @ x", "logdet(P)"],
    "constants": ["S + c * identity(n)", "A + 2 * ones(m, n)", "c * identity(n)"],
    "in-place": ["S @ T + S", "(A + B) * A"],
    "stable": ["log(1 + exp(c))", "log(total(exp(x)))", "log(det(S))", "log(ones(n) + x)"],
}


def names(v: SimpleNamespace) -> dict[str, Any]:
    found = {**vars(v), "commutation": algebra.commutation, "log": elementwise.log}
    found |= {"exp": elementwise.exp, "det": nonlinear.det, "logdet": nonlinear.logdet}
    found |= {"total": linear.total, "P": symbol("P", v.n, v.n, ["spd"])}
    return found


def test_every_rule_has_formulas_that_it_is_for() -> None:
    assert set(FOR) == {rule.name for rule in ALL}
    assert all(rule.summary and rule.worth and rule.instead_of for rule in ALL)


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.name)
def test_a_rule_changes_the_program_and_not_the_value(rule: Rule, v: SimpleNamespace) -> None:
    arrays = arrays_of(v)
    arrays["P"] = arrays["S"] @ arrays["S"].T
    changed = 0
    for written in FOR[rule.name]:
        formula = eval(written, names(v))
        with_it = source([Result(formula)])[0]
        without = source([Result(formula)], left_out=[rule])[0]
        changed += with_it != without
        expected = computed(formula, arrays, rule)
        assert np.allclose(computed(formula, arrays), expected, rtol=1e-12), written
    assert changed or rule.name == "sharing", "the rule does nothing for these formulas"


@pytest.mark.parametrize("start", range(0, 120, 40))
def test_random_formulas_without_each_rule(
    start: int, random_formula: Callable[[int], Expression]
) -> None:
    random = np.random.default_rng(start)
    with np.errstate(all="ignore"):
        for seed in range(start, start + 40):
            formula = random_formula(seed)
            arrays: dict[str, Any] = {}
            for node in postorder(formula):
                if node.operation is SYMBOL:
                    drawn = random.uniform(-1, 1, [side.at(SIZES) for side in node.shape])
                    arrays[symbol_name(node)] = drawn[:, 0] if drawn.shape[1] == 1 else drawn
                    if node.is_scalar:
                        arrays[symbol_name(node)] = float(drawn[0, 0])
            expected = computed(formula, arrays)
            rule = ALL[seed % len(ALL)]
            found = computed(formula, arrays, rule)
            assert np.allclose(found, expected, rtol=1e-7, equal_nan=True), (rule, formula)
