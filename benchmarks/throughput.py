"""Derivatives a second, beside SymPy and tensorgrad, in one warm process.

    python -m pip install -e '.[bench]'
    python benchmarks/throughput.py [--rounds N] [--failures]

The problems are those of tests/corpus whose function is a scalar and whose operations all three
have.  Each is translated to the peers' languages from the expression tree, operation by operation
(peer_sympy.py, peer_tensorgrad.py).  In each round every block of problems is asked of the three
in turn, from fresh expressions and with the garbage collector off, so that a busy machine slows
all alike; times are of the processor, and the median over the rounds counts.  matdiff's time
includes writing the formula, the peers' not.

An answer is judged by differences of the function's own NumPy source.  What a tool does not answer
within the limit, or answers wrongly, is counted and not timed; a ratio is of the times of the two
over the problems that both answer rightly.  `rate` is right answers by their own total time.

Exit status 1 if matdiff makes fewer than 1000 a second or is not 10 times as fast as each peer
that is installed.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

import numpy as np
from corpus import Problem, environment, expression, load, objection, readable, written
from references import Untranslatable

from matdiff.derivatives import derive
from matdiff.operations.algebra import SYMBOL, Expression, forget_expressions, postorder

LEAST_RATE, LEAST_RATIO = 1000.0, 10.0
BLOCK = 20  # problems asked of one tool before it is the next one's turn
LIMIT = 10  # seconds for one derivative
TOLERANCE = 1e-5  # of the largest entry
PEERS = ("peer_sympy", "peer_tensorgrad")
VERDICTS = ("right", "wrong", "no answer", "too long")


class Matdiff:
    """matdiff with the interface of the peers."""

    NAME = "matdiff"

    def question(self, problem: Problem) -> Callable[[], Any]:
        """The derivation to be timed, ready to start."""

        f, wrt = posed(problem)

        def derivation() -> Any:
            answer = derive("gradient", f, wrt, structure="free")
            return answer, written(answer)

        return derivation

    def is_right(self, problem: Problem, answer: Any) -> bool:
        return not objection(problem, answer[0])


class Peer:
    """Another tool, by its module of translations."""

    def __init__(self, module: Any) -> None:
        self.module = module
        self.NAME = f"{module.NAME} {module.VERSION}"

    def question(self, problem: Problem) -> Callable[[], Any]:
        """The derivation to be timed, ready to start; Untranslatable if it cannot be posed."""
        f, wrt = self.module.translate(*posed(problem))
        return lambda: self.module.differentiate(f, wrt)

    def is_right(self, problem: Problem, answer: Any) -> bool:
        values = problem.values(0)
        symbols = [node for node in postorder(*posed(problem)) if node.operation is SYMBOL]
        found = np.ravel(self.module.value(answer, symbols, values))
        expected = np.ravel(problem.reference(values))
        scale = float(np.max(np.abs(expected))) or 1e-3
        return found.shape == expected.shape and bool(
            np.max(np.abs(found - expected)) <= TOLERANCE * scale
        )


def posed(problem: Problem) -> tuple[Expression, Expression]:
    """The function and the variable."""
    known = environment(problem)
    f = expression(problem.entry["expr"], known)
    return f, known.variables[problem.entry["wrt"]].symbol


def installed() -> tuple[list[Peer], list[str]]:
    """The peers that can be imported, and a line on each that cannot."""
    peers, missing = [], []
    for name in PEERS:
        try:
            peers.append(Peer(importlib.import_module(name)))
        except ImportError as error:
            missing.append(f"{name.removeprefix('peer_')} is not installed: {error}")
    return peers, missing


def shared(peers: list[Peer]) -> list[Problem]:
    """The scalar problems that all peers can be asked."""
    found = []
    for problem in map(readable, load()):
        if problem.kind != "gradient":
            continue
        try:
            for peer in peers:
                peer.question(problem)
        except Untranslatable:
            continue
        found.append(problem)
    return found


class TooLong(Exception):
    """The limit on one derivative."""


@contextmanager
def limited(seconds: int) -> Iterator[None]:
    """TooLong in the body when it runs longer."""

    def stop(number: int, frame: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


Tool = Matdiff | Peer
Records = dict[tuple[str, str], "Record"]


class Record:
    """What a tool made of a problem: the verdict, why, and the times of the rounds."""

    __slots__ = ("reason", "times", "verdict")

    def __init__(self) -> None:
        self.verdict, self.reason = "", ""
        self.times: list[float] = []

    @property
    def right(self) -> bool:
        return self.verdict == "right"

    @property
    def time(self) -> float:
        return median(self.times)


def measure(tool: Tool, problem: Problem, record: Record) -> None:
    """One more time, and the verdict if it is the first."""
    try:
        question = tool.question(problem)
        with limited(LIMIT):
            begin = time.process_time()
            answer = question()
            record.times.append(time.process_time() - begin)
        if not record.verdict:
            with limited(LIMIT):
                record.verdict = "right" if tool.is_right(problem, answer) else "wrong"
            record.reason = "" if record.right else str(answer)[:60]
    except TooLong:
        record.verdict, record.reason = "too long", f"more than {LIMIT} s"
    except Exception as error:
        record.verdict = "no answer"
        record.reason = " ".join(f"{type(error).__name__}: {error}"[:60].split())


def run(tools: list[Tool], problems: list[Problem], rounds: int) -> Records:
    """All rounds; what failed once is not tried again."""
    records = {(tool.NAME, p.id): Record() for tool in tools for p in problems}
    gc.collect()
    gc.freeze()  # the peers' libraries are large; they are not searched for garbage each time
    for _ in range(rounds):
        forget_expressions()
        for start in range(0, len(problems), BLOCK):
            for tool in tools:
                gc.collect()
                gc.disable()
                for problem in problems[start : start + BLOCK]:
                    record = records[tool.NAME, problem.id]
                    if record.verdict in ("", "right"):
                        measure(tool, problem, record)
                gc.enable()
    return records


def report(tools: list[Tool], problems: list[Problem], records: Records) -> bool:
    """Print the table; whether the bars are met."""
    print(f"{len(problems)} problems")
    print(f"{'':20}" + "".join(f"{name:>10}" for name in (*VERDICTS, "rate", "ratio")))
    met = True
    ours = {p.id: records[tools[0].NAME, p.id] for p in problems}
    for tool in tools:
        theirs = {p.id: records[tool.NAME, p.id] for p in problems}
        verdicts = [record.verdict for record in theirs.values()]
        line = f"{tool.NAME:20}" + "".join(f"{verdicts.count(v):>10}" for v in VERDICTS)
        right = [record.time for record in theirs.values() if record.right]
        both = [name for name in theirs if theirs[name].right and ours[name].right]
        rate = len(right) / sum(right)
        line += f"{rate:8.1f}/s"
        if tool is tools[0]:
            met &= rate >= LEAST_RATE
        else:
            ratio = sum(theirs[n].time for n in both) / sum(ours[n].time for n in both)
            line += f"{ratio:>10.1f}"
            met &= ratio >= LEAST_RATIO
        print(line)
    return met


def main() -> int:
    """Measure and print; 1 if matdiff is too slow."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--failures", action="store_true", help="what was not answered rightly")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    peers, missing = installed()
    tools: list[Tool] = [Matdiff(), *peers]
    problems = shared(peers)
    warnings.simplefilter("ignore")  # SymPy turns its own deprecations on
    records = run(tools, problems, options.rounds)
    met = report(tools, problems, records)
    for line in missing:
        print(line)
    if options.failures:
        for (name, problem), record in records.items():
            if not record.right:
                print(f"{name:20} {problem:14} {record.verdict}: {record.reason}")
    return int(not met)


if __name__ == "__main__":
    sys.exit(main())
