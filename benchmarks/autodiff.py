"""Emitted code for JAX and torch against their automatic differentiation, in one run.

For each problem of `handwritten.py` the value is written by hand in the peer's own functions and
differentiated by it: jax.grad, jax.jacrev and jacfwd, jax.hessian, all under jax.jit; torch.func's
grad, jacrev, jacfwd and hessian.  The figure is the best of the peer's times ÷ ours, medians of
runs in turn, once both agree.  `--peer torch` asks torch; a peer that is not installed is named.

Passes if ours is at least as fast as the best on every Jacobian and Hessian from n = 100, and under
jit never slower than jax.grad beyond the noise of 10 %; and if it reaches 50 times as fast on the
Jacobian of the Hadamard chain, 500 times on the Hessian of the masked factorisation and 10 000
times on its structured parts, which is at n = 100 or 400.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
from emitted import arguments_for, emitted_source, side_by_side, timed, us
from handwritten import LAYERS, PROBLEMS, Problem

from matdiff.session import Session

LARGEST = 2000  # columns of a dense result that autodiff is asked for
MOST_ENTRIES = 3e8  # of the arrays that it holds for all columns at once
BARS = {  # how many times as fast at one n of those from 100 on
    ("Hadamard chain, Jacobian", False): 50,
    ("masked factorisation, Hessian", False): 500,
    ("masked factorisation, Hessian", True): 10_000,
}
NOISE = 0.9  # of a time that is to be no longer than another


def _softplus(xp: Any, x: Any) -> Any:
    return xp.logaddexp(x, xp.zeros_like(x))


def _net(xp: Any, v: Mapping[str, Any]) -> Any:
    y = v["x"]
    for i in range(1, LAYERS + 1):
        y = xp.tanh(v[f"W_{i}"] @ y)
    return xp.sum(y)


def _softmax(xp: Any, x: Any) -> Any:
    e = xp.exp(x - x.max())
    return e / e.sum()


def _chain(xp: Any, v: Mapping[str, Any]) -> Any:
    return (v["A"] @ ((v["B"] @ ((v["X"] @ v["C"]) * v["D"])) * v["E"]) @ v["F"])[:, 0]


VALUES: dict[str, Callable[[Any, Mapping[str, Any]], Any]] = {
    "(A(B(X C)∘D)∘E)F": _chain,
    "softmax(x)": lambda xp, v: _softmax(xp, v["x"]),
    "sum(softplus(X w)) - y'X w": lambda xp, v: (
        xp.sum(_softplus(xp, v["X"] @ v["w"])) - v["y"] @ (v["X"] @ v["w"])
    ),
    "1/2 norm(M∘(U V' - R))^2": lambda xp, v: (
        0.5 * xp.sum((v["M"] * (v["U"] @ v["V"].T - v["R"])) ** 2)
    ),
    "x'A x": lambda xp, v: v["x"] @ (v["A"] @ v["x"]),
    "(x'A x)^2": lambda xp, v: (v["x"] @ (v["A"] @ v["x"])) ** 2,
    "(x'A x)^4": lambda xp, v: (v["x"] @ (v["A"] @ v["x"])) ** 4,
    "-1/2 logdet(S) - 1/2 x'S^-1 x": lambda xp, v: (
        -0.5 * xp.linalg.slogdet(v["S"])[1] - 0.5 * (v["x"] @ xp.linalg.solve(v["S"], v["x"]))
    ),
    "A X B": lambda xp, v: v["A"] @ v["X"] @ v["B"],
    "tr((X'C X)^-1 A)": lambda xp, v: xp.trace(xp.linalg.solve(v["X"].T @ v["C"] @ v["X"], v["A"])),
    "X^-1": lambda xp, v: xp.linalg.inv(v["X"]),
    "logdet(X)": lambda xp, v: xp.linalg.slogdet(v["X"])[1],
    "x'S^-1 x": lambda xp, v: v["x"] @ xp.linalg.solve(v["S"], v["x"]),
    "tr(A diag(x) B)": lambda xp, v: xp.trace((v["A"] * v["x"]) @ v["B"]),
    "norm(X w - y)^2": lambda xp, v: xp.sum((v["X"] @ v["w"] - v["y"]) ** 2),
}


class Jax:
    """JAX on the processor, in double precision, everything under jit."""

    name, target = "jax", "jax"

    def __init__(self) -> None:
        import jax

        jax.config.update("jax_enable_x64", True)
        self.jax, self.xp = jax, jax.numpy

    def array(self, value: Any) -> Any:
        return self.jax.device_put(value)

    def compiled(self, function: Callable[..., Any]) -> Callable[..., Any]:
        made = self.jax.jit(function)
        return lambda *given: self.jax.block_until_ready(made(*given))

    def derivatives(self, kind: str, value: Callable[..., Any]) -> list[Callable[..., Any]]:
        jax = self.jax
        if kind == "gradient":
            return [jax.grad(value)]
        if kind == "hessian":
            return [jax.hessian(value)]
        return [jax.jacrev(value), jax.jacfwd(value)]

    def along(self, value: Callable[..., Any], dx: str) -> Callable[..., Any]:
        return lambda x, others: self.jax.jvp(lambda z: value(z, others), (x,), (others[dx],))[1]


class Torch(Jax):
    """torch on the processor, in double precision, by torch.func."""

    name, target = "torch", "torch"

    def __init__(self) -> None:
        import torch

        self.torch, self.xp = torch, torch

    def array(self, value: Any) -> Any:
        return self.torch.as_tensor(value)

    def compiled(self, function: Callable[..., Any]) -> Callable[..., Any]:
        return function

    def derivatives(self, kind: str, value: Callable[..., Any]) -> list[Callable[..., Any]]:
        func = self.torch.func
        if kind == "gradient":
            return [func.grad(value)]
        if kind == "hessian":
            return [func.hessian(value)]
        return [func.jacrev(value), func.jacfwd(value)]

    def along(self, value: Callable[..., Any], dx: str) -> Callable[..., Any]:
        jvp = self.torch.func.jvp
        return lambda x, others: jvp(lambda z: value(z, others), (x,), (others[dx],))[1]


def main() -> None:
    """Measure, print a table, and exit with 1 if a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="")
    parser.add_argument("--peer", choices=["jax", "torch"], default="jax")
    options = parser.parse_args()
    try:
        peer = Jax() if options.peer == "jax" else Torch()
    except ImportError:
        print(f"{options.peer} is not installed: nothing to compare with")
        return
    missed: list[str] = []
    best: dict[tuple[str, bool], float] = {}
    print(f"{'problem':36} {'n':>5} {peer.name:>10} {'emitted':>10} {'ratio':>9}")
    for problem in PROBLEMS:
        if options.only not in problem.name:
            continue
        for structured in (False, True) if problem.kind == "hessian" else (False,):
            for scale, sizes in problem.sizes.items():
                found = measured(peer, problem, sizes, structured=structured)
                if found is None:
                    continue
                theirs, ours, ratio = found
                name = problem.name + (", structured" if structured else "")
                print(f"{name:36} {scale:5} {us(theirs)} {us(ours)} {ratio:9.2f}", flush=True)
                reached = (problem.name, structured)
                if scale >= 100:
                    best[reached] = max(ratio, best.get(reached, ratio))
                    if peer.name == "jax" and ratio < NOISE:
                        missed.append(f"{name} at {scale}")
    if peer.name == "jax":
        missed += [name for (name, s), bar in BARS.items() if best.get((name, s), bar) < bar]
    if missed:
        print("missed:", "; ".join(missed))
        sys.exit(1)


def measured(
    peer: Jax, problem: Problem, sizes: Mapping[str, int], *, structured: bool
) -> tuple[float, float, float] | None:
    """Seconds of the best of the peer's ways and of ours, and their ratio; None where the peer's
    result would not fit.

    A gradient of ours is the peer's own target, under its compiler; Jacobians, Hessians and
    operators are the better of that and of numpy."""
    targets = [peer.target] if problem.kind == "gradient" else [peer.target, "numpy"]
    made = {target: _emitted(problem, target, structured) for target in targets}
    session = Session()
    session.declare(problem.declared)
    variables = session.environment.variables
    names = [n for _, stands_for in made.values() for n in stands_for]
    everything = list(dict.fromkeys([*names, *variables]))
    given = dict(zip(everything, arguments_for(problem, everything, sizes), strict=True))
    at = given[problem.wrt]
    if problem.kind != "gradient" and not problem.operator:
        largest = max(value.size for value in given.values())
        if at.size > LARGEST or at.size * largest > MOST_ENTRIES:
            return None
    arrays = {key: peer.array(value) for key, value in given.items()}

    def value(x: Any, others: Mapping[str, Any]) -> Any:
        function = VALUES.get(problem.expression, _net)
        found = function(peer.xp, {**others, problem.wrt: x})
        return found[0] if problem.kind == "gradient" and found.ndim else found

    if problem.operator:
        ways = [peer.along(value, "d" + problem.wrt)]
    else:
        ways = peer.derivatives(problem.kind, value)
    theirs = [partial(peer.compiled(way), arrays[problem.wrt], arrays) for way in ways]
    ours = []
    for target, (function, stands_for) in made.items():
        arguments = [(given if target == "numpy" else arrays)[n] for n in stands_for]
        ours.append(partial(function if target == "numpy" else peer.compiled(function), *arguments))
        if not structured:
            assert agree(np.asarray(ours[-1]()), np.asarray(theirs[0]()), problem), problem.name
    best_of_theirs = min(theirs, key=_seconds)
    best_of_ours = min(ours, key=_seconds)
    ours_took, theirs_took, ratio = side_by_side(best_of_ours, best_of_theirs, 15)
    return theirs_took, ours_took, ratio


def _emitted(
    problem: Problem, target: str, structured: bool
) -> tuple[Callable[..., Any], list[str]]:
    """The emitted function of a target, and the variables it takes."""
    text, name, stands_for = emitted_source(problem, target=target, structured=structured)
    space: dict[str, Any] = {}
    exec(compile(text, problem.name, "exec"), space)
    return space[name], list(stands_for.values())


def _seconds(function: Callable[[], Any]) -> float:
    function()
    return min(timed(function, 1) for _ in range(5))


def agree(ours: Any, theirs: Any, problem: Problem) -> bool:
    """Whether the values are equal; the peer numbers entries row by row, and ours are vec's."""
    if problem.kind != "gradient" and not problem.operator and ours.shape != theirs.shape:
        half = theirs.ndim // 2 if problem.kind == "hessian" else theirs.ndim - 2
        half = max(half, 1)
        order = [*range(half)[::-1], *range(half, theirs.ndim)[::-1]]
        theirs = theirs.transpose(order).reshape(ours.shape)
    return bool(np.allclose(ours, theirs.reshape(ours.shape), rtol=1e-8, atol=1e-8))


if __name__ == "__main__":
    main()
