"""Emitted numpy code against the best that was written by hand, in one run.

For each problem and size the two functions are called in turn, and the median of the ratios of
their times is taken: above 1 the emitted function is slower.  Passes if the median over all is at
most 1.1 and none is above 1.6.  `--values` compares gradients with the values they are of, of which
they may cost 2.5; `--rules` leaves each rule out in turn and prints what it is worth; `--only WORD`
takes the problems whose names hold the word.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
from handwritten import PROBLEMS, Problem

from matdiff.documents.programs import Wanted, functions_of
from matdiff.emission import source
from matdiff.emission.rules import ALL, Rule
from matdiff.session import Session
from matdiff.settings import Settings

MEDIAN_BAR, WORST_BAR = 1.1, 1.6  # emitted ÷ by hand
VALUE_BAR = 2.5  # gradient ÷ value
SHORTEST = 2e-3  # seconds of one measurement: as many calls as that takes
ROUNDS = 31
SLOW = 1.0  # seconds of a call that is made only once

Function = Callable[..., Any]


def main() -> None:
    """Measure, print a table, and exit with 1 if a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="")
    parser.add_argument("--rules", action="store_true", help="what each rule is worth")
    parser.add_argument("--values", action="store_true", help="gradients against the values")
    parser.add_argument("--source", action="store_true", help="print the emitted functions")
    options = parser.parse_args()
    chosen = [p for p in PROBLEMS if options.only in p.name]
    if options.source:
        for problem in chosen:
            print(emitted_source(problem)[0])
        return
    if options.rules:
        worth(chosen)
        return
    if options.values:
        ratios = measured([p for p in chosen if p.kind == "gradient"], against_value, "value")
        sys.exit(max(ratios) > VALUE_BAR)
    ratios = measured(chosen, compared, "by hand")
    sys.exit(median(ratios) > MEDIAN_BAR or max(ratios) > WORST_BAR)


def measured(
    problems: Sequence[Problem],
    comparison: Callable[[Problem, Mapping[str, int]], tuple[float, float, float]],
    other: str,
) -> list[float]:
    """Print a line for each problem and size; the ratios."""
    ratios = []
    print(f"{'problem':36} {'n':>5} {other:>10} {'emitted':>10} {'ratio':>6}")
    for problem in problems:
        for scale, sizes in problem.sizes.items():
            theirs, ours, ratio = comparison(problem, sizes)
            ratios.append(ratio)
            print(f"{problem.name:36} {scale:5} {us(theirs)} {us(ours)} {ratio:6.2f}", flush=True)
    print(f"median {median(ratios):.2f}, worst {max(ratios):.2f}")
    return ratios


def us(seconds: float) -> str:
    return f"{seconds * 1e6:8.1f}µs"


def emitted_source(
    problem: Problem,
    left_out: Sequence[Rule] = (),
    *,
    target: str = "numpy",
    structured: bool = False,
    value: bool = False,
) -> tuple[str, str, dict[str, str]]:
    """The emitted module, the name of its function, and what that one's parameters stand for."""
    session = Session()
    session.declare(problem.declared)
    answer = session.differentiate(
        problem.kind, session.parse(problem.expression), problem.wrt, Settings()
    )
    if value:
        answer.derivative = None
    wanted = Wanted(target, operator=problem.operator, structured=structured)
    function = functions_of(answer, wanted)[0]
    text, arguments = source(
        function.results, name=function.name, variables=function.variables, target=target,
        left_out=left_out,
    )  # fmt: skip
    return text, function.name, arguments


def emitted(problem: Problem, left_out: Sequence[Rule] = ()) -> tuple[Function, list[str]]:
    """The emitted function, and the variables it takes."""
    text, name, arguments = emitted_source(problem, left_out)
    space: dict[str, Any] = {}
    exec(compile(text, problem.name, "exec"), space)
    return space[name], list(arguments.values())


def against_value(problem: Problem, sizes: Mapping[str, int]) -> tuple[float, float, float]:
    """Seconds of the emitted value and of the emitted gradient, and the median of the ratios."""
    gradient, names = emitted(problem)
    text, name, stands_for = emitted_source(problem, value=True)
    space: dict[str, Any] = {}
    exec(compile(text, problem.name, "exec"), space)
    everything = list(dict.fromkeys([*names, *stands_for.values()]))
    given = dict(zip(everything, arguments_for(problem, everything, sizes), strict=True))
    for_value = [given[n] for n in stands_for.values()]
    for_gradient = [given[n] for n in names]
    return side_by_side(lambda: space[name](*for_value), lambda: gradient(*for_gradient))


def arguments_for(problem: Problem, names: Sequence[str], sizes: Mapping[str, int]) -> list[Any]:
    """Random arrays of the shapes declared; spd matrices are that."""
    random = np.random.default_rng(1)
    session = Session()
    session.declare(problem.declared)
    arrays = []
    for name in names:
        wrt = name.removeprefix("d")  # a direction is like its variable
        variable = session.environment.variables[name if wrt != problem.wrt else wrt]
        shape = [side.at(sizes) for side in variable.shape]
        drawn = random.normal(size=shape) / np.sqrt(shape[0])
        if "spd" in variable.symbol.parameters[3:]:
            drawn = drawn @ drawn.T + np.eye(shape[0])
        elif shape[0] == shape[1]:
            drawn = drawn + 2 * np.eye(shape[0])
        arrays.append(drawn[:, 0] if variable.is_vector else drawn)
    return arrays


def compared(problem: Problem, sizes: Mapping[str, int]) -> tuple[float, float, float]:
    """Seconds by hand and emitted, and the median of the ratios, once the values agree."""
    ours, names = emitted(problem)
    given = arguments_for(problem, names, sizes)
    expected = problem.by_hand(*given)
    assert np.allclose(ours(*given), expected, rtol=1e-9, atol=1e-9), problem.name
    return side_by_side(lambda: problem.by_hand(*given), lambda: ours(*given))


def side_by_side(
    first: Callable[[], Any], second: Callable[[], Any], rounds: int = ROUNDS
) -> tuple[float, float, float]:
    """Median seconds of both and the median ratio second ÷ first, called in turn."""
    calls = calls_for(first)
    times: list[tuple[float, float]] = []
    for turn in range(rounds):
        if turn % 2:
            a, b = timed(first, calls), timed(second, calls)
        else:
            b, a = timed(second, calls), timed(first, calls)
        times.append((a, b))
        if turn >= 6 and sum(map(sum, times)) * calls > 4:
            break
    return (
        median(a for a, _ in times), median(b for _, b in times), median(b / a for a, b in times)
    )  # fmt: skip


def calls_for(function: Callable[[], Any]) -> int:
    function()
    once = timed(function, 1)
    return max(1, min(2000, int(SHORTEST / max(once, 1e-7))))


def timed(function: Callable[[], Any], calls: int) -> float:
    begin = perf_counter()
    for _ in range(calls):
        function()
    return (perf_counter() - begin) / calls


def losses(rule: Rule, problems: Sequence[Problem]) -> Iterator[tuple[str, int, float]]:
    """For each problem whose program a rule changes, and each size: the time without the rule ÷
    the time with it, once the values agree.  What does not fit in memory without it is left out."""
    for problem in problems:
        if emitted_source(problem)[0] == emitted_source(problem, [rule])[0]:
            continue
        whole, names = emitted(problem)
        without, _ = emitted(problem, [rule])
        for scale, sizes in problem.sizes.items():
            given = arguments_for(problem, names, sizes)
            with_it, without_it = partial(whole, *given), partial(without, *given)
            try:
                begin = perf_counter()
                value = without_it()
                took = perf_counter() - begin
            except MemoryError:
                continue
            assert np.allclose(with_it(), value, rtol=1e-7, atol=1e-7), problem.name
            if took > SLOW:
                yield problem.name, scale, took / timed(with_it, 1)
            else:
                yield problem.name, scale, side_by_side(with_it, without_it, 7)[2]


def worth(problems: Sequence[Problem]) -> None:
    """Print what each rule is worth."""
    for rule in ALL:
        print(f"{rule.name}: {rule.summary}")
        for name, scale, ratio in losses(rule, problems):
            print(f"    {name:36} {scale:5} {ratio:9.2f}", flush=True)


if __name__ == "__main__":
    main()
